"""Descriptions of actors in English: titles with names, bodies of states, people, and words that point back.

Capitals do most of the work; `data/actors_en.tsv` holds the words. "The" stays outside the span.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from analysis.tagging.base import View, Word
from analysis.tagging.descriptions import Description
from analysis.tagging.lexicon import is_event_word
from analysis.tagging.names import Match
from analysis.tagging.words import classes

_LISTS = classes("actors_en.tsv")
_HONORIFIC, _GIVEN = _LISTS["HONORIFIC"], _LISTS["GIVEN"]
_LONGEST = 3
_FAR = 100  # how many names back a word such as "alliance" may point
_STARTS = {name: frozenset(re.split(r"[ -]", form)[0] for form in forms) for name, forms in _LISTS.items()}
_QUALIFIED = {
    "building",
    "treaty",
    "spending",
    "buildings",
    "seat",
    "seats",
    "member",
    "members",
    "policy",
    "bonds",
    "debt",
}
_BEFORE_TITLE = {"deputy", "former", "vice", "acting", "senior", "outgoing", "permanent", "special", "first", "late"}
_ARTICLES = {"the", "its", "their", "his", "her", "our", "whose"}
_PARTICLES = {"bin", "al", "el", "ben", "bint", "von", "van", "de", "da", "der", "abu", "ould", "ibn", "du", "la", "di"}
_DAYS = {
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march", "april", "may",
    "june", "july", "august", "september", "october", "november", "december", "the", "a", "in", "on", "at", "by", "but", "and", "i",
    "he", "she", "it", "they", "we", "this", "that",
}  # fmt: skip


class EnglishDescriber:
    """Reads the descriptions of one English text."""

    def __init__(self, view: View, matches: list[Match]) -> None:
        self._view = view
        self._words = view.words
        self._at: Mapping[int, Match] = {m.first: m for m in matches}
        self._named: list[Match] = []

    def find(self) -> list[Description]:
        """Descriptions in order of the text, none beginning inside another."""
        out: list[Description] = []
        i = 0
        while i < len(self._words):
            match = self._at.get(i)
            if match is not None and not match.nisba:
                self._named.append(match)
            found = self._read(i, match)
            if found is None:
                i = match.last if match is not None else i + 1
                continue
            out.append(found)
            self._named += found.inner
            i = found.last
        return out

    def _read(self, i: int, match: Match | None) -> Description | None:
        if match is not None:
            return self._of(i, match)
        return self._titled(i, i) or self._person(i) or self._people(i)

    def _of(self, i: int, match: Match) -> Description | None:
        """What belongs to a named state or body: US President …, Turkish lawmakers, Iran's parliament."""
        j = match.last
        if match.name.kind == "PERSON":
            last = self._name_end(j) if self._words[j - 1].joined else j
            return (
                Description(i, last, match.start, "office_and_name", "NAM", 0.85, match.name.key, j)
                if last > j
                else None
            )
        if match.name.kind == "PLACE" or j >= len(self._words):
            return None
        possessive = self._words[j - 1].text[-2:] in ("'s", "’s")
        if not (self._words[j - 1].joined or possessive):
            return None
        if (titled := self._titled(i, j)) is not None:
            titled.start = match.start
            return titled
        length = self._phrase(j, "BODY")
        if length and (match.nisba or match.name.kind in ("STATE", "IGO", "ORG", "GROUP")):
            last = j + length
            named = self._words[last - 1].norm in ("parliament", "ministry", "army", "senate", "court", "navy")
            inner = [match] if not match.nisba else []
            return self._described(i, last, match.start, "body", "NAM" if named else "NOM", 0.7, inner)
        return None

    def _described(
        self, first: int, last: int, start: int, rule: str, mention: str, score: float, inner: list[Match]
    ) -> Description:
        word = self._words[last - 1]
        end = word.end - 2 if word.text[-2:] in ("'s", "’s") else None
        return Description(first, last, start, rule, mention, score, inner=inner, end=end)

    def _titled(self, first: int, i: int) -> Description | None:
        """A title with a capital and a name behind it, at word i."""
        j = i
        while j < len(self._words) and self._words[j].norm in _BEFORE_TITLE and self._words[j].joined:
            j += 1
        length = self._phrase(j, "TITLE")
        if not length or not self._words[j].text[:1].isupper():
            return None
        at = j + length
        while at < len(self._words) and self._words[at].norm in _HONORIFIC and self._words[at - 1].joined:
            at += 1
        last = self._name_end(at) if self._words[at - 1].joined else at
        if last == at:
            return None
        word = self._words[last - 1]
        end = word.end - 2 if word.text[-2:] in ("'s", "’s") else None
        return Description(first, last, self._words[i].start, "office_and_name", "NAM", 0.85, person=at, end=end)

    def _phrase(self, i: int, kind: str) -> int:
        """How many words from i on are one entry of that class, the longest; 0 for none."""
        if i >= len(self._words) or _plain(self._words[i]) not in _STARTS[kind]:
            return 0
        words = _LISTS[kind]
        for length in range(_LONGEST, 0, -1):
            stretch = self._words[i : i + length]
            if len(stretch) == length and all(w.joined for w in stretch[:-1]):
                shown = " ".join(_plain(w) for w in stretch)
                if shown in words or " ".join(w.norm for w in stretch) in words:
                    return length
                gap = self._view.text[stretch[0].start : stretch[-1].end].lower()
                if gap in words:
                    return length
        return 0

    def _name_end(self, at: int) -> int:
        """Behind the capitalised words at `at` that may be a name; `at` itself when there are none."""
        last = at
        while last < len(self._words) and last - at < 5 and (last == at or self._follows(last)):
            word = self._words[last]
            if not (_is_capital(word) or (last > at and word.norm in _PARTICLES)):
                break
            last += 1
            if word.text[-2:] in ("'s", "’s"):
                break
        while last > at and self._words[last - 1].norm in _PARTICLES:
            last -= 1
        return last

    def _follows(self, j: int) -> bool:
        before = self._words[j - 1]
        return before.joined or (len(before.text) == 1 and self._view.text[before.end : before.end + 2] == ". ")

    def _person(self, i: int) -> Description | None:
        word = self._words[i]
        if word.norm not in _GIVEN or not _is_capital(word) or not word.joined:
            return None
        last = self._name_end(i)
        if last - i < 2:
            return None
        end = self._words[last - 1].end - 2 if self._words[last - 1].text[-2:] in ("'s", "’s") else None
        return Description(i, last, word.start, "given_name", "NAM", 0.75, person=i, end=end)

    def _people(self, i: int) -> Description | None:
        word = self._words[i]
        before = self._words[i - 1].norm if i and self._words[i - 1].joined else ""
        for rule, score, needs_article in (
            ("SIDE", 0.7, False),
            ("BACK", 0.75, True),
            ("PEOPLE", 0.55, False),
            ("ALONE", 0.5, True),
        ):
            length = self._phrase(i, rule)
            if (
                not length
                or (needs_article and before not in _ARTICLES)
                or (word.norm == "general" and before == "the")
            ):
                continue
            if self._modifies(i + length):
                continue
            if rule == "BACK":
                known = self._antecedent(word.norm)
                if known is None:
                    continue
                return Description(i, i + length, word.start, "points_back", "NOM", score, known.name.key)
            return Description(i, i + length, word.start, rule.lower(), "NOM", score)
        return None

    def _modifies(self, j: int) -> bool:
        """Whether the word before j only qualifies a noun that follows: government spending, alliance treaty."""
        if j >= len(self._words) or not self._words[j - 1].joined or self._view.text[self._words[j - 1].end] == "-":
            return j < len(self._words) and self._words[j - 1].joined
        return self._words[j].norm in _QUALIFIED

    def _antecedent(self, word: str) -> Match | None:
        for match in reversed(self._named[-_FAR:]):
            if match.name.kind in ("IGO", "ORG", "NGO", "GROUP", "COLLECTIVE") and word in _kinds(
                match.name.key, match
            ):
                return match
        return None


