/**
 * Where edits lie until the server has them: on the disk (IndexedDB, strict), which outlives the tab. What the disk does
 * not take (it is full, or the browser keeps nothing) lies in memory and is `fragile`: it lasts as long as the page.
 */

const PATIENCE = 4000; // ms; a browser that never says whether it opens the database keeps nothing

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("dalala-outbox", 1);
    request.onupgradeneeded = () => {
      const store = request.result.createObjectStore("edits", { keyPath: "seq", autoIncrement: true });
      store.createIndex("box", "box");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    setTimeout(reject, PATIENCE, new Error("no answer"));
  });
}

const result = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

const ended = (transaction) =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });

export class Disk {
  constructor() {
    this.held = []; // entries that only this page has
    this.broken = false; // the browser keeps nothing
    this.next = 0;
    this.#open();
    navigator.storage?.persist?.().catch(() => {});
  }

  #open() {
    this.ready = open().then(
      (db) => {
        db.onclose = () => this.#open(); // the browser gave it up
        return (this.db = db);
      },
      () => {
        this.broken = true;
        return null;
      },
    );
  }

  /** Whether something would be lost with the page, or anything that comes. */
  get fragile() {
    return this.broken || this.held.length > 0;
  }

  async #transaction(mode) {
    const db = await this.ready;
    if (!db) throw new Error("nothing is kept here");
    return db.transaction("edits", mode, { durability: "strict" });
  }

  /** What lies in a box, in order. */
  async entries(box) {
    const held = () => this.held.filter((entry) => entry.box === box);
    if (this.broken) return held();
    const transaction = await this.#transaction("readonly").catch(() => null);
    if (!transaction) return held();
    return [...(await result(transaction.objectStore("edits").index("box").getAll(box))), ...held()];
  }

  /** Keep entries; fulfilled when they are as safe as they can be. */
  async add(entries) {
    // Behind what only the page has, in order.
    if (!this.held.length && !this.broken) {
      try {
        const transaction = await this.#transaction("readwrite");
        const store = transaction.objectStore("edits");
        for (const entry of entries) store.add(entry);
        return await ended(transaction);
      } catch {
        // The disk is full, or gone: what follows keeps them here.
      }
    }
    for (const entry of entries) this.held.push({ ...entry, seq: `page-${this.next++}` });
  }

  /** Write an entry anew. */
  async put(entry) {
    const at = this.held.findIndex(({ seq }) => seq === entry.seq);
    if (at >= 0) return void (this.held[at] = entry);
    const transaction = await this.#transaction("readwrite");
    transaction.objectStore("edits").put(entry);
    await ended(transaction);
  }

  async delete(entries) {
    const gone = new Set(entries.map(({ seq }) => seq));
    const kept = entries.filter(({ seq }) => typeof seq === "number");
    this.held = this.held.filter(({ seq }) => !gone.has(seq));
    if (!kept.length) return;
    const transaction = await this.#transaction("readwrite");
    for (const { seq } of kept) transaction.objectStore("edits").delete(seq);
    await ended(transaction);
  }

  close() {
    this.ready.then((db) => db?.close());
  }
}
