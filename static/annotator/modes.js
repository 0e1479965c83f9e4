/** Coding blind first: asking for the suggestions, and what differs between the first pass and them. */

import { fetched, h } from "#annotator/dom.js";

/** Ask whether to see the suggestions now; what is marked until then is kept as the first pass. */
export async function reveal(canvas) {
  const { outbox, saving, store, suggestions, t } = canvas;
  const show = h("button", { type: "button", class: "primary", onclick: () => work() }, t("show_suggestions"));
  const stay = h("button", { type: "button", onclick: () => dialog.close() }, t("keep_marking"));
  const dialog = h(
    "dialog",
    { class: "sheet-dialog", onclose: () => dialog.remove() },
    h("header", {}, h("h2", {}, t("show_suggestions"))),
    h("p", {}, t("reveal_asks", { n: store.total })),
    h("div", { class: "actions" }, show, stay),
  );
  document.body.append(dialog);
  dialog.showModal();
  async function work() {
    show.disabled = true;
    // The moment is kept with what the server knows by then, so all of the first pass must be there.
    const arrived = !outbox || (await outbox.settled(8000));
    const csrf = outbox?.csrf ?? canvas.state.csrf;
    const found = arrived ? await fetched(`${canvas.state.urls.offers}reveal/`, { method: "POST", headers: { "X-CSRFToken": csrf } }) : null;
    dialog.close();
    if (!found) return saving?.say(t("reveal_failed"));
    for (const id in found.entities) store.entities.set(id, found.entities[id]);
    Object.assign(suggestions, { hidden: false, same: found.same, asked: null });
    store.offer(found.suggestions);
    canvas.panel.show("suggestions");
    canvas.say(lines(canvas).map(({ text }) => text).join(". "));
  }
}

/**
 * The first pass beside what the taggers say: what only they have, what only the person has, what both have with other
 * edges or another label, and how many are the same.
 */
export function compare({ store, suggestions }) {
  const own = [...store.spans.byId.values()].filter((span) => !span.suggestion);
  const same = new Set(suggestions.same);
  const left = new Set(own.filter((span) => !same.has(span.id)));
  const found = { missed: [], differs: [], pairs: [] };
  for (const s of store.offered()) {
    const rival = best(s, left);
    if (rival) {
      left.delete(rival);
      found.differs.push(s.id);
      found.pairs.push(rival.id);
    } else found.missed.push(s.id);
  }
  return { ...found, more: [...left].sort((a, b) => a.from - b.from).map((span) => span.id), same: own.filter((span) => same.has(span.id)).length };
}

/** The mark that is the same thing seen otherwise: of the label and overlapping, else on the very same letters. */
function best(s, marks) {
  let found = null;
  let most = 0;
  for (const mark of marks) {
    const shared = Math.min(mark.to, s.to) - Math.max(mark.from, s.from);
    if (shared <= 0) continue;
    const exact = mark.from === s.from && mark.to === s.to;
    const weight = mark.label === s.label ? 1 + shared : exact ? 1 : 0;
    if (weight > most) [found, most] = [mark, weight];
  }
  return found;
}

function lines(canvas) {
  const { t } = canvas;
  const { missed, differs, more, pairs, same } = compare(canvas);
  return [
    { name: "missed", text: t("diff_missed", { n: missed.length }), ids: missed, spans: [] },
    { name: "more", text: t("diff_more", { n: more.length }), ids: [], spans: more },
    { name: "differs", text: t("diff_differs", { n: differs.length }), ids: differs, spans: pairs },
    { name: "same", text: t("diff_same", { n: same }) },
  ];
}

/** The comparison as buttons, each showing only what it counts. */
export function drawComparison(canvas, root) {
  const { suggestions } = canvas;
  if (!suggestions.same) {
    // Asked once; drawn again when it has come.
    suggestions.asking ??= canvas.store.whole().then(() => suggestions.fetch()).then(() => suggestions.changed());
    return;
  }
  root.hidden = false;
  const press = ({ name, ids, spans }) => {
    suggestions.only = suggestions.only?.name === name ? null : { name, ids: new Set(ids), spans };
    if (suggestions.only && ids.length) canvas.picking.setCurrent(ids[0]);
    suggestions.changed();
  };
  const row = (line) => {
    const on = suggestions.only?.name === line.name;
    if (on) suggestions.only = { name: line.name, ids: new Set(line.ids), spans: line.spans };
    if (!line.ids) return h("span", { class: "n" }, line.text);
    return h("button", { type: "button", class: "toggle", "data-diff": line.name, "aria-pressed": String(on), disabled: !line.ids.length && !line.spans.length, onclick: () => press(line) }, line.text);
  };
  root.replaceChildren(h("h3", {}, canvas.t("diff_title")), h("div", { class: "toggles" }, lines(canvas).map(row)));
}
