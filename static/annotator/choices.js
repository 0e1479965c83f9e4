/**
 * A field and the list that stands with it, as ARIA's combobox has it: which row is marked and how keys go through them.
 * What is in the list, when it is seen and what a choice does is the field's own: combobox.js chooses one of a few known
 * options, typeahead.js asks the server too, mention.js completes a word, palette.js is a dialog of its own.
 */

import { h } from "#annotator/dom.js";

const PAGE = 8;
const STEPS = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE };

/** Whether a key goes through a list. */
export const isStep = (event) => event.code in STEPS;

/** A field that opens a list below it, and the list, closed. `about` are more attributes of the field. */
export function listField(id, label, about) {
  const box = h("ul", { class: "answers", role: "listbox", id: `${id}-answers`, hidden: true, "aria-label": label });
  const field = h("input", { id, type: "text", role: "combobox", autocomplete: "off", dir: "auto", "data-field": id, "aria-expanded": "false", ...about });
  return [field, box];
}

export class Choices {
  /**
   * @param {HTMLElement} field keeps the focus
   * @param {HTMLElement} box its rows have role=option and an id
   * @param {(index: number) => void} marked hears which row is marked, -1 for none
   */
  constructor(field, box, marked = () => {}) {
    Object.assign(this, { field, box, marked, at: -1 });
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", box.id);
    box.addEventListener("pointerdown", (event) => event.preventDefault());
  }

  get rows() {
    return [...this.box.querySelectorAll("[role=option]:not([aria-disabled])")];
  }

  /** Open or close the list. */
  show(open) {
    this.box.hidden = !open;
    if (this.field.hasAttribute("aria-expanded")) this.field.setAttribute("aria-expanded", String(open));
    if (!open) this.#tell(null);
  }

  #tell(row) {
    if (row) this.field.setAttribute("aria-activedescendant", row.id);
    else this.field.removeAttribute("aria-activedescendant");
  }

  mark(index, { scroll = true } = {}) {
    this.at = index;
    const { rows } = this;
    rows.forEach((row, i) => row.setAttribute("aria-selected", i === index));
    this.#tell(rows[index]);
    if (scroll) rows[index]?.scrollIntoView({ block: "nearest" });
    this.marked(index);
  }

  /** Mark the row that an arrow or a page key leads to: arrows go round, pages end at the ends. */
  step(event) {
    const step = STEPS[event.code];
    const n = this.rows.length;
    if (n) this.mark(Math.abs(step) === 1 ? (this.at + step + n) % n : Math.max(0, Math.min(n - 1, this.at + step)));
  }
}
