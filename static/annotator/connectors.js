/**
 * Thin lines from the mark of a card to its other ends, one set at a time: over the text and outside of it, measured from
 * where the letters stand, drawn again when these move, gone when the card is left. Not on small screens.
 */

const SVG = "http://www.w3.org/2000/svg";
const NARROW = 860; // px, as in workspace.css
const EDGE = 5; // px from the edge of the view to where a line to something out of sight ends

export class Connectors {
  constructor(canvas) {
    this.canvas = canvas;
    this.scroller = canvas.closest("[data-scroller]");
    const { signal } = canvas.listening;
    const again = () => this.shown && !this.frame && (this.frame = requestAnimationFrame(() => ((this.frame = null), this.#draw())));
    this.scroller?.addEventListener("scroll", again, { signal, passive: true });
    addEventListener("resize", again, { signal });
    document.fonts?.addEventListener("loadingdone", again, { signal });
  }

  /** Connect a mark with others; with nothing, take the lines away. */
  show(card, span, ends) {
    this.svg?.remove();
    this.svg = null;
    this.shown = span && ends.length && this.scroller && innerWidth > NARROW ? { card, span, ends } : null;
    if (!this.shown) return;
    this.svg = document.createElementNS(SVG, "svg");
    this.svg.setAttribute("class", "connectors");
    this.svg.setAttribute("aria-hidden", "true");
    document.body.append(this.svg);
    this.#draw();
  }

  destroy() {
    cancelAnimationFrame(this.frame);
    this.show(null, null, []);
  }

  /** Where a mark begins, in pixels of the window; of one in a section that is not laid out only whether above or below. */
  #place({ from, to, first }, view) {
    const { brush, paper } = this.canvas;
    const { element, start, length } = paper.paragraphs[first];
    if (!brush.isNear(first)) {
      const box = element.closest("section").getBoundingClientRect();
      return { x: (view.left + view.right) / 2, y: box.top < view.top ? view.top - 1 : view.bottom + 1, half: 0, width: 0 };
    }
    const boxes = paper.range(from, Math.min(to, start + length)).getClientRects();
    // Of its first line the longest piece: at a break a space may hang over the edge as one of its own.
    const box = [...boxes].filter(({ top }) => top < boxes[0].bottom).reduce((best, piece) => (piece.width > (best?.width ?? 0) ? piece : best), null);
    return box ? { x: (box.left + box.right) / 2, y: box.top + box.height / 2, half: box.height / 2, width: box.width } : null;
  }

  #draw() {
    const { card, ends, span } = this.shown;
    if (innerWidth <= NARROW || !card.isConnected) return this.show(null, null, []);
    const view = this.scroller.getBoundingClientRect();
    const top = Math.max(view.top, 0);
    const bottom = Math.min(view.bottom, innerHeight);
    const hub = this.#place(span, { ...view.toJSON(), top, bottom });
    if (!hub) return;
    const parts = ends.flatMap((end) => {
      const place = this.#place(end, { ...view.toJSON(), top, bottom });
      return place ? this.#line(hub, place, end.label, top, bottom) : [];
    });
    this.svg.style.clipPath = `inset(${top}px ${innerWidth - view.right}px ${innerHeight - bottom}px ${view.left}px)`;
    this.svg.replaceChildren(...parts);
  }

  #line(hub, place, label, top, bottom) {
    const inside = (y) => Math.max(top + EDGE, Math.min(bottom - EDGE, y));
    const out = place.y < top || place.y > bottom;
    if (out && (hub.y < top || hub.y > bottom)) return []; // nothing of it is in sight
    const down = place.y >= hub.y;
    const flat = Math.abs(place.y - hub.y) < hub.half;
    // On one line the curve goes below the words, else from one facing side to the other.
    const y1 = inside(hub.y + (flat || down ? hub.half : -hub.half));
    const y2 = inside(place.y + (flat ? place.half : down ? -place.half : place.half));
    const bend = flat ? 16 : Math.max(18, Math.abs(y2 - y1) / 2) * (down ? 1 : -1);
    const c1 = y1 + bend;
    const c2 = flat ? y2 + bend : y2 - bend;
    const made = [shape("path", { d: `M${hub.x} ${y1}C${hub.x} ${c1} ${place.x} ${c2} ${place.x} ${y2}`, class: `label-${label.toLowerCase()}` })];
    const tip = { class: `tip label-${label.toLowerCase()}` };
    if (out) made.push(shape("path", { ...tip, d: `M${place.x - 5} ${y2 - (down ? 6 : -6)}L${place.x} ${y2}L${place.x + 5} ${y2 - (down ? 6 : -6)}` }));
    else made.push(shape("circle", { ...tip, cx: place.x, cy: y2, r: 3 }));
    return made;
  }
}

function shape(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
