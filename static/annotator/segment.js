/** Where a cursor may stop in a paragraph: sentences, clauses, words, letters that are only written together with a word, graphemes. */

const MARK = "[\\u064b-\\u0652\\u0670\\u0640]*";
const MARKS = new RegExp(MARK.slice(0, -1), "g");
const LETTER = /[\u0620-\u064a\u0671-\u06d3]/g;
const PROCLITICS = [new RegExp(`^[وف]${MARK}`), new RegExp(`^[بكلس]${MARK}`), new RegExp(`^ا${MARK}ل${MARK}`)];
const [CONJUNCTION, PREPOSITION, ARTICLE] = PROCLITICS;
const ENCLITIC = /(?:هما|كما|هم|هن|كم|كن|نا|ها|ه|ك|ي)$/;
const POSSESSIVE = /['’]s$/i;
// Nearly every waw before a word is the conjunction; these have one of their own.
const OWN_WAW = new RegExp(
  `^و(?:${
    "زير زراء زار فد فود فا فق كال كيل كلاء اشنطن قع قف قت قائع قود قوع قوف صل صول صف صاي صي افق اجه اصل اقع احد اسع اضح ارد الد الي اجب" +
    " جه جد جود جوه جب سط سائل سيل سيط ساط سائط سام حد حيد رق رش رد ثيق ثائق ثق ضع ضح ضوح لاي لد ليد لي لاد عد عود عي طن ظيف ظائف تير باء بائ" +
    " راء هم هن داع ديع دي ئام شيك زع زن فر فير لج شك صم حش رث ريث راث رط شائج عر سم خيم لاء"
  }`.replaceAll(" ", "|") + ")(?:[اتةيه]|وا|ات|ان|ين|ون|تين|تان|ية|يا|ها|هم|نا|ته|تها|تهم|اته|اتها|اتهم|ائها|ائه)?$",
);

const letters = (text) => (text.match(LETTER) ?? []).length;
const bare = (text) => text.replace(MARKS, "");

/** Offsets inside a word behind the letters attached to its beginning. Guesses, so only stops. */
function beginnings(word) {
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
  return stops;
}

/** The offset in front of a pronoun at the end of a word, or of an English 's. */
function endings(word) {
  const at = beginnings(word).at(-1) ?? 0;
  const suffix = ENCLITIC.exec(word);
  const found = suffix && letters(word.slice(at, suffix.index)) >= 3 ? suffix : POSSESSIVE.exec(word);
  return found ? [found.index] : [];
}

/** Where a word may be cut, by the unit that stops there: a mark begins behind a conjunction and ends before a pronoun. */
const CUTS = {
  word: () => [],
  beginning: beginnings,
  ending: endings,
  clitic: (word) => [...beginnings(word), ...endings(word)],
};

/**
 * [start, end] of a word without the letters that are surely only attached to it, as guidelines want a mark: و|السعودية,
 * ب|روسيا, Russia|'s; the article and a pronoun at the end stay, and so does a lam that has merged with the article.
 * @param {(form: string) => boolean} known whether a form stands as a word of its own in the text
 */
export function core(word, known) {
  const end = POSSESSIVE.exec(word)?.index ?? word.length;
  let start = 0;
  for (const pattern of [CONJUNCTION, PREPOSITION]) {
    const found = pattern.exec(word.slice(start, end))?.[0];
    if (!found) continue;
    const rest = word.slice(start + found.length, end);
    if (letters(rest) < 3) continue;
    const article = ARTICLE.exec(rest)?.[0];
    const joined = article && letters(rest.slice(article.length)) >= 3;
    if (found[0] === "و" ? !OWN_WAW.test(bare(word)) : joined || known(bare(rest))) start += found.length;
  }
  return [start, end];
}

export class Segmenter {
  /**
   * @param {string} language BCP 47
   * @param {{text: string}} paper of which all may be asked for
   */
  constructor(language, paper) {
    const locale = /^[a-z]{2,3}$/.test(language) && language !== "und" ? language : "ar";
    this.paper = paper;
    this.words = new Intl.Segmenter(locale, { granularity: "word" });
    this.graphemes = new Intl.Segmenter(locale, { granularity: "grapheme" });
    this.sentences = new Intl.Segmenter(locale, { granularity: "sentence" });
    this.cache = new WeakMap();
  }

  /** [start, end] of each stretch of a paragraph, by unit: word, its core, beginning, ending or clitics, grapheme, sentence, clause, paragraph. */
  of(paragraph, unit) {
    const kept = this.cache.get(paragraph) ?? {};
    this.cache.set(paragraph, kept);
    return (kept[unit] ??= this.#cut(paragraph.node.data, unit));
  }

  #cut(text, unit) {
    if (unit === "grapheme") return [...this.graphemes.segment(text)].map((s) => [s.index, s.index + s.segment.length]);
    if (unit === "sentence") return trimmed([...this.sentences.segment(text)].map((s) => [s.index, s.index + s.segment.length]), text);
    if (unit === "clause") return trimmed(clauses(text), text);
    if (unit === "paragraph") return trimmed([[0, text.length]], text);
    const out = [];
    for (const { segment, index, isWordLike } of this.words.segment(text)) {
      if (!isWordLike) continue;
      if (unit === "core") {
        const [start, end] = core(segment, (form) => this.#known(form));
        out.push([index + start, index + end]);
        continue;
      }
      const points = [0, ...CUTS[unit](segment), segment.length];
      for (let i = 1; i < points.length; i++) out.push([index + points[i - 1], index + points[i]]);
    }
    return out;
  }

  /** Whether the text has the form as a word of its own, with or without the article. */
  #known(form) {
    if (!this.forms) {
      this.forms = new Set();
      for (const word of bare(this.paper.text).match(/[\u0620-\u06d3]+/g) ?? []) this.forms.add(word).add(word.replace(/^ال/, ""));
    }
    return this.forms.has(form);
  }
}

const STOP = /[،؛,;:.!؟?…—–()«»"“”[\]]+/g;

/** What lies between marks of punctuation, except those inside a number. */
function clauses(text) {
  const out = [];
  let start = 0;
  for (const { index, 0: stop } of text.matchAll(STOP)) {
    if (/\p{Nd}/u.test(text[index - 1]) && /\p{Nd}/u.test(text[index + stop.length])) continue;
    out.push([start, index]);
    start = index + stop.length;
  }
  return [...out, [start, text.length]];
}

const OUTSIDE = /[\s.!؟?…]/;

/** Without space around and without the final stop; what is then empty is left out. */
function trimmed(stretches, text) {
  for (const stretch of stretches) {
    while (stretch[0] < stretch[1] && /\s/.test(text[stretch[0]])) stretch[0]++;
    while (stretch[0] < stretch[1] && OUTSIDE.test(text[stretch[1] - 1])) stretch[1]--;
  }
  return stretches.filter(([start, end]) => start < end);
}
