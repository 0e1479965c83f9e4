/**
 * Comments: the tab of the panel, marks in the margin where something is open, a part of the form of a mark. The server
 * writes the threads (templates/workspace/talk.html); here only those that changed are put in, so that nothing moves that
 * is being read or written.
 */

import { get, post } from "#annotator/ask.js";
import { cap } from "#annotator/caps.js";
import { h, uuid } from "#annotator/dom.js";
import { toast } from "#annotator/saving.js";

export class Talk {
  constructor(canvas) {
    this.canvas = canvas;
    this.root = canvas.part("talk");
    this.url = canvas.state.urls.talk;
    this.stamp = "";
    if (!this.root || !this.url) return;
    this.list = h("div", { class: "threads" });
    this.top = h("div", { class: "say-top" });
    this.root.replaceChildren(this.top, this.list);
    const { signal } = canvas.listening;
    canvas.commands.add({ id: "comment", keys: ["KeyM"], group: "talk", run: () => this.begin() });
    canvas.panel.addSection(60, (_, span) => this.#ofMark(span));
    canvas.pulse.addEventListener("pulse", ({ detail }) => this.#heard(detail.talk), { signal });
    this.root.addEventListener("click", (event) => this.#click(event), { signal });
    canvas.addEventListener("click", (event) => this.#margin(event), { signal });
    addEventListener("hashchange", () => this.#goToHash(), { signal });
    this.loading = this.load().then(() => this.#goToHash());
  }

  destroy() {
    clearTimeout(this.later);
  }

  /** A tab of the panel is in front. */
  tabShown(name) {
    if (name !== "talk" || !this.stamp) return;
    this.#top();
    this.#seen();
  }

  #address(path = "", more = {}) {
    const url = new URL(this.url, location.href);
    url.pathname += path;
    for (const [key, value] of Object.entries(more)) if (value) url.searchParams.set(key, value);
    return url.href;
  }

  // -- what is said

  #heard(talk) {
    if (talk && talk.stamp !== this.stamp) this.load();
  }

  /** Bring what changed since the last time. */
  async load({ all = false } = {}) {
    const { ok, status, body } = await get(this.canvas, this.#address("", { stamp: all ? "" : this.stamp }), { html: true });
    if (!ok || status === 204) return;
    const found = new DOMParser().parseFromString(body, "text/html").querySelector("[data-talk]");
    if (!found) return;
    this.stamp = found.dataset.stamp;
    this.unread = Number(found.dataset.unread);
    this.last = Number(found.dataset.last);
    this.writable = "writable" in found.dataset;
    this.audience = found.dataset.audience;
    this.#merge([...found.children]);
    this.#top();
    this.#count();
    this.canvas.panel.refresh();
    this.#seen();
  }

  #merge(wanted) {
    const old = new Map([...this.list.children].map((node) => [node.id, node]));
    let at = this.list.firstElementChild;
    for (const fresh of wanted) {
      const known = old.get(fresh.id);
      const same = known && known.dataset.version === fresh.dataset.version && fresh.id;
      const node = same ? known : document.importNode(fresh, true);
      if (known && !same) this.#keepForm(known, node);
      if (node === at) at = at.nextElementSibling;
      else this.list.insertBefore(node, at);
      if (known && !same) {
        if (at === known) at = known.nextElementSibling;
        known.remove();
      }
      if (!same) this.#refocus(node);
    }
    while (at) {
      const next = at.nextElementSibling;
      at.remove();
      at = next;
    }
  }

  /** What is being written moves into the new version of its thread. */
  #keepForm(known, node) {
    const form = known.querySelector("form.say");
    if (!form) return;
    const field = form.querySelector("textarea");
    this.typing = document.activeElement === field ? [field, field.selectionStart, field.selectionEnd] : null;
    node.append(form);
  }

  #refocus(node) {
    const [field, start, end] = this.typing ?? [];
    if (!field || !node.contains(field)) return;
    this.typing = null;
    field.focus({ preventScroll: true });
    field.setSelectionRange(start, end);
  }

  get threads() {
    return [...this.list.querySelectorAll(".thread")];
  }

  open(span) {
    return this.threads.filter((thread) => "open" in thread.dataset && (!span || thread.dataset.span === span.id));
  }

  /** How much is new on the tab, and a sign in the margin of each paragraph where something is open. */
  #count() {
    const { canvas } = this;
    const badge = canvas.part("count-talk");
    const open = this.open().length;
    if (badge) {
      badge.textContent = this.unread || open || "";
      badge.classList.toggle("new", this.unread > 0);
      badge.title = this.unread ? canvas.t("unread_n", { n: this.unread }) : open ? canvas.t("open_n", { n: open }) : "";
    }
    const { paper } = canvas;
    const counts = new Map();
    for (const { dataset } of this.open().filter((thread) => thread.dataset.span)) {
      const { element } = paper.paragraphs[paper.indexAt(paper.map.toUnits(Number(dataset.start)))];
      counts.set(element, (counts.get(element) ?? 0) + 1);
    }
    for (const element of canvas.querySelectorAll("[data-talk]")) if (!counts.has(element)) delete element.dataset.talk;
    for (const [element, n] of counts) element.dataset.talk = n;
  }

  /** What stands in an open tab has been read. */
  async #seen() {
    if (this.root.hidden || !this.unread || document.visibilityState !== "visible") return;
    this.unread = 0;
    this.#count();
    await post(this.canvas, this.#address("read/"), { last: this.last }, { keepalive: true }); // also where the page is left at once
  }

  changed(touched) {
    if (!this.root || !this.stamp) return;
    const mine = this.threads.filter(({ dataset }) => dataset.span && touched.spans.has(dataset.span));
    if (!mine.length) return;
    clearTimeout(this.later); // whether a mark is still there is the server's to say, once it knows
    this.later = setTimeout(() => this.load({ all: true }), 1500);
  }

  // -- going there

  show(thread, { focus = true } = {}) {
    this.canvas.panel.show("talk");
    if (!thread) return;
    thread.scrollIntoView({ block: "nearest" });
    if (focus) thread.focus({ preventScroll: true });
  }

  #goToHash() {
    const found = /^#thread-\d+$/.test(location.hash) && this.list.querySelector(location.hash);
    if (!found) return;
    this.show(found);
    this.#reveal(found);
  }

