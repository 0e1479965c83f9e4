"""What the rail of the workspace offers to mark with: a person's favourites first, then the other labels."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotator.web.keycaps import cap, first_press

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Tool:
    """A label, or a label with values of its attributes: then `choice` says which, as JSON. `key` is what the key shows."""

    label: Body
    name: str
    choice: str
    key: str


def rail(
    body: Body, favourites: Sequence[Body] | None, language: str, keys: Mapping[str, Any] | None = None
) -> list[Tool]:
    """The tools in the order in which static/annotator/favourites.js draws them too.

    Without own favourites the labels stand as in the codebook, with its keys; favourites lie on the digits 1 to 9.
    Those that the codebook does not know are left out. `keys` are the person's own: command -> presses.
    """
    own = keys or {}
    labels = {label["code"]: label for label in body["labels"]}
    if favourites is None:
        keyed = sorted((x for x in labels.values() if _digit(x)), key=lambda x: str(x["key"]))
        rest = [x for x in labels.values() if not _digit(x)]
        return [_plain(x, language, x.get("key") or "", own) for x in (*keyed, *rest)]
    tools = [tool for choice in favourites if (tool := _tool(labels, choice, language))]
    tools = [
        Tool(t.label, t.name, t.choice, cap(first_press(own, f"favourite_{i}", f"Digit{i}")) if i < 10 else "")
        for i, t in enumerate(tools, 1)
    ]
    plain = {tool.label["code"] for tool in tools if not tool.choice}
    left = {code: "" if _is_digit(x) else x.get("key") or "" for code, x in labels.items()}
    return tools + [_plain(x, language, left[code], own) for code, x in labels.items() if code not in plain]


def _is_digit(label: Body) -> bool:
    return str(label.get("key") or "").startswith("Digit")


def _digit(label: Body) -> bool:
    return _is_digit(label) and label["key"] != "Digit0"


def _name(thing: Body, language: str) -> str:
    names = thing.get("name") or {}
    return str(names.get(language) or next(iter(names.values()), thing.get("code", "")))


def _plain(label: Body, language: str, key: str, own: Mapping[str, Any]) -> Tool:
    return Tool(label, _name(label, language), "", cap(first_press(own, f"label_{label['code']}", key)))


def _tool(labels: Mapping[str, Body], choice: Body, language: str) -> Tool | None:
    label = labels.get(choice["label"])
    if label is None:
        return None
    attributes = {a["code"]: a for a in label.get("attributes", ())}
    names = [_name(label, language)]
    for code, value in choice["values"].items():
        attribute = attributes.get(code)
        if attribute is None:
            return None
        options = {o["code"]: o for o in attribute.get("options", ())}
        for one in value if isinstance(value, list) else [value]:
            known = attribute if one is True else options.get(one)
            if known is None:
                return None
            names.append(_name(known, language))
    written = json.dumps(choice, ensure_ascii=False) if choice["values"] else ""
    return Tool(label, " · ".join(names), written, "")
