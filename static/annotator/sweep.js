/**
 * A sweep: one card at a time, from one document after another, all of one label. Decisions go through the outbox, so they
 * are safe before they are sent; the next cards come while the person decides. What is skipped comes again at the end.
 */

import { pressOf } from "#annotator/commands.js";
import { fill, h, short, uuid } from "#annotator/dom.js";
import { Outbox } from "#annotator/outbox.js";

const AHEAD = 8; // cards left when the next ones are asked for
const LONGEST = 600_000; // ms
const RETRY = 5000;

class Sweep {
  constructor(root, state) {
    Object.assign(this, { root, state });
    this.t = (key, values) => fill(state.messages[key] ?? key, values);
    this.outbox = new Outbox({ user: state.user, document: 0, url: "", session: state.session, csrf: state.csrf });
    this.outbox.addEventListener("refused", ({ detail }) => this.#refused(detail));
    this.outbox.addEventListener("answer", ({ detail }) => this.#answered(detail.answer));
    this.outbox.addEventListener("state", ({ detail }) => this.#showState(detail));
    this.cards = []; // still to be decided, the one at hand first
    this.skipped = [];
    this.done = []; // {card, edit}, the last one last
    this.seen = new Set(); // ids that have come
    this.count = 0;
    this.#build();
    document.addEventListener("keydown", (event) => this.#key(event));
    addEventListener("beforeunload", (event) => this.outbox.pending && event.preventDefault());
    this.outbox.waiting().then(() => this.outbox.flush());
    this.#more();
  }

  // -- drawing

  #build() {
    const { t } = this;
    const act = (name, work, kind = "") => {
      const cap = this.state.caps[name];
      return h("button", { type: "button", class: kind, "data-act": name, onclick: work }, t(name), cap && h("kbd", {}, cap));
    };
    this.card = h("article", { class: "sweep-card", "aria-live": "polite" });
    this.progress = h("progress", { max: this.state.count, value: 0, "aria-label": t("sweep") });
    this.left = h("span", { class: "n" });
    this.save = h("span", { class: "save", "data-state": "saved", role: "status" });
    this.accept = act("accept", () => this.decide("accept"), "primary");
    this.reject = act("reject", () => this.decide("reject"));
    this.skip = act("skip", () => this.putOff(), "quiet");
    this.undo = act("undo", () => this.takeBack(), "quiet");
    this.root.append(
      h("div", { class: "sweep-top" }, this.progress, this.left, h("span", { class: "grow" }), this.save),
      this.card,
      h("div", { class: "actions sweep-acts" }, this.accept, this.reject, this.skip, h("span", { class: "grow" }), this.undo),
    );
    this.#draw();
  }

  #draw() {
    const { t } = this;
    const [card] = this.cards;
    for (const button of [this.accept, this.reject, this.skip]) button.disabled = !card;
    this.undo.disabled = !this.done.length;
    this.progress.value = this.count;
    this.left.textContent = t("sweep_left", { done: this.count, all: Math.max(this.state.count, this.count) });
    if (!card) {
      const words = this.ended && !this.asking ? "sweep_done" : this.failing ? "sweep_waiting" : "sweep_loading";
      this.shown = null;
      return this.card.replaceChildren(h("p", { class: "hint" }, t(words)));
    }
    if (card === this.shown) return;
    this.shown = card;
    this.since = performance.now();
    const name = card.entity?.[this.state.language];
    this.card.replaceChildren(
      h("header", {}, h("b", {}, t("sweep_question")), h("span", { class: "muted small" }, h("bdi", { dir: "auto" }, short(card.title, 80)))),
      h("p", { class: "sentence", dir: "auto", lang: card.language }, card.before, h("mark", {}, card.quote), card.after),
      name && name !== card.quote ? h("p", { class: "to" }, h("bdi", {}, name)) : "",
      h("p", { class: "why" }, [this.#reason(card), card.score?.toFixed(2)].filter(Boolean).join(" · ")),
      h("a", { class: "small", href: `${this.state.workspace.replace("/0/", `/${card.document}/`)}`, target: "_blank" }, t("sweep_open")),
    );
  }

  #reason({ reason, tagger }) {
    const { messages } = this.state;
    const known = messages[`rule_${reason.rule}`];
    return known ? fill(known, { matched: short(String(reason.matched ?? ""), 60) }) : (messages[`tagger_${tagger}`] ?? tagger);
  }

  #showState({ state, waiting }) {
    this.save.dataset.state = state;
    const words = [h("span", {}, this.t(state, { n: waiting }))];
    if (state === "login") words.push(h("a", { href: this.state.login, target: "_blank" }, this.t("log_in")));
    this.save.replaceChildren(...words);
  }

  #say(text) {
    document.querySelector('[data-part="live"]').textContent = text;
    document.querySelector(".toast")?.remove();
    const toast = h("div", { class: "toast", role: "status" }, text);
    document.body.append(toast);
    setTimeout(() => toast.remove(), 4000);
  }

  // -- cards

  /** Ask for the next cards when few are left. */
  async #more() {
    if (this.ended || this.asking || this.cards.length >= AHEAD) return;
    this.asking = true;
    const after = this.last ? `&after=${this.last.join(",")}` : "";
    const response = await fetch(this.state.cards + after).catch(() => null);
    const found = response?.ok ? await response.json().catch(() => null) : null;
    this.asking = false;
    this.failing = !found;
    if (!found) setTimeout(() => this.#more(), RETRY);
    else {
      this.ended = !found.cards.length;
      this.last = found.cards.at(-1)?.at ?? this.last;
      const fresh = found.cards.filter((card) => !this.seen.has(card.id));
      for (const card of fresh) this.seen.add(card.id);
      this.cards.push(...fresh);
      if (this.ended) this.#again();
      else this.#more();
    }
    this.#draw();
  }

  /** Nothing new is left: the skipped ones once more. */
  #again() {
    if (this.cards.length || !this.skipped.length) return;
    this.cards = this.skipped;
    this.skipped = [];
    this.#say(this.t("skipped_again"));
  }

