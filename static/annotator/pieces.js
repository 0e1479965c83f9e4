/** Marks of several pieces: taking another stretch in, taking a piece out, and what that makes of the mark. */

import { cap } from "#annotator/caps.js";
import { h, short } from "#annotator/dom.js";
import { extents } from "#annotator/model.js";

/** Pieces ([from, to] in units) in order; those that touch or have only space between them are one. */
export function joined(pieces, paper) {
  const out = [];
  for (const [from, to] of [...pieces].sort((a, b) => a[0] - b[0])) {
    const last = out.at(-1);
    if (last && (from <= last[1] || !paper.quote(last[1], from).trim())) last[1] = Math.max(last[1], to);
    else out.push([from, to]);
  }
  return out;
}

/** The fields of a mark that covers these pieces. */
export function shape(store, pieces) {
  const { map } = store.paper;
  const all = joined(pieces, store.paper);
  const points = all.map((piece) => piece.map((unit) => map.toPoints(unit)));
  return { ...store.extent(all[0][0], all.at(-1)[1]), fragments: all.length > 1 ? points : null };
}

export class Pieces {
  constructor(canvas) {
    this.canvas = canvas;
    canvas.panel.addSection(15, (_, span) => this.#section(span));
    canvas.commands.add({ id: "move_extent", keys: ["KeyE"], group: "marking", writes: true, once: true, run: () => this.move() }, {
      id: "add_piece", keys: ["Shift+KeyE"], group: "marking", writes: true, once: true,
      when: ({ picking, selecting }) => selecting.some && this.#mark && !picking.several.size,
      run: ({ selecting }) => this.take(selecting.from, selecting.to),
    });
  }

  get #mark() {
    const { picking, store } = this.canvas;
    return picking.several.size ? undefined : store.spans.get(picking.selected);
  }

  /** Let the picked mark be the stretch that is selected. */
  move() {
    const { acts, picking, selecting, store } = this.canvas;
    if (!picking.selected || !selecting.some) return;
    acts.commit([store.update(picking.selected, store.extent(selecting.from, selecting.to))]);
    selecting.clear();
  }

  /** Make a stretch part of the picked mark. Returns whether there is one to take it. */
  take(from, to) {
    const { canvas } = this;
    const span = this.#mark;
    if (!span || !canvas.editable) return false;
    this.#set(span, [...extents(span, canvas.paper), [from, to]]);
    canvas.selecting.clear();
    canvas.say(canvas.t("piece_added", { text: short(canvas.store.quote(canvas.store.spans.get(span.id))) }));
    return true;
  }

  #drop(span, index) {
    this.#set(span, extents(span, this.canvas.paper).toSpliced(index, 1));
    this.canvas.say(this.canvas.t("removed"));
    this.canvas.focus();
  }

  #set(span, pieces) {
    const { acts, store } = this.canvas;
    const fields = shape(store, pieces);
    const same = ["start", "end"].every((key) => fields[key] === span[key]) && JSON.stringify(fields.fragments) === JSON.stringify(span.fragments);
    if (!same) acts.commit([store.update(span.id, fields)]);
  }

  #section(span) {
    const { editable, paper, selecting, t } = this.canvas;
    const adding = editable && selecting.some;
    if (!span.fragments && !adding) return null;
    const go = (from) => ({ type: "button", class: "link", onclick: () => this.canvas.cursor.reveal(from) });
    const rows = (span.fragments ? extents(span, paper) : []).map(([from, to], i) => {
      const off = { type: "button", class: "quiet small", "data-field": `piece:${i}`, "aria-label": t("remove_piece"), title: t("remove_piece"), onclick: () => this.#drop(span, i) };
      return h("li", {}, h("button", go(from), h("q", { dir: "auto" }, short(paper.quote(from, to), 60))), editable && h("button", off, "×"));
    });
    const add = { type: "button", class: "small", "data-field": "add-piece", "data-chrome": "", onclick: () => this.take(selecting.from, selecting.to) };
    return h(
      "section",
      { class: "pieces" },
      rows.length > 0 && h("ol", { "aria-label": t("pieces") }, rows),
      adding && h("button", add, t("add_piece"), cap(this.canvas, "add_piece")),
    );
  }
}
