"""Actors and places by their registered names, in Arabic also behind the letters that are written together with a word.

Proclitics stay outside the span; where ل and the article have merged the whole word is taken (`للغرب`), as the
codebook asks. A name is only found at a word: روسيا in بروسيا, never in بيلاروسيا.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from analysis.tagging.base import View, make_span
from analysis.text.clitics import readings
from analysis.text.dates import find_dates
from analysis.text.normalise import norm_key, normalise
from analysis.text.tokens import Token
from analysis.types import Span, Tagging

RULES = "1"


@dataclass(frozen=True, slots=True)
class Name:
    """A name from the registry. `role` as in `EntityName.Role`; `kind` as in `Entity.Kind`."""

    form: str
    language: str
    role: str
    key: str
    kind: str


# Words that are a name only now and then; alone and unmarked they are left to people.
_ORDINARY_AR = {"شرق", "مالي", "قدس", "صور", "عيون", "خليل", "حديده", "جده", "مكه", "دولي", "ماليه", "عمان", "فتح", "صوفيا", "غاني", "ليما", "برن", "باكو", "ريغا", "كيني", "بنمي", "سوفا", "مصري", "متوسط", "خليج", "رقه", "جنين", "شماليه"}  # fmt: skip
_KEEP_AR = {"عمان", "مصري", "قدس", "خليج", "فتح", "جنين", "رقه", "باكو", "صوفيا"}
_BLOCKED_AR = _ORDINARY_AR - _KEEP_AR
_CASED_EN = {"us", "who", "un", "eu", "au", "nam", "aid", "east", "west", "the east", "amnesty", "congress", "democrats", "republicans", "mb", "pa", "sco", "male", "georgia", "turkey", "chad", "jordan", "fed", "wb", "ap"}  # fmt: skip
_LOCATIVE_AR = {"في", "داخل", "خارج", "الي", "من", "عبر", "قرب", "نحو"}
_LOCATIVE_EN = {"in", "at", "near", "inside", "across"}


class _Node(dict[str, "_Node"]):
    """A step in the trie of names, word by word; `names` are those that end here."""

    __slots__ = ("names",)

    def __init__(self) -> None:
        super().__init__()
        self.names: list[Name] = []


class Gazetteer:
    """Longest match over a trie of normalised words; linear in the text."""

    name = "gazetteer"
    languages = ("ar", "en")

    def __init__(self, names: Iterable[Name]) -> None:
        self._roots = {"ar": _Node(), "en": _Node()}
        digest = hashlib.sha256(RULES.encode())
        for name in sorted(names, key=lambda n: (n.language, n.form, n.key, n.role)):
            digest.update(f"{name.language}\t{name.form}\t{name.key}\t{name.role}\t{name.kind}\n".encode())
            self._add(name)
        self.version = f"{RULES}-{digest.hexdigest()[:10]}"

    def _add(self, name: Name) -> None:
        words = norm_key(name.form, name.language).split()
        if not words or name.language not in self._roots:
            return
        if name.language == "ar" and len(words) == 1 and words[0] in _BLOCKED_AR:
            return
        node = self._roots[name.language]
        for word in words:
            node = node.setdefault(word, _Node())
        if all(known.key != name.key for known in node.names):
            node.names.append(name)

    def tag(self, view: View) -> Tagging:
        language = "ar" if view.language == "ar" else "en"
        words = [t for t in view.tokens if t.is_word or t.text.isdigit()]
        spans: list[Span] = []
        i = 0
        while i < len(words):
            match = self._longest(view, words, i, language)
            if match is None:
                i += 1
                continue
            span, used = match
            spans.append(span)
            i += used
        spans += self._times(view)
        return Tagging(tuple(sorted(spans, key=lambda s: (s.start, s.end, s.label))))

    def _longest(self, view: View, words: Sequence[Token], i: int, language: str) -> tuple[Span, int] | None:
        best: tuple[int, Name, int, str, int] | None = None
        for proclitic, first, start in _beginnings(words[i], language):
            for length, node in _walk(self._roots[language], first, words, i, view.text, language):
                name = self._choose(node.names, words[i : i + length], proclitic, language)
                if name is not None and (best is None or length > best[0]):
                    best = (length, name, start, proclitic, len(node.names))
        if best is None:
            return None
        length, name, start, proclitic, rivals = best
        end = words[i + length - 1].end
        if language == "en" and view.text[end - 2 : end] in ("'s", "’s"):
            end -= 2  # the possessive stays outside, like a clitic
        return self._span(view, name, start, end, proclitic, rivals, words, i, language), length

    def _choose(self, names: Sequence[Name], tokens: Sequence[Token], proclitic: str, language: str) -> Name | None:
        """The name to believe, or None when the spelling speaks against all of them."""
        for name in sorted(names, key=lambda n: n.role != "CANONICAL"):
            shown = " ".join(t.text for t in tokens)
            if language == "en":
                folded = norm_key(shown, "en")
                if (name.role == "ABBREV" or folded in _CASED_EN) and not _same_case(name.form, tokens):
                    continue
                if not shown[0].isupper() and name.role != "ALIAS":
                    continue
                if shown[0].islower() and name.form[:1].isupper() and not name.form.startswith("the "):
                    continue
            elif proclitic and len(tokens) == 1 and len(normalise(tokens[0].text).text) - len(proclitic) < 3:
                continue
            return name
        return None

    def _span(
        self, view: View, name: Name, start: int, end: int, proclitic: str, rivals: int,
        words: Sequence[Token], i: int, language: str,
    ) -> Span:  # fmt: skip
        attributes: dict[str, str] = {}
        label = "PLACE" if name.kind == "PLACE" else "ACTOR"
        if label == "ACTOR":
            attributes["mention"] = "NISBA" if name.role == "NISBA" else "NAM"
            locative = _LOCATIVE_AR if language == "ar" else _LOCATIVE_EN
            before = normalise(words[i - 1].text).text if i else ""
            is_place = name.kind == "STATE" and name.role != "NISBA"
            if is_place and (before in locative or (language == "ar" and proclitic.endswith("ب"))):
                attributes["reading"] = "LOC"
            else:
                attributes["reading"] = "ACT"
            if name.role == "METONYM":
                attributes["metonymy"] = "CAPITAL"
        score = {"CANONICAL": 0.95, "ABBREV": 0.95, "ALIAS": 0.92, "NISBA": 0.8, "METONYM": 0.75}.get(name.role, 0.7)
        score -= 0.12 * (rivals > 1) + 0.08 * bool(proclitic and " " not in name.form and len(name.form) < 5)
        return make_span(
            view, label, start, end, score=round(max(score, 0.3), 2), attributes=attributes, entity=name.key,
            reason={"rule": "registry_name", "matched": name.form, "role": name.role, "proclitic": proclitic},
        )  # fmt: skip

    def _times(self, view: View) -> Iterator[Span]:
        for found in find_dates(view.text, view.document.published_on):
            yield make_span(
                view, "TIME", found.start, found.end, score=0.9,
                attributes={"value": found.value, "precision": found.precision},
                reason={"rule": "date", "matched": found.value},
            )  # fmt: skip


def _beginnings(token: Token, language: str) -> Iterator[tuple[str, str, int]]:
    """(proclitics, first word as in the trie, where the span begins) for each way to read a word."""
    if language == "en":
        word = token.text.casefold()
        yield "", word, token.start
        for ending in ("'s", "’s"):
            if word.endswith(ending):
                yield "", word[: -len(ending)], token.start
        return
    normal = normalise(token.text)
    for proclitic, rest in readings(normal.text):
        word = rest[2:] if rest.startswith("ال") and len(rest) > 3 else rest
        if proclitic.endswith("ل") and rest.startswith("ال") and not normal.text[len(proclitic) :].startswith("ال"):
            # Merged لل: the span takes the lam in, other proclitics stay out.
            at = len(proclitic) - 1
        else:
            at = len(proclitic)
        yield proclitic, word, token.start + normal.starts[at]


def _walk(
    root: _Node, first: str, words: Sequence[Token], i: int, text: str, language: str
) -> Iterator[tuple[int, _Node]]:
    node = root.get(first)
    length = 1
    while node is not None:
        if node.names:
            yield length, node
        if i + length >= len(words):
            return
        gap = text[words[i + length - 1].end : words[i + length].start]
        if gap not in (" ", "-", " ", ". ", ".", "+") and gap.strip(" ") not in ("", "-"):
            return
        following = words[i + length].text
        key = norm_key(following, language) if language == "ar" else following.casefold()
        node = node.get(key) or node.get(key.removesuffix("'s").removesuffix("’s"))
        length += 1


def _same_case(form: str, tokens: Sequence[Token]) -> bool:
    letters = "".join(c for c in form if c.isalpha())
    shown = "".join(c for t in tokens for c in t.text if c.isalpha())
    return shown.removesuffix("s") == letters.removesuffix("s") or shown == letters
