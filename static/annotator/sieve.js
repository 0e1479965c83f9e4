/** Which suggestions are certain enough to be seen: a threshold for all and for each label, with what it does. */

import { cap } from "#annotator/caps.js";
import { h } from "#annotator/dom.js";
import { prefer } from "#annotator/preferences.js";

const STEP = 0.05;

export class Sieve {
  constructor(canvas, suggestions) {
    Object.assign(this, { canvas, suggestions });
    this.root = h("div", { class: "threshold" });
  }

  /** How many the thresholds keep back. */
  below() {
    const { store } = this.canvas;
    return [...store.suggestions.byId.values()].filter((s) => !store.isCertain(s)).length;
  }

  draw() {
    const { canvas } = this;
    const { store, t } = canvas;
    if (!this.count) this.#build();
    const shown = this.suggestions.listed().length;
    this.root.hidden = !store.suggestions.size && !store.far;
    this.count.textContent = [t("shown", { n: shown }), this.below() && t("below", { n: this.below() })].filter(Boolean).join(" · ");
    this.right.textContent = this.#precision();
    this.layer.setAttribute("aria-pressed", store.layer);
    if (!this.accept) return;
    this.accept.disabled = !shown || !canvas.editable;
    this.accept.firstChild.data = t("accept_n", { n: shown });
  }

  #build() {
    const { canvas, suggestions } = this;
    const { state, store, t } = canvas;
    this.count = h("span", { class: "n", role: "status" });
    this.right = h("p", { class: "right-so-far" });
    this.layer = h("button", { type: "button", class: "toggle", onclick: () => suggestions.toggle() }, t("layer"), cap(canvas, "toggle_suggestions"));
    const accept = () => suggestions.deciding.acceptMany(suggestions.listed());
    this.accept = state.set.editable && h("button", { type: "button", class: "small", "data-act": "accept-all", onclick: accept }, "");
    const labels = [...store.labels.values()].filter((label) => [...store.suggestions.byId.values()].some((s) => s.label === label.code));
    const each = labels.map((label) => this.#slider(label.code, canvas.name(label)));
    const why = () => (canvas.picking.setCurrent(null), suggestions.explain());
    this.root.append(
      this.#slider("", t("threshold")),
      labels.length > 1 ? h("details", {}, h("summary", {}, t("by_label")), each) : "",
      this.right,
      h("div", { class: "row" }, this.count, h("span", { class: "grow" }), this.accept),
      h("div", { class: "row links" }, this.layer, h("span", { class: "grow" }), h("button", { type: "button", class: "link", onclick: why }, t("withheld")), state.urls.sweep && h("a", { href: state.urls.sweep }, t("sweep"))),
    );
    this.#ask();
  }

  /** A slider for all labels, "", or for one. */
  #slider(code, name) {
    const { canvas } = this;
    const { store } = canvas;
    const now = () => (code ? (store.thresholds[code] ?? store.threshold) : store.threshold);
    const value = h("output", { dir: "ltr" });
    const id = code ? `threshold-${code.toLowerCase()}` : "threshold";
    const slider = h("input", { type: "range", id, min: "0", max: "1", step: String(STEP) });
    const show = () => {
      slider.value = String(now());
      value.textContent = `≥ ${now().toFixed(2)}`;
    };
    const change = () => {
      if (code) store.thresholds = { ...store.thresholds, [code]: Number(slider.value) };
      else [store.threshold, store.thresholds] = [Number(slider.value), {}]; // one for all is one for all
      for (const each of this.shows) each();
      canvas.brush.repaint();
      this.suggestions.changed();
    };
    const keep = () => {
      prefer(canvas, "threshold", store.threshold);
      prefer(canvas, "thresholds", store.thresholds);
    };
    slider.addEventListener("input", change);
    slider.addEventListener("change", keep);
    (this.shows ??= []).push(show);
    show();
    return h("div", { class: "slide" }, h("label", { for: id }, name, " ", value), slider);
  }

  // -- how right they were

  async #ask() {
    const response = await fetch(`${this.canvas.state.urls.offers}precision/`).catch(() => null);
    if (!response?.ok) return;
    this.decided = (await response.json().catch(() => null))?.decided; // the log-in page is none
    this.suggestions.changed();
  }

  /** Of the decisions on suggestions as certain as those that are seen now, the share that was accepted as they were. */
  #precision() {
    const { store, t } = this.canvas;
    let [accepted, all] = [0, 0];
    for (const [, label, step, right, n] of this.decided ?? []) {
      if (step * STEP < (store.thresholds[label] ?? store.threshold) - 1e-9) continue;
      accepted += right;
      all += n;
    }
    return all ? t("precision", { share: `${Math.round((100 * accepted) / all)}%`, n: all }) : "";
  }
}
