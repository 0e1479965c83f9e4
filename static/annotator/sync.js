/** Between the page and the server: edits out, answers in, what the page does not know asked for. */

import { fetched } from "#annotator/dom.js";
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
    outbox.addEventListener("answer", async ({ detail }) => {
      if (detail.document !== about.id) return;
      canvas.store.settle(detail.answer);
      this.#showState(detail.answer.set.state);
      if (await this.learn(detail.answer.edits.flatMap((edit) => edit.spans))) canvas.panel?.refresh();
    });
    outbox.addEventListener("elsewhere", ({ detail }) => detail.document === about.id && canvas.store.apply(detail.edits));
    const left = await outbox.waiting();
    if (left.length) {
      canvas.store.apply(left);
      outbox.flush();
    }
  }

  /** The first edit turns "not started" into "in progress". */
  #showState(state) {
    const { canvas } = this;
    if (!state || state === canvas.state.set.state) return;
    canvas.state.set.state = state;
    for (const shown of document.querySelectorAll('[data-part="state"]')) {
      shown.className = `state state-${state.toLowerCase()}`;
      shown.textContent = canvas.t(`state_${state}`);
    }
  }

  /** Ask for the names of actors that marks from elsewhere point to. Returns whether there were any to ask for. */
  async learn(marks) {
    const { state, store } = this.canvas;
    const unknown = [...new Set(marks.map((mark) => mark.entity))].filter((id) => id && !store.entity(id));
    if (!unknown.length) return false;
    const cards = await fetched(`${state.urls.cards}?ids=${unknown.join(",")}`);
    for (const id in cards) store.entities.set(id, cards[id]);
    return cards !== null;
  }

  /** Ask the server what is true and put on top what it has not seen. */
  async resync() {
    await (await this.canvas.fetching()).resync();
  }
}
