/** The form of several marks at once: what they have in common, what differs, and each change as one act. */

import { picker } from "#annotator/actors.js";
import { cap } from "#annotator/caps.js";
import { h, short } from "#annotator/dom.js";
import { attributeFields } from "#annotator/form.js";
import { labelChoice } from "#annotator/head.js";
import { missing } from "#annotator/lacking.js";
import { defaults } from "#annotator/store.js";
import { fitting, withValues } from "#annotator/values.js";

const SHOWN = 6; // quotes

const marksOf = ({ picking, store }) => [...(picking.several.size ? picking.several : [picking.selected])].map((id) => store.spans.get(id)).filter(Boolean);

/** Pick a mark besides those that are picked already; one that is picked is picked no longer. */
export function toggle({ picking }, id, how) {
  const all = picking.several.size ? [...picking.several] : [picking.selected].filter(Boolean);
  picking.pickSeveral(all.includes(id) ? all.filter((other) => other !== id) : [...all, id], how);
}

/** Change marks in one act, undone as one; `fields(span)` is what changes of one, nothing where it stays. Returns how many. */
export function changeAll(canvas, spans, fields) {
  const edits = [];
  for (const span of spans) {
    const changed = fields(span);
    if (changed && Object.entries(changed).some(([name, value]) => JSON.stringify(span[name]) !== JSON.stringify(value))) edits.push(canvas.store.update(span.id, changed));
  }
  for (const edit of edits) edit.group = edits[0].id;
  if (edits.length) canvas.acts.commit(edits);
  return edits.length;
}

/** Whether the links of a mark allow it another label. */
function mayBe(store, { id }, code) {
  return store.relationsOf(id).every((r) => {
    const type = store.relationTypes.get(r.type);
    return (r.from.span !== id || type.from.includes(code)) && (r.to.span !== id || type.to.includes(code));
  });
}

/** Give what is picked a label with values; marks whose links do not allow it keep theirs, and that is said. */
export function labelAll(canvas, code, values) {
  const { saving, store, t } = canvas;
  const label = store.labels.get(code);
  const spans = marksOf(canvas);
  const fit = spans.filter((span) => span.label === code || mayBe(store, span, code));
  changeAll(canvas, fit, (span) => {
    if (span.label === code) return { attributes: withValues(label, span.attributes, values) };
    return { label: code, attributes: withValues(label, defaults(label), values), ...(span.entity && !label.entity && { entity: null }) };
  });
  if (fit.length < spans.length) saving.say(spans.length > 1 ? t("several_left", { n: spans.length - fit.length }) : t("links_in_the_way"));
}

export function removeAll(canvas) {
  const { acts, saving, store, t } = canvas;
  const edits = marksOf(canvas).map((span) => store.remove(span.id));
  if (!edits.length) return;
  for (const edit of edits) edit.group = edits[0].id;
  acts.commit(edits);
  saving.say(t("several_removed", { n: edits.length }), t("undo"), () => acts.history("undo"));
}

/** The values that all marks share, and for the others the options that some of them have. */
function common(definitions, spans) {
  const values = {};
  const mixed = new Map();
  for (const { code, type } of definitions) {
    const all = spans.map((span) => span.attributes[code]);
    if (type === "choices") {
      const lists = all.map((value) => value ?? []);
      const shared = lists[0].filter((v) => lists.every((list) => list.includes(v)));
      if (shared.length) values[code] = shared;
      const some = new Set(lists.flat().filter((v) => !shared.includes(v)));
      if (some.size) mixed.set(code, some);
    } else if (all.every((value) => JSON.stringify(value) === JSON.stringify(all[0]))) {
      if (all[0] !== undefined) values[code] = all[0];
    } else mixed.set(code, new Set(all));
  }
  return { values, mixed };
}

export function severalForm(canvas) {
  const { store, t } = canvas;
  const spans = marksOf(canvas);
  const codes = new Set(spans.map((span) => span.label));
  const label = codes.size === 1 ? store.labels.get(spans[0].label) : null;
  const counts = Map.groupBy(spans, (span) => span.label);
  const head = h(
    "article",
    { class: `mark several${label ? ` label-${label.code.toLowerCase()}` : ""}` },
    h("h3", {}, t("several", { n: spans.length })),
    canvas.editable && labelChoice(canvas, label?.code),
    !label && h("p", { class: "others" }, [...counts].map(([code, all]) => h("span", { class: `chip label-${code.toLowerCase()}` }, `${canvas.name(store.labels.get(code))} ${all.length}`))),
    h("p", { class: "quotes" }, spans.slice(0, SHOWN).map((span, i) => [i > 0 && " · ", h("q", { dir: "auto" }, short(store.quote(span), 32))]), spans.length > SHOWN && ` ${t("more", { n: spans.length - SHOWN })}`),
  );
  return [head, canvas.editable && actors(canvas, spans), label ? attributes(canvas, label, spans) : h("p", { class: "hint" }, t("several_labels")), canvas.editable && actions(canvas)];
}

function attributes(canvas, label, spans) {
  const definitions = label.attributes.filter((a) => a.type !== "extent"); // an extent belongs to one place
  const { values, mixed } = common(definitions, spans);
  const lacks = definitions.filter((a) => spans.some((span) => missing(canvas.store, span).includes(a.code))).map((a) => a.code);
  const change = (code, value) =>
    changeAll(canvas, marksOf(canvas), (span) => {
      const now = { ...span.attributes, [code]: value };
      if (value === undefined) delete now[code];
      return { attributes: fitting(label, now) };
    });
  const toggle = (code, option, on) =>
    changeAll(canvas, marksOf(canvas), (span) => {
      const left = (span.attributes[code] ?? []).filter((v) => v !== option);
      const now = { ...span.attributes, [code]: on ? [...left, option] : left };
      if (!now[code].length) delete now[code];
      return { attributes: fitting(label, now) };
    });
  const fields = attributeFields(canvas, { definitions, values, missing: lacks, mixed, change, toggle, prefix: "all" });
  return fields.length ? h("div", { class: "fields" }, fields) : null;
}

/** The actor of all of them, where all may have one. */
function actors(canvas, spans) {
  const { store, t } = canvas;
  if (!spans.every((span) => store.labels.get(span.label)?.entity)) return null;
  const found = new Set(spans.map((span) => span.entity));
  const save = (entity) => changeAll(canvas, marksOf(canvas), () => ({ entity }));
  const entity = found.size === 1 ? store.entity([...found][0]) : null;
  const off = { type: "button", class: "quiet small", "data-field": "unlink", "aria-label": t("unlink"), title: t("unlink"), onclick: () => save(null) };
  if (entity) return h("div", { class: "field actor" }, h("span", { class: "label-text" }, t("actor")), h("div", { class: "linked" }, h("b", {}, h("bdi", {}, canvas.name(entity))), h("span", { class: "grow" }), h("button", off, "×")));
  const first = short(store.quote(spans[0]), 80);
  const various = found.size > 1 && h("em", { class: "various" }, t("various"));
  return h("div", { class: "field actor" }, h("label", { for: "actor-search" }, t("actor"), various), picker(canvas, { id: "actor-search", first, done: save }));
}

function actions(canvas) {
  const removing = { type: "button", class: "quiet danger", "data-field": "remove", "data-chrome": "", onclick: () => canvas.acts.removeSelected() };
  return h("footer", { class: "actions" }, h("span", { class: "grow" }), h("button", removing, canvas.t("remove_all"), cap(canvas, "remove")));
}
