/** What a canvas needs once its marks are painted; one import, so that nothing of it holds up the first paint. */

export { Acts } from "#annotator/acts.js";
export { Commands } from "#annotator/commands.js";
export { features } from "#annotator/desk.js";
export { Keys } from "#annotator/keys.js";
export { RectPainter } from "#annotator/painter-rects.js";
export { Picking } from "#annotator/pick.js";
export { Selecting } from "#annotator/select.js";
export { Sync } from "#annotator/sync.js";
