/** What may be linked with what: the ways between two ends, how they are said, and whether they are linked like that already. */

import { h, short, uuid } from "#annotator/dom.js";
import { fold } from "#annotator/fold.js";
import { actorAnswers } from "#annotator/actors.js";
import { typeahead } from "#annotator/typeahead.js";

const NEAREST = 60; // marks offered before anything is typed

/** The one thing that a kind of link must say, such as the role of an argument; undefined where there is none. */
export function roleOf(type) {
  const required = (type?.attributes ?? []).filter((a) => a.required && a.type === "choice");
  return required.length === 1 ? required[0] : undefined;
}

/** The labels that have cards: what links lead from, or to without making it somebody's role. */
export function cardLabels(store) {
  const types = [...store.relationTypes.values()];
  const linked = (code) => types.some((type) => type.from.includes(code) || (!roleOf(type) && type.to.includes(code)));
  return [...store.labels.values()].filter((label) => !label.entity && linked(label.code)).map((label) => label.code);
}

/**
 * The roles that an end of a label may have. One that is called as a label (time, place) is for it, and the only one where
 * the label is nobody; places and actors may have each other's. With no label, those of an actor that the text leaves out.
 */
function rolesFor(canvas, role, label) {
  const { labels } = canvas.store;
  const end = label === undefined ? { entity: true } : labels.get(label);
  const own = role.options.filter((option) => option.code === label);
  if (!end.entity && own.length) return own;
  const called = (option) => labels.get(option.code);
  return role.options.filter((option) => !called(option) || (called(option).entity && end.entity));
}

/** Whether a label may stand at an end; with no label, an actor that the text leaves out. */
const allowed = (type, side, label) => (label === undefined ? type[`${side}_entity`] : type[side].includes(label));

/**
 * The ways that a mark of one label may be linked with another end, in the order of the codebook, those that lead from it
 * first: {type, out, attributes, name}. A required choice is spelled out: each role is a way of its own.
 */
export function ways(canvas, label, other) {
  const found = [];
  for (const out of [true, false]) {
    for (const type of canvas.store.relationTypes.values()) {
      if (!allowed(type, out ? "from" : "to", label) || !allowed(type, out ? "to" : "from", other)) continue;
      const role = roleOf(type);
      const options = role ? rolesFor(canvas, role, out ? other : label) : [null];
      for (const option of options) {
        const attributes = option ? { [role.code]: option.code } : {};
        found.push({ type, out, attributes, name: wayName(canvas, type, attributes, out) });
      }
    }
  }
  return found;
}

/** How a link is said from the end one is at: "Signals", "Signals this", "Recipient", "Recipient in". */
export function wayName(canvas, type, attributes, out) {
  if (!type) return "?";
  const role = roleOf(type);
  const option = role?.options.find((o) => o.code === attributes[role.code]);
  const kind = canvas.name(type);
  // Where the kind says less than the role: a role names its bearer, a valence only how it is affected.
  if (option && type.from.some((label) => !canvas.store.labels.get(label)?.entity)) return out ? canvas.name(option) : canvas.t("role_in", { role: canvas.name(option) });
  const said = out ? kind : canvas.t("link_this", { link: kind }).replace(/ـ\s+/, "");
  return option ? `${said} (${canvas.name(option)})` : said;
}

const sameEnd = (a, b) => (a.span ?? null) === (b.span ?? null) && String(a.entity ?? "") === String(b.entity ?? "");

/** The link that says the same already, other than `but`. */
export function twin(canvas, type, from, to, attributes, but = null) {
  const role = roleOf(type);
  return [...canvas.store.relations.values()].find(
    (r) => r.id !== but && r.type === type.code && sameEnd(r.from, from) && sameEnd(r.to, to) && (!role || r.attributes[role.code] === attributes[role.code]),
  );
}

/** Link a mark with an end; false where they are linked like that already. */
export function relate(canvas, id, end, { type, out, attributes }) {
  const { acts, saving, t } = canvas;
  const own = { span: id };
  const [from, to] = out ? [own, end] : [end, own];
  if (twin(canvas, type, from, to, attributes)) {
    saving.say(t("linked_already"));
    return false;
  }
  acts.commit([{ id: uuid(), op: "add_relation", relation: { id: uuid(), type: type.code, from, to, attributes } }]);
  canvas.say(t("link_made", { from: endWords(canvas, own), link: wayName(canvas, type, attributes, out), to: endWords(canvas, end) }));
  return true;
}

