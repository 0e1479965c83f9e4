/**
 * How long the person is at work on this document: time counts while the page is in sight and something was done in it
 * within the last minute. Only one tab counts at a time. Stretches are kept until the server has them, each under an id of
 * its own, so that none is counted twice.
 */

import { post } from "#annotator/ask.js";
import { h, uuid } from "#annotator/dom.js";
import { prefer } from "#annotator/preferences.js";

const IDLE = 60_000; // without a sign of life the clock stops
const TICK = 1000;
const STRETCH = 30; // seconds that are sent at once
const WORTH = 5; // seconds that are worth a request when the page is left
const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart", "scroll"];

export class Timer {
  constructor(canvas) {
    this.canvas = canvas;
    const { set, time, urls, user } = canvas.state;
    if (!set.editable || !urls.time) return;
    this.url = urls.time;
    this.box = `dalala-time-${user}`;
    this.lock = `dalala-clock-${user}`;
    this.total = time ?? 0; // seconds the server knows of
    this.live = 0; // milliseconds that are in no stretch yet
    this.sign = this.last = performance.now();
    const { signal } = canvas.listening;
    for (const name of SIGNS) addEventListener(name, () => (this.sign = performance.now()), { signal, passive: true, capture: true });
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.#leave(), { signal });
    addEventListener("pagehide", () => this.#leave(), { signal });
    this.face = canvas.part("timer");
    this.face?.addEventListener("click", () => this.#toggle(), { signal });
    canvas.commands.add({ id: "toggle_timer", keys: [], group: "other", run: () => this.#toggle() });
    this.ticking = setInterval(() => this.#tick(), TICK);
    this.#draw();
    this.send();
  }

  destroy() {
    if (!this.url) return;
    clearInterval(this.ticking);
    this.#leave();
  }

  get active() {
    return document.visibilityState === "visible" && performance.now() - this.sign < IDLE;
  }

  #tick() {
    const now = performance.now();
    const passed = Math.min(now - this.last, 2 * TICK); // a sleeping computer does not work
    this.last = now;
    if (!this.active) return this.#release();
    if (!this.release) return this.#claim();
    this.live += passed;
    if (this.live >= STRETCH * 1000) this.send();
    this.#draw();
  }

  /** Be the one tab of this person that counts. Without locks every tab does, and the server cuts what overlaps. */
  #claim() {
    if (this.claiming) return;
    if (!navigator.locks) return void (this.release = () => {});
    this.claiming = true;
    const held = (lock) => {
      this.claiming = false;
      return lock && new Promise((done) => (this.release = done));
    };
    navigator.locks.request(this.lock, { ifAvailable: true }, held).catch(() => (this.claiming = false));
  }

  #release() {
    this.release?.();
    this.release = null;
  }

  /** What is too little for a request of its own waits on this device for the next page. */
  #leave() {
    this.#keep();
    if (this.waiting.reduce((sum, row) => sum + row.seconds, 0) >= WORTH) this.send({ keepalive: true });
    this.#release();
  }

  // -- keeping and sending

  get waiting() {
    try {
      return JSON.parse(localStorage.getItem(this.box)) ?? [];
    } catch {
      return this.memory ?? [];
    }
  }

  set waiting(rows) {
    this.memory = rows;
    try {
      localStorage.setItem(this.box, JSON.stringify(rows.slice(-400)));
    } catch {}
  }

  /** Put what has passed into a stretch. */
  #keep() {
    const seconds = Math.min(Math.floor(this.live / 1000), 120);
    if (!seconds) return;
    this.live -= seconds * 1000;
    this.waiting = [...this.waiting, { id: uuid(), url: this.url, seconds, end: Date.now() }];
  }

  /** Send what waits, of each document what belongs to it. */
  async send({ keepalive = false } = {}) {
    this.#keep();
    if (this.sending) return;
    this.sending = true;
    for (const url of new Set(this.waiting.map((row) => row.url))) await this.#sendOf(url, keepalive);
    this.sending = false;
    this.#draw();
  }

  async #sendOf(url, keepalive) {
    const mine = this.waiting.filter((row) => row.url === url);
    const stretches = mine.map(({ id, seconds: length, end }) => ({ id, seconds: length, ago: Math.max(0, Math.round((Date.now() - end) / 1000)) }));
    const { ok, status, body } = await post(this.canvas, url, { stretches: JSON.stringify(stretches) }, { keepalive });
    // What the server does not take today it will not take tomorrow; only a dead network or log-in is worth waiting for.
    if (!ok && ([0, 401, 403].includes(status) || status >= 500)) return;
    const sent = new Set(mine.map((row) => row.id));
    this.waiting = this.waiting.filter((row) => !sent.has(row.id));
    if (ok && url === this.url) this.total = body.seconds;
  }

  // -- showing

  #toggle() {
    prefer(this.canvas, "timer", this.canvas.preferences.timer === false ? null : false);
    this.#draw();
  }

  #draw() {
    const { canvas, face } = this;
    if (!face) return;
    const waiting = this.waiting.filter((row) => row.url === this.url).reduce((sum, row) => sum + row.seconds, 0);
    const minutes = Math.floor((this.total + waiting + this.live / 1000) / 60);
    const hidden = canvas.preferences.timer === false;
    const text = hidden ? "" : canvas.t("minutes", { n: minutes });
    if (this.drawn === text && this.paused === !this.active) return;
    this.drawn = text;
    this.paused = !this.active;
    face.hidden = false;
    face.toggleAttribute("data-paused", this.paused);
    face.title = canvas.t(hidden ? "timer_show" : "timer_hide");
    face.setAttribute("aria-label", hidden ? canvas.t("timer_show") : `${canvas.t("active_time")}: ${text}. ${canvas.t("timer_hide")}`);
    face.querySelector("[data-minutes]").replaceChildren(h("span", {}, text));
  }
}
