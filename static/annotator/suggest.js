/**
 * The open suggestions: which of them are seen, the list of them, and the commands. Deciding, arriving, the card beside
 * the text, the evidence and coding blind are modules of their own.
 */

import { Arriving } from "#annotator/arriving.js";
import { cap, inWords } from "#annotator/caps.js";
import { Deciding } from "#annotator/decide.js";
import { h, short } from "#annotator/dom.js";
import { Nearby, score } from "#annotator/nearby.js";
import { prefer } from "#annotator/preferences.js";
import { Sieve } from "#annotator/sieve.js";

const SHOWN = 40; // cards at a time

export class Suggestions {
  constructor(canvas) {
    this.canvas = canvas;
    this.root = canvas.part("suggestions");
    this.badge = canvas.part("count-suggestions");
    this.most = SHOWN;
    this.at = 0; // the place in the list that was current last
    this.hidden = Boolean(canvas.state.suggesting?.hidden); // to be coded without them first
    this.only = null; // {ids, spans, name}: those of a comparison that are walked through
    this.explaining = false; // whether the evidence of the current one is shown
    this.deciding = new Deciding(canvas, this);
    this.sieve = new Sieve(canvas, this);
    this.nearby = new Nearby(canvas, this);
    this.arriving = new Arriving(canvas, this);
    canvas.commands.add(...COMMANDS);
    this.changed();
  }

  // -- which there are

  /** Those that are walked through, in the order of the text. */
  listed() {
    if (!this.found) {
      const all = this.canvas.store.offered();
      this.found = this.only ? all.filter((s) => this.only.ids.has(s.id)) : all;
    }
    return this.found;
  }

  /** Why there is nothing to see. */
  none() {
    const { store, t } = this.canvas;
    if (this.hidden) return t("blind_first");
    if (!store.layer && store.suggestions.size) return this.#layerWords();
    const below = this.sieve.below();
    return below ? t("below", { n: below }) : t("no_suggestions");
  }

