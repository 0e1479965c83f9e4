/**
 * How the text is read: its type, finding in it, the map beside it, guidelines, other documents. What is seldom wanted is
 * loaded when it is.
 *
 * In the page (templates/workspace): data-part type (a form of settings), find, guide, minimap, back, each where it is wanted;
 * links with rel prev and next.
 */

import { prefer } from "#annotator/preferences.js";

const LONG = 1.6; // windows of text from which on it gets a map
const NUMBERED = { size: Number };

export class Reading {
  constructor(canvas) {
    this.canvas = canvas;
    this.scroller = canvas.closest("[data-scroller]") ?? document.scrollingElement;
    const go = (rel) => () => document.querySelector(`.neighbours [rel=${rel}]`)?.click();
    const has = (rel) => () => Boolean(document.querySelector(`.neighbours [rel=${rel}]`));
    const part = (name) => (c) => Boolean(c.part(name));
    canvas.commands.add(
      { id: "find", keys: ["Slash", "Control+KeyF"], group: "reading", when: part("find"), run: () => this.find() },
      { id: "guide", keys: ["KeyH"], group: "reading", when: part("guide"), run: () => this.guide() },
      { id: "type_settings", keys: ["KeyT"], group: "reading", when: part("type"), run: () => this.#openType() },
      { id: "larger_type", keys: ["Equal", "Shift+Equal"], group: "reading", when: part("type"), run: () => this.resize(1) },
      { id: "smaller_type", keys: ["Minus"], group: "reading", when: part("type"), run: () => this.resize(-1) },
      { id: "next_document", keys: ["Alt+PageDown", "Alt+KeyN"], group: "reading", when: has("next"), run: go("next") },
      { id: "previous_document", keys: ["Alt+PageUp", "Alt+KeyP"], group: "reading", when: has("prev"), run: go("prev") },
      { id: "back_to_list", keys: ["Alt+KeyU"], group: "reading", when: part("back"), run: (c) => c.part("back").click() },
    );
    const { signal } = canvas.listening;
    this.form = canvas.part("type");
    this.form?.addEventListener("input", () => this.#typed(), { signal });
    document.addEventListener("click", (event) => this.#click(event), { signal });
    this.#rememberList();
    if (canvas.part("guide")) this.#watchGuide();
    if (canvas.part("minimap")) this.#watchHeight();
  }

  // -- places

  /** What stands at the top of the window: its first unit, its element, and how far down that is. */
  place() {
    const { element, start } = this.canvas.paper.paragraphs[this.#topParagraph()];
    return { unit: start, element, top: element.getBoundingClientRect().top };
  }

  /** Have a place where it was, also while the sections around it find their new heights, some frames long. */
  keep(place) {
    let frames = 6;
    const settle = () => {
      this.scroller.scrollTop += place.element.getBoundingClientRect().top - place.top;
      if (frames--) this.settling = requestAnimationFrame(settle);
      else this.anchor = null;
    };
    cancelAnimationFrame(this.settling);
    this.anchor = place;
    settle();
  }

  #topParagraph() {
    const { paragraphs, sections } = this.canvas.paper;
    const top = Math.max(0, this.scroller.getBoundingClientRect().top) + 1;
    const first = (from, to, box) => {
      while (from < to) {
        const middle = (from + to) >> 1;
        if (box(middle).bottom <= top) from = middle + 1;
        else to = middle;
      }
      return from;
    };
    const section = sections[first(0, sections.length - 1, (i) => sections[i].element.getBoundingClientRect())];
    return first(section.first, section.end - 1, (i) => paragraphs[i].element.getBoundingClientRect());
  }

  // -- type

  #openType() {
    const menu = this.form.closest("details");
    menu.open = !menu.open;
    if (menu.open) this.form.elements.size.focus();
    else this.canvas.focus();
  }

  /** One step larger (1) or smaller (-1). */
  resize(step) {
    const { size } = this.form.elements;
    const before = size.value;
    if (step > 0) size.stepUp();
    else size.stepDown();
    if (size.value !== before) this.#typed();
    this.canvas.say(this.canvas.t("type_size", { n: size.value }));
  }

  #typed() {
    const chosen = Object.fromEntries([...new FormData(this.form)].map(([name, value]) => [name, (NUMBERED[name] ?? String)(value)]));
    chosen.numbers = this.form.elements.numbers.checked;
    const place = this.anchor ?? this.place(); // what is read stays where it is
    for (const name of ["size", "leading", "measure"]) this.scroller.dataset[name] = chosen[name];
    this.scroller.toggleAttribute("data-bare", !chosen.numbers);
    this.keep(place);
    prefer(this.canvas, "reading", chosen);
  }

  // -- what is loaded when it is wanted

  /** The field is there at once, what searches comes behind it: nothing that is typed gets lost. */
  async find() {
    const bar = this.canvas.part("find");
    const field = bar.querySelector("input");
    if (bar.hidden) this.before = this.place();
    bar.hidden = false;
    field.focus();
    field.select();
    const { Find } = await import("#annotator/find.js");
    this.finding ??= new Find(this.canvas, bar);
    await this.finding.open(this.before);
  }

  /** Open or close the guidelines. */
  async guide() {
    const part = this.canvas.part("guide");
    part.open = !part.open;
    if (part.open && this.canvas.panel.root) this.canvas.panel.root.dataset.open = "";
  }

  async #watchGuide() {
    const part = this.canvas.part("guide");
    const draw = async () => {
      if (!part.open) return;
      const { Guide } = await import("#annotator/guide.js");
      this.guiding ??= new Guide(this.canvas, part);
      this.guiding.draw();
    };
    part.addEventListener("toggle", () => (draw(), prefer(this.canvas, "guide", part.open)), { signal: this.canvas.listening.signal });
    if (part.open) draw();
  }

  #watchHeight() {
    this.sizes = new ResizeObserver(async () => {
      const long = this.canvas.offsetHeight > this.scroller.clientHeight * LONG;
      const part = this.canvas.part("minimap");
      part.hidden = !long;
      if (!long || this.map) return this.map?.resize();
      const { Minimap } = await import("#annotator/minimap.js");
      this.map ??= new Minimap(this.canvas, part);
    });
    this.sizes.observe(this.scroller);
    this.sizes.observe(this.canvas);
  }

  changed() {
    this.map?.changed();
  }

  picked() {
    this.guiding?.draw();
  }

  // -- the way back

  /** The list one came from, with its filters, is where "back" leads. */
  #rememberList() {
    const back = this.canvas.part("back");
    if (!back) return;
    const key = `list:${this.canvas.state.project}`;
    const from = document.referrer && new URL(document.referrer);
    const own = new URL(back.href);
    try {
      if (from?.origin === location.origin && [own.pathname, back.dataset.home].includes(from.pathname)) sessionStorage.setItem(key, from.href);
      back.href = sessionStorage.getItem(key) ?? back.href;
    } catch {
      // No storage in this browser: back leads to the whole list.
    }
  }

  #click(event) {
    const act = event.target.closest?.("[data-reading]")?.dataset.reading;
    if (act === "find") this.find();
  }

  destroy() {
    cancelAnimationFrame(this.settling);
    this.sizes?.disconnect();
    this.finding?.destroy();
    this.map?.destroy();
  }
}
