/**
 * What is marked, linked and suggested, as the person sees it: the server's state with the person's own edits on top.
 * Edits are applied here first and painted at once; the server's answer then says the same, or what is true instead.
 * Of a text with many marks those of far stretches come later (far.js): `far` tells which are here and how many are not.
 */

import { uuid } from "#annotator/dom.js";
import { extents, Marks } from "#annotator/model.js";

const FIELDS = [
  "id", "label", "start", "end", "version", "origin", "attributes", "entity", "note", "fragments", "score", "tagger", "suggestion",
];
const OFFER = ["id", "label", "start", "end", "attributes", "entity", "score", "reason", "tagger", "fragments", "tagger_version"];

const unpack = (fields, row) => (Array.isArray(row) ? Object.fromEntries(fields.map((f, i) => [f, row[i]])) : { ...row });

/** What a mark of a label begins with. */
export function defaults(label) {
  return Object.fromEntries((label?.attributes ?? []).filter((a) => a.default !== undefined).map((a) => [a.code, a.default]));
}

export class Store extends EventTarget {
  constructor(state, paper) {
    super();
    this.paper = paper;
    this.codebook = state.codebook;
    this.labels = new Map(state.codebook.labels.map((label) => [label.code, label]));
    this.relationTypes = new Map(state.codebook.relations.map((type) => [type.code, type]));
    this.entities = new Map(Object.entries(state.entities ?? {}));
    const { suggestions = true, threshold = 0, thresholds = {} } = state.preferences ?? {};
    Object.assign(this, { layer: suggestions, threshold, thresholds }); // whether suggestions show, and from which score on
    this.far = state.far ? { ...state.far, loaded: new Set(state.far.loaded) } : null; // null: all marks are here
    this.#fill(state.spans, state.relations, state.suggestions);
  }

