/** The occurrences of a search as rows of check boxes, by document; the current one is shown in the text. */

import { h } from "#annotator/dom.js";
import { marksHere } from "#annotator/same-work.js";

const OPEN = 4; // rows of another document that are shown at once
const GROUPS = 40; // documents that are shown at a time; the others are chosen all the same
const BEFORE = 34; // characters of the context in a row
const AFTER = 46;

export class SameGroups {
  /** @param {{changed: () => void, enter: () => void, label: (code: string) => void}} hooks */
  constructor(canvas, hooks) {
    Object.assign(this, { canvas, hooks, groups: [], shown: GROUPS });
    this.root = h("div", { class: "same-groups", role: "group", "aria-label": canvas.t("same_list"), onkeydown: (event) => this.#key(event), onchange: (event) => this.#toggled(event), onfocusin: (event) => this.#focused(event), onclick: (event) => this.#clicked(event) });
  }

  get here() {
    return this.groups.find((group) => group.own);
  }

  // -- what is found

  /** `heads` names the document over its rows, for results of several. */
  show(results, label, { heads = false } = {}) {
    Object.assign(this, { label, heads });
    this.groups = [];
    this.shown = GROUPS;
    this.root.replaceChildren();
    this.add(results);
  }

  add(results) {
    for (const found of results) {
      const group = { ...found, hits: found.occurrences.map((hit) => ({ ...hit })), own: found.document === this.canvas.state.document.id };
      group.open = group.own;
      for (const hit of group.hits) this.#judge(group, hit, true);
      this.groups.push(group);
      if (this.groups.length <= this.shown) this.root.append(this.#draw(group));
    }
    this.#drawRest();
    this.#paint();
    this.hooks.changed();
  }

  clear() {
    this.show([], this.label);
    for (const name of ["same", "here"]) this.canvas.brush.above(name, null);
  }

  /** What is marked at an occurrence already; what is marked is not offered again. */
  #judge(group, hit, fresh) {
    const marks = group.own ? marksHere(this.canvas, hit) : hit.marks;
    const was = hit.same;
    hit.same = marks.find((mark) => mark.label === this.label && mark.same_place);
    hit.others = [...new Set(marks.filter((mark) => mark.label !== this.label && mark.same_place).map((mark) => mark.label))];
    if (fresh || Boolean(was) !== Boolean(hit.same)) hit.on = !hit.same && !hit.others.length;
  }

  relabel(label) {
    this.label = label;
    for (const group of this.groups) for (const hit of group.hits) this.#judge(group, hit, true);
    this.#redraw();
  }

  /** Marks of this document have changed. */
  refresh() {
    const group = this.here;
    if (!group) return;
    for (const hit of group.hits) this.#judge(group, hit, false);
    this.#redraw();
  }

  counts() {
    const sum = { found: 0, marked: 0, chosen: 0, more: 0 };
    for (const group of this.groups) {
      sum.found += group.hits.length;
      if (group.more) sum.more = group.hits.length;
      for (const hit of group.hits) {
        if (hit.same) sum.marked++;
        else if (hit.on) sum.chosen++;
      }
    }
    return sum;
  }

  /** The groups with what is checked in them, without those where nothing is. */
  chosen() {
    return this.groups.map((group) => ({ ...group, hits: group.hits.filter((hit) => hit.on && !hit.same) })).filter((group) => group.hits.length);
  }

  /** The marks of this document that are the same. */
  marked() {
    return (this.here?.hits ?? []).filter((hit) => hit.same).map((hit) => ({ id: hit.same.id, start: hit.start }));
  }

  all(on) {
    for (const group of this.groups) for (const hit of group.hits) hit.on = on && !hit.same;
    this.#sync();
  }

  // -- rows

  #draw(group) {
    const rows = group.open ? group.hits : group.hits.slice(0, OPEN);
    const rest = group.hits.length - rows.length;
    const { t } = this.canvas;
    group.box = h("input", { type: "checkbox", tabIndex: -1 });
    group.head = this.heads && h(
      "div",
      { class: "same-head" },
      h("label", {}, group.box, h("b", {}, h("bdi", {}, group.title)), h("span", { class: "n" }, group.hits.length)),
      !group.own && h("a", { class: "small", href: this.canvas.state.urls.document.replace("/0/", `/${group.document}/`), target: "_blank", rel: "noopener", tabIndex: -1 }, t("same_open")),
    );
    group.list = h("ul", { lang: group.language, dir: group.direction }, rows.map((hit) => this.#row(hit)));
    const more = rest > 0 && h("button", { type: "button", class: "quiet small same-rest", onclick: () => this.#widen(group) }, t("same_rest", { n: rest }));
    const root = h("div", { class: "same-group", role: "group", "aria-label": t("same_in", { title: group.title, n: group.hits.length }) }, group.head, group.list, more);
    group.root = root;
    this.#syncHead(group);
    return root;
  }

  #row(hit) {
    const { store, t } = this.canvas;
    hit.box = h("input", { type: "checkbox", tabIndex: -1, checked: Boolean(hit.on && !hit.same), "aria-disabled": hit.same ? "true" : null });
    const names = hit.others.map((code) => this.canvas.name(store.labels.get(code))).join(" · ");
    const state = hit.same ? t("same_is") : names && t("same_other", { labels: names });
    hit.row = h(
      "li",
      { class: hit.same ? "is-marked" : null },
      h("label", {}, hit.box, h("span", { class: "kwic" }, tail(hit.before), h("mark", {}, hit.quote), head(hit.after)), state && h("em", { lang: this.canvas.language, dir: "auto" }, state)),
    );
    return hit.row;
  }

  #widen(group) {
    const at = group.list.children.length;
    group.open = true;
    group.root.replaceWith(this.#draw(group));
    group.list.children[at]?.querySelector("input").focus();
  }

  #drawRest() {
    this.more?.remove();
    const n = this.groups.length - this.shown;
    if (n <= 0) return;
    const show = () => {
      const next = this.groups.slice(this.shown, this.shown + GROUPS);
      this.shown += GROUPS;
      this.more.before(...next.map((group) => this.#draw(group)));
      next[0].list.querySelector("input").focus();
      this.#drawRest();
    };
    this.more = h("button", { type: "button", class: "quiet small same-rest", onclick: show }, this.canvas.t("same_documents", { n }));
    this.root.append(this.more);
  }

  /** Draw the rows anew; the one with the focus keeps it. */
  #redraw() {
    const focused = this.#boxes().indexOf(document.activeElement);
    for (const group of this.groups.slice(0, this.shown)) group.root.replaceWith(this.#draw(group));
    if (focused >= 0) this.#boxes()[focused]?.focus();
    this.#paint();
    this.hooks.changed();
  }

  /** Bring the check boxes in step with what is chosen. */
  #sync() {
    for (const group of this.groups.slice(0, this.shown)) {
      for (const hit of group.hits) if (hit.box) hit.box.checked = Boolean(hit.on && !hit.same);
      this.#syncHead(group);
    }
    this.#paint();
    this.hooks.changed();
  }

  #syncHead({ box, hits }) {
    const open = hits.filter((hit) => !hit.same);
    const on = open.filter((hit) => hit.on).length;
    box.checked = on > 0 && on === open.length;
    box.indeterminate = on > 0 && on < open.length;
    box.disabled = !open.length;
  }

  // -- what the person does

  #of(box) {
    for (const group of this.groups) {
      if (group.box === box) return { group };
      const hit = group.hits.find((one) => one.box === box);
      if (hit) return { group, hit };
    }
    return {};
  }

  #toggled({ target }) {
    const { group, hit } = this.#of(target);
    if (hit?.same) target.checked = false;
    else if (hit) hit.on = target.checked;
    else if (group) for (const one of group.hits) one.on = target.checked && !one.same;
    this.#sync();
  }

  #boxes() {
    return [...this.root.querySelectorAll("input:not(:disabled)")];
  }

