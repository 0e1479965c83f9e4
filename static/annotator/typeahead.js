/** A field with answers below it as one types, those at hand at once and those of the server when they come. */

import { h } from "#annotator/dom.js";

const TYPING_WAIT = 120; // ms
const PAGE = 6;

/**
 * An answer is anything with a `row()` of children for its line; `sure` says that Enter need not wait for the server,
 * `group` puts a heading above the first of its group, `plain` keeps it behind what the server answers.
 * @param {{
 *   id: string, label: string, hint: string,
 *   now: (words: string) => object[], later?: (words: string) => Promise<object[] | null>,
 *   take: (answer, by: "enter" | "pointer") => void, active?: (answer | null) => void, first?: () => string, leave?: () => void
 * }} field `first` is what is asked for before anything is typed; `active` hears which answer is marked; `leave`, that
 *   Escape was pressed
 * @returns the element; its `prefill(words)` puts words in that typing replaces
 */
export function typeahead({ id, label, hint, now, later, take, active, first, leave }) {
  let shown = [];
  let at = -1;
  let turn = 0;
  let wanted = false; // Enter was pressed before the answers were there
  let moved = false;
  let typed = false;
  let timer;
  const box = h("ul", { class: "answers", role: "listbox", id: `${id}-answers`, hidden: true, "aria-label": label });
  const input = h("input", {
    id, type: "text", role: "combobox", autocomplete: "off", spellcheck: false, dir: "auto", placeholder: hint, "data-field": id,
    "aria-expanded": "false", "aria-controls": `${id}-answers`, "aria-autocomplete": "list", "aria-label": label,
  });
  const root = h("div", { class: "picker" }, input, box);

  const close = () => {
    clearTimeout(timer);
    turn++;
    wanted = false;
    box.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    active?.(null);
  };
  const mark = (index, scroll = true) => {
    at = index;
    const options = box.querySelectorAll("[role=option]");
    options.forEach((item, i) => item.setAttribute("aria-selected", i === index));
    const on = options[index];
    if (on) input.setAttribute("aria-activedescendant", on.id);
    else input.removeAttribute("aria-activedescendant");
    if (scroll) on?.scrollIntoView({ block: "nearest" });
    active?.(shown[index] ?? null);
  };
  const choose = (index, by) => {
    const answer = shown[index];
    if (!answer) return;
    close();
    take(answer, by);
  };
  const draw = (answers) => {
    const before = moved ? shown[at]?.key : undefined;
    shown = [...answers.filter((a) => !a.plain), ...answers.filter((a) => a.plain)];
    let group = "";
    box.replaceChildren(
      ...shown.flatMap((answer, i) => {
        const line = h("li", { role: "option", id: `${id}-${i}`, class: answer.kind, onclick: () => choose(i, "pointer") }, answer.row());
        if (!answer.group || answer.group === group) return [line];
        group = answer.group;
        return [h("li", { class: "group", role: "presentation" }, group), line];
      }),
    );
    box.hidden = !shown.length;
    input.setAttribute("aria-expanded", String(!box.hidden));
    const same = before === undefined ? -1 : shown.findIndex((answer) => answer.key === before);
    mark(same >= 0 ? same : shown.length && !shown[0].plain ? 0 : -1, false);
    box.scrollTop = 0;
  };
  const ask = (wait) => {
    const words = typed ? input.value.trim() : (first?.() ?? input.value.trim());
    const mine = ++turn;
    wanted = moved = false;
    draw(now(words));
    clearTimeout(timer);
    root.pending = Boolean(later && words);
    if (!root.pending) return;
    timer = setTimeout(async () => {
      const answers = await later(words);
      if (mine !== turn || !root.isConnected) return;
      root.pending = false;
      if (answers) draw(answers);
      if (wanted) choose(Math.max(at, 0), "enter");
    }, wait);
  };
  const enter = () => {
    if (box.hidden && !root.pending) return ask(0);
    if (root.pending && !moved && !shown[at]?.sure) wanted = true;
    else choose(at, "enter");
  };

  input.addEventListener("input", () => {
    typed = true;
    ask(TYPING_WAIT);
  });
  input.addEventListener("focus", () => {
    input.select();
    ask(0);
  });
  input.addEventListener("blur", () => setTimeout(() => root.isConnected && document.activeElement !== input && close(), 150));
  box.addEventListener("pointerdown", (event) => event.preventDefault());
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const last = shown.length - 1;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE }[event.code];
    if (event.code === "Escape") {
      close();
      return leave?.(); // and the page takes the focus back to the text
    }
    if (step && box.hidden) ask(0);
    else if (step) {
      moved = true;
      mark(Math.abs(step) === 1 ? (at + step + last + 1) % (last + 1) : Math.max(0, Math.min(last, at + step)));
    } else if (["Enter", "NumpadEnter"].includes(event.code)) enter();
    else return;
    event.preventDefault();
  });
  root.prefill = (words) => {
    if (typed || document.activeElement !== input) return;
    input.value = words;
    input.select();
  };
  return root;
}
