/** A field that chooses from a long list by typing in Arabic or English: label, hint and keys as ARIA's combobox. */

import { Choices, isStep, listField } from "#annotator/choices.js";
import { h } from "#annotator/dom.js";
import { fold, search } from "#annotator/fold.js";

const folded = new WeakMap(); // option -> its folded names and help

const words = (texts) => Object.values(texts ?? {}).map(fold);

/** What an option is found by; `under` are names of what may be chosen once it is. */
function about(option, under) {
  if (!folded.has(option)) folded.set(option, { names: [...words(option.name), fold(option.code)], more: [...words(option.help), ...under(option).flatMap(words)] });
  return folded.get(option);
}

/**
 * @param {{id: string, options: {code, name, help}[], value?: string, hint?: string, clearable?: boolean,
 *   under?: (option) => object[], done: (code: string | undefined, by: "enter" | "tab" | "pointer") => void}} field `under`
 *   tells the names that an option is found by, too; `done` hears what is chosen, undefined when the field was emptied
 */
export function combobox(canvas, { id, options, value, hint = "", clearable = false, under = () => [], done }) {
  const named = (code) => canvas.name(options.find((o) => o.code === code));
  let shown = [];
  let typed = false; // since the list was opened: only then does leaving the field choose
  const [input, box] = listField(id, hint, { value: named(value), placeholder: hint });
  const choices = new Choices(input, box);
  const clear = clearable && value && h("button", { type: "button", class: "quiet small", tabIndex: -1, "aria-label": canvas.t("clear"), title: canvas.t("clear"), onclick: () => settle(undefined, "pointer") }, "×");
  const root = h("div", { class: "combobox" }, input, clear, box);

  const close = () => choices.show(false);
  const open = (query) => {
    shown = search(options, query, (option) => about(option, under));
    box.replaceChildren(
      ...shown.map((option, i) => {
        const help = option.help?.[canvas.language];
        return h("li", { role: "option", id: `${id}-o${i}`, onclick: () => take(i, "pointer") }, h("span", {}, canvas.name(option)), help && h("small", {}, help));
      }),
      ...(shown.length ? [] : [h("li", { class: "none", role: "option", "aria-disabled": "true" }, canvas.t("nothing_found"))]),
    );
    choices.show(true);
    const at = query ? 0 : shown.findIndex((o) => o.code === value);
    choices.mark(shown.length ? at : -1);
    if (at < 0) box.scrollIntoView({ block: "nearest" });
  };
  const settle = (code, by) => {
    typed = false;
    close();
    input.value = named((value = code));
    done(code, by);
  };
  const take = (index, by) => settle(shown[index].code, by);
  const emptied = () => clearable && value !== undefined && !input.value.trim();
  input.addEventListener("focus", () => input.select());
  input.addEventListener("pointerup", () => box.hidden && open(""));
  input.addEventListener("input", () => {
    typed = true;
    open(input.value);
  });
  input.addEventListener("blur", () => {
    typed = false;
    close();
    input.value = named(value);
  });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.code === "Escape") {
      typed = false;
      return close(); // and the page takes the focus back to the text
    }
    if (event.code === "Tab") {
      if (emptied()) settle(undefined, "tab");
      else if (typed && choices.at >= 0) take(choices.at, "tab");
      return;
    }
    if (["Enter", "NumpadEnter"].includes(event.code)) {
      if (emptied()) settle(undefined, "enter");
      else if (!box.hidden && choices.at >= 0) take(choices.at, "enter");
      else if (box.hidden) done(value, "enter");
    } else if (!isStep(event)) return;
    else if (box.hidden) open("");
    else if (shown.length) {
      choices.step(event);
      typed = true;
    }
    event.preventDefault();
  });
  return root;
}
