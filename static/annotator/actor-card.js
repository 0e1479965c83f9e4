/** What is known of an actor: names, kind, country, where else this text and other documents mention it. */

import { actorWords } from "#annotator/actors.js";
import { fetched, h, short } from "#annotator/dom.js";

const AROUND = 36; // units of text on each side of a mention
const HERE = 6; // mentions of this text before "more"
const WAIT = 350; // ms of pointing before the card comes
const LEAVE = 250; // ms to reach it

const url = (canvas, id) => canvas.state.urls.actor.replace("/0/", `/${id}/`);

/** Everything beyond names that come with the page is asked for once. */
async function cardOf(canvas, id) {
  const { cards } = canvas.actors;
  const card = cards.get(id) ?? (await fetched(`${canvas.state.urls.find_actors}${id}/`));
  if (card) cards.set(id, card);
  return card;
}

/** The words around a mention in one line, as a concordance shows them. */
function context(before, quote, after) {
  return h("span", { class: "kwic", dir: "auto" }, before.replace(/\s+/g, " "), h("b", {}, quote), after.replace(/\s+/g, " "));
}

function mentionsHere(canvas, id, span) {
  const { store, paper, t } = canvas;
  const title = h("h4", {});
  const list = h("ol", { class: "mentions" });
  const draw = (most) => {
    const all = store.spans.ordered().filter((other) => String(other.entity) === String(id));
    title.textContent = t("mentions_here", { n: all.length });
    const rows = all.slice(0, most).map((other) => {
      const { start, length } = paper.paragraphs[other.first];
      const before = paper.quote(Math.max(start, other.from - AROUND), other.from);
      const after = paper.quote(other.to, Math.min(start + length, other.to + AROUND));
      const go = { type: "button", "aria-current": other.id === span?.id ? "true" : null, onclick: () => canvas.picking.select(other.id, { reveal: true }) };
      return h("li", {}, h("button", go, context(before, store.quote(other), after)));
    });
    const rest = all.length - rows.length;
    list.replaceChildren(...rows, ...(rest > 0 ? [h("li", {}, h("button", { type: "button", class: "quiet small", onclick: () => draw(Infinity) }, t("more", { n: rest })))] : []));
  };
  draw(HERE);
  if (store.far) store.whole().then(() => draw(HERE), () => {});
  return h("section", {}, title, list);
}

function elsewhere(canvas, card) {
  const { t } = canvas;
  if (!card.elsewhere.length) return null;
  const rows = card.elsewhere.map((one) => {
    const href = canvas.state.urls.document.replace("/0/", `/${one.document}/`);
    return h("li", {}, h("a", { href: `${href}#span-${one.id}` }, h("bdi", { class: "title", dir: "auto" }, short(one.title, 50)), h("span", { lang: one.language }, context(one.before, one.quote, one.after))));
  });
  return h("section", {}, h("h4", {}, t("mentions_elsewhere", { n: card.mentions, d: card.documents })), h("ul", { class: "mentions" }, rows));
}

function names(canvas, card) {
  const groups = new Map();
  for (const { lang, form, role } of card.names) {
    const key = role === "CANONICAL" ? `name_${lang}` : `by_${role}`;
    groups.set(key, [...(groups.get(key) ?? []), h("bdi", { lang }, form)]);
  }
  return [...groups].map(([key, forms]) => [h("dt", {}, canvas.t(key)), h("dd", {}, forms.flatMap((form, i) => (i ? [" · ", form] : [form])))]);
}

function facts(canvas, card) {
  const { t } = canvas;
  const day = (text) => new Date(text).toLocaleDateString(canvas.language === "ar" ? "ar-u-nu-latn" : "en-GB", { dateStyle: "medium" });
  const rows = [];
  if (card.country) rows.push([t("country"), h("code", {}, card.country)]);
  if (card.sectors.length) rows.push([t("sector"), h("code", {}, card.sectors.join(" "))]);
  if (card.valid_from || card.valid_to) rows.push([t("period"), `${card.valid_from ? day(card.valid_from) : "…"} – ${card.valid_to ? day(card.valid_to) : "…"}`]);
  return rows.map(([title, value]) => [h("dt", {}, title), h("dd", {}, value)]);
}

/** The card. What the page knows stands there at once, what the server adds follows. */
export function actorCard(canvas, { id }, span) {
  const more = h("div", { class: "stack" }, h("p", { class: "muted small" }, canvas.t("loading")));
  cardOf(canvas, id).then((card) => {
    if (!card) return more.replaceChildren(h("p", { class: "muted small" }, canvas.t("not_reached")));
    const note = card.note && h("p", { class: "small", dir: "auto" }, card.note);
    more.replaceChildren(...[h("dl", {}, names(canvas, card), facts(canvas, card)), note, elsewhere(canvas, card)].filter(Boolean));
  });
  const page = h("a", { class: "small", href: url(canvas, id), target: "_blank" }, canvas.t("actor_page"));
  return h("div", { class: "actor-about" }, mentionsHere(canvas, id, span), more, page);
}

let shown = null; // {chip, box, over} of the card that is up
let timer;

/** Show the card of a chip that is pointed at or has the focus, until neither is so any more or Escape is pressed. */
export function peek(canvas, chip, how) {
  if (shown?.chip === chip || chip.closest(".actor-peek")) return clearTimeout(timer);
  clearTimeout(timer);
  timer = setTimeout(() => open(canvas, chip, how), how === "focusin" ? 0 : WAIT);
  chip.addEventListener("pointerleave", leave, { once: true });
  chip.addEventListener("focusout", hide, { once: true });
}

function leave() {
  clearTimeout(timer);
  timer = setTimeout(hide, LEAVE);
}

function hide() {
  clearTimeout(timer);
  shown?.box.remove();
  shown?.over.abort();
  shown = null;
}

function open(canvas, chip, how) {
  hide();
  if (!chip.isConnected || (how === "focusin" && !chip.matches(":focus-visible"))) return;
  const id = Number(chip.dataset.entity);
  const card = { ...canvas.store.entity(id), id };
  const escape = (event) => event.code === "Escape" && (event.stopPropagation(), hide());
  const box = h("div", { class: "actor-peek", role: "tooltip", popover: "manual", onpointerenter: () => clearTimeout(timer), onpointerleave: leave });
  box.append(h("p", { class: "head" }, actorWords(canvas, card)), actorCard(canvas, card, null));
  document.body.append(box);
  box.showPopover();
  const over = new AbortController();
  chip.addEventListener("keydown", escape, { signal: over.signal });
  document.addEventListener("scroll", (event) => box.contains(event.target) || hide(), { signal: over.signal, capture: true });
  const [at, size] = [chip.getBoundingClientRect(), box.getBoundingClientRect()];
  const below = at.top < innerHeight / 2;
  // It grows when the server has answered, so its side next to the chip is the one that is held.
  if (below) box.style.insetBlockStart = `${at.bottom + 6}px`;
  else box.style.insetBlockEnd = `${innerHeight - at.top + 6}px`;
  box.style.left = `${Math.max(6, Math.min(at.left, innerWidth - size.width - 6))}px`;
  shown = { chip, box, over };
}
