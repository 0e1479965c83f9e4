/** Why something is suggested, and why something is not: the evidence of one, and the list of what is kept back. */

import { fetched, h, short } from "#annotator/dom.js";
import { score } from "#annotator/nearby.js";

/** What speaks for a suggestion, as rows; the cue that it rests on is lit up in the text. */
export function evidence(canvas, s) {
  const { state, store, suggestions, t } = canvas;
  const { rule, matched, form, said_by: speaker } = s.reason ?? {};
  const cue = cueOf(canvas, s);
  canvas.brush.above("cue", cue);
  const entity = store.entity(s.entity);
  const rows = [
    [t("why_tagger"), [h("bdi", {}, suggestions.tagger(s.tagger)), s.tagger_version && [" · ", h("bdi", { dir: "ltr" }, short(s.tagger_version, 24))]]],
    [t("why_rule"), rule && (state.messages[`rule_name_${rule}`] ?? h("bdi", {}, rule))],
    [t("why_matched"), [form, matched].filter((x, i, all) => x && all.indexOf(x) === i).map((x, i) => [i > 0 && " · ", h("bdi", {}, short(String(x), 60))]).flat()],
    [t("why_said_by"), speaker && h("bdi", {}, short(String(speaker), 60))],
    [t("why_score"), s.score == null ? null : [h("meter", { min: 0, max: 1, low: 0.5, high: 0.8, optimum: 1, value: s.score, "aria-hidden": "true" }), " ", score(s)]],
    [t("why_entity"), entity && h("a", { href: state.urls.actor.replace("/0/", `/${s.entity}/`) }, h("bdi", {}, canvas.name(entity)))],
    [t("why_cue"), cue && h("button", { type: "button", class: "link", onclick: () => canvas.cursor.reveal(cue.from) }, h("q", { dir: "auto" }, short(canvas.paper.quote(cue.from, cue.to), 60)))],
  ];
  return h("dl", { class: "evidence" }, rows.filter(([, value]) => value && value.length !== 0).map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

/** Where the words stand that the suggestion rests on, if it says so. */
function cueOf({ paper }, s) {
  const said = s.attributes?.signal ?? s.reason;
  if (typeof said?.start !== "number" || typeof said.end !== "number") return null;
  return { from: paper.map.toUnits(said.start), to: paper.map.toUnits(said.end) };
}

/** A dialog with what is not shown: below a threshold, decided, marked already, no longer said. */
export async function openWithheld(canvas) {
  const { paper, store, t } = canvas;
  const close = h("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, t("close"));
  const body = h("div", { class: "withheld", "aria-busy": "true" });
  const dialog = h("dialog", { class: "sheet-dialog", onclose: () => dialog.remove() }, h("header", {}, h("h2", {}, t("withheld_title")), close), body);
  document.body.append(dialog);
  dialog.showModal();
  const rows = (await fetched(`${canvas.state.urls.offers}withheld/`))?.withheld;
  body.removeAttribute("aria-busy");
  const below = store.suggestions.ordered().filter((s) => !store.isCertain(s)).map((s) => ({ ...s, quote: store.quote(s), why: "BELOW" }));
  const all = [...below, ...(rows ?? [])].sort((a, b) => a.start - b.start);
  const go = (row) => {
    dialog.close();
    canvas.cursor.reveal(paper.map.toUnits(row.start));
    canvas.brush.above("cue", { from: paper.map.toUnits(row.start), to: paper.map.toUnits(row.end) });
  };
  const line = (row) =>
    h(
      "li",
      { class: `label-${row.label.toLowerCase()}` },
      h(
        "button",
        { type: "button", class: "quiet", onclick: () => go(row) },
        h("span", { class: "tag" }, canvas.name(store.labels.get(row.label)) || row.label),
        h("q", { dir: "auto" }, short(row.quote, 90)),
        h("small", {}, [t(`withheld_${row.why}`), score(row), canvas.suggestions.tagger(row.tagger)].filter(Boolean).join(" · ")),
      ),
    );
  body.append(!rows ? h("p", { class: "fault" }, t("not_reached")) : "", all.length ? h("ol", {}, all.map(line)) : rows ? h("p", { class: "hint" }, t("withheld_none")) : "");
}
