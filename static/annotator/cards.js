/**
 * The cards of events and implications: one <article> each in the order of the text, with what it says, who takes part and
 * what it is linked to. Only the cards in sight are filled, so that thousands scroll as a few do.
 */

import { face, lacks, index } from "#annotator/card.js";
import { Connectors } from "#annotator/connectors.js";
import { h } from "#annotator/dom.js";
import { cardLabels } from "#annotator/ends.js";
import { linkForm } from "#annotator/links.js";

const AHEAD = "800px 0px"; // what is filled beyond what is in sight
const ALL = "";
const INCOMPLETE = "!";

export class Cards {
  constructor(canvas, root) {
    Object.assign(this, { canvas, root, wish: ALL, shells: new Map(), current: null });
    this.labels = cardLabels(canvas.store);
    this.connectors = new Connectors(canvas);
    this.#build();
    const near = (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) this.#fill(target);
        target.toggleAttribute("data-near", isIntersecting);
      }
    };
    this.observer = new IntersectionObserver(near, { root, rootMargin: AHEAD });
    const { signal } = canvas.listening;
    this.list.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.list.addEventListener("click", (event) => this.#click(event), { signal });
    for (const type of ["focusin", "pointerover"]) this.list.addEventListener(type, (event) => this.#light(event.target.closest("article")), { signal });
    this.list.addEventListener("focusout", (event) => this.list.contains(event.relatedTarget) || this.#light(null), { signal });
    this.list.addEventListener("pointerleave", () => this.#light(this.list.contains(document.activeElement) ? document.activeElement.closest("article") : null), { signal });
  }

  /** Another tab is shown. */
  left() {
    this.#light(null);
  }

  destroy() {
    this.observer.disconnect();
    this.connectors.destroy();
  }

  // -- what is in it

  #build() {
    const { store, t } = this.canvas;
    const button = (wish, words) => h("button", { type: "button", "data-wish": wish, "aria-pressed": String(wish === this.wish), onclick: () => this.#want(wish) }, words, h("span", { class: "n" }));
    this.filters = h("div", { class: "segments", role: "group", "aria-label": t("cards_filter") }, button(ALL, t("all_cards")), this.labels.map((code) => button(code, this.canvas.name(store.labels.get(code)))), button(INCOMPLETE, t("open_cards")));
    this.none = h("p", { class: "hint" });
    this.list = h("div", { class: "event-cards", role: "feed", "aria-label": t("cards") });
    this.root.replaceChildren(h("div", { class: "cards-head" }, this.filters), this.none, this.list);
  }

  #want(wish) {
    this.wish = wish;
    this.root.scrollTop = 0;
    this.changed();
  }

  /** Draw anew when the page has time, if the cards are in sight. */
  changed() {
    cancelAnimationFrame(this.frame);
    if (!this.root.hidden) this.frame = requestAnimationFrame(() => this.draw());
  }

  draw() {
    const { store, t } = this.canvas;
    this.index = index(store);
    const all = store.spans.ordered().filter((span) => this.labels.includes(span.label));
    const open = new Set(all.filter((span) => lacks(this.canvas, span, this.index).length).map(({ id }) => id));
    const shown = all.filter((span) => this.wish === ALL || span.label === this.wish || (this.wish === INCOMPLETE && open.has(span.id)));
    const counts = { [ALL]: all.length, [INCOMPLETE]: open.size };
    for (const code of this.labels) counts[code] = all.filter((span) => span.label === code).length;
    for (const button of this.filters.children) {
      button.setAttribute("aria-pressed", String(button.dataset.wish === this.wish));
      button.querySelector(".n").textContent = counts[button.dataset.wish];
    }
    const names = this.labels.map((code) => this.canvas.name(store.labels.get(code))).join(` ${t("or")} `);
    this.none.textContent = shown.length ? "" : all.length ? t("no_cards_so") : t("no_cards", { labels: names });
    this.none.hidden = shown.length > 0;
    this.#place(shown);
  }

  /** Shells in the order of the text; those that say something else now are filled again. */
  #place(shown) {
    const wanted = new Set(shown.map(({ id }) => id));
    for (const [id, shell] of this.shells) {
      if (wanted.has(id)) continue;
      this.observer.unobserve(shell);
      shell.remove();
      this.shells.delete(id);
    }
    let before = null;
    for (const [i, span] of shown.entries()) {
      let shell = this.shells.get(span.id);
      if (!shell) {
        shell = h("article", { tabIndex: -1, "data-id": span.id });
        this.shells.set(span.id, shell);
        this.observer.observe(shell);
      }
      shell.setAttribute("aria-posinset", i + 1);
      shell.setAttribute("aria-setsize", shown.length);
      if (before ? before.nextSibling !== shell : this.list.firstChild !== shell) before ? before.after(shell) : this.list.prepend(shell);
      before = shell;
      if (shell.said !== undefined && shell.said !== this.#says(span)) this.#fill(shell);
    }
    if (!this.shells.has(this.current)) this.#roving(shown[0]?.id ?? null);
  }

  /** What a card depends on, in short: when it is another, the card is filled again. */
  #says(span) {
    const links = this.index.get(span.id) ?? [];
    const ends = links.map((r) => [r.from.span, r.to.span].map((id) => this.canvas.store.spans.get(id)?.version).join());
    return `${span.version} ${span.label} ${links.map((r) => r.id + r.version)} ${ends} ${this.making?.id === span.id ? this.making.key : ""}`;
  }

  #fill(shell) {
    const { canvas } = this;
    const span = canvas.store.spans.get(shell.dataset.id);
    if (!span) return;
    const says = this.#says(span);
    if (shell.said === says) return;
    shell.said = says;
    const focused = shell.contains(document.activeElement) && document.activeElement !== shell ? document.activeElement.dataset.field : null;
    const form = this.making?.id === span.id ? this.making : null;
    face(canvas, shell, span, this.index, { form, open: (key, only) => this.open(span, key, only) });
    if (focused) (shell.querySelector(`[data-field="${CSS.escape(focused)}"]`) ?? shell).focus();
    current(shell, span.id === canvas.picking.selected);
  }

  // -- linking from a card

  /** Fill a slot: `key` says which, `only` the kind of link; without it any that fits. */
  open(span, key, only = null) {
    const { canvas } = this;
    canvas.links.stop();
    const close = () => {
      if (this.making?.id !== span.id) return;
      const inside = this.making.element.contains(document.activeElement);
      this.making = null;
      canvas.links.stop();
      this.#again(span.id);
      if (inside) this.shells.get(span.id)?.focus();
    };
    this.making = { id: span.id, key, element: linkForm(canvas, span, close, only) };
    this.#again(span.id);
    this.making.element.querySelector("input").focus();
  }

  #again(id) {
    const shell = this.shells.get(id);
    this.index = index(this.canvas.store);
    if (shell) this.#fill(shell);
  }

  // -- which card one is at

  picked() {
    if (this.root.hidden) return;
    const { selected } = this.canvas.picking;
    for (const [id, shell] of this.shells) current(shell, id === selected);
    if (this.shells.has(selected)) {
      this.#roving(selected);
      this.shells.get(selected).scrollIntoView({ block: "nearest" });
    }
  }

  #roving(id) {
    this.shells.get(this.current)?.setAttribute("tabindex", "-1");
    this.current = id;
    this.shells.get(id)?.setAttribute("tabindex", "0");
  }

  /** To the card of a mark, or to the first behind it. */
  focus(id) {
    const { store } = this.canvas;
    const from = store.spans.get(id)?.from ?? 0;
    const to = this.shells.has(id) ? id : ([...this.shells.keys()].find((other) => store.spans.get(other)?.from >= from) ?? this.current);
    this.#go(this.shells.get(to));
  }

  #go(shell) {
    if (!shell) return;
    this.#roving(shell.dataset.id);
    this.#fill(shell);
    shell.focus({ preventScroll: true });
    shell.scrollIntoView({ block: "nearest" });
  }

  #key(event) {
    const shell = event.target.closest("article");
    if (!shell || event.target.closest("input, select, textarea, .ways")) return;
    const all = [...this.list.children];
    const to = { ArrowDown: shell.nextElementSibling, ArrowUp: shell.previousElementSibling, Home: all[0], End: all.at(-1) }[event.code];
    if (event.code in { ArrowDown: 1, ArrowUp: 1, Home: 1, End: 1 }) this.#go(to);
    else if (["Enter", "NumpadEnter"].includes(event.code) && event.target === shell) this.#select(shell);
    else if (event.code === "Escape" && event.target !== shell) shell.focus();
    else return;
    event.preventDefault();
  }

  #click(event) {
    const shell = event.target.closest("article");
    if (!shell || event.target.closest("button, a, input, select, textarea, .link-form")) return;
    this.#select(shell);
  }

  #select(shell) {
    this.canvas.picking.select(shell.dataset.id, { reveal: true, open: false });
    this.#go(shell);
  }

  /** Show in the text what a card speaks of, with its one set of connectors. */
  #light(shell) {
    const { brush, store } = this.canvas;
    const span = shell && store.spans.get(shell.dataset.id);
    if (this.lit === (span?.id ?? null)) return;
    this.lit = span?.id ?? null;
    const links = span ? (this.index.get(span.id) ?? []) : [];
    const ends = links.map((r) => store.spans.get(r.from.span === span.id ? r.to.span : r.from.span)).filter(Boolean);
    brush.above("card", span ?? null);
    brush.above("ends", ends);
    this.connectors.show(shell, span, ends);
  }
}

function current(shell, is) {
  if (is) shell.setAttribute("aria-current", "true");
  else shell.removeAttribute("aria-current");
}
