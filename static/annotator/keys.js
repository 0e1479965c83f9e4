/** Keys by the place they have on the keyboard, so that they work on an Arabic layout too. */

const TYPING = "input:not([type=checkbox],[type=radio],[type=range]), textarea, select, [contenteditable]";

const COMMANDS = {
  KeyN: (c) => c.walk(1),
  KeyP: (c) => c.walk(-1),
  KeyA: (c) => c.acceptCurrent(),
  KeyC: (c) => c.correctCurrent(),
  KeyX: (c) => c.rejectCurrent(),
  KeyL: (c) => c.startLink(),
  KeyE: (c) => c.moveExtent(),
  Delete: (c) => c.removeSelected(),
  Backspace: (c) => c.removeSelected(),
  Enter: (c) => c.focusForm(),
};
const ALWAYS = new Set(["KeyN", "KeyP", "Enter"]);

export class Keys {
  constructor(canvas, labels, direction) {
    this.canvas = canvas;
    this.forward = direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    this.labels = new Map(labels.filter((label) => label.key).map((label) => [label.key, label.code]));
    this.listener = (event) => this.#press(event);
    document.addEventListener("keydown", this.listener);
  }

  #press(event) {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    const { canvas } = this;
    const typing = event.target.closest?.(TYPING);
    if (event.code === "Escape") {
      if (typing) canvas.focus();
      else canvas.giveUp();
      return;
    }
    if (typing) return;
    const control = event.ctrlKey || event.metaKey;
    if (this.#arrow(event, control) || this.#history(event, control)) return event.preventDefault();
    if (control || event.altKey) return;
    if (event.key === "?" || event.key === "؟") return canvas.help();
    const label = this.labels.get(event.code.replace("Numpad", "Digit"));
    const command = COMMANDS[event.code];
    const onControl = event.target.closest?.("button, a, summary");
    if (event.shiftKey || (event.code === "Enter" && onControl)) return;
    if (label && canvas.editable) canvas.useLabel(label);
    else if (command && (canvas.editable || ALWAYS.has(event.code))) command(canvas);
    else return;
    event.preventDefault();
  }

  #arrow(event, control) {
    if (!event.code.startsWith("Arrow")) return false;
    const here = document.activeElement;
    if (here !== document.body && here !== this.canvas) return false;
    const { selecting } = this.canvas;
    if (event.code === "ArrowUp" || event.code === "ArrowDown") selecting.paragraph(event.code === "ArrowUp" ? -1 : 1);
    else {
      const unit = event.altKey ? "clitic" : control ? "grapheme" : "word";
      selecting.move(event.code === this.forward ? 1 : -1, unit, event.shiftKey);
    }
    this.canvas.reveal(selecting.head ?? selecting.caret);
    return true;
  }

  #history(event, control) {
    if (!control || !this.canvas.editable) return false;
    if (event.code === "KeyZ") this.canvas.history(event.shiftKey ? "redo" : "undo");
    else if (event.code === "KeyY") this.canvas.history("redo");
    else return false;
    return true;
  }

  destroy() {
    document.removeEventListener("keydown", this.listener);
  }
}
