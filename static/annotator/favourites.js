/**
 * What one marks with: labels, and labels with values such as "Event · Sanction". Each is a choice {label, values}. The
 * favourites of a person stand first in the rail and lie on the keys 1 to 9; who has none has the codebook's labels there.
 */

import { cap, refreshCaps } from "#annotator/caps.js";
import { h } from "#annotator/dom.js";
import { labelCommands } from "#annotator/keys.js";
import { isEmpty } from "#annotator/lacking.js";
import { prefer } from "#annotator/preferences.js";
import { withValues } from "#annotator/values.js";

const MOST = 20;

/** A choice as a text, equal for equal choices. */
export const keyOf = ({ label, values = {} }) => JSON.stringify([label, Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1))]);

/** Whether a mark is what a choice makes. */
function fits(span, { label, values = {} }) {
  return span.label === label && Object.entries(values).every(([code, wanted]) => [wanted].flat().every((v) => [span.attributes[code]].flat().includes(v)));
}

const palette = async (canvas, kind) => (await import("#annotator/palette.js")).openPalette(canvas, kind);

const COMMANDS = [
  { id: "choose_label", keys: ["Space", "Shift+KeyL"], group: "marking", writes: true, when: (c) => !c.picking.current, run: (c) => palette(c, "labels") },
  { id: "find_command", keys: ["Control+KeyK"], group: "other", run: (c) => palette(c, "commands") },
  { id: "help", keys: ["?", "؟"], group: "other", run: async (c) => (await import("#annotator/remap.js")).showKeys(c) },
];

export class Favourites {
  constructor(canvas) {
    this.canvas = canvas;
    this.root = canvas.part("labels");
    const { signal } = canvas.listening;
    this.root?.addEventListener("click", (event) => this.#click(event), { signal });
    const finder = this.root?.parentElement.querySelector("[data-command]");
    finder?.addEventListener("pointerdown", (event) => event.preventDefault(), { signal }); // a finger's selection stays
    finder?.addEventListener("click", () => canvas.commands.run(finder.dataset.command), { signal });
    canvas.commands.add(...COMMANDS);
    this.#bind();
    this.changed();
  }

  // -- what they are

  get #project() {
    return String(this.canvas.state.project ?? "");
  }

  /** The choices the person has set for this project, those left out that the codebook does not know; null if never. */
  get own() {
    return this.canvas.preferences.favourites?.[this.#project]?.filter((choice) => this.#known(choice)) ?? null;
  }

  #known({ label, values = {} }) {
    const about = this.canvas.store.labels.get(label);
    return Object.entries(values).every(([code, value]) => {
      const attribute = about?.attributes?.find((a) => a.code === code);
      return attribute && [value].flat().every((v) => v === true || attribute.options?.some((o) => o.code === v));
    }) && Boolean(about);
  }

