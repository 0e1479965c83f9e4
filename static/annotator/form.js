/** The form of a label or a link, out of its attributes in the codebook. Every change is handed on at once. */

import { h, short } from "#annotator/dom.js";

const AS_BUTTONS = 4; // options; more of them are a list
const AS_TOGGLES = 6;
const TYPING_WAIT = 800; // ms

/** @param {{definitions, values, missing: string[], change: (code, value) => void, prefix?: string}} form */
export function attributeFields(canvas, form) {
  return form.definitions.map((attribute) => field(canvas, form, attribute)).filter(Boolean);
}

/** The options that the other values allow. */
export function options(attribute, values) {
  const chosen = [values[attribute.depends_on]].flat();
  return attribute.options.filter((o) => !o.when || !attribute.depends_on || o.when.some((v) => chosen.includes(v)));
}

function field(canvas, form, attribute) {
  const value = form.values[attribute.code];
  const prefix = form.prefix ?? "a";
  const id = `${prefix}-${attribute.code}`;
  const context = { canvas, attribute, value, id, change: (v) => form.change(attribute.code, v) };
  if (attribute.options) {
    context.options = options(attribute, form.values);
    if (!context.options.length) return null;
  }
  if (!canvas.editable) return reading(context);
  const head = [canvas.name(attribute), form.missing.includes(attribute.code) && h("em", { class: "needed" }, canvas.t("required"))];
  if (attribute.type === "flag") return flag(context, head);
  const control = { choice, choices, text, extent }[attribute.type](context);
  const grouped = control.matches("div");
  if (grouped) control.setAttribute("aria-labelledby", `${id}-label`);
  const title = grouped ? h("span", { class: "label-text", id: `${id}-label` }, head) : h("label", { for: id }, head);
  const help = attribute.help?.[canvas.language];
  return h("div", { class: "field" }, title, control, help && attribute.type !== "choice" && h("p", { class: "help" }, help));
}

function reading({ canvas, attribute, value }) {
  if (value === undefined) return null;
  const named = (v) => canvas.name(attribute.options?.find((o) => o.code === v)) || (v?.quote ?? (v === true ? "✓" : String(v)));
  return h("div", { class: "read" }, h("dt", {}, canvas.name(attribute)), h("dd", { dir: "auto" }, [value].flat().map(named).join(" · ")));
}

function flag({ value, id, change }, head) {
  const box = h("input", { type: "checkbox", id, checked: value === true, "data-field": id, onchange: () => change(box.checked || undefined) });
  return h("label", { class: "check field" }, box, h("span", {}, head));
}

function choice({ canvas, attribute, value, id, options: all, change }) {
  if (all.length <= AS_BUTTONS) {
    const buttons = all.map((option) => {
      const on = option.code === value;
      const act = () => change(on && !attribute.required ? undefined : option.code);
      return h("button", { type: "button", "aria-pressed": String(on), "data-field": `${id}:${option.code}`, title: option.help?.[canvas.language] ?? "", onclick: act }, canvas.name(option));
    });
    return h("div", { class: "segments", role: "group" }, buttons);
  }
  const list = h("select", { id, "data-field": id, onchange: () => change(list.value || undefined) });
  list.append(h("option", { value: "" }, "—"));
  for (const option of all) list.append(h("option", { value: option.code, title: option.help?.[canvas.language] ?? "" }, canvas.name(option)));
  list.value = value ?? "";
  return list;
}

function choices({ canvas, value = [], id, options: all, change }) {
  const set = (codes) => change(codes.length ? codes : undefined);
  const toggle = (code) => set(value.includes(code) ? value.filter((v) => v !== code) : [...value, code]);
  if (all.length <= AS_TOGGLES) {
    const buttons = all.map((option) =>
      h("button", { type: "button", class: "toggle", "aria-pressed": String(value.includes(option.code)), "data-field": `${id}:${option.code}`, title: option.help?.[canvas.language] ?? "", onclick: () => toggle(option.code) }, canvas.name(option)),
    );
    return h("div", { class: "toggles", role: "group" }, buttons);
  }
  const chosen = value.map((code) =>
    h("button", { type: "button", class: "toggle", "aria-pressed": "true", "data-field": `${id}:${code}`, onclick: () => toggle(code) }, canvas.name(all.find((o) => o.code === code) ?? { code }), h("span", { "aria-hidden": "true" }, "×")),
  );
  const list = h("select", { "data-field": id, "aria-labelledby": `${id}-label`, onchange: () => list.value && toggle(list.value) });
  list.append(h("option", { value: "" }, canvas.t("add_option")));
  for (const option of all) if (!value.includes(option.code)) list.append(h("option", { value: option.code }, canvas.name(option)));
  return h("div", { class: "toggles", role: "group" }, chosen, list);
}

/** A field for words; what is typed is handed on when the typing rests or the field is left. */
export function text({ value = "", id, change, longest = 2000 }) {
  let timer;
  const store = (event) => {
    clearTimeout(timer);
    if (event.target.value !== value) change((value = event.target.value) || undefined);
  };
  const typing = (event) => {
    clearTimeout(timer);
    timer = setTimeout(() => store(event), TYPING_WAIT);
  };
  return h("textarea", { id, rows: 1, maxLength: longest, dir: "auto", value, "data-field": id, onchange: store, oninput: typing });
}

function extent({ canvas, value, id, change }) {
  const { selecting, store } = canvas;
  const take = () => {
    if (selecting.some) change(store.extent(selecting.from, selecting.to));
    else canvas.say(canvas.t("select_first"));
  };
  const show = () => canvas.picking.reveal(canvas.paper.map.toUnits(value.start));
  return h(
    "div",
    { class: "extent", role: "group" },
    value && h("button", { type: "button", class: "link", onclick: show }, h("q", { dir: "auto" }, short(value.quote, 60))),
    h("button", { type: "button", class: "small", "data-field": id, onclick: take }, canvas.t("from_selection")),
    value && h("button", { type: "button", class: "quiet small", "data-field": `${id}:clear`, onclick: () => change(undefined) }, canvas.t("clear")),
  );
}
