/**
 * The same interface with rectangles under the text, for WebKit and for browsers without highlights. Only near
 * paragraphs have any; they are measured again when the text is laid out anew. All that is painted in one go is measured
 * first and put in afterwards, so that the layout is asked once.
 */
export class RectPainter {
  constructor(host) {
    this.host = host;
    this.layer = document.createElement("div");
    this.layer.className = "ac-layer";
    this.layer.setAttribute("aria-hidden", "true");
    host.append(this.layer);
    this.painted = new Map(); // key -> {items, boxes}
    this.waiting = new Map(); // key -> items
    this.observer = new ResizeObserver(() => this.#again());
    this.observer.observe(host);
    document.fonts?.addEventListener("loadingdone", this.#again);
  }

  paint(key, items) {
    if (!items.length) return this.clear(key);
    if (!this.waiting.size) queueMicrotask(() => this.#draw());
    this.waiting.set(key, items);
  }

  #draw() {
    const { left, top } = this.layer.getBoundingClientRect();
    const all = new DocumentFragment();
    for (const [key, items] of this.waiting) {
      const boxes = items.flatMap((item) => measured(item).map((rect) => box(item.name, rect, left, top)));
      this.waiting.set(key, { items, boxes });
    }
    for (const [key, made] of this.waiting) {
      this.#remove(key);
      this.painted.set(key, made);
      all.append(...made.boxes);
    }
    this.waiting.clear();
    this.layer.append(all);
  }

  #again = () => {
    for (const [key, { items }] of this.painted) this.paint(key, items);
  };

  #remove(key) {
    for (const box of this.painted.get(key)?.boxes ?? []) box.remove();
    this.painted.delete(key);
  }

  clear(key) {
    this.waiting.delete(key);
    this.#remove(key);
  }

  destroy() {
    this.observer.disconnect();
    document.fonts?.removeEventListener("loadingdone", this.#again);
    this.layer.remove();
    this.painted.clear();
    this.waiting.clear();
  }
}

function measured({ node, from, to }) {
  const range = new Range();
  range.setStart(node, from);
  range.setEnd(node, to);
  return [...range.getClientRects()].filter((rect) => rect.width);
}

function box(name, rect, left, top) {
  const [kind, lane] = kindOf(name);
  const made = document.createElement("i");
  made.className = `ac-rect ${name} ${kind}`;
  made.style.left = `${rect.left - left}px`;
  made.style.top = `${rect.top - top}px`;
  made.style.width = `${rect.width}px`;
  made.style.height = `${rect.height + 6 * lane}px`; // the line of each lane lies below that of the lane before
  return made;
}

/** ac-actor-0, ac-tie-actor-0 and ac-sug-actor belong to label-actor, the others to none. */
function kindOf(name) {
  const [, sureness, offered, tie, marked, lane] = /^ac-(?:(sug|mid|low)-(\D.*)|(?!on-)(tie-)?(.+)-(\d))$/.exec(name) ?? [];
  if (offered) return [`label-${offered} dotted ${sureness}`, 0];
  return marked ? [`label-${marked} ${tie ? "tie" : ""}`, Number(lane)] : ["", 0];
}
