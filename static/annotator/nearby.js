/**
 * The card of the current suggestion beside its text: below the last line of it, or above the first, never on it. Where
 * the panel lies over the text, as on a small screen, the sheet at the bottom shows the same and this card stays away.
 */

import { h } from "#annotator/dom.js";

const GAP = 16; // px; underlines reach below the line

/** The score of a suggestion as it is written everywhere. */
export const score = ({ score: value }) => (value === null || value === undefined ? "" : value.toFixed(2));

export class Nearby {
  constructor(canvas, suggestions) {
    Object.assign(this, { canvas, suggestions });
    this.scroller = canvas.closest("[data-scroller]");
    this.root = h("div", { class: "nearby", role: "group", "aria-label": canvas.t("suggestion") });
    this.observer = new ResizeObserver(() => this.#place());
    this.observer.observe(canvas);
  }

  draw() {
    const { canvas, suggestions } = this;
    const s = canvas.store.suggestions.get(canvas.picking.current);
    if (!s || !this.scroller || canvas.panel.covers) return this.root.remove();
    const focused = this.root.contains(document.activeElement) ? document.activeElement.dataset.act : null;
    const actor = suggestions.actor(s);
    const all = suggestions.listed();
    this.root.className = `nearby label-${s.label.toLowerCase()}`;
    this.root.lang = canvas.language;
    this.root.dir = document.documentElement.dir;
    this.root.replaceChildren(
      h("header", {}, h("span", { class: "tag" }, suggestions.title(s)), h("span", { class: "n" }, score(s)), h("span", { class: "grow" }), h("span", { class: "n" }, h("bdi", { dir: "ltr" }, `${all.indexOf(s) + 1} / ${all.length}`))),
      ...(actor ? [h("p", { class: "to" }, h("bdi", {}, actor))] : []),
      ...suggestions.details(s, "text").filter(Boolean),
    );
    if (!this.root.isConnected) canvas.after(this.root);
    if (focused) this.root.querySelector(`[data-act="${focused}"]`)?.focus({ preventScroll: true });
    this.#place();
  }

  #place() {
    const { canvas, root, scroller } = this;
    const s = canvas.store.suggestions.get(canvas.picking.current);
    if (!s || !root.isConnected) return;
    const rects = [...canvas.paper.range(s.from, s.to).getClientRects()].filter((box) => box.width);
    if (!rects.length) return;
    const view = scroller.getBoundingClientRect();
    const [first, last] = [rects[0], rects.at(-1)];
    const { offsetHeight: high, offsetWidth: wide } = root;
    const below = last.bottom + GAP + high <= view.bottom || first.top - GAP - high < view.top;
    const top = below ? last.bottom + GAP : first.top - GAP - high;
    // It begins where the stretch of its nearest line begins, and stays inside the column.
    const line = below ? last : first;
    const start = canvas.dir === "rtl" ? line.right - wide : line.left;
    const left = Math.max(view.left + 8, Math.min(start, view.right - wide - 8));
    root.style.top = `${top - view.top + scroller.scrollTop}px`;
    root.style.left = `${left - view.left + scroller.scrollLeft}px`;
  }

  destroy() {
    this.observer.disconnect();
    this.root.remove();
  }
}
