"""Where two sets of spans differ, by class, as reviewers look at it.

Spans are matched one to one, best first: equal extent and label, then overlap with the same label, then equal extent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Span = Mapping[str, Any]
KINDS = ("agree", "trivial", "boundary", "label", "attribute", "missing")
# What may stand before a word without making another span of it: particles, article, space, punctuation.
_TRIVIAL_FRONT = re.compile(r"[\s\W]*[وفبلكس]?[بلكس]?(?:ال|ل)?[\s\W]*")
_TRIVIAL_BACK = re.compile(r"[\s\W]*")


@dataclass(frozen=True, slots=True)
class Difference:
    """One place. `a` and `b` are the spans, None where one has nothing; `kind` is one of KINDS."""

    kind: str
    a: Span | None
    b: Span | None
    start: int
    end: int


def differences(a: Sequence[Span], b: Sequence[Span]) -> list[Difference]:
    """All places in order of the text, agreements included. Symmetric but for the sides."""
    pairs, left_a, left_b = _match(a, b)
    out = [_difference(x, y) for x, y in pairs]
    out += [Difference("missing", x, None, x["start"], x["end"]) for x in left_a]
    out += [Difference("missing", None, y, y["start"], y["end"]) for y in left_b]
    return sorted(out, key=lambda d: (d.start, d.end, d.kind))


def _match(a: Sequence[Span], b: Sequence[Span]) -> tuple[list[tuple[Span, Span]], list[Span], list[Span]]:
    candidates: list[tuple[int, int, int, int]] = []
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            shared = min(x["end"], y["end"]) - max(x["start"], y["start"])
            if shared <= 0:
                continue
            same_extent = (x["start"], x["end"]) == (y["start"], y["end"])
            same_label = x["label"] == y["label"]
            if same_extent and same_label:
                candidates.append((0, 0, i, j))
            elif same_label:
                candidates.append((1, -shared, i, j))
            elif same_extent:
                candidates.append((2, 0, i, j))
    pairs: list[tuple[Span, Span]] = []
    used_a: set[int] = set()
    used_b: set[int] = set()
    for _rank, _shared, i, j in sorted(candidates):
        if i not in used_a and j not in used_b:
            used_a.add(i)
            used_b.add(j)
            pairs.append((a[i], b[j]))
    return (
        pairs,
        [x for i, x in enumerate(a) if i not in used_a],
        [y for j, y in enumerate(b) if j not in used_b],
    )


def _difference(x: Span, y: Span) -> Difference:
    start, end = min(x["start"], y["start"]), max(x["end"], y["end"])
    if x["label"] != y["label"]:
        kind = "label"
    elif (x["start"], x["end"]) != (y["start"], y["end"]):
        kind = "trivial" if _is_trivial(x, y) else "boundary"
    elif x["attributes"] != y["attributes"] or x.get("entity") != y.get("entity"):
        kind = "attribute"
    else:
        kind = "agree"
    return Difference(kind, x, y, start, end)


def _is_trivial(x: Span, y: Span) -> bool:
    """Whether the longer one only adds a particle, the article, punctuation or space."""
    long, short = (x, y) if x["end"] - x["start"] >= y["end"] - y["start"] else (y, x)
    if short["start"] < long["start"] or short["end"] > long["end"]:
        return False
    front = long["quote"][: short["start"] - long["start"]]
    back = long["quote"][len(long["quote"]) - (long["end"] - short["end"]) :] if long["end"] > short["end"] else ""
    return bool(_TRIVIAL_FRONT.fullmatch(front) and _TRIVIAL_BACK.fullmatch(back))
