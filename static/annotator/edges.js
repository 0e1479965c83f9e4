/**
 * The edges of what is picked: handles at them for the pointer, keys that move them. They stop where letters are attached
 * and at words, with Alt (dragging) or Control (keys) anywhere. A drag is one edit, and so are keys that follow each other.
 */

import { h, short } from "#annotator/dom.js";
import { boundaryAt } from "#annotator/hit.js";
import { extents } from "#annotator/model.js";
import { shape } from "#annotator/pieces.js";

const SLACK = 3; // px that a press may move and still be a click on the text
const NEAR_RIM = 48; // px; there a drag scrolls the text
const RTL = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}]/u;
const LTR = /[\p{L}\p{Nd}]/u;

export class Edges {
  constructor(canvas) {
    this.canvas = canvas;
    this.layer = h("div", { class: "edges", "aria-hidden": "true" });
    canvas.append(this.layer);
    const { signal } = canvas.listening;
    this.layer.addEventListener("pointerdown", (event) => this.#grab(event), { signal });
    this.layer.addEventListener("click", (event) => event.stopPropagation(), { signal }); // it is no click on the text
    canvas.closest("[data-scroller]")?.addEventListener("scroll", () => this.waiting && this.#later(), { signal, passive: true });
    this.observer = new ResizeObserver(() => this.#later());
    this.observer.observe(canvas);
    canvas.commands.add(...commands());
  }

  changed() {
    this.#later();
  }

  picked() {
    this.#later();
  }

  /** The mark whose edges these are: the only one picked. */
  get #mark() {
    const { picking, store } = this.canvas;
    return picking.several.size ? undefined : store.spans.get(picking.selected);
  }

  // -- handles

  #later() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.#draw());
  }

  #draw() {
    if (this.drag) return;
    const { canvas } = this;
    const span = canvas.editable ? this.#mark : null;
    this.layer.replaceChildren();
    this.waiting = false;
    if (!span) return;
    for (const [piece, ends] of extents(span, canvas.paper).entries()) {
      for (const side of [0, 1]) {
        if (canvas.brush.isNear(canvas.paper.indexAt(ends[side] - side))) this.#handle(ends[side], side, piece);
        else this.waiting = true; // far sections are not laid out
      }
    }
  }

