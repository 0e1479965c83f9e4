/** Linking a mention to the registry: typing a name in either language, or making a new actor on the spot. */

import { h, short } from "#annotator/dom.js";

const KINDS = ["STATE", "IGO", "NGO", "ORG", "GROUP", "PERSON", "COLLECTIVE", "BLOC", "INDEF", "IDEOLOGY", "PLACE"];
const TYPING_WAIT = 120; // ms

/** The link of a span, or the field that makes one. */
export function actorField(canvas, span, save) {
  const entity = span.entity ? canvas.store.entity(span.entity) : null;
  const title = h("label", { for: "actor-search" }, canvas.t("actor"));
  if (span.entity) {
    const other = entity?.name[canvas.language === "ar" ? "en" : "ar"];
    const off = { type: "button", class: "quiet small", "data-field": "unlink", "aria-label": canvas.t("unlink"), title: canvas.t("unlink"), onclick: () => save({ entity: null }) };
    return h(
      "div",
      { class: "field actor" },
      h("span", { class: "label-text" }, canvas.t("actor")),
      h(
        "div",
        { class: "linked" },
        h("a", { href: canvas.state.urls.actor.replace("/0/", `/${span.entity}/`), target: "_blank" }, h("bdi", {}, canvas.name(entity) || `#${span.entity}`)),
        h("small", {}, [other && other !== canvas.name(entity) && h("bdi", {}, other), entity && canvas.t(`kind_${entity.kind}`)].filter(Boolean).flatMap((x, i) => (i ? [" · ", x] : [x]))),
        canvas.editable && h("button", off, "×"),
      ),
    );
  }
  if (!canvas.editable) return h("div", { class: "read" }, h("dt", {}, canvas.t("actor")), h("dd", {}, canvas.t("no_actor")));
  const quote = short(canvas.store.quote(span), 80);
  return h("div", { class: "field actor" }, title, picker(canvas, { id: "actor-search", first: quote, done: (id) => save({ entity: id }) }));
}

/**
 * A field with the registry's answers below it. `first` is asked for when it gets the focus and nothing is typed yet.
 * `done` is told the id of an entry.
 */
export function picker(canvas, { id, first = "", done }) {
  let timer, results = [], active = -1, asked = 0;
  const box = h("ul", { class: "answers", role: "listbox", id: `${id}-answers`, hidden: true, "aria-label": canvas.t("actor") });
  const input = h("input", {
    id, type: "text", role: "combobox", autocomplete: "off", dir: "auto", placeholder: canvas.t("find_actor"), "data-field": id,
    "aria-expanded": "false", "aria-controls": `${id}-answers`, "aria-autocomplete": "list",
  });
  const root = h("div", { class: "picker" }, input, box);

  const close = () => {
    box.hidden = true;
    input.setAttribute("aria-expanded", "false");
  };
  const take = (entity) => {
    canvas.store.entities.set(String(entity.id), entity);
    close();
    input.blur();
    done(entity.id);
  };
  const mark = (index) => {
    active = index;
    [...box.children].forEach((item, i) => item.setAttribute("aria-selected", i === index));
    const on = box.children[index];
    if (on) input.setAttribute("aria-activedescendant", on.id);
    else input.removeAttribute("aria-activedescendant");
    on?.scrollIntoView({ block: "nearest" });
  };
  const draw = (q) => {
    const items = results.map((entity, i) => {
      const other = entity.name[canvas.language === "ar" ? "en" : "ar"];
      return h(
        "li",
        { role: "option", id: `${id}-${i}`, onclick: () => take(entity) },
        h("bdi", {}, canvas.name(entity)),
        h("small", {}, h("bdi", {}, other && other !== canvas.name(entity) ? other : ""), ` ${canvas.t(`kind_${entity.kind}`)}`),
      );
    });
    if (canvas.state.may_add_actor) items.push(h("li", { role: "option", class: "new", id: `${id}-new`, onclick: () => create(q) }, canvas.t("create_actor", { q })));
    box.replaceChildren(...items);
    box.hidden = !items.length;
    input.setAttribute("aria-expanded", String(!box.hidden));
    mark(results.length ? 0 : -1);
  };
  const ask = async () => {
    const q = input.value.trim() || first;
    if (!q) return close();
    const turn = ++asked;
    const response = await fetch(`${canvas.state.urls.actors}?q=${encodeURIComponent(q)}`).catch(() => null);
    if (turn !== asked || !response?.ok || !root.isConnected) return;
    ({ results } = await response.json());
    draw(q);
  };
  const create = (q) => root.replaceChildren(newActor(canvas, id, q, take, () => root.replaceChildren(input, box)));

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, TYPING_WAIT);
  });
  input.addEventListener("focus", ask);
  input.addEventListener("blur", () => setTimeout(close, 150));
  box.addEventListener("pointerdown", (event) => event.preventDefault());
  input.addEventListener("keydown", (event) => {
    const last = box.children.length - 1;
    if (event.key === "ArrowDown") mark(Math.min(active + 1, last));
    else if (event.key === "ArrowUp") mark(Math.max(active - 1, 0));
    else if (event.key === "Enter" && !box.hidden && active >= 0) box.children[active].click();
    else return;
    event.preventDefault();
  });
  return root;
}

function newActor(canvas, id, name, take, cancel) {
  const fault = h("p", { class: "fault", role: "alert" });
  const input = h("input", { id: `${id}-name`, value: name, dir: "auto", maxLength: 200 });
  const kind = h("select", { id: `${id}-kind` }, KINDS.map((code) => h("option", { value: code }, canvas.t(`kind_${code}`))));
  const send = async (event) => {
    event.preventDefault();
    const form = input.value.trim();
    const names = [{ lang: /[\u0600-\u06ff]/.test(form) ? "ar" : "en", form, role: "CANONICAL" }];
    const { csrf } = canvas.outbox;
    const response = await fetch(canvas.state.urls.actors, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
      body: JSON.stringify({ kind: kind.value, names }),
    }).catch(() => null);
    const answer = await response?.json().catch(() => null);
    if (response?.ok) take(answer);
    else fault.textContent = answer ? [...Object.values(answer.errors ?? {}).flat(), answer.detail][0] : canvas.t("not_reached");
  };
  queueMicrotask(() => kind.focus());
  return h(
    "form",
    { class: "new-actor", onsubmit: send },
    h("div", {}, h("label", { for: `${id}-name` }, canvas.t("name")), input),
    h("div", {}, h("label", { for: `${id}-kind` }, canvas.t("kind")), kind),
    fault,
    h("div", { class: "actions" }, h("button", { class: "primary" }, canvas.t("add")), h("button", { type: "button", class: "quiet", onclick: cancel }, canvas.t("cancel"))),
  );
}
