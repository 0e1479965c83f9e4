/** The open suggestions: a list, a threshold, decisions; new ones come in while the taggers run. */

import { h, short } from "#annotator/dom.js";

const SHOWN = 40; // cards at a time
const POLL = 2000; // ms
const BULK = 200; // edits the server takes as one

export class Suggestions {
  constructor(canvas) {
    this.canvas = canvas;
    this.root = canvas.part("suggestions");
    this.badge = canvas.part("count-suggestions");
    this.status = canvas.part("tagging");
    this.again = canvas.part("tag-again");
    this.shown = SHOWN;
    this.fetched = Date.now();
    const { signal } = canvas.listening;
    this.again?.addEventListener("click", () => this.#run(), { signal });
    document.addEventListener("visibilitychange", () => this.#returned(), { signal });
    if (canvas.state.tagging) this.#follow();
  }

  // -- drawing

  changed() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.#draw());
    if (this.badge) this.badge.textContent = this.canvas.store.offered().length;
  }

  #draw() {
    const { canvas } = this;
    if (!this.root || this.root.hidden) return;
    const all = canvas.store.offered();
    if (!this.head) {
      this.head = this.#head();
      this.cards = h("div", { class: "cards-list" });
      this.root.append(this.head, this.cards);
    }
    this.head.hidden = !canvas.store.suggestions.size;
    const below = canvas.store.suggestions.size - all.length;
    const counts = [canvas.t("shown", { n: all.length }), below && canvas.t("below", { n: below })];
    this.count.textContent = counts.filter(Boolean).join(" · ");
    this.accept.disabled = !all.length || !canvas.editable;
    this.accept.firstChild.data = canvas.t("accept_all", { n: canvas.store.threshold.toFixed(2) });
    if (!all.length) return this.cards.replaceChildren(h("p", { class: "hint" }, this.none()));
    const at = Math.max(0, all.findIndex((s) => s.id === canvas.picking.current));
    const first = Math.max(0, at - 5);
    const some = all.slice(first, first + this.shown);
    const place = this.root.scrollTop;
    const cards = some.map((s) => this.#card(s));
    if (first > 0) cards.unshift(h("p", { class: "hint" }, canvas.t("more_before", { n: first })));
    const rest = all.length - first - some.length;
    const more = () => {
      this.shown += SHOWN;
      this.#draw();
    };
    if (rest > 0) cards.push(h("button", { type: "button", class: "quiet", onclick: more }, canvas.t("more", { n: rest })));
    const focused = this.root.contains(document.activeElement) ? document.activeElement.dataset.act : null;
    this.cards.replaceChildren(...cards);
    this.root.scrollTop = place;
    if (canvas.picking.current !== this.last) this.cards.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
    this.last = canvas.picking.current;
    if (focused) this.cards.querySelector(`[aria-current] [data-act="${focused}"]`)?.focus({ preventScroll: true });
  }

  /** Why there is nothing to see. */
  none() {
    const { store, t } = this.canvas;
    return store.suggestions.size ? t("below", { n: store.suggestions.size }) : t("no_suggestions");
  }

  #head() {
    const { canvas } = this;
    const { store } = canvas;
    const value = h("output", {}, store.threshold.toFixed(2));
    const slider = h("input", { type: "range", id: "threshold", min: "0", max: "1", step: "0.05", value: String(store.threshold) });
    slider.addEventListener("input", () => {
      store.threshold = Number(slider.value);
      value.textContent = store.threshold.toFixed(2);
      canvas.brush.repaint();
      this.changed();
    });
    this.count = h("span", { class: "n" });
    this.accept = h("button", { type: "button", onclick: () => this.#acceptAll() }, "");
    return h(
      "div",
      { class: "threshold" },
      h("label", { for: "threshold" }, canvas.t("threshold"), " ", value),
      slider,
      h("div", { class: "row" }, this.count, h("span", { class: "grow" }), canvas.state.set.editable && this.accept),
    );
  }

  #card(s) {
    const { canvas } = this;
    const current = s.id === canvas.picking.current;
    const label = canvas.store.labels.get(s.label);
    const entity = canvas.store.entity(s.entity);
    const score = s.score === null || s.score === undefined ? "" : s.score.toFixed(2);
    const act = (name, work, key, kind = "") =>
      h("button", { type: "button", class: `small ${kind}`, "data-act": name, onclick: () => (canvas.picking.setCurrent(s.id), work()) }, canvas.t(name), h("kbd", {}, key));
    const type = label?.attributes?.find((a) => a.required && s.attributes?.[a.code]);
    const what = type ? canvas.name(type.options.find((o) => o.code === s.attributes[type.code])) : "";
    return h(
      "article",
      { class: `offer label-${s.label.toLowerCase()}`, "aria-current": current ? "true" : null },
      h(
        "button",
        { type: "button", class: "offer-head", "data-act": "go", onclick: () => canvas.picking.setCurrent(s.id) },
        h("span", { class: "tag" }, [canvas.name(label), what].filter(Boolean).join(" · ")),
        h("span", { class: "n" }, score),
        h("q", { dir: "auto" }, short(canvas.store.quote(s), 110)),
        entity && canvas.name(entity) !== canvas.store.quote(s) && h("span", { class: "to" }, h("bdi", {}, canvas.name(entity))),
      ),
      current && h("p", { class: "why" }, this.#why(s)),
      current && canvas.acts.correcting === s.id && h("p", { class: "hint", role: "status" }, canvas.t("correcting")),
      current &&
        canvas.editable &&
        h("div", { class: "actions" }, act("accept", () => canvas.acts.acceptCurrent(), "A", "primary"), act("correct", () => canvas.acts.correctCurrent(), "C"), act("reject", () => canvas.acts.rejectCurrent(), "X")),
    );
  }

  #why(s) {
    const { canvas } = this;
    const { rule, matched } = s.reason ?? {};
    const known = rule && `rule_${rule}` in canvas.state.messages;
    return known ? canvas.t(`rule_${rule}`, { matched: short(String(matched ?? ""), 60) }) : canvas.t(`tagger_${s.tagger}`);
  }

  // -- acts

  /** One act, undone as one: all edits of it are of one group. */
  #acceptAll() {
    const { canvas } = this;
    const all = canvas.store.offered().slice(0, BULK);
    const edits = all.map((s) => canvas.store.accept(s));
    for (const edit of edits) edit.group = edits[0].id;
    canvas.acts.commit(edits);
    canvas.saving.say(canvas.t("accepted_n", { n: edits.length }), canvas.t("undo"), () => canvas.acts.history("undo"));
  }

