/**
 * <annotation-canvas>: a text with its marks.
 *
 * What the page holds (templates/workspace/canvas.html and panel.html write it):
 *   <annotation-canvas state="ID" tabindex="0" lang dir> the sections of paper.canvas_html </annotation-canvas>
 *   <script id="ID" type="application/json"> canvas_state of views/workspace.py </script>
 * and, each only where it is wanted, elements with data-part: labels (buttons with data-label="CODE" and a data-count),
 * details, suggestions, list (panels), count-suggestions, count-list, save, live (aria-live), tagging. It comes in three
 * steps, each told by an attribute: data-painted (the marks are on the text), data-live (tools.js: it can be read, selected,
 * marked, undone and saved), data-ready (the features of desk.js, each a property of the canvas that is undefined before).
 * An ancestor with data-scroller is what scrolls, else the window. With set.editable false nothing can be changed and
 * nothing is sent. Events that bubble: ac-change, ac-pick {id}, ac-error {why: mismatch | altered}.
 */

import { Brush } from "#annotator/brush.js";
import { fill, h } from "#annotator/dom.js";
import { Paper } from "#annotator/model.js";
import { checksum } from "#annotator/offsets.js";
import { CssPainter } from "#annotator/painter-css.js";
import { Store } from "#annotator/store.js";

const LARGE = 200_000; // units; larger texts are checked after they are painted

/** Fulfilled when a frame has been shown; soon, too, in a tab that shows none. */
const frame = () =>
  new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, 250);
  });

class AnnotationCanvas extends HTMLElement {
  async connectedCallback() {
    const state = JSON.parse(document.getElementById(this.getAttribute("state")).textContent);
    this.state = state;
    this.language = state.language;
    this.t = (key, values) => fill(state.messages[key] ?? key, values);
    const { signal } = (this.listening = new AbortController());
    this.features = [];
    this.paper = new Paper(this, state.document.length);
    this.store = new Store(state, this.paper);
    const painter = CssPainter.works() ? new CssPainter() : new (await import("#annotator/painter-rects.js")).RectPainter(this);
    if (signal.aborted) return painter.destroy();
    this.brush = new Brush(this.paper, this.store, painter);
    this.brush.watch(this.closest("[data-scroller]"));
    this.dataset.painted = "";
    await frame(); // what acts on the marks comes behind what paints them
    performance.mark("canvas-painted");
    const styled = this.#dress();
    const core = await import("#annotator/tools.js");
    if (state.far) await this.fetching();
    if (signal.aborted) return;
    this.#wire(core);
    const [{ features }] = await Promise.all([import("#annotator/desk.js"), styled]);
    await frame();
    if (!signal.aborted) this.#furnish(features);
  }

  #wire({ Acts, Commands, Keys, Picking, Selecting, Sync }) {
    const late = this.paper.length > LARGE;
    this.checked = !late && this.#check();
    this.picking = new Picking(this);
    this.acts = new Acts(this);
    this.selecting = new Selecting(this, this.paper, this.state.document.language);
    this.commands = new Commands(this);
    this.keys = new Keys(this);
    this.sync = new Sync(this);
    this.store.addEventListener("change", (event) => this.#changed(event.detail));
    this.#watchPage();
    this.#watchText();
    this.count();
    if (late) setTimeout(() => (this.checked = this.#check()));
    this.dataset.live = "";
    performance.mark("canvas-live");
  }

  /** Put the sheet of the desk to use; fulfilled when it has come, or cannot. */
  #dress() {
    const link = this.part("tools-css");
    if (!link || link.rel === "stylesheet") return null;
    link.rel = "stylesheet";
    return new Promise((resolve) => (link.onload = link.onerror = resolve));
  }

  #furnish(features) {
    this.features = Object.entries(features).map(([name, Feature]) => (this[name] = new Feature(this)));
    this.cursor.goToHash();
    this.dataset.ready = "";
    performance.mark("canvas-ready");
  }

  disconnectedCallback() {
    this.listening.abort();
    this.guard?.disconnect();
    for (const part of [this.brush, this.selecting, this.keys, this.far, ...this.features]) part?.destroy?.();
    this.outbox?.close();
    for (const step of ["painted", "live", "ready"]) delete this.dataset[step];
  }

  /** What brings marks from the server: those of far stretches, or all anew. */
  async fetching() {
    const { Far } = await import("#annotator/far.js");
    return (this.far ??= new Far(this));
  }

  get editable() {
    return this.state.set.editable && this.checked;
  }

  /** The name of a code in the page's language. */
  name(thing) {
    return thing?.name?.[this.language] || Object.values(thing?.name ?? {})[0] || thing?.code || "";
  }

  /** The focus may come to the text; where one reads stays. */
  focus() {
    super.focus({ preventScroll: true });
  }

  /** Tell the features that listen for it. */
  tell(what, about) {
    for (const feature of this.features) feature[what]?.(about);
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
    const whole = this.paper.map.length === about.length && checksum(this.paper.lines()) === about.checksum;
    if (!whole) this.#refuse("mismatch");
    return whole;
  }

  /** The text here is not the stored one: offsets would be wrong, so nothing can be marked. */
  #refuse(why) {
    this.checked = false;
    this.before(h("p", { class: "banner", role: "alert" }, this.t("mismatch")));
    this.dispatchEvent(new CustomEvent("ac-error", { bubbles: true, detail: { why } }));
  }

  /** Translators and other extensions write into pages. */
  #watchText() {
    const isText = ({ target, removedNodes }) =>
      target === this ? [...removedNodes].some((node) => node.matches?.("section")) : (target.closest ? target : target.parentElement).closest("section")?.parentElement === this;
    this.guard = new MutationObserver((records) => {
      if (!records.some(isText)) return;
      this.guard.disconnect();
      this.#refuse("altered");
    });
    this.guard.observe(this, { subtree: true, childList: true, characterData: true });
  }

  #changed(touched) {
    this.brush.repaint(touched.all ? undefined : touched.paragraphs);
    this.picking.changed(touched);
    if (touched.wrong) this.sync.resync().catch(() => {});
    if (touched.unknown) this.suggestions?.fetch();
    this.far?.changed(touched);
    this.tell("changed", touched);
    this.count();
    this.dispatchEvent(new CustomEvent("ac-change", { bubbles: true }));
  }

  /** Show how many marks each label has, and whether it is armed. */
  count() {
    const counts = this.store.counts();
    for (const button of this.part("labels")?.querySelectorAll("[data-label]") ?? []) {
      button.querySelector("[data-count]").textContent = counts.get(button.dataset.label) ?? 0;
      button.setAttribute("aria-pressed", this.acts.armed === button.dataset.label && !Object.keys(this.acts.armedWith).length);
    }
  }

  /** What the person has chosen for all their work: reading, keys, favourites. */
  get preferences() {
    return this.state.preferences ?? {};
  }

  #watchPage() {
    const { signal } = this.listening;
    const labels = this.part("labels");
    const use = (event) => {
      const button = event.target.closest("[data-label]");
      if (button) this.acts.useLabel(button.dataset.label);
    };
    labels?.addEventListener("click", use, { signal });
    // A press on a label must not take the selection away before it is used.
    labels?.addEventListener("pointerdown", (event) => event.preventDefault(), { signal });
    addEventListener("beforeprint", () => (this.far?.now(), this.brush.all()), { signal });
    addEventListener("afterprint", () => this.brush.onlyNear(), { signal });
  }
}

customElements.define("annotation-canvas", AnnotationCanvas);