  /** The person's, else the codebook's labels that have a digit, in the order of the digits. */
  get all() {
    const digit = ({ key }) => /^Digit[1-9]$/.test(key ?? "");
    return this.own ?? this.canvas.state.codebook.labels.filter(digit).sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ code }) => ({ label: code, values: {} }));
  }

  has(choice) {
    return this.all.some((one) => keyOf(one) === keyOf(choice));
  }

  name({ label, values = {} }) {
    const { canvas } = this;
    const about = canvas.store.labels.get(label);
    const words = Object.entries(values).flatMap(([code, value]) => {
      const attribute = about?.attributes?.find((a) => a.code === code);
      return [value].flat().map((v) => (v === true ? canvas.name(attribute) : canvas.name(attribute?.options?.find((o) => o.code === v))));
    });
    return [canvas.name(about), ...words].join(" · ");
  }

  /** The attributes of a mark once the values of a choice are set. */
  attributes(label, before, values) {
    return withValues(this.canvas.store.labels.get(label), before, values);
  }

  use({ label, values }) {
    this.canvas.acts.useLabel(label, values);
  }

  // -- changing them

  toggle(choice) {
    const { all } = this;
    const left = all.filter((one) => keyOf(one) !== keyOf(choice));
    if (left.length === all.length && all.length >= MOST) return;
    this.#set(left.length < all.length ? left : [...all, { label: choice.label, values: choice.values ?? {} }]);
  }

  /** One up (-1) or down (1) in the order. */
  move(choice, step) {
    const all = [...this.all];
    const at = all.findIndex((one) => keyOf(one) === keyOf(choice));
    const to = at + step;
    if (at < 0 || to < 0 || to >= all.length) return;
    [all[at], all[to]] = [all[to], all[at]];
    this.#set(all);
  }

  /** Back to the codebook's labels. */
  reset() {
    this.#set(null);
  }

  #set(list) {
    const { canvas } = this;
    const { [this.#project]: _old, ...others } = canvas.preferences.favourites ?? {};
    const now = list ? { ...others, [this.#project]: list } : others;
    prefer(canvas, "favourites", Object.keys(now).length ? now : null);
    this.#bind();
    this.rekeyed();
  }

  /** Keys are others now: those that are shown beside labels and buttons, too. */
  rekeyed() {
    const { canvas } = this;
    this.#draw();
    refreshCaps(canvas);
    canvas.count();
    this.changed();
    canvas.panel.refresh({ force: true });
    canvas.suggestions.changed();
  }

  // -- keys

  /** The codebook's keys for its labels; with own favourites the digits are for these. */
  #bind() {
    const { commands } = this.canvas;
    const command = (choice, i) => ({ id: `favourite_${i + 1}`, keys: [`Digit${i + 1}`], group: "marking", name: this.name(choice), writes: true, once: true, run: () => this.use(choice) });
    commands.remove(...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `favourite_${n}`));
    commands.add(...labelCommands(this.canvas), ...(this.own ?? []).slice(0, 9).map(command));
  }

  /** The command that a choice lies on. */
  commandOf(choice) {
    const at = this.own?.findIndex((one) => keyOf(one) === keyOf(choice)) ?? -1;
    if (at >= 0 && at < 9) return `favourite_${at + 1}`;
    return Object.keys(choice.values ?? {}).length ? null : `label_${choice.label}`;
  }

  // -- the rail

  /** Favourites with values first, labels behind; as templates/workspace/workspace.html draws it at first. */
  #draw() {
    if (!this.root) return;
    const { canvas } = this;
    const { all } = this;
    const rest = canvas.state.codebook.labels.map(({ code }) => ({ label: code, values: {} })).filter((choice) => !this.has(choice));
    this.root.replaceChildren(...[...all, ...rest].map((choice) => this.#button(choice)));
  }

  #button(choice) {
    const { canvas } = this;
    const label = canvas.store.labels.get(choice.label);
    const plain = !Object.keys(choice.values ?? {}).length;
    const id = this.commandOf(choice);
    return h(
      "button",
      {
        type: "button",
        class: `label label-${label.code.toLowerCase()}`,
        "data-label": plain && label.code,
        "data-favourite": !plain && JSON.stringify(choice),
        "aria-pressed": "false",
        disabled: !canvas.editable,
      },
      h("i", { class: "swatch", "aria-hidden": "true" }),
      h("span", { class: "name" }, this.name(choice)),
      h("span", { class: "n", "data-count": "" }),
      id && cap(canvas, id),
    );
  }

  #click(event) {
    const button = event.target.closest("[data-favourite]");
    if (button) this.use(JSON.parse(button.dataset.favourite));
  }

  /** Count what the choices with values have made. */
  changed() {
    clearTimeout(this.timer);
    const buttons = this.root?.querySelectorAll("[data-favourite]") ?? [];
    if (buttons.length) this.timer = setTimeout(() => this.#count(buttons));
  }

  #count(buttons) {
    const { acts, store } = this.canvas;
    for (const button of buttons) {
      const choice = JSON.parse(button.dataset.favourite);
      let n = 0;
      for (const span of store.spans.byId.values()) if (fits(span, choice)) n++;
      button.querySelector("[data-count]").textContent = n;
      const armed = acts.armed === choice.label && keyOf(choice) === keyOf({ label: acts.armed, values: acts.armedWith });
      button.setAttribute("aria-pressed", String(armed));
    }
  }

  destroy() {
    clearTimeout(this.timer);
  }
}

/** The values of a mark that a choice would set: its required choices. */
export function choiceOf(label, span) {
  const values = {};
  for (const attribute of label?.attributes ?? []) {
    const value = span.attributes[attribute.code];
    if (attribute.required && attribute.type === "choice" && !isEmpty(value)) values[attribute.code] = value;
  }
  return { label: span.label, values };
}
