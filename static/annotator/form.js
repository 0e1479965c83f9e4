/**
 * The form of a label or a link, out of its attributes in the codebook. Every change is handed on at once.
 *
 * What a form is about: {definitions, values, missing, change(code, value)} and, where wanted, `prefix` of the ids,
 * `toggle(code, option, on)` in place of setting a list, `mixed` (code -> options that only some of several marks have),
 * `reasons` (code -> {words, level}: why something is asked for) and `faults` (code -> words: what the server refused).
 */

import { combobox } from "#annotator/combobox.js";
import { h, short } from "#annotator/dom.js";
import { isEmpty, rulesOn } from "#annotator/lacking.js";
import { options } from "#annotator/values.js";

const AS_BUTTONS = 4; // options; up to AS_SELECT more of them are a list, beyond that one searches
const AS_TOGGLES = 6;
const AS_SELECT = 8;
const TYPING_WAIT = 800; // ms

/** @returns {HTMLElement[]} a field for each attribute that has something to choose */
export function attributeFields(canvas, form) {
  return form.definitions.map((attribute) => field(canvas, form, attribute)).filter(Boolean);
}

/** What the rules of the codebook ask of a mark just now: code -> {words, level}. */
export function asked(canvas, span) {
  const found = new Map();
  for (const rule of rulesOn(canvas.state.codebook, span)) {
    for (const code of rule.require) {
      if (isEmpty(span.attributes[code])) found.set(code, { words: canvas.name({ name: rule.message }), level: rule.level ?? "submit" });
    }
  }
  return found;
}

/** What the server refused of a mark's attributes: code -> words. */
export function faultsOf(canvas, id) {
  const found = new Map();
  for (const { edit, problem } of canvas.saving?.refused ?? []) {
    if (edit.span?.id !== id) continue;
    for (const [path, words] of Object.entries(problem.errors ?? {})) {
      const code = /\.attributes\.([^.]+)/.exec(path)?.[1];
      if (code) found.set(code, words.join(" "));
    }
  }
  return found;
}

function field(canvas, form, attribute) {
  const { code, type } = attribute;
  const value = form.values[code];
  const id = `${form.prefix ?? "a"}-${code}`;
  // A type is also found by its modes: "air strike" leads to the one that has it.
  const hanging = form.definitions.filter((other) => other.depends_on === code && other.options);
  const under = (option) => hanging.flatMap((other) => other.options.filter((o) => o.when?.includes(option.code)).map((o) => o.name));
  const context = { canvas, attribute, value, id, under, mixed: form.mixed?.get(code) };
  context.change = (v) => form.change(code, v);
  context.toggle = (option, on) => (form.toggle ? form.toggle(code, option, on) : context.change(listWith(value, option, on)));
  if (attribute.options) {
    context.options = options(attribute, form.values);
    if (!context.options.length) return null;
  }
  if (!canvas.editable) return reading(context);
  const lacking = form.missing.includes(code);
  const ask = form.reasons?.get(code);
  const fault = form.faults?.get(code);
  const head = [
    canvas.name(attribute),
    lacking && h("em", { class: "needed" }, canvas.t("required")),
    !lacking && ask && h("em", { class: "wanted" }, canvas.t("recommended")),
    context.mixed && h("em", { class: "various" }, canvas.t("various")),
  ];
  const below = [
    help(context),
    ask?.words && h("p", { class: "help", id: `${id}-why` }, ask.words),
    fault && h("p", { class: "fault", role: "alert", id: `${id}-fault` }, fault),
  ];
  const more = { class: `field${type === "flag" ? " check" : ""}`, "data-missing": lacking || null };
  if (type === "flag") {
    const box = h("input", { type: "checkbox", id, checked: value === true, indeterminate: Boolean(context.mixed), "data-field": id });
    box.addEventListener("change", () => context.change(box.checked || undefined));
    return h("div", more, h("label", { for: id }, box, h("span", {}, head)), below);
  }
  const control = { choice, choices, text: words, extent }[type](context);
  const grouped = control.matches("[role=group]");
  if (grouped) control.setAttribute("aria-labelledby", `${id}-label`);
  const input = grouped ? control : control.matches("input, select, textarea") ? control : control.querySelector("input");
  const about = [ask?.words && `${id}-why`, fault && `${id}-fault`].filter(Boolean).join(" ");
  if (about) input.setAttribute("aria-describedby", about);
  if (lacking && !grouped) input.setAttribute("aria-required", "true");
  if (fault && !grouped) input.setAttribute("aria-invalid", "true");
  const title = grouped ? h("span", { class: "label-text", id: `${id}-label` }, head) : h("label", { for: id }, head);
  return h("div", more, title, control, below);
}

/** The help of what is chosen, else of the attribute. */
function help({ canvas, attribute, value }) {
  const chosen = [value].flat().length === 1 ? attribute.options?.find((o) => o.code === [value].flat()[0]) : null;
  const words = chosen?.help?.[canvas.language] ?? attribute.help?.[canvas.language];
  return words && h("p", { class: "help" }, words);
}

