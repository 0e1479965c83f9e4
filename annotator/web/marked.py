"""A text with its marks as plain HTML, for reading, for readers that speak, and for paper: nothing of the canvas is needed.

Each mark is a <mark>, one inside the other where they nest; a mark that crosses another or a line goes on in a second
element. Where a mark begins and ends is said in words that are not seen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from annotator.web.codebook_css import LANES


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a mark. `whole` tells which mark, `first` and `last` whether the mark begins and ends with it."""

    start: int
    end: int
    whole: int
    size: int
    code: str
    first: bool
    last: bool


@dataclass
class Shown:
    """How a label looks and what it is called; `count` marks have it."""

    code: str
    name: str
    count: int = field(default=0)


def shown_labels(labels: Sequence[Mapping[str, Any]], counts: Mapping[str, int], language: str) -> list[Shown]:
    """The labels of a codebook that have marks, in its order."""
    return [
        Shown(label["code"], label["name"].get(language) or label["code"], counts[label["code"]])
        for label in labels
        if counts.get(label["code"])
    ]


def marked_html(
    text: str, spans: Sequence[Mapping[str, Any]], labels: Sequence[Shown], body_start: int = 0
) -> SafeString:
    """The text line by line; `spans` have label, start, end and, where a mark is in pieces, fragments (code points)."""
    known = {label.code: label for label in labels}
    pieces = sorted(_pieces(spans), key=lambda p: p.start)
    out: list[str] = []
    active: list[Piece] = []
    upcoming = at = number = 0
    titled = False
    for line in text.split("\n"):
        end = at + len(line)
        while upcoming < len(pieces) and pieces[upcoming].start < end:
            active.append(pieces[upcoming])
            upcoming += 1
        active = [p for p in active if p.end > at]
        if line.strip():
            if at < body_start:
                css = ' class="meta"' if titled else ' class="title"'
                titled = True
            else:
                number += 1
                css = f' data-n="{number}"'
            out.append(f"<p{css}>{''.join(_line(text, at, end, active, known))}</p>")
        at = end + 1
    return mark_safe("".join(out))  # noqa: S308  built from escaped pieces only


def _pieces(spans: Sequence[Mapping[str, Any]]) -> Iterator[Piece]:
    for whole, span in enumerate(spans):
        parts = span.get("fragments") or [[span["start"], span["end"]]]
        for i, (start, end) in enumerate(parts):
            size = span["end"] - span["start"]
            yield Piece(start, end, whole, size, span["label"], first=i == 0, last=i == len(parts) - 1)


def _line(text: str, at: int, end: int, pieces: list[Piece], labels: Mapping[str, Shown]) -> Iterator[str]:
    here = sorted((p for p in pieces if p.start < end), key=lambda p: (-p.size, p.start, p.whole))
    lanes = _lanes(here)
    edges = {at, end, *(max(at, p.start) for p in here), *(min(end, p.end) for p in here)}
    opened: list[Piece] = []
    for start, stop in pairwise(sorted(edges)):
        over = [p for p in here if p.start < stop and p.end > start]
        kept = 0
        while kept < len(opened) and kept < len(over) and opened[kept] == over[kept]:
            kept += 1
        yield from _close(opened[kept:], start, labels)
        for piece in over[kept:]:
            label = labels[piece.code]
            if piece.start == start:
                words = _("%(label)s: ") if piece.first else _("%(label)s goes on: ")
                yield f'<span class="spoken">[{escape(words % {"label": label.name})}</span>'
            css = f"label-{escape(piece.code.lower())} lane-{lanes[piece.whole]}"
            yield f'<mark class="{css}" title="{escape(label.name)}">'
        opened = over
        yield escape(text[start:stop])
    yield from _close(opened, end, labels)


def _close(pieces: Sequence[Piece], at: int, labels: Mapping[str, Shown]) -> Iterator[str]:
    for piece in reversed(pieces):
        yield "</mark>"
        if piece.end == at:
            words = _("end of %(label)s") if piece.last else _("%(label)s stops here")
            yield f'<span class="spoken"> {escape(words % {"label": labels[piece.code].name})}]</span>'


def _lanes(pieces: Sequence[Piece]) -> dict[int, int]:
    """The lane of each mark: short ones nearest the letters, as in static/annotator/model.js."""
    found: dict[int, int] = {}
    placed: list[Piece] = []
    for piece in sorted(pieces, key=lambda p: (p.size, p.start)):
        if piece.whole not in found:
            taken = {found[p.whole] for p in placed if p.start < piece.end and piece.start < p.end}
            found[piece.whole] = min(next(lane for lane in range(len(taken) + 1) if lane not in taken), LANES - 1)
        placed.append(piece)
    return found
