/** Finding all the same: the ways in. The list itself is loaded when it is wanted. */

import { cap } from "#annotator/caps.js";
import { h } from "#annotator/dom.js";

export class Same {
  constructor(canvas) {
    this.canvas = canvas;
    const marked = (c) => Boolean(c.picking.selected);
    canvas.commands.add(
      { id: "same", keys: ["KeyF"], group: "marking", writes: true, once: true, run: () => this.open() },
      { id: "pick_same", keys: ["Shift+KeyF"], group: "marking", writes: true, once: true, when: marked, run: () => this.pick() },
    );
    canvas.panel.addSection(80, () => canvas.editable && this.way("same", "pick_same"));
  }

  /** Buttons for these commands. */
  way(...ids) {
    const { commands, t } = this.canvas;
    const button = (id) => h("button", { type: "button", class: "small", "data-chrome": "", "data-field": id, onclick: () => commands.run(id) }, t(`cmd_${id}`), cap(this.canvas, id));
    return h("p", { class: "same-ways" }, ids.map(button));
  }

  async #load() {
    const { SameList } = await import("#annotator/same-list.js");
    return (this.list ??= new SameList(this.canvas));
  }

  /** Look for what is selected or marked here: in the document, and if wanted in the person's other ones. */
  async open() {
    (await this.#load()).open();
  }

  /** Pick all marks with these words and this label, to be changed, linked or removed together. */
  async pick() {
    const { picking, store, say, t } = this.canvas;
    const span = store.spans.get(picking.selected);
    if (!span) return;
    const { pickSame } = await import("#annotator/same-work.js");
    if (!(await pickSame(this.canvas, span))) say.call(this.canvas, t("same_picked_none"));
  }

  changed() {
    this.list?.changed();
  }

  /** Another part of the panel has been opened. */
  tabShown() {
    this.list?.close({ focus: false });
  }

  destroy() {
    this.list?.destroy();
  }
}
