/**
 * Words as they are compared, by the rules of analysis/text/normalise.py: diacritics, tatweel and invisible marks are out,
 * letters that people mix up are one, digits are ASCII, Latin letters are small and bare. And how well a query fits a name.
 */

const DROP = /[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u0300-\u036f\u200b-\u200f\u202a-\u202e\u2066-\u2069\u061c\ufeff\u00ad]/;
const MAP = { أ: "ا", إ: "ا", آ: "ا", ٱ: "ا", ى: "ي", ی: "ي", ئ: "ي", ؤ: "و", ة: "ه", ک: "ك", گ: "ك", پ: "ب", چ: "ج", ژ: "ز", ڤ: "ف" };
const ACCENTED = /[\u00c0-\u024f\u1e00-\u1eff]/;
const PRESENTED = /[\ufb50-\ufefc]/; // written forms and ligatures, such as ﻻ

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

/** What a character becomes, by its code point: nothing, a letter, or several. */
export function formOf(code) {
  return (known[code] ??= letter(String.fromCodePoint(code)));
}

const form = (char) => formOf(char.codePointAt(0));

/** What a query, a name or a text is compared by. */
export const fold = (text) => Array.from(text, form).join("");

/** Whether folded words begin with a folded start; signs and an article in front of them do not count. */
export function begins(words, start) {
  const at = Math.max(0, words.search(/[\p{L}\p{N}]/u));
  return words.startsWith(start, at) || words.startsWith(`ال${start}`, at);
}

/** How well one word of a query fits a folded text: whole, at its beginning, at that of a word, inside; 0 not at all. */
function fit(word, text) {
  if (text === word) return 6;
  if (text.startsWith(word) || text.startsWith(`ال${word}`)) return 5;
  const at = text.indexOf(word);
  if (at < 0) return 0;
  if (new RegExp(`(^|[^\\p{L}\\p{N}])[وبل]?(?:ال)?${word.replace(/[^\p{L}\p{N}]/gu, "\\$&")}`, "u").test(text)) return 4;
  return word.length > 1 ? 2 : 0;
}

/**
 * The items that a query fits, the best first; equal ones keep their order. Every word of the query must be found.
 * @param {(item) => {names: string[], more?: string[], bonus?: number}} about folded names, and folded words that count less
 */
export function search(items, query, about) {
  const words = fold(query).split(/\s+/).filter(Boolean).map((word) => [word, ...(/^ال../.test(word) ? [word.slice(2)] : [])]);
  if (!words.length) return [...items];
  const found = [];
  for (const item of items) {
    const { names, more = [], bonus = 0 } = about(item);
    let score = bonus;
    for (const forms of words) {
      const best = Math.max(0, ...forms.flatMap((word) => [...names.map((name) => fit(word, name)), ...more.map((text) => fit(word, text) / 5)]));
      score = best ? score + best : -Infinity;
    }
    if (score > -Infinity) found.push([score, item]);
  }
  return found.sort(([a], [b]) => b - a).map(([, item]) => item);
}