# What people call a body whose name does not say it.
_CALLED = {
    "NATO": {"alliance", "organisation", "organization", "pact"}, "EU": {"union", "bloc"}, "BRICS": {"group", "bloc"},
    "G7": {"group"}, "G20": {"group"}, "CSTO": {"alliance", "organisation", "organization", "bloc"}, "UN": {"organisation", "organization"},
    "GCC": {"council", "bloc"}, "ASEAN": {"bloc", "association"}, "OPEC": {"group", "organisation", "organization"},
    "ICC": {"court"}, "ICJ": {"court"}, "IMF": {"fund"}, "WB": {"bank"}, "HAMAS": {"group", "movement"},
    "HEZBOLLAH": {"group", "movement", "party"}, "HOUTHIS": {"group", "movement"}, "LAS": {"league"}, "IAEA": {"agency"},
}  # fmt: skip


def _kinds(key: str, match: Match) -> set[str]:
    return _CALLED.get(key, set()) | {part.lower() for part in match.name.form.split()}


def _plain(word: Word) -> str:
    return word.norm.removesuffix("'s").removesuffix("’s")


def _is_capital(word: Word) -> bool:
    if not word.text[:1].isupper() or word.norm in _DAYS:
        return False
    return word.norm in _GIVEN or not (is_event_word(word.norm, "en") and word.text.isupper())
