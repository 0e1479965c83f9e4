/**
 * The features of the workspace around the text. Each is made with the canvas, as its property of that name, once the
 * text is painted; it may have changed(touched) (marks, links or suggestions changed) and destroy().
 */

import { Favourites } from "#annotator/favourites.js";
import { Last } from "#annotator/last.js";
import { Actors } from "#annotator/actors.js";
import { Links } from "#annotator/links.js";
import { Panel } from "#annotator/panel.js";
import { Registry } from "#annotator/registry.js";
import { Suggestions } from "#annotator/suggest.js";
import { Outcome } from "#annotator/outcome.js";
import { Pulse } from "#annotator/pulse.js";
import { Same } from "#annotator/same.js";
import { SpanHistory } from "#annotator/span-history.js";
import { Talk } from "#annotator/talk.js";
import { Timer } from "#annotator/timer.js";

export const features = { favourites: Favourites, last: Last, registry: Registry, actors: Actors, panel: Panel, links: Links, suggestions: Suggestions, pulse: Pulse, talk: Talk, past: SpanHistory, timer: Timer, outcome: Outcome, same: Same };