  #next() {
    this.cards.shift();
    if (this.ended) this.#again();
    this.#draw();
    this.#more();
  }

  putOff() {
    if (!this.cards.length) return;
    this.skipped.push(this.cards[0]);
    this.#next();
  }

  // -- deciding

  #where(card) {
    return { document: card.document, url: this.state.edits.replace("/0/", `/${card.document}/`) };
  }

  decide(verdict) {
    const [card] = this.cards;
    if (!card) return;
    const edit = { id: uuid(), op: `${verdict}_suggestion`, suggestion: card.id, surface: "sweep", ms: Math.min(LONGEST, Math.round(performance.now() - this.since)) };
    if (verdict === "accept") edit.span = { id: uuid() };
    this.done.push({ card, edit });
    this.count++;
    this.outbox.put([edit], undefined, this.#where(card)).catch(() => {});
    this.#next();
  }

  /** Undo the last decision; its card comes back to hand. */
  takeBack() {
    const last = this.done.pop();
    if (!last) return;
    const undo = { id: uuid(), op: "undo" };
    this.undoing ??= new Map();
    this.undoing.set(undo.id, last);
    this.outbox.put([undo], [last.edit.id], this.#where(last.card)).catch(() => {});
    this.count--;
    this.cards.unshift(last.card);
    this.#draw();
  }

  /** An undo turns back the last act of its document: if that was another one, made elsewhere, it is done again. */
  #answered({ edits }) {
    for (const { id, decisions } of edits) {
      const meant = this.undoing?.get(id);
      if (!meant) continue;
      this.undoing.delete(id);
      if (decisions.some(({ suggestion, status }) => suggestion === meant.card.id && status === "OPEN")) continue;
      this.outbox.put([{ id: uuid(), op: "redo" }], undefined, this.#where(meant.card));
      this.#drop(meant.card, "sweep_elsewhere");
      this.count++;
      this.#draw();
    }
  }

  /** Decided elsewhere meanwhile, or not allowed any more: the card is over. */
  #refused({ entry, problem }) {
    if (!entry) return; // another tab's
    const mine = this.done.find(({ edit }) => edit.id === entry.edit.id);
    if (!mine && !this.undoing?.has(entry.edit.id)) return;
    this.done = this.done.filter((each) => each !== mine);
    this.undoing?.delete(entry.edit.id);
    this.#say(problem.code === "decided" ? this.t("sweep_gone") : problem.detail);
    this.#draw();
  }

  #drop(card, words) {
    this.cards = this.cards.filter((each) => each !== card);
    this.#say(this.t(words));
  }

  #key(event) {
    if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
    if (event.target.closest?.("input, textarea, select") || (event.code === "Space" && event.target.closest?.("a, summary"))) return;
    const { keys } = this.state;
    const name = Object.keys(keys).find((each) => keys[each].includes(pressOf(event)));
    if (!name) return;
    event.preventDefault();
    if (!event.repeat) this[name].click();
  }
}

const root = document.querySelector("[data-sweep]");
new Sweep(root, JSON.parse(document.getElementById("sweep-state").textContent));