  #handle(unit, side, piece) {
    const handle = h("i", { class: `edge ${side ? "last" : "first"}`, "data-side": side, "data-piece": piece });
    this.#place(handle, unit, side);
    this.layer.append(handle);
  }

  /** Put a handle where the eye sees the edge: which side of its letter that is depends on the letter. */
  #place(handle, unit, side) {
    const { paper } = this.canvas;
    const { start, end, box } = letter(this.canvas, unit, side);
    if (!box) return (handle.hidden = true);
    const text = paper.quote(start, end);
    const rtl = RTL.test(text) || (!LTR.test(text) && this.canvas.state.document.direction === "rtl");
    const right = rtl !== Boolean(side);
    const origin = this.layer.getBoundingClientRect();
    handle.hidden = false;
    handle.style.left = `${(right ? box.right : box.left) - origin.left}px`;
    handle.style.top = `${box.top - origin.top}px`;
    handle.style.height = `${box.height}px`;
  }

  // -- dragging

  #grab(event) {
    const handle = event.target.closest(".edge");
    if (!handle || event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    const span = this.#mark;
    const side = Number(handle.dataset.side);
    const box = handle.getBoundingClientRect();
    const { signal } = (this.drag = new AbortController());
    Object.assign(this.drag, {
      span, side, handle, piece: Number(handle.dataset.piece), pieces: extents(span, this.canvas.paper), moved: false,
      point: [event.clientX, event.clientY], from: [event.clientX, event.clientY], lift: (box.top + box.bottom) / 2 - event.clientY, exact: event.altKey,
    });
    handle.setPointerCapture(event.pointerId);
    this.layer.dataset.dragging = "";
    document.addEventListener("pointermove", (e) => this.#pull(e), { signal });
    document.addEventListener("pointerup", (e) => this.#drop(e), { signal });
    document.addEventListener("pointercancel", () => this.#end(), { signal });
    // The keyboard belongs to the drag: Escape gives it up and nothing else.
    document.addEventListener("keydown", (e) => (e.code === "Escape" && this.#end(), e.key !== "Alt" && (e.preventDefault(), e.stopPropagation())), { signal, capture: true });
    const scroll = () => {
      if (!this.drag) return;
      this.#scroll();
      this.scrolling = requestAnimationFrame(scroll);
    };
    scroll();
  }

  #pull(event) {
    const { drag } = this;
    drag.point = [event.clientX, event.clientY];
    drag.exact = event.altKey;
    drag.moved ||= Math.hypot(drag.point[0] - drag.from[0], drag.point[1] - drag.from[1]) > SLACK;
    if (drag.moved) this.#preview();
  }

  #preview() {
    const { brush, paper } = this.canvas;
    const { drag } = this;
    // The place that counts is the line that was taken hold of, not the finger below it.
    const unit = boundaryAt(paper, drag.point[0], drag.point[1] + drag.lift);
    if (unit === null) return;
    const at = drag.exact ? unit : nearest(this.canvas, unit, drag.side);
    const pieces = moved(drag.pieces, drag.piece, drag.side, at);
    if (!pieces || String(pieces) === String(drag.result)) return;
    drag.result = pieces;
    brush.above("focus", pieces.map(([from, to]) => ({ from, to })));
    this.#place(drag.handle, at, drag.side);
  }

  /** Near the rim of the window the text comes along. */
  #scroll() {
    const { drag } = this;
    const scroller = this.canvas.closest("[data-scroller]") ?? document.scrollingElement;
    const view = scroller.getBoundingClientRect();
    const y = drag.point[1];
    const over = y < view.top + NEAR_RIM ? y - view.top - NEAR_RIM : y > view.bottom - NEAR_RIM ? y - view.bottom + NEAR_RIM : 0;
    if (!over || !drag.moved) return;
    scroller.scrollBy({ top: over / 4, behavior: "instant" });
    this.#preview();
  }

  #drop(event) {
    const { drag } = this;
    const { canvas } = this;
    this.#end();
    if (!drag.moved) {
      const unit = boundaryAt(canvas.paper, event.clientX, event.clientY);
      if (unit !== null) canvas.picking.pick(unit);
    } else if (drag.result && canvas.store.spans.get(drag.span.id)) this.#commit(drag.span, drag.result, drag.side);
  }

  #end() {
    const { canvas } = this;
    this.drag.abort();
    this.drag = null;
    cancelAnimationFrame(this.scrolling);
    delete this.layer.dataset.dragging;
    canvas.brush.above("focus", this.#mark);
    this.#later();
  }

  #commit(span, pieces, side, group) {
    const { acts, store } = this.canvas;
    const fields = shape(store, pieces);
    const current = store.spans.get(span.id);
    if (fields.start === current.start && fields.end === current.end && JSON.stringify(fields.fragments) === JSON.stringify(current.fragments)) return null;
    const edit = store.update(span.id, fields);
    if (group) edit.group = group;
    acts.commit([edit]);
    this.#say(side, store.quote(store.spans.get(span.id)));
    return edit;
  }

  #say(side, text) {
    this.canvas.say(this.canvas.t(side ? "edge_end" : "edge_start", { text: short(text) }));
  }

  // -- keys

  /**
   * Move the start (side 0) or end (1) of the stretch that is about to be marked, else of the current suggestion, which
   * is then corrected by accepting it, else of the picked mark. `step` is 1 forward, -1 back.
   */
  nudge(side, step, unit) {
    const { acts, picking, selecting, store, suggestions } = this.canvas;
    if (picking.current && !acts.correcting) suggestions.deciding.correct();
    if (selecting.some) return this.#nudgeStretch(side, step, unit);
    const span = this.#mark;
    if (!span) return;
    const pieces = extents(span, this.canvas.paper);
    const own = pieces.findIndex(([from, to]) => from <= selecting.caret && selecting.caret <= to);
    const piece = own >= 0 ? own : side ? pieces.length - 1 : 0;
    const next = moved(pieces, piece, side, this.#stop(pieces[piece][side], side, step, unit));
    if (!next) return;
    const again = this.run?.id === span.id && this.run.version === span.version;
    const edit = this.#commit(span, next, side, again ? this.run.group : undefined);
    if (edit) this.run = { id: span.id, version: store.spans.get(span.id).version, group: again ? this.run.group : edit.id };
    this.canvas.cursor.stay(next[Math.min(piece, next.length - 1)][side] - side);
  }

  #nudgeStretch(side, step, unit) {
    const { selecting } = this.canvas;
    const found = moved([[selecting.from, selecting.to]], 0, side, this.#stop(side ? selecting.to : selecting.from, side, step, unit));
    if (!found) return;
    const { correcting } = this.canvas.acts;
    selecting.set(...found[0]);
    this.canvas.acts.correcting = correcting;
    this.#say(side, this.canvas.paper.quote(...found[0]));
  }

  #stop(at, side, step, unit) {
    return this.canvas.cursor.beyond(at, step, unit, side)?.[side];
  }

  destroy() {
    this.observer.disconnect();
    cancelAnimationFrame(this.frame);
    if (this.drag) this.#end();
    this.layer.remove();
  }
}

