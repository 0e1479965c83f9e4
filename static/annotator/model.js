/**
 * The text of the page as paragraphs, and marks found by paragraph. Offsets inside are UTF-16 units of the whole text.
 * One <p> is one text node, always: nothing is ever wrapped, so letters keep joining.
 */

import { OffsetMap } from "#annotator/offsets.js";

export class Paper {
  /**
   * @param {HTMLElement} host holds sections of paragraphs
   * @param {number} points code points that the text should have; where it has as many units, none takes two
   */
  constructor(host, points) {
    this.host = host;
    this.paragraphs = [];
    this.sections = [];
    let start = 0;
    for (const section of host.querySelectorAll(":scope > section")) {
      const first = this.paragraphs.length;
      for (let element = section.firstElementChild; element; element = element.nextElementSibling) {
        if (element.firstChild?.nextSibling) element.normalize(); // parsers split text behind 65,536 units
        const node = element.firstChild ?? element.appendChild(new Text());
        const { length } = node;
        this.paragraphs.push({ element, node, start, length });
        start += length + 1;
      }
      this.sections.push({ element: section, first, end: this.paragraphs.length });
    }
    this.length = Math.max(0, start - 1); // units
    this.map = new OffsetMap(this.length === points ? "" : this.text, this.length);
  }

  /** The lines of the text, of which each is a paragraph. */
  *lines() {
    for (const { node } of this.paragraphs) yield node.data;
  }

  /** All of it in one; a long text is megabytes, so it is not made before somebody wants it. */
  get text() {
    return (this.whole ??= [...this.lines()].join("\n"));
  }

  /** The paragraph that an offset lies in. */
  indexAt(unit) {
    let low = 0;
    let high = this.paragraphs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.paragraphs[middle].start <= unit) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  sectionOf(index) {
    return this.sections.findIndex((s) => index < s.end);
  }

  range(start, end) {
    const [a, b] = [this.paragraphs[this.indexAt(start)], this.paragraphs[this.indexAt(end)]];
    const range = new Range();
    range.setStart(a.node, Math.min(start - a.start, a.length));
    range.setEnd(b.node, Math.min(end - b.start, b.length));
    return range;
  }

  /** The paragraph that an element is. */
  #of(element) {
    const { first, end } = this.sections.find((s) => s.element === element?.parentElement) ?? {};
    return this.paragraphs.slice(first ?? 0, end ?? 0).find((p) => p.element === element);
  }

  /** Units in front of a DOM position, null outside the text. */
  offsetOf(node, offset) {
    if (!this.host.contains(node)) return null;
    if (node.nodeType === Node.TEXT_NODE) {
      const found = this.#of(node.parentElement);
      return found ? found.start + offset : null;
    }
    const own = this.#of(node);
    if (own) return own.start + (offset ? own.length : 0);
    const next = node.childNodes[offset];
    const element = next?.nodeType === Node.ELEMENT_NODE ? (next.matches("p") ? next : next.querySelector("p")) : null;
    return this.#of(element)?.start ?? this.length;
  }

  quote(start, end) {
    const first = this.indexAt(start);
    const base = this.paragraphs[first].start;
    const lines = this.paragraphs.slice(first, this.indexAt(end) + 1).map(({ node }) => node.data);
    return lines.join("\n").slice(start - base, Math.max(start, end) - base);
  }
}

/** Marks by id and by paragraph. A mark has `start` and `end` in code points and gets `from` and `to` in units. */
export class Marks {
  constructor(paper) {
    this.paper = paper;
    this.byId = new Map();
    this.inParagraph = new Map();
  }

  get(id) {
    return this.byId.get(id);
  }

  get size() {
    return this.byId.size;
  }

  /** Put a mark in, or in the place of the one with the same id. Returns the first and last paragraph touched. */
  put(mark) {
    const before = this.delete(mark.id);
    mark.from = this.paper.map.toUnits(mark.start);
    mark.to = this.paper.map.toUnits(mark.end);
    mark.first = this.paper.indexAt(mark.from);
    mark.last = this.paper.indexAt(mark.to - 1);
    this.byId.set(mark.id, mark);
    this.sorted = null;
    for (let i = mark.first; i <= mark.last; i++) {
      const list = this.inParagraph.get(i);
      if (list) list.push(mark);
      else this.inParagraph.set(i, [mark]);
    }
    return before ? [Math.min(before[0], mark.first), Math.max(before[1], mark.last)] : [mark.first, mark.last];
  }

  delete(id) {
    const mark = this.byId.get(id);
    if (!mark) return null;
    this.byId.delete(id);
    this.sorted = null;
    for (let i = mark.first; i <= mark.last; i++) {
      const list = this.inParagraph.get(i);
      list.splice(list.indexOf(mark), 1);
    }
    return [mark.first, mark.last];
  }

  in(index) {
    return this.inParagraph.get(index) ?? [];
  }

  /** The marks over one unit, the shortest first. */
  at(unit) {
    const here = this.in(this.paper.indexAt(unit)).filter((m) => m.from <= unit && unit < m.to && covers(m, unit, this.paper));
    return here.sort((a, b) => a.to - a.from - (b.to - b.from));
  }

  /** All of them in the order of the text; not to be changed. */
  ordered() {
    return (this.sorted ??= [...this.byId.values()].sort((a, b) => a.from - b.from || b.to - a.to));
  }
}

function covers(mark, unit, paper) {
  return !mark.fragments || extents(mark, paper).some(([from, to]) => from <= unit && unit < to);
}

/** What a mark covers: its fragments, or all of it. */
export function extents(mark, paper) {
  if (!mark.fragments) return [[mark.from, mark.to]];
  return mark.fragments.map(([start, end]) => [paper.map.toUnits(start), paper.map.toUnits(end)]);
}

export const LANES = 3;

/** The lane of each mark of a paragraph: short ones nearest the letters, so nested lines never cross. */
export function lanes(marks) {
  const placed = [];
  const found = new Map();
  for (const mark of [...marks].sort((a, b) => a.to - a.from - (b.to - b.from) || a.from - b.from)) {
    const taken = new Set();
    for (const other of placed) if (other.from < mark.to && mark.from < other.to) taken.add(found.get(other));
    let lane = 0;
    while (taken.has(lane)) lane++;
    found.set(mark, lane);
    placed.push(mark);
  }
  return found;
}

const LAM_ALEF = /\u0644[\u064b-\u0652\u0670\u0640]*[\u0622\u0623\u0625\u0627\u0671]/g;

/** Where an edge is painted: Chromium loses ink when it falls inside a lam-alef, so it moves out. Data stay exact. */
export function snapPaint(text, at, outward) {
  const from = Math.max(0, at - 6);
  for (const match of text.slice(from, at + 6).matchAll(LAM_ALEF)) {
    const start = from + match.index;
    const end = start + match[0].length;
    if (start < at && at < end) return outward < 0 ? start : end;
  }
  return at;
}
