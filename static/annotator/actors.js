/** Linking a mention to the registry: typing a name in either language, or making a new actor on the spot. */

import { cap } from "#annotator/caps.js";
import { h, short } from "#annotator/dom.js";
import { typeahead } from "#annotator/typeahead.js";

const PLAIN = new Set([undefined, "NAM"]); // kinds of mention that what was found may change

/** How an actor is written: name in the page's language, then what tells it from others. */
export function actorWords(canvas, card) {
  const name = canvas.name(card) || `#${card.id}`;
  const other = card.name?.[canvas.language === "ar" ? "en" : "ar"];
  const more = [other && other !== name ? h("bdi", {}, other) : null, card.kind && canvas.t(`kind_${card.kind}`)];
  return [h("bdi", { class: "who" }, name), h("small", {}, more.filter(Boolean).flatMap((part, i) => (i ? [" · ", part] : [part])))];
}

/** Why it was found and how well it is known here. */
function why(canvas, { matched, here, project }) {
  const said = [];
  if (matched) said.push([canvas.t(`by_${matched.role}`), ": ", h("bdi", {}, matched.form)]);
  if (here) said.push([canvas.t("used_here", { n: here })]);
  else if (project) said.push([canvas.t("used_project", { n: project })]);
  return said.length ? h("small", { class: "by" }, said.flatMap((part, i) => (i ? [" · ", ...part] : part))) : null;
}

/** Answers of the registry as lines of a list. */
export function actorAnswers(canvas, cards, extra = {}) {
  return cards.map((card) => ({ key: `a${card.id}`, card, sure: card.whole, row: () => [...actorWords(canvas, card), why(canvas, card)].filter(Boolean), ...extra }));
}

/** What else an actor says about the mark that is linked to it: a relational adjective, a capital for its state. */
function attributesFor(canvas, span, card) {
  const known = (code, option) => canvas.store.labels.get(span.label)?.attributes.find((a) => a.code === code)?.options?.some((o) => o.code === option);
  const given = span.attributes;
  const found = {};
  if (card.matched?.role === "NISBA" && PLAIN.has(given.mention) && known("mention", "NISBA")) found.mention = "NISBA";
  if (card.quote !== undefined && PLAIN.has(given.mention) && canvas.registry.isPronoun(span) && known("mention", "PRO")) found.mention = "PRO";
  if (card.capital && given.metonymy === undefined && span.label !== "PLACE" && known("metonymy", "CAPITAL")) found.metonymy = "CAPITAL";
  return Object.keys(found).length ? { attributes: { ...given, ...found } } : {};
}

/** The link of a span, or the field that makes one. */
export function actorField(canvas, span, save) {
  const linked = span.entity ? { ...canvas.store.entity(span.entity), id: span.entity } : null;
  if (!linked && !canvas.editable) return h("div", { class: "read" }, h("dt", {}, canvas.t("actor")), h("dd", {}, canvas.t("no_actor")));
  const done = (card, by) => {
    const now = canvas.store.spans.get(span.id);
    if (!now) return;
    canvas.actors.changing = null;
    if (card.id !== now.entity) save({ entity: card.id, ...attributesFor(canvas, now, card) });
    canvas.say(canvas.t("linked_to", { name: canvas.name(canvas.store.entity(card.id)) }));
    canvas.panel.after("actor-search", by);
  };
  const field = () => picker(canvas, { id: "actor-search", span, done, leave: () => canvas.actors.leave() });
  if (!linked) {
    const title = h("label", { for: "actor-search" }, canvas.t("actor"), cap(canvas, "link_actor"));
    return h("div", { class: "field actor" }, title, quick(canvas, span, done), field());
  }
  const { changing } = canvas.actors;
  const off = { type: "button", class: "quiet small", "data-field": "unlink", "data-chrome": "", "aria-label": canvas.t("unlink"), title: canvas.t("unlink"), onclick: () => canvas.actors.unlink(span, save) };
  const change = { type: "button", class: "quiet small", "data-field": "change-actor", "data-chrome": "", onclick: () => canvas.actors.open() };
  return h(
    "div",
    { class: "field actor" },
    h("span", { class: "label-text" }, canvas.t("actor")),
    h(
      "div",
      { class: "linked" },
      canvas.actors.card(linked.id, span),
      canvas.editable && h("span", { class: "actions" }, h("button", change, canvas.t("change"), cap(canvas, "link_actor")), h("button", off, "×")),
    ),
    changing === span.id && field(),
  );
}

