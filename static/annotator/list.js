/**
 * Everything marked, in words: the canvas for those who do not see it, and a way to find things. Only the rows in sight
 * are in the page, so that ten thousand marks scroll as ten do.
 */

import { fetched, h, short } from "#annotator/dom.js";
import { fold } from "#annotator/fold.js";
import { Jump } from "#annotator/jump.js";
import { missing } from "#annotator/lacking.js";
import { toggle } from "#annotator/several.js";

const ROW = 50; // px
const AROUND = 8; // rows beyond those in sight
const MOST = 1000; // marks picked at once
const TYPING_WAIT = 120; // ms
const ORIGINS = { own: ["MANUAL", "IMPORTED"], accepted: ["ACCEPTED"], corrected: ["CORRECTED"] };

const folded = new WeakMap(); // span -> its words as they are searched

export class ListView {
  constructor(canvas, root) {
    this.canvas = canvas;
    this.root = root;
    this.wish = { label: "", state: "", origin: "", sort: "place", text: "" };
    this.jump = new Jump();
    this.made = null; // id -> place in the order of making, once it was asked for
    const { signal } = canvas.listening;
    root?.addEventListener("scroll", () => this.#soon(() => this.#window()), { signal, passive: true });
    canvas.addEventListener("ac-pick", ({ detail }) => this.#picked(detail.id), { signal });
    this.changed();
  }

  /** Marks are others now, or the list came into sight. */
  changed() {
    const count = this.canvas.part("count-list");
    if (count) count.textContent = this.canvas.store.total;
    this.stale = true;
    if (this.root && !this.root.hidden) this.#soon(() => this.#draw());
  }

  #soon(work) {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => (this.stale ? this.#draw() : work()));
  }

  // -- what is in it

  #build() {
    const { canvas } = this;
    const { t } = canvas;
    const choose = (name, words, options) => {
      const list = h("select", { "aria-label": t(words), "data-filter": name, onchange: () => this.#want(name, list.value) });
      for (const [value, text] of options) list.append(h("option", { value }, text));
      return list;
    };
    const labels = [...canvas.store.labels.values()].map((label) => [label.code, canvas.name(label)]);
    const search = h("input", { type: "search", dir: "auto", placeholder: t("find_in_marks"), "aria-label": t("find_in_marks"), "data-filter": "text" });
    search.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.#want("text", search.value), TYPING_WAIT);
    });
    search.addEventListener("keydown", (event) => {
      if (event.code !== "ArrowDown" && event.code !== "Enter") return;
      event.preventDefault();
      this.rows.focus();
    });
    this.count = h("span", { class: "n", role: "status" });
    this.all = h("button", { type: "button", class: "quiet small", onclick: () => this.#pickAll() }, t("pick_all"));
    this.rows = h("div", { class: "marks-list", role: "listbox", tabIndex: 0, "aria-multiselectable": "true", "aria-label": t("annotations") });
    this.rows.addEventListener("keydown", (event) => this.#key(event));
    this.rows.addEventListener("click", (event) => this.#click(event));
    this.rows.addEventListener("focus", () => {
      // With the mouse the row is chosen by the click; drawing it anew before would lose that.
      if (this.rows.matches(":focus-visible")) this.#mark(this.active ?? canvas.picking.selected ?? this.spans[0]?.id);
    });
    this.none = h("p", { class: "hint" });
    this.root.append(
      h(
        "div",
        { class: "list-head" },
        search,
        choose("label", "filter_label", [["", t("all_labels")], ...labels]),
        choose("state", "filter_state", [["", t("any_state")], ["lacking", t("incomplete")], ["done", t("complete")]]),
        choose("origin", "filter_origin", [["", t("any_origin")], ["own", t("origin_own")], ["accepted", t("origin_as_suggested")], ["corrected", t("origin_changed")]]),
        choose("sort", "sort_by", [["place", t("by_place")], ["label", t("by_label")], ["made", t("by_time")]]),
        h("div", { class: "row" }, this.count, h("span", { class: "grow" }), canvas.state.set.editable && this.all),
      ),
      this.none,
      this.rows,
    );
  }

  async #want(name, value) {
    this.wish[name] = value;
    this.root.scrollTop = 0;
    this.changed();
    if (name === "sort" && value === "made" && !this.made) await this.#ask();
  }

  /** The order of making is the server's to know; what was made since comes behind it. */
  async #ask() {
    const made = await fetched(this.canvas.state.urls.made);
    if (!made) return;
    this.made = new Map(made.spans.map((id, i) => [id, i]));
    this.changed();
  }

  #words(span) {
    const { store } = this.canvas;
    const found = folded.get(span);
    if (found !== undefined) return found;
    const entity = Object.values(store.entity(span.entity)?.name ?? {});
    folded.set(span, fold([store.quote(span), span.note ?? "", ...entity].join("\n")));
    return folded.get(span);
  }

  #chosen() {
    const { store } = this.canvas;
    const { label, origin, sort, state, text } = this.wish;
    const words = fold(text).split(/\s+/).filter(Boolean);
    const found = store.spans.ordered().filter((span) => {
      if (label && span.label !== label) return false;
      if (origin && !ORIGINS[origin].includes(span.origin)) return false;
      if (state && missing(store, span).length > 0 !== (state === "lacking")) return false;
      return !words.length || words.every((word) => this.#words(span).includes(word));
    });
    if (sort === "label") {
      const order = [...store.labels.keys()];
      return found.sort((a, b) => order.indexOf(a.label) - order.indexOf(b.label));
    }
    if (sort !== "made") return found;
    const since = new Map([...store.spans.byId.keys()].map((id, i) => [id, 1e9 + i]));
    const at = (span) => this.made?.get(span.id) ?? since.get(span.id);
    return found.sort((a, b) => at(a) - at(b));
  }

  // -- drawing

  #draw() {
    if (!this.root || this.root.hidden) return;
    if (!this.rows) this.#build();
    const { store, t } = this.canvas;
    this.stale = false;
    this.#fetch();
    this.spans = this.#chosen();
    this.places = new Map(this.spans.map((span, i) => [span.id, i]));
    const all = store.total;
    const n = this.spans.length;
    this.count.textContent = n === all ? t("n_marks", { n }) : t("n_of_marks", { n, all });
    this.all.hidden = n < 2;
    this.none.hidden = n > 0 && !this.fetching;
    this.none.textContent = t(this.fetching ? "far_marks" : all ? "nothing_found" : "no_spans");
    this.rows.hidden = !n;
    this.rows.style.blockSize = `${n * ROW}px`;
    this.#window();
  }

