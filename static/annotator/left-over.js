/** Edits of a text that was closed before they arrived: they are told of, so that they can be seen and given up. */

import { h } from "#annotator/dom.js";
import { Saving } from "#annotator/saving.js";
import { outboxOf } from "#annotator/sync.js";

export async function tell(canvas) {
  const outbox = outboxOf(canvas);
  const left = await outbox.waiting();
  if (canvas.listening.signal.aborted || (!left.length && !outbox.refused.some((entry) => entry.document === canvas.state.document.id))) return outbox.close();
  document.querySelector(".top .grow")?.after(h("div", { class: "save", "data-part": "save", role: "status" }));
  Object.assign(canvas, { outbox, saving: new Saving(canvas, outbox) });
  await outbox.waiting();
  outbox.flush();
}
