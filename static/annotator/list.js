/** Everything marked, in the order of the text: the canvas for those who do not see it, and a way to find things. */

import { h, short } from "#annotator/dom.js";

const SHOWN = 100; // rows at a time; the rest on demand

export class ListView {
  constructor(canvas, root) {
    this.canvas = canvas;
    this.root = root;
    this.shown = SHOWN;
    this.label = "";
  }

  changed() {
    if (!this.root || this.root.hidden) return;
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    const { canvas } = this;
    const { store, paper } = canvas;
    if (!this.body) {
      const filter = h("select", { "aria-label": canvas.t("filter_label"), onchange: () => ((this.label = filter.value), this.#draw()) });
      filter.append(h("option", { value: "" }, canvas.t("all_labels")));
      for (const label of store.labels.values()) filter.append(h("option", { value: label.code }, canvas.name(label)));
      this.body = h("div");
      this.root.append(h("div", { class: "list-head" }, filter), this.body);
    }
    const all = store.spans.ordered().filter((span) => !this.label || span.label === this.label);
    if (!all.length) return this.body.replaceChildren(h("p", { class: "hint" }, canvas.t("no_spans")));
    const rows = all.slice(0, this.shown).map((span) => {
      const label = store.labels.get(span.label);
      const entity = store.entity(span.entity);
      const quote = store.quote(span);
      const named = entity && canvas.name(entity) !== quote && canvas.name(entity);
      const number = paper.paragraphs[span.first].element.dataset.n;
      const lacking = store.missing(span).length > 0;
      return h(
        "li",
        { class: `label-${span.label.toLowerCase()}` },
        h(
          "button",
          { type: "button", "aria-current": span.id === canvas.picking.selected ? "true" : null, onclick: () => canvas.picking.select(span.id, { reveal: true }) },
          h("span", { class: "tag" }, canvas.name(label)),
          h("q", { dir: "auto" }, short(quote, 80)),
          named && h("small", {}, h("bdi", {}, named)),
          lacking && h("em", { class: "needed" }, canvas.t("required")),
          number && h("span", { class: "n" }, h("span", { class: "spoken" }, canvas.t("paragraph")), ` ${number}`),
        ),
      );
    });
    const list = h("ol", { class: "marks-list" }, rows);
    const rest = all.length - rows.length;
    const more = () => {
      this.shown += SHOWN;
      this.#draw();
    };
    this.body.replaceChildren(list, ...(rest > 0 ? [h("button", { type: "button", class: "quiet", onclick: more }, canvas.t("more", { n: rest }))] : []));
  }
}
