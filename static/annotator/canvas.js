/**
 * <annotation-canvas>: a text with its marks.
 *
 * What the page holds (templates/workspace/canvas.html and panel.html write it):
 *   <annotation-canvas state="ID" tabindex="0" lang dir> the sections of paper.canvas_html </annotation-canvas>
 *   <script id="ID" type="application/json"> canvas_state of views/workspace.py </script>
 * and, each only where it is wanted, elements with data-part: labels (buttons with data-label="CODE" and a data-count),
 * details, suggestions, list (panels), count-suggestions, count-list, save, live (aria-live), tagging. An ancestor with
 * data-scroller is what scrolls, else the window. With set.editable false nothing can be changed and nothing is sent.
 * Events that bubble: ac-change, ac-pick {id}, ac-error {why}.
 */

import { fill, h, short, uuid } from "#annotator/dom.js";
import { extents, LANES, lanes, Paper, snapPaint } from "#annotator/model.js";
import { checksum } from "#annotator/offsets.js";
import { CssPainter } from "#annotator/painter-css.js";
import { Store } from "#annotator/store.js";

const LARGE = 200_000; // units; larger texts are checked after they are painted

/** Fulfilled when a frame has been shown; soon, too, in a tab that shows none. */
const firstFrame = () =>
  new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, 250);
  });

class AnnotationCanvas extends HTMLElement {
  async connectedCallback() {
    const state = JSON.parse(document.getElementById(this.getAttribute("state")).textContent);
    this.state = state;
    this.language = state.language;
    this.selected = this.current = this.armed = this.linking = this.correcting = null;
    this.listening = new AbortController();
    this.paper = new Paper(this);
    this.store = new Store(state, this.paper);
    this.near = new Set();
    const tools = () => import("#annotator/tools.js");
    this.painter = CssPainter.works() ? new CssPainter() : new (await tools()).RectPainter(this);
    this.#watchSections();
    this.dataset.painted = "";
    performance.mark("annotator-painted");
    await firstFrame(); // what acts on the marks comes behind what paints them
    const made = await tools();
    if (this.isConnected) this.#wire(made);
  }

