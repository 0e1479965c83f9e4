/**
 * What marks got the last time, kept in this browser for each project: for a label, and for a label on the same words.
 * It is only ever offered; nothing is filled in unasked.
 */

import { short } from "#annotator/dom.js";
import { choiceOf, keyOf } from "#annotator/favourites.js";
import { fold } from "#annotator/fold.js";
import { isEmpty } from "#annotator/lacking.js";
import { fitting } from "#annotator/values.js";

const MOST = { words: 300, recent: 12 };
const TAKEN_OVER = new Set(["choice", "choices", "flag"]); // words and extents belong to one place

export class Last {
  constructor(canvas) {
    this.canvas = canvas;
    this.place = `dalala-last-${canvas.state.user}-${canvas.state.project ?? ""}`;
    this.kept = { labels: {}, words: {}, recent: [], ...this.#read() };
    this.asked = new Set();
    addEventListener("pagehide", () => this.timer && this.#keep(), { signal: canvas.listening.signal });
    canvas.commands.add({
      id: "same_as_last", keys: ["KeyR"], group: "marking", writes: true, once: true,
      when: () => Boolean(this.#selected && this.offer(this.#selected)),
      run: () => this.take(this.#selected),
    });
  }

  get #selected() {
    const { picking, store } = this.canvas;
    return store.spans.get(picking.selected);
  }

  #read() {
    try {
      return JSON.parse(localStorage.getItem(this.place));
    } catch {
      return null;
    }
  }

  #keep() {
    clearTimeout(this.timer);
    this.timer = null;
    try {
      localStorage.setItem(this.place, JSON.stringify(this.kept));
    } catch {
      // A full or forbidden storage only means that nothing is offered the next time.
    }
  }

  #on(span) {
    return `${span.label} ${fold(this.canvas.store.quote(span)).slice(0, 200)}`;
  }

  /** Choices made lately, the last one first. */
  get recent() {
    return this.kept.recent;
  }

  /** What a person has set of a mark, apart from what it began with. */
  #values(span) {
    const values = {};
    for (const attribute of this.canvas.store.labels.get(span.label)?.attributes ?? []) {
      const value = span.attributes[attribute.code];
      const own = JSON.stringify(value) !== JSON.stringify(attribute.default);
      if (TAKEN_OVER.has(attribute.type) && !isEmpty(value) && own) values[attribute.code] = value;
    }
    return values;
  }

  /** The mark that is worked on has other values now. */
  changed(touched) {
    const span = this.#selected;
    if (!span || !touched?.spans?.has(span.id) || !this.canvas.editable) return;
    const values = this.#values(span);
    if (!Object.keys(values).length && !span.entity) return;
    const { labels, recent, words } = this.kept;
    labels[span.label] = { values };
    const on = this.#on(span);
    delete words[on]; // to the end of the line
    words[on] = { values, entity: span.entity ?? null };
    for (const old of Object.keys(words).slice(0, -MOST.words)) delete words[old];
    const choice = choiceOf(this.canvas.store.labels.get(span.label), span);
    this.kept.recent = [choice, ...recent.filter((one) => keyOf(one) !== keyOf(choice))].slice(0, MOST.recent);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#keep(), 300);
  }

  /** What a mark without values could take over: {attributes?, entity?, values}, null where there is nothing. */
  offer(span) {
    const { store } = this.canvas;
    const label = store.labels.get(span.label);
    const found = this.kept.words[this.#on(span)] ?? this.kept.labels[span.label];
    if (!label || !found || Object.keys(this.#values(span)).length) return null;
    const known = (code, value) => {
      const attribute = label.attributes?.find((a) => a.code === code);
      return attribute && [value].flat().every((v) => v === true || attribute.options?.some((o) => o.code === v));
    };
    const values = Object.fromEntries(Object.entries(found.values).filter(([code, value]) => known(code, value)));
    const attributes = fitting(label, { ...span.attributes, ...values });
    const wanted = label.entity && !span.entity ? found.entity : null;
    const entity = store.entity(wanted) ? wanted : this.#learn(wanted);
    const same = JSON.stringify(Object.entries(attributes).sort()) === JSON.stringify(Object.entries(span.attributes).sort());
    if (same && !entity) return null;
    return { ...(!same && { attributes }), ...(entity && { entity }), values };
  }

  /** An actor that this document has not named yet: its name is asked for, then it is offered. */
  #learn(entity) {
    if (!entity || this.asked.has(entity)) return null;
    this.asked.add(entity);
    this.canvas.registry.meet([{ entity }]);
    return null;
  }

  take(span) {
    const { acts, store } = this.canvas;
    const offer = this.offer(span);
    if (!offer) return;
    const { values: _shown, ...fields } = offer;
    acts.commit([store.update(span.id, fields)]);
  }

  /** What is offered, in words. */
  words({ values, entity }) {
    const { canvas } = this;
    const label = canvas.store.labels.get(this.#selected?.label);
    const words = Object.entries(values).flatMap(([code, value]) => {
      const attribute = label?.attributes?.find((a) => a.code === code);
      return [value].flat().map((v) => (v === true ? canvas.name(attribute) : canvas.name(attribute?.options?.find((o) => o.code === v))));
    });
    if (entity) words.unshift(canvas.name(canvas.store.entity(entity)));
    return short(words.filter(Boolean).join(" · "), 90);
  }

  destroy() {
    clearTimeout(this.timer);
  }
}
