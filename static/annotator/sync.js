/** Between the page and the server: edits out, answers in, what the page does not know asked for. */

import { fetched, h } from "#annotator/dom.js";
import { Outbox } from "#annotator/outbox.js";
import { Saving } from "#annotator/saving.js";

export class Sync {
  /** With an editable set it opens the outbox: `canvas.outbox` and `canvas.saving`. */
  constructor(canvas) {
    this.canvas = canvas;
    if (canvas.state.set.editable) this.#open();
    else this.#leftOver();
  }

  #outbox() {
    const { csrf, document: about, urls, user } = this.canvas.state;
    return new Outbox({ user, document: about.id, url: urls.edits, session: urls.session, csrf });
  }

  /** Edits of a text that was closed before they arrived are told of, so that they can be seen and given up. */
  async #leftOver() {
    const { canvas } = this;
    const outbox = this.#outbox();
    const left = await outbox.waiting();
    if (!left.length && !outbox.refused.some((entry) => entry.document === canvas.state.document.id)) return outbox.close();
    document.querySelector(".top .grow")?.after(h("div", { class: "save", "data-part": "save", role: "status" }));
    Object.assign(canvas, { outbox, saving: new Saving(canvas, outbox) });
    await outbox.waiting();
    outbox.flush();
  }

  async #open() {
    const { canvas } = this;
    const { document: about } = canvas.state;
    const outbox = this.#outbox();
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
    const { outbox, state, store } = this.canvas;
    if (!state.set.editable) return;
    for (;;) {
      const heard = outbox?.heard;
      const found = await (await this.canvas.fetching()).again();
      const waiting = outbox ? await outbox.waiting() : [];
      // What was answered meanwhile is neither in what was fetched nor waiting: ask again.
      if (outbox?.heard === heard) return store.replace(found, waiting);
    }
  }
}
