/** What a mark was before, and the marks that were removed, in a dialog over the text; each state can come back. */

import { get } from "#annotator/ask.js";
import { cap } from "#annotator/caps.js";
import { h, uuid } from "#annotator/dom.js";

export class SpanHistory {
  constructor(canvas) {
    this.canvas = canvas;
    this.url = canvas.state.urls.history;
    if (!this.url || !canvas.outbox) return;
    canvas.commands.add({ id: "history", keys: ["Shift+KeyH"], group: "talk", run: () => this.open(canvas.picking.selected) });
    canvas.panel.addSection(70, (_, span) => this.#ofMark(span));
  }

  #ofMark(span) {
    const { canvas } = this;
    const show = { type: "button", class: "quiet small", "data-field": "history", "data-chrome": "", onclick: () => this.open(span.id) };
    return h("footer", { class: "actions of-history" }, h("button", show, canvas.t("history"), cap(canvas, "history")));
  }

  /** The history of a mark, without one the whole log with what was removed. */
  async open(id) {
    const { canvas } = this;
    const close = h("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, canvas.t("close"));
    const whole = h("a", { href: this.url, class: "small" }, canvas.t("history_all"));
    const title = h("h2", {}, canvas.t(id ? "history_of_mark" : "history"));
    const body = h("div", { class: "past-body", tabIndex: 0, autofocus: true, "aria-busy": "true" }, h("p", { class: "hint" }, canvas.t("loading")));
    const dialog = h("dialog", { class: "sheet-dialog past-dialog", onclose: () => dialog.remove() }, h("header", {}, title, whole, close), body);
    dialog.addEventListener("submit", (event) => this.#restore(event, dialog));
    document.body.append(dialog);
    dialog.showModal();
    // What the server does not know yet would be missing.
    await canvas.outbox.settled(3000);
    const url = new URL(this.url, location.href);
    url.searchParams.set("part", "1");
    if (id) url.searchParams.set("span", id);
    const { ok, body: answer } = await get(canvas, url.href, { html: true });
    body.removeAttribute("aria-busy");
    if (!ok) return body.replaceChildren(h("p", { class: "fault" }, answer.detail));
    body.replaceChildren(...document.importNode(new DOMParser().parseFromString(answer, "text/html").body, true).childNodes);
    if (!id) body.querySelector("#removed")?.after(...body.querySelectorAll(".past-body > ol")); // what one looks for stands first
  }

  /** A form of the page becomes an edit like any other: kept, sent, undone. */
  #restore(event, dialog) {
    const form = event.target;
    if (!form.matches("[data-restore]")) return;
    event.preventDefault();
    const { canvas } = this;
    if (!canvas.editable) return;
    const { span: id, as_of } = Object.fromEntries(new FormData(form));
    const now = canvas.store.spans.get(id);
    const edit = { id: uuid(), op: "restore_span", span: { id }, as_of };
    if (now) edit.base_version = now.version;
    const heard = ({ detail }) => {
      if (!detail.answer.edits.some((one) => one.id === edit.id)) return;
      canvas.outbox.removeEventListener("answer", heard);
      canvas.picking.select(id, { reveal: true });
    };
    canvas.outbox.addEventListener("answer", heard);
    canvas.acts.commit([edit]);
    dialog.close();
    canvas.saving.say(canvas.t("brought_back"), canvas.t("undo"), () => canvas.acts.history("undo"));
  }
}
