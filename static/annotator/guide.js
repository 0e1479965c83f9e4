/**
 * The guidelines of what one is at: the label that is selected or pointed at, the attribute whose field has the focus,
 * the option that is chosen there.
 */

import { h } from "#annotator/dom.js";

export class Guide {
  constructor(canvas, root) {
    this.canvas = canvas;
    this.root = root;
    this.title = root.querySelector("[data-guide=title]");
    this.body = root.querySelector("[data-guide=body]");
    const { signal } = canvas.listening;
    const labels = canvas.part("labels");
    for (const type of ["pointerover", "focusin"]) labels?.addEventListener(type, (event) => this.#point(event), { signal });
    for (const type of ["pointerleave", "focusout"]) labels?.addEventListener(type, () => this.#at(null), { signal });
    canvas.panel.root?.addEventListener("focusin", (event) => this.#field(event), { signal });
  }

  #point(event) {
    const button = event.target.closest("button");
    const code = button?.dataset.label ?? [...this.canvas.store.labels.keys()].find((known) => button?.classList.contains(`label-${known.toLowerCase()}`));
    this.#at(code ?? null);
  }

  #at(code) {
    if (code === this.pointed) return;
    this.pointed = code;
    this.draw();
  }

  /** Fields are named by the code of their attribute: a-type, a-modes:MEET. */
  #field(event) {
    const named = /^a-([^:]+)(?::(.+))?$/.exec(event.target.closest("[data-field]")?.dataset.field ?? "");
    const [attribute, option] = [named?.[1] ?? null, named?.[2] ?? null];
    if (attribute === this.attribute && option === this.option) return;
    Object.assign(this, { attribute, option });
    this.draw();
  }

  /** The label that it is about: the one pointed at, of the mark, of the suggestion, the armed one, else the first. */
  get #code() {
    const { acts, picking, store } = this.canvas;
    const mark = store.spans.get(picking.selected) ?? store.suggestions.get(picking.current);
    return this.pointed ?? mark?.label ?? acts.armed ?? store.labels.keys().next().value;
  }

  draw() {
    if (!this.root.open) return;
    const { canvas } = this;
    const label = canvas.store.labels.get(this.#code);
    const span = canvas.store.spans.get(canvas.picking.selected);
    const about = !this.pointed && span ? label?.attributes.find((a) => a.code === this.attribute) : null;
    const key = [label?.code, about?.code, about && this.option, about && JSON.stringify(span.attributes[about.code]), canvas.language].join("|");
    if (key === this.drawn) return;
    this.drawn = key;
    this.root.className = `guide label-${label?.code.toLowerCase()}`;
    this.title.textContent = canvas.name(label);
    const parts = [about && this.#attribute(about, span), ...this.#words(label?.guideline)].filter(Boolean);
    this.body.replaceChildren(...(parts.length ? parts : [h("p", { class: "hint" }, canvas.t("no_guideline"))]));
    this.body.scrollTop = 0;
  }

  #words(texts) {
    return this.#text(texts).split("\n").filter((line) => line.trim()).map((line) => h("p", { dir: "auto" }, line));
  }

  #text(texts) {
    return texts?.[this.canvas.language] || Object.values(texts ?? {})[0] || "";
  }

  #attribute(attribute, span) {
    const { canvas } = this;
    const chosen = new Set([span.attributes[attribute.code]].flat());
    // Without an option in question: those that say more than their name, the chosen ones first.
    const helped = (attribute.options ?? []).filter((o) => (!o.when || chosen.has(o.code)) && (o.help || chosen.has(o.code)));
    const asked = attribute.options?.find((o) => o.code === this.option);
    const shown = asked ? [asked] : [...helped].sort((a, b) => chosen.has(b.code) - chosen.has(a.code));
    const rows = shown.map((o) => [h("dt", { "aria-current": chosen.has(o.code) ? "true" : null }, canvas.name(o)), h("dd", {}, this.#text(o.help))]);
    return h("section", {}, h("h4", {}, canvas.name(attribute)), this.#words(attribute.help), rows.length > 0 && h("dl", {}, rows));
  }
}
