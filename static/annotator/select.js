/**
 * The stretch that is about to be marked: made by mouse, by touch or by keys. It snaps to words and to the places where
 * Arabic attaches letters; with Alt it is exact.
 */

import { unitAt } from "#annotator/hit.js";
import { cliticStops, Segmenter } from "#annotator/segment.js";

export class Selecting {
  /** @param canvas the element; it is told by `selectionChanged()` and `pick(unit)` */
  constructor(canvas, paper, language) {
    this.canvas = canvas;
    this.paper = paper;
    this.segmenter = new Segmenter(language);
    this.caret = 0; // where keys begin without a stretch
    this.from = this.to = null;
    this.taken = false;
    const { signal } = (this.listening = new AbortController());
    canvas.addEventListener("pointerdown", (event) => (this.pointer = event.pointerType), { signal });
    document.addEventListener("pointerup", (event) => this.#release(event), { signal });
    canvas.addEventListener("click", (event) => this.#click(event), { signal });
    document.addEventListener("selectionchange", () => this.#touched(), { signal });
    document.addEventListener("copy", (event) => this.#copy(event), { signal });
  }

  get some() {
    return this.from !== null;
  }

  set(from, to, anchor = [from, to], head = to) {
    [this.from, this.to, this.anchor, this.head, this.caret] = [from, to, anchor, head, from];
    this.canvas.picking.selectionChanged();
  }

  clear() {
    if (!this.some) return;
    this.from = this.to = null;
    if (this.pointer === "touch") getSelection().removeAllRanges();
    this.canvas.picking.selectionChanged();
  }

  // -- mouse and touch

  #native() {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const from = this.paper.offsetOf(range.startContainer, range.startOffset);
    const to = this.paper.offsetOf(range.endContainer, range.endOffset);
    if (from === null && to === null) return null;
    return [from ?? 0, to ?? this.paper.text.length];
  }

  #release(event) {
    this.taken = false;
    if (!this.pointer || event.pointerType === "touch" || event.button !== 0) return;
    this.pointer = null;
    const found = this.#native();
    if (!found) return;
    this.taken = true;
    const [from, to] = event.altKey ? this.#trim(...found) : this.snap(...found);
    getSelection().removeAllRanges();
    if (from < to) this.set(from, to);
  }

  #click(event) {
    if (this.taken || event.defaultPrevented) return;
    const unit = unitAt(this.paper, event.clientX, event.clientY);
    if (unit !== null) this.caret = unit;
    this.canvas.picking.pick(unit);
  }

  /** A finger's selection keeps its handles; ours follows it. */
  #touched() {
    if (this.pointer !== "touch") return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const found = this.#native();
      const [from, to] = found ? this.snap(...found) : [0, 0];
      if (from < to) this.set(from, to);
    }, 200);
  }

  #copy(event) {
    if (!this.some || !getSelection().isCollapsed || event.target.closest?.("input, textarea")) return;
    event.clipboardData.setData("text/plain", this.paper.quote(this.from, this.to));
    event.preventDefault();
  }

  #trim(from, to) {
    const { text } = this.paper;
    while (from < to && /\s/.test(text[from])) from++;
    while (from < to && /\s/.test(text[to - 1])) to--;
    return [from, to];
  }

  /** Whole words, unless an edge lies exactly where letters are attached. */
  snap(from, to) {
    [from, to] = this.#trim(from, to);
    return from < to ? [this.#edge(from, 0), this.#edge(to, 1)] : [from, to];
  }

  #edge(unit, side) {
    const paragraph = this.paper.paragraphs[this.paper.indexAt(unit)];
    const at = unit - paragraph.start;
    const word = this.segmenter.of(paragraph, "word").find(([start, end]) => start < at && at < end);
    if (!word || cliticStops(paragraph.node.data.slice(...word)).includes(at - word[0])) return unit;
    return paragraph.start + word[side];
  }

  // -- keys

  /** To the next (1) or previous (-1) word, clitic or grapheme; `extend` keeps what is selected. */
  move(step, unit, extend) {
    if (extend && this.some) return this.#extend(step, unit);
    const [from, to] = this.some ? [this.from, this.to] : [this.caret, this.caret];
    let found = null;
    if (this.some && unit !== "word") {
      const inside = this.#stretches(this.paper.indexAt(from), unit).filter(([s, e]) => from <= s && e <= to);
      if (inside.length > 1) found = inside.at(step > 0 ? 0 : -1);
    }
    found ??= this.#next(step > 0 ? to : from, step, unit, 0);
    if (found) this.set(...found);
  }

  #extend(step, unit) {
    const [first, last] = this.anchor;
    let head = this.head;
    const right = head >= last;
    if (step > 0) head = right ? this.#next(head, 1, unit, 1)?.[1] : Math.min(first, this.#next(head + 1, 1, unit, 0)?.[0] ?? first);
    else if (right && head > last) head = Math.max(last, this.#next(head - 1, -1, unit, 1)?.[1] ?? last);
    else head = this.#next(Math.min(head, first), -1, unit, 0)?.[0];
    if (head === undefined) return;
    if (!right && head === first) head = last;
    this.set(Math.min(head, first), Math.max(head, last), this.anchor, head);
  }

  #stretches(index, unit) {
    const paragraph = this.paper.paragraphs[index];
    return this.segmenter.of(paragraph, unit).map(([s, e]) => [paragraph.start + s, paragraph.start + e]);
  }

  /** The nearest stretch whose start (side 0) or end (side 1) lies beyond an offset, in whichever paragraph. */
  #next(at, step, unit, side) {
    for (let i = this.paper.indexAt(at); i >= 0 && i < this.paper.paragraphs.length; i += step) {
      const all = this.#stretches(i, unit);
      const found = step > 0 ? all.find((s) => (side ? s[1] > at : s[0] >= at)) : all.findLast((s) => (side ? s[1] <= at : s[0] < at));
      if (found) return found;
    }
    return null;
  }

  /** To the first word of the next or previous paragraph. */
  paragraph(step) {
    const at = this.some ? this.from : this.caret;
    for (let i = this.paper.indexAt(at) + step; i >= 0 && i < this.paper.paragraphs.length; i += step) {
      const [first] = this.#stretches(i, "word");
      if (first) return this.set(...first);
    }
  }

  destroy() {
    this.listening.abort();
    clearTimeout(this.timer);
  }
}
