/** Where a cursor may stop in a paragraph: words, letters that are only written together with a word, graphemes. */

const MARK = "[\\u064b-\\u0652\\u0670\\u0640]*";
const LETTER = /[\u0620-\u064a\u0671-\u06d3]/g;
const PROCLITICS = [new RegExp(`^[وف]${MARK}`), new RegExp(`^[بكلس]${MARK}`), new RegExp(`^ا${MARK}ل${MARK}`)];
const ENCLITIC = /(?:هما|كما|هم|هن|كم|كن|نا|ها|ه|ك|ي)$/;

const letters = (text) => (text.match(LETTER) ?? []).length;

/** Offsets inside a word behind its attached letters and before its suffix pronoun. Guesses, so only stops. */
export function cliticStops(word) {
  const stops = [];
  let at = 0;
  for (const [i, pattern] of PROCLITICS.entries()) {
    const found = pattern.exec(word.slice(at));
    if (!found || letters(word.slice(at + found[0].length)) < 2) continue;
    at += found[0].length;
    stops.push(at);
    // After the preposition lam the article loses its alif: لل|غرب.
    if (i === 1 && found[0][0] === "ل" && word[at] === "ل" && letters(word.slice(at + 1)) >= 2) stops.push(++at);
  }
  const suffix = ENCLITIC.exec(word);
  if (suffix && suffix.index > at && letters(word.slice(at, suffix.index)) >= 3) stops.push(suffix.index);
  return stops;
}

export class Segmenter {
  /** @param {string} language BCP 47 */
  constructor(language) {
    const locale = /^[a-z]{2,3}$/.test(language) && language !== "und" ? language : "ar";
    this.words = new Intl.Segmenter(locale, { granularity: "word" });
    this.graphemes = new Intl.Segmenter(locale, { granularity: "grapheme" });
    this.cache = new WeakMap();
  }

  /** [start, end] of each stretch of a paragraph, by unit: word, clitic or grapheme. */
  of(paragraph, unit) {
    const kept = this.cache.get(paragraph) ?? {};
    this.cache.set(paragraph, kept);
    return (kept[unit] ??= this.#cut(paragraph.node.data, unit));
  }

  #cut(text, unit) {
    if (unit === "grapheme") return [...this.graphemes.segment(text)].map((s) => [s.index, s.index + s.segment.length]);
    const out = [];
    for (const { segment, index, isWordLike } of this.words.segment(text)) {
      if (!isWordLike) continue;
      const cuts = unit === "clitic" ? cliticStops(segment) : [];
      const points = [0, ...cuts, segment.length];
      for (let i = 1; i < points.length; i++) out.push([index + points[i - 1], index + points[i]]);
    }
    return out;
  }
}