function listWith(value = [], option, on) {
  const left = value.filter((v) => v !== option);
  const now = on ? [...left, option] : left;
  return now.length ? now : undefined;
}

function reading({ canvas, attribute, value }) {
  if (value === undefined) return null;
  const named = (v) => canvas.name(attribute.options?.find((o) => o.code === v)) || (v?.quote ?? (v === true ? "✓" : String(v)));
  return h("div", { class: "read" }, h("dt", {}, canvas.name(attribute)), h("dd", { dir: "auto" }, [value].flat().map(named).join(" · ")));
}

/** One stop of the Tab key for a row of buttons; arrows go from one to the next, the way they point. */
function row(kind, buttons) {
  const here = buttons.find((b) => b.getAttribute("aria-pressed") === "true") ?? buttons[0];
  for (const button of buttons) button.tabIndex = button === here ? 0 : -1;
  const go = (event) => {
    const rtl = getComputedStyle(group).direction === "rtl";
    const step = { ArrowDown: 1, ArrowUp: -1, ArrowRight: rtl ? -1 : 1, ArrowLeft: rtl ? 1 : -1 }[event.code];
    const at = buttons.indexOf(event.target.closest("button"));
    if (!step || at < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    buttons[(at + step + buttons.length) % buttons.length].focus();
  };
  const group = h("div", { class: kind, role: "group", onkeydown: go }, buttons);
  return group;
}

function choice({ canvas, attribute, value, id, under, mixed, options: all, change }) {
  if (all.length <= AS_BUTTONS) {
    const buttons = all.map((option) => {
      const on = option.code === value;
      const act = () => change(on && !attribute.required ? undefined : option.code);
      return h("button", { type: "button", "aria-pressed": String(on), "data-field": `${id}:${option.code}`, title: option.help?.[canvas.language] ?? "", onclick: act }, canvas.name(option));
    });
    return row("segments", buttons);
  }
  if (all.length > AS_SELECT) {
    const done = (code, by) => {
      if (code !== value) change(code);
      canvas.panel.after(id, by);
    };
    return combobox(canvas, { id, options: all, value, hint: mixed ? canvas.t("various") : canvas.t("type_to_find"), clearable: !attribute.required, under, done });
  }
  const list = h("select", { id, "data-field": id, onchange: () => change(list.value || undefined) });
  list.append(h("option", { value: "" }, mixed ? canvas.t("various") : "—"));
  for (const option of all) list.append(h("option", { value: option.code, title: option.help?.[canvas.language] ?? "" }, canvas.name(option)));
  list.value = value ?? "";
  return list;
}

function choices({ canvas, value = [], id, mixed, options: all, toggle }) {
  const pressed = (code) => (value.includes(code) ? "true" : mixed?.has(code) ? "mixed" : "false");
  const button = (option, sign) =>
    h(
      "button",
      { type: "button", class: "toggle", "aria-pressed": pressed(option.code), "data-field": `${id}:${option.code}`, title: option.help?.[canvas.language] ?? "", onclick: () => toggle(option.code, !value.includes(option.code)) },
      canvas.name(option),
      sign && h("span", { "aria-hidden": "true" }, "×"),
    );
  if (all.length <= AS_TOGGLES) return row("toggles", all.map((option) => button(option)));
  const chosen = value.map((code) => button(all.find((o) => o.code === code) ?? { code }, true));
  const rest = all.filter((o) => !value.includes(o.code));
  const done = (code, by) => {
    if (code) toggle(code, true);
    canvas.panel.after(id, code && by === "enter" ? "again" : by); // one may well choose another one
  };
  return h("div", { class: "toggles", role: "group" }, chosen, combobox(canvas, { id, options: rest, hint: canvas.t("add_option"), done }));
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

/** The words of an attribute are a line: Enter goes on, with Shift it breaks the line. */
function words({ canvas, value, id, mixed, change }) {
  const area = text({ value: mixed ? "" : value, id, change });
  if (mixed) area.placeholder = canvas.t("various");
  area.addEventListener("keydown", (event) => {
    if (!["Enter", "NumpadEnter"].includes(event.code) || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    area.dispatchEvent(new Event("change"));
    canvas.panel.after(id, "enter");
  });
  return area;
}

function extent({ canvas, value, id, change }) {
  const { selecting, store } = canvas;
  const take = () => {
    if (selecting.some) change(store.extent(selecting.from, selecting.to));
    else canvas.say(canvas.t("select_first"));
  };
  const show = () => canvas.cursor.reveal(canvas.paper.map.toUnits(value.start));
  return h(
    "div",
    { class: "extent", role: "group" },
    value && h("button", { type: "button", class: "link", onclick: show }, h("q", { dir: "auto" }, short(value.quote, 60))),
    h("button", { type: "button", class: "small", "data-field": id, onclick: take }, canvas.t("from_selection")),
    value && h("button", { type: "button", class: "quiet small", "data-field": `${id}:clear`, onclick: () => change(undefined) }, canvas.t("clear")),
  );
}
