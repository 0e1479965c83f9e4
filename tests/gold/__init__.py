"""Articles of our own with the marks a person put on them, to measure taggers by.

Those in `unseen/` are never read while rules are written: who changes a tagger looks at its figures there, not at its
errors. A file is a head of `name: value` lines, an empty line, and the text with its marks in braces, one inside another:
`{E.CONSULT|met}` is an event of that type, `{I.RISK|…}` an implication of that kind, `{A|…}`, `{P|…}` and `{T|…}` are an
actor, a place and a time. The first paragraph is the title.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from analysis.types import Span

LABELS = {"A": "ACTOR", "E": "EVENT", "I": "IMPLICATION", "P": "PLACE", "T": "TIME"}
CODED = {"EVENT": "type", "IMPLICATION": "kind"}
FOLDER = Path(__file__).parent
_PIECE = re.compile(r"\{(?P<label>[A-Z])(?:\.(?P<code>[A-Z]+))?\||(?P<end>\})")


@dataclass(frozen=True, slots=True)
class Article:
    """A text without its markup, and its marks in the order of their ends; offsets are code points."""

    name: str
    language: str
    published_on: str
    text: str
    spans: tuple[Span, ...]


def read(path: Path) -> Article:
    """Raises ValueError for a brace that is left open or closed twice, KeyError for a label that there is not."""
    head, _empty, marked = path.read_text(encoding="utf-8").partition("\n\n")
    about = dict(line.split(": ", 1) for line in head.splitlines())
    text, spans = "", []
    opened: list[tuple[int, str, str]] = []
    at = 0
    for found in _PIECE.finditer(marked):
        text += marked[at : found.start()]
        at = found.end()
        if not found["end"]:
            opened.append((len(text), LABELS[found["label"]], found["code"] or ""))
            continue
        if not opened:
            raise ValueError(f"{path.name}: closed twice behind {text[-30:]!r}")
        start, label, code = opened.pop()
        attributes = {CODED[label]: code} if code else {}
        spans.append(Span(str(len(spans)), label, start, len(text), text[start:], attributes))
    if opened:
        raise ValueError(f"{path.name}: left open: {text[opened[-1][0] :][:30]!r}")
    return Article(path.stem, about["language"], about["published"], text + marked[at:], tuple(spans))


def unseen() -> list[Article]:
    return [read(path) for path in sorted((FOLDER / "unseen").glob("*.txt"))]