/** One press: the actors that come before a pronoun, or the one whose name this is, where the page knows it. */
function quick(canvas, span, done) {
  const { registry, store } = canvas;
  const pronoun = registry.isPronoun(span);
  const cards = pronoun ? registry.before(span) : registry.find(store.quote(span), span.label).filter((card) => card.whole).slice(0, 1);
  if (!cards.length) return null;
  const chips = cards.map((card) => h("button", { type: "button", class: "chip quick", "data-chrome": "", "data-entity": card.id, onclick: () => done(card, "pointer") }, h("bdi", {}, canvas.name(card))));
  return h("div", { class: "quick-actors" }, h("span", { class: "muted small" }, canvas.t(pronoun ? "named_before" : "known_name")), chips);
}

/**
 * A field with the registry's answers below it, for a mark `span` prefilled with its words. `done` is told the card.
 */
export function picker(canvas, { id, span = null, done, leave }) {
  const { registry, store, t } = canvas;
  const label = span?.label ?? "";
  const quote = span ? short(store.quote(span), 80) : "";
  const pronoun = span && registry.isPronoun(span);
  const before = pronoun ? registry.before(span) : [];
  const near = (words) => (pronoun && words === quote ? actorAnswers(canvas, before, { sure: true, group: t("named_before") }) : []);
  const create = (words) => {
    if (!words || !canvas.state.may_add_actor) return [];
    return [{ key: "new", kind: "new", plain: true, words, row: () => [t("create_actor", { q: words })] }];
  };
  let understood = quote;
  const field = typeahead({
    id,
    label: t("actor"),
    hint: t("find_actor"),
    first: () => quote,
    now: (words) => [...near(words), ...actorAnswers(canvas, registry.find(words, label)), ...create(words === quote ? understood : words)],
    later: async (words) => {
      const answer = await registry.ask(words, label);
      if (!answer) return null;
      if (words === quote && !pronoun) field.prefill((understood = answer.q));
      return [...near(words), ...actorAnswers(canvas, answer.results), ...create(answer.q === words || words === quote ? answer.q : words)];
    },
    take: async (answer, by) => {
      if (answer.key !== "new") return done(answer.card, by);
      const { newActor } = await import("#annotator/new-actor.js");
      root.replaceChildren(newActor(canvas, { id, name: answer.words, label, done: (card) => done(card, "enter"), cancel: () => (root.replaceChildren(field), field.querySelector("input").focus()) }));
    },
    leave,
  });
  const root = h("div", {}, field);
  field.querySelector("input").addEventListener("focus", () => field.prefill(quote));
  return root;
}

/** Linking by key, unlinking, cards of actors. */
export class Actors {
  constructor(canvas) {
    this.canvas = canvas;
    this.changing = null; // id of a linked mark whose actor is being changed
    this.cards = new Map(); // id of an actor -> its card, loaded when it is opened
    canvas.commands.add({ id: "link_actor", keys: ["KeyI"], group: "relations", writes: true, run: () => this.open() });
    const { signal } = canvas.listening;
    const peek = async (event) => {
      const chip = event.target.closest?.("[data-entity]");
      if (chip && event.pointerType !== "touch") (await import("#annotator/actor-card.js")).peek(canvas, chip, event.type);
    };
    for (const type of ["pointerover", "focusin"]) document.querySelector("[data-panel]")?.addEventListener(type, peek, { signal });
  }

  picked() {
    if (this.changing !== this.canvas.picking.selected) this.changing = null;
  }

  /** To the field that links the selected mark. */
  open() {
    const { canvas } = this;
    const span = canvas.store.spans.get(canvas.picking.selected);
    if (!span || !canvas.store.labels.get(span.label)?.entity) return canvas.say(canvas.t("no_actor_here"));
    this.changing = span.entity ? span.id : null;
    canvas.panel.show("details");
    canvas.panel.refresh({ force: true });
    canvas.panel.details.querySelector("#actor-search")?.focus();
  }

  /** Escape in the field. */
  leave() {
    if (!this.changing) return;
    this.changing = null;
    this.canvas.panel.refresh({ force: true });
  }

  unlink(span, save) {
    const { canvas } = this;
    const name = canvas.name(canvas.store.entity(span.entity));
    save({ entity: null });
    canvas.saving.say(canvas.t("unlinked", { name }), canvas.t("undo"), () => canvas.acts.history("undo"));
  }

  /** One line about an actor that opens to its card. */
  card(id, span) {
    const { canvas } = this;
    const card = { ...canvas.store.entity(id), id };
    const here = canvas.registry.counts().get(String(id)) ?? 0;
    const body = h("div", { class: "card-body" });
    const open = this.canvas.actors?.opened === id;
    const box = h("details", { class: "actor-card", open }, h("summary", {}, actorWords(canvas, card), here > 1 && h("span", { class: "count", title: canvas.t("used_here", { n: here }) }, String(here))), body);
    const fill = async () => body.replaceChildren((await import("#annotator/actor-card.js")).actorCard(canvas, card, span));
    box.addEventListener("toggle", () => {
      this.opened = box.open ? id : null;
      if (box.open) fill();
    });
    return box;
  }
}
