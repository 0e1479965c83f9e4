/**
 * The features of the workspace around the text. Each is made with the canvas, as its property of that name, once the
 * text is painted; it may have changed(touched) (marks, links or suggestions changed) and destroy().
 */

import { Panel } from "#annotator/panel.js";
import { Suggestions } from "#annotator/suggest.js";

export const features = { panel: Panel, suggestions: Suggestions };
