/** Keys by the place they have on the keyboard, so that they work on an Arabic layout too. */

const TYPING = "input:not([type=checkbox],[type=radio],[type=range]), textarea, select, [contenteditable]";

const COMMANDS = {
  KeyN: (c) => c.picking.walk(1),
  KeyP: (c) => c.picking.walk(-1),
  KeyA: (c) => c.acts.acceptCurrent(),
  KeyC: (c) => c.acts.correctCurrent(),
  KeyX: (c) => c.acts.rejectCurrent(),
  KeyL: (c) => c.acts.startLink(),
  KeyE: (c) => c.acts.moveExtent(),
  Delete: (c) => c.acts.removeSelected(),
  Backspace: (c) => c.acts.removeSelected(),
  Enter: (c) => c.panel.focus(),
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
      else canvas.picking.giveUp();
      return;
    }
    if (typing) return;
    const control = event.ctrlKey || event.metaKey;
    if (this.#arrow(event, control) || this.#history(event, control)) return event.preventDefault();
    if (control || event.altKey) return;
    if (event.key === "?" || event.key === "؟") return canvas.panel.help();
    const label = this.labels.get(event.code.replace("Numpad", "Digit"));
    const command = COMMANDS[event.code];
    const onControl = event.target.closest?.("button, a, summary");
    if (event.shiftKey || (event.code === "Enter" && onControl)) return;
    if (label && canvas.editable) canvas.acts.useLabel(label);
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
    this.canvas.picking.reveal(selecting.head ?? selecting.caret);
    return true;
  }

  #history(event, control) {
    if (!control || !this.canvas.editable) return false;
    if (event.code === "KeyZ") this.canvas.acts.history(event.shiftKey ? "redo" : "undo");
    else if (event.code === "KeyY") this.canvas.acts.history("redo");
    else return false;
    return true;
  }

  destroy() {
    document.removeEventListener("keydown", this.listener);
  }
}
