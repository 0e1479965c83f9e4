/**
 * Edits on their way. Each is on the disk (IndexedDB, strict) before it is sent, and leaves it only with the server's
 * answer; edit ids make a second sending harmless. One tab sends at a time; all tabs hear the answers.
 */

const BATCH = 50;
const LONGEST_WAIT = 60_000;
const CHANNEL = "dalala-outbox";

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("dalala-outbox", 1);
    request.onupgradeneeded = () => {
      const store = request.result.createObjectStore("edits", { keyPath: "seq", autoIncrement: true });
      store.createIndex("box", "box");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

const result = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/**
 * Events: "answer" {document, answer}; "refused" {entry, problem}; "state" {state, waiting, refused}, with state one of
 * saved, saving, waiting, offline, login.
 */
export class Outbox extends EventTarget {
  /** @param {{user: number, document: number, url: string, session: string, csrf: string}} options */
  constructor(options) {
    super();
    Object.assign(this, options);
    this.box = String(this.user);
    this.pending = 0; // put here and not answered, counted before the disk knows of it
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
    this.ready = open().then((db) => (this.db = db));
  }

  #store(mode) {
    return this.db.transaction("edits", mode, { durability: "strict" }).objectStore("edits");
  }

  async #entries(box = this.box) {
    await this.ready;
    return result(this.#store("readonly").index("box").getAll(box));
  }

  /** Edits of this document that a closed tab or a dead network left behind, in order. */
  async waiting() {
    const found = await this.#entries();
    this.pending = found.length;
    this.refused = await this.#entries(`${this.box}/refused`);
    this.#state();
    return found.filter((entry) => entry.document === this.document).map((entry) => entry.edit);
  }

  /**
   * Keep edits and send them. They are safe once the promise is fulfilled. With an undo come the ids of the waiting
   * edits that it is meant for: if they are refused it must not reach what lies behind them.
   */
  async put(edits, turnedBack) {
    this.pending += edits.length;
    this.#state();
    await this.ready;
    const transaction = this.db.transaction("edits", "readwrite", { durability: "strict" });
    const store = transaction.objectStore("edits");
    for (const edit of edits) store.add({ box: this.box, document: this.document, url: this.url, edit, turnedBack });
    await new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
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
      const entries = await this.#entries();
      this.pending = entries.length;
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
    const store = this.#store("readwrite");
    await Promise.all(entries.map((entry) => result(store.delete(entry.seq))));
    this.pending = Math.max(0, this.pending - entries.length);
  }

  async #refuse(entry, problem) {
    const undo = (await this.#entries()).find(({ turnedBack }) => turnedBack?.includes(entry.edit.id));
    if (undo) await this.#undoLess(undo, entry.edit.id);
    if (undo || ["nothing", "decided"].includes(problem.code)) await this.#forget([entry]);
    else {
      await result(this.#store("readwrite").put({ ...entry, box: `${this.box}/refused`, problem }));
      this.refused = await this.#entries(`${this.box}/refused`);
    }
    this.#state();
    this.dispatchEvent(new CustomEvent("refused", { detail: { entry, problem } }));
  }

  /** One of the edits that an undo is meant for never came to be. */
  async #undoLess(undo, id) {
    const turnedBack = undo.turnedBack.filter((one) => one !== id);
    if (turnedBack.length) await result(this.#store("readwrite").put({ ...undo, turnedBack }));
    else await this.#forget([undo]);
  }

  /** Send refused edits again. */
  async retry(entries) {
    const store = this.#store("readwrite");
    await Promise.all(entries.map(({ problem, ...entry }) => result(store.put({ ...entry, box: this.box }))));
    this.pending += entries.length;
    this.refused = await this.#entries(`${this.box}/refused`);
    await this.flush();
  }

  async discard(entries) {
    await this.#forget(entries);
    this.refused = await this.#entries(`${this.box}/refused`);
    this.pending = (await this.#entries()).length;
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
    this.dispatchEvent(new CustomEvent("answer", { detail }));
    this.channel.postMessage({ user: this.user, ...detail });
  }

  async #hear(message) {
    if (message.user !== this.user) return;
    this.dispatchEvent(new CustomEvent("answer", { detail: message }));
    this.pending = (await this.#entries()).length;
    this.#state();
  }

  #state() {
    let state = "saving";
    if (!this.pending) state = "saved";
    else if (this.loggedOut) state = "login";
    else if (!navigator.onLine) state = "offline";
    else if (this.tries) state = "waiting";
    this.dispatchEvent(new CustomEvent("state", { detail: { state, waiting: this.pending, refused: this.refused } }));
  }

  close() {
    this.closed = true;
    clearTimeout(this.timer);
    for (const name of ["online", "focus"]) removeEventListener(name, this.retryNow);
    removeEventListener("offline", this.goneOffline);
    this.channel.close();
    this.ready.then((db) => db.close());
  }
}
