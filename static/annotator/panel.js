/** The side panel: what is selected and its form, the suggestions, the list of everything marked. */

import { actorField } from "#annotator/actors.js";
import { cap, nameOf } from "#annotator/caps.js";
import { h, short } from "#annotator/dom.js";
import { asked, attributeFields, faultsOf, text } from "#annotator/form.js";
import { head, labelChoice } from "#annotator/head.js";
import { missing } from "#annotator/lacking.js";
import { linkForm, linkRows } from "#annotator/links.js";
import { ListView } from "#annotator/list.js";
import { labelAll, removeAll, severalForm, toggle } from "#annotator/several.js";
import { fitting } from "#annotator/values.js";

const FIELD = "[data-field]:not([data-chrome], [tabindex='-1'], :disabled)";
const WRITTEN = "textarea, input:not([type=checkbox])";

export class Panel {
  constructor(canvas) {
    this.canvas = canvas;
    this.details = canvas.part("details");
    this.root = this.details?.closest("[data-panel]");
    this.linkForm = null; // while a link is being made
    this.list = new ListView(canvas, canvas.part("list"));
    this.sections = []; // of the form of a mark: [order, (canvas, span) => Element or null]
    this.addSection(10, (_, span) => head(canvas, span));
    this.addSection(20, (_, span) => canvas.store.labels.get(span.label)?.entity && actorField(canvas, span, this.#saver(span)));
    this.addSection(30, (_, span) => this.#attributes(span));
    this.addSection(40, (_, span) => this.#links(span));
    this.addSection(50, (_, span) => this.#note(span, this.#saver(span)));
    this.addSection(90, () => this.#actions());
    const { signal } = canvas.listening;
    this.root?.addEventListener("click", (event) => this.#click(event), { signal });
    this.root?.addEventListener("keydown", (event) => this.#arrows(event), { signal });
    this.details?.addEventListener("focusout", () => this.dirty && setTimeout(() => this.refresh()), { signal });
    this.refresh({ force: true });
  }

  /** Add a part to the form of a mark; parts stand in the order of their numbers. */
  addSection(order, make) {
    this.sections.push([order, make]);
    this.sections.sort(([a], [b]) => a - b);
  }

  // -- what is picked

  label(code, values) {
    labelAll(this.canvas, code, values);
  }

  /** A click on the text with Control or Shift: the shortest mark there is picked too, or not any more. */
  toggleAt(unit) {
    const { selecting, store } = this.canvas;
    const found = unit === null ? null : store.spans.at(unit)[0];
    if (!found) return;
    selecting.clear();
    toggle(this.canvas, found.id);
  }

  removeAll() {
    removeAll(this.canvas);
  }

  // -- tabs

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
      if (on && tab.tabIndex < 0) tab.scrollIntoView({ block: "nearest", inline: "nearest" });
      tab.setAttribute("aria-selected", on);
      tab.tabIndex = on ? 0 : -1;
      document.getElementById(tab.getAttribute("aria-controls")).hidden = !on;
    }
    this.root.dataset.open = "";
    this.list.changed();
    this.canvas.suggestions?.changed();
    this.canvas.tell("tabShown", name);
  }

  /** Whether it lies over the text, as on a small screen. */
  get covers() {
    return Boolean(this.root) && getComputedStyle(this.root).position === "fixed";
  }

  // -- where the keys go

  /** Into the form: to what is still needed, else to its first field, else to the first thing one can press. */
  focus() {
    this.settle();
    this.show("details");
    const to = this.#missing() ?? this.details?.querySelector(FIELD) ?? this.details?.querySelector("button:not(:disabled)");
    to?.focus();
  }

  #missing() {
    return this.details?.querySelector(`[data-missing] :is(${FIELD})`);
  }

  /** A field was settled: with Enter to what is still needed, else back to the text; otherwise the focus stays. */
  after(id, by) {
    this.refresh({ force: true });
    const same = this.details?.querySelector(`[data-field="${CSS.escape(id)}"]`);
    if (by !== "enter") return same?.focus();
    const next = this.#missing();
    if (next && next !== same) next.focus();
    else this.canvas.focus();
  }

  // -- drawing

  /**
   * Have the details drawn anew, once the text has been: what somebody marks is seen first. What has the focus keeps it, and
   * what is being typed is left alone unless with `force`, which also draws at once.
   */
  refresh({ show = false, force = false } = {}) {
    if (!this.details) return;
    this.wanted = { show: show || Boolean(this.wanted?.show), force };
    if (force) return this.settle();
    const soon = document.hidden ? setTimeout : requestAnimationFrame;
    this.coming ??= soon(() => setTimeout(() => this.settle()));
  }

  /** Draw what is still to be drawn. */
  settle() {
    if (!this.wanted) return;
    const { show, force } = this.wanted;
    this.wanted = this.coming = null;
    if (show) this.show("details");
    const { canvas } = this;
    const several = canvas.picking.several?.size > 1;
    const span = !several && canvas.picking.selected ? canvas.store.spans.get(canvas.picking.selected) : null;
    const focused = this.details.contains(document.activeElement) ? document.activeElement : null;
    const key = several ? "several" : (span?.id ?? null);
    const same = this.drawn === key;
    if (same && !force && focused?.matches(WRITTEN)) return void (this.dirty = true);
    this.dirty = false;
    if (!same) this.linkForm = null;
    const place = same ? this.details.scrollTop : 0;
    this.drawn = key;
    const parts = several ? severalForm(canvas) : span ? this.sections.map(([, make]) => make(canvas, span)) : this.#nothing();
    this.details.replaceChildren(...parts.filter(Boolean));
    this.details.scrollTop = place;
    const field = same ? focused?.dataset.field : null;
    if (field) this.details.querySelector(`[data-field="${CSS.escape(field)}"]`)?.focus();
  }

  changed() {
    this.list.changed();
  }

  #nothing() {
    const { canvas } = this;
    const { commands, selecting, t } = canvas;
    if (selecting?.some && canvas.editable) {
      const quote = short(canvas.paper.quote(selecting.from, selecting.to), 200);
      return [h("div", { class: "choosing" }, h("h3", {}, t("choose_label")), h("q", { dir: "auto" }, quote), labelChoice(canvas), canvas.same?.way("same"))];
    }
    const { editable } = canvas.state.set;
    const hints = editable ? ["choose_label", "form", "help"].map((id) => commands.byId.get(id)).filter(Boolean) : [];
    const open = editable ? canvas.store.offered().length : 0;
    const walk = { type: "button", "data-chrome": "", onclick: () => canvas.suggestions.deciding.walk(1) };
    return [
      h(
        "div",
        { class: "start" },
        h("p", { class: "hint" }, t(editable ? "nothing_selected" : "read_only_hint")),
        open > 0 && h("button", walk, t("walk", { n: open }), cap(canvas, "next_suggestion")),
        hints.length > 0 && h("dl", { class: "keylist" }, hints.map((command) => [h("dt", {}, cap(canvas, command.id)), h("dd", {}, nameOf(canvas, command))])),
      ),
    ];
  }

  #saver(span) {
    const { acts, store } = this.canvas;
    return (fields) => acts.commit([store.update(span.id, fields)]);
  }

  #attributes(span) {
    const { canvas } = this;
    const { store } = canvas;
    const label = store.labels.get(span.label);
    const change = (code, value) => {
      const now = { ...store.spans.get(span.id).attributes, [code]: value };
      if (value === undefined) delete now[code];
      this.#saver(span)({ attributes: fitting(label, now) });
    };
    const rules = asked(canvas, span);
    const lacks = missing(store, span);
    const fields = attributeFields(canvas, {
      definitions: label?.attributes ?? [], values: span.attributes, missing: lacks, change, reasons: rules, faults: faultsOf(canvas, span.id),
    });
    return fields.length ? h("div", { class: "fields" }, fields) : null;
  }

  #links(span) {
    const { canvas } = this;
    const add = { type: "button", class: "quiet", "data-field": "link", "data-chrome": "", onclick: () => this.openLink() };
    const head = h("header", {}, h("h3", {}, canvas.t("links")), canvas.editable && h("button", add, canvas.t("add_link"), cap(canvas, "link")));
    return h("section", { class: "links" }, head, this.linkForm, linkRows(canvas, span));
  }

  openLink() {
    const { canvas } = this;
    this.settle();
    this.show("details");
    this.linkForm = linkForm(canvas, canvas.store.spans.get(canvas.picking.selected), () => this.closeLink());
    this.refresh({ force: true });
    this.linkForm.querySelector("input").focus();
  }

  closeLink() {
    if (!this.linkForm) return;
    const inside = this.linkForm.contains(document.activeElement);
    this.linkForm = null;
    this.canvas.links.stop();
    this.refresh({ force: true });
    if (inside) this.canvas.focus();
  }

  #note(span, save) {
    const { canvas } = this;
    if (!canvas.editable) return span.note ? h("p", { class: "note", dir: "auto" }, span.note) : null;
    const change = (note = "") => canvas.store.spans.get(span.id) && save({ note });
    const field = text({ id: "mark-note", value: span.note, longest: 4000, change });
    return h("div", { class: "field" }, h("label", { for: "mark-note" }, canvas.t("note")), field);
  }

  #actions() {
    const { canvas } = this;
    if (!canvas.editable) return null;
    const removing = { type: "button", class: "quiet danger", "data-field": "remove", "data-chrome": "", onclick: () => canvas.acts.removeSelected() };
    return h("footer", { class: "actions" }, h("span", { class: "grow" }), h("button", removing, canvas.t("remove"), cap(canvas, "remove")));
  }
}
