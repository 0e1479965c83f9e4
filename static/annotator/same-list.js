/** All the same: the occurrences of some words in lines with check boxes, over the panel, and one act that marks them. */

import { h, short } from "#annotator/dom.js";
import { prefer } from "#annotator/preferences.js";
import { SameGroups } from "#annotator/same-groups.js";
import { bring, inDocument, inProject, markAll, markEdit, newAct, stop, takeBack, why } from "#annotator/same-work.js";
import { defaults } from "#annotator/store.js";

const WAIT = 250; // ms after the last key
const FORMS = { exact: "all", article: "arabic", suffix: "arabic", plural: "latin", case: "latin", attached: "all" };
const STANDARD = { exact: false, article: true, suffix: false, plural: false, attached: false };
const AROUND = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}\p{M}]+$/gu;
const LONGEST = 200; // code points, as the server has it
const MOST = 20_000; // marks of one act, as the server has it
const isArabic = (words) => /^[^\p{L}]*[\u0600-\u06ff]/u.test(words);

export class SameList {
  constructor(canvas) {
    this.canvas = canvas;
    this.forms = { ...STANDARD, ...canvas.preferences.same };
    this.groups = new SameGroups(canvas, { changed: () => this.#count(), enter: () => this.mark(), label: (code) => this.#setLabel(code) });
    this.copy = { attributes: true, entity: true, note: false };
  }

  // -- opening and closing

  /** Take up what is selected, marked or under the cursor. */
  open() {
    const { cursor, paper, picking, selecting, store } = this.canvas;
    const span = store.spans.get(picking.selected);
    let words = "";
    if (selecting.some) words = paper.quote(selecting.from, selecting.to);
    else if (span) words = paper.quote(span.from, span.to);
    else if (cursor?.under?.()) words = paper.quote(...cursor.under());
    this.model = selecting.some ? null : span;
    this.label = this.model?.label ?? this.canvas.acts.armed ?? this.label ?? store.labels.keys().next().value;
    this.words = [...short(words, 1000).replace(AROUND, "")].slice(0, LONGEST).join("");
    this.act = newAct();
    this.scope ??= "document";
    this.#draw();
    if (this.words) this.look({ focus: true });
    else this.field.focus();
  }

  #draw() {
    this.root?.remove();
    const { panel, t } = this.canvas;
    this.field = h("input", { id: "same-words", type: "search", value: this.words, maxLength: LONGEST, dir: "auto", autocomplete: "off", oninput: () => this.#typed() });
    this.cores = h("p", { class: "cores", hidden: true });
    this.summary = h("p", { class: "same-summary", role: "status" });
    this.progress = h("div", { class: "same-progress", hidden: true });
    this.go = h("button", { type: "button", class: "primary", onclick: () => this.mark() });
    this.pickButton = h("button", { type: "button", class: "small", hidden: true, onclick: () => this.#pick() });
    const close = h("button", { type: "button", class: "quiet", "aria-label": t("close"), title: t("close"), onclick: () => this.close() }, "×");
    this.root = h(
      "section",
      { class: "same", role: "region", "aria-label": t("same_title"), onkeydown: (event) => this.#key(event) },
      h("header", {}, h("h2", {}, t("same_title")), close),
      h("div", { class: "same-question" }, h("label", { class: "spoken", for: "same-words" }, t("same_words")), this.field, this.cores, this.#scopes(), this.#formFields(), this.#labelFields()),
      h("div", { class: "same-bar" }, this.summary, h("span", { class: "grow" }), this.#all("same_all", true), this.#all("same_none", false)),
      this.progress,
      this.groups.root,
      h("footer", { class: "actions" }, this.go, this.pickButton, h("span", { class: "grow" }), h("a", { class: "small", href: this.canvas.state.urls.same_acts }, t("same_earlier"))),
    );
    this.groups.clear();
    panel.root.append(this.root);
    panel.root.dataset.open = "";
    panel.root.dataset.same = "";
    this.isOpen = true;
    this.#count();
  }

  close({ focus = true } = {}) {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.searching?.abort();
    clearTimeout(this.timer);
    this.root.remove();
    delete this.canvas.panel.root.dataset.same;
    if (focus) delete this.canvas.panel.root.dataset.open;
    this.groups.clear();
    if (focus) this.canvas.focus();
  }

  // -- the question

  #scopes() {
    const { t } = this.canvas;
    const choose = (scope) => h("label", {}, h("input", { type: "radio", name: "same-scope", value: scope, checked: this.scope === scope, onchange: () => this.#rescope(scope) }), h("span", {}, t(`same_${scope === "document" ? "here" : "project"}`)));
    this.unassignedField = h("label", { class: "check small", hidden: true }, h("input", { type: "checkbox", checked: Boolean(this.unassigned), onchange: ({ target }) => ((this.unassigned = target.checked), this.look()) }), t("same_unassigned"));
    return [h("div", { class: "segments", role: "radiogroup" }, choose("document"), choose("project")), this.unassignedField];
  }

  #rescope(scope) {
    this.scope = scope;
    this.look();
  }

  #formFields() {
    const { t } = this.canvas;
    const script = isArabic(this.words) ? "arabic" : "latin";
    const fields = Object.entries(FORMS).filter(([, of]) => of === "all" || of === script || !this.words);
    const change = (name, on) => {
      this.forms[name] = on;
      const kept = Object.fromEntries(Object.entries(this.forms).filter(([form, value]) => form in STANDARD && value !== STANDARD[form]));
      prefer(this.canvas, "same", Object.keys(kept).length ? kept : null);
      this.look();
    };
    const boxes = fields.map(([name]) => h("label", { class: "check" }, h("input", { type: "checkbox", checked: Boolean(this.forms[name]), onchange: ({ target }) => change(name, target.checked) }), t(`same_${name}`)));
    return (this.formFields = h("details", { class: "same-forms", open: this.formFields?.open ?? false }, h("summary", {}, t("same_forms")), boxes));
  }

  #labelFields() {
    const { store, t } = this.canvas;
    this.select = h("select", { id: "same-label", onchange: () => this.#setLabel(this.select.value) }, [...store.labels.values()].map((label) => h("option", { value: label.code, selected: label.code === this.label }, this.canvas.name(label))));
    this.copies = h("span", { class: "same-copies" });
    this.#drawCopies();
    return h("div", { class: "same-as" }, h("label", { for: "same-label" }, t("same_label")), this.select, this.copies);
  }

  /** What can be copied from the mark that one came from. */
  #drawCopies() {
    const { store, t } = this.canvas;
    const model = this.model && store.spans.get(this.model.id);
    const has = model && { attributes: model.label === this.label && Object.keys(copied(model.attributes)).length > 0, entity: model.entity && store.labels.get(this.label)?.entity, note: Boolean(model.note) };
    const names = has ? Object.keys(this.copy).filter((name) => has[name]) : [];
    const box = (name) => h("label", { class: "check" }, h("input", { type: "checkbox", checked: this.copy[name], onchange: ({ target }) => (this.copy[name] = target.checked) }), t(`same_${name}`));
    this.copies.replaceChildren(...(names.length ? [h("span", { class: "muted" }, t("same_copy")), ...names.map(box)] : []));
    this.copies.hidden = !names.length;
  }

  #setLabel(code) {
    this.label = code;
    this.select.value = code;
    this.#drawCopies();
    this.groups.relabel(code);
  }

  #typed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), WAIT);
  }

  /** The label of the marks, and what else is copied. */
  #span() {
    const { store } = this.canvas;
    const model = this.model && store.spans.get(this.model.id);
    const label = store.labels.get(this.label);
    const span = { label: this.label };
    if (model?.label === this.label && this.copy.attributes) span.attributes = copied(model.attributes);
    if (model?.entity && label.entity && this.copy.entity) span.entity = model.entity;
    if (model?.note && this.copy.note) span.note = model.note;
    return span;
  }

  // -- searching

  async look({ focus = false } = {}) {
    clearTimeout(this.timer);
    this.searching?.abort();
    this.searching = new AbortController();
    const { signal } = this.searching;
    this.words = this.field.value.trim();
    this.act = newAct();
    this.page = null;
    this.#report();
    if (isArabic(this.words) !== this.wasArabic) this.formFields.replaceWith(this.#formFields());
    this.wasArabic = isArabic(this.words);
    if (!this.words) return this.groups.show([], this.label), this.#count();
    try {
      if (this.scope === "document") await this.#lookHere(signal);
      else await this.#lookEverywhere(signal);
      if (focus && !signal.aborted) this.groups.focus();
    } catch (refused) {
      if (!signal.aborted) this.#refused(refused);
    }
  }

  async #lookHere(signal) {
    this.unassignedField.hidden = true;
    const found = await inDocument(this.canvas, this.words, this.#asked(), signal);
    this.#offer(found.cores);
    this.groups.show([found], this.label);
    this.#count();
  }

  async #lookEverywhere(signal, after = 0) {
    if (!after) {
      this.#offer([]);
      this.groups.show([], this.label, { heads: true });
    }
    for await (const page of inProject(this.canvas, this.words, this.#asked(), { unassigned: this.unassigned, after, signal })) {
      this.page = page;
      this.unassignedField.hidden = !page.unassigned;
      this.groups.add(page.results);
      this.#report();
      if (page.after !== null && this.groups.counts().found >= MOST) return this.#halt();
    }
  }

  #asked() {
    const { case: capitals, ...forms } = this.forms;
    return capitals === undefined ? forms : { ...forms, case: capitals };
  }

  /** The words without letters that may only be attached. */
  #offer(cores) {
    const use = (words) => ((this.field.value = words), this.look({ focus: true }));
    const chips = cores.map((words) => h("button", { type: "button", class: "chip quick", dir: "auto", onclick: () => use(words) }, words));
    this.cores.replaceChildren(...(chips.length ? [h("span", { class: "muted" }, this.canvas.t("same_without")), ...chips] : []));
    this.cores.hidden = !chips.length;
  }

  /** How far the search through the project is. */
  #report() {
    const { page } = this;
    this.#count();
    if (this.scope === "project" && page && page.after !== null) this.#tell("same_reading", page, () => this.#halt());
    else this.progress.hidden = true;
  }

  /** Stop searching; what was found so far can be marked, or the search goes on where it stopped. */
  #halt() {
    const { t } = this.canvas;
    const { page } = this;
    this.searching.abort();
    this.searching = new AbortController();
    const { signal } = this.searching;
    const go = () => this.#lookEverywhere(signal, page.after).catch((refused) => signal.aborted || this.#refused(refused));
    this.progress.replaceChildren(h("span", {}, t("same_read", page)), h("button", { type: "button", class: "small", onclick: go }, t("same_go_on")));
  }

  #refused(refused) {
    this.groups.show([], this.label);
    this.summary.textContent = why(this.canvas, refused);
    this.progress.hidden = true;
  }

  #tell(key, values, halt) {
    const { t } = this.canvas;
    const { read, done = read, total } = values;
    this.progress.hidden = false;
    this.progress.replaceChildren(
      h("progress", { max: total || 1, value: done, "aria-label": t(key, values) }),
      h("span", {}, t(key, values)),
      halt && h("button", { type: "button", class: "small", onclick: halt }, t("same_stop")),
    );
  }

