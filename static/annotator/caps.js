/** Commands as the page names them: their keys, in a <kbd data-cap="command"> wherever one stands, and what they are called. */

import { h } from "#annotator/dom.js";

const CAPS = {
  ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Delete: "Del", Backspace: "⌫", Control: "Ctrl", Shift: "⇧", Space: "␣",
  BracketLeft: "[", BracketRight: "]", Comma: ",", Period: ".", Slash: "/", Semicolon: ";", Quote: "'", Minus: "-", Equal: "=", Backquote: "`", Backslash: "\\",
};

const GROUPS = ["marking", "suggestions", "relations", "moving", "reading", "talk", "other"];

/** What stands on the keys of a press: "Control+Shift+KeyZ" -> "Ctrl ⇧ Z". */
export function keycap(press) {
  return press.split("+").map((part) => CAPS[part] ?? part.replace(/^(Digit|Key)/, "")).join(" ");
}

export function nameOf(canvas, command) {
  return command.name ?? canvas.t(`cmd_${command.id}`);
}

/** Commands as [group, those of it], in the order in which they are shown. */
export function grouped(commands) {
  const found = Map.groupBy(commands, (command) => command.group);
  return GROUPS.filter((group) => found.has(group)).map((group) => [group, found.get(group)]);
}

function first({ commands }, id) {
  const command = commands.byId.get(id);
  return command && commands.keysOf(command)[0];
}

/** The first key of a command as a <kbd>, hidden where it has none. */
export function cap(canvas, id) {
  const press = first(canvas, id);
  return h("kbd", { "data-cap": id, hidden: !press }, press ? keycap(press) : "");
}

/** What one presses for a command, to stand in a sentence: its first key, else its name for the list of commands. */
export function inWords(canvas, id) {
  const press = first(canvas, id);
  return press ? `\u2066${keycap(press)}\u2069` : canvas.t("named", { name: nameOf(canvas, canvas.commands.byId.get(id)) });
}

/** Show them as they are now. */
export function refreshCaps(canvas) {
  for (const shown of document.querySelectorAll("[data-cap]")) {
    const now = cap(canvas, shown.dataset.cap);
    shown.hidden = now.hidden;
    shown.textContent = now.textContent;
  }
  const labels = [...(canvas.part("labels")?.querySelectorAll("kbd:not([hidden])") ?? [])];
  canvas.part("label-keys")?.replaceChildren(...labels.map((kbd) => kbd.cloneNode(true)));
}
