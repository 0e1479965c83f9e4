/**
 * Selecting with a finger. A long press and the handles are the browser's; what will be marked follows them, snapped, and
 * its labels come up at the bottom of the screen, out of the way of the menu that the system shows at the selection.
 */

import { h, short } from "#annotator/dom.js";

const RESTS = 200; // ms without a change

export class Touch {
  constructor(canvas) {
    this.canvas = canvas;
    this.finger = false; // the last press on the text was one
    const { signal } = canvas.listening;
    canvas.addEventListener("pointerdown", (event) => (this.finger = event.pointerType === "touch"), { signal });
    document.addEventListener("selectionchange", () => this.#rest(), { signal });
  }

  #rest() {
    if (!this.finger) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#follow(), RESTS);
  }

  #follow() {
    const { selecting } = this.canvas;
    const found = selecting.native();
    if (found) selecting.follow(found);
    else selecting.clear(); // a tap elsewhere has let it go
  }

  /** The stretch is another, or none. */
  stretched() {
    const { canvas } = this;
    const { selecting } = canvas;
    if (!this.finger || !selecting.some || !canvas.editable) return this.#close();
    const quote = short(canvas.paper.quote(selecting.from, selecting.to), 60);
    if (this.bar) return void (this.bar.querySelector("q").textContent = quote);
    const close = { type: "button", class: "quiet", "aria-label": canvas.t("close"), title: canvas.t("close"), onclick: () => selecting.clear() };
    const picked = canvas.store.spans.get(canvas.picking.selected);
    const piece = { type: "button", onclick: () => canvas.pieces.take(selecting.from, selecting.to) };
    this.bar = h(
      "div",
      { class: "touch-bar", role: "toolbar", "aria-label": canvas.t("choose_label") },
      h("p", {}, h("q", { dir: "auto" }, quote), h("button", close, "×")),
      h("div", { class: "choices" }, this.#choices(), picked && h("button", piece, canvas.t("add_piece"))),
    );
    // A press must not take the selection away before it is used.
    this.bar.addEventListener("pointerdown", (event) => event.preventDefault());
    document.body.append(this.bar);
  }

  /** What the person marks with most comes first. */
  #choices() {
    const { canvas } = this;
    const { favourites } = canvas;
    const all = [...favourites.all, ...canvas.state.codebook.labels.map(({ code }) => ({ label: code, values: {} }))];
    const names = all.map((choice) => favourites.name(choice));
    return all
      .filter((_, i) => names.indexOf(names[i]) === i)
      .map((choice) => {
        const tint = { type: "button", class: `label-${choice.label.toLowerCase()}`, onclick: () => favourites.use(choice) };
        return h("button", tint, h("i", { class: "swatch", "aria-hidden": "true" }), favourites.name(choice));
      });
  }

  #close() {
    this.bar?.remove();
    this.bar = null;
  }

  destroy() {
    clearTimeout(this.timer);
    this.#close();
  }
}
