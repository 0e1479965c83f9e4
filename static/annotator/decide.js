/** Walking through suggestions and deciding them, with the time each took and where it was done. */

const LONGEST = 600_000; // ms; who takes longer has done something else meanwhile

export class Deciding {
  constructor(canvas, suggestions) {
    Object.assign(this, { canvas, suggestions });
    this.skipped = new Set(); // ids; offered again when all others are decided
    this.surface = "text";
    this.looked = { id: null, at: 0 };
    this.done = []; // ids decided here one by one, the last one last
  }

  /** What is being looked at now; its time begins. */
  look() {
    const id = this.canvas.picking.current;
    if (id !== this.looked.id) this.looked = { id, at: performance.now() };
  }

  /** Tell with edits that decide suggestions how long it took and where it was done. */
  stamp(edits) {
    for (const edit of edits) {
      if (edit.op !== "accept_suggestion" && edit.op !== "reject_suggestion") continue;
      edit.surface ??= this.surface;
      if (edit.surface === "bulk") continue;
      if (edit.suggestion === this.looked.id) edit.ms = Math.min(LONGEST, Math.round(performance.now() - this.looked.at));
      this.done.push(edit.suggestion);
    }
  }

  /** Do something that came from elsewhere than the text. */
  from(surface, work) {
    this.surface = surface;
    work();
    this.surface = "text";
  }

  // -- walking

  /** To the next (1) or previous (-1) one, round the end. */
  async walk(step) {
    const { canvas, suggestions } = this;
    const { picking, selecting, store } = canvas;
    if (store.far) await store.whole();
    const all = suggestions.listed();
    if (!all.length) return canvas.say(suggestions.none());
    let at = all.findIndex((s) => s.id === picking.current);
    if (at < 0) {
      const behind = all.findIndex((s) => s.from >= selecting.caret);
      at = behind < 0 ? (step > 0 ? -1 : all.length) : step > 0 ? behind - 1 : behind;
    }
    picking.setCurrent(all.at((at + step + all.length) % all.length).id, { show: true });
  }

  /** What comes behind this one: asked before it is decided, it is found when that is done. */
  after(suggestion) {
    const all = this.suggestions.listed();
    const at = all.indexOf(suggestion);
    const others = [...all.slice(at + 1), ...all.slice(0, Math.max(0, at))];
    return () => {
      const { canvas } = this;
      const rest = others.filter((s) => s !== suggestion && canvas.store.suggestions.get(s.id) && canvas.store.isOffered(s));
      const next = rest.find((s) => !this.skipped.has(s.id));
      if (next || !rest.length) return next;
      this.skipped.clear();
      canvas.saving.say(canvas.t("skipped_again"));
      return rest[0];
    };
  }

  skip() {
    const { canvas } = this;
    const suggestion = canvas.store.suggestions.get(canvas.picking.current);
    this.skipped.add(suggestion.id);
    canvas.picking.setCurrent(this.after(suggestion)()?.id ?? suggestion.id, { show: true });
  }

  /** An undo brings the last one back: the cursor goes along. */
  changed(touched) {
    if (!touched?.suggestions) return;
    const last = this.done.at(-1);
    if (!last || !this.canvas.store.suggestions.get(last)) return;
    this.done.pop();
    if (this.canvas.store.isOffered(this.canvas.store.suggestions.get(last))) this.canvas.picking.setCurrent(last);
  }

  // -- deciding the current one

  get #current() {
    const { editable, picking, store } = this.canvas;
    return editable ? store.suggestions.get(picking.current) : undefined;
  }

  #decide(make) {
    const suggestion = this.#current;
    if (!suggestion) return;
    const { acts, picking, selecting } = this.canvas;
    const next = this.after(suggestion);
    acts.commit([make(suggestion)]);
    acts.correcting = null;
    selecting.clear();
    selecting.caret = suggestion.to;
    picking.setCurrent(next()?.id, { show: true });
  }

  /** Accept it, with the extent that it was corrected to. */
  accept() {
    const { acts, selecting, store } = this.canvas;
    const extent = acts.correcting && selecting.some ? store.extent(selecting.from, selecting.to) : {};
    this.#decide((suggestion) => store.accept(suggestion, extent));
  }

  /** Accept it under a label, with values of attributes. */
  label(code, values) {
    const attributes = Object.keys(values).length && { attributes: values };
    this.#decide((suggestion) => this.canvas.store.accept(suggestion, { label: code, ...attributes }));
  }

  reject() {
    this.#decide((suggestion) => this.canvas.store.reject(suggestion));
  }

  /** Take it up as a selection, to be labelled or moved before it is accepted. */
  correct() {
    const suggestion = this.#current;
    if (!suggestion) return;
    const { canvas } = this;
    canvas.selecting.set(suggestion.from, suggestion.to);
    canvas.acts.correcting = suggestion.id;
    this.suggestions.changed();
    canvas.say(canvas.t("correcting"));
  }

  // -- many at once

  /** Accept all of them in one act, undone as one however many they are. */
  acceptMany(all) {
    const { acts, saving, store, t } = this.canvas;
    if (!all.length) return this.canvas.say(this.suggestions.none());
    const edits = all.map((s) => ({ ...store.accept(s), surface: "bulk" }));
    for (const edit of edits) edit.group = edits[0].id;
    acts.commit(edits);
    saving.say(t("accepted_n", { n: edits.length }), t("undo"), () => acts.history("undo"));
  }

  /** Of the paragraph with the current one, else with the cursor; on to the next one behind it. */
  acceptParagraph() {
    const { paper, picking, selecting, store } = this.canvas;
    const current = store.suggestions.get(picking.current);
    const paragraph = current?.first ?? paper.indexAt(selecting.caret);
    const here = this.suggestions.listed().filter((s) => s.first === paragraph);
    const next = here.length && this.after(here.at(-1));
    this.acceptMany(here);
    if (current && next) picking.setCurrent(next()?.id, { show: true });
  }
}
