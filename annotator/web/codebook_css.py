"""The style sheet of a codebook: colours as custom properties, and one highlight rule a label and nesting lane.

Longhands only (WebKit ignores the shorthand inside ::highlight), never `color`, so that glyphs stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

LANES = 3
SURENESS = {"sug": 100, "mid": 70, "low": 45}  # how strongly a suggestion is underlined, in percent
_COLOR = re.compile(r"#[0-9a-f]{6}")
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_LINES = {"solid", "double", "dashed", "wavy"}
# What browsers know the form of the sheets by. What follows decides about each rule, so a new release of this file is one.
FORM = sha256(Path(__file__).read_bytes()).hexdigest()[:8]


def slug(code: str) -> str:
    """The name of a label in CSS. Raises ValueError for a code that is no plain name."""
    if not _CODE.fullmatch(code):
        raise ValueError(f"{code!r} cannot stand in a style sheet")
    return code.lower()


def codebook_css(body: Mapping[str, Any]) -> str:
    """The sheet for a codebook body. Raises ValueError for colours other than #rrggbb."""
    properties: list[str] = []
    rules: list[str] = []
    for label in body["labels"]:
        name = slug(label["code"])
        light, dark = label["color"]["light"], label["color"]["dark"]
        if not (_COLOR.fullmatch(light) and _COLOR.fullmatch(dark)):
            raise ValueError("colours are written as #rrggbb")
        line = label["line"] if label["line"] in _LINES else "solid"
        properties.append(f"--label-{name}:light-dark({light},{dark});")
        rules.append(f".label-{name}{{--c:var(--label-{name})}}")
        tint = 9 if line == "dashed" else 15
        marks = [f"::highlight(ac-{name}-{lane})" for lane in range(LANES)]
        rules += [
            f"{mark}{{background-color:color-mix(in srgb,var(--label-{name}) {tint}%,transparent);"
            f"{_underline(name, line, 7 + 6 * lane)}}}"
            for lane, mark in enumerate(marks)
        ]
        # Between the pieces of one mark runs a thin line in its lane.
        ties = [f"::highlight(ac-tie-{name}-{lane})" for lane in range(LANES)]
        rules += [
            f"{tie}{{background-color:transparent;{_underline(name, 'dotted', 7 + 6 * lane, thickness=1)}}}"
            for lane, tie in enumerate(ties)
        ]
        offers = [f"::highlight(ac-{step}-{name})" for step in SURENESS]
        rules += [
            f"{offer}{{background-color:transparent;{_underline(name, 'dotted', 7, strength)}}}"
            for offer, strength in zip(offers, SURENESS.values(), strict=True)
        ]
        # There all highlights would be one system block; the underline of each lane and label stays instead.
        plain = "{background-color:Canvas;color:CanvasText;text-decoration-color:CanvasText}"
        rules.append("@media(forced-colors:active){" + "".join(m + plain for m in (*marks, *ties, *offers)) + "}")
    return ":root{" + "".join(properties) + "}\n" + "\n".join(rules) + "\n"


def _underline(name: str, line: str, offset: int, strength: int = 100, thickness: int = 2) -> str:
    color = f"var(--label-{name})"
    if strength < 100:
        color = f"color-mix(in srgb,{color} {strength}%,transparent)"
    return (
        f"text-decoration-line:underline;text-decoration-style:{line};text-decoration-color:{color};"
        f"text-decoration-thickness:{thickness}px;text-underline-offset:{offset}px"
    )