  #fill(spans, relations, suggestions) {
    this.spans = new Marks(this.paper);
    this.suggestions = new Marks(this.paper);
    this.relations = new Map();
    this.removed = new Set(); // taken away here, not yet on the server: an older answer must not bring them back
    this.decided = new Map(); // suggestions as they were, for an undo
    this.reopened = new Set(); // suggestions offered again here, not yet on the server
    this.acts = []; // unanswered, each the edits that are undone as one
    this.undone = new Map(); // id of an undo that is shown already -> the edits it must turn back
    this.unanswered = new Map(); // id -> edit, in order
    this.gone = new Set(); // what was removed or decided while marks were on their way here
    for (const row of spans ?? []) this.spans.put(unpack(FIELDS, row));
    for (const row of relations ?? []) this.relations.set(row.id, row);
    for (const row of suggestions ?? []) this.suggestions.put(unpack(OFFER, row));
  }

  /** What a mark says; between its pieces stands an ellipsis. */
  quote(mark) {
    return extents(mark, this.paper).map(([from, to]) => this.paper.quote(from, to)).join(" … ");
  }

  entity(id) {
    return this.entities.get(String(id));
  }

  relationsOf(id) {
    return [...this.relations.values()].filter((r) => r.from.span === id || r.to.span === id);
  }

  /** Whether the marks that begin at a code point have come. */
  isHere(point) {
    return !this.far || this.far.loaded.has(Math.floor(point / this.far.width));
  }

  /** Everything that has not come. `tell(share)` hears how far it is. Rejects when it cannot be had. */
  async whole(tell) {
    if (this.far) await this.fetchAll(tell);
  }

  /** How many marks each label has, here and far. */
  counts() {
    const found = new Map();
    const count = (label, n) => found.set(label, (found.get(label) ?? 0) + n);
    for (const span of this.spans.byId.values()) if (this.isHere(span.start)) count(span.label, 1);
    for (const labels of this.afar("spans")) for (const label in labels) count(label, labels[label]);
    return found;
  }

  /** How many marks there are, here and far. */
  get total() {
    return [...this.counts().values()].reduce((sum, n) => sum + n, 0);
  }

  /** What is known of each stretch that has not come. */
  afar(kind) {
    const { far } = this;
    return far ? Object.keys(far[kind]).filter((stretch) => !far.loaded.has(Number(stretch))).map((stretch) => far[kind][stretch]) : [];
  }

  isCertain({ label, score }) {
    return (score ?? 1) >= (this.thresholds[label] ?? this.threshold) - 1e-9;
  }

  /** Whether a suggestion is to be seen: certain enough, and not said by a mark already. */
  isOffered(suggestion) {
    const { label, start, end, first } = suggestion;
    const isSame = (mark) => mark.label === label && mark.start === start && mark.end === end;
    return this.layer && this.isCertain(suggestion) && !this.spans.in(first).some(isSame);
  }

  /** The open suggestions that are to be seen, in the order of the text. */
  offered() {
    return this.suggestions.ordered().filter((s) => this.isOffered(s));
  }

  // -- edits

  extent(from, to) {
    const { map } = this.paper;
    return { start: map.toPoints(from), end: map.toPoints(to), quote: this.paper.quote(from, to) };
  }

  /** Mark a stretch. Where a suggestion of the same label lies there, it is taken over, or counted as corrected. */
  add(label, from, to, suggestion) {
    const extent = this.extent(from, to);
    const attributes = defaults(this.labels.get(label));
    const rival = suggestion ?? this.#rival(label, from, to);
    if (!rival) return { id: uuid(), op: "add_span", span: { id: uuid(), label, ...extent, attributes } };
    const edit = this.accept(rival, { label, ...extent });
    // "The Ukrainian ports" are not whom "Ukrainian" means.
    const words = (text) => text.split(/\s+/).length;
    if (!suggestion && this.labels.get(label)?.entity && words(extent.quote) !== words(this.quote(rival))) Object.assign(edit.span, { attributes, entity: null });
    return edit;
  }

  /** The suggestion in sight that a mark corrects: of the same label, and more like it than not; the likest. */
  #rival(label, from, to) {
    let best = null;
    let most = 0.5;
    for (let i = this.paper.indexAt(from); i <= this.paper.indexAt(to - 1); i++) {
      for (const s of this.suggestions.in(i)) {
        const shared = (Math.min(to, s.to) - Math.max(from, s.from)) / (Math.max(to, s.to) - Math.min(from, s.from));
        if (s.label === label && shared >= most && this.isOffered(s)) [best, most] = [s, shared];
      }
    }
    return best;
  }

  update(id, fields) {
    return { id: uuid(), op: "update_span", base_version: this.spans.get(id).version, span: { id, ...fields } };
  }

  remove(id) {
    return { id: uuid(), op: "delete_span", base_version: this.spans.get(id).version, span: { id } };
  }

  /** `fields` are what is corrected; what is as suggested is left out, so that the server can tell. */
  accept(suggestion, fields = {}) {
    const same = fields.start === suggestion.start && fields.end === suggestion.end;
    const { start, end, quote, label, ...rest } = fields;
    const span = { id: uuid(), ...rest };
    if (start !== undefined && !same) Object.assign(span, { start, end, quote, fragments: null });
    if (label && label !== suggestion.label) {
      Object.assign(span, { label, attributes: {} });
      if (!this.labels.get(label)?.entity) span.entity = null;
    }
    return { id: uuid(), op: "accept_suggestion", suggestion: suggestion.id, span };
  }

  reject(suggestion) {
    return { id: uuid(), op: "reject_suggestion", suggestion: suggestion.id };
  }

  // -- applying

  /** Show edits at once, before the server has seen them. */
  apply(edits) {
    const touched = new Touched();
    this.#show(edits, touched);
    this.#tell(touched);
  }

  #show(edits, touched) {
    for (const edit of edits) {
      this[`_${edit.op}`]?.(edit, touched);
      const group = edit.group ?? edit.id;
      if (edit.op === "undo" || edit.op === "redo") continue;
      this.unanswered.set(edit.id, edit);
      if (this.acts.at(-1)?.group === group) this.acts.at(-1).edits.push(edit);
      else this.acts.push({ group, edits: [edit] });
    }
  }

  /**
   * What only added something and has not been answered can be taken away again at once. All else waits for the server,
   * which alone knows the versions of what it brings back.
   */
  _undo({ id }, touched) {
    const act = this.acts.pop();
    if (!act?.edits.every(({ op }) => op in TAKEN_BACK)) return;
    this.undone.set(id, act.edits);
    for (const edit of act.edits.toReversed()) {
      this.unanswered.delete(edit.id);
      TAKEN_BACK[edit.op](this, edit, touched);
    }
  }

  /** What comes back is the server's to say, and so is what the next undo means. */
  _redo() {
    this.acts = [];
  }

  _add_span({ span }, touched) {
    const { quote, ...fields } = span;
    if (!this.spans.get(span.id)) this.#put({ note: "", entity: null, origin: "MANUAL", ...fields, version: 1 }, touched);
  }

  _update_span({ span, base_version }, touched) {
    const old = this.spans.get(span.id);
    if (!old || old.version > base_version) return;
    const { quote, ...fields } = span;
    this.#put({ ...old, ...("start" in span && { fragments: null }), ...fields, version: base_version + 1 }, touched);
  }

  _delete_span({ span }, touched) {
    this.removed.add(span.id);
    for (const relation of this.relationsOf(span.id)) this._delete_relation({ relation }, touched);
    this.#drop(span.id, touched);
  }

  _add_relation({ relation }, touched) {
    if (!this.relations.has(relation.id)) this.relations.set(relation.id, { attributes: {}, note: "", ...relation, version: 1 });
    touched.relations = true;
  }

  _update_relation({ relation, base_version }, touched) {
    const old = this.relations.get(relation.id);
    if (old && old.version <= base_version) this.relations.set(relation.id, { ...old, ...relation, version: base_version + 1 });
    touched.relations = true;
  }

  _delete_relation({ relation }, touched) {
    this.removed.add(relation.id);
    this.relations.delete(relation.id);
    touched.relations = true;
  }

  _accept_suggestion({ suggestion, span }, touched) {
    const offered = this.suggestions.get(suggestion);
    this.#decide(suggestion, touched);
    if (!offered || this.spans.get(span.id)) return;
    const { quote, ...fields } = span;
    const { id, reason, tagger_version, first, last, from, to, ...rest } = offered;
    const origin = Object.keys(fields).length > 1 ? "CORRECTED" : "ACCEPTED";
    this.#put({ note: "", ...rest, ...fields, origin, suggestion: id, version: 1 }, touched);
  }

  _reject_suggestion({ suggestion }, touched) {
    this.#decide(suggestion, touched);
  }

  /** What the server made of edits; also those of another tab. */
  settle(answer) {
    const touched = new Touched();
    for (const edit of answer.edits) {
      this.unanswered.delete(edit.id);
      this.acts = this.acts.filter((act) => act.edits.every(({ id }) => id !== edit.id));
      if (!this.#expected(edit)) touched.wrong = true;
      for (const id of edit.deleted_spans) if (!this.#drop(id, touched) && !this.removed.has(id)) touched.counts = true;
      for (const id of edit.deleted_relations) this.relations.delete(id);
      for (const id of [...edit.deleted_spans, ...edit.deleted_relations]) {
        this.removed.delete(id);
        this.gone.add(id);
      }
      for (const { id } of [...edit.spans, ...edit.relations]) this.gone.delete(id);
      for (const span of edit.spans) {
        const old = this.spans.get(span.id);
        if (!this.removed.has(span.id) && (!old || span.version > old.version)) this.#put({ ...span }, touched);
      }
      for (const relation of edit.relations) {
        const old = this.relations.get(relation.id);
        if (this.removed.has(relation.id) || (old && old.version >= relation.version)) continue;
        this.relations.set(relation.id, relation);
        touched.relations = true;
      }
      if (edit.deleted_relations.length) touched.relations = true;
      for (const { suggestion, status } of edit.decisions) {
        if (status === "OPEN") this.gone.delete(suggestion);
        else this.gone.add(suggestion);
        if (status !== "OPEN") {
          if (!this.reopened.has(suggestion)) this.#decide(suggestion, touched);
        } else if (this.decided.has(suggestion)) this.offer([this.decided.get(suggestion)], touched);
        else if (!this.reopened.delete(suggestion)) touched.unknown = true;
      }
    }
    this.#tell(touched);
  }

  /** Whether an undo that was shown before its answer turned back what it was shown to turn back. */
  #expected({ id, deleted_spans, deleted_relations, decisions }) {
    const edits = this.undone.get(id);
    this.undone.delete(id);
    const done = [...deleted_spans, ...deleted_relations, ...decisions.map((d) => d.suggestion)];
    return !edits || edits.every((edit) => done.includes((edit.span ?? edit.relation)?.id ?? edit.suggestion));
  }

  /** Put suggestions in that are not there; those decided here stay away. Returns how many are new. */
  offer(rows, touched = null) {
    const own = touched ?? new Touched();
    let added = 0;
    for (const row of rows) {
      const offered = unpack(OFFER, row);
      if (this.suggestions.get(offered.id)) continue;
      this.decided.delete(offered.id);
      own.paragraphs.push(this.suggestions.put(offered));
      own.suggestions = true;
      added++;
    }
    if (!touched) this.#tell(own);
    return added;
  }

  /** Take suggestions away that no tagger makes any more. */
  withdraw(ids) {
    const touched = new Touched();
    for (const id of ids) touched.paragraphs.push(this.suggestions.delete(id));
    touched.suggestions = true;
    if (ids.length) this.#tell(touched);
  }

  /** Take in what the server has in some stretches of the text; what was done here meanwhile stands. */
  merge({ spans, relations, suggestions, entities, counts }, stretches) {
    const touched = new Touched();
    this.#know(entities, counts);
    const isNew = (row, old) => !(this.removed.has(row.id) || this.gone.has(row.id) || old?.version >= row.version);
    for (const span of spans.map((row) => unpack(FIELDS, row))) if (isNew(span, this.spans.get(span.id))) this.#put(span, touched);
    for (const relation of relations) {
      if (!isNew(relation, this.relations.get(relation.id))) continue;
      this.relations.set(relation.id, relation);
      touched.relations = true;
    }
    const open = suggestions.map((row) => unpack(OFFER, row));
    this.offer(open.filter(({ id }) => !this.decided.has(id) && !this.gone.has(id)), touched);
    for (const stretch of stretches) this.far?.loaded.add(stretch);
    for (const edit of this.unanswered.values()) this[`_${edit.op}`](edit, touched); // on what it was not there for
    touched.far.clear();
    this.#tell(touched);
  }

  #know(entities, counts) {
    for (const id in entities) this.entities.set(id, entities[id]);
    if (this.far) Object.assign(this.far, counts);
  }

  /** Begin again from the server's state, with edits on top that it has not seen. */
  replace({ spans, relations, suggestions, entities, counts }, waiting) {
    this.#know(entities, counts);
    this.#fill(spans, relations, suggestions);
    const touched = new Touched();
    touched.all = touched.relations = touched.suggestions = true;
    this.#show(waiting, touched);
    this.#tell(touched);
  }

  #put(span, touched) {
    touched.paragraphs.push(this.spans.put(span));
    touched.spans.add(span.id);
    if (!this.isHere(span.start)) touched.far.add(span.start);
  }

  #drop(id, touched) {
    const where = this.spans.delete(id);
    if (!where) return false;
    touched.paragraphs.push(where);
    touched.spans.add(id);
    return true;
  }

  #decide(id, touched) {
    this.reopened.delete(id);
    const offered = this.suggestions.get(id);
    if (!offered) return;
    this.decided.set(id, offered);
    touched.paragraphs.push(this.suggestions.delete(id));
    touched.suggestions = true;
  }

  #tell(touched) {
    this.dispatchEvent(new CustomEvent("change", { detail: touched }));
  }
}

function reopen(store, { suggestion }, touched) {
  const offered = store.decided.get(suggestion);
  if (offered) store.offer([offered], touched);
  store.reopened.add(suggestion);
}

/** The edits that can be undone without the server, and how. */
const TAKEN_BACK = {
  add_span: (store, edit, touched) => store._delete_span(edit, touched),
  add_relation: (store, edit, touched) => store._delete_relation(edit, touched),
  reject_suggestion: reopen,
  accept_suggestion(store, edit, touched) {
    store._delete_span(edit, touched);
    reopen(store, edit, touched);
  },
};

/** What a change reached. */
class Touched {
  paragraphs = []; // [first, last]
  spans = new Set();
  relations = false;
  suggestions = false;
  wrong = false; // what is shown is not what is true
  unknown = false; // a suggestion came back that this page never had
  far = new Set(); // code points of marks in stretches that have not come
  counts = false; // something went that had not come
  all = false;
}
