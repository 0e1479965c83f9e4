"""A document's text as HTML: sections of paragraphs, each paragraph one text node, so that offsets can be found again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

PARAGRAPHS_A_SECTION = 16


def canvas_html(text: str, body_start: int = 0) -> SafeString:
    """The text for the canvas: joined by line feeds the paragraphs are exactly the text.

    Lines before `body_start` are the header; the first of them is shown as the title.
    """
    parts: list[str] = []
    at = number = 0
    titled = False
    lines = list(zip(text.split("\n"), escape(text).split("\n"), strict=True))  # one call: a long text has thousands
    for first in range(0, len(lines), PARAGRAPHS_A_SECTION):
        parts.append(f'<section data-offset="{at}">')
        for line, escaped in lines[first : first + PARAGRAPHS_A_SECTION]:
            if not line.strip():
                kind = ' class="blank"'
            elif at < body_start:
                kind = ' class="meta"' if titled else ' class="title"'
                titled = True
            else:
                number += 1
                kind = f' data-n="{number}"'
            parts.append(f"<p{kind}>{escaped}</p>")
            at += len(line) + 1
        parts.append("</section>")
    return mark_safe("".join(parts))  # noqa: S308  built from escaped lines only


def marks_html(text: str, spans: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> SafeString:
    """The text in reading order with <mark> round each coded stretch and the label's name for readers that speak."""
    cuts = sorted({0, len(text), *(s["start"] for s in spans), *(s["end"] for s in spans)})
    newline = [i for i, c in enumerate(text) if c == "\n"]
    cuts = sorted({*cuts, *newline, *(i + 1 for i in newline)})
    starting: dict[int, list[str]] = {}
    for span in spans:
        starting.setdefault(span["start"], []).append(names.get(span["label"], span["label"]))
    ordered = sorted(spans, key=lambda s: s["start"])
    out = ["<p>"]
    active: list[Mapping[str, Any]] = []
    upcoming = 0
    for start, end in pairwise(cuts):
        while upcoming < len(ordered) and ordered[upcoming]["start"] <= start:
            active.append(ordered[upcoming])
            upcoming += 1
        active = [s for s in active if s["end"] > start]
        piece = text[start:end]
        if piece == "\n":
            out.append("</p><p>")
            continue
        out += [f'<span class="spoken">[{escape(name)}] </span>' for name in starting.get(start, ())]
        if active:
            inner = min(active, key=lambda s: s["end"] - s["start"])
            title = escape(" · ".join(names.get(s["label"], s["label"]) for s in active))
            out.append(f'<mark class="label-{escape(inner["label"].lower())}" title="{title}">{escape(piece)}</mark>')
        else:
            out.append(escape(piece))
    out.append("</p>")
    return mark_safe("".join(out).replace("<p></p>", ""))  # noqa: S308  built from escaped pieces only
