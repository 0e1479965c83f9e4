"""Two submissions side by side: the text with its differences marked, and what each person made of each place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from analysis.agreement.differences import Difference
from annotator.web.words import DIFFERENCES

Body = Mapping[str, Any]


@dataclass
class Value:
    """One attribute as each person filled it in."""

    name: str
    a: str
    b: str

    @property
    def differs(self) -> bool:
        return self.a != self.b


@dataclass
class Side:
    """What one person marked at a place."""

    label: str
    code: str
    quote: str
    actor: str
    differs: set[str] = field(default_factory=set)  # of: label, extent, actor


@dataclass
class Place:
    number: int
    kind: str
    words: str
    start: int
    end: int
    a: Side | None
    b: Side | None
    values: list[Value]


@dataclass
class Paragraph:
    number: int
    html: SafeString
    places: list[Place]


class Names:
    """The words for the codes of a codebook, in one language."""

    def __init__(self, body: Body, language: str, actors: Mapping[str, Mapping[str, Any]]) -> None:
        self.language = language
        self.actors = actors
        self.labels = {label["code"]: label for label in body["labels"]}

    def of(self, node: Mapping[str, Any] | None, code: str) -> str:
        return str((node or {}).get("name", {}).get(self.language, code))

    def label(self, code: str) -> str:
        return self.of(self.labels.get(code), code)

    def actor(self, entity_id: int | None) -> str:
        card = self.actors.get(str(entity_id)) if entity_id else None
        return str(card["name"].get(self.language) or card["key"]) if card else ""

    def attributes(self, code: str) -> list[Mapping[str, Any]]:
        return list(self.labels.get(code, {}).get("attributes", ()))

    def value(self, attribute: Mapping[str, Any], value: Any) -> str:
        """A value as people read it; empty when there is none."""
        if value in (None, "", [], False):
            return ""
        if value is True:
            return _("yes")
        if isinstance(value, Mapping):
            return str(value.get("quote", ""))
        options = {option["code"]: option for option in attribute.get("options", ())}
        several = value if isinstance(value, list) else [value]
        return pgettext("between the items of a list", ", ").join(
            self.of(options.get(one), str(one)) for one in several
        )


def places(found: Sequence[Difference], names: Names) -> list[Place]:
    """The differences in the order of the text, numbered, in words."""
    return [
        Place(
            number=number,
            kind=d.kind,
            words=str(DIFFERENCES[d.kind]),
            start=d.start,
            end=d.end,
            a=_side(d.a, d.b, names),
            b=_side(d.b, d.a, names),
            values=_values(d, names),
        )
        for number, d in enumerate(found, start=1)
    ]


def _side(own: Mapping[str, Any] | None, other: Mapping[str, Any] | None, names: Names) -> Side | None:
    if own is None:
        return None
    side = Side(names.label(own["label"]), own["label"], own["quote"], names.actor(own.get("entity")))
    if other is not None:
        compared = {
            "label": own["label"] != other["label"],
            "extent": (own["start"], own["end"]) != (other["start"], other["end"]),
            "actor": own.get("entity") != other.get("entity"),
        }
        side.differs = {name for name, unequal in compared.items() if unequal}
    return side


def _values(d: Difference, names: Names) -> list[Value]:
    """The attributes either of them filled in; of spans with different labels there is nothing to compare."""
    label = (d.a or d.b or {}).get("label", "")
    if d.a is not None and d.b is not None and d.a["label"] != d.b["label"]:
        return []
    rows = [
        Value(
            names.of(attribute, attribute["code"]),
            names.value(attribute, d.a["attributes"].get(attribute["code"])) if d.a else "",
            names.value(attribute, d.b["attributes"].get(attribute["code"])) if d.b else "",
        )
        for attribute in names.attributes(label)
    ]
    return [row for row in rows if row.a or row.b]


def paragraphs(text: str, shown: Sequence[Place]) -> list[Paragraph]:
    """The paragraphs in which something is shown, each with its text marked and the places that begin in it."""
    out: list[Paragraph] = []
    at = number = 0
    for line in text.split("\n"):
        end = at + len(line)
        if line.strip():
            number += 1
            beginning = [p for p in shown if at <= p.start < end]
            if beginning:
                touching = [p for p in shown if p.start < end and p.end > at]
                out.append(Paragraph(number, _marked(line, at, touching), beginning))
        at = end + 1
    return out


def _marked(line: str, at: int, touching: Sequence[Place]) -> SafeString:
    """A line with <mark> round every stretch of a place; where places overlap, the shortest gives the colour."""
    cuts = {0, len(line)}
    for place in touching:
        cuts |= {max(0, place.start - at), min(len(line), place.end - at)}
    ordered = sorted(cuts)
    out: list[str] = []
    for start, end in pairwise(ordered):
        piece = escape(line[start:end])
        over = [p for p in touching if p.start - at < end and p.end - at > start]
        if not over:
            out.append(piece)
            continue
        inner = min(over, key=lambda p: (p.end - p.start, p.number))
        numbers = [place.number for place in over if place.start - at == start]
        out += [f'<a class="spot" href="#place-{number}">{number}</a>' for number in numbers]
        out.append(f'<mark class="differs-{inner.kind}">{piece}</mark>')
    return mark_safe("".join(out))  # noqa: S308  built from escaped pieces only
