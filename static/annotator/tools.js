/** What a canvas needs once its marks are painted; one import, so that nothing of it holds up the first paint. */

export { Keys } from "#annotator/keys.js";
export { Outbox } from "#annotator/outbox.js";
export { RectPainter } from "#annotator/painter-rects.js";
export { Panel } from "#annotator/panel.js";
export { Saving } from "#annotator/saving.js";
export { Selecting } from "#annotator/select.js";
export { Suggestions } from "#annotator/suggest.js";
