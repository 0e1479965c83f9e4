/** The links of a mark, and making one: the other end by click or by typing, then what kind of link it is, by digit. */

import { h } from "#annotator/dom.js";
import { cardLabels, endChip, endField, endWords, relate, rewrite, roleOf, twin, unrelate, wayName, ways } from "#annotator/ends.js";
import { attributeFields } from "#annotator/form.js";

export function linkRows(canvas, span) {
  const { store } = canvas;
  const kinds = [...store.relationTypes.keys()];
  const place = ({ from, to }) => store.spans.get(from.span === span.id ? to.span : from.span)?.from ?? Infinity;
  // As a card has them: what leads from the mark first, kinds as in the codebook, ends as in the text.
  const order = (a, b) => (b.from.span === span.id) - (a.from.span === span.id) || kinds.indexOf(a.type) - kinds.indexOf(b.type) || place(a) - place(b);
  const rows = store.relationsOf(span.id).sort(order).map((relation) => row(canvas, span, relation));
  return rows.length ? h("ul", { class: "link-rows" }, rows) : h("p", { class: "hint" }, canvas.t("no_links"));
}

const labelOf = (canvas, end) => canvas.store.spans.get(end.span)?.label;

function row(canvas, span, relation) {
  const { store, t } = canvas;
  const type = store.relationTypes.get(relation.type);
  const out = relation.from.span === span.id;
  const change = (code, value) => {
    const attributes = { ...store.relations.get(relation.id).attributes, [code]: value };
    if (value === undefined) delete attributes[code];
    rewrite(canvas, relation.id, { attributes });
  };
  const role = roleOf(type);
  const others = (type?.attributes ?? []).filter((a) => a !== role);
  const fields = attributeFields(canvas, { definitions: others, values: relation.attributes, missing: [], change, prefix: `r-${relation.id}` });
  const end = out ? relation.to : relation.from;
  const words = t("link_made", { from: endWords(canvas, { span: span.id }), link: wayName(canvas, type, relation.attributes, out), to: endWords(canvas, end) });
  const remove = { type: "button", class: "quiet small", "aria-label": t("remove_link", { link: words }), title: t("remove"), onclick: () => unrelate(canvas, relation.id) };
  const kind = canvas.editable ? kindList(canvas, span, relation, out) : h("span", { class: "link-type" }, wayName(canvas, type, relation.attributes, out));
  return h("li", {}, h("div", { class: "link-row", title: words }, kind, endChip(canvas, end), canvas.editable && h("button", remove, "×")), fields.length > 0 && h("div", { class: "fields" }, fields));
}

/** All that these two ends may have to do with each other in this direction, to be changed in place. */
function kindList(canvas, span, relation, out) {
  const { saving, store, t } = canvas;
  const type = store.relationTypes.get(relation.type);
  const role = roleOf(type);
  const end = out ? relation.to : relation.from;
  const all = ways(canvas, span.label, labelOf(canvas, end)).filter((way) => way.out === out);
  const at = all.findIndex((way) => way.type === type && (!role || way.attributes[role.code] === relation.attributes[role.code]));
  const change = () => {
    const way = all[list.value];
    if (twin(canvas, way.type, relation.from, relation.to, way.attributes, relation.id)) {
      list.value = String(at);
      return saving.say(t("linked_already"));
    }
    const kept = way.type === type ? relation.attributes : {};
    rewrite(canvas, relation.id, { type: way.type.code, attributes: { ...kept, ...way.attributes } });
  };
  const list = h("select", { "data-field": `r-${relation.id}`, "data-chrome": "", "aria-label": t("link_kind"), onchange: change });
  if (at < 0) list.append(h("option", { value: "-1" }, wayName(canvas, type, relation.attributes, out)));
  for (const [i, way] of all.entries()) list.append(h("option", { value: String(i) }, way.name));
  list.value = String(at);
  return list;
}

/**
 * Link a mark: the other end first, then the kind, where more than one fits. With `only`, a kind is given: {type, out,
 * attributes}. `closed` hears that it is over, also where nothing was linked.
 */
