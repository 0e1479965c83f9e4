/**
 * The stretch that is about to be marked, and how a pointer makes it. It snaps to words without the letters that are only
 * attached to them, and to the places where Arabic attaches letters; with Alt it is exact.
 */

import { boundaryAt, unitAt } from "#annotator/hit.js";
import { Segmenter } from "#annotator/segment.js";

export class Selecting {
  /** @param canvas the element; `picking` is told by `selectionChanged()` and `pick(unit)` */
  constructor(canvas, paper, language) {
    this.canvas = canvas;
    this.paper = paper;
    this.segmenter = new Segmenter(language, paper);
    this.caret = 0; // where keys begin without a stretch
    this.from = this.to = null;
    this.presses = 0; // clicks that followed one another, counting the one going on
    const { signal } = (this.listening = new AbortController());
    canvas.addEventListener("pointerdown", (event) => this.#press(event), { signal });
    canvas.addEventListener("mousedown", (event) => this.#count(event), { signal });
    canvas.addEventListener("click", (event) => this.#click(event), { signal });
    canvas.addEventListener("dragstart", (event) => event.preventDefault(), { signal });
    document.addEventListener("pointermove", (event) => this.#track(event), { signal, passive: true });
    document.addEventListener("pointerup", (event) => this.#release(event), { signal });
    document.addEventListener("pointercancel", () => this.#over(), { signal });
    document.addEventListener("selectionchange", () => this.#preview(), { signal });
    document.addEventListener("copy", (event) => this.#copy(event), { signal });
  }

  get some() {
    return this.from !== null;
  }

  /** Make the stretch [from, to). `anchor` is what extending keeps, `head` the edge that it moves. */
  set(from, to, anchor = [from, to], head = to) {
    if (this.native()) getSelection().removeAllRanges();
    this.#put(from, to, anchor, head);
  }

  #put(from, to, anchor = [from, to], head = to) {
    [this.from, this.to, this.anchor, this.head, this.caret] = [from, to, anchor, head, from];
    this.canvas.picking.selectionChanged();
  }

  clear() {
    if (!this.some) return;
    this.from = this.to = null;
    if (this.native()) getSelection().removeAllRanges();
    this.canvas.picking.selectionChanged();
  }

  /** What the browser has selected of the text, in units; null when it is nothing. */
  native() {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const from = this.paper.offsetOf(range.startContainer, range.startOffset);
    const to = this.paper.offsetOf(range.endContainer, range.endOffset);
    if (from === null && to === null) return null;
    if (this.held && this.#isOutside(...this.held.point)) {
      // Beside the text browsers take all from its beginning or to its end; the nearest place in it is meant.
      const ends = [this.held.anchor, boundaryAt(this.paper, ...this.held.point)];
      return ends.includes(null) || ends[0] === ends[1] ? null : ends.sort((a, b) => a - b);
    }
    const [start, end] = [from ?? 0, to ?? this.paper.length];
    return start < end ? [start, end] : null;
  }

  #isOutside(x, y) {
    const box = this.canvas.getBoundingClientRect();
    return x < box.left || x > box.right || y < box.top || y > box.bottom;
  }

  /** Take what a finger has selected; the browser keeps its handles. */
  follow([from, to]) {
    [from, to] = this.snap(from, to);
    if (from < to) this.#put(from, to);
  }

  // -- mouse and pen

  #press(event) {
    if (event.pointerType === "touch" || event.button !== 0 || event.defaultPrevented) return;
    const point = [event.clientX, event.clientY];
    this.held = { point, anchor: boundaryAt(this.paper, ...point), exact: event.altKey, kept: event.shiftKey && this.some && [this.from, this.to] };
    // Else the browser would take hold of the selected words to drop them somewhere.
    if (this.native()) getSelection().removeAllRanges();
    document.body.dataset.dragging = ""; // nothing else may be selected on the way
  }

  #count(event) {
    this.presses = event.detail;
    if (!event.shiftKey || event.button !== 0) return;
    event.preventDefault(); // else the browser would select from its last place to here
    this.canvas.focus();
  }

  #track(event) {
    if (!this.held || event.pointerType === "touch") return;
    this.held.point = [event.clientX, event.clientY];
    this.held.exact = event.altKey;
  }

  /** While the button is down the stretch is shown as it would be. */
  #preview() {
    if (!this.held) return;
    const found = this.native();
    const [from, to] = found ? this.#meant(found) : [0, 0];
    this.canvas.brush.above("selection", from < to ? { from, to } : null);
  }

  #over() {
    const { held } = this;
    this.held = null;
    delete document.body.dataset.dragging;
    return held;
  }

  #release(event) {
    if (!this.held || event.pointerType === "touch") return;
    this.#track(event);
    this.taken = false;
    const [from, to] = this.#result();
    const held = this.#over();
    if (from === to) return;
    this.taken = true; // the click that follows is no pick
    if ((event.ctrlKey || event.metaKey) && this.canvas.pieces?.take(from, to)) return getSelection().removeAllRanges();
    if (held.kept) this.#put(Math.min(from, held.kept[0]), Math.max(to, held.kept[1]), held.kept);
    else this.#put(from, to);
    if (!this.canvas.acts.markedAtOnce()) this.#mirror();
  }

