/**
 * The marks of far stretches of a long text: fetched when they come near, or all of them for what needs all. What fails is
 * tried again; what a person waits for says how far it is.
 */

import { h } from "#annotator/dom.js";

const AHEAD = 2; // sections before and behind those that are painted
const TOGETHER = 8; // stretches in one request
const PATIENCE = 300; // ms until a wait is worth a word
const LONGEST_PAUSE = 20_000;

export class Far {
  constructor(canvas) {
    this.canvas = canvas;
    this.coming = new Map(); // stretch -> when it will have come
    const { brush, store } = canvas;
    store.fetchAll = (tell) => this.#all(tell);
    if (!store.far) return;
    brush.onNear = (section) => this.#near(section);
    for (const section of brush.near) this.#near(section);
  }

  #near(section) {
    const { map, paragraphs, sections } = this.canvas.paper;
    const first = sections[Math.max(0, section - AHEAD)].first;
    const last = paragraphs[sections[Math.min(sections.length - 1, section + AHEAD)].end - 1];
    this.need(map.toPoints(paragraphs[first].start), map.toPoints(last.start + last.length)).catch(() => {});
  }

  /** Have the marks between two code points here. Rejects when they cannot be had. */
  need(start, end) {
    const { far } = this.canvas.store;
    if (!far) return Promise.resolve();
    const wanted = [];
    for (let stretch = Math.floor(start / far.width); stretch * far.width <= end; stretch++) {
      if (!far.loaded.has(stretch)) wanted.push(stretch);
    }
    for (const run of runs(wanted.filter((stretch) => !this.coming.has(stretch)))) {
      const come = this.#fetch(run);
      for (const stretch of run) this.coming.set(stretch, come);
    }
    return Promise.all(wanted.map((stretch) => this.coming.get(stretch)));
  }

  async #fetch(run) {
    const { far } = this.canvas.store;
    try {
      const found = await this.ask(run[0] * far.width, (run.at(-1) + 1) * far.width);
      this.canvas.store.merge(found, run);
    } finally {
      for (const stretch of run) this.coming.delete(stretch);
      if (!this.coming.size) this.canvas.store.gone.clear();
    }
  }

  /** What the server has between two code points. Waits for the network; rejects when it is refused. */
  async ask(start, end) {
    const { canvas } = this;
    const { signal } = canvas.listening;
    for (let pause = 1000; ; pause = Math.min(LONGEST_PAUSE, pause * 2)) {
      signal.throwIfAborted();
      try {
        const response = await fetch(`${canvas.state.urls.marks}?from=${start}&to=${end}`, { signal });
        if (response.ok) {
          const found = await response.json(); // the log-in page is none
          this.#say(null);
          return found;
        }
        if (response.status < 500 && response.status !== 429) throw new DOMException(`${response.status}`, "NotAllowedError");
      } catch (problem) {
        if (signal.aborted || problem.name === "NotAllowedError") throw problem;
      }
      this.#say(canvas.t("marks_waiting"));
      await new Promise((resolve) => {
        setTimeout(resolve, pause);
        addEventListener("online", resolve, { once: true, signal });
      });
    }
  }

  async #all(tell = (share) => this.#say(this.canvas.t("marks_coming", { n: Math.round(share * 100) }))) {
    const { store } = this.canvas;
    const begun = performance.now();
    for (let all = 0, left; (left = this.#left()).length; ) {
      all ||= left.length;
      if (performance.now() - begun > PATIENCE) tell(1 - left.length / all);
      const [run] = runs(left);
      await this.need(run[0] * store.far.width, (run.at(-1) + 1) * store.far.width - 1);
      await new Promise((resolve) => setTimeout(resolve)); // what the person does comes between
    }
    this.#say(null);
    store.far = null;
  }

  /** Stretches in which something begins that has not come; what reaches into the others comes with them. */
  #left() {
    const { far } = this.canvas.store;
    if (!far) return [];
    const some = new Set([...Object.keys(far.spans), ...Object.keys(far.suggestions)].map(Number));
    return [...some].filter((stretch) => !far.loaded.has(stretch)).sort((a, b) => a - b);
  }

  /** For paper, which does not wait: what the page lacks, at once. */
  now() {
    const { far } = this.canvas.store;
    const left = this.#left();
    if (!left.length) return;
    const request = new XMLHttpRequest();
    request.open("GET", `${this.canvas.state.urls.marks}?from=${left[0] * far.width}&to=${(left.at(-1) + 1) * far.width}`, false);
    try {
      request.send();
      if (request.status === 200) this.canvas.store.merge(JSON.parse(request.responseText), left);
    } catch {
      this.#say(this.canvas.t("marks_waiting"));
    }
  }

  /** Ask the server what is true and put on top what it has not seen. */
  async resync() {
    const { outbox, state, store } = this.canvas;
    if (!state.set.editable) return;
    for (;;) {
      const heard = outbox?.heard;
      const found = await this.#again();
      const waiting = outbox ? await outbox.waiting() : [];
      // What was answered meanwhile is neither in what was fetched nor waiting: ask again.
      if (outbox?.heard === heard) return store.replace(found, waiting);
    }
  }

  /** Everything that is here already, anew. */
  async #again() {
    const { far } = this.canvas.store;
    if (!far) return this.ask(0, this.canvas.state.document.length);
    const found = { spans: [], relations: [], suggestions: [], entities: {} };
    for (const run of runs([...far.loaded].sort((a, b) => a - b), Infinity)) {
      const part = await this.ask(run[0] * far.width, (run.at(-1) + 1) * far.width);
      for (const kind of ["spans", "relations", "suggestions"]) found[kind].push(...part[kind]);
      Object.assign(found.entities, part.entities);
      found.counts = part.counts;
    }
    return found;
  }

  /** What reached a stretch that has not come brings it here; what went from one makes the counts wrong. */
  changed({ far, counts }) {
    for (const point of far) this.need(point, point).catch(() => {});
    if (counts && this.canvas.store.far) {
      this.ask(0, 0).then((found) => this.canvas.store.merge(found, [])).catch(() => {});
    }
  }

  #say(text) {
    if (!text) return this.shown?.remove();
    this.shown ??= h("p", { class: "fetching", role: "status" });
    if (this.shown.textContent !== text) this.shown.textContent = text;
    if (!this.shown.isConnected) this.canvas.before(this.shown);
  }

  destroy() {
    this.shown?.remove();
  }
}

/** Neighbouring numbers together, at most so many. */
function runs(numbers, most = TOGETHER) {
  const found = [];
  for (const n of numbers) {
    const run = found.at(-1);
    if (run && run.at(-1) === n - 1 && run.length < most) run.push(n);
    else found.push([n]);
  }
  return found;
}
