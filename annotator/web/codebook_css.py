"""The style sheet of a codebook: colours as custom properties, and one highlight rule a label and nesting lane.

Longhands only (WebKit ignores the shorthand inside ::highlight), never `color`, so that glyphs stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

LANES = 3
_COLOR = re.compile(r"#[0-9a-f]{6}")
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_LINES = {"solid", "double", "dashed", "wavy"}


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
        for lane in range(LANES):
            rules.append(
                f"::highlight(ac-{name}-{lane}){{"
                f"background-color:color-mix(in srgb,var(--label-{name}) {tint}%,transparent);"
                f"text-decoration-line:underline;text-decoration-style:{line};"
                f"text-decoration-color:var(--label-{name});text-decoration-thickness:2px;"
                f"text-underline-offset:{7 + 6 * lane}px}}"
            )
        rules.append(
            f"::highlight(ac-sug-{name}){{background-color:transparent;text-decoration-line:underline;"
            f"text-decoration-style:dotted;text-decoration-color:var(--label-{name});"
            f"text-decoration-thickness:2px;text-underline-offset:7px}}"
        )
    return ":root{" + "".join(properties) + "}\n" + "\n".join(rules) + "\n"
