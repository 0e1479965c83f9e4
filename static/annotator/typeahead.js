/** A field with answers below it as one types, those at hand at once and those of the server when they come. */

import { Choices, isStep, listField } from "#annotator/choices.js";
import { h } from "#annotator/dom.js";

const TYPING_WAIT = 120; // ms

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
  let turn = 0;
  let wanted = false; // Enter was pressed before the answers were there
  let moved = false;
  let typed = false;
  let timer;
  const [input, box] = listField(id, label, { placeholder: hint, "aria-label": label });
  input.spellcheck = false;
  const choices = new Choices(input, box, (index) => active?.(shown[index] ?? null));
  const root = h("div", { class: "picker" }, input, box);

  const close = () => {
    clearTimeout(timer);
    turn++;
    wanted = false;
    choices.show(false);
    active?.(null);
  };
  const choose = (index, by) => {
    const answer = shown[index];
    if (!answer) return;
    close();
    take(answer, by);
  };
  const draw = (answers) => {
    const before = moved ? shown[choices.at]?.key : undefined;
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
    choices.show(shown.length > 0);
    const same = before === undefined ? -1 : shown.findIndex((answer) => answer.key === before);
    choices.mark(same >= 0 ? same : shown.length && !shown[0].plain ? 0 : -1, { scroll: false });
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
      if (wanted) choose(Math.max(choices.at, 0), "enter");
    }, wait);
  };
  const enter = () => {
    if (box.hidden && !root.pending) return ask(0);
    if (root.pending && !moved && !shown[choices.at]?.sure) wanted = true;
    else choose(choices.at, "enter");
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
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.code === "Escape") {
      close();
      return leave?.(); // and the page takes the focus back to the text
    }
    if (isStep(event) && box.hidden) ask(0);
    else if (isStep(event)) {
      moved = true;
      choices.step(event);
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
