"""Registered names in a text: longest match over a trie of normal words, in Arabic also behind proclitics.

A name is only found at a word: روسيا in بروسيا, never in بيلاروسيا. Where ل and the article have merged the whole word is
taken (`للغرب`), as the codebook asks; other proclitics stay outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from analysis.tagging.base import View, Word, normal_word
from analysis.tagging.words import classes
from analysis.text.clitics import readings
from analysis.text.normalise import norm_key
from analysis.text.tokens import tokens


@dataclass(frozen=True, slots=True)
class Name:
    """A name from the registry. `role` as in `EntityName.Role`; `kind` as in `Entity.Kind`."""

    form: str
    language: str
    role: str
    key: str
    kind: str

    @property
    def has_article(self) -> bool:
        return normal_word(self.form)[0].startswith("ال")  # also ألمانيا, whose first letters read like one


@dataclass(frozen=True, slots=True)
class Match:
    """A name over words first … last-1. `start` is where the span begins, inside the first word behind a proclitic."""

    first: int
    last: int
    start: int
    end: int
    proclitic: str
    name: Name
    rivals: int
    nisba: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read an Arabic word: proclitics, the core without article, and where the span would begin."""

    proclitic: str
    core: str
    article: bool = False
    cut: int = 0  # index into the normal form


class _Node(dict[str, "_Node"]):
    """A step in the trie, word by word; `names` are those that end here."""

    __slots__ = ("names",)

    def __init__(self) -> None:
        super().__init__()
        self.names: list[Name] = []


@lru_cache(maxsize=1 << 16)
def arabic_readings(norm: str) -> tuple[Reading, ...]:
    """The readings of a normalised word, fewest proclitics first."""
    out = []
    for proclitic, rest in readings(norm):
        article = rest.startswith("ال") and len(rest) > 3
        merged = proclitic.endswith("ل") and article and not norm[len(proclitic) :].startswith("ال")
        cut = len(proclitic) - merged
        out.append(Reading(proclitic, rest[2:] if article else rest, article, cut))
        if article and not merged:
            out.append(Reading(proclitic, rest, article=False, cut=cut))  # التقى has no article
    return tuple(out)


