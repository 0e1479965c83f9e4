/**
 * Paints with the CSS Custom Highlight API: one Highlight a name (label x lane), ranges only of paragraphs near the
 * viewport. No element is made, so shaping, reflow, zoom and print stay the browser's.
 */
export class CssPainter {
  static works() {
    // WebKit has highlights but paints each box against each range: seconds of standstill. It is told by what it lacks.
    return typeof Highlight === "function" && "highlightsFromPoint" in (CSS.highlights ?? {});
  }

  constructor() {
    this.painted = new Map(); // key -> [[name, range]]
  }

  /** Show `items` ({name, node, from, to}) under a key, in place of what was under it. */
  paint(key, items) {
    this.clear(key);
    if (!items.length) return;
    const made = items.map(({ name, node, from, to }) => {
      const range = new Range();
      range.setStart(node, from);
      range.setEnd(node, to);
      highlight(name).add(range);
      return [name, range];
    });
    this.painted.set(key, made);
  }

  clear(key) {
    for (const [name, range] of this.painted.get(key) ?? []) CSS.highlights.get(name)?.delete(range);
    this.painted.delete(key);
  }

  destroy() {
    for (const key of [...this.painted.keys()]) this.clear(key);
    for (const name of [...CSS.highlights.keys()]) if (name.startsWith("ac-")) CSS.highlights.delete(name);
  }
}

function highlight(name) {
  let found = CSS.highlights.get(name);
  if (!found) {
    found = new Highlight();
    // What the pointer or the cursor is on lies above the marks.
    found.priority = name.startsWith("ac-on-") ? 1 : 0;
    CSS.highlights.set(name, found);
  }
  return found;
}
