/** Puts the marks on the text: only those of sections near the viewport, the others when they come near. */

import { extents, LANES, lanes, snapPaint } from "#annotator/model.js";

export class Brush {
  constructor(paper, store, painter) {
    Object.assign(this, { paper, store, painter });
    this.near = new Set(); // sections that are painted
    this.seen = new Set(); // those near the viewport; all are painted for paper
    this.onNear = null; // (section) => void
  }

  /** Paint what is seen first at once, and from now on what comes near. `root` scrolls; null is the window. */
  watch(root) {
    const { sections } = this.paper;
    for (let i = 0; i < Math.min(2, sections.length); i++) this.#enter(i);
    const bySection = new Map(sections.map((s, i) => [s.element, i]));
    const seen = (entries) => {
      for (const { target, isIntersecting } of entries) {
        const i = bySection.get(target);
        if (isIntersecting) {
          this.seen.add(i);
          this.#enter(i);
          this.onNear?.(i);
        } else {
          this.seen.delete(i);
          if (!this.printing) this.#leave(i);
        }
      }
    };
    this.observer = new IntersectionObserver(seen, { root, rootMargin: "100% 0px" });
    for (const { element } of sections) this.observer.observe(element);
  }

  #enter(i) {
    if (this.near.has(i)) return;
    this.near.add(i);
    this.#section(i, (p) => this.#paint(p));
  }

  #leave(i) {
    if (this.near.delete(i)) this.#section(i, (p) => this.painter.clear(p));
  }

  #section(i, work) {
    const { first, end } = this.paper.sections[i];
    for (let p = first; p < end; p++) work(p);
  }

  /** Paint again what a change reached: [first, last] of paragraphs, or with nothing given everything near. */
  repaint(stretches) {
    if (!stretches) {
      for (const i of this.near) this.#section(i, (p) => this.#paint(p));
      return;
    }
    const touched = new Set();
    for (const [first, last] of stretches) for (let p = first; p <= last; p++) touched.add(p);
    for (const p of touched) if (this.isNear(p)) this.#paint(p);
  }

  isNear(paragraph) {
    return this.near.has(this.paper.sectionOf(paragraph));
  }

  #paint(index) {
    const paragraph = this.paper.paragraphs[index];
    const spans = this.store.spans.in(index);
    const lane = lanes(spans);
    const items = [];
    let deeper = 0;
    for (const span of spans) {
      if (lane.get(span) >= LANES) deeper++;
      const place = `${span.label.toLowerCase()}-${Math.min(lane.get(span), LANES - 1)}`;
      this.#pieces(items, span, paragraph, `ac-${place}`, `ac-tie-${place}`);
    }
    const offered = this.store.suggestions.in(index).filter((s) => this.store.isOffered(s));
    for (const s of offered) this.#pieces(items, s, paragraph, `ac-${sureness(s)}-${s.label.toLowerCase()}`);
    this.painter.paint(index, items);
    paragraph.element.toggleAttribute("data-offered", offered.length > 0);
    if (deeper) paragraph.element.dataset.more = `+${deeper}`;
    else if (paragraph.element.dataset.more) delete paragraph.element.dataset.more;
  }

  /** Paint something of its own above the marks: focus, selection, offer; one mark or several. With nothing, take it away. */
  above(name, marks) {
    const items = [];
    for (const mark of [marks].flat().filter(Boolean)) {
      for (let i = this.paper.indexAt(mark.from); i <= this.paper.indexAt(mark.to - 1); i++) {
        this.#pieces(items, mark, this.paper.paragraphs[i], `ac-on-${name}`);
      }
    }
    this.painter.paint(name, items);
  }

  /** What of a mark lies in a paragraph; with `tie` also what lies between its pieces. */
  #pieces(items, mark, { node, start, length }, name, tie) {
    const put = (as, from, to, outward) => {
      const a = snapPaint(node.data, Math.max(0, from - start), -outward);
      const b = snapPaint(node.data, Math.min(length, to - start), outward);
      if (a < b) items.push({ name: as, node, from: a, to: b });
    };
    extents(mark, this.paper).forEach(([from, to], i, all) => {
      put(name, from, to, 1);
      if (tie && i) put(tie, all[i - 1][1], from, -1);
    });
  }

  /** For paper, which has no viewport. */
  all() {
    this.printing = true;
    this.paper.sections.forEach((_, i) => this.#enter(i));
  }

  /** Back on the screen. */
  onlyNear() {
    this.printing = false;
    for (const i of this.near) if (!this.seen.has(i)) this.#leave(i);
  }

  destroy() {
    this.painter.destroy();
    this.observer.disconnect();
  }
}

/** How sure a tagger is, in three steps that are painted fainter and fainter. */
const sureness = ({ score }) => (score == null || score >= 0.8 ? "sug" : score >= 0.5 ? "mid" : "low");
