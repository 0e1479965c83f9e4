/** What acts on the text, once its marks are painted; one import, so that nothing of it holds up the first paint. */

export { Acts } from "#annotator/acts.js";
export { Commands } from "#annotator/commands.js";
export { Keys } from "#annotator/keys.js";
export { Picking } from "#annotator/pick.js";
export { Selecting } from "#annotator/select.js";
export { Sync } from "#annotator/sync.js";