  #result() {
    if (this.held.kept) {
      const unit = boundaryAt(this.paper, ...this.held.point);
      return unit === null ? [0, 0] : this.snap(Math.max(0, unit - 1), unit + 1);
    }
    if (this.presses > 2 && this.canvas.acts.armed) return [0, 0]; // the second click has marked the word already
    const found = this.native();
    return found ? this.#meant(found) : [0, 0];
  }

  /** Have the browser select the same, so that its menu can copy it. */
  #mirror() {
    const range = this.paper.range(this.from, this.to);
    getSelection().setBaseAndExtent(range.startContainer, range.startOffset, range.endContainer, range.endOffset);
  }

  /** Two clicks are a word, three its sentence, four the paragraph; a drag is what it went over. */
  #meant([from, to]) {
    const unit = this.presses > 1 ? unitAt(this.paper, ...this.held.point) : null;
    if (unit !== null && this.presses === 2) {
      const word = this.around(unit, "word");
      if (word && from <= word[1] && to <= word[1] + 1) return this.#reading(word, unit);
    } else if (unit !== null) {
      const whole = this.around(unit, this.presses === 3 ? "sentence" : "paragraph");
      if (whole) return whole;
    }
    return this.held.exact ? this.#trim(from, to) : this.snap(from, to);
  }

  /** A word without its attached letters first; again: with them; again: the part that was clicked. */
  #reading(word, unit) {
    if (this.held.reading) return this.held.reading;
    const all = [this.around(unit, "core"), word, this.around(unit, "clitic")].filter(Boolean);
    const key = String(word);
    const at = this.doubled?.key === key ? this.doubled.at + 1 : 0;
    const others = all.filter((s, i) => all.findIndex((other) => String(other) === String(s)) === i);
    this.doubled = { key, at: at % others.length };
    return (this.held.reading = others[this.doubled.at]);
  }

  #click(event) {
    const { taken } = this;
    this.taken = false;
    if (taken || event.defaultPrevented || this.presses > 1) return;
    const unit = unitAt(this.paper, event.clientX, event.clientY);
    if (unit !== null) this.caret = unit;
    if (event.ctrlKey || event.metaKey || event.shiftKey) this.canvas.panel?.toggleAt(unit);
    else this.canvas.picking.pick(unit);
  }

  #copy(event) {
    if (!this.some || event.target.closest?.("input, textarea")) return;
    if (!getSelection().isCollapsed && !this.native()) return;
    event.clipboardData.setData("text/plain", this.paper.quote(this.from, this.to));
    event.preventDefault();
  }

  // -- where a stretch may begin and end

  #trim(from, to) {
    const text = this.paper.quote(from, to);
    const [rest, begun] = [text.trimEnd(), text.trimStart()];
    return rest ? [to - begun.length, from + rest.length] : [to, to];
  }

  /** Whole words, unless an edge lies exactly where letters are attached. */
  snap(from, to) {
    [from, to] = this.#trim(from, to);
    if (from === to) return [from, to];
    const first = this.around(from, "word", 1);
    if (first && !this.#isStop(from, "clitic")) from = this.#startOf(first, from);
    const last = this.around(to, "word", 1);
    if (!last) return [from, to];
    const [start, end] = this.around(last[1] - 1, "core") ?? last;
    const within = from >= last[0];
    // A drag that has just touched the "and" before the next word has not meant that word.
    if (!within && to <= start) return this.#trim(from, last[0]);
    if (!this.#isStop(to, within ? "clitic" : "ending")) to = to < end ? end : last[1];
    return [from, to];
  }

  /** A word cut at a place begins there with its attached letters or without. */
  #startOf([start, end], at) {
    const [inner] = this.around(end - 1, "core") ?? [start];
    return at > inner ? inner : start;
  }

  #isStop(at, unit) {
    return this.stretches(this.paper.indexAt(at), unit).some(([start]) => start === at);
  }

  // -- stretches of the text

  /** All stretches of a paragraph, in units of the text. Units of measure are those of segment.js. */
  stretches(index, unit) {
    const paragraph = this.paper.paragraphs[index];
    return this.segmenter.of(paragraph, unit).map(([s, e]) => [paragraph.start + s, paragraph.start + e]);
  }

  /** The stretch over the character at a place, with `inside` 1 the one that a boundary there would cut. */
  around(at, unit, inside = 0) {
    return this.stretches(this.paper.indexAt(at), unit).find(([s, e]) => s <= at - inside && at < e);
  }

  destroy() {
    this.listening.abort();
    this.#over();
  }
}
