/** Naming people behind an @ in a field: those one can name are offered, found in Arabic and English. */

import { get } from "#annotator/ask.js";
import { Choices, isStep } from "#annotator/choices.js";
import { h, uuid } from "#annotator/dom.js";
import { fold, search } from "#annotator/fold.js";

const TYPED = /(?:^|[^A-Za-z0-9._@-])@([^@\n]{0,40})$/;
const SHOWN = 8;

/** @param {HTMLTextAreaElement} field @param {string} url where to ask who can be named */
export function mentions(canvas, field, url) {
  const id = `named-${uuid()}`;
  const box = h("ul", { class: "answers", role: "listbox", id, hidden: true, "aria-label": canvas.t("name_somebody") });
  let people = null;
  let shown = [];
  const choices = new Choices(field, box);

  const close = () => choices.show(false);
  const typed = () => TYPED.exec(field.value.slice(0, field.selectionStart))?.[1];
  const take = (index) => {
    const end = field.selectionStart;
    const start = end - typed().length;
    field.setRangeText(`${shown[index].handle} `, start, end, "end");
    close();
    field.dispatchEvent(new Event("input"));
  };
  const offer = async () => {
    if (typed() === undefined) return close();
    people ??= get(canvas, url).then(({ ok, body }) => (ok ? body.people : []));
    const all = await people;
    const query = typed();
    if (query === undefined || document.activeElement !== field) return close();
    // A name that is written out to its end, with more words behind it, is chosen already.
    if (all.some((one) => query.startsWith(`${one.handle} `))) return close();
    shown = search(all, query, (one) => ({ names: [fold(one.name)], more: [fold(one.email)] })).slice(0, SHOWN);
    if (!shown.length) return close();
    box.replaceChildren(
      ...shown.map((one, i) => h("li", { role: "option", id: `${id}-${i}`, onclick: () => take(i) }, h("bdi", {}, one.name), h("small", { dir: "ltr" }, one.email))),
    );
    choices.show(true);
    choices.mark(0);
    canvas.say(canvas.t("named_n", { n: shown.length }));
  };
  field.addEventListener("input", offer);
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (box.hidden || event.isComposing) return;
    if (event.code === "Escape") close();
    else if (["Enter", "NumpadEnter", "Tab"].includes(event.code) && !event.ctrlKey && !event.metaKey) take(choices.at);
    else if (isStep(event)) choices.step(event);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  });
  offer(); // what was typed before this had come
  return box;
}
