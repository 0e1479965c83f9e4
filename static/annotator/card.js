/** The face of one card, and what it still lacks. */

import { endChip, endWords, roleOf, unrelate, wayName } from "#annotator/ends.js";
import { h, short } from "#annotator/dom.js";
import { missing } from "#annotator/lacking.js";

const SLOTS = 2; // roles of a kind of link that stand there also while they are empty

/** Mark -> its links, for all marks at once. */
export function index(store) {
  const found = new Map();
  const put = (id, relation) => {
    if (!id) return;
    if (found.has(id)) found.get(id).push(relation);
    else found.set(id, [relation]);
  };
  for (const relation of store.relations.values()) {
    put(relation.from.span, relation);
    put(relation.to.span, relation);
  }
  return found;
}

/** The kinds of link whose roles are slots of a label: who takes part in an event. */
const slotted = (store, label) => [...store.relationTypes.values()].filter((type) => type.from.includes(label) && roleOf(type));

/** The labels of the marks that explain a label without slots: events, for an implication. */
function explains(store, label) {
  const labels = [...store.relationTypes.values()].filter((type) => type.to.includes(label)).flatMap((type) => type.from);
  return [...new Set(labels)].filter((code) => code !== label && !store.labels.get(code)?.entity);
}

/**
 * What a card still lacks, in words. An implication without an event says so, and one that is only inferred; an event
 * without anybody in it.
 */
export function lacks(canvas, span, links) {
  const { store, t } = canvas;
  const own = links.get(span.id) ?? [];
  const label = store.labels.get(span.label);
  const found = missing(store, span).map((code) => t("lacks", { what: canvas.name(label.attributes.find((a) => a.code === code)) || code }));
  const slots = slotted(store, span.label);
  if (slots.length && !own.some((r) => r.from.span === span.id && slots.some((type) => type.code === r.type))) found.push(t("no_arguments"));
  const wanted = slots.length ? [] : explains(store, span.label);
  const linked = own.some((r) => wanted.includes(store.spans.get(r.to.span === span.id ? r.from.span : r.to.span)?.label));
  if (wanted.length && !linked) found.push(t("no_explanation", { labels: wanted.map((code) => canvas.name(store.labels.get(code))).join(` ${t("or")} `) }));
  const { explicitness, holder } = span.attributes;
  const holding = own.some((r) => r.type === "HOLDS");
  if (explicitness === "ATTRIBUTED" && holder !== "UNKNOWN" && holder !== "AUTHOR" && !holding) found.push(t("no_holder"));
  return found;
}

/** Values of the attributes in one line; what every mark has by default stands back. */
function facts(canvas, span) {
  const label = canvas.store.labels.get(span.label);
  const title = label.attributes.find((a) => a.required && a.type === "choice");
  const found = [];
  for (const attribute of label.attributes) {
    const value = span.attributes[attribute.code];
    if (attribute === title || value === undefined || !["choice", "choices", "flag"].includes(attribute.type)) continue;
    const words = attribute.type === "flag" ? canvas.name(attribute) : [value].flat().map((v) => canvas.name(attribute.options.find((o) => o.code === v) ?? { code: v })).join(canvas.t("comma"));
    const usual = value === attribute.default;
    found.push(h("span", { class: usual ? "usual" : null, title: canvas.name(attribute) }, h("span", { class: "spoken" }, `${canvas.name(attribute)}: `), words));
  }
  return found.length ? h("p", { class: "facts" }, found) : null;
}

/** What the text or the analyst says beside the quote: signal, support verb, own words. */
function words(canvas, span) {
  const { map } = canvas.paper;
  return canvas.store.labels.get(span.label).attributes.flatMap((attribute) => {
    const value = span.attributes[attribute.code];
    if (value === undefined || !["extent", "text"].includes(attribute.type)) return [];
    const go = { type: "button", class: "link", onclick: () => canvas.cursor.reveal(map.toUnits(value.start)) };
    const said = attribute.type === "extent" ? h("button", go, h("q", { dir: "auto" }, short(value.quote, 60))) : h("span", { dir: "auto" }, short(value, 240));
    return [h("p", { class: "said" }, h("span", { class: "muted" }, `${canvas.name(attribute)}: `), said)];
  });
}