/** The letter at an edge, and its box on the screen. */
function letter({ paper, selecting }, unit, side) {
  const index = paper.indexAt(unit - side);
  const found = selecting.around(Math.min(unit - side, paper.length - 1), "grapheme") ?? [unit - side, unit - side + 1];
  const [start, end] = paper.indexAt(found[0]) === index ? found : [unit - side, unit - side + 1];
  const boxes = [...paper.range(start, end).getClientRects()].filter((box) => box.width);
  return { start, end, box: boxes.at(side ? -1 : 0) };
}

/** The nearest place to `unit` where one edge of a mark (0 start, 1 end) may be. */
function nearest({ paper, selecting }, unit, side) {
  const space = (at) => /\s/.test(paper.quote(at, at + 1));
  const word = selecting.around(unit, "word", 1);
  if (word) {
    const cuts = selecting.stretches(paper.indexAt(unit), side ? "ending" : "beginning").map(([start]) => start);
    const stops = [...cuts.filter((cut) => word[0] <= cut && cut < word[1]), word[1]];
    unit = stops.reduce((best, stop) => (Math.abs(stop - unit) < Math.abs(best - unit) ? stop : best));
  }
  while (!side && unit < paper.length && space(unit)) unit++;
  while (side && unit > 0 && space(unit - 1)) unit--;
  return unit;
}

/** Pieces with one edge elsewhere; null where that would leave nothing of a piece or lead into its neighbour. */
function moved(pieces, index, side, at) {
  if (at === undefined) return null;
  const [from, to] = side ? [pieces[index][0], at] : [at, pieces[index][1]];
  if (from >= to || from < (pieces[index - 1]?.[1] ?? 0) || to > (pieces[index + 1]?.[0] ?? Infinity)) return null;
  return pieces.with(index, [from, to]);
}

/** The bracket is the edge; Shift the other way; Control by a letter, Alt by a word. Outward comes first. */
function commands() {
  const found = [];
  for (const [side, code] of [[0, "BracketLeft"], [1, "BracketRight"]]) {
    for (const [unit, held, size] of [["clitic", "", side ? "ending" : "beginning"], ["grapheme", "Control+", "grapheme"], ["word", "Alt+", "core"]]) {
      for (const out of [true, false]) {
        const step = Boolean(side) === out ? 1 : -1;
        found.push({
          id: `${side ? "end" : "start"}_${out ? "out" : "in"}_${unit}`, keys: [`${held}${out ? "" : "Shift+"}${code}`], group: "marking", writes: true,
          run: (c) => c.edges.nudge(side, step, size),
        });
      }
    }
  }
  return found;
}
