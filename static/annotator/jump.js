/** Typing letters in a list goes to the next row that begins with them, as in every list of choices. */

import { begins, fold } from "#annotator/fold.js";

const MOMENT = 700; // ms between two letters of one word
const LETTERS = /^(?:\p{L}|[^\0-\x7f]{2})$/u; // some Arabic keys write two at once

export class Jump {
  constructor() {
    this.typed = "";
    this.last = -MOMENT;
  }

  /**
   * Whether a key event is for it: a letter; within a moment behind one whatever writes something, a space and the digits
   * too, so that no command comes in between.
   */
  hears(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
    const going = event.timeStamp - this.last < MOMENT;
    if (!going) this.typed = "";
    if (!LETTERS.test(event.key) && !(going && event.key.length === 1)) return false;
    this.typed += fold(event.key);
    this.last = event.timeStamp;
    return true;
  }

  /**
   * The place of the next row, behind `at` and round again, that begins with what was typed; one letter again and again
   * goes through its rows. -1 where there is none.
   * @param {string[]} rows folded words
   */
  to(rows, at) {
    const one = /^(.)\1*$/u.exec(this.typed);
    const start = one ? one[1] : this.typed;
    const from = one ? at + 1 : Math.max(0, at);
    const found = start ? [...rows.slice(from), ...rows.slice(0, from)].findIndex((words) => begins(words, start)) : -1;
    return found < 0 ? -1 : (found + from) % rows.length;
  }

  /** What comes now begins anew. */
  stop() {
    this.last = -MOMENT;
  }
}
