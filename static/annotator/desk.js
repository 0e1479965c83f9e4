/**
 * The features of the workspace around the text. Each is made with the canvas, as its property of that name, once the
 * text is painted; it may have changed(touched) (marks, links or suggestions changed), answered(answer) (the server took
 * edits of this document) and destroy().
 */

import { Cursor } from "#annotator/cursor.js";
import { Edges } from "#annotator/edges.js";
import { Favourites } from "#annotator/favourites.js";
import { Known } from "#annotator/known.js";
import { Last } from "#annotator/last.js";
import { Actors } from "#annotator/actors.js";
import { Links } from "#annotator/links.js";
import { Outcome } from "#annotator/outcome.js";
import { Panel } from "#annotator/panel.js";
import { Registry } from "#annotator/registry.js";
import { Pieces } from "#annotator/pieces.js";
import { Pulse } from "#annotator/pulse.js";
import { Reading } from "#annotator/reading.js";
import { Same } from "#annotator/same.js";
import { SpanHistory } from "#annotator/span-history.js";
import { Suggestions } from "#annotator/suggest.js";
import { Talk } from "#annotator/talk.js";
import { Timer } from "#annotator/timer.js";
import { Touch } from "#annotator/touch.js";

export const features = { cursor: Cursor, favourites: Favourites, last: Last, registry: Registry, actors: Actors, panel: Panel, links: Links, reading: Reading, suggestions: Suggestions, known: Known, pieces: Pieces, edges: Edges, touch: Touch, pulse: Pulse, talk: Talk, past: SpanHistory, timer: Timer, outcome: Outcome, same: Same };
