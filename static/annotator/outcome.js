/** How far the work on a document is, and ending it by key: submit, put aside, irrelevant. The forms are the page's own. */

export class Outcome {
  constructor(canvas) {
    this.canvas = canvas;
    const when = () => Boolean(document.querySelector("[data-outcomes]"));
    const open = (name) => () => this.open(name);
    canvas.commands.add(
      { id: "submit", keys: ["Control+Enter"], group: "other", writes: true, when: () => Boolean(this.form), run: () => this.form.requestSubmit(this.form.querySelector("button")) },
      { id: "put_aside", keys: ["Shift+KeyS"], group: "other", writes: true, when, run: open("put_aside") },
      { id: "irrelevant", keys: ["Shift+KeyI"], group: "other", writes: true, when, run: open("irrelevant") },
      { id: "give_back", keys: [], group: "other", writes: true, when: () => Boolean(document.querySelector('[data-outcome="decline"]')), run: open("decline") },
    );
    const { signal } = canvas.listening;
    document.addEventListener(
      "click",
      (event) => {
        const { open: name, reason } = event.target.closest?.("[data-open], [data-reason]")?.dataset ?? {};
        if (name) this.open(name);
        if (event.target.closest?.("[data-cancel]")) event.target.closest("dialog")?.close();
        if (reason) this.#take(event.target.closest("[data-outcome]"), reason);
      },
      { signal },
    );
  }

  /** The first edit turns "not started" into "in progress". */
  answered({ set: { state } }) {
    const { canvas } = this;
    if (!state || state === canvas.state.set.state) return;
    canvas.state.set.state = state;
    for (const shown of document.querySelectorAll('[data-part="state"]')) {
      shown.className = `state state-${state.toLowerCase()}`;
      shown.textContent = canvas.t(`state_${state}`);
    }
  }

  get form() {
    return document.querySelector("form[data-submit]");
  }

  open(name) {
    const dialog = document.querySelector(`dialog[data-outcome="${name}"]`);
    if (!dialog) return;
    for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
    dialog.showModal();
    dialog.querySelector("input, textarea")?.focus();
  }

  #take(dialog, reason) {
    const field = dialog.querySelector("[name=reason]");
    field.value = reason;
    field.focus();
  }
}