  /** To the first row that is still to be decided. */
  focus() {
    const boxes = this.#boxes();
    const first = boxes.find((box) => box.getAttribute("aria-disabled") !== "true" && this.#of(box).hit) ?? boxes[0];
    first?.focus();
  }

  #focused({ target }) {
    for (const box of this.root.querySelectorAll("input[tabindex='0']")) box.tabIndex = -1;
    if (!target.matches("input")) return;
    target.tabIndex = 0;
    target.closest("li, .same-head").scrollIntoView({ block: "nearest" });
    const { group, hit } = this.#of(target);
    if (hit && group.own) this.#reveal(hit);
    else this.canvas.brush.above("here", null);
  }

  #reveal(hit) {
    const { brush } = this.canvas;
    const extent = this.#extent(hit);
    brush.above("here", extent);
    this.canvas.cursor.reveal(extent.from);
  }

  #clicked({ target }) {
    target.closest("li")?.querySelector("input").focus(); // Safari gives a check box no focus by a click
  }

  #key(event) {
    if (event.code === "Enter" || event.code === "NumpadEnter") {
      if (!event.target.matches("input")) return;
      event.preventDefault();
      return this.hooks.enter();
    }
    if ((event.ctrlKey || event.metaKey) && event.code === "KeyA") {
      event.preventDefault();
      const { chosen } = this.counts();
      return this.all(!chosen);
    }
    const label = this.canvas.state.codebook.labels.find(({ key }) => key && key === event.code.replace("Numpad", "Digit"));
    if (label && !event.ctrlKey && !event.metaKey && !event.altKey) return event.preventDefault(), this.hooks.label(label.code);
    const boxes = this.#boxes();
    const at = boxes.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: boxes.length - 1, PageDown: Math.min(at + 10, boxes.length - 1), PageUp: Math.max(at - 10, 0) }[event.code];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    boxes[to]?.focus();
  }

  // -- in the text

  #extent(hit) {
    const { map } = this.canvas.paper;
    return { from: map.toUnits(hit.start), to: map.toUnits(hit.end) };
  }

  /** What is chosen is painted, and the list has one row that Tab comes to. */
  #paint() {
    const boxes = this.#boxes();
    if (boxes.length && !boxes.some((box) => box.tabIndex === 0)) boxes[0].tabIndex = 0;
    const hits = (this.here?.hits ?? []).filter((hit) => hit.on && !hit.same);
    this.canvas.brush.above("same", hits.map((hit) => this.#extent(hit)));
  }
}

/** The end of a text from a word on, and its beginning up to one. */
function tail(text) {
  if (text.length <= BEFORE) return text;
  const cut = text.slice(-BEFORE);
  return `…${cut.slice(cut.indexOf(" ") + 1)}`;
}

function head(text) {
  if (text.length <= AFTER) return text;
  const cut = text.slice(0, AFTER);
  return `${cut.slice(0, cut.lastIndexOf(" ") + 1 || AFTER).trimEnd()}…`;
}
