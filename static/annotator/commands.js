/**
 * Everything the person can do here by key: what it is called, on which keys it lies, whether it may be done now.
 * A key is written with the place it has on the keyboard ("KeyN", "Shift+KeyN", "Control+Alt+ArrowLeft"), so that it
 * works on an Arabic layout too; one that is known by what it types is written as that character ("?").
 */

/** How a key event is written in the registry; Command counts as Control, the number pad as the digits. */
export function pressOf(event) {
  const held = [(event.ctrlKey || event.metaKey) && "Control", event.altKey && "Alt", event.shiftKey && "Shift"].filter(Boolean);
  return [...held, event.code.replace(/^Numpad(?=\d)/, "Digit").replace("NumpadEnter", "Enter")].join("+");
}

export class Commands {
  constructor(canvas) {
    this.canvas = canvas;
    this.byId = new Map();
  }

  /**
   * @param {...{id: string, keys: string[], group: string, run: (canvas, event) => void, name?: string, writes?: boolean,
   *   inText?: boolean, once?: boolean, when?: (canvas) => boolean}} commands `name` in place of the message cmd_<id>; one
   *   that `writes` needs work that is open for changes; one `inText` needs the focus on the text or on nothing; one that
   *   acts `once` is not repeated while its key is held. Several may lie on one key: the last added that may be done now acts.
   */
  add(...commands) {
    for (const command of commands) this.byId.set(command.id, command);
    this.byPress = null;
  }

  remove(...ids) {
    for (const id of ids) this.byId.delete(id);
    this.byPress = null;
  }

  /** The person's own keys of a command, else those it comes with. */
  keysOf(command) {
    return this.canvas.preferences.keys?.[command.id] ?? command.keys;
  }

  /** Keys have been changed. */
  remapped() {
    this.byPress = null;
  }

  /** The commands on a press, the one with precedence first. */
  on(press) {
    if (!this.byPress) {
      this.byPress = new Map();
      for (const command of this.byId.values()) {
        for (const each of this.keysOf(command)) this.byPress.set(each, [command, ...(this.byPress.get(each) ?? [])]);
      }
    }
    return this.byPress.get(press) ?? [];
  }

  /** The command of a key event, null where there is none or it may not be done now. */
  of(event) {
    const inText = [document.body, this.canvas].includes(document.activeElement);
    const here = [...this.on(pressOf(event)), ...this.on(event.key)];
    return here.find((command) => (inText || !command.inText) && this.may(command)) ?? null;
  }

  may(command) {
    return (!command.writes || this.canvas.editable) && (command.when?.(this.canvas) ?? true);
  }

  run(id) {
    const command = this.byId.get(id);
    if (command && this.may(command)) command.run(this.canvas);
  }
}
