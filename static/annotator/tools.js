/** What a canvas needs once its marks are painted; one import, so that nothing of it holds up the first paint. */

export { Acts } from "#annotator/acts.js";
export { Keys } from "#annotator/keys.js";
export { RectPainter } from "#annotator/painter-rects.js";
export { Panel } from "#annotator/panel.js";
export { Picking } from "#annotator/pick.js";
export { Selecting } from "#annotator/select.js";
export { Suggestions } from "#annotator/suggest.js";
export { Sync } from "#annotator/sync.js";
