/** What the person does to marks and suggestions: each act is edits, shown at once and on their way. */

import { uuid } from "#annotator/dom.js";

export class Acts {
  constructor(canvas) {
    this.canvas = canvas;
    this.armed = null; // code of the label that each selection gets
    this.armedWith = {}; // and the values that come with it
    this.correcting = null; // id of the suggestion that the next mark takes the place of
  }

  /** Show edits and send them; several are one act, undone as one. */
  commit(edits) {
    if (edits.length > 1) for (const edit of edits) edit.group ??= edits[0].id;
    const { outbox, store, suggestions } = this.canvas;
    suggestions?.deciding.stamp(edits);
    store.apply(edits);
    const turnedBack = store.undone.get(edits[0].id)?.map((edit) => edit.id);
    outbox.put(edits, turnedBack);
  }

  // -- labels

  /** What a label's key or button means now, with the values of attributes that come with it. */
  useLabel(code, values = {}) {
    const { canvas } = this;
    const { cursor, editable, picking, selecting } = canvas;
    if (!editable) return;
    const nothing = !this.armed && !picking.selected && !picking.current;
    if (nothing && !selecting.some && cursor?.keyed && cursor.under()) selecting.set(...cursor.under());
    if (this.correcting || selecting.some) this.mark(code, values);
    else if (picking.current) canvas.suggestions?.deciding.label(code, values);
    else if (picking.selected) canvas.panel?.label(code, values);
    else {
      const same = this.armed === code && JSON.stringify(this.armedWith) === JSON.stringify(values);
      this.arm(same ? null : code, values);
    }
  }

  /** With an armed label each selection is marked at once. */
  arm(code, values = {}) {
    const { canvas } = this;
    this.armed = code;
    this.armedWith = code ? values : {};
    canvas.toggleAttribute("data-armed", Boolean(code));
    canvas.count();
    canvas.favourites?.changed();
    if (code) canvas.say(canvas.t("armed", { label: canvas.favourites?.name({ label: code, values }) ?? code }));
  }

  /** Mark the selection if a label is armed; whether it was. */
  markedAtOnce() {
    if (!this.armed || !this.canvas.editable || this.correcting) return false;
    this.mark(this.armed, this.armedWith);
    return true;
  }

  /** Mark the stretch, with values of attributes and other fields. What is suggested there counts as corrected. */
  mark(code, values = {}, fields = {}) {
    const { favourites, picking, selecting, store } = this.canvas;
    const { from, to } = selecting;
    const suggestion = this.correcting ? store.suggestions.get(this.correcting) : undefined;
    this.correcting = null;
    const edit = store.add(code, from, to, suggestion);
    if (Object.keys(values).length) {
      const before = edit.span.attributes ?? store.suggestions.get(edit.suggestion)?.attributes;
      edit.span.attributes = favourites.attributes(code, before, values);
    }
    Object.assign(edit.span, fields);
    this.commit([edit]);
    selecting.clear();
    selecting.caret = to;
    picking.select(edit.span.id);
  }

  // -- the selected mark

  removeSelected() {
    const { picking, saving, store, t } = this.canvas;
    if (picking.several.size > 1) return this.canvas.panel?.removeAll();
    const id = picking.selected;
    if (!id) return;
    const links = store.relationsOf(id).length;
    this.commit([store.remove(id)]);
    saving.say(links ? t("removed_with", { n: links }) : t("removed"), t("undo"), () => this.history("undo"));
  }

  /**
   * Undo and redo are the server's: it knows every act, also those before a reload. What can be shown before it answers
   * is; of the rest it is said that it waits.
   */
  history(op) {
    const { editable, outbox, saving, store, t } = this.canvas;
    if (!editable) return;
    const edit = { id: uuid(), op };
    this.commit([edit]);
    if (outbox.stuck && !store.undone.has(edit.id)) saving.say(t(`${op}_later`));
  }
}