class NameIndex:
    """All names of a registry, ready for looking up in any number of texts."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._roots = {"ar": _Node(), "en": _Node()}
        for name in names:
            self._add(name)

    def _add(self, name: Name) -> None:
        words = [_core(t.text, name.language) for t in tokens(name.form) if t.is_word or t.text.isdigit()]
        if not words or name.language not in self._roots:
            return
        node = self._roots[name.language]
        for word in words:
            node = node.setdefault(word, _Node())
        if all(known.key != name.key for known in node.names):
            node.names.append(name)

    def find(self, view: View) -> list[Match]:
        """The longest names from left to right, none inside another."""
        out: list[Match] = []
        i = 0
        while i < len(view.words):
            match = self.at(view, i)
            if match is None:
                i += 1
                continue
            out.append(match)
            i = match.last
        return out

    def at(self, view: View, i: int, most: int | None = None) -> Match | None:
        """The longest name that begins at word i and ends by word `most`."""
        words = view.words
        root = self._roots[view.language]
        most = len(words) if most is None else most
        best: Match | None = None
        for reading in _beginnings(words[i], view.language):
            for last, node in _walk(root, reading.core, words, i, most, view):
                if best is not None and last <= best.last:
                    continue
                name, nisba = self._choose(node.names, view, i, last, reading)
                if name is not None:
                    start = words[i].at(reading.cut) if reading.cut else words[i].start
                    if name.form.startswith("the ") and last > i + 1:
                        start = words[i + 1].start  # the article stays outside in English
                    end = _end(view, words[last - 1], name)
                    best = Match(i, last, start, end, reading.proclitic, name, len(node.names), nisba)
        return best

    def _choose(
        self, names: Sequence[Name], view: View, i: int, last: int, reading: Reading
    ) -> tuple[Name | None, bool]:
        """The name to believe and whether it is used as a nisba; None when the spelling speaks against all of them."""
        shown = view.text[view.words[i].start : view.words[last - 1].end].replace("ـ", "")
        ranked = sorted(names, key=lambda n: (n.form != shown, n.role != "CANONICAL"))
        for name in ranked:
            if view.language == "en":
                if _spelled_en(name, shown):
                    return name, name.role == "NISBA"
            elif (nisba := _spelled_ar(name, view.words, i, last, reading)) is not None:
                return name, nisba
        return None, False


def _core(text: str, language: str) -> str:
    """A word as the trie has it: normal, in lower case, in Arabic without the article."""
    norm = normal_word(text)[0].lower()
    return norm[2:] if language == "ar" and norm.startswith("ال") and len(norm) > 3 else norm


def _end(view: View, word: Word, name: Name) -> int:
    if view.language == "en" and word.text[-2:] in ("'s", "’s") and not name.form.endswith(("'s", "’s")):
        return word.end - 2  # the possessive stays outside, like a clitic
    return word.end


def _beginnings(word: Word, language: str) -> Iterable[Reading]:
    if language == "ar":
        return arabic_readings(word.norm)
    plain = Reading("", word.norm)
    for ending in ("'s", "’s"):
        if plain.core.endswith(ending):
            return plain, Reading("", plain.core[: -len(ending)])
    return (plain,)


def _walk(root: _Node, first: str, words: Sequence[Word], i: int, most: int, view: View) -> Iterator[tuple[int, _Node]]:
    """(index behind the last word, node) for each name that begins so."""
    node = root.get(first)
    last = i + 1
    while node is not None:
        if node.names:
            yield last, node
        if last >= most or not (words[last - 1].joined or _initials(view, words[last - 1], words[last])):
            return
        word = words[last]
        if view.language == "ar":
            key = _core(word.text, "ar")
            following = node.get(key)
            if following is None and key != word.norm:
                following = node.get(word.norm)
        else:
            key = word.norm
            following = node.get(key)
            if following is None and key[-2:] in ("'s", "’s"):
                following = node.get(key[:-2])
        node = following
        last += 1


def _initials(view: View, word: Word, following: Word) -> bool:
    """Names are also held together by the points of initials and by marks inside them: U.S., P5+1, Washington, D.C."""
    gap = view.text[word.end : following.start]
    return gap in (".", ". ", "+", ", ", "، ") and (len(following.text) <= 2 or gap == ".")


# Words that are a name only now and then; they need a word before them that says so.
_DOUBTFUL_AR = frozenset({"مالي", "حماه", "سرت", "جنين", "حلب", "سوسه", "تعز", "تشاد", "صور", "غاني", "كيني", "بنمي", "ليما", "برن"})  # fmt: skip
_VOUCHERS_AR = frozenset(
    {"في", "الي", "من", "دوله", "جمهوريه", "مدينه", "محافظه", "ولايه", "ريف", "العاصمه", "بلده", "مخيم", "مطار"}
)
_NEVER_AR = frozenset({"شرق", "دولي", "ماليه", "شماليه", "روماني", "متوسط"})
_OPEN_KINDS = frozenset({"ORG", "GROUP", "COLLECTIVE", "IGO", "NGO", "BLOC", "IDEOLOGY"})


def _spelled_ar(name: Name, words: Sequence[Word], i: int, last: int, reading: Reading) -> bool | None:
    """None when the word cannot be this name here; else whether it is used as a relational adjective."""
    single = last == i + 1
    if single and reading.core in _NEVER_AR:
        return None
    if single and reading.proclitic and len(reading.core) < 3:
        return None
    before = words[i - 1] if i and words[i - 1].joined else None
    if single and reading.core in _DOUBTFUL_AR and not (before is not None and before.norm in _VOUCHERS_AR):
        return None
    if name.role == "NISBA":
        return True
    if name.has_article and not reading.article:
        # سعودية without its article can only be the adjective.
        return True if single and name.form.endswith("ية") and name.kind == "STATE" else None
    if reading.article and not name.has_article and single and not (name.kind in _OPEN_KINDS and len(name.form) > 4):
        return None
    if single and name.form.endswith("ية") and name.kind == "STATE" and before is not None:
        return before.norm.startswith("ال") and before.norm.endswith(("ه", "ات", "اء")) and not reading.proclitic
    if single and reading.core == "غرب" and last < len(words) and words[last].norm == "من":
        return None  # إلى الغرب من المدينة is a direction
    return False


# English words that are a name only in the case in which the registry writes them.
_CASED_EN = classes("actors_en.tsv")["CASED"]


def _spelled_en(name: Name, shown: str) -> bool:
    form, shown = (text.removeprefix("the ").removeprefix("The ") for text in (name.form, shown))
    folded = norm_key(shown, "en")
    if (name.role == "ABBREV" or folded in _CASED_EN) and not _same_case(form, shown):
        return False
    return not (form[:1].isupper() and shown[:1].islower())


def _same_case(form: str, shown: str) -> bool:
    written = "".join(c for c in form if c.isalpha())
    read = "".join(c for c in shown if c.isalpha())
    return read in (written, written + "s")
