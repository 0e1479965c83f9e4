"""The style sheet of a codebook: colours and lines as custom properties, one highlight rule a label and nesting lane.

Longhands only (WebKit ignores the shorthand inside ::highlight), never `color`, so that glyphs stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

LANES = 3
SURENESS = {"sug": 100, "mid": 70, "low": 45}  # how strongly a suggestion is underlined, in percent
# How thick a line is, in px, for the first label that has it and for the second: what is low grows, what is high gets
# finer, so that none reaches into the lane below. Dots are for suggestions.
LINES = {"solid": (2, 4), "double": (2, 1), "dashed": (2, 4), "wavy": (2, 1)}
_COLOR = re.compile(r"#[0-9a-f]{6}")
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
# What browsers know the form of the sheets by. What follows decides about each rule, so a new release of this file is one.
FORM = sha256(Path(__file__).read_bytes()).hexdigest()[:8]


def slug(code: str) -> str:
    """The name of a label in CSS. Raises ValueError for a code that is no plain name."""
    if not _CODE.fullmatch(code):
        raise ValueError(f"{code!r} cannot stand in a style sheet")
    return code.lower()


def strokes(lines: Iterable[str]) -> list[tuple[str, int]]:
    """The line and the thickness in px of each label, whose own lines are given in order.

    No two of the first eight are the same: the second label with a line has it in another thickness, and further ones
    have what no label asks for. An unknown line is a solid one.
    """
    wanted = [line if line in LINES else "solid" for line in lines]
    free = [(line, LINES[line][turn]) for turn in range(2) for line in LINES]
    own: list[tuple[str, int] | None] = []
    for line in wanted:
        stroke = next((one for one in free if one[0] == line), None)
        if stroke:
            free.remove(stroke)
        own.append(stroke)
    rest = iter(free)
    return [stroke or next(rest, (line, LINES[line][0])) for stroke, line in zip(own, wanted, strict=True)]


def codebook_css(body: Mapping[str, Any]) -> str:
    """The sheet for a codebook body. Raises ValueError for colours other than #rrggbb."""
    properties: list[str] = []
    rules: list[str] = []
    highlights: list[str] = []
    drawn = strokes(label["line"] for label in body["labels"])
    for label, (line, thickness) in zip(body["labels"], drawn, strict=True):
        name = slug(label["code"])
        light, dark = label["color"]["light"], label["color"]["dark"]
        if not (_COLOR.fullmatch(light) and _COLOR.fullmatch(dark)):
            raise ValueError("colours are written as #rrggbb")
        properties.append(f"--label-{name}:light-dark({light},{dark});")
        rules.append(
            f".label-{name}{{--c:var(--label-{name});--line-style:{line};--line-width:{thickness}px;"
            f"--border:{_border(line, thickness)}}}"
        )
        tint = 9 if line == "dashed" else 15
        marks = [f"::highlight(ac-{name}-{lane})" for lane in range(LANES)]
        highlights += [
            f"{mark}{{background-color:color-mix(in srgb,var(--label-{name}) {tint}%,transparent);"
            f"{_underline(name, line, 7 + 6 * lane, thickness=thickness)}}}"
            for lane, mark in enumerate(marks)
        ]
        # Between the pieces of one mark runs a thin line in its lane.
        ties = [f"::highlight(ac-tie-{name}-{lane})" for lane in range(LANES)]
        highlights += [
            f"{tie}{{background-color:transparent;{_underline(name, 'dotted', 7 + 6 * lane, thickness=1)}}}"
            for lane, tie in enumerate(ties)
        ]
        offers = [f"::highlight(ac-{step}-{name})" for step in SURENESS]
        highlights += [
            f"{offer}{{background-color:transparent;{_underline(name, 'dotted', 7, strength)}}}"
            for offer, strength in zip(offers, SURENESS.values(), strict=True)
        ]
        # There all highlights would be one system block; the underline of each lane and label stays instead.
        plain = "{background-color:Canvas;color:CanvasText;text-decoration-color:CanvasText}"
        # Suggestions are dotted whatever their label, and the surer the thicker.
        dots = [f"{offer}{{text-decoration-thickness:{3 - n}px}}" for n, offer in enumerate(offers)]
        plains = [one + plain for one in (*marks, *ties, *offers)]
        highlights.append("@media(forced-colors:active){" + "".join(plains + dots) + "}")
        # On paper is what somebody marked; the legend has no line for what is only suggested.
        highlights.append("@media print{" + "".join(f"{offer}{{text-decoration-line:none}}" for offer in offers) + "}")
    return ":root{" + "".join(properties) + "}\n" + "\n".join([*rules, _where(highlights)]) + "\n"


def _border(line: str, thickness: int) -> str:
    """The line where rectangles are painted: borders have no waves, and two lines want two more pixels than one."""
    if line == "wavy":
        return f"{thickness + 2}px groove"
    return f"{thickness + 2 if line == 'double' else thickness}px {line}"


def _where(highlights: Iterable[str]) -> str:
    """The rules for the text alone where its paragraphs take highlights over from it, as CSS Pseudo-Elements 4 has it.

    Elsewhere each element needs them as its own, and a hundred styles of highlights for each paragraph and icon of a page
    are megabytes. No sheet can ask who does it; only Chromium does, and only Chromium knows app-region.
    """
    text = "\n".join(highlights)
    owned = text.replace("::highlight(", "annotation-canvas::highlight(")
    return f"@supports(app-region:none){{{owned}}}\n@supports not (app-region:none){{{text}}}"


def _underline(name: str, line: str, offset: int, strength: int = 100, thickness: int = 2) -> str:
    color = f"var(--label-{name})"
    if strength < 100:
        color = f"color-mix(in srgb,{color} {strength}%,transparent)"
    return (
        f"text-decoration-line:underline;text-decoration-style:{line};text-decoration-color:{color};"
        f"text-decoration-thickness:{thickness}px;text-underline-offset:{offset}px"
    )
