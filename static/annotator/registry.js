/**
 * The actors that this page knows, found by any of their names as the server finds them, also offline; and the server's
 * answers where it can be reached.
 */

import { fetched } from "#annotator/dom.js";
import { fold } from "#annotator/fold.js";

const WARM = 1500; // ms after the page is there
const MOST = 8;
const WHOLE = 4; // ranks up to it are whole names
const ARTICLE = /(^|\s)ال(?=\p{L}{2})/gu;
const PRONOUNS = new Set(
  "هو هي هم هن هما ه ها نا نحن انا انت انتم ك كم ني ي it its itself he him his himself she her hers herself they them their theirs themselves we us our ours i my you your".split(" "),
);

/** A name as it is compared: folded, without articles. */
const bare = (text) => fold(text).replace(/[^\p{L}\p{N}]+/gu, " ").trim().replace(ARTICLE, "$1");

/** What words may mean without the letters that Arabic attaches to the first of them. */
function readings(words) {
  const found = new Set();
  const [, and, rest] = /^([وف]?)(.*)$/su.exec(fold(words).trim());
  for (const tail of and ? [rest, and + rest] : [rest]) {
    if (tail === rest && and && tail.length > 2) found.add(tail);
    if (/^لل/.test(tail) && tail.length > 4) found.add(`ال${tail.slice(2)}`);
    if (/^[بكلس]/.test(tail) && tail.length > 3) found.add(tail.slice(1));
  }
  return [...found].map(bare);
}

export class Registry {
  constructor(canvas) {
    this.canvas = canvas;
    this.more = new Map(); // id -> {names: [[form, role]], here, project} as the server counted them
    this.keys = new WeakMap(); // card -> [[name as compared, form, role]]
    if (canvas.state.urls.find_actors) this.timer = setTimeout(() => this.#warm(), WARM);
  }

  destroy() {
    clearTimeout(this.timer);
  }

  async #warm() {
    // The card is for offline, too.
    const [answer] = await Promise.all([this.#get(""), import("#annotator/actor-card.js").catch(() => {})]);
    for (const { names, here, project, ...card } of answer?.results ?? []) {
      this.learn(card);
      this.more.set(String(card.id), { names, here, project });
    }
  }

  #get(query) {
    return fetched(`${this.canvas.state.urls.find_actors}${query}`);
  }

  answered({ edits }) {
    this.meet(edits.flatMap((edit) => edit.spans));
  }

  /** Ask for the names of actors that marks from elsewhere point to, and show them. */
  async meet(marks) {
    const { panel, state, store } = this.canvas;
    const unknown = [...new Set(marks.map((mark) => mark.entity))].filter((id) => id && !store.entity(id));
    const cards = unknown.length && (await fetched(`${state.urls.cards}?ids=${unknown.join(",")}`));
    if (!cards) return;
    for (const id in cards) store.entities.set(id, cards[id]);
    panel.refresh();
  }

  /** Keep a card that came from the server. */
  learn({ id, key, kind, country, name }) {
    if (!this.canvas.store.entity(id)) this.canvas.store.entities.set(String(id), { id, key, kind, country, name });
  }

  /** What the server finds: {q, results}, or null where it cannot be reached. Its cards are known from then on. */
  async ask(q, label = "") {
    const answer = await this.#get(`?q=${encodeURIComponent(q)}&label=${encodeURIComponent(label)}`);
    for (const card of answer?.results ?? []) this.learn(card);
    return answer;
  }

  /** How often the marks of this page mention each actor. */
  counts() {
    const found = new Map();
    for (const span of this.canvas.store.spans.byId.values()) {
      if (span.entity) found.set(String(span.entity), (found.get(String(span.entity)) ?? 0) + 1);
    }
    return found;
  }

  #names(id, card) {
    const more = this.more.get(id)?.names;
    const kept = this.keys.get(card);
    if (kept && kept.more === more) return kept;
    const all = more ?? [...new Set(Object.values(card.name))].map((form) => [form, "CANONICAL"]);
    const keys = all.map(([form, role]) => [bare(form), form, role]);
    keys.more = more;
    this.keys.set(card, keys);
    return keys;
  }

  /** The known actors that words may mean, shaped and ordered as the server's answers. */
  find(q, label = "") {
    const whole = bare(q);
    if (!whole) return [];
    const under = readings(q);
    const counts = this.counts();
    const found = [];
    for (const [id, card] of this.canvas.store.entities) {
      let best = null;
      for (const [key, form, role] of this.#names(id, card)) {
        const rank = key === whole ? 1 : under.includes(key) ? 3 : key.startsWith(whole) ? 5 : key.includes(` ${whole}`) ? 7 : 0;
        const own = rank + (role === "CANONICAL" ? 0 : 1);
        if (rank && (!best || own < best.rank)) best = { rank: own, form, role };
      }
      if (!best) continue;
      found.push({
        ...card, id: Number(id), rank: best.rank, whole: best.rank <= WHOLE, here: counts.get(id) ?? 0, project: this.more.get(id)?.project ?? 0,
        matched: best.role === "CANONICAL" ? null : { form: best.form, role: best.role },
      });
    }
    const misfit = (one) => label !== "" && (one.kind === "PLACE") !== (label === "PLACE");
    return found.sort((a, b) => a.rank - b.rank || b.here - a.here || b.project - a.project || misfit(a) - misfit(b)).slice(0, MOST);
  }

  /** Whether a mark only points back to somebody. */
  isPronoun(span) {
    return span.attributes.mention === "PRO" || PRONOUNS.has(fold(this.canvas.store.quote(span)).trim());
  }

  /** The linked actors that come before a mark, the nearest first. */
  before(span, most = 3) {
    const { store } = this.canvas;
    const found = new Map();
    for (const other of store.spans.ordered().toReversed()) {
      if (found.size === most) break;
      if (other.from >= span.from || !other.entity || other.label !== span.label || found.has(other.entity)) continue;
      found.set(other.entity, { ...store.entity(other.entity), id: other.entity, quote: store.quote(other) });
    }
    return [...found.values()];
  }
}
