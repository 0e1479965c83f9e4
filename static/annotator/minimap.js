/**
 * The whole text as a strip beside it: marks in the colours of their labels, open suggestions, hits of the search, and
 * what is in the window. Heights of text that was never shown are not known, so places are shares of the characters.
 */

const THIN = 2; // CSS pixels of a mark at least

export class Minimap {
  constructor(canvas, root) {
    this.canvas = canvas;
    this.root = root;
    this.scroller = canvas.reading.scroller;
    this.hits = [];
    this.paper = root.querySelector("canvas");
    this.window = root.querySelector("i");
    const { signal } = canvas.listening;
    this.scroller.addEventListener("scroll", () => this.#soon("place"), { signal, passive: true });
    root.addEventListener("pointerdown", (event) => this.#grab(event), { signal });
    root.addEventListener("pointermove", (event) => root.hasPointerCapture(event.pointerId) && this.#go(event), { signal });
    for (const wish of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
      matchMedia(wish).addEventListener("change", () => this.#recolour(), { signal });
    }
    this.#recolour();
    this.resize();
  }

  changed() {
    this.#soon("draw");
  }

  /** Show hits of the search, `current` above the others. */
  show(hits, current) {
    Object.assign(this, { hits, current });
    this.#soon("draw");
  }

  resize() {
    const room = this.scroller.offsetWidth - this.scroller.clientWidth; // the scroll bar is beside it, not under it
    this.root.style.marginInlineEnd = `${room}px`;
    this.height = this.root.clientHeight;
    this.#soon("draw");
  }

  #soon(what) {
    this.drawing ||= what === "draw";
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      if (this.drawing) this.#draw();
      this.drawing = false;
      this.#place();
    });
  }

  /** The colours as they are in this theme: a canvas knows no custom properties. */
  #recolour() {
    const probe = document.createElement("i");
    probe.style.display = "none";
    this.root.append(probe);
    const colour = (name, value) => {
      probe.className = name;
      probe.style.color = value;
      return getComputedStyle(probe).color;
    };
    this.colours = new Map([...this.canvas.store.labels.keys()].map((code) => [code, colour(`label-${code.toLowerCase()}`, "var(--c)")]));
    this.hit = colour("", "var(--find-edge)");
    this.here = colour("", "var(--ink)");
    probe.remove();
    this.#soon("draw");
  }

  // -- drawing

  #draw() {
    const { canvas, height, paper } = this;
    const { store } = canvas;
    const width = this.root.clientWidth;
    const scale = devicePixelRatio;
    paper.width = width * scale;
    paper.height = height * scale;
    const pen = paper.getContext("2d");
    pen.scale(scale, scale);
    const rtl = getComputedStyle(this.root).direction === "rtl";
    const share = height / Math.max(1, canvas.paper.length);
    const row = (from, to, left, wide, colour) => {
      pen.fillStyle = colour;
      pen.fillRect(rtl ? width - left - wide : left, from * share, wide, Math.max(THIN, (to - from) * share));
    };
    // Many marks fall on one row of pixels: each row once a label.
    const seen = new Set();
    const once = (key, from) => {
      const id = `${key} ${Math.round(from * share)}`;
      return seen.has(id) ? false : Boolean(seen.add(id));
    };
    const half = width / 2;
    for (const span of store.spans.byId.values()) if (once(span.label, span.from)) row(span.from, span.to, 0, half, this.colours.get(span.label));
    pen.globalAlpha = 0.45;
    for (const s of store.suggestions.byId.values()) {
      if (store.isOffered(s) && once(`?${s.label}`, s.from)) row(s.from, s.to, half + 1, half - 1, this.colours.get(s.label));
    }
    this.#drawFar(row, half);
    pen.globalAlpha = 1;
    for (const hit of this.hits) if (once("/", hit.from)) row(hit.from, hit.to, 0, width, this.hit);
    if (this.current) row(this.current.from, this.current.to + 2 / share, 0, width, this.here);
  }

  /** Of stretches that are not here yet only numbers are known: a band in the colours of their labels. */
  #drawFar(row, half) {
    const { store, paper } = this.canvas;
    const { far } = store;
    for (const [kind, left] of far ? [["spans", 0], ["suggestions", half + 1]] : []) {
      for (const [stretch, labels] of Object.entries(far[kind])) {
        if (far.loaded.has(Number(stretch))) continue;
        const [from, to] = [Number(stretch), Number(stretch) + 1].map((n) => paper.map.toUnits(Math.min(n * far.width, paper.map.length)));
        const codes = Object.keys(labels);
        codes.forEach((code, i) => {
          const part = (to - from) / codes.length;
          row(from + i * part, from + (i + 1) * part, left, half - 1, this.colours.get(code));
        });
      }
    }
  }

  /** Where the window is. */
  #place() {
    const view = this.scroller.getBoundingClientRect();
    const [from, to] = [view.top, view.bottom].map((y) => this.#shareAt(y));
    this.window.style.transform = `translateY(${from * this.height}px)`;
    this.window.style.height = `${Math.max(8, (to - from) * this.height)}px`;
  }

  /** The share of the text above a height of the screen. */
  #shareAt(y) {
    const { sections, paragraphs, length } = this.canvas.paper;
    let low = 0;
    let high = sections.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sections[middle].element.getBoundingClientRect().bottom <= y) low = middle + 1;
      else high = middle;
    }
    const box = sections[low].element.getBoundingClientRect();
    const [from, to] = this.#extent(low, paragraphs);
    const inside = Math.min(1, Math.max(0, (y - box.top) / Math.max(1, box.height)));
    return (from + (to - from) * inside) / Math.max(1, length);
  }

  #extent(i, paragraphs) {
    const { first, end } = this.canvas.paper.sections[i];
    const last = paragraphs[end - 1];
    return [paragraphs[first].start, last.start + last.length];
  }

  // -- going there

  #grab(event) {
    if (event.button) return;
    event.preventDefault();
    this.root.setPointerCapture(event.pointerId);
    this.#go(event);
  }

  #go(event) {
    const { paragraphs, sections, length } = this.canvas.paper;
    const share = Math.min(1, Math.max(0, (event.clientY - this.root.getBoundingClientRect().top) / this.height));
    const unit = share * length;
    const i = this.canvas.paper.sectionOf(this.canvas.paper.indexAt(unit));
    const [from, to] = this.#extent(i, paragraphs);
    const show = () => {
      const box = sections[i].element.getBoundingClientRect();
      const view = this.scroller.getBoundingClientRect();
      const y = box.top + (box.height * (unit - from)) / Math.max(1, to - from);
      this.scroller.scrollTop += y - (view.top + view.height / 2);
    };
    show();
    requestAnimationFrame(show); // a section that had been skipped has its real height now
  }

  destroy() {
    cancelAnimationFrame(this.frame);
  }
}
