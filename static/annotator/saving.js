/** Whether the work is safe, always in sight: the state of the outbox, what was refused, two versions of one mark. */

import { h, short, uuid } from "#annotator/dom.js";

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
      const text = canvas.t("rejected", { n: failed });
      words.push(h("button", { type: "button", class: "link", onclick: () => this.#list() }, text));
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
    if (problem.code === "stale") this.#compare({ ...entry, problem });
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

  // -- what was refused

  #list() {
    const { canvas, outbox } = this;
    const here = this.refused.filter((entry) => entry.document === canvas.state.document.id);
    const others = this.refused.filter((entry) => !here.includes(entry));
    const dialog = this.#dialog(canvas.t("rejected_title"));
    for (const entry of [...here, ...others]) {
      dialog.append(
        h(
          "article",
          { class: "refused" },
          h("p", {}, this.#what(entry.edit)),
          h("p", { class: "fault" }, reasons(entry.problem)),
          h(
            "div",
            { class: "actions" },
            entry.problem.code === "stale" && here.includes(entry)
              ? h("button", { type: "button", onclick: () => (dialog.close(), this.#compare(entry)) }, canvas.t("compare"))
              : h("button", { type: "button", onclick: this.#choice(dialog, () => outbox.retry([entry])) }, canvas.t("retry")),
            h("button", { type: "button", class: "quiet danger", onclick: this.#choice(dialog, () => outbox.discard([entry])) }, canvas.t("dismiss")),
          ),
        ),
      );
    }
    dialog.showModal();
  }

  #choice(dialog, work) {
    return async () => {
      dialog.close();
      await work();
      await this.canvas.sync.resync().catch(() => {});
    };
  }

  #what(edit) {
    const { canvas } = this;
    const span = canvas.store.spans.get(edit.span?.id);
    const label = edit.span?.label ?? span?.label;
    const quote = edit.span?.quote ?? (span && canvas.store.quote(span)) ?? "";
    const act = canvas.t(`op_${edit.op}`);
    return [act, label && canvas.name(canvas.store.labels.get(label)), quote && `“${short(quote, 60)}”`].filter(Boolean).join(" · ");
  }

  /** Somebody, or this person in another tab, changed the same mark: both versions, and a choice. */
  #compare(entry) {
    const { canvas, outbox } = this;
    const { current } = entry.problem;
    const mine = entry.edit.span ?? entry.edit.relation ?? {};
    const dialog = this.#dialog(canvas.t("stale_title"));
    const edit = { ...entry.edit, id: uuid(), base_version: current.version };
    dialog.append(
      h(
        "div",
        { class: "versions" },
        h("section", {}, h("h3", {}, canvas.t("mine")), this.#version(entry.edit.op.startsWith("delete") ? null : mine, current)),
        h("section", {}, h("h3", {}, canvas.t("theirs")), this.#version(current, current)),
      ),
      h(
        "div",
        { class: "actions" },
        h("button", { type: "button", onclick: this.#choice(dialog, () => outbox.discard([entry])) }, canvas.t("take_theirs")),
        h("button", { type: "button", class: "primary", onclick: this.#choice(dialog, () => outbox.retry([{ ...entry, edit }])) }, canvas.t("keep_mine")),
      ),
    );
    dialog.showModal();
  }

  #version(fields, current) {
    const { canvas } = this;
    if (!fields) return h("p", {}, canvas.t("removed"));
    const all = { ...current, ...fields };
    const label = canvas.store.labels.get(all.label) ?? canvas.store.relationTypes.get(all.type);
    const rows = Object.entries(all.attributes ?? {}).map(([code, value]) => {
      const attribute = label?.attributes?.find((a) => a.code === code);
      const words = [value].flat().map((v) => canvas.name(attribute?.options?.find((o) => o.code === v)) || (v.quote ?? String(v)));
      return [h("dt", {}, canvas.name(attribute) || code), h("dd", {}, words.join("، "))];
    });
    const entity = canvas.store.entity(all.entity);
    if (entity) rows.push([h("dt", {}, canvas.t("actor")), h("dd", {}, canvas.name(entity))]);
    if (all.note) rows.push([h("dt", {}, canvas.t("note")), h("dd", { dir: "auto" }, all.note)]);
    return [h("p", {}, h("b", {}, canvas.name(label)), all.quote && h("q", { dir: "auto" }, short(all.quote, 120))), h("dl", {}, rows)];
  }

  #dialog(title) {
    const close = h("button", { type: "button", class: "quiet", onclick: () => dialog.close() }, this.canvas.t("close"));
    const dialog = h("dialog", { class: "sheet-dialog", onclose: () => dialog.remove() }, h("header", {}, h("h2", {}, title), close));
    document.body.append(dialog);
    return dialog;
  }
}

function reasons(problem) {
  const why = Object.values(problem.errors ?? {}).flat();
  return why.length ? why.join(" ") : problem.detail;
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
