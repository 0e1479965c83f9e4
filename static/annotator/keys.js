/** Listens to the keyboard, and the commands that come with the canvas itself. */

const TYPING = "input:not([type=checkbox],[type=radio],[type=range]), textarea, select, [contenteditable]";
const PRESSED = "button, a, summary, [role=option], [role=listbox], [role=checkbox], input"; // what Enter and Space act on
const IN_FORM = "[data-part=details] :is(button, input)"; // from there Escape goes back to the text

export class Keys {
  constructor(canvas) {
    this.canvas = canvas;
    canvas.commands.add(...ACTS, ...labelCommands(canvas));
    this.listener = (event) => this.#press(event);
    document.addEventListener("keydown", this.listener);
  }

  #press(event) {
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    const { canvas } = this;
    const typing = event.target.closest?.(TYPING);
    if (event.code === "Escape") {
      if (typing || event.target.closest?.(IN_FORM)) canvas.focus();
      else canvas.picking.giveUp();
      return;
    }
    if (typing || (["Enter", "NumpadEnter", "Space"].includes(event.code) && event.target.closest?.(PRESSED))) return;
    const command = canvas.commands.of(event);
    if (!command) return;
    event.preventDefault();
    if (!(event.repeat && command.once)) command.run(canvas, event);
  }

  destroy() {
    document.removeEventListener("keydown", this.listener);
  }
}

/** Labels on the keys of the codebook; the digits are for the person's favourites once there are any. */
export function labelCommands(canvas) {
  const { codebook, preferences, project } = canvas.state;
  const own = preferences?.favourites?.[project];
  return codebook.labels.map((label) => ({
    id: `label_${label.code}`,
    keys: label.key && !(own && label.key.startsWith("Digit")) ? [label.key] : [],
    group: "marking",
    name: canvas.name(label),
    writes: true,
    once: true,
    run: (c) => c.acts.useLabel(label.code),
  }));
}

const ACTS = [
  { id: "remove", once: true, keys: ["Delete", "Backspace"], group: "marking", writes: true, run: (c) => c.acts.removeSelected() },
  { id: "undo", keys: ["Control+KeyZ"], group: "other", writes: true, run: (c) => c.acts.history("undo") },
  { id: "redo", keys: ["Control+Shift+KeyZ", "Control+KeyY"], group: "other", writes: true, run: (c) => c.acts.history("redo") },
];
