/** A text as it is compared, with the way back to where each letter came from. */

import { fold, formOf } from "#annotator/fold.js";

const SLICE = 100_000; // units between two looks at the clock
const PATIENCE = 8; // ms that the page is held at a time

/** A text with the way back: `text` is the normal form, `starts[i]` the unit of the source that its unit i came from. */
export class Normal {
  /** Make it without holding up the page, however long the text is. */
  static async of(source) {
    const made = new Normal(source);
    let at = 0;
    let since = performance.now();
    while (at < source.length) {
      at = made.#read(at, Math.min(source.length, at + SLICE));
      if (performance.now() - since < PATIENCE) continue;
      await new Promise((resolve) => setTimeout(resolve));
      since = performance.now();
    }
    made.text = made.parts.join("");
    delete made.parts;
    return made;
  }

  constructor(source) {
    this.source = source;
    this.parts = [];
    this.starts = new Uint32Array(source.length + 16);
    this.length = 0;
  }

  #read(from, to) {
    const { source } = this;
    let out = "";
    let at = from;
    while (at < to) {
      const code = source.codePointAt(at);
      const letters = formOf(code);
      if (letters.length === 1) this.#start(at);
      else for (let i = 0; i < letters.length; i++) this.#start(at);
      out += letters;
      at += code > 0xffff ? 2 : 1;
    }
    this.parts.push(out);
    return at;
  }

  #start(at) {
    if (this.length === this.starts.length) {
      const more = new Uint32Array(this.length * 2);
      more.set(this.starts);
      this.starts = more;
    }
    this.starts[this.length++] = at;
  }

  /** The stretch of the source behind normal [start, end), marks on its last letter included. */
  range(start, end) {
    const last = this.starts[end - 1];
    let next = end;
    while (next < this.length && this.starts[next] === last) next++;
    return [this.starts[start], next < this.length ? this.starts[next] : this.source.length];
  }

  /** Where a query stands, in the order of the text; between its words any space will do. */
  find(query) {
    const words = fold(query).split(/\s+/).filter(Boolean);
    if (!words.length) return [];
    const wanted = new RegExp(words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s+"), "g");
    return Array.from(this.text.matchAll(wanted), ({ index, 0: { length } }) => this.range(index, index + length));
  }
}
