/** A field that chooses from a long list by typing in Arabic or English: label, hint and keys as ARIA's combobox. */

import { h } from "#annotator/dom.js";
import { fold, search } from "#annotator/fold.js";

const folded = new WeakMap(); // option -> its folded names and help

function about(option) {
  if (!folded.has(option)) {
    const words = (texts) => Object.values(texts ?? {}).map(fold);
    folded.set(option, { names: [...words(option.name), fold(option.code)], more: words(option.help) });
  }
  return folded.get(option);
}

/**
 * @param {{id: string, options: {code, name, help}[], value?: string, hint?: string, clearable?: boolean,
 *   done: (code: string | undefined, by: "enter" | "tab" | "pointer") => void}} field `done` hears what is chosen, undefined
 *   when the field was emptied
 */
export function combobox(canvas, { id, options, value, hint = "", clearable = false, done }) {
  const named = (code) => canvas.name(options.find((o) => o.code === code));
  let shown = [];
  let active = -1;
  let typed = false; // since the list was opened: only then does leaving the field choose
  const box = h("ul", { class: "answers", role: "listbox", id: `${id}-answers`, hidden: true, "aria-label": hint });
  const input = h("input", {
    id, type: "text", role: "combobox", autocomplete: "off", dir: "auto", value: named(value), placeholder: hint, "data-field": id,
    "aria-expanded": "false", "aria-controls": `${id}-answers`, "aria-autocomplete": "list",
  });
  const clear = clearable && value && h("button", { type: "button", class: "quiet small", tabIndex: -1, "aria-label": canvas.t("clear"), title: canvas.t("clear"), onclick: () => settle(undefined, "pointer") }, "×");
  const root = h("div", { class: "combobox" }, input, clear, box);

  const close = () => {
    box.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (index) => {
    active = index;
    [...box.children].forEach((item, i) => item.setAttribute("aria-selected", i === index));
    const on = box.children[index];
    if (on) input.setAttribute("aria-activedescendant", on.id);
    else input.removeAttribute("aria-activedescendant");
    on?.scrollIntoView({ block: "nearest" });
  };
  const open = (query) => {
    shown = search(options, query, about);
    box.replaceChildren(
      ...shown.map((option, i) => {
        const help = option.help?.[canvas.language];
        return h("li", { role: "option", id: `${id}-o${i}`, onclick: () => take(i, "pointer") }, h("span", {}, canvas.name(option)), help && h("small", {}, help));
      }),
      ...(shown.length ? [] : [h("li", { class: "none", role: "option", "aria-disabled": "true" }, canvas.t("nothing_found"))]),
    );
    box.hidden = false;
    input.setAttribute("aria-expanded", "true");
    const at = query ? 0 : shown.findIndex((o) => o.code === value);
    mark(shown.length ? at : -1);
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
  box.addEventListener("pointerdown", (event) => event.preventDefault());
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const last = shown.length - 1;
    if (event.code === "Escape") {
      typed = false;
      return close(); // and the page takes the focus back to the text
    }
    if (event.code === "Tab") {
      if (emptied()) settle(undefined, "tab");
      else if (typed && active >= 0) take(active, "tab");
      return;
    }
    if (["Enter", "NumpadEnter"].includes(event.code)) {
      if (emptied()) settle(undefined, "enter");
      else if (!box.hidden && active >= 0) take(active, "enter");
      else if (box.hidden) done(value, "enter");
    } else if (!["ArrowDown", "ArrowUp", "PageDown", "PageUp"].includes(event.code)) return;
    else if (box.hidden) open("");
    else if (last >= 0) {
      const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.code];
      mark(Math.abs(step) === 1 ? (active + step + last + 1) % (last + 1) : Math.max(0, Math.min(last, active + step)));
      typed = true;
    }
    event.preventDefault();
  });
  return root;
}