  #layerWords() {
    const { store, t } = this.canvas;
    return store.layer ? t("layer_on") : t("layer_off", { key: inWords(this.canvas, "toggle_suggestions") });
  }

  /** Show or hide them in the text; where they are still kept from the person, ask whether to see them. */
  toggle() {
    const { canvas } = this;
    if (this.hidden) return this.reveal();
    const { store } = canvas;
    store.layer = !store.layer;
    prefer(canvas, "suggestions", store.layer);
    canvas.say(this.#layerWords());
    if (!store.layer) canvas.picking.setCurrent(null);
    canvas.brush.repaint();
    this.changed();
  }

  fetch() {
    return this.arriving.fetch();
  }

  async reveal() {
    const { canvas } = this;
    const modes = await import("#annotator/modes.js").catch(() => null);
    if (modes) await modes.reveal(canvas);
    else canvas.saving?.say(canvas.t("not_reached"));
  }

  /** The evidence of the current one, or what is not shown and why. */
  async explain() {
    const { canvas } = this;
    if (this.hidden) return canvas.say(this.none());
    this.why ??= await import("#annotator/why.js").catch(() => null);
    if (!this.why) return canvas.saving?.say(canvas.t("not_reached"));
    if (!canvas.picking.current) return this.why.openWithheld(canvas);
    this.explaining = !this.explaining;
    this.picked();
  }

  /** How many are open in a text that is not all here, whatever the threshold. */
  #total() {
    const { store } = this.canvas;
    const here = [...store.suggestions.byId.values()].filter((s) => store.isHere(s.start)).length;
    return store.afar("suggestions").reduce((sum, n) => sum + n, here);
  }

  // -- drawing

  changed(touched) {
    this.found = null;
    this.deciding.changed(touched);
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => {
      const { store } = this.canvas;
      if (this.badge) this.badge.textContent = this.hidden ? "" : store.far ? this.#total() : (this.only ? store.offered() : this.listed()).length;
      this.#draw();
      this.nearby.draw();
    });
  }

  picked() {
    this.deciding.look();
    this.canvas.brush.above("cue", null); // the evidence lights it again
    this.changed();
  }

  #draw() {
    const { canvas } = this;
    if (!this.root || this.root.hidden) return;
    if (this.hidden) return this.#drawHidden();
    if (!this.body) {
      this.body = h("div", { class: "offers" });
      this.comparison = h("div", { class: "comparison", hidden: true });
      this.root.replaceChildren(this.sieve.root, this.comparison, this.body);
      canvas.store.whole().then(() => this.changed()).catch(() => {});
    }
    this.sieve.draw();
    if (canvas.state.suggesting?.blind) import("#annotator/modes.js").then(({ drawComparison }) => drawComparison(canvas, this.comparison)).catch(() => {});
    this.#cards();
  }

  #drawHidden() {
    const { canvas } = this;
    if (this.asked) return;
    this.asked = h(
      "div",
      { class: "start" },
      h("p", { class: "hint" }, canvas.t("blind_first")),
      h("button", { type: "button", onclick: () => this.reveal() }, canvas.t("show_suggestions"), cap(canvas, "toggle_suggestions")),
    );
    this.root.replaceChildren(this.asked);
  }

  #cards() {
    const { canvas } = this;
    const all = this.listed();
    const marks = this.only?.spans ?? [];
    if (!all.length && !marks.length) return this.body.replaceChildren(h("p", { class: "hint" }, this.none()));
    const at = all.findIndex((s) => s.id === canvas.picking.current);
    if (at >= 0) this.at = at; // who leaves them comes back to the same place
    const first = Math.max(0, Math.min(this.at, all.length - 1) - 5);
    const some = all.slice(first, first + this.most);
    const place = this.root.scrollTop;
    const cards = [...marks.map((id) => canvas.store.spans.get(id)).filter(Boolean).map((span) => this.#mark(span)), ...some.map((s) => this.#card(s))];
    if (first > 0) cards.unshift(h("p", { class: "hint" }, canvas.t("more_before", { n: first })));
    const rest = all.length - first - some.length;
    const more = () => {
      this.most += SHOWN;
      this.#draw();
    };
    if (rest > 0) cards.push(h("button", { type: "button", class: "quiet", onclick: more }, canvas.t("more", { n: rest })));
    const focused = this.body.contains(document.activeElement) ? document.activeElement.dataset.act : null;
    this.body.replaceChildren(...cards);
    this.root.scrollTop = place;
    if (canvas.picking.current !== this.last) this.body.querySelector("[aria-current]")?.scrollIntoView({ block: canvas.panel.covers ? "start" : "nearest" });
    this.last = canvas.picking.current;
    if (focused) this.body.querySelector(`[aria-current] [data-act="${focused}"]`)?.focus({ preventScroll: true });
  }

  #mark(span) {
    const { canvas } = this;
    const go = () => canvas.picking.select(span.id, { reveal: true, open: false });
    return h(
      "article",
      { class: `offer label-${span.label.toLowerCase()}`, "aria-current": span.id === canvas.picking.selected ? "true" : null },
      h("button", { type: "button", class: "offer-head", onclick: go }, h("span", { class: "tag" }, canvas.name(canvas.store.labels.get(span.label))), h("q", { dir: "auto" }, short(canvas.store.quote(span), 110))),
    );
  }

  #card(s) {
    const { canvas } = this;
    const current = s.id === canvas.picking.current;
    const actor = this.actor(s);
    return h(
      "article",
      { class: `offer label-${s.label.toLowerCase()}`, "aria-current": current ? "true" : null },
      h(
        "button",
        { type: "button", class: "offer-head", "data-act": "go", onclick: () => canvas.picking.setCurrent(s.id) },
        h("span", { class: "tag" }, this.title(s)),
        h("span", { class: "n" }, score(s)),
        h("q", { dir: "auto" }, short(canvas.store.quote(s), 110)),
        actor && h("span", { class: "to" }, h("bdi", {}, actor)),
      ),
      // Beside the text there is no room for a card of its own where the panel lies over it.
      current && canvas.panel.covers && this.details(s, "list"),
    );
  }

  // -- what a suggestion says, for the card here and the one beside the text

  /** Label, and its kind where the codebook asks for one. */
  title(s) {
    const { canvas } = this;
    const label = canvas.store.labels.get(s.label);
    const asked = label?.attributes?.find((a) => a.required && a.options && s.attributes?.[a.code]);
    const kind = asked && canvas.name(asked.options.find((o) => o.code === s.attributes[asked.code]));
    return [canvas.name(label), kind].filter(Boolean).join(" · ");
  }

  /** Who is meant, unless the text says just that. */
  actor(s) {
    const entity = this.canvas.store.entity(s.entity);
    const name = entity && this.canvas.name(entity);
    return name && name !== this.canvas.store.quote(s) ? name : null;
  }

  reason(s) {
    const { t, state } = this.canvas;
    const { rule, matched } = s.reason ?? {};
    const known = rule && `rule_${rule}` in state.messages;
    return known ? t(`rule_${rule}`, { matched: `\u2068${short(String(matched ?? ""), 60)}\u2069` }) : this.tagger(s.tagger);
  }

  tagger(name) {
    const { messages } = this.canvas.state;
    return messages[`tagger_${name}`] ?? name;
  }

  /** Reason, evidence and what can be done. */
  details(s, surface) {
    const { canvas } = this;
    const correcting = canvas.acts.correcting === s.id;
    const press = (event, id) => {
      this.deciding.from(surface, () => canvas.commands.run(id));
      if (event.detail) canvas.focus(); // by mouse: a space that follows must skip, not press again
    };
    const act = (id, kind = "") =>
      h("button", { type: "button", class: `small ${kind}`, "data-act": id, onclick: (event) => press(event, id) }, canvas.t(id), cap(canvas, id));
    return [
      h("p", { class: "why" }, this.reason(s)),
      this.explaining && this.why?.evidence(canvas, s),
      correcting && h("p", { class: "hint", role: "status" }, canvas.t("correcting")),
      correcting && this.#labels(s, surface),
      h("div", { class: "actions" }, canvas.editable && [act("accept", "primary"), !correcting && act("correct"), act("reject"), act("skip", "quiet")], act("why", "quiet")),
    ];
  }

  #labels(s, surface) {
    const { canvas } = this;
    const choose = (code) => this.deciding.from(surface, () => canvas.acts.useLabel(code));
    const all = [...canvas.store.labels.values()];
    return h(
      "div",
      { class: "label-choice" },
      all.map(({ code, ...label }) => h("button", { type: "button", class: `tinted label-${code.toLowerCase()}`, "aria-pressed": String(code === s.label), onclick: () => choose(code) }, canvas.name(label))),
    );
  }

  destroy() {
    cancelAnimationFrame(this.frame);
    this.arriving.destroy();
    this.nearby.destroy();
  }
}

