/** What the person is on: a mark, a suggestion, the other end of a link. */

import { short } from "#annotator/dom.js";

export class Picking {
  constructor(canvas) {
    this.canvas = canvas;
    this.selected = null; // id of a mark
    this.current = null; // id of a suggestion
    this.linking = null; // {allows, done} while the other end of a link is wanted
  }

  #labelOf(mark) {
    const { canvas } = this;
    return canvas.name(canvas.store.labels.get(mark.label));
  }

  /** The stretch that is about to be marked is another. */
  selectionChanged() {
    const { canvas } = this;
    const { from, to, some } = canvas.selecting;
    canvas.brush.above("selection", some ? { from, to } : null);
    canvas.toggleAttribute("data-selecting", some);
    if (!some || canvas.acts.markedAtOnce()) return;
    const labels = canvas.store.spans.at(from).map((span) => this.#labelOf(span));
    const text = short(canvas.paper.quote(from, to));
    canvas.say(labels.length ? canvas.t("cursor_at", { text, labels: labels.join(" · ") }) : text);
    canvas.panel?.refresh();
  }

  /** A click on the text: marks and open suggestions there, the shortest first and the next one with each click. */
  pick(unit) {
    if (this.linking) return this.#pickEnd(unit);
    const { selecting, store } = this.canvas;
    selecting.clear();
    if (unit === null) return this.select(null);
    const offered = store.suggestions.at(unit).filter((s) => store.isOffered(s));
    const here = [...store.spans.at(unit), ...offered].sort((a, b) => a.to - a.from - (b.to - b.from)); // stable: marks before
    const next = here[(here.findIndex(({ id }) => id === this.selected || id === this.current) + 1) % here.length];
    if (offered.includes(next)) this.setCurrent(next.id, { show: true });
    else this.select(next?.id);
  }

  /** Make a mark the one that the panel is about. */
  select(id, { reveal = false, open = true } = {}) {
    const { canvas } = this;
    const span = id ? canvas.store.spans.get(id) : null;
    this.selected = span ? id : null;
    this.stopLink();
    canvas.brush.above("focus", span);
    if (span && this.current) this.setCurrent(null);
    if (span) canvas.say(`${this.#labelOf(span)}: ${short(canvas.store.quote(span))}`);
    canvas.panel?.refresh({ show: Boolean(span) && open });
    if (span && (reveal || canvas.panel?.covers)) this.reveal(span.from);
    canvas.dispatchEvent(new CustomEvent("ac-pick", { bubbles: true, detail: { id: this.selected } }));
  }

  reveal(unit) {
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
      if (box.top > top + 70 && box.bottom < bottom - 70) return;
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

  /** Marks and suggestions have changed: what is gone is not picked any more. */
  changed(touched) {
    const { brush, panel, store } = this.canvas;
    const span = store.spans.get(this.selected);
    if (this.selected && !span) this.select(null);
    else if (touched.all || touched.relations || touched.spans.has(this.selected)) {
      brush.above("focus", span);
      panel?.refresh();
    }
    if (this.current && !store.suggestions.get(this.current)) this.setCurrent(null);
  }

  /** Escape: give up the innermost thing that is going on. */
  giveUp() {
    const { acts, panel, selecting, suggestions } = this.canvas;
    if (this.linking) this.stopLink();
    else if (acts.correcting) acts.correcting = null;
    else if (selecting.some) return selecting.clear(), panel?.refresh();
    else if (acts.armed) acts.arm(null);
    else if (this.current) this.setCurrent(null);
    else this.select(null);
    panel?.refresh();
    suggestions?.changed();
  }

  // -- suggestions

  setCurrent(id, { show = false } = {}) {
    const { canvas } = this;
    const suggestion = id ? canvas.store.suggestions.get(id) : null;
    this.current = suggestion ? id : null;
    canvas.acts.correcting = null;
    canvas.brush.above("offer", suggestion);
    if (suggestion) {
      if (this.selected) this.select(null);
      this.reveal(suggestion.from);
      canvas.say(canvas.t("offered", { label: this.#labelOf(suggestion), text: short(canvas.store.quote(suggestion)) }));
      canvas.selecting.caret = suggestion.from;
    }
    if (show) canvas.panel?.show("suggestions");
    canvas.suggestions?.changed();
  }

  /** To the next (1) or previous (-1) open suggestion, round the end. */
  walk(step) {
    const { canvas } = this;
    const all = canvas.store.offered();
    if (!all.length) return canvas.say(canvas.suggestions?.none());
    let at = all.findIndex((s) => s.id === this.current);
    if (at < 0) {
      const behind = all.findIndex((s) => s.from >= canvas.selecting.caret);
      at = behind < 0 ? (step > 0 ? -1 : all.length) : step > 0 ? behind - 1 : behind;
    }
    this.setCurrent(all.at((at + step + all.length) % all.length).id, { show: true });
  }

  // -- links

  /** Wait for a click on the other end; `allows` tells which marks may be it, `stopped` hears that it is over. */
  pickEnds(allows, done, stopped) {
    this.linking = { allows, done, stopped };
    this.canvas.toggleAttribute("data-linking", true);
    this.canvas.say(this.canvas.t("pick_target"));
  }

  stopLink() {
    if (!this.linking) return;
    const { stopped } = this.linking;
    this.linking = null;
    this.canvas.removeAttribute("data-linking");
    stopped?.();
  }

  #pickEnd(unit) {
    const found = unit === null ? null : this.canvas.store.spans.at(unit).find((span) => this.linking.allows(span));
    if (found) this.linking.done({ span: found.id });
    else this.canvas.say(this.canvas.t("not_an_end"));
  }
}
