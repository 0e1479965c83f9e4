/**
 * <annotation-canvas>: a text with its marks.
 *
 * What the page holds (templates/workspace/canvas.html and panel.html write it):
 *   <annotation-canvas state="ID" tabindex="0" lang dir> the sections of paper.canvas_html </annotation-canvas>
 *   <script id="ID" type="application/json"> canvas_state of views/workspace.py </script>
 * and, each only where it is wanted, elements with data-part: labels (buttons with data-label="CODE" and a data-count),
 * details, suggestions, list (panels), count-suggestions, count-list, save, live (aria-live), tagging. What acts on the
 * text comes after the first paint: tools.js, and the features of desk.js, each a property of the canvas. An ancestor with
 * data-scroller is what scrolls, else the window. With set.editable false nothing can be changed and nothing is sent.
 * Events that bubble: ac-change, ac-pick {id}, ac-error {why}.
 */

import { Brush } from "#annotator/brush.js";
import { fill, h } from "#annotator/dom.js";
import { Paper } from "#annotator/model.js";
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
    this.t = (key, values) => fill(state.messages[key] ?? key, values);
    this.listening = new AbortController();
    this.paper = new Paper(this);
    this.store = new Store(state, this.paper);
    const tools = () => import("#annotator/tools.js");
    const painter = CssPainter.works() ? new CssPainter() : new (await tools()).RectPainter(this);
    this.brush = new Brush(this.paper, this.store, painter);
    this.brush.watch(this.closest("[data-scroller]"));
    this.dataset.painted = "";
    performance.mark("annotator-painted");
    await firstFrame(); // what acts on the marks comes behind what paints them
    const made = await tools();
    if (this.isConnected) this.#wire(made);
  }

  #wire({ Acts, Commands, Keys, Picking, Selecting, Sync, features }) {
    const { state } = this;
    const late = this.paper.text.length > LARGE;
    this.checked = !late && this.#check();
    this.picking = new Picking(this);
    this.acts = new Acts(this);
    this.selecting = new Selecting(this, this.paper, state.document.language);
    this.commands = new Commands(this);
    this.keys = new Keys(this);
    this.sync = new Sync(this);
    this.features = Object.entries(features).map(([name, Feature]) => (this[name] = new Feature(this)));
    this.store.addEventListener("change", (event) => this.#changed(event.detail));
    this.#watchPage();
    for (const feature of this.features) feature.changed?.();
    this.count();
    if (late) setTimeout(() => (this.checked = this.#check()));
    this.#goToHash();
    this.dataset.ready = "";
  }

  disconnectedCallback() {
    this.listening.abort();
    for (const part of [this.brush, this.selecting, this.keys, ...(this.features ?? [])]) part?.destroy?.();
    clearTimeout(this.preferring);
    this.outbox?.close();
    delete this.dataset.ready;
    delete this.dataset.painted;
  }

  get editable() {
    return this.state.set.editable && this.checked;
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

  #changed(touched) {
    this.brush.repaint(touched.all ? undefined : touched.paragraphs);
    this.picking.changed(touched);
    if (touched.wrong) this.sync.resync().catch(() => {});
    if (touched.unknown) this.suggestions.fetch();
    for (const feature of this.features) feature.changed?.(touched);
    this.count();
    this.dispatchEvent(new CustomEvent("ac-change", { bubbles: true }));
  }

  /** Show how many marks each label has, and whether it is armed. */
  count() {
    const counts = this.store.counts();
    for (const button of this.part("labels")?.querySelectorAll("[data-label]") ?? []) {
      button.querySelector("[data-count]").textContent = counts.get(button.dataset.label) ?? 0;
      button.setAttribute("aria-pressed", this.acts.armed === button.dataset.label);
    }
    const list = this.part("count-list");
    if (list) list.textContent = this.store.spans.size;
  }

  /** What the person has chosen for all their work: reading, keys, favourites. */
  get preferences() {
    return this.state.preferences ?? {};
  }

  /** Choose it; kept on the server, what is chosen within a moment in one request. */
  prefer(key, value) {
    this.state.preferences = { ...this.preferences, [key]: value };
    this.preferred = { ...this.preferred, [key]: value };
    clearTimeout(this.preferring);
    this.preferring = setTimeout(() => this.#keepPreferences(), 400);
  }

  #keepPreferences() {
    const body = JSON.stringify(this.preferred);
    this.preferred = {};
    const headers = { "Content-Type": "application/json", "X-CSRFToken": this.outbox?.csrf ?? this.state.csrf };
    return fetch(this.state.urls.preferences, { method: "POST", headers, body, keepalive: true }).catch(() => {});
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
    addEventListener("beforeprint", () => this.brush.all(), { signal });
    addEventListener("hashchange", () => this.#goToHash(), { signal });
  }

  /** #span-<id> in the address goes to a mark, #incomplete-<id> to one that still lacks something. */
  #goToHash() {
    const found = /^#(?:span|incomplete)-([0-9a-f-]{36})$/.exec(location.hash);
    if (found && this.store.spans.get(found[1])) this.picking.select(found[1], { reveal: true });
  }
}

customElements.define("annotation-canvas", AnnotationCanvas);
