/** Going from one place to the next that says what is marked elsewhere already, and marking it the same way. */

import { short } from "#annotator/dom.js";
import { fold } from "#annotator/fold.js";

const LONGEST = 8; // words

export class Known {
  constructor(canvas) {
    this.canvas = canvas;
    canvas.commands.add(
      { id: "next_known", keys: ["KeyG"], group: "marking", writes: true, run: () => this.next() },
      { id: "mark_same", keys: ["KeyA"], group: "marking", writes: true, once: true, when: () => Boolean(this.#model), run: () => this.mark() },
    );
  }

  /** To the next unmarked place with the words of a mark, round the end. */
  next() {
    const { canvas } = this;
    const { selecting, store, t } = canvas;
    const found = this.#search(selecting.some ? selecting.to : selecting.caret) ?? this.#search(0);
    if (!found) return canvas.say(t("no_known"));
    this.found = found;
    canvas.cursor.go("take", found.from, found.to);
    const like = [store.labels.get(found.span.label), store.entity(found.span.entity)].filter(Boolean).map((thing) => canvas.name(thing)).join(" · ");
    canvas.saving.say(t("known_here", { text: short(canvas.paper.quote(found.from, found.to), 40), like }), t("cmd_mark_same"), () => this.mark());
  }

  /** The mark that the stretch is like; undefined where it is not the place that was gone to. */
  get #model() {
    const { selecting, store } = this.canvas;
    const { found } = this;
    return found && selecting.from === found.from && selecting.to === found.to ? store.spans.get(found.span.id) : undefined;
  }

  /** Mark the place with the label, the attributes and the actor of its model. */
  mark() {
    const model = this.#model;
    if (model) this.canvas.acts.mark(model.label, model.attributes, { entity: model.entity });
  }

  #words(index) {
    const { paper, selecting } = this.canvas;
    return selecting.stretches(index, "core").map(([from, to]) => ({ from, to, form: fold(paper.quote(from, to)).replace(/^ال/, "") }));
  }

  /** Whether only space stands between words that follow each other. */
  #close(words) {
    const { paper } = this.canvas;
    return words.every((word, i) => !i || !paper.quote(words[i - 1].to, word.from).trim());
  }

  /** What is marked, by its first word, the longest first. */
  #forms() {
    const forms = new Map();
    for (const span of this.canvas.store.spans.ordered()) {
      if (span.fragments || span.first !== span.last) continue;
      const words = this.#words(span.first).filter(({ from, to }) => span.from <= from && to <= span.to);
      if (!words.length || words.length > LONGEST || !this.#close(words)) continue;
      const list = forms.get(words[0].form) ?? [];
      list.push({ span, words: words.map(({ form }) => form) });
      forms.set(words[0].form, list.sort((a, b) => b.words.length - a.words.length));
    }
    return forms;
  }

  #search(from) {
    const { paper, store } = this.canvas;
    const forms = this.#forms();
    for (let index = paper.indexAt(from); index < paper.paragraphs.length; index++) {
      const all = this.#words(index);
      for (const [i, word] of all.entries()) {
        if (word.from < from) continue;
        for (const { span, words } of forms.get(word.form) ?? []) {
          const here = all.slice(i, i + words.length);
          if (here.length < words.length || !words.every((form, n) => here[n].form === form) || !this.#close(here)) continue;
          const to = here.at(-1).to;
          const marked = store.spans.in(index).some((other) => other.from < to && word.from < other.to && (other.label === span.label || other.to - other.from <= to - word.from));
          if (!marked) return { from: word.from, to, span };
        }
      }
    }
    return null;
  }
}