  #reveal({ dataset }) {
    const { paper, picking, store } = this.canvas;
    if (!dataset.span) return;
    if (store.spans.get(dataset.span)) picking.select(dataset.span, { reveal: true, open: false });
    else this.canvas.cursor.reveal(paper.map.toUnits(Number(dataset.start)));
  }

  /** The sign in the margin belongs to its paragraph; a click beside the text goes to what is said there. */
  #margin(event) {
    const sign = event.target.closest("[data-talk]");
    if (!sign) return;
    const box = sign.getBoundingClientRect();
    const { direction, paddingInlineEnd, borderInlineEndWidth } = getComputedStyle(sign);
    const margin = parseFloat(paddingInlineEnd) + parseFloat(borderInlineEndWidth); // as wide as tools.css makes it
    if (direction === "rtl" ? event.clientX > box.left + margin : event.clientX < box.right - margin) return;
    const { paper } = this.canvas;
    const here = this.open().find(({ dataset }) => dataset.span && paper.paragraphs[paper.indexAt(paper.map.toUnits(Number(dataset.start)))].element === sign);
    this.show(here);
  }

  #ofMark(span) {
    const { canvas } = this;
    const found = this.stamp ? this.threads.filter((thread) => thread.dataset.span === span.id) : [];
    if (!found.length && !this.writable) return null;
    const n = found.filter((thread) => "open" in thread.dataset).length;
    const text = found.length ? canvas.t(n ? "comments_n" : "comments_resolved", { n: n || found.length }) : canvas.t("comment");
    const go = () => (found.length ? this.show(found[0]) : this.begin());
    return h("footer", { class: "actions of-talk" }, h("button", { type: "button", class: "quiet small", "data-field": "talk", "data-chrome": "", onclick: go }, text, !found.length && cap(canvas, "comment")));
  }

  // -- saying something

  /** A field for a new thread: on the picked mark, else on the document. */
  async begin() {
    this.canvas.panel.show("talk");
    await this.loading;
    if (!this.writable) return this.threads[0]?.focus();
    this.#top(true);
    this.top.querySelector("textarea")?.focus();
  }

  picked() {
    if (this.root && !this.root.hidden) this.#top();
  }

  #top(open = false) {
    const { canvas } = this;
    if (!this.writable) return this.top.replaceChildren();
    const span = canvas.store.spans.get(canvas.picking.selected);
    const form = this.top.querySelector("form");
    if (form?.querySelector("textarea").value.trim() || (form && !open && form.dataset.span === (span?.id ?? ""))) return;
    const about = span ? h("p", { class: "about" }, h("q", { dir: "auto" }, canvas.store.quote(span).slice(0, 90))) : h("p", { class: "about" }, h("b", {}, canvas.t("the_document")));
    const audience = span || this.audience === "reviewers" ? "seen_by_reviewers" : "seen_by_everybody";
    const fresh = this.#form({
      where: span?.id ?? "document",
      people: this.#address("people/", { span: span?.id }),
      send: async (body, key) => {
        if (span && canvas.outbox && !(await canvas.outbox.settled(8000))) return { ok: false, body: { detail: canvas.t("leave") } };
        return post(canvas, this.#address(), { body, key, span: span?.id ?? "" });
      },
    });
    fresh.dataset.span = span?.id ?? "";
    fresh.prepend(about);
    fresh.querySelector("textarea").after(h("p", { class: "hint small audience" }, canvas.t(audience)));
    this.top.replaceChildren(fresh);
  }

  /** A form that keeps what is typed until it has been sent, also over a reload. */
  #form({ where, people, send, typed = "", cancel }) {
    const { canvas } = this;
    const draft = `dalala-draft-${canvas.state.user}-${canvas.state.document.id}-${where}`;
    const field = h("textarea", { rows: 2, dir: "auto", maxLength: 4000, "aria-label": canvas.t("comment"), placeholder: canvas.t("comment_hint"), value: draftOf(draft) ?? typed });
    const fault = h("p", { class: "fault small", role: "alert", hidden: true });
    const button = h("button", { type: "submit", class: "small primary" }, canvas.t("send"));
    const key = uuid();
    const form = h(
      "form",
      {
        class: "say",
        onsubmit: async (event) => {
          event.preventDefault();
          if (button.disabled) return;
          if (!field.value.trim()) return field.focus();
          button.disabled = true;
          const { ok, body } = await send(field.value, key);
          button.disabled = false;
          fault.hidden = ok;
          fault.textContent = ok ? "" : body.detail;
          if (!ok) return;
          keepDraft(draft, "");
          field.value = "";
          form.remove();
          await this.load({ all: true });
          const said = body.comment && this.list.querySelector(`#comment-${body.comment}`);
          said?.closest(".thread").focus({ preventScroll: true });
          said?.scrollIntoView({ block: "nearest" });
        },
        onkeydown: (event) => {
          if (event.code === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
          else if (event.code === "Escape" && cancel) cancel();
        },
      },
      h("div", { class: "with-names" }, field),
      fault,
      h("div", { class: "actions" }, cancel && h("button", { type: "button", class: "small quiet", onclick: cancel }, canvas.t("cancel")), button, h("kbd", {}, "Ctrl ↵")),
    );
    field.addEventListener("input", () => keepDraft(draft, field.value));
    field.addEventListener("focus", () => import("#annotator/mention.js").then(({ mentions }) => field.after(mentions(canvas, field, people))), { once: true });
    return form;
  }

  async #click(event) {
    const { target } = event;
    const thread = target.closest(".thread");
    const button = target.closest("button");
    if (!thread || !button) return;
    const { act, answer, change } = button.dataset;
    if ("show" in button.dataset) this.#reveal(thread);
    else if (answer) this.#write(thread, button, `answer-${thread.dataset.thread}`, (body, key) => post(this.canvas, answer, { body, key }));
    else if (change) this.#write(button.closest(".comment"), button, change, (body) => post(this.canvas, change, { body }), button.dataset.typed, thread);
    else if (act) this.#act(button);
  }

  #write(place, button, where, send, typed = "", thread = place) {
    place.querySelector("form.say")?.remove();
    const people = this.#address("people/", { thread: thread.dataset.thread });
    const cancel = () => {
      form.remove();
      button.hidden = false;
      button.focus();
    };
    const form = this.#form({ where, people, send, typed, cancel });
    button.hidden = true;
    place.append(form);
    form.querySelector("textarea").focus();
  }

  async #act(button) {
    const { canvas } = this;
    const { act, resolved, undo } = button.dataset;
    button.disabled = true;
    const { ok, body } = await post(canvas, act, resolved ? { resolved } : {});
    button.disabled = false;
    await this.load({ all: true });
    if (!ok) return toast(body.detail);
    const back = async (url, fields) => {
      await post(canvas, url, fields);
      await this.load({ all: true });
    };
    if (undo) toast(canvas.t("comment_deleted"), canvas.t("undo"), () => back(undo, {}));
    else if (resolved === "1") toast(canvas.t("resolved"), canvas.t("undo"), () => back(act, { resolved: "0" }));
  }
}

// A browser may refuse to keep anything; then a draft lasts as long as its page.

function draftOf(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function keepDraft(name, text) {
  try {
    if (text.trim()) localStorage.setItem(name, text);
    else localStorage.removeItem(name);
  } catch {}
}
