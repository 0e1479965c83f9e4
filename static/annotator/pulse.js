/**
 * What may have changed elsewhere: asked for when the person comes back to the page, and now and then while they look.
 * Another browser's marks are fetched, a task that was closed is told, "pulse" tells the comments.
 */

import { get } from "#annotator/ask.js";
import { h } from "#annotator/dom.js";

const EVERY = 15_000;
const WRITABLE = ["OPEN", "ACTIVE", "RETURNED", null];

export class Pulse extends EventTarget {
  constructor(canvas) {
    super();
    this.canvas = canvas;
    const { set, urls } = canvas.state;
    this.url = urls.pulse;
    this.known = set.version ?? 0;
    this.editable = set.editable;
    if (!this.url) return;
    const { signal } = canvas.listening;
    canvas.outbox?.addEventListener("answer", ({ detail }) => {
      if (detail.document === canvas.state.document.id) this.known = Math.max(this.known, detail.answer.set.version);
    });
    const look = () => document.visibilityState === "visible" && this.ask();
    addEventListener("focus", look, { signal });
    document.addEventListener("visibilitychange", look, { signal });
    this.timer = setInterval(look, EVERY);
  }

  async ask() {
    if (this.asking) return;
    this.asking = true;
    const { ok, body } = await get(this.canvas, this.url);
    this.asking = false;
    if (!ok || this.gone) return;
    this.dispatchEvent(new CustomEvent("pulse", { detail: body }));
    if (this.editable) await this.#compare(body);
  }

  async #compare({ version, state }) {
    const { canvas } = this;
    if (!WRITABLE.includes(state)) return this.#close();
    // What is on its way will be answered with the newest version; until then ours is not older, only other.
    if (version <= this.known || canvas.outbox.pending) return;
    await canvas.sync.resync().then(
      () => (this.known = Math.max(this.known, version)),
      () => {},
    );
  }

  /** The task was handed in or taken away elsewhere: nothing more can be changed here. */
  #close() {
    const { canvas } = this;
    this.editable = canvas.state.set.editable = false;
    const again = h("button", { type: "button", class: "link", onclick: () => location.reload() }, canvas.t("reload"));
    canvas.before(h("p", { class: "banner closed", role: "alert" }, canvas.t("closed_elsewhere"), " ", again));
    canvas.panel?.refresh();
  }

  destroy() {
    this.gone = true;
    clearInterval(this.timer);
  }
}
