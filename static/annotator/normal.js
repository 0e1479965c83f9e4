/**
 * The normal form of a text, by the rules of analysis/text/normalise.py: diacritics, tatweel and invisible marks are out,
 * letters that people mix up are one, digits are ASCII, Latin letters are small and bare.
 */

const DROP = /[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u0300-\u036f\u200b-\u200f\u202a-\u202e\u2066-\u2069\u061c\ufeff\u00ad]/;
const MAP = { أ: "ا", إ: "ا", آ: "ا", ٱ: "ا", ى: "ي", ی: "ي", ئ: "ي", ؤ: "و", ة: "ه", ک: "ك", گ: "ك", پ: "ب", چ: "ج", ژ: "ز", ڤ: "ف" };
const ACCENTED = /[\u00c0-\u024f\u1e00-\u1eff]/;
const PRESENTED = /[\ufb50-\ufefc]/; // written forms and ligatures, such as ﻻ
const SLICE = 100_000; // units between two looks at the clock
const PATIENCE = 8; // ms that the page is held at a time

function letter(char) {
  if (DROP.test(char)) return "";
  if (PRESENTED.test(char)) return [...char.normalize("NFKC")].map((c) => (c === char ? "" : form(c))).join("") || char;
  if (MAP[char]) return MAP[char];
  const bare = ACCENTED.test(char) ? char.normalize("NFD")[0] : char;
  if (/\p{Nd}/u.test(bare)) return String(digit(bare.codePointAt(0)));
  const small = bare.toLowerCase();
  return [...small].length === 1 ? small : bare;
}

/** Digits of a script stand in a row, from 0 on; most begin at a multiple of 16, some 6 behind it. */
function digit(code) {
  const start = code & ~15;
  return (code - start - (/\p{Nd}/u.test(String.fromCodePoint(start)) ? 0 : 6)) % 10;
}

const known = new Array(0x10000); // the forms of the characters that were met, by code

function form(char) {
  return formOf(char.codePointAt(0));
}

function formOf(code) {
  return (known[code] ??= letter(String.fromCodePoint(code)));
}

/** What a query or a name is compared by. */
export const normal = (text) => Array.from(text, form).join("");

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
    const words = normal(query).split(/\s+/).filter(Boolean);
    if (!words.length) return [];
    const wanted = new RegExp(words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s+"), "g");
    return Array.from(this.text.matchAll(wanted), ({ index, 0: { length } }) => this.range(index, index + length));
  }
}
