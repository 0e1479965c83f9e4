/** What the person is on: a mark or several, a suggestion. */

import { short } from "#annotator/dom.js";

export class Picking {
  constructor(canvas) {
    this.canvas = canvas;
    this.selected = null; // id of a mark
    this.several = new Set(); // ids, where more than one are picked; `selected` is the last of them
    this.current = null; // id of a suggestion
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
    canvas.cursor?.draw();
    canvas.tell("stretched");
    if (!some) return;
    const labels = canvas.store.spans.at(from).map((span) => this.#labelOf(span));
    const text = short(canvas.paper.quote(from, to));
    canvas.say(labels.length ? canvas.t("cursor_at", { text, labels: labels.join(" · ") }) : text);
    canvas.panel?.refresh();
  }

  /** A click on the text: marks and open suggestions there, the shortest first and the next one with each click. */
  pick(unit) {
    const { links, selecting, store } = this.canvas;
    if (links?.wanted) return links.take(unit);
    selecting.clear();
    if (unit === null) return this.select(null);
    const offered = store.suggestions.at(unit).filter((s) => store.isOffered(s));
    const here = [...store.spans.at(unit), ...offered].sort((a, b) => a.to - a.from - (b.to - b.from)); // stable: marks before
    const next = here[(here.findIndex(({ id }) => id === this.selected || id === this.current) + 1) % here.length];
    if (offered.includes(next)) this.setCurrent(next.id, { show: true });
    else this.select(next?.id);
  }

  /** Make a mark the one that the panel is about. */
  select(id, { reveal = false, open = true, keep = false } = {}) {
    const { canvas } = this;
    const span = id ? canvas.store.spans.get(id) : null;
    this.selected = span ? id : null;
    if (!keep) this.several.clear();
    canvas.links?.stop();
    this.#paint();
    if (span && this.current) this.setCurrent(null);
    const text = span && `${this.#labelOf(span)}: ${short(canvas.store.quote(span))}`;
    if (span) canvas.say(this.several.size ? canvas.t("several_picked", { n: this.several.size, text }) : text);
    canvas.panel?.refresh({ show: Boolean(span) && open });
    if (span && (reveal || canvas.panel?.covers)) canvas.cursor?.reveal(span.from);
    this.#tell();
    canvas.dispatchEvent(new CustomEvent("ac-pick", { bubbles: true, detail: { id: this.selected } }));
  }

  #paint() {
    const { brush, store } = this.canvas;
    brush.above("focus", store.spans.get(this.selected));
    brush.above("several", [...this.several].filter((id) => id !== this.selected).map((id) => store.spans.get(id)));
  }

  #tell() {
    this.canvas.cursor?.draw();
    this.canvas.tell("picked");
  }

  /** Pick these marks and no others; the last one is what single acts are about. */
  pickSeveral(ids, { open = true } = {}) {
    const all = [...new Set(ids)].filter((id) => this.canvas.store.spans.get(id));
    this.several = new Set(all.length > 1 ? all : []);
    this.select(all.at(-1), { keep: true, open });
  }

  /** Marks and suggestions have changed: what is gone is not picked any more. */
  changed(touched) {
    const { panel, store } = this.canvas;
    const span = store.spans.get(this.selected);
    const gone = [...this.several].filter((id) => !store.spans.get(id));
    for (const id of gone) this.several.delete(id);
    if (this.several.size < 2) this.several.clear();
    if (this.selected && !span) this.pickSeveral([...this.several]);
    else if (touched.all || touched.relations || gone.length || [this.selected, ...this.several].some((id) => touched.spans.has(id))) {
      this.#paint();
      panel?.refresh();
    }
    if (this.current && !store.suggestions.get(this.current)) this.setCurrent(null);
  }

  /** Escape: give up the innermost thing that is going on. */
  giveUp() {
    const { acts, links, panel, selecting, suggestions } = this.canvas;
    if (links?.wanted) links.stop();
    else if (acts.correcting) (acts.correcting = null), selecting.clear();
    else if (selecting.some) return selecting.clear(), panel?.refresh();
    else if (acts.armed) acts.arm(null);
    else if (this.several.size) this.select(this.selected);
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
      canvas.cursor?.reveal(suggestion.from);
      canvas.say(canvas.t("offered", { label: this.#labelOf(suggestion), text: short(canvas.store.quote(suggestion)) }));
      canvas.selecting.caret = suggestion.from;
    }
    if (show) canvas.panel?.show("suggestions");
    this.#tell();
    canvas.suggestions?.changed();
  }
}
