"""How good suggestions are: precision, recall and F1 against a reading that people agreed on, by label.

Exact counts spans with the very same extent. Overlap counts pairs that share at least one character, each span in at
most one pair, largest share first; so one long suggestion cannot stand for several readings, nor the other way round.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis.types import Span


@dataclass(slots=True)
class Tally:
    """Counts of one label over any number of documents. The figures are shares from 0 to 1; 0 where nothing was counted.

    `agreeing[a]` and `asked[a]` count, over overlapping pairs, how often attribute `a` has the same value.
    """

    gold: int = 0
    found: int = 0
    exact: int = 0
    overlap: int = 0
    agreeing: dict[str, int] = field(default_factory=dict)
    asked: dict[str, int] = field(default_factory=dict)

    def figures(self, matched: int) -> tuple[float, float, float]:
        """Precision, recall and F1 for a number of matched spans, `exact` or `overlap`."""
        precision = matched / self.found if self.found else 0.0
        recall = matched / self.gold if self.gold else 0.0
        return precision, recall, 2 * matched / (self.found + self.gold) if self.found + self.gold else 0.0

    def agreement(self, attribute: str) -> float:
        """The share of overlapping pairs that have the same value there."""
        asked = self.asked.get(attribute, 0)
        return self.agreeing.get(attribute, 0) / asked if asked else 0.0


Attributes = Mapping[str, Sequence[str]]
COMPARED: Attributes = {"ACTOR": ("entity", "mention", "reading"), "EVENT": ("type",), "IMPLICATION": ("kind",)}


def evaluate(
    documents: Iterable[tuple[Sequence[Span], Sequence[Span]]], compared: Attributes = COMPARED
) -> dict[str, Tally]:
    """Tallies by label over (gold, found) pairs of span lists, one pair a document."""
    tallies: dict[str, Tally] = {}
    for gold, found in documents:
        for label in sorted({s.label for s in (*gold, *found)}):
            _count(
                tallies.setdefault(label, Tally()),
                [s for s in gold if s.label == label],
                [s for s in found if s.label == label],
                compared.get(label, ()),
            )
    return tallies


def _count(tally: Tally, gold: Sequence[Span], found: Sequence[Span], attributes: Iterable[str]) -> None:
    tally.gold += len(gold)
    tally.found += len(found)
    extents = {(s.start, s.end) for s in gold}
    tally.exact += len(extents & {(s.start, s.end) for s in found})
    pairs = pair(gold, found)
    tally.overlap += len(pairs)
    attributes = list(attributes)
    for mine, theirs in pairs:
        for name in attributes:
            tally.asked[name] = tally.asked.get(name, 0) + 1
            same = _value(mine, name) == _value(theirs, name)
            tally.agreeing[name] = tally.agreeing.get(name, 0) + same


def _value(span: Span, name: str) -> Any:
    return span.entity if name == "entity" else span.attributes.get(name)


def pair(gold: Sequence[Span], found: Sequence[Span]) -> list[tuple[Span, Span]]:
    """One-to-one pairs that overlap: those with the largest share of their common stretch first."""
    candidates: list[tuple[float, int, int]] = []
    ordered = sorted(range(len(found)), key=lambda j: found[j].start)
    for i, mine in enumerate(gold):
        for j in ordered:
            theirs = found[j]
            if theirs.start >= mine.end:
                break
            shared = min(mine.end, theirs.end) - max(mine.start, theirs.start)
            if shared > 0:
                whole = max(mine.end, theirs.end) - min(mine.start, theirs.start)
                candidates.append((-shared / whole, i, j))
    out: list[tuple[Span, Span]] = []
    used_gold: set[int] = set()
    used_found: set[int] = set()
    for _share, i, j in sorted(candidates):
        if i not in used_gold and j not in used_found:
            used_gold.add(i)
            used_found.add(j)
            out.append((gold[i], found[j]))
    return out