const on = (canvas) => Boolean(canvas.picking.current);
const group = "suggestions";
const COMMANDS = [
  { id: "next_suggestion", keys: ["KeyN"], group, run: (c) => c.suggestions.deciding.walk(1) },
  { id: "previous_suggestion", keys: ["KeyP", "KeyB"], group, run: (c) => c.suggestions.deciding.walk(-1) },
  { id: "accept", keys: ["KeyA"], group, writes: true, once: true, when: on, run: (c) => c.suggestions.deciding.accept() },
  { id: "correct", keys: ["KeyC"], group, writes: true, once: true, when: on, run: (c) => c.suggestions.deciding.correct() },
  { id: "reject", keys: ["KeyX"], group, writes: true, once: true, when: on, run: (c) => c.suggestions.deciding.reject() },
  { id: "skip", keys: ["Space"], group, writes: true, once: true, when: on, run: (c) => c.suggestions.deciding.skip() },
  { id: "accept_paragraph", keys: ["Shift+KeyA"], group, writes: true, once: true, run: (c) => c.suggestions.deciding.acceptParagraph() },
  { id: "why", keys: ["KeyW"], group, once: true, run: (c) => c.suggestions.explain() },
  { id: "toggle_suggestions", keys: ["KeyS"], group, once: true, run: (c) => c.suggestions.toggle() },
];
