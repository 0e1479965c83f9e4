/**
 * The same interface with rectangles under the text, for WebKit and for browsers without highlights. Only near
 * paragraphs have any; they are measured again when the text is laid out anew.
 */
export class RectPainter {
  constructor(host) {
    this.host = host;
    this.layer = document.createElement("div");
    this.layer.className = "ac-layer";
    this.layer.setAttribute("aria-hidden", "true");
    host.append(this.layer);
    this.painted = new Map(); // key -> {items, boxes}
    this.observer = new ResizeObserver(() => this.#again());
    this.observer.observe(host);
    document.fonts?.addEventListener("loadingdone", this.#again);
  }

  paint(key, items) {
    this.clear(key);
    if (items.length) this.#draw(key, items);
  }

  #draw(key, items) {
    const origin = this.layer.getBoundingClientRect();
    const boxes = [];
    for (const { name, node, from, to } of items) {
      const range = new Range();
      range.setStart(node, from);
      range.setEnd(node, to);
      for (const rect of range.getClientRects()) {
        if (!rect.width) continue;
        const box = document.createElement("i");
        box.className = `ac-rect ${name} ${labelClass(name)}`;
        box.style.left = `${rect.left - origin.left}px`;
        box.style.top = `${rect.top - origin.top}px`;
        box.style.width = `${rect.width}px`;
        box.style.height = `${rect.height}px`;
        boxes.push(box);
      }
    }
    this.layer.append(...boxes);
    this.painted.set(key, { items, boxes });
  }

  #again = () => {
    const before = [...this.painted];
    for (const [key] of before) this.clear(key);
    for (const [key, { items }] of before) this.#draw(key, items);
  };

  clear(key) {
    for (const box of this.painted.get(key)?.boxes ?? []) box.remove();
    this.painted.delete(key);
  }

  destroy() {
    this.observer.disconnect();
    document.fonts?.removeEventListener("loadingdone", this.#again);
    this.layer.remove();
    this.painted.clear();
  }
}

/** ac-actor-0 and ac-sug-actor belong to label-actor, the others to none. */
function labelClass(name) {
  const found = /^ac-(?:sug-(.+)|(?!on-)(.+)-(\d))$/.exec(name);
  return found ? `label-${found[1] ?? found[2]} ${found[1] ? "dotted" : `lane-${found[3]}`}` : "";
}
