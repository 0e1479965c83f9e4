/** The links of a mark, and making one: what kind, then the other end by click, from a list, or from the registry. */

import { picker } from "#annotator/actors.js";
import { h, short } from "#annotator/dom.js";
import { attributeFields } from "#annotator/form.js";

const NEAREST = 80; // marks offered in the list, the closest in the text

export function linkRows(canvas, span) {
  const rows = canvas.store.relationsOf(span.id).map((relation) => row(canvas, span, relation));
  return rows.length ? h("ul", { class: "link-rows" }, rows) : h("p", { class: "hint" }, canvas.t("no_links"));
}

function row(canvas, span, relation) {
  const { store } = canvas;
  const type = store.relationTypes.get(relation.type);
  const out = relation.from.span === span.id;
  const change = (code, value) => {
    const attributes = { ...store.relations.get(relation.id).attributes, [code]: value };
    if (value === undefined) delete attributes[code];
    canvas.acts.commit([store.updateRelation(relation.id, { attributes })]);
  };
  const definitions = type?.attributes ?? [];
  const role = definitions.find((a) => a.required && a.type === "choice");
  const others = definitions.filter((a) => a !== role);
  const form = { definitions: others, values: relation.attributes, missing: [], change, prefix: `r-${relation.id}` };
  const remove = { type: "button", class: "quiet small", "aria-label": canvas.t("remove"), title: canvas.t("remove"), onclick: () => canvas.acts.commit([store.unrelate(relation.id)]) };
  const kind = role && canvas.editable ? roleList(canvas, relation, type, role, change) : h("span", { class: "link-type" }, roleName(canvas, relation, role) || canvas.name(type));
  const chip = endChip(canvas, out ? relation.to : relation.from);
  const fields = attributeFields(canvas, form);
  // What the link comes from stands first, as one reads it.
  const parts = out ? [kind, chip] : [chip, kind];
  return h("li", {}, h("div", { class: "link-row", title: canvas.name(type) }, parts, canvas.editable && h("button", remove, "×")), fields.length > 0 && h("div", { class: "fields" }, fields));
}

function roleName(canvas, relation, role) {
  return canvas.name(role?.options.find((o) => o.code === relation.attributes[role.code]));
}

/** The one thing that a link must say, such as the role of an argument, in the place of its kind. */
function roleList(canvas, relation, type, role, change) {
  const list = h("select", { "data-field": `r-${relation.id}`, "aria-label": `${canvas.name(type)}: ${canvas.name(role)}`, onchange: () => change(role.code, list.value) });
  for (const option of role.options) list.append(h("option", { value: option.code }, canvas.name(option)));
  list.value = relation.attributes[role.code] ?? "";
  return list;
}

function endChip(canvas, end) {
  const { store } = canvas;
  const other = end.span ? store.spans.get(end.span) : null;
  if (!other) return h("span", { class: "chip implicit" }, h("bdi", {}, canvas.name(store.entity(end.entity)) || "?"));
  const go = () => canvas.picking.select(other.id, { reveal: true });
  return h("button", { type: "button", class: `chip label-${other.label.toLowerCase()}`, onclick: go }, h("bdi", {}, short(store.quote(other), 40)));
}

/** Each kind of link that a label may have, with a required choice spelled out: "Argument: recipient" is one choice. */
function kinds(canvas, label) {
  const found = [];
  for (const type of canvas.store.relationTypes.values()) {
    const required = (type.attributes ?? []).filter((a) => a.required && a.type === "choice");
    const ways = required.length === 1 ? required[0].options.map((o) => [{ [required[0].code]: o.code }, canvas.name(o)]) : [[{}, ""]];
    for (const out of [true, false]) {
      if (!(out ? type.from : type.to).includes(label)) continue;
      for (const [attributes, way] of ways) found.push({ type, out, attributes, way });
    }
  }
  return found;
}

export function linkForm(canvas, span, close) {
  const { store } = canvas;
  const all = kinds(canvas, span.label);
  const ends = h("div", { class: "ends" });
  const list = h("select", { id: "link-kind", onchange: () => choose() });
  list.append(h("option", { value: "" }, canvas.t("choose_link")));
  const groups = new Map();
  for (const [i, { type, out, way }] of all.entries()) {
    const title = out ? canvas.name(type) : canvas.t("incoming", { link: canvas.name(type) });
    const option = h("option", { value: String(i) }, way || title);
    if (!way) list.append(option);
    else {
      if (!groups.has(title)) list.append(groups.set(title, h("optgroup", { label: title })).get(title));
      groups.get(title).append(option);
    }
  }
  const choose = () => {
    const kind = all[list.value];
    ends.replaceChildren();
    if (!kind) return canvas.picking.stopLink();
    const allowed = kind.out ? kind.type.to : kind.type.from;
    const allows = (other) => other.id !== span.id && allowed.includes(other.label);
    const done = (end) => {
      const own = { span: span.id };
      const edit = store.relate(kind.type.code, kind.out ? own : end, kind.out ? end : own, kind.attributes);
      close();
      canvas.acts.commit([edit]);
      canvas.focus();
    };
    canvas.picking.pickEnds(allows, done);
    const near = [...store.spans.byId.values()].filter(allows).sort((a, b) => Math.abs(a.from - span.from) - Math.abs(b.from - span.from));
    const targets = h("select", { "aria-label": canvas.t("choose_target"), onchange: () => targets.value && done({ span: targets.value }) });
    targets.append(h("option", { value: "" }, canvas.t("choose_target")));
    for (const other of near.slice(0, NEAREST)) {
      targets.append(h("option", { value: other.id }, `${canvas.name(store.labels.get(other.label))}: ${short(store.quote(other), 50)}`));
    }
    ends.append(h("p", { class: "hint" }, canvas.t("pick_target")));
    if (near.length) ends.append(targets);
    if (kind.out ? kind.type.to_entity : kind.type.from_entity) {
      ends.append(h("label", { for: "link-actor" }, canvas.t("implicit")), picker(canvas, { id: "link-actor", done: (id) => done({ entity: id }) }));
    }
  };
  return h(
    "div",
    { class: "link-form" },
    h("label", { for: "link-kind" }, canvas.t("link_kind")),
    list,
    ends,
    h("div", { class: "actions" }, h("button", { type: "button", class: "quiet", onclick: close }, canvas.t("cancel"))),
  );
}
