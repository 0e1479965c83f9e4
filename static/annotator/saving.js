/** Whether the work is safe, always in sight: the state of the outbox, a form that waits for it, short words. */

import { h } from "#annotator/dom.js";

export class Saving {
  constructor(canvas, outbox) {
    this.canvas = canvas;
    this.outbox = outbox;
    this.shown = canvas.part("save");
    this.refused = [];
    const { signal } = canvas.listening;
    outbox.addEventListener("state", ({ detail }) => this.#show(detail));
    outbox.addEventListener("refused", ({ detail }) => this.#refused(detail));
    addEventListener("beforeunload", (event) => outbox.pending && event.preventDefault(), { signal });
    document.addEventListener("submit", (event) => this.#hold(event), { signal, capture: true });
  }

  #show({ state, waiting, refused, fragile }) {
    this.refused = refused;
    if (fragile && !this.fragile) this.say(this.canvas.t("fragile"));
    this.fragile = fragile;
    clearTimeout(this.timer);
    // What is saved in a blink is not worth a flicker.
    if (state === "saving" && this.shown?.dataset.state === "saved") this.timer = setTimeout(() => this.#draw(state, waiting), 400);
    else this.#draw(state, waiting);
  }

  #draw(state, waiting) {
    if (!this.shown) return;
    const { canvas } = this;
    const failed = this.refused.length;
    this.shown.dataset.state = failed && state === "saved" ? "refused" : state;
    this.shown.toggleAttribute("data-fragile", this.fragile);
    const words = [failed && state === "saved" ? null : h("span", {}, canvas.t(state, { n: waiting }))];
    if (state === "login") words.push(h("a", { href: canvas.state.urls.login, target: "_blank" }, canvas.t("log_in")));
    if (failed) {
      this.#dialogs.catch(() => {}); // now: later there may be no network
      const text = canvas.t("rejected", { n: failed });
      words.push(h("button", { type: "button", class: "link", onclick: async () => (await this.#dialogs).listRefused(this) }, text));
    }
    if (this.fragile) words.push(h("strong", { class: "fragile", title: canvas.t("fragile") }, canvas.t("fragile_short")));
    this.shown.replaceChildren(...words.filter(Boolean));
  }

  say(text, action, act) {
    toast(text, action, act);
  }

  async #refused({ entry, problem, document: id }) {
    if (!entry) return void (id === this.canvas.state.document.id && this.canvas.sync.resync().catch(() => {})); // in another tab
    if (["nothing", "decided"].includes(problem.code)) this.say(problem.detail);
    if (entry.document !== this.canvas.state.document.id) return;
    await this.canvas.sync.resync().catch(() => {});
    if (problem.code === "stale") (await this.#dialogs).compareVersions(this, { ...entry, problem });
  }

  /** A form that ends the work waits until all of it has arrived. */
  async #hold(event) {
    const form = event.target;
    if (!form.matches("[data-needs-saved]") || form.dataset.ready) return;
    event.preventDefault();
    event.stopPropagation();
    const { submitter } = event;
    if (submitter) submitter.disabled = true;
    const arrived = (await this.outbox.settled(8000)) && !this.refused.length;
    // A form does not take a second submission while the event of the first is still on its way.
    await new Promise((resolve) => setTimeout(resolve));
    if (submitter) submitter.disabled = false;
    if (!arrived) {
      form.closest("dialog")?.close();
      return this.say(this.canvas.t("leave"));
    }
    form.dataset.ready = "1";
    form.requestSubmit(submitter);
  }

  /** The dialogs for what was refused; they come when something was. */
  get #dialogs() {
    return import("#annotator/refused.js");
  }
}

let toasting;

/** A short word at the bottom, with an act if there is one to offer. */
export function toast(text, action, act) {
  document.querySelector(".toast")?.remove();
  const shown = h("div", { class: "toast", role: "status" }, text);
  if (action) shown.append(h("button", { type: "button", onclick: () => (shown.remove(), act()) }, action));
  document.body.append(shown);
  clearTimeout(toasting);
  toasting = setTimeout(() => shown.remove(), 6000);
}
