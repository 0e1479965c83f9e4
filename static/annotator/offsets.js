/**
 * Offsets are code points in the data and UTF-16 units in the page; this is the way across. No DOM here.
 */

export class OffsetMap {
  /**
   * @param {string} text what is looked through for characters of two units
   * @param {number} units how long the text is, where nothing of it needs to be looked through
   */
  constructor(text, units = text.length) {
    const astral = [];
    if (/[\ud800-\udbff]/.test(text)) {
      for (let i = 0; i < text.length - 1; i++) {
        if ((text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) astral.push(i++);
      }
    }
    this.astral = Uint32Array.from(astral); // unit offsets of the characters that take two units
    this.length = units - astral.length; // code points
  }

  /** Units in front of a code point. */
  toUnits(point) {
    let low = 0;
    let high = this.astral.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.astral[middle] - middle < point) low = middle + 1;
      else high = middle;
    }
    return point + low;
  }

  /** Code points in front of a unit. Throws RangeError inside a character. */
  toPoints(unit) {
    let low = 0;
    let high = this.astral.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.astral[middle] < unit) low = middle + 1;
      else high = middle;
    }
    if (low && this.astral[low - 1] === unit - 1) throw new RangeError(`${unit} splits a character`);
    return unit - low;
  }
}

const TABLE = Int32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n;
});

/** A sum one byte on. It is handed through: kept in a closure, each of two million sums would be a number on the heap. */
const add = (sum, byte) => TABLE[(sum ^ byte) & 255] ^ (sum >>> 8);

/** CRC-32 over the UTF-16LE bytes of lines joined by line feeds: the server says the same of a text that arrived whole. */
export function checksum(lines) {
  let sum = -1;
  let before = 0; // lines
  for (const line of lines) {
    if (before++) sum = add(add(sum, 10), 0);
    for (let i = 0; i < line.length; i++) {
      const unit = line.charCodeAt(i);
      sum = add(add(sum, unit), unit >> 8);
    }
  }
  return ~sum >>> 0;
}
