/** The person's place in the text by keyboard: moving, extending, and going to what is marked. */

import { boundaryAt } from "#annotator/hit.js";
import { missing } from "#annotator/lacking.js";

const BELOW = 140; // px kept free in front of a cursor that goes by lines
const STEP = 8; // px in the search for the next line
const FARTHEST = 30; // such steps

export class Cursor {
  constructor(canvas) {
    this.canvas = canvas;
    this.keyed = false; // the keyboard is in use, so the place is shown
    const { signal } = canvas.listening;
    canvas.addEventListener("pointerdown", () => this.#show(false), { signal });
    canvas.addEventListener("focus", () => canvas.matches(":focus-visible") && this.#show(true), { signal });
    addEventListener("hashchange", () => this.goToHash(), { signal });
    canvas.part("lacking")?.addEventListener("click", () => this.lacking(), { signal });
    canvas.commands.add(...commands(canvas.state.document.direction));
  }

  #show(keyed) {
    this.keyed = keyed;
    this.draw();
  }

  /** Show where the next key begins: the word that an arrow, or a label's key, takes. */
  draw() {
    const { brush, selecting } = this.canvas;
    const here = this.keyed && !selecting.some ? this.under() : null;
    brush.above("cursor", here && { from: here[0], to: here[1] });
  }

  /** The word that the cursor is on: the one at the caret or the first behind it; null in a text without words. */
  under() {
    const { selecting } = this.canvas;
    return this.beyond(selecting.caret, 1, "core", 1) ?? this.beyond(selecting.paper.length + 1, -1, "core", 1);
  }

  /** Move by one of the ways below, and keep the place in sight. */
  go(way, ...how) {
    const { paper } = this.canvas;
    this.keyed = true;
    if (way !== "lines") this.x = null;
    this[way](...how);
    this.draw();
    this.reveal(Math.min(this.head, paper.length - 1));
  }

  /** Stay where an edge has moved to. */
  stay(unit) {
    this.canvas.selecting.caret = unit;
    this.#show(true);
    this.reveal(unit);
  }

  /** Scroll to a place unless it is in sight, with some pixels above and below it. */
  reveal(unit, margin = 70) {
    const { brush, panel, paper } = this.canvas;
    const index = paper.indexAt(unit);
    const { element, start, length } = paper.paragraphs[index];
    const scroller = this.canvas.closest("[data-scroller]") ?? document.scrollingElement;
    const show = () => {
      // A long paragraph is taller than the window: the place in it counts.
      const box = paper.range(unit, Math.min(unit + 1, start + length)).getBoundingClientRect();
      const view = scroller.getBoundingClientRect();
      const top = Math.max(view.top, 0);
      const bottom = Math.min(view.bottom, innerHeight, panel?.covers ? panel.root.getBoundingClientRect().top : Infinity);
      if (box.top > top + margin && box.bottom < bottom - margin) return;
      scroller.scrollBy({ top: box.top - top - (bottom - top) * 0.4 });
    };
    const settle = (frames) => {
      show();
      if (frames) requestAnimationFrame(() => settle(frames - 1));
    };
    const isFar = !brush.isNear(index);
    if (isFar) element.scrollIntoView({ block: "center" });
    settle(isFar ? 6 : 1); // sections that were skipped come to their real height, one after the other
  }

  /** #span-<id> in the address goes to a mark, #incomplete-<id> to one that still lacks something. */
  async goToHash() {
    const { picking, store } = this.canvas;
    const [, why, id] = /^#(span|incomplete)-([0-9a-f-]{36})$/.exec(location.hash) ?? [];
    if (!id) return;
    if (!store.spans.get(id)) await store.whole();
    if (!store.spans.get(id)) return;
    picking.select(id, { reveal: true });
    if (why === "incomplete") this.#fill();
  }

  // -- by stretches

  /** To the next (1) or previous (-1) core of a word, attached letters or grapheme; `extend` keeps what is selected. */
  move(step, extend, unit) {
    const { selecting } = this.canvas;
    const { from, to, some } = selecting;
    if (extend) return some ? this.#extend(step, unit) : this.#take(this.under());
    if (!some) return this.#take(step > 0 ? this.#first(unit) : this.beyond(this.head, -1, unit, 0));
    // From a word into it: its first letter, not the first one of the next word.
    const inside = unit === "core" ? [] : selecting.stretches(selecting.paper.indexAt(from), unit).filter(([s, e]) => from <= s && e <= to);
    if (inside.length > 1) return this.#take(inside.at(step > 0 ? 0 : -1));
    this.#take(step > 0 ? this.beyond(to - 1, 1, unit, 0) : this.beyond(from, -1, unit, 0));
  }

  /** Without a stretch the first step forward takes what the cursor is on. */
  #first(unit) {
    return unit === "core" ? this.under() : this.beyond(this.canvas.selecting.caret, 1, unit, 1);
  }