/** Change the kind of a link or what it says. */
export function rewrite({ acts, store }, id, fields) {
  acts.commit([{ id: uuid(), op: "update_relation", base_version: store.relations.get(id).version, relation: { id, ...fields } }]);
}

export function unrelate(canvas, id) {
  const { acts, saving, store, t } = canvas;
  acts.commit([{ id: uuid(), op: "delete_relation", base_version: store.relations.get(id).version, relation: { id } }]);
  saving.say(t("link_removed"), t("undo"), () => acts.history("undo"));
}

/** An end in words. */
export function endWords(canvas, end, longest = 40) {
  const span = end.span && canvas.store.spans.get(end.span);
  return span ? short(canvas.store.quote(span), longest) : canvas.name(canvas.store.entity(end.entity)) || "?";
}

/** A chip of an end: the words of the text, and whom the registry knows behind them. */
export function endChip(canvas, end, go = (id) => canvas.picking.select(id, { reveal: true })) {
  const { store, t } = canvas;
  const span = end.span ? store.spans.get(end.span) : null;
  if (!span && end.span) return h("span", { class: "chip" }, "…"); // far away, not here yet
  if (!span) return h("button", { type: "button", class: "chip implicit", "data-entity": end.entity, title: t("left_out") }, h("bdi", {}, endWords(canvas, end)));
  const entity = store.entity(span.entity);
  const quote = short(store.quote(span), 60);
  const named = entity && canvas.name(entity) !== quote ? canvas.name(entity) : "";
  const about = { type: "button", class: `chip label-${span.label.toLowerCase()}`, "data-entity": span.entity ?? null, "data-end": span.id, onclick: () => go(span.id) };
  return h("button", about, h("bdi", { class: "who" }, named || quote), named && h("bdi", { class: "quote" }, quote));
}

/**
 * The field for the other end: marks of the text by their words or their actor, the nearest first, and actors that the
 * text leaves out. `find` gives the ways to a label (undefined: to an actor of the registry).
 */
export function endField(canvas, { id, span, find, take, leave }) {
  const { brush, registry, store, t } = canvas;
  const open = new Map([...store.labels.keys(), undefined].map((label) => [label, find(label).length > 0]));
  const allows = (other) => other.id !== span.id && open.get(other.label);
  const words = new Map();
  const wordsOf = (other) => {
    if (!words.has(other.id)) words.set(other.id, fold([store.quote(other), ...Object.values(store.entity(other.entity)?.name ?? {})].join("\n")));
    return words.get(other.id);
  };
  const marks = (typed) => {
    const wanted = fold(typed).split(/\s+/).filter(Boolean);
    const found = [...store.spans.byId.values()].filter((other) => allows(other) && wanted.every((word) => wordsOf(other).includes(word)));
    const away = (other) => Math.abs(other.from - span.from);
    return found.sort((a, b) => away(a) - away(b)).slice(0, NEAREST).map((other) => ({ key: other.id, span: other, sure: true, row: () => markRow(canvas, other) }));
  };
  const actors = (cards) => actorAnswers(canvas, cards, { kind: "implicit", group: t("left_out"), sure: false });
  return typeahead({
    id,
    label: t("other_end"),
    hint: t(open.get(undefined) ? "find_end_or_actor" : "find_end"),
    now: (typed) => [...marks(typed), ...(typed && open.get(undefined) ? actors(registry.find(typed)) : [])],
    later: open.get(undefined) && (async (typed) => {
      const answer = await registry.ask(typed);
      return answer && [...marks(typed), ...actors(answer.results)];
    }),
    active: (answer) => {
      brush.above("end", answer?.span);
      if (answer?.span && document.activeElement?.id === id) canvas.cursor.reveal(answer.span.from);
    },
    take: (answer) => take(answer.span ? { span: answer.span.id } : { entity: answer.card.id }, answer.span?.label),
    leave,
  });
}

function markRow(canvas, other) {
  const { paper, store } = canvas;
  const entity = store.entity(other.entity);
  const quote = short(store.quote(other), 60);
  const n = paper.paragraphs[other.first].element.dataset.n;
  return [
    h("span", { class: `end label-${other.label.toLowerCase()}` }, h("span", { class: "tag" }, canvas.name(store.labels.get(other.label))), h("bdi", {}, quote)),
    h("small", {}, [entity && canvas.name(entity) !== quote && h("bdi", {}, canvas.name(entity)), n && `¶ ${n}`].filter(Boolean).flatMap((part, i) => (i ? [" · ", part] : [part]))),
  ];
}