export function linkForm(canvas, span, closed, only = null) {
  const { brush, store, t } = canvas;
  const close = () => {
    dim(canvas, []);
    brush.above("end", null);
    closed();
  };
  const role = only && roleOf(only.type);
  const wanted = (way) => !only || (way.type === only.type && way.out === only.out && (!role || way.attributes[role.code] === only.attributes[role.code]));
  const find = (label) => ways(canvas, span.label, label).filter(wanted);
  const link = (end, way) => {
    close();
    relate(canvas, span.id, end, way);
  };
  const chosen = (end, label = labelOf(canvas, end)) => {
    const found = find(label);
    if (found.length === 1) return link(end, found[0]);
    brush.above("end", store.spans.get(end.span));
    const choice = kindChoice(canvas, found, (way) => link(end, way), close);
    root.replaceChildren(h("p", { class: "hint" }, t("link_kind")), endChip(canvas, end, () => {}), choice, cancel());
    choice.querySelector("button")?.focus();
  };
  if (store.far) store.whole().catch(() => {}); // so that ends far away are found, too
  const cancel = () => h("div", { class: "actions" }, h("button", { type: "button", class: "quiet small", onclick: close }, t("cancel"), h("kbd", {}, "Esc")));
  dim(canvas, [...store.labels.keys()].filter((label) => !find(label).length));
  canvas.links.want((other) => other.id !== span.id && find(other.label).length > 0, chosen, close);
  const field = endField(canvas, { id: only ? "slot-end" : "link-end", span, find, take: chosen, leave: close });
  const root = h("div", { class: "link-form" }, h("p", { class: "hint" }, t("pick_target")), field, cancel());
  return root;
}

/** Let the marks of some labels stand back: highlights take their colour from these properties. */
function dim(canvas, labels) {
  for (const code of canvas.store.labels.keys()) {
    const name = `--label-${code.toLowerCase()}`;
    if (labels.includes(code)) canvas.style.setProperty(name, "var(--line)");
    else canvas.style.removeProperty(name);
  }
}

/** The kinds of link as buttons with digits; the digit or Enter takes one, the arrows go between them. */
function kindChoice(canvas, all, take, close) {
  const press = (event) => {
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
    const at = buttons.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.code];
    if (digit && all[digit - 1] && !event.ctrlKey && !event.altKey) take(all[digit - 1]);
    else if (step) buttons.at((at + step) % buttons.length).focus();
    else if (event.code === "Escape") close();
    else return;
    event.preventDefault();
  };
  const buttons = all.map((way, i) =>
    h("button", { type: "button", class: "way", "data-field": `way:${i}`, "data-chrome": "", title: way.type.help?.[canvas.language] ?? "", onclick: () => take(way) }, i < 9 && h("kbd", {}, String(i + 1)), h("span", {}, way.name)),
  );
  return h("div", { class: "ways", role: "group", "aria-label": canvas.t("link_kind"), onkeydown: press }, buttons);
}

/** Picking the other end of a link, and the cards of what links lead from, in a tab that is made when it is first opened. */
export class Links {
  constructor(canvas) {
    this.canvas = canvas;
    this.root = canvas.part("cards");
    this.wanted = null; // {allows, done, stopped} while the other end of a link is wanted
    canvas.commands.add({ id: "link", once: true, keys: ["KeyL"], group: "relations", writes: true, when: ({ picking }) => picking.selected, run: ({ panel }) => panel.openLink() });
    if (this.root) canvas.commands.add({ id: "cards", keys: ["KeyV"], group: "relations", run: () => this.open() });
    this.#count();
  }

  #count() {
    const counts = this.canvas.store.counts();
    const shown = this.canvas.part("count-cards");
    if (shown) shown.textContent = cardLabels(this.canvas.store).reduce((sum, code) => sum + (counts.get(code) ?? 0), 0);
  }

  // -- the other end of a link

  /** Wait for a click on it; `allows` tells which marks may be it, `stopped` hears that it is over. */
  want(allows, done, stopped) {
    this.wanted = { allows, done, stopped };
    this.canvas.toggleAttribute("data-linking", true);
    this.canvas.say(this.canvas.t("pick_target"));
  }

  stop() {
    const stopped = this.wanted?.stopped;
    this.wanted = null;
    this.canvas.removeAttribute("data-linking");
    stopped?.();
  }

  /** What lies at a place is taken, if it may be. */
  take(unit) {
    const found = unit === null ? null : this.canvas.store.spans.at(unit).find((span) => this.wanted.allows(span));
    if (found) this.wanted.done({ span: found.id });
    else this.canvas.say(this.canvas.t("not_an_end"));
  }

  // -- cards

  /** The tab was opened. */
  tabShown(name) {
    if (name === "cards") this.#load();
    else this.cards?.left();
  }

  async #load() {
    const { canvas } = this;
    this.loading ??= import("#annotator/cards.js").then(({ Cards }) => (this.cards = new Cards(canvas, this.root)));
    await this.loading;
    if (canvas.store.far) await canvas.store.whole().catch(() => {});
    if (!this.root.hidden) this.cards.draw();
  }

  async open() {
    this.canvas.panel.show("cards");
    await this.#load();
    this.cards.focus(this.canvas.picking.selected);
  }

  changed() {
    this.#count();
    this.cards?.changed();
  }

  picked() {
    this.cards?.picked();
  }

  destroy() {
    this.cards?.destroy();
  }
}
