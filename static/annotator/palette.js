/**
 * Two dialogs that find by typing, in Arabic or English: what to mark with (a label, or a label with a value in one go),
 * and any command by its name. Loaded when it is first asked for.
 */

import { cap, grouped, keycap, nameOf } from "#annotator/caps.js";
import { Choices, isStep } from "#annotator/choices.js";
import { h, short } from "#annotator/dom.js";
import { keyOf } from "#annotator/favourites.js";
import { fold, search } from "#annotator/fold.js";

const SHOWN = 60;
const RECENT = 4;
const CHOSEN = new Set(["choice", "choices"]);

/** @param {"labels" | "commands"} kind */
export function openPalette(canvas, kind) {
  return kind === "labels" ? labels(canvas) : commands(canvas);
}

// -- what there is to choose from

/** Each label, and each value that makes sense with it: for a mark of that label all values, else those that are needed. */
function choices(canvas, own) {
  const found = [];
  for (const label of canvas.state.codebook.labels) {
    found.push({ choice: { label: label.code, values: {} }, depth: 0 });
    for (const attribute of label.attributes ?? []) {
      const parent = label.attributes.find((a) => a.code === attribute.depends_on);
      if (!attribute.required && !parent?.required && label.code !== own) continue;
      if (attribute.type === "flag") found.push({ choice: { label: label.code, values: { [attribute.code]: true } }, depth: 2 });
      if (!CHOSEN.has(attribute.type)) continue;
      for (const option of attribute.options) {
        const value = attribute.type === "choices" ? [option.code] : option.code;
        for (const first of (parent && option.when) || [null]) {
          const values = { ...(first && { [parent.code]: parent.type === "choices" ? [first] : first }), [attribute.code]: value };
          found.push({ choice: { label: label.code, values }, option, depth: attribute.required ? 1 : 2 });
        }
      }
    }
  }
  return found;
}

const names = (thing) => Object.values(thing?.name ?? {}).map(fold);

/** The words by which a choice is found: the names of its value first, those of its label too. */
function words(canvas, { choice, option, depth }) {
  const label = canvas.store.labels.get(choice.label);
  const last = Object.keys(choice.values).at(-1);
  const attribute = label.attributes?.find((a) => a.code === last);
  const own = option ? [...names(option), fold(option.code)] : depth ? names(attribute) : [...names(label), fold(label.code)];
  const around = Object.values(option?.help ?? {}).map(fold);
  if (depth) around.push(...names(label), ...names(attribute));
  return { names: own, more: around };
}

// -- the dialogs

function labels(canvas) {
  const { favourites, last, picking, selecting, store, t } = canvas;
  const several = picking.several?.size > 1 ? picking.several.size : 0;
  const mark = !selecting.some && !several ? store.spans.get(picking.selected) : null;
  const all = choices(canvas, mark?.label);
  for (const item of all) item.words = words(canvas, item);
  const same = (choice) => all.find((item) => keyOf(item.choice) === keyOf(choice)) ?? { choice, depth: 1, words: { names: [fold(favourites.name(choice))] } };
  const recent = last.recent.map(same);
  const used = new Map(recent.map((item, i) => [keyOf(item.choice), 1 - i / 20]));
  const about = ({ choice, depth, words: own }) => {
    const key = keyOf(choice);
    return { ...own, bonus: (favourites.has(choice) ? 1.5 : 0) + (used.get(key) ?? 0) - depth / 10 };
  };
  const find = (query) => {
    if (query.trim()) return [{ items: search(all, query, about).slice(0, SHOWN) }];
    const first = favourites.all.map(same);
    const keys = new Set(first.map((item) => keyOf(item.choice)));
    const then = recent.filter((item) => !keys.has(keyOf(item.choice))).slice(0, RECENT);
    const own = mark ? all.filter((item) => item.choice.label === mark.label && item.depth) : [];
    const rest = all.filter((item) => !item.depth && !keys.has(keyOf(item.choice)));
    return [
      { title: t("favourites"), items: first },
      { title: t("used_lately"), items: then },
      { title: t("all_labels"), items: rest },
      { title: mark && t("values_of", { label: canvas.name(store.labels.get(mark.label)) }), items: own },
    ];
  };
  const quote = selecting.some ? canvas.paper.quote(selecting.from, selecting.to) : mark && store.quote(mark);
  const target = quote ? h("q", { dir: "auto" }, short(quote, 70)) : several ? t("several", { n: several }) : t("each_selection");
  return dialog(canvas, {
    title: t("cmd_choose_label"), hint: t("find_label"), target, find,
    foot: [[["Enter"], t("choose")], [["⇧ Enter"], t("favourite")], [["Alt ↑", "Alt ↓"], t("move_favourite")]],
    draw: ({ choice, option }) => {
      const id = favourites.commandOf(choice);
      const on = favourites.has(choice);
      // For the mouse only: an option holds no button, and Shift with Enter does the same.
      const star = [h("span", { class: "star", "aria-hidden": "true", title: t("favourite"), "data-star": on ? "on" : "" }, on ? "★" : "☆"), on && h("span", { class: "spoken" }, t("favourite"))];
      return {
        class: `label-${choice.label.toLowerCase()}`,
        parts: [h("i", { class: "swatch", "aria-hidden": "true" }), h("span", { class: "name" }, favourites.name(choice)), h("small", {}, option?.help?.[canvas.language] ?? ""), id && cap(canvas, id), star],
      };
    },
    run: ({ choice }) => favourites.use(choice),
    star: ({ choice }) => favourites.toggle(choice),
    move: ({ choice }, step) => favourites.move(choice, step),
  });
}