  #count() {
    const { t } = this.canvas;
    const { found, marked, chosen, more } = this.groups.counts();
    let text = t("same_found", { found, marked, chosen });
    if (!this.words) text = t("same_type");
    else if (!found) text = this.scope === "project" && this.page?.after !== null ? "" : t("same_nothing");
    if (more) text += ` ${t("same_more", { n: more })}`;
    this.summary.textContent = text;
    this.go.replaceChildren(t("same_mark", { n: chosen }));
    this.go.disabled = !chosen || this.busy;
    this.pickButton.hidden = this.scope !== "document" || !marked;
    this.pickButton.textContent = t("same_pick", { n: marked });
  }

  #all(key, on) {
    return h("button", { type: "button", class: "quiet small", onclick: () => this.groups.all(on) }, this.canvas.t(key));
  }

  // -- acting

  async mark() {
    if (this.busy || !this.groups.counts().chosen) return;
    if (this.scope === "document") this.#markHere();
    else await this.#markEverywhere();
  }

  #markHere() {
    const { acts, saving, t } = this.canvas;
    const span = this.#span();
    const edits = this.groups.chosen()[0].hits.map((hit) => markEdit(this.canvas, hit, structuredClone(span)));
    this.close();
    acts.commit(edits);
    saving.say(t("same_marked", { n: edits.length }), t("undo"), () => acts.history("undo"));
  }

  async #markEverywhere() {
    const { canvas } = this;
    const { t, saving } = canvas;
    const documents = this.groups.chosen().map(({ document, hits }) => ({ document, starts: hits.map((hit) => hit.start) }));
    const { case: capitals, ...forms } = this.forms;
    const body = { id: this.act, q: this.words, ...forms, case: capitals === undefined ? "auto" : capitals ? "yes" : "no", span: { attributes: defaults(this.canvas.store.labels.get(this.label)), ...this.#span() }, documents };
    this.searching?.abort();
    this.busy = true;
    this.#count();
    try {
      const job = await markAll(canvas, body, (far, id) => this.isOpen && this.#tell("same_marking", far, id && (() => stop(canvas, id).catch(() => {}))));
      const { marks = 0, documents: n = 0, left = 0 } = job.result;
      const failed = job.failure && t("same_failed", { why: job.failure });
      const words = [t("same_marked_in", { n: marks, documents: n }), left + job.errors.length > 0 && t("same_left", { n: left + job.errors.length }), failed];
      this.busy = false;
      this.close();
      saving.say(words.filter(Boolean).join(" "), marks > 0 && t("undo"), () => this.#undo(job.id));
    } catch (refused) {
      this.busy = false;
      if (canvas.listening.signal.aborted) return;
      this.progress.hidden = true;
      this.#count();
      saving.say(t("same_failed", { why: why(canvas, refused) }));
    }
  }

  async #undo(id) {
    const { canvas } = this;
    const { saving, t } = canvas;
    try {
      const job = await takeBack(canvas, id, (far) => saving.say(t("same_undoing", far)));
      const { removed = 0, kept = 0 } = job.result;
      saving.say([t("same_undone", { n: removed }), kept + job.errors.length > 0 && t("same_kept", { n: kept + job.errors.length })].filter(Boolean).join(" "));
    } catch (refused) {
      if (!canvas.listening.signal.aborted) saving.say(t("same_failed", { why: why(canvas, refused) }), t("undo"), () => this.#undo(id));
    }
  }

  async #pick() {
    const marks = this.groups.marked();
    await bring(this.canvas, marks);
    this.close({ focus: false });
    this.canvas.picking.pickSeveral(marks.map(({ id }) => id));
    this.canvas.focus();
  }

  // -- keys and what happens outside

  /** Keys of the text mean nothing here, but those of labels choose the label. */
  #key(event) {
    if (event.code === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      return this.close();
    }
    if (event.target === this.field && ["ArrowDown", "Enter"].includes(event.code) && !event.isComposing) {
      event.preventDefault();
      if (this.field.value.trim() !== this.words) this.look({ focus: true });
      else this.groups.focus();
    }
    event.stopPropagation();
  }

  changed() {
    if (this.isOpen && !this.busy) this.groups.refresh();
  }

  destroy() {
    this.close({ focus: false });
  }
}

/** Attributes that can stand in another place: all but extents. */
function copied(attributes) {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value?.start === undefined));
}