  take(from, to) {
    this.canvas.selecting.set(from, to);
  }

  #take(stretch) {
    if (stretch) this.canvas.selecting.set(...stretch);
  }

  #extend(step, unit) {
    const { selecting } = this.canvas;
    const [first, last] = selecting.anchor;
    const right = selecting.head >= last;
    let head = selecting.head;
    if (step > 0) head = right ? this.beyond(head, 1, unit, 1)?.[1] : Math.min(first, this.beyond(head, 1, unit, 0)?.[0] ?? first);
    else if (right && head > last) head = Math.max(last, this.beyond(head, -1, unit, 1)?.[1] ?? last);
    else head = this.beyond(Math.min(head, first), -1, unit, 0)?.[0];
    if (head === undefined) return;
    if (!right && head === first) head = last;
    selecting.set(Math.min(head, first), Math.max(head, last), selecting.anchor, head);
  }

  /** To a stretch, or as far as it from what is selected. */
  #to(stretch, extend) {
    const { selecting } = this.canvas;
    if (!stretch) return;
    if (!extend || !selecting.some) return selecting.set(...stretch);
    const [first, last] = selecting.anchor;
    const head = stretch[0] < first ? stretch[0] : Math.max(last, stretch[1]);
    selecting.set(Math.min(first, stretch[0]), Math.max(last, stretch[1]), selecting.anchor, head);
  }

  /** The character that the moving edge is on. */
  get head() {
    const { selecting } = this.canvas;
    if (!selecting.some) return this.under()?.[0] ?? 0;
    return selecting.head > selecting.from ? selecting.head - 1 : selecting.from;
  }

  /** The sentence that the cursor is in, then the next or previous one; extending goes by what lies between punctuation. */
  sentence(step, extend) {
    const { selecting } = this.canvas;
    const { from, to, some } = selecting;
    if (extend) return some ? this.#extend(step, "clause") : this.#take(this.under());
    const here = selecting.around(this.place, "sentence");
    const taken = some && here && from <= here[0] && here[1] <= to;
    this.#take(here && !taken ? here : this.beyond(step > 0 ? this.head : this.place, step, "sentence", 0));
  }

  /** To the first word of the next or previous paragraph, or extending to where it ends or begins. */
  paragraph(step, extend) {
    const { selecting } = this.canvas;
    if (extend && selecting.some) return this.#extend(step, "paragraph");
    const index = selecting.paper.indexAt(this.head);
    for (let i = index + step; i >= 0 && i < selecting.paper.paragraphs.length; i += step) {
      const [first] = selecting.stretches(i, "core");
      if (first) return this.#take(first);
    }
  }

  whole(step, extend) {
    const { selecting } = this.canvas;
    const end = selecting.paper.length;
    this.#to(step > 0 ? this.beyond(end + 1, -1, "core", 1) : this.beyond(-1, 1, "core", 0), extend);
  }

  // -- by lines

  #box(unit) {
    return this.canvas.paper.range(unit, unit + 1).getClientRects()[0] ?? null;
  }

  /** To the word above or below, as the eye sees it; in one column as long as only lines are gone through. */
  lines(step, extend) {
    const { paper } = this.canvas;
    const at = this.head;
    this.reveal(at, BELOW);
    const box = this.#box(at);
    if (!box) return this.paragraph(step, extend);
    this.x ??= (box.left + box.right) / 2;
    const middle = (box.top + box.bottom) / 2;
    for (let i = 1; i <= FARTHEST; i++) {
      const unit = boundaryAt(paper, this.x, middle + step * i * STEP);
      if (unit === null || (unit - at) * step <= 0) continue;
      const word = this.#wordNear(unit, middle, box.height);
      if (word && (word[0] - at) * step > 0) return this.#to(word, extend);
    }
    this.paragraph(step, extend);
  }

  /** The word at a boundary or the nearest one in its line; null when that is the line at `middle`. */
  #wordNear(unit, middle, height) {
    const { paper, selecting } = this.canvas;
    const all = selecting.stretches(paper.indexAt(unit), "core").filter(([s, e]) => s - 40 <= unit && unit <= e + 40);
    const gap = ([s, e]) => Math.max(s - unit, unit - e, 0);
    for (const word of all.sort((a, b) => gap(a) - gap(b))) {
      const box = this.#box(word[0]);
      if (box && Math.abs((box.top + box.bottom) / 2 - middle) > height / 2) return word;
    }
    return null;
  }

  /** To the first or last word of the line. */
  lineEnd(step, extend) {
    const { paper, selecting } = this.canvas;
    const at = this.head;
    const all = selecting.stretches(paper.indexAt(at), "core");
    const line = this.#box(at);
    let i = all.findIndex(([, e]) => at < e);
    if (i < 0 || !line) return;
    const same = (word) => {
      const box = this.#box(word[0]);
      return box && Math.abs(box.top - line.top) < line.height / 2;
    };
    while (all[i + step] && same(all[i + step])) i += step;
    this.#to(all[i], extend);
  }

  /** The nearest stretch whose start (side 0) or end (side 1) lies beyond a place, in whichever paragraph. */
  beyond(at, step, unit, side) {
    for (let i = this.canvas.paper.indexAt(Math.max(0, at)); i >= 0 && i < this.canvas.paper.paragraphs.length; i += step) {
      const all = this.canvas.selecting.stretches(i, unit);
      const found = step > 0 ? all.find((s) => s[side] > at) : all.findLast((s) => s[side] < at);
      if (found) return found;
    }
    return null;
  }

  // -- what is marked

  /** Pick the marks at the cursor, one after the other. */
  pick() {
    const { picking, selecting } = this.canvas;
    selecting.caret = this.place;
    picking.pick(selecting.caret);
  }

  /** Where the marks that the cursor is on are looked for. */
  get place() {
    const { selecting } = this.canvas;
    return selecting.some ? selecting.from : (this.under()?.[0] ?? 0);
  }

  /**
   * To the next or previous one of some marks in the order of the text, round the end; `also` keeps those that are picked.
   * While the other end of a link is wanted only marks that may be it are gone to, and none is picked yet.
   */
  walk(step, also = false, marks = this.canvas.store.spans.ordered()) {
    const { links, picking, selecting } = this.canvas;
    const { wanted } = links;
    const all = wanted ? marks.filter((span) => wanted.allows(span)) : marks;
    if (!all.length) return this.canvas.say(this.canvas.t(wanted ? "not_an_end" : "no_spans"));
    let at = wanted ? all.findIndex((span) => span.from === selecting.from && span.to === selecting.to) : all.findIndex((span) => span.id === picking.selected);
    if (at < 0) {
      const behind = all.findIndex((span) => span.from >= this.place);
      at = step > 0 ? (behind < 0 ? all.length : behind) - 1 : behind < 0 ? all.length : behind;
    }
    const next = all[(at + step + all.length) % all.length];
    this.keyed = true;
    if (wanted) selecting.set(next.from, next.to);
    else {
      selecting.clear();
      selecting.caret = next.from;
      if (also) picking.pickSeveral([...(picking.several.size ? picking.several : [picking.selected]), next.id]);
      else picking.select(next.id);
    }
    this.reveal(next.from);
  }

  /** To the next mark that the codebook asks more of, and into the field that is empty. */
  async lacking() {
    const { links, saving, store, t } = this.canvas;
    await store.whole();
    const lacking = store.spans.ordered().filter((span) => missing(store, span).length > 0);
    if (!lacking.length) return saving.say(t("none_lacks"));
    links.stop();
    this.walk(1, false, lacking);
    this.#fill();
  }

  /** Into the form of the mark, which stays in sight where the panel lies over the text. */
  #fill() {
    const { panel, picking, store } = this.canvas;
    panel.focus();
    this.reveal(store.spans.get(picking.selected).from);
  }
}

