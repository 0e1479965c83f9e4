"""Actors, places and times: registered names, descriptions around them, and dates.

Proclitics stay outside the span; where ل and the article have merged the whole word is taken (`للغرب`), as the
codebook asks. A nisba inside a title is not marked again, a body inside a title is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from analysis.tagging.base import View, make_span
from analysis.tagging.descriptions import Describer, Description, surnames
from analysis.tagging.descriptions_en import EnglishDescriber
from analysis.tagging.lexicon import lexicon
from analysis.tagging.names import Match, Name, NameIndex, arabic_readings
from analysis.tagging.words import SHARED, fingerprint
from analysis.text.dates import find_dates
from analysis.types import Span, Tagging

__all__ = ["Gazetteer", "Name"]

_FILES = ("gazetteer.py", "descriptions.py", "descriptions_en.py", "actors_ar.tsv", "actors_en.tsv")
_LOCATIVE = {
    "ar": {"في", "داخل", "خارج", "الي", "عبر", "قرب", "وفي", "والي", "باتجاه", "شمال", "جنوب", "شرق", "غرب"},
    "en": {"in", "at", "near", "inside", "across", "around", "outside"},
}
# A capital behind such a word says where it was, not who did it (مفاوضات فيينا).
_HELD_AR = {
    "اتفاق", "اتفاقيه", "مفاوضات", "محادثات", "مباحثات", "قمه", "مؤتمر", "موتمر", "اعلان", "بيان", "اجتماع", "اجتماعات", "لقاء",
    "معاهده", "بروتوكول", "مقررات", "مسار", "ميثاق", "معركه", "حوار", "منتدي",
}  # fmt: skip
_HELD_EN = {
    "summit",
    "talks",
    "conference",
    "agreement",
    "accord",
    "accords",
    "treaty",
    "declaration",
    "protocol",
    "process",
    "meeting",
}
# How descriptions of several states begin, as against a name such as BRICS.
_PLURALS = (
    "دول",
    "الدول",
    "البلدان",
    "الأقطار",
    "الأعضاء",
    "فصائل",
    "الفصائل",
    "states",
    "member",
    "EU ",
    "NATO ",
    "CSTO ",
)
_NESTING = frozenset({"PERSON", "COLLECTIVE"})
_INNER = frozenset({"STATE", "IGO", "ORG", "GROUP", "NGO", "BLOC"})
_SCORES = {"CANONICAL": 0.95, "ABBREV": 0.95, "ALIAS": 0.92, "NISBA": 0.85, "METONYM": 0.8}


class Gazetteer:
    """Built once for a registry; linear in the text."""

    name = "gazetteer"
    languages = ("ar", "en")

    def __init__(self, names: Iterable[Name]) -> None:
        ordered = sorted(names, key=lambda n: (n.language, n.form, n.key, n.role, n.kind))
        digest = hashlib.sha256(fingerprint(*SHARED, *_FILES).encode())
        for name in ordered:
            digest.update(f"{name.language}\t{name.form}\t{name.key}\t{name.role}\t{name.kind}\n".encode())
        self.version = digest.hexdigest()[:10]
        self._index = NameIndex(ordered)

    def tag(self, view: View) -> Tagging:
        matches = self._index.find(view)
        describer = Describer(view, matches) if view.language == "ar" else EnglishDescriber(view, matches)
        found = describer.find()
        spans = [*self._described(view, found), *self._named(view, matches, found), *_times(view)]
        spans += _called_by_surname(view, found, spans)
        unique = {(s.label, s.start, s.end): s for s in reversed(spans)}
        return Tagging(tuple(sorted(unique.values(), key=lambda s: (s.start, s.end, s.label))))

    def _named(self, view: View, matches: Sequence[Match], found: Sequence[Description]) -> Iterator[Span]:
        """Registered names that no description has taken in."""
        inside = {word for one in found for word in range(one.first, one.last)}
        for match in matches:
            if match.first in inside:
                continue
            yield _name_span(view, match)
            yield from self._nested(view, match)

    def _nested(self, view: View, match: Match) -> Iterator[Span]:
        """The state or body inside the name of an office or of its members: أمير [قطر], دول [مجلس التعاون]."""
        if match.name.kind not in _NESTING or match.last - match.first < 2:
            return
        i = match.first + 1
        while i < match.last:
            inner = self._index.at(view, i, match.last)
            if inner is not None and not inner.nisba and inner.name.kind in _INNER and inner.name.key != match.name.key:
                yield _name_span(view, inner)
            i = inner.last if inner is not None else i + 1

    def _described(self, view: View, found: Sequence[Description]) -> Iterator[Span]:
        for one in found:
            attributes = {"mention": one.mention, "reading": "ACT"}
            if one.metonymy:
                attributes["metonymy"] = one.metonymy
            yield make_span(
                view, "ACTOR", one.start, view.words[one.last - 1].end if one.end is None else one.end, score=one.score,
                attributes=attributes, entity=one.entity,
                reason={"rule": one.rule, "matched": view.text[one.start : view.words[one.last - 1].end]},
            )  # fmt: skip
            yield from self._described(view, one.nested)
            if one.rule == "body_of_person" and one.person is not None:
                yield make_span(
                    view, "ACTOR", view.words[one.person].start, view.words[one.last - 1].end, score=one.score,
                    attributes={"mention": "NAM", "reading": "ACT"}, reason={"rule": "given_name", "matched": one.rule},
                )  # fmt: skip
            for match in one.inner:
                yield _name_span(view, match)
                yield from self._nested(view, match)
            registered = self._index.at(view, one.first, one.last) if one.rule == "office_and_name" else None
            if registered is not None and registered.name.kind in _NESTING:
                yield from self._nested(view, registered)


def _name_span(view: View, match: Match) -> Span:
    name = match.name
    if name.kind == "PLACE":
        label, attributes = "PLACE", {}
    else:
        label, attributes = "ACTOR", {"mention": _mention(view, match), "reading": _reading(view, match)}
    if name.role == "METONYM":
        attributes["metonymy"] = "CAPITAL"
    score = _SCORES.get(name.role, 0.7) - 0.12 * (match.rivals > 1)
    score -= 0.08 * bool(match.proclitic and match.last == match.first + 1 and len(name.form) < 5)
    return make_span(
        view, label, match.start, match.end, score=round(score, 2), attributes=attributes, entity=name.key,
        reason={"rule": "registry_name", "matched": name.form, "role": name.role, "proclitic": match.proclitic},
    )  # fmt: skip


def _mention(view: View, match: Match) -> str:
    if match.nisba:
        return "NISBA"
    if match.name.kind == "PERSON":
        return "NOM"
    if match.name.kind == "INDEF" or (match.name.kind == "COLLECTIVE" and match.name.form.startswith(_PLURALS)):
        return "NOM"
    return "NAM"


def _reading(view: View, match: Match) -> str:
    """LOC for a state or its capital that only says where."""
    if match.name.kind != "STATE" or match.nisba:
        return "ACT"
    before = view.words[match.first - 1] if match.first and view.words[match.first - 1].joined else None
    word = before.norm if before is not None else ""
    if word in _LOCATIVE[view.language] or (view.language == "ar" and match.proclitic.endswith("ب")):
        return "LOC"
    if match.name.role == "METONYM":
        if view.language == "ar" and word and any(r.core in _HELD_AR for r in arabic_readings(word)):
            return "LOC"
        if view.language == "en" and match.last < len(view.words) and view.words[match.last].norm in _HELD_EN:
            return "LOC"
    return "ACT"


def _called_by_surname(view: View, found: Sequence[Description], spans: Sequence[Span]) -> list[Span]:
    """Later mentions of people by the last part of their name."""
    known: dict[str, Description] = {}
    for last, one in surnames(view, found):
        known.setdefault(last, one)
    if not known:
        return []
    covered = sorted((s.start, s.end) for s in spans)
    out: list[Span] = []
    at = 0
    for i, word in enumerate(view.words):
        while at < len(covered) and covered[at][1] <= word.start:
            at += 1
        if at < len(covered) and covered[at][0] < word.end:
            continue
        for reading in arabic_readings(word.norm) if view.language == "ar" else ():
            name = ("ال" if reading.article else "") + reading.core
            if name in known and i >= known[name].last and name not in lexicon("ar"):
                out.append(_surname_span(view, i, reading.cut, known[name]))
                break
        if view.language == "en" and word.text[:1].isupper():
            plain = word.norm.removesuffix("'s").removesuffix("’s")
            if plain in known and i >= known[plain].last:
                out.append(_surname_span(view, i, 0, known[plain]))
    return out


def _surname_span(view: View, i: int, cut: int, one: Description) -> Span:
    word = view.words[i]
    end = word.end - 2 if word.text[-2:] in ("'s", "’s") else word.end
    return make_span(
        view, "ACTOR", word.at(cut) if cut else word.start, end, score=0.7, entity=one.entity,
        attributes={"mention": "NAM", "reading": "ACT"},
        reason={"rule": "surname", "matched": view.text[one.start : view.words[one.last - 1].end]},
    )  # fmt: skip


def _times(view: View) -> Iterator[Span]:
    for found in find_dates(view.text, view.document.published_on, view.language):
        attributes = {"precision": found.precision}
        if found.value:
            attributes["value"] = found.value
        yield make_span(
            view, "TIME", found.start, found.end, score=0.9 if found.value else 0.6, attributes=attributes,
            reason={"rule": "date", "matched": found.value or found.precision},
        )  # fmt: skip


def without_nested(spans: Iterable[Span]) -> list[tuple[int, int]]:
    """The extents of actors and places, in order, those inside another left out."""
    out: list[tuple[int, int]] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        if span.label in ("ACTOR", "PLACE") and (not out or span.end > out[-1][1]):
            out.append((span.start, span.end))
    return out
