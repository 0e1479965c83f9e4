"""Keys as the page names them: where a command lies, by the person's own choice or as it comes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# The same as in static/annotator/caps.js; a test holds them together.
CAPS = {
    "Control": "Ctrl", "Shift": "⇧", "Space": "␣", "Delete": "Del", "Backspace": "⌫",
    "ArrowLeft": "←", "ArrowRight": "→", "ArrowUp": "↑", "ArrowDown": "↓",
    "BracketLeft": "[", "BracketRight": "]", "Comma": ",", "Period": ".", "Slash": "/", "Semicolon": ";", "Quote": "'",
    "Minus": "-", "Equal": "=", "Backquote": "`", "Backslash": "\\",
}  # fmt: skip
# The commands that templates name, on the first key that each comes with in static/annotator; a test holds them together.
KEYS = {
    "accept": "KeyA",
    "choose_label": "Space",
    "find": "Slash",
    "guide": "KeyH",
    "help": "?",
    "irrelevant": "Shift+KeyI",
    "link": "KeyL",
    "next_lacking": "KeyU",
    "next_suggestion": "KeyN",
    "put_aside": "Shift+KeyS",
    "same": "KeyF",
    "undo": "Control+KeyZ",
}


def first_press(own: Mapping[str, Any] | None, command: str, press: str = "") -> str:
    """The first key of a command: `own` are a person's, command -> presses; `press` is what a command not in KEYS comes with.

    Nothing where it has none.
    """
    return str(next(iter((own or {}).get(command, [KEYS.get(command, press)])), ""))


def cap(press: str) -> str:
    """What stands on the keys of a press: "Control+KeyZ" -> "Ctrl Z"."""
    return " ".join(CAPS.get(part, part.removeprefix("Digit").removeprefix("Key")) for part in press.split("+"))
