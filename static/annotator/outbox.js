/**
 * Edits on their way. Each is on the disk (disk.js) before it is sent, and leaves it only with the server's answer; edit
 * ids make a second sending harmless. One tab sends at a time; all tabs of a person hear what is done and answered.
 */

import { Disk } from "#annotator/disk.js";

const BATCH = 50;
const LONGEST_WAIT = 60_000;
const CHANNEL = "dalala-outbox";

/**
 * Events: "answer" {document, answer}; "elsewhere" {document, edits}, done in another tab and not answered; "refused"
 * {entry, problem}, and {document} for what another tab was refused; "state" {state, waiting, refused, fragile}, with state
 * one of saved, saving, waiting, offline, login.
 */
export class Outbox extends EventTarget {
  /** @param {{user: number, document: number, url: string, session: string, csrf: string}} options */
  constructor(options) {
    super();
    Object.assign(this, options);
    this.box = String(this.user);
    this.pending = 0; // put here and not answered, counted before the disk knows of it
    this.mine = new Map(); // edit id -> entry, put by this page and not answered
    this.heard = 0; // answers until now
    this.answered = new Set(); // edit ids: another tab may tell of its edit after the answer to it has come
    this.refused = [];
    this.tries = 0;
    this.single = 0; // sends that go one by one, to find the edit that a whole batch was refused for
    this.loggedOut = false;
    this.closed = false;
    this.channel = new BroadcastChannel(CHANNEL);
    this.channel.onmessage = ({ data }) => this.#hear(data);
    this.retryNow = () => {
      if (document.visibilityState !== "visible" || (!this.pending && !this.loggedOut)) return;
      this.tries = 0;
      this.flush();
    };
    for (const name of ["online", "focus"]) addEventListener(name, this.retryNow);
    this.goneOffline = () => this.#state();
    addEventListener("offline", this.goneOffline);
    this.disk = new Disk();
    this.disk.ready.then(() => this.disk.broken && this.#state());
  }

  #entries(box = this.box) {
    return this.disk.entries(box);
  }

