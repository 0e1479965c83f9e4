/** The form of a new actor, beside the text: names in both languages, kind, codes, and a word if there is one already. */

import { combobox } from "#annotator/combobox.js";
import { h } from "#annotator/dom.js";

export const KINDS = ["STATE", "IGO", "NGO", "ORG", "GROUP", "PERSON", "COLLECTIVE", "BLOC", "INDEF", "IDEOLOGY", "PLACE"];
const LANGUAGES = ["ar", "en"];
const TYPING_WAIT = 250; // ms
let codes = null; // the countries and sectors of this project, once asked for

/** @param {{id: string, name: string, label: string, done: (card) => void, cancel: () => void}} field */
export function newActor(canvas, { id, name, label, done, cancel }) {
  const { registry, t } = canvas;
  const given = /\p{Script=Arabic}/u.test(name) ? "ar" : "en";
  const fault = h("p", { class: "fault", role: "alert" });
  const there = h("div", { class: "there", role: "status" });
  const chosen = { country: undefined, sector: undefined };
  const names = Object.fromEntries(
    LANGUAGES.map((lang) => [lang, h("input", { id: `${id}-name-${lang}`, value: lang === given ? name : "", lang, dir: lang === "ar" ? "rtl" : "ltr", maxLength: 200, autocomplete: "off" })]),
  );
  const kind = h("select", { id: `${id}-kind` }, KINDS.map((code) => h("option", { value: code }, t(`kind_${code}`))));
  kind.value = label === "PLACE" ? "PLACE" : "ORG";
  const more = h("div", { class: "codes" });
  let timer;

  const take = (card) => {
    registry.learn(card);
    done(card);
  };
  /** Somebody may be there already under one of these names. */
  const compare = async () => {
    const found = new Map();
    for (const input of Object.values(names)) {
      const words = input.value.trim();
      const answer = words ? ((await registry.ask(words)) ?? { results: registry.find(words) }) : { results: [] };
      for (const card of answer.results) if (card.whole) found.set(card.id, card);
    }
    if (!there.isConnected) return;
    there.replaceChildren(
      ...[...found.values()].slice(0, 3).map((card) =>
        h("p", {}, t("already_there"), " ", h("bdi", {}, canvas.name(card)), ` · ${t(`kind_${card.kind}`)} `, h("button", { type: "button", class: "small", onclick: () => take(card) }, t("use_it"))),
      ),
    );
  };
  const typing = () => {
    clearTimeout(timer);
    timer = setTimeout(compare, TYPING_WAIT);
  };
  for (const input of Object.values(names)) input.addEventListener("input", typing);

  const send = async (event) => {
    event.preventDefault();
    const body = { kind: kind.value, country: chosen.country ?? "", sectors: [chosen.sector].filter(Boolean) };
    body.names = LANGUAGES.map((lang) => ({ lang, form: names[lang].value.trim(), role: "CANONICAL" })).filter((one) => one.form);
    if (!body.names.length) return (fault.textContent = t("name_needed"));
    const headers = { "Content-Type": "application/json", "X-CSRFToken": canvas.outbox.csrf };
    const response = await fetch(canvas.state.urls.actors, { method: "POST", headers, body: JSON.stringify(body) }).catch(() => null);
    const answer = await response?.json().catch(() => null);
    if (response?.ok) return take(answer);
    fault.textContent = answer ? [...Object.values(answer.errors ?? {}).flat(), answer.detail][0] : t("not_reached");
    if (answer?.code === "exists") compare();
  };
  const form = h(
    "form",
    { class: "new-actor", onsubmit: send, onkeydown: (event) => event.code === "Escape" && (event.preventDefault(), cancel()) },
    h("h3", {}, t("new_actor")),
    LANGUAGES.map((lang) => h("div", {}, h("label", { for: `${id}-name-${lang}` }, t(`name_${lang}`)), names[lang])),
    h("div", {}, h("label", { for: `${id}-kind` }, t("kind")), kind),
    more,
    there,
    fault,
    h("div", { class: "actions" }, h("button", { class: "primary" }, t("add")), h("button", { type: "button", class: "quiet", onclick: cancel }, t("cancel"))),
  );
  const choose = (what, options) => {
    const field = { id: `${id}-${what}`, options, value: chosen[what], hint: t("not_given"), may_clear: true };
    const draw = () => box.replaceChildren(combobox(canvas, { ...field, value: chosen[what], done: (code) => ((chosen[what] = code), draw()) }));
    const box = h("div", {});
    draw();
    return h("div", {}, h("label", { for: field.id }, t(what)), box);
  };
  const named = (list) => list.map(({ code, name: words }) => ({ code, name: { [canvas.language]: words } }));
  const ask = async () => {
    codes ??= await fetch(canvas.state.urls.actor_codes).then((r) => (r.ok ? r.json() : null)).catch(() => null);
    if (codes) more.replaceChildren(choose("country", named(codes.countries)), choose("sector", named(codes.sectors)));
  };
  ask();
  queueMicrotask(() => {
    (name ? kind : names[canvas.language]).focus();
    compare();
  });
  return form;
}