function commands(canvas) {
  const { commands: registry, t } = canvas;
  const all = [...registry.byId.values()].filter((command) => registry.may(command));
  let isGrouped = true; // under headings
  const about = (command) => ({ names: [fold(nameOf(canvas, command))], more: [fold(t(`group_${command.group}`))] });
  return dialog(canvas, {
    title: t("cmd_find_command"), hint: t("find_command"),
    find: (query) => {
      isGrouped = !query.trim();
      return isGrouped ? grouped(all).map(([group, items]) => ({ title: t(`group_${group}`), items })) : [{ items: search(all, query, about) }];
    },
    foot: [[["Enter"], t("choose")], [registry.keysOf(registry.byId.get("help")).slice(0, 1).map(keycap), t("cmd_help")]],
    draw: (command) => ({
      class: "",
      parts: [h("span", { class: "name" }, nameOf(canvas, command)), h("small", {}, isGrouped ? "" : t(`group_${command.group}`)), h("span", { class: "caps" }, registry.keysOf(command).slice(0, 2).map((press) => h("kbd", {}, keycap(press))))],
    }),
    run: (command) => registry.run(command.id),
  });
}

/**
 * A field and the list under it; arrows and Enter choose, Escape closes, the selection in the text stays as it is.
 * @param {{title, hint, target?, find: (query) => {title?, items}[], draw, run, star?, move?, foot}} about
 */
function dialog(canvas, { title, hint, target, find, draw, run, star, move, foot }) {
  let items = [];
  const box = h("div", { class: "palette-list", role: "listbox", id: "palette-list", "aria-label": title });
  const input = h("input", {
    type: "text", role: "combobox", autocomplete: "off", dir: "auto", placeholder: hint, "aria-label": title, "aria-expanded": "true",
  });
  const choices = new Choices(input, box);
  const keys = h("p", { class: "palette-foot" }, foot.map(([caps, text]) => h("span", {}, caps.map((cap) => h("kbd", {}, cap)), " ", text)));
  const root = h("dialog", { class: "palette", "aria-label": title, onclose: () => root.remove() }, target && h("p", { class: "palette-target" }, target), input, box, keys);

  const show = (at = 0) => {
    items = [];
    box.replaceChildren();
    for (const { title: heading, items: some } of find(input.value)) {
      if (!some.length) continue;
      if (heading) box.append(h("h3", { role: "presentation" }, heading));
      for (const item of some) {
        const { class: looks, parts } = draw(item);
        box.append(h("div", { role: "option", id: `palette-${items.length}`, "data-index": String(items.length), class: looks }, parts));
        items.push(item);
      }
    }
    if (!items.length) box.append(h("p", { class: "hint" }, canvas.t("nothing_found")));
    choices.mark(Math.min(at, items.length - 1));
  };
  const take = (index) => {
    const item = items[index];
    if (!item) return;
    root.close();
    canvas.focus();
    run(item);
  };
  const again = (work) => {
    const { at } = choices;
    const item = items[at];
    if (!item) return;
    work(item);
    show(at);
    const moved = items.indexOf(item);
    if (moved >= 0) choices.mark(moved);
  };

  input.addEventListener("input", () => show());
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const enter = ["Enter", "NumpadEnter"].includes(event.code);
    if (enter && event.shiftKey && star) again(star);
    else if (enter) take(choices.at);
    else if (isStep(event) && event.altKey && move) again((item) => move(item, event.code.endsWith("Up") ? -1 : 1));
    else if (isStep(event)) choices.step(event);
    else return;
    event.preventDefault();
  });
  box.addEventListener("click", (event) => {
    const row = event.target.closest("[data-index]");
    if (!row) return;
    if (!event.target.closest("[data-star]")) return take(Number(row.dataset.index));
    choices.mark(Number(row.dataset.index));
    again(star);
  });
  root.addEventListener("click", (event) => event.target === root && root.close());
  document.body.append(root);
  show();
  root.showModal();
  input.focus();
  return root;
}
