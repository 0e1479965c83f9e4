/**
 * Offsets are code points in the data and UTF-16 units in the page; this is the way across. No DOM here.
 */

export class OffsetMap {
  /** @param {string} text */
  constructor(text) {
    const astral = [];
    if (/[\ud800-\udbff]/.test(text)) {
      for (let i = 0; i < text.length - 1; i++) {
        if ((text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) astral.push(i++);
      }
    }
    this.astral = Uint32Array.from(astral); // unit offsets of the characters that take two units
    this.length = text.length - astral.length; // code points
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

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1;
  return n >>> 0;
});

/** CRC-32 over the UTF-16LE bytes, eight hex digits: the server says the same of a text that arrived whole. */
export function checksum(text) {
  let sum = -1;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    sum = TABLE[(sum ^ unit) & 255] ^ (sum >>> 8);
    sum = TABLE[(sum ^ (unit >> 8)) & 255] ^ (sum >>> 8);
  }
  return (~sum >>> 0).toString(16).padStart(8, "0");
}
