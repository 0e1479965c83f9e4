/** The side panel: what is selected and its form, the suggestions, the list of everything marked. */

import { actorField } from "#annotator/actors.js";
import { h, short } from "#annotator/dom.js";
import { attributeFields, options, text } from "#annotator/form.js";
import { linkForm, linkRows } from "#annotator/links.js";
import { ListView } from "#annotator/list.js";

export class Panel {
  constructor(canvas) {
    this.canvas = canvas;
    this.details = canvas.part("details");
    this.root = this.details?.closest("[data-panel]");
    this.linkOpen = false;
    this.list = new ListView(canvas, canvas.part("list"));
    this.sections = []; // of the form of a mark: [order, (canvas, span) => Element or null]
    this.addSection(10, (_, span) => this.#head(span));
    this.addSection(20, (_, span) => canvas.store.labels.get(span.label)?.entity && actorField(canvas, span, this.#saver(span)));
    this.addSection(30, (_, span) => this.#attributes(span));
    this.addSection(40, (_, span) => this.#links(span));
    this.addSection(50, (_, span) => this.#note(span, this.#saver(span)));
    this.addSection(90, () => this.#actions());
    const { signal } = canvas.listening;
    this.root?.addEventListener("click", (event) => this.#click(event), { signal });
    this.root?.addEventListener("keydown", (event) => this.#arrows(event), { signal });
    this.details?.addEventListener("focusout", () => this.dirty && setTimeout(() => this.refresh()), { signal });
    this.refresh();
  }

  #click(event) {
    const tab = event.target.closest("[role=tab]");
    if (tab) this.show(tab.dataset.tab);
    if (event.target.closest("[data-close]")) delete this.root.dataset.open;
  }

  #arrows(event) {
    const tab = event.target.closest("[role=tab]");
    if (!tab || !["ArrowLeft", "ArrowRight"].includes(event.code)) return;
    const tabs = [...this.root.querySelectorAll("[role=tab]")];
    const forward = (event.code === "ArrowLeft") === (getComputedStyle(tab).direction === "rtl");
    const next = tabs.at((tabs.indexOf(tab) + (forward ? 1 : -1) + tabs.length) % tabs.length);
    this.show(next.dataset.tab);
    next.focus();
    event.preventDefault();
  }

  show(name) {
    if (!this.root) return;
    for (const tab of this.root.querySelectorAll("[role=tab]")) {
      const on = tab.dataset.tab === name;
      tab.setAttribute("aria-selected", on);
      tab.tabIndex = on ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = !on;
    }
    this.root.dataset.open = "";
    this.list.changed();
    this.canvas.suggestions?.changed();
  }

  /** Whether it lies over the text, as on a small screen. */
  get covers() {
    return Boolean(this.root) && getComputedStyle(this.root).position === "fixed";
  }

  focus() {
    this.show("details");
    this.details?.querySelector("select, input, textarea, button:not([data-chrome])")?.focus();
  }

  /** Draw the details anew; what has the focus keeps it, and what is being typed is left alone. */
  refresh({ show = false } = {}) {
    if (!this.details) return;
    if (show) this.show("details");
    const { canvas } = this;
    const span = canvas.picking.selected ? canvas.store.spans.get(canvas.picking.selected) : null;
    const focused = this.details.contains(document.activeElement) ? document.activeElement : null;
    const same = this.drawn === (span?.id ?? null);
    if (same && focused?.matches("textarea, input:not([type=checkbox])")) return void (this.dirty = true);
    this.dirty = false;
    if (!same) this.linkOpen = false;
    const place = same ? this.details.scrollTop : 0;
    this.drawn = span?.id ?? null;
    this.details.replaceChildren(...(span ? this.sections.map(([, make]) => make(canvas, span)).filter(Boolean) : this.#nothing()));
    this.details.scrollTop = place;
    const field = same ? focused?.dataset.field : null;
    if (field) this.details.querySelector(`[data-field="${CSS.escape(field)}"]`)?.focus();
  }

  #nothing() {
    const { canvas } = this;
    const { selecting } = canvas;
    if (selecting?.some && canvas.editable) {
      const text = canvas.paper.quote(selecting.from, selecting.to);
      return [
        h("div", { class: "choosing" }, h("h3", {}, canvas.t("choose_label")), h("q", { dir: "auto" }, short(text, 200)), this.#labels()),
      ];
    }
    const key = canvas.state.set.editable ? "nothing_selected" : "read_only_hint";
    const open = canvas.state.set.editable ? canvas.store.offered().length : 0;
    const walk = { type: "button", "data-chrome": "", onclick: () => canvas.picking.walk(1) };
    return [h("div", { class: "start" }, h("p", { class: "hint" }, canvas.t(key)), open > 0 && h("button", walk, canvas.t("walk", { n: open }), h("kbd", {}, "N")))];
  }

  #labels(chosen) {
    const { canvas } = this;
    return h(
      "div",
      { class: "label-choice" },
      canvas.state.codebook.labels.map((label) =>
        h(
          "button",
          {
            type: "button",
            class: `label-${label.code.toLowerCase()} tinted`,
            "aria-pressed": String(label.code === chosen),
            "data-field": `label:${label.code}`,
            "data-chrome": "",
            disabled: !canvas.editable,
            onclick: () => canvas.acts.useLabel(label.code),
          },
          canvas.name(label),
        ),
      ),
    );
  }

  /** Add a part to the form of a mark; parts stand in the order of their numbers. */
  addSection(order, make) {
    this.sections.push([order, make]);
    this.sections.sort(([a], [b]) => a - b);
  }

  changed() {
    this.list.changed();
  }

  #saver(span) {
    const { acts, store } = this.canvas;
    return (fields) => acts.commit([store.update(span.id, fields)]);
  }

  #head(span) {
    const { canvas } = this;
    const { store } = canvas;
    const others = store.spans.at(span.from).filter((other) => other.id !== span.id);
    const move = { type: "button", class: "small", onclick: () => canvas.acts.moveExtent() };
    return h(
      "article",
      { class: `mark label-${span.label.toLowerCase()}` },
      h("header", {}, canvas.editable ? this.#labels(span.label) : h("span", { class: "tag" }, canvas.name(store.labels.get(span.label)))),
      h("q", { dir: "auto", lang: canvas.state.document.language }, short(store.quote(span), 400)),
      this.#origin(span),
      canvas.editable && canvas.selecting.some && h("button", move, canvas.t("new_extent"), h("kbd", {}, "E")),
      others.length > 0 && this.#others(others),
    );
  }

  #attributes(span) {
    const { canvas } = this;
    const { store } = canvas;
    const label = store.labels.get(span.label);
    const change = (code, value) => {
      const now = { ...store.spans.get(span.id).attributes };
      if (value === undefined) delete now[code];
      else now[code] = value;
      drop(label, now);
      this.#saver(span)({ attributes: now });
    };
    const fields = attributeFields(canvas, { definitions: label?.attributes ?? [], values: span.attributes, missing: store.missing(span), change });
    return fields.length ? h("div", { class: "fields" }, fields) : null;
  }

  #links(span) {
    const { canvas } = this;
    return h("section", { class: "links" }, this.#linkHead(), linkRows(canvas, span), this.linkOpen && linkForm(canvas, span, () => this.closeLink()));
  }

  #actions() {
    const { canvas } = this;
    if (!canvas.editable) return null;
    const removing = { type: "button", class: "quiet danger", "data-field": "remove", "data-chrome": "", onclick: () => canvas.acts.removeSelected() };
    return h("footer", { class: "actions" }, h("span", { class: "grow" }), h("button", removing, canvas.t("remove"), h("kbd", {}, "Del")));
  }

  #origin(span) {
    const { canvas } = this;
    if (!span.suggestion) return null;
    const score = span.score === null || span.score === undefined ? "" : ` · ${span.score.toFixed(2)}`;
    return h("p", { class: "origin" }, canvas.t(span.origin === "CORRECTED" ? "origin_corrected" : "origin_accepted", { tagger: canvas.t(`tagger_${span.tagger}`) }) + score);
  }

  #others(others) {
    const { canvas } = this;
    const chips = others.map((other) =>
      h(
        "button",
        { type: "button", class: `chip label-${other.label.toLowerCase()}`, "data-chrome": "", onclick: () => canvas.picking.select(other.id) },
        `${canvas.name(canvas.store.labels.get(other.label))}: ${short(canvas.store.quote(other), 24)}`,
      ),
    );
    return h("p", { class: "others" }, h("span", {}, canvas.t("same_place")), chips);
  }

  #linkHead() {
    const { canvas } = this;
    const add = { type: "button", class: "quiet", "data-field": "link", "data-chrome": "", onclick: () => this.openLink() };
    return h("header", {}, h("h3", {}, canvas.t("links")), canvas.editable && h("button", add, canvas.t("add_link"), h("kbd", {}, "L")));
  }

  openLink() {
    this.show("details");
    this.linkOpen = true;
    this.refresh();
    this.details?.querySelector(".link-form select")?.focus();
  }

  closeLink() {
    if (!this.linkOpen) return;
    this.linkOpen = false;
    this.canvas.picking.stopLink();
    this.refresh();
  }

  #note(span, save) {
    const { canvas } = this;
    if (!canvas.editable) return span.note ? h("p", { class: "note", dir: "auto" }, span.note) : null;
    const change = (note = "") => canvas.store.spans.get(span.id) && save({ note });
    const field = text({ id: "mark-note", value: span.note, longest: 4000, change });
    return h("div", { class: "field" }, h("label", { for: "mark-note" }, canvas.t("note")), field);
  }

  help() {
    const { canvas } = this;
    const { commands } = canvas;
    const groups = Map.groupBy(commands.byId.values(), (command) => command.group);
    const row = (command) => [h("dt", {}, commands.keysOf(command).map((press) => h("kbd", {}, keycap(press)))), h("dd", {}, commands.name(command))];
    const close = h("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, canvas.t("close"));
    const shown = (all) => all.filter((command) => commands.may(command) && commands.keysOf(command).length);
    const dialog = h(
      "dialog",
      { class: "sheet-dialog", onclose: () => dialog.remove() },
      h("header", {}, h("h2", {}, canvas.t("keys")), close),
      [...groups].map(([group, all]) => [h("h3", {}, canvas.t(`group_${group}`)), h("dl", { class: "keylist" }, shown(all).map(row))]),
      h("dl", { class: "keylist" }, h("dt", {}, h("kbd", {}, "Esc")), h("dd", {}, canvas.t("key_esc"))),
    );
    document.body.append(dialog);
    dialog.showModal();
  }
}

const CAPS = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Delete: "Del", Control: "Ctrl", Shift: "⇧", BracketLeft: "[", BracketRight: "]" };

/** What stands on the keys of a press: "Control+Shift+KeyZ" -> "Ctrl ⇧ Z". */
export function keycap(press) {
  return press.split("+").map((part) => CAPS[part] ?? part.replace(/^(Digit|Key)/, "")).join(" ");
}

/** Take out values that another value no longer allows, such as the modes of another event type. */
function drop(label, values) {
  for (const attribute of label.attributes) {
    if (!attribute.depends_on || values[attribute.code] === undefined) continue;
    const allowed = new Set(options(attribute, values).map((o) => o.code));
    const kept = [values[attribute.code]].flat().filter((v) => allowed.has(v));
    if (!kept.length) delete values[attribute.code];
    else if (Array.isArray(values[attribute.code])) values[attribute.code] = kept;
  }
}