  /** The page of a long text holds only the marks near what is seen; a list wants them all. */
  #fetch() {
    const { store } = this.canvas;
    if (!store.far || this.fetching) return;
    this.fetching = true;
    const over = () => {
      this.fetching = false;
      this.changed();
    };
    store.whole().then(over, () => (this.fetching = false));
  }

  /** Put the rows in sight into the page. */
  #window() {
    if (!this.spans || this.root.hidden) return;
    const top = this.root.scrollTop - this.rows.offsetTop;
    const first = Math.max(0, Math.floor(top / ROW) - AROUND);
    const end = Math.min(this.spans.length, Math.ceil((top + this.root.clientHeight) / ROW) + AROUND);
    this.rows.replaceChildren(...this.spans.slice(first, end).map((span, i) => this.#row(span, first + i)));
    if (this.active && !this.places.has(this.active)) this.active = null;
    const on = this.active && this.rows.querySelector(`#row-${this.active}`);
    if (on) this.rows.setAttribute("aria-activedescendant", on.id);
    else this.rows.removeAttribute("aria-activedescendant");
  }

  #row(span, index) {
    const { canvas } = this;
    const { paper, picking, store, t } = canvas;
    const label = store.labels.get(span.label);
    const quote = store.quote(span);
    const entity = store.entity(span.entity);
    const named = entity && canvas.name(entity) !== quote && canvas.name(entity);
    const needed = label?.attributes?.find((a) => a.required && a.options && span.attributes[a.code]);
    const value = needed && canvas.name(needed.options.find((o) => o.code === [span.attributes[needed.code]].flat()[0]));
    const number = paper.paragraphs[span.first].element.dataset.n;
    const lacking = missing(store, span).length > 0;
    const current = span.id === picking.selected;
    const row = h(
      "div",
      {
        role: "option", id: `row-${span.id}`, "data-id": span.id, class: `label-${span.label.toLowerCase()}`,
        "aria-selected": String(picking.several?.has(span.id) ?? false), "aria-current": current ? "true" : null, "data-active": this.active === span.id || null,
        "aria-setsize": String(this.spans.length), "aria-posinset": String(index + 1),
      },
      h("q", { dir: "auto" }, short(quote, 80)),
      number && h("span", { class: "n" }, h("span", { class: "spoken" }, t("paragraph")), ` ¶ ${number}`),
      h("small", {}, h("b", { class: "tag" }, canvas.name(label)), value && ` · ${value}`, named && [" · ", h("bdi", {}, named)], lacking && h("em", { class: "needed" }, t("required"))),
    );
    row.style.insetBlockStart = `${index * ROW}px`;
    return row;
  }

  // -- going through it

  #picked(id) {
    if (this.root?.hidden || !this.spans) return;
    if (id && this.places.has(id)) this.#mark(id);
    else this.#window();
  }

  /** Make a mark the active row and bring it into sight. */
  #mark(id) {
    if (!id) return;
    this.active = id;
    const at = this.places.get(id);
    if (at === undefined) return this.#window();
    const top = this.rows.offsetTop + at * ROW;
    const head = this.root.firstElementChild.offsetHeight;
    if (top < this.root.scrollTop + head) this.root.scrollTop = top - head - ROW;
    else if (top + ROW > this.root.scrollTop + this.root.clientHeight) this.root.scrollTop = top + 2 * ROW - this.root.clientHeight;
    this.#window();
  }

  #go(id) {
    const { picking, panel } = this.canvas;
    if (picking.selected === id && this.active === id) return panel.focus();
    this.active = id;
    picking.select(id, { reveal: true, open: false });
  }

  #toggle(id) {
    if (!this.canvas.editable) return;
    toggle(this.canvas, id, { open: false });
    this.#window();
  }

  #pickAll() {
    this.canvas.picking.pickSeveral(this.spans.slice(0, MOST).map((span) => span.id));
    this.#window();
  }

  #click(event) {
    // Rows may have been drawn anew between press and release; then the click is told of the whole list.
    const row = event.target.closest("[data-id]") ?? document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-id]");
    if (!row) return;
    if (event.ctrlKey || event.metaKey) {
      this.active = row.dataset.id;
      return this.#toggle(row.dataset.id);
    }
    this.#go(row.dataset.id);
  }

  #key(event) {
    if (this.jump.hears(event)) {
      const to = this.jump.to(this.spans.map((span) => this.#words(span)), this.places.get(this.active) ?? -1);
      this.#mark(this.spans[to]?.id);
    } else if (event.code === "KeyA" && (event.ctrlKey || event.metaKey) && this.canvas.editable) this.#pickAll();
    else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else {
      const at = this.places.get(this.active) ?? -1;
      const last = this.spans.length - 1;
      const page = Math.max(1, Math.floor(this.root.clientHeight / ROW) - 2);
      const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: last }[event.code];
      if (to !== undefined) this.#mark(this.spans[Math.max(0, Math.min(last, to))]?.id);
      else if (["Enter", "NumpadEnter"].includes(event.code) && at >= 0) this.#go(this.active);
      else if (event.code === "Space" && at >= 0) this.#toggle(this.active);
      else if (event.code === "Escape" && !this.canvas.picking.several?.size) this.canvas.focus();
      else return;
      this.jump.stop();
    }
    event.preventDefault();
    event.stopPropagation();
  }
}