  #wire({ Keys, Panel, Selecting, Suggestions, ...tools }) {
    const { state } = this;
    const late = this.paper.text.length > LARGE;
    this.checked = !late && this.#check();
    this.selecting = new Selecting(this, this.paper, state.document.language);
    this.keys = new Keys(this, state.codebook.labels, state.document.direction);
    this.panel = new Panel(this);
    this.suggestions = new Suggestions(this);
    this.store.addEventListener("change", (event) => this.#changed(event.detail));
    if (state.set.editable) this.#openOutbox(tools);
    this.#watchPage();
    this.#count();
    if (late) setTimeout(() => (this.checked = this.#check()));
    this.#goToHash();
    this.dataset.ready = "";
  }

  disconnectedCallback() {
    this.listening.abort();
    for (const part of [this.painter, this.selecting, this.keys, this.suggestions]) part?.destroy();
    this.observer?.disconnect();
    this.outbox?.close();
    delete this.dataset.ready;
    delete this.dataset.painted;
  }

  get editable() {
    return this.state.set.editable && this.checked;
  }

  t(key, values) {
    return fill(this.state.messages[key] ?? key, values);
  }

  /** The name of a code in the page's language. */
  name(thing) {
    return thing?.name?.[this.language] || Object.values(thing?.name ?? {})[0] || thing?.code || "";
  }

  part(name) {
    return document.querySelector(`[data-part="${name}"]`);
  }

  say(text) {
    const live = this.part("live");
    if (live) live.textContent = text;
  }

  #check() {
    const { document: about } = this.state;
    const whole = this.paper.map.length === about.length && checksum(this.paper.text) === about.checksum;
    if (!whole) {
      this.before(h("p", { class: "banner", role: "alert" }, this.t("mismatch")));
      this.dispatchEvent(new CustomEvent("ac-error", { bubbles: true, detail: { why: "mismatch" } }));
    }
    return whole;
  }

  // -- painting

  #watchSections() {
    const { sections } = this.paper;
    for (let i = 0; i < Math.min(2, sections.length); i++) this.#enter(i); // what is seen first, before the first frame
    const bySection = new Map(sections.map((s, i) => [s.element, i]));
    const root = this.closest("[data-scroller]");
    const seen = (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (isIntersecting) this.#enter(bySection.get(target));
        else this.#leave(bySection.get(target));
      }
    };
    this.observer = new IntersectionObserver(seen, { root, rootMargin: "100% 0px" });
    for (const { element } of sections) this.observer.observe(element);
  }

  #enter(i) {
    if (this.near.has(i)) return;
    this.near.add(i);
    const { first, end } = this.paper.sections[i];
    for (let p = first; p < end; p++) this.#paint(p);
  }

  #leave(i) {
    if (!this.near.delete(i)) return;
    const { first, end } = this.paper.sections[i];
    for (let p = first; p < end; p++) this.painter.clear(p);
  }

  #paint(index) {
    const paragraph = this.paper.paragraphs[index];
    const spans = this.store.spans.in(index);
    const lane = lanes(spans);
    const items = [];
    let deeper = 0;
    for (const span of spans) {
      if (lane.get(span) >= LANES) deeper++;
      this.#pieces(items, span, paragraph, `ac-${span.label.toLowerCase()}-${Math.min(lane.get(span), LANES - 1)}`);
    }
    for (const s of this.store.suggestions.in(index)) {
      if (this.store.isOffered(s)) this.#pieces(items, s, paragraph, `ac-sug-${s.label.toLowerCase()}`);
    }
    this.painter.paint(index, items);
    if (deeper) paragraph.element.dataset.more = `+${deeper}`;
    else if (paragraph.element.dataset.more) delete paragraph.element.dataset.more;
  }

  #pieces(items, mark, paragraph, name) {
    const { node, start, length } = paragraph;
    for (const [from, to] of extents(mark, this.paper)) {
      const a = snapPaint(node.data, Math.max(0, from - start), -1);
      const b = snapPaint(node.data, Math.min(length, to - start), 1);
      if (a < b) items.push({ name, node, from: a, to: b });
    }
  }

  /** Paint something of its own above the marks; with nothing, take it away. */
  #paintOn(name, mark) {
    const items = [];
    if (mark) {
      for (let i = this.paper.indexAt(mark.from); i <= this.paper.indexAt(mark.to - 1); i++) {
        this.#pieces(items, mark, this.paper.paragraphs[i], `ac-on-${name}`);
      }
    }
    this.painter.paint(name, items);
  }

  repaint() {
    for (const i of this.near) {
      const { first, end } = this.paper.sections[i];
      for (let p = first; p < end; p++) this.#paint(p);
    }
  }

  #changed(touched) {
    if (touched.all) this.repaint();
    else {
      const paragraphs = new Set();
      for (const [first, last] of touched.paragraphs) for (let i = first; i <= last; i++) paragraphs.add(i);
      for (const i of paragraphs) if (this.near.has(this.paper.sectionOf(i))) this.#paint(i);
    }
    if (this.selected && !this.store.spans.get(this.selected)) this.select(null);
    else if (touched.all || touched.relations || touched.spans.has(this.selected)) {
      this.#paintOn("focus", this.store.spans.get(this.selected));
      this.panel.refresh();
    }
    if (this.current && !this.store.suggestions.get(this.current)) this.setCurrent(null);
    if (touched.unknown) this.suggestions.fetch();
    this.#count();
    this.dispatchEvent(new CustomEvent("ac-change", { bubbles: true }));
  }

  #count() {
    const counts = this.store.counts();
    for (const button of this.part("labels")?.querySelectorAll("[data-label]") ?? []) {
      button.querySelector("[data-count]").textContent = counts.get(button.dataset.label) ?? 0;
      button.setAttribute("aria-pressed", this.armed === button.dataset.label);
    }
    const list = this.part("count-list");
    if (list) list.textContent = this.store.spans.size;
    this.panel.listChanged();
    this.suggestions.changed();
  }

  // -- selecting

  selectionChanged() {
    const { from, to, some } = this.selecting;
    this.#paintOn("selection", some ? { from, to } : null);
    this.toggleAttribute("data-selecting", some);
    if (!some) return;
    if (this.armed && this.editable && !this.correcting) return this.mark(this.armed);
    const labels = this.store.spans.at(from).map((span) => this.name(this.store.labels.get(span.label)));
    const text = short(this.paper.quote(from, to));
    this.say(labels.length ? this.t("cursor_at", { text, labels: labels.join(" · ") }) : text);
    this.panel.refresh();
  }

  /** A click on the text: the marks there, the shortest first and the next one with each click. */
  pick(unit) {
    if (this.linking) return this.#pickEnd(unit);
    this.selecting.clear();
    const here = unit === null ? [] : this.store.spans.at(unit);
    const next = here[(here.findIndex((span) => span.id === this.selected) + 1) % here.length];
    const offered = unit === null ? [] : this.store.suggestions.at(unit).filter((s) => this.store.isOffered(s));
    if (next) this.select(next.id);
    else if (offered.length) this.setCurrent(offered[0].id, { show: true });
    else this.select(null);
  }

  /** Make a mark the one that the panel is about. */
  select(id, { reveal = false, open = true } = {}) {
    const span = id ? this.store.spans.get(id) : null;
    this.selected = span ? id : null;
    this.stopLink();
    this.#paintOn("focus", span);
    if (span && this.current) this.setCurrent(null);
    if (span) {
      this.say(`${this.name(this.store.labels.get(span.label))}: ${short(this.store.quote(span))}`);
    }
    this.panel.refresh({ show: Boolean(span) && open });
    if (span && (reveal || this.panel.covers)) this.reveal(span.from);
    this.dispatchEvent(new CustomEvent("ac-pick", { bubbles: true, detail: { id: this.selected } }));
  }

  reveal(unit) {
    const { element, start, length } = this.paper.paragraphs[this.paper.indexAt(unit)];
    const show = () => {
      // A long paragraph is taller than the window: the place in it counts.
      const range = this.paper.range(unit, Math.min(unit + 1, start + length));
      const box = range.getBoundingClientRect();
      const view = (this.closest("[data-scroller]") ?? document.documentElement).getBoundingClientRect();
      const bottom = Math.min(view.bottom, innerHeight, this.panel.covers ? this.panel.root.getBoundingClientRect().top : Infinity);
      if (box.top > Math.max(view.top, 0) + 70 && box.bottom < bottom - 70) return;
      const scroller = this.closest("[data-scroller]") ?? document.scrollingElement;
      scroller.scrollBy({ top: box.top - Math.max(view.top, 0) - (bottom - Math.max(view.top, 0)) * 0.4 });
    };
    if (!this.near.has(this.paper.sectionOf(this.paper.indexAt(unit)))) element.scrollIntoView({ block: "center" });
    show();
    requestAnimationFrame(show); // sections that were skipped have their real height now
  }

  /** Escape: give up the innermost thing that is going on. */
  giveUp() {
    if (this.linking) this.stopLink();
    else if (this.correcting) this.correcting = null;
    else if (this.selecting.some) return this.selecting.clear(), this.panel.refresh();
    else if (this.armed) this.arm(null);
    else if (this.current) this.setCurrent(null);
    else this.select(null);
    this.panel.refresh();
    this.suggestions.changed();
  }

  // -- changing

  commit(edits) {
    this.store.apply(edits);
    this.outbox.put(edits).catch(() => this.saving.say(this.t("not_kept")));
  }

  /** What a label's key or button means now. */
  useLabel(code) {
    if (!this.editable) return;
    if (this.correcting || this.selecting.some) this.mark(code);
    else if (this.selected) this.relabel(this.selected, code);
    else this.arm(this.armed === code ? null : code);
  }

  /** With an armed label each selection is marked at once. */
  arm(code) {
    this.armed = code;
    this.toggleAttribute("data-armed", Boolean(code));
    this.#count();
    if (code) this.say(this.t("armed", { label: this.name(this.store.labels.get(code)) }));
  }

  mark(code) {
    const { from, to } = this.selecting;
    const suggestion = this.correcting ? this.store.suggestions.get(this.correcting) : undefined;
    this.correcting = null;
    const edit = this.store.add(code, from, to, suggestion);
    this.commit([edit]);
    this.selecting.clear();
    this.selecting.caret = to;
    this.select(edit.span.id);
  }

  relabel(id, code) {
    const span = this.store.spans.get(id);
    if (span.label === code) return;
    const fits = this.store.relationsOf(id).every((r) => {
      const type = this.store.relationTypes.get(r.type);
      return (r.from.span !== id || type.from.includes(code)) && (r.to.span !== id || type.to.includes(code));
    });
    if (!fits) return this.saving.say(this.t("links_in_the_way"));
    const fields = { label: code, attributes: {} };
    if (span.entity && !this.store.labels.get(code).entity) fields.entity = null;
    this.commit([this.store.update(id, fields)]);
  }

  removeSelected() {
    if (!this.selected) return;
    const links = this.store.relationsOf(this.selected).length;
    this.commit([this.store.remove(this.selected)]);
    const words = links ? this.t("removed_with", { n: links }) : this.t("removed");
    this.saving.say(words, this.t("undo"), () => this.history("undo"));
  }

  moveExtent() {
    if (!this.selected || !this.selecting.some) return;
    const extent = this.store.extent(this.selecting.from, this.selecting.to);
    this.commit([this.store.update(this.selected, extent)]);
    this.selecting.clear();
  }

  /** Undo and redo are the server's: it knows every act, also those before a reload. */
  history(op) {
    if (this.editable) this.commit([{ id: uuid(), op }]);
  }

  // -- suggestions

  setCurrent(id, { show = false } = {}) {
    const suggestion = id ? this.store.suggestions.get(id) : null;
    this.current = suggestion ? id : null;
    this.correcting = null;
    this.#paintOn("offer", suggestion);
    if (suggestion) {
      if (this.selected) this.select(null);
      this.reveal(suggestion.from);
      const label = this.name(this.store.labels.get(suggestion.label));
      this.say(this.t("offered", { label, text: short(this.store.quote(suggestion)) }));
      this.selecting.caret = suggestion.from;
    }
    if (show) this.panel.show("suggestions");
    this.suggestions.changed();
  }

  /** To the next (1) or previous (-1) open suggestion, round the end. */
  walk(step) {
    const all = this.store.offered();
    if (!all.length) return this.say(this.t("no_suggestions"));
    let at = all.findIndex((s) => s.id === this.current);
    if (at < 0) {
      const behind = all.findIndex((s) => s.from >= this.selecting.caret);
      at = behind < 0 ? (step > 0 ? -1 : all.length) : step > 0 ? behind - 1 : behind;
    }
    this.setCurrent(all.at((at + step + all.length) % all.length).id, { show: true });
  }

  #decideCurrent(make) {
    const suggestion = this.store.suggestions.get(this.current);
    if (!suggestion || !this.editable) return;
    const all = this.store.offered();
    const next = all[all.indexOf(suggestion) + 1] ?? all.find((s) => s !== suggestion);
    this.commit([make(suggestion)]);
    this.setCurrent(next?.id, { show: true });
  }

  acceptCurrent() {
    this.#decideCurrent((suggestion) => this.store.accept(suggestion));
  }

  rejectCurrent() {
    this.#decideCurrent((suggestion) => this.store.reject(suggestion));
  }

  /** Take the suggestion up as a selection, to be labelled or moved before it is accepted. */
  correctCurrent() {
    const suggestion = this.store.suggestions.get(this.current);
    if (!suggestion || !this.editable) return;
    this.selecting.set(suggestion.from, suggestion.to);
    this.correcting = suggestion.id;
    this.suggestions.changed();
    this.say(this.t("correcting"));
  }

  // -- links

  startLink() {
    if (this.selected && this.editable) this.panel.openLink();
  }

  /** Wait for a click on the other end; `allows` tells which marks may be it. */
  pickEnds(allows, done) {
    this.linking = { allows, done };
    this.toggleAttribute("data-linking", true);
    this.say(this.t("pick_target"));
  }

  stopLink() {
    if (!this.linking) return;
    this.linking = null;
    this.removeAttribute("data-linking");
    this.panel.closeLink();
  }

  #pickEnd(unit) {
    const found = unit === null ? null : this.store.spans.at(unit).find((span) => this.linking.allows(span));
    if (found) this.linking.done({ span: found.id });
    else this.say(this.t("not_an_end"));
  }

  // -- the page

  focusForm() {
    this.panel.focus();
  }

  help() {
    this.panel.help();
  }

  #watchPage() {
    const { signal } = this.listening;
    this.part("labels")?.addEventListener(
      "click",
      (event) => {
        const button = event.target.closest("[data-label]");
        if (button) this.useLabel(button.dataset.label);
      },
      { signal },
    );
    // A press on a label must not take the selection away before it is used.
    this.part("labels")?.addEventListener("pointerdown", (event) => event.preventDefault(), { signal });
    addEventListener("beforeprint", () => this.paper.sections.forEach((_, i) => this.#enter(i)), { signal });
    addEventListener("hashchange", () => this.#goToHash(), { signal });
  }

  /** #span-<id> in the address goes to a mark, #incomplete-<id> to one that still lacks something. */
  #goToHash() {
    const found = /^#(?:span|incomplete)-([0-9a-f-]{36})$/.exec(location.hash);
    if (found && this.store.spans.get(found[1])) this.select(found[1], { reveal: true });
  }

  async #openOutbox({ Outbox, Saving }) {
    const { state } = this;
    this.outbox = new Outbox({
      user: state.user,
      document: state.document.id,
      url: state.urls.edits,
      session: state.urls.session,
      csrf: state.csrf,
    });
    this.saving = new Saving(this, this.outbox);
    this.outbox.addEventListener("answer", async ({ detail }) => {
      if (detail.document !== state.document.id) return;
      this.store.settle(detail.answer);
      this.#showState(detail.answer.set.state);
      if (await this.learn(detail.answer.edits.flatMap((edit) => edit.spans))) this.panel.refresh();
    });
    const left = await this.outbox.waiting();
    if (left.length) {
      this.store.apply(left);
      this.outbox.flush();
    }
  }

  /** The first edit turns "not started" into "in progress". */
  #showState(state) {
    if (!state || state === this.state.set.state) return;
    this.state.set.state = state;
    for (const shown of document.querySelectorAll('[data-part="state"]')) {
      shown.className = `state state-${state.toLowerCase()}`;
      shown.textContent = this.t(`state_${state}`);
    }
  }

  /** Ask for the names of actors that marks from elsewhere point to. Returns whether there were any to ask for. */
  async learn(marks) {
    const unknown = [...new Set(marks.map((mark) => mark.entity))].filter((id) => id && !this.store.entity(id));
    if (!unknown.length) return false;
    const response = await fetch(`${this.state.urls.cards}?ids=${unknown.join(",")}`).catch(() => null);
    if (!response?.ok) return false;
    for (const [id, card] of Object.entries(await response.json())) this.store.entities.set(id, card);
    return true;
  }

  /** Ask the server what is true and put on top what it has not seen. */
  async resync() {
    const { annotations } = this.state.urls;
    const [mine, offered] = await Promise.all(
      ["mine", "suggestions"].map(async (set) => (await fetch(`${annotations}?set=${set}`)).json()),
    );
    const waiting = await this.outbox.waiting();
    const own = mine.sets.find((set) => set.origin === "HUMAN") ?? { spans: [], relations: [] };
    const suggestions = this.suggestions.open(offered.sets, own.spans);
    await this.learn([...own.spans, ...suggestions]);
    this.store.replace({ ...own, suggestions }, waiting);
  }
}

customElements.define("annotation-canvas", AnnotationCanvas);
