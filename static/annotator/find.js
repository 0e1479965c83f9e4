/** Finding words in the text, whatever their marks, hamzas and digits; a bar over the text, every hit painted. */

import { short } from "#annotator/dom.js";
import { Normal } from "#annotator/normal.js";

const WAIT = 90; // ms after the last key, so that typing is never behind
const PAINTED = 3000; // hits at a time; more of them in sight could not be told apart
const LONGEST = 80; // of a selection that is looked for at once

export class Find {
  /** `bar` is templates/workspace/find.html. */
  constructor(canvas, bar) {
    Object.assign(this, { canvas, bar, hits: [], at: -1, scroller: canvas.reading.scroller });
    this.field = bar.querySelector("input");
    this.count = bar.querySelector("output");
    const { signal } = canvas.listening;
    this.field.addEventListener("input", () => this.#typed(), { signal });
    bar.addEventListener("keydown", (event) => this.#key(event), { signal });
    bar.addEventListener("click", (event) => this.#click(event), { signal });
    this.scroller.addEventListener("scroll", () => this.#soon(), { signal, passive: true });
  }

  #click(event) {
    const act = event.target.closest("[data-find]")?.dataset.find;
    if (act === "close") this.close();
    else if (act) this.step(act === "next" ? 1 : -1);
  }

  /** The bar has been opened; with words selected, look for those. `before` is where one was, a place of reading.js. */
  async open(before) {
    const { selecting, paper, picking, store } = this.canvas;
    this.from = before;
    this.start = Math.max(before.unit, store.spans.get(picking.selected)?.from ?? 0);
    if (selecting.some && selecting.to - selecting.from <= LONGEST) {
      this.field.value = short(paper.quote(selecting.from, selecting.to));
      this.field.select();
      this.start = selecting.from;
    }
    this.normal ??= Normal.of(paper.text);
    if (this.field.value) await this.look();
  }

  #typed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), WAIT);
  }

  /** Look for what is written, and go to the first hit from where the search began. */
  async look() {
    const query = this.field.value;
    const found = (await this.normal).find(query);
    if (query !== this.field.value || this.bar.hidden) return; // more has been typed meanwhile
    this.query = query;
    this.hits = found.map(([from, to]) => ({ from, to }));
    const start = this.at >= 0 && this.current ? this.current : this.start;
    this.at = this.hits.length ? Math.max(0, this.hits.findIndex((hit) => hit.from >= start)) : -1;
    this.#show();
  }

  /** To the next (1) or previous (-1) hit, round the end. What is written but not yet looked for is looked for first. */
  async step(by) {
    clearTimeout(this.timer);
    if (this.query !== this.field.value) return this.look();
    if (!this.hits.length) return undefined;
    this.at = (this.at + by + this.hits.length) % this.hits.length;
    return this.#show();
  }

  #show() {
    const { canvas } = this;
    const hit = this.hits[this.at];
    const words = hit ? canvas.t("find_at", { at: this.at + 1, n: this.hits.length }) : this.field.value.trim() ? canvas.t("find_none") : "";
    this.count.textContent = words;
    this.count.toggleAttribute("data-none", Boolean(!hit && words));
    this.current = hit?.from;
    this.painted = null;
    if (hit) canvas.cursor.reveal(hit.from, 90);
    this.#soon();
    canvas.reading.map?.show(this.hits, hit);
  }

  /** Hits are painted only where one looks; a long text may have a hundred thousand. */
  #soon() {
    if (this.bar.hidden && !this.painted) return;
    clearTimeout(this.later);
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.#paint());
    this.later = setTimeout(() => this.#paint(), 120); // sections near by are known a moment after the scrolling
  }

  #paint() {
    const { brush, paper } = this.canvas;
    const sections = this.bar.hidden ? [] : [...brush.near].sort((a, b) => a - b);
    const key = `${sections} ${this.at}`;
    if (key === this.painted) return;
    this.painted = key;
    const near = sections.flatMap((i) => {
      const { first, end } = paper.sections[i];
      const last = paper.paragraphs[end - 1];
      return this.#between(paper.paragraphs[first].start, last.start + last.length + 1);
    });
    const hit = this.bar.hidden ? null : this.hits[this.at];
    brush.above("find", near.filter((other) => other !== hit).slice(0, PAINTED));
    brush.above("found", hit);
    if (this.bar.hidden) this.painted = null;
  }

  #between(from, to) {
    let low = 0;
    let high = this.hits.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.hits[middle].from < from) low = middle + 1;
      else high = middle;
    }
    const found = [];
    while (low < this.hits.length && this.hits[low].from < to && found.length < PAINTED) found.push(this.hits[low++]);
    return found;
  }

  #key(event) {
    if (event.isComposing) return;
    const { code, shiftKey, ctrlKey, metaKey } = event;
    if (code === "Escape") this.close();
    else if (/^(Numpad)?Enter$/.test(code) && event.target === this.field) {
      if (ctrlKey || metaKey) this.#take();
      else this.step(shiftKey ? -1 : 1);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Stay at the hit, with its words selected and ready for a label. */
  #take() {
    const hit = this.hits[this.at];
    if (!hit) return;
    this.#hide();
    this.canvas.focus();
    this.canvas.selecting.set(hit.from, hit.to);
  }

  /** Back to where one was. */
  close() {
    if (this.bar.hidden) return;
    const moved = this.hits.length > 0;
    this.#hide();
    if (moved) this.canvas.reading.keep(this.from);
    this.canvas.focus();
  }

  #hide() {
    clearTimeout(this.timer);
    this.bar.hidden = true;
    this.#paint();
    this.canvas.reading.map?.show([], null);
    this.current = undefined;
    this.at = -1;
  }

  destroy() {
    clearTimeout(this.timer);
    clearTimeout(this.later);
    cancelAnimationFrame(this.frame);
  }
}
