/**
 * Everything the person can do here by key: what it is called, on which keys it lies, whether it may be done now.
 * A key is written with the place it has on the keyboard ("KeyN", "Shift+KeyN", "Control+Alt+ArrowLeft"), so that it
 * works on an Arabic layout too; one that is known by what it types is written as that character ("?").
 */

import { h } from "#annotator/dom.js";

const CAPS = {
  ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Delete: "Del", Backspace: "⌫", Control: "Ctrl", Shift: "⇧", Space: "␣",
  BracketLeft: "[", BracketRight: "]", Comma: ",", Period: ".", Slash: "/", Semicolon: ";", Quote: "'", Minus: "-", Equal: "=", Backquote: "`", Backslash: "\\",
};

export const GROUPS = ["marking", "suggestions", "relations", "moving", "reading", "talk", "other"];

/** How a key event is written in the registry; Command counts as Control, the number pad as the digits. */
export function pressOf(event) {
  const held = [(event.ctrlKey || event.metaKey) && "Control", event.altKey && "Alt", event.shiftKey && "Shift"].filter(Boolean);
  return [...held, event.code.replace(/^Numpad(?=\d)/, "Digit").replace("NumpadEnter", "Enter")].join("+");
}

/** What stands on the keys of a press: "Control+Shift+KeyZ" -> "Ctrl ⇧ Z". */
export function keycap(press) {
  return press.split("+").map((part) => CAPS[part] ?? part.replace(/^(Digit|Key)/, "")).join(" ");
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

  /** [group, its commands] in the order in which they are shown. */
  groups(commands = [...this.byId.values()]) {
    const found = Map.groupBy(commands, (command) => command.group);
    return GROUPS.filter((group) => found.has(group)).map((group) => [group, found.get(group)]);
  }

  name(command) {
    return command.name ?? this.canvas.t(`cmd_${command.id}`);
  }

  /** The person's own keys of a command, else those it comes with. */
  keysOf(command) {
    return this.canvas.preferences.keys?.[command.id] ?? command.keys;
  }

  #first(id) {
    const command = this.byId.get(id);
    return command && this.keysOf(command)[0];
  }

  /** The first key of a command as a <kbd>, hidden where it has none; caps.js keeps it up to date. */
  cap(id) {
    const press = this.#first(id);
    return h("kbd", { "data-cap": id, hidden: !press }, press ? keycap(press) : "");
  }

  /** What one presses for a command, to stand in a sentence: its first key, else its name for the list of commands. */
  key(id) {
    const press = this.#first(id);
    return press ? `\u2066${keycap(press)}\u2069` : this.canvas.t("named", { name: this.name(this.byId.get(id)) });
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