/** Arrows go the way they point, so what is forward depends on the text. */
function commands(direction) {
  const [forward, back] = direction === "rtl" ? ["ArrowLeft", "ArrowRight"] : ["ArrowRight", "ArrowLeft"];
  const found = [];
  const go = (id, held, code, way, step, ...how) => {
    const moving = { group: "moving", inText: true };
    found.push({ id, keys: [held + code], run: (c) => c.cursor.go(way, step, false, ...how), ...moving });
    found.push({ id: `extend_${id}`, keys: [`${held}Shift+${code}`], run: (c) => c.cursor.go(way, step, true, ...how), ...moving });
  };
  for (const [name, held, unit] of [["word", "", "core"], ["clitic", "Alt+", "clitic"], ["grapheme", "Control+", "grapheme"]]) {
    go(`forward_${name}`, held, forward, "move", 1, unit);
    go(`back_${name}`, held, back, "move", -1, unit);
  }
  for (const [name, held, way] of [["line", "", "lines"], ["sentence", "Alt+", "sentence"], ["paragraph", "Control+", "paragraph"]]) {
    go(`next_${name}`, held, "ArrowDown", way, 1);
    go(`previous_${name}`, held, "ArrowUp", way, -1);
  }
  for (const [name, held, way] of [["line", "", "lineEnd"], ["text", "Control+", "whole"]]) {
    go(`${name}_start`, held, "Home", way, -1);
    go(`${name}_end`, held, "End", way, 1);
  }
  const onMark = (c) => c.store.spans.at(c.cursor.place).length > 0;
  // Who has just made a mark wants its form; who has gone on, to another mark, wants that one.
  const onOther = (c) => onMark(c) && (c.selecting.some ? !c.store.spans.at(c.cursor.place).some(({ id }) => id === c.picking.selected) : !c.picking.selected);
  return [
    { id: "form", keys: ["Enter"], group: "marking", run: (c) => c.panel.focus() }, // unless there is something to pick, below
    ...found,
    { id: "next_mark", keys: ["KeyJ"], group: "moving", run: (c) => c.cursor.walk(1) },
    { id: "previous_mark", keys: ["KeyK"], group: "moving", run: (c) => c.cursor.walk(-1) },
    { id: "next_lacking", keys: ["KeyU"], group: "moving", when: (c) => c.editable, run: (c) => c.cursor.lacking() },
    { id: "also_next_mark", keys: ["Shift+KeyJ"], group: "moving", run: (c) => c.cursor.walk(1, true) },
    { id: "also_previous_mark", keys: ["Shift+KeyK"], group: "moving", run: (c) => c.cursor.walk(-1, true) },
    { id: "pick_here", keys: ["Enter"], group: "moving", inText: true, when: (c) => (c.links.wanted ? onMark(c) : !c.picking.current && onOther(c)), run: (c) => c.cursor.pick() },
    { id: "pick_next_here", keys: ["Shift+Enter"], group: "moving", inText: true, when: onMark, run: (c) => c.cursor.pick() },
  ];
}