  // -- coming in

  /** Those of the API's sets that are open here. */
  open(sets, spans) {
    const key = (x) => `${x.label} ${x.start} ${x.end}`;
    const all = sets.flatMap((set) => set.spans);
    const taken = new Set([...spans, ...all.filter((s) => s.status !== "OPEN")].map(key));
    return all.filter((s) => s.status === "OPEN" && !taken.has(key(s)));
  }

  /** Ask for suggestions that have come since; the text does not move. */
  async fetch() {
    const { canvas } = this;
    this.fetched = Date.now();
    const response = await fetch(`${canvas.state.urls.annotations}?set=suggestions`).catch(() => null);
    if (!response?.ok) return;
    const { sets } = await response.json();
    const found = this.open(sets, [...canvas.store.spans.byId.values()]);
    await canvas.sync.learn(found);
    const added = canvas.store.offer(found.filter((s) => !canvas.store.decided.has(s.id) || canvas.outbox?.pending === 0));
    if (added) canvas.say(canvas.t("arrived", { n: added }));
  }

  #returned() {
    if (document.visibilityState === "visible" && Date.now() - this.fetched > 30_000) this.fetch();
  }

  async #run() {
    const { canvas } = this;
    this.again.disabled = true;
    const response = await fetch(canvas.state.urls.pretag, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": canvas.outbox?.csrf ?? canvas.state.csrf },
      body: JSON.stringify({ documents: [canvas.state.document.id] }),
    }).catch(() => null);
    const answer = await response?.json().catch(() => null);
    this.again.disabled = false;
    if (response?.ok) this.#follow();
    else this.#show(answer?.detail ?? canvas.t("not_reached"), false);
  }

  /** Show how far the taggers are, and bring in what they find. */
  async #follow() {
    const { canvas } = this;
    clearTimeout(this.timer);
    const response = await fetch(canvas.state.urls.tagging).catch(() => null);
    if (this.over) return;
    const { running, done, total } = response?.ok ? await response.json() : { running: true };
    this.#show(running ? (total > 1 ? canvas.t("tagging_n", { done, total }) : canvas.t("tagging")) : canvas.t("tagging_done"), running);
    await this.fetch();
    if (running && !this.over) this.timer = setTimeout(() => this.#follow(), POLL);
  }

  #show(text, running) {
    if (this.again) this.again.hidden = running;
    if (!this.status) return;
    this.status.hidden = false;
    this.status.textContent = text;
    this.status.toggleAttribute("data-running", running);
  }

  destroy() {
    this.over = true;
    clearTimeout(this.timer);
    cancelAnimationFrame(this.frame);
  }
}