  /** All that is not answered; what has no `seq` is still on its way to the disk. */
  async #all() {
    const found = await this.#entries();
    const known = new Set(found.map(({ edit }) => edit.id));
    found.push(...[...this.mine.values()].filter(({ edit }) => !known.has(edit.id)));
    this.pending = found.length;
    return found;
  }

  async #reread() {
    this.refused = await this.#entries(`${this.box}/refused`);
  }

  /** Edits of this document that the server has not answered, in order: of this page, of closed tabs, of a dead network. */
  async waiting() {
    await this.#reread();
    const found = await this.#all();
    this.#state();
    return found.filter((entry) => entry.document === this.document).map((entry) => entry.edit);
  }

  /**
   * Keep edits and send them. They are safe once the promise is fulfilled. With an undo come the ids of the waiting
   * edits that it is meant for: if they are refused it must not reach what lies behind them. A page about several
   * documents names the one.
   */
  async put(edits, turnedBack, { document, url } = this) {
    this.pending += edits.length;
    const entries = edits.map((edit) => ({ box: this.box, document, url, edit, turnedBack }));
    for (const entry of entries) this.mine.set(entry.edit.id, entry);
    this.#state();
    this.#tell({ document, edits });
    await this.disk.add(entries);
    if (this.disk.fragile) this.#state();
    this.flush();
  }

  flush() {
    clearTimeout(this.timer);
    if (this.flushing) {
      this.again = true;
      return this.flushing;
    }
    this.flushing = this.#locked(() => this.#sendAll())
      .catch(() => this.#later())
      .finally(() => {
        this.flushing = null;
        if (this.again && !this.timer && !this.closed) this.flush();
        this.again = false;
      });
    return this.flushing;
  }

  #locked(work) {
    // Locks are missing on plain http; there the ids alone keep two tabs from doing anything twice.
    return navigator.locks ? navigator.locks.request(`${CHANNEL}-${this.box}`, work) : work();
  }

  async #sendAll() {
    this.timer = null;
    while (!this.closed) {
      const entries = (await this.#all()).filter(({ seq }) => seq);
      if (!entries.length) break;
      const size = this.single > 0 ? 1 : BATCH;
      const others = entries.findIndex((entry) => entry.url !== entries[0].url);
      const batch = entries.slice(0, Math.min(size, others < 0 ? size : others));
      if (!(await this.#send(batch))) return;
      this.single = Math.max(0, this.single - 1);
    }
    this.tries = 0;
    this.#state();
  }

  /** Returns whether to go on with the next ones. */
  async #send(batch) {
    const body = JSON.stringify({ edits: batch.map((entry) => entry.edit) });
    let response, answer;
    try {
      response = await fetch(batch[0].url, {
        method: "POST",
        body,
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.csrf },
        signal: AbortSignal.timeout(30_000),
        keepalive: body.length < 30_000,
      });
      answer = await response.json();
    } catch {
      return this.#later();
    }
    if (response.ok) {
      await this.#forget(batch);
      this.loggedOut = false;
      this.tries = 0;
      this.#answer({ document: batch[0].document, answer });
      return true;
    }
    if (response.status === 401 || (response.status === 403 && answer.code === "csrf")) {
      const known = this.csrf;
      if ((await this.#renew()) && this.csrf !== known) return true;
      this.loggedOut = true;
      return this.#later(15_000);
    }
    if (response.status >= 500 || response.status === 408 || response.status === 429) return this.#later();
    if (batch.length > 1) {
      this.single = batch.length + 1;
      return true;
    }
    await this.#refuse(batch[0], answer);
    return true;
  }

  /** Ask for the token of the session that is open now; false when it is nobody's or another person's. */
  async #renew() {
    try {
      const response = await fetch(this.session, { headers: { Accept: "application/json" } });
      const { user, csrf } = await response.json();
      if (user !== this.user) return false;
      this.csrf = csrf;
      return true;
    } catch {
      return false;
    }
  }

  #later(least = 0) {
    this.tries++;
    const wait = Math.max(least, Math.min(LONGEST_WAIT, 500 * 2 ** this.tries) * (0.5 + Math.random() / 2));
    clearTimeout(this.timer);
    if (!this.closed) this.timer = setTimeout(() => this.flush(), wait);
    this.#state();
    return false;
  }

  async #forget(entries) {
    for (const { edit } of entries) this.mine.delete(edit.id);
    await this.disk.delete(entries);
    this.pending = Math.max(0, this.pending - entries.length);
  }

  async #refuse(entry, problem) {
    const undo = (await this.#entries()).find(({ turnedBack }) => turnedBack?.includes(entry.edit.id));
    if (undo) await this.#undoLess(undo, entry.edit.id);
    if (undo || ["nothing", "decided"].includes(problem.code)) await this.#forget([entry]);
    else {
      this.mine.delete(entry.edit.id);
      await this.disk.put({ ...entry, box: `${this.box}/refused`, problem });
      await this.#reread();
    }
    this.#state();
    this.dispatchEvent(new CustomEvent("refused", { detail: { entry, problem } }));
    this.#tell({ document: entry.document, refused: true });
  }

  /** One of the edits that an undo is meant for never came to be. */
  async #undoLess(undo, id) {
    const turnedBack = undo.turnedBack.filter((one) => one !== id);
    if (turnedBack.length) await this.disk.put({ ...undo, turnedBack });
    else await this.#forget([undo]);
  }

  /** Send refused edits again. */
  async retry(entries) {
    for (const { problem, ...entry } of entries) await this.disk.put({ ...entry, box: this.box });
    this.pending += entries.length;
    await this.#reread();
    await this.flush();
  }

  async discard(entries) {
    await this.#forget(entries);
    await this.#reread();
    await this.#all();
    this.#state();
  }

  /** Whether everything arrived within some time. */
  async settled(milliseconds) {
    const end = performance.now() + milliseconds;
    this.retryNow();
    while (this.pending && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 30));
    return this.pending === 0;
  }

  /** Whether an answer may be long in coming. */
  get stuck() {
    return this.loggedOut || this.tries > 0 || !navigator.onLine;
  }

  #answer(detail) {
    this.#note(detail.answer);
    this.dispatchEvent(new CustomEvent("answer", { detail }));
    this.#tell(detail);
  }

  #note(answer) {
    this.heard++;
    for (const { id } of answer.edits) {
      this.mine.delete(id);
      this.answered.add(id);
    }
  }

  #tell(message) {
    this.channel.postMessage({ user: this.user, ...message });
  }

  /** What another tab of this person did. */
  async #hear(message) {
    if (message.user !== this.user) return;
    const { answer } = message;
    if (answer) this.#note(answer);
    const edits = message.edits?.filter(({ id }) => !this.answered.has(id));
    if (edits && !edits.length) return;
    const event = answer ? "answer" : edits ? "elsewhere" : "refused";
    this.dispatchEvent(new CustomEvent(event, { detail: { ...message, edits } }));
    if (edits) this.pending += edits.length; // until the disk says
    else {
      await this.#reread();
      await this.#all();
    }
    this.#state();
  }

  #state() {
    let state = "saving";
    if (!this.pending) state = "saved";
    else if (this.loggedOut) state = "login";
    else if (!navigator.onLine) state = "offline";
    else if (this.tries) state = "waiting";
    this.dispatchEvent(new CustomEvent("state", { detail: { state, waiting: this.pending, refused: this.refused, fragile: this.disk.fragile } }));
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    for (const name of ["online", "focus"]) removeEventListener(name, this.retryNow);
    removeEventListener("offline", this.goneOffline);
    this.channel.close();
    this.disk.close();
  }
}
