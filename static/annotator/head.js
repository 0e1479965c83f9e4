/** The head of a mark in the panel: its label, its words, where it came from, what else lies there. */

import { cap } from "#annotator/caps.js";
import { h, short } from "#annotator/dom.js";

/** Buttons of all labels; `chosen` is pressed. */
export function labelChoice(canvas, chosen) {
  const button = (label) =>
    h(
      "button",
      {
        type: "button",
        class: `label-${label.code.toLowerCase()} tinted`,
        "aria-pressed": String(label.code === chosen),
        "data-field": `label:${label.code}`,
        "data-chrome": "",
        disabled: !canvas.editable,
        onclick: () => canvas.acts.useLabel(label.code),
      },
      canvas.name(label),
    );
  return h("div", { class: "label-choice" }, canvas.state.codebook.labels.map(button));
}

export function head(canvas, span) {
  const { editable, store } = canvas;
  const others = store.spans.at(span.from).filter((other) => other.id !== span.id);
  const move = { type: "button", class: "small", onclick: () => canvas.pieces.move() };
  return h(
    "article",
    { class: `mark label-${span.label.toLowerCase()}` },
    h("header", {}, editable ? labelChoice(canvas, span.label) : h("span", { class: "tag" }, canvas.name(store.labels.get(span.label)))),
    h("q", { dir: "auto", lang: canvas.state.document.language }, short(store.quote(span), 400)),
    origin(canvas, span),
    editable && canvas.selecting.some && h("button", move, canvas.t("new_extent"), cap(canvas, "move_extent")),
    editable && again(canvas, span),
    others.length > 0 && h("p", { class: "others" }, h("span", {}, canvas.t("same_place")), others.map((other) => chip(canvas, other))),
  );
}

function origin(canvas, span) {
  if (!span.suggestion) return null;
  const score = span.score === null || span.score === undefined ? "" : ` · ${span.score.toFixed(2)}`;
  return h("p", { class: "origin" }, canvas.t(span.origin === "CORRECTED" ? "origin_corrected" : "origin_accepted", { tagger: canvas.t(`tagger_${span.tagger}`) }) + score);
}

/** What such a mark got the last time, to be taken over as it stands there. */
function again(canvas, span) {
  const offer = canvas.last?.offer(span);
  if (!offer) return null;
  const take = { type: "button", class: "again", "data-field": "again", "data-chrome": "", onclick: () => canvas.last.take(span) };
  return h("button", take, h("span", {}, canvas.t("same_as_last")), h("bdi", {}, canvas.last.words(offer)), cap(canvas, "same_as_last"));
}

function chip(canvas, other) {
  const go = { type: "button", class: `chip label-${other.label.toLowerCase()}`, "data-chrome": "", onclick: () => canvas.picking.select(other.id) };
  return h("button", go, `${canvas.name(canvas.store.labels.get(other.label))}: ${short(canvas.store.quote(other), 24)}`);
}
