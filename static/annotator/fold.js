/** Words as they are compared, after the rules of analysis/text/normalise.py, and how well a query fits a name. */

const DROP = /[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u0300-\u036f\u200b-\u200f\u202a-\u202e\u2066-\u2069\u061c\ufeff\u00ad]/g;
const SAME = { ٱ: "ا", ى: "ي", ی: "ي", ة: "ه", ک: "ك", گ: "ك", پ: "ب", چ: "ج", ژ: "ز", ڤ: "ف" };
const SAMES = new RegExp(`[${Object.keys(SAME).join("")}]`, "g");

/** Diacritics, tatweel and case are gone, letters that people mix up are one, digits are ASCII. */
export function fold(text) {
  return text
    .normalize("NFKD") // takes hamza off its carrier and the accent off its letter
    .replace(DROP, "")
    .replace(SAMES, (letter) => SAME[letter])
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => digit.charCodeAt(0) & 15)
    .toLowerCase();
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