function filler(canvas, span, relation, end) {
  const out = relation.from.span === span.id;
  const type = canvas.store.relationTypes.get(relation.type);
  const more = (type?.attributes ?? []).filter((a) => a !== roleOf(type) && relation.attributes[a.code] !== undefined && a.options);
  const about = more.map((a) => canvas.name(a.options.find((o) => o.code === relation.attributes[a.code]))).join(" · ");
  const link = canvas.t("link_made", { from: endWords(canvas, { span: span.id }), link: wayName(canvas, type, relation.attributes, out), to: endWords(canvas, end) });
  const remove = { type: "button", class: "quiet small unlink", "data-field": `x-${relation.id}`, "aria-label": canvas.t("remove_link", { link }), title: canvas.t("remove"), onclick: () => unrelate(canvas, relation.id) };
  return h("span", { class: "filler" }, endChip(canvas, end, (id) => canvas.picking.select(id, { reveal: true, open: false })), about && h("small", {}, about), canvas.editable && h("button", remove, "×"));
}

/** Where the other end of a link stands; what the text leaves out comes last. */
function place(canvas, span, relation) {
  const end = relation.from.span === span.id ? relation.to : relation.from;
  return canvas.store.spans.get(end.span)?.from ?? Infinity;
}

/** The links in groups of what they say; the roles of a slotted kind first, its first two also where they are empty. */
function groups(canvas, span, links) {
  const { store } = canvas;
  const found = new Map();
  const group = (type, out, attributes) => {
    const role = roleOf(type);
    const key = `${type.code} ${out} ${role ? attributes[role.code] : ""}`;
    if (!found.has(key)) found.set(key, { key, name: wayName(canvas, type, attributes, out), only: { type, out, attributes: role ? { [role.code]: attributes[role.code] } : {} }, fillers: [] });
    return found.get(key);
  };
  const own = [...links].sort((a, b) => place(canvas, span, a) - place(canvas, span, b));
  for (const out of [true, false]) {
    for (const type of store.relationTypes.values()) {
      const role = roleOf(type);
      const mine = own.filter((r) => r.type === type.code && (r.from.span === span.id) === out);
      const slots = out && type.from.includes(span.label) && role ? role.options : [];
      for (const [i, option] of slots.entries()) {
        if (i < SLOTS || mine.some((r) => r.attributes[role.code] === option.code)) group(type, true, { [role.code]: option.code });
      }
      for (const relation of mine) group(type, out, relation.attributes).fillers.push([relation, out ? relation.to : relation.from]);
    }
  }
  return [...found.values()];
}

/** Draw a card. `form` is a slot that is being filled: {key, element}; `open` begins to fill one. */
export function face(canvas, shell, span, links, { form, open }) {
  const { paper, store, t } = canvas;
  const label = store.labels.get(span.label);
  const title = label.attributes.find((a) => a.required && a.type === "choice");
  const kind = canvas.name(title?.options.find((o) => o.code === span.attributes[title.code]));
  const n = paper.paragraphs[span.first].element.dataset.n;
  const lacking = lacks(canvas, span, links);
  const inferred = span.attributes.explicitness === "INFERRED";
  const add = (key, name, only) =>
    h("button", { type: "button", class: "slot", "data-field": `+${key}`, "aria-label": name ? t("fill_slot", { role: name }) : null, onclick: () => open(key, only) }, "+", !name && ` ${t("add_link")}`);
  const rows = groups(canvas, span, links.get(span.id) ?? []).map(({ key, name, only, fillers }) => [
    h("dt", {}, name),
    h("dd", {}, fillers.map(([relation, end]) => filler(canvas, span, relation, end)), canvas.editable && add(key, name, only)),
    form?.key === key && h("dd", { class: "making" }, form.element),
  ]);
  const edit = { type: "button", class: "quiet small", "data-field": "edit", onclick: () => canvas.picking.select(span.id, { reveal: true }) };
  shell.className = `event-card label-${span.label.toLowerCase()}`;
  shell.setAttribute("aria-label", `${canvas.name(label)}: ${short(store.quote(span), 80)}`);
  shell.replaceChildren(
    ...[
      h("header", {}, h("span", { class: "tag" }, canvas.name(label)), kind && h("b", {}, kind), h("span", { class: "grow" }), n && h("span", { class: "n" }, h("span", { class: "spoken" }, t("paragraph")), ` ¶ ${n}`), h("button", edit, t(canvas.editable ? "edit_card" : "show_card"))),
      h("q", { dir: "auto", lang: canvas.state.document.language }, short(store.quote(span), 200)),
      facts(canvas, span),
      inferred && h("p", { class: "inferred" }, t("inferred_only")),
      ...words(canvas, span),
      rows.length > 0 && h("dl", {}, rows),
      canvas.editable && h("div", { class: "foot" }, add("any", "", null), form?.key === "any" && form.element),
      lacking.length > 0 && h("ul", { class: "lacks" }, lacking.map((what) => h("li", {}, what))),
    ].filter(Boolean),
  );
}
