/** Between the page and the server: edits out, answers in, what the page does not know asked for. */

import { Outbox } from "#annotator/outbox.js";
import { Saving } from "#annotator/saving.js";

export function outboxOf(canvas) {
  const { csrf, document: about, urls, user } = canvas.state;
  return new Outbox({ user, document: about.id, url: urls.edits, session: urls.session, csrf });
}

export class Sync {
  /** With an editable set it opens the outbox: `canvas.outbox` and `canvas.saving`. */
  constructor(canvas) {
    this.canvas = canvas;
    if (canvas.state.set.editable) this.#open();
    else import("#annotator/left-over.js").then(({ tell }) => tell(canvas)).catch(() => {});
  }

  async #open() {
    const { canvas } = this;
    const { document: about } = canvas.state;
    const outbox = outboxOf(canvas);
    Object.assign(canvas, { outbox, saving: new Saving(canvas, outbox) });
    outbox.addEventListener("answer", ({ detail: { document: id, answer } }) => {
      if (id !== about.id) return;
      canvas.store.settle(answer);
      canvas.tell("answered", answer);
    });
    outbox.addEventListener("elsewhere", ({ detail }) => detail.document === about.id && canvas.store.apply(detail.edits));
    const left = await outbox.waiting();
    if (left.length) {
      canvas.store.apply(left);
      outbox.flush();
    }
  }

  /** Ask the server what is true and put on top what it has not seen. */
  resync() {
    return this.canvas.fetching().then((far) => far.resync());
  }
}
