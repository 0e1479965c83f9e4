/** Suggestions that come while the page is open: the text, the focus and the current one stay where they are. */

const WHILE_RUNNING = 1000; // ms between two questions; later ones come less often
const SLOWEST = 4000;
const AT_REST = 20_000;

export class Arriving {
  constructor(canvas, suggestions) {
    Object.assign(this, { canvas, suggestions });
    this.status = canvas.part("tagging");
    this.again = canvas.part("tag-again");
    this.pause = WHILE_RUNNING;
    const { signal } = canvas.listening;
    this.again?.addEventListener("click", () => this.#run(), { signal });
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.#follow(), { signal });
    addEventListener("online", () => this.#follow(), { signal });
    if (canvas.state.tagging) this.#follow();
    else if (this.wanted) this.#later(AT_REST);
  }

  /** Whether there is anything to wait for here. */
  get wanted() {
    return Boolean(this.canvas.part("suggestions"));
  }

  #later(wait) {
    clearTimeout(this.timer);
    if (!this.over) this.timer = setTimeout(() => this.#follow(), wait);
  }

  /** Ask how far the taggers are, and bring in what they have found. */
  async #follow() {
    const { canvas } = this;
    clearTimeout(this.timer);
    if (!this.wanted || document.visibilityState !== "visible") return; // asked when it is looked at again
    const response = await fetch(canvas.state.urls.tagging).catch(() => null);
    if (this.over) return;
    const now = response?.ok ? await response.json().catch(() => null) : null;
    if (now) {
      const { running, done, total } = now;
      if (running || this.running) this.#show(running ? (total > 1 ? canvas.t("tagging_n", { done, total }) : canvas.t("tagging")) : canvas.t("tagging_done"), running);
      this.running = running;
      const came = this.newest !== undefined && now.newest !== this.newest;
      if (came || (this.newest === undefined && canvas.state.tagging)) await this.fetch();
      this.newest = now.newest;
    }
    this.pause = this.running ? Math.min(SLOWEST, this.pause * 1.3) : WHILE_RUNNING;
    this.#later(this.running ? this.pause : AT_REST);
  }

  /** Bring in what is offered now, and let go of what a newer version of a tagger does not say any more. */
  async fetch() {
    const { canvas, suggestions } = this;
    const { outbox, picking, store } = canvas;
    if (suggestions.hidden) return;
    if (store.far) return canvas.sync.resync().catch(() => {});
    const [decided, open] = [new Set(store.decided.keys()), new Set(store.suggestions.byId.keys())];
    const response = await fetch(canvas.state.urls.offers).catch(() => null);
    const found = response?.ok ? await response.json().catch(() => null) : null;
    if (!found || this.over) return;
    if (outbox?.pending) return this.#later(WHILE_RUNNING); // the answer does not know what was decided meanwhile
    const rows = found.suggestions.filter(([id]) => decided.has(id) || !store.decided.has(id));
    const offered = new Set(rows.map(([id]) => id));
    const gone = [...open].filter((id) => !offered.has(id) && store.suggestions.get(id));
    for (const id in found.entities) store.entities.set(id, found.entities[id]);
    suggestions.same = found.same;
    const current = store.suggestions.get(picking.current);
    const added = store.offer(rows);
    if (current && gone.includes(current.id)) {
      const twin = store.suggestions.at(current.from).find((s) => s.id !== current.id && s.label === current.label && s.from === current.from && s.to === current.to);
      if (twin) picking.setCurrent(twin.id);
    }
    store.withdraw(gone);
    if (!added) return;
    canvas.say(canvas.t("arrived", { n: added }));
    if (suggestions.badge) suggestions.badge.dataset.new = `+${added}`;
    clearTimeout(this.fading);
    this.fading = setTimeout(() => delete suggestions.badge?.dataset.new, 8000);
  }

  async #run() {
    const { canvas } = this;
    this.again.disabled = true;
    const response = await fetch(canvas.state.urls.pretag, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": canvas.outbox?.csrf ?? canvas.state.csrf },
      body: JSON.stringify({ documents: [canvas.state.document.id] }),
    }).catch(() => null);
    const answer = await response?.json().catch(() => null);
    this.again.disabled = false;
    if (!response?.ok) return this.#show(answer?.detail ?? canvas.t("not_reached"), false);
    this.running = true;
    this.#follow();
  }

  #show(text, running) {
    if (this.again) this.again.hidden = running;
    if (!this.status) return;
    this.status.hidden = false;
    if (this.status.textContent !== text) this.status.textContent = text;
    this.status.toggleAttribute("data-running", running);
  }

  destroy() {
    this.over = true;
    clearTimeout(this.timer);
    clearTimeout(this.fading);
  }
}
