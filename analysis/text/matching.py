"""Every occurrence of some words in a text, whatever is written together with them: روسيا in وبروسيا, never in بيلاروسيا.

Words are compared by their normal form, word by word. Offsets are code points of the text as it stands, and exact under
diacritics, tatweel, presentation forms and invisible characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise

from analysis.text.clitics import ENCLITICS, LONGEST_FRONT, Front, front, readings
from analysis.text.normalise import Normalised, normal_letter, normalise

_WORD = re.compile(r"[^\W_]+")
_BLANK = r"(?:[^\S\n]++(?:\n[^\S\n]*+)?+|\n[^\S\n]*+|_)"  # any white space but an empty line; the _ of a hashtag
_MAYBE_BLANK = r"[^\S\n]*+(?:\n[^\S\n]*+)?+"
_ALIKE = ("'’‘ʼ`´", "-‐‑‒–—", '"«»“”„')  # punctuation that people mix up
_APOSTROPHES = _ALIKE[0]
# Words whose first letters only look like an article.
_NO_ARTICLE = frozenset({"الله", "الذي", "التي", "الذين", "اللذان", "اللتان", "اللواتي", "اللاتي"})
_OPENED = {"ة": "ت", "ى": "ا", "ء": "يو"}  # the last letter as written -> what it becomes before a suffix
_ACRONYM = 5  # letters at most: WHO is not who
_ENOUGH = 12  # letters that tell whether a text may hold a word; more only make the expression long
_INVISIBLE = ("Cf", "Lm")  # direction marks, joiners, tatweel
# Without ideographs, syllables and surrogates: those are their own normal form.
_ALPHABETS = (*range(0x20, 0x3400), *range(0xA000, 0xAC00), *range(0xF900, 0x20000))


@dataclass(frozen=True, slots=True)
class Forms:
    """Which forms of the words are the same, and how far a hit reaches."""

    exact: bool = False  # spelled as given, with nothing attached
    article: bool = True  # with and without the Arabic article
    suffix: bool = False  # also with a suffix pronoun: قمتهم
    plural: bool = False  # also the English plural or singular
    case: bool | None = None  # None: only what looks like an acronym is told by its capitals
    attached: bool = False  # a hit takes in the letters written together with it


@dataclass(frozen=True, slots=True)
class Hit:
    """An occurrence: `start` and `end` are what the forms ask for.

    The core is without article and suffix, the whole takes in all that is written together.
    """

    start: int
    end: int
    core_start: int
    core_end: int
    whole_start: int
    whole_end: int


@dataclass(frozen=True, slots=True)
class _Word:
    core: str  # normal letters without the article
    written: str  # as given, to see the last letter
    definite: bool
    arabic: bool


class Needle:
    """Words to be found, made ready once for any number of texts. Linear in the text."""

    def __init__(self, quote: str, forms: Forms | None = None) -> None:
        self.forms = forms or Forms()
        self._words, self._gaps, self.written = _read(quote)
        self.letters = sum(len(word.core) for word in self._words)

    @property
    def is_empty(self) -> bool:
        return not self._words

    def find(self, text: str, most: int | None = None) -> list[Hit]:
        """The hits in order, none over another; at most so many."""
        if self.is_empty:
            return []
        hits: list[Hit] = []
        for hit in self._hits(text):
            if len(hits) == most:
                break
            if not hits or hit.start >= hits[-1].end:
                hits.append(hit)
        return hits

    @cached_property
    def prefilter(self) -> str:
        """A regular expression, in the syntax of PostgreSQL too, that each text with a hit matches, and few others."""
        longest = max(self._words, key=lambda word: len(word.core))
        sure = longest.core
        if self.forms.suffix or self.forms.plural:
            sure = sure[: max(1, len(sure) - 3)] if self.forms.plural else sure[:-1] or sure
        sure = sure[:_ENOUGH]
        variants, dropped, ligatures = _spellings()
        between = f"[{dropped}]*"
        return f"{between.join(variants.get(letter, re.escape(letter)) for letter in sure)}|[{ligatures}]"

    # -- finding

    def _hits(self, text: str) -> Iterator[Hit]:
        normal = normalise(text)
        at = 0
        while (found := self._pattern.search(normal.text, at)) is not None:
            hit = self._read_around(text, normal, found)
            if hit is not None:
                yield hit
                at = found.end()
            else:
                at = self._next(normal.text, found.start())

    def _next(self, normal: str, failed: int) -> int:
        """Where to look on: deep inside a word nothing else begins, so that its rest is left out."""
        before = normal[max(0, failed - LONGEST_FRONT - 1) : failed]
        if len(before) > LONGEST_FRONT and all(map(_in_word, before)) and (word := _WORD.match(normal, failed)):
            return word.end()
        return failed + 1

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        first, last = self._words[0], self._words[-1]
        parts = [] if first is last else [re.escape(first.core)]
        for gap, word in zip(self._gaps[:-1], self._words[1:-1], strict=False):
            parts += [gap, self._inner(word)]
        if first is not last:
            parts += [self._gaps[-1], self._inner(last, self._ending(last))]
        else:
            parts = [self._ending(first)]
        return re.compile("".join(parts))

    def _inner(self, word: _Word, ending: str = "") -> str:
        """A word behind the first: nothing attached to it but the article."""
        article = "(?:ال)?" if self.forms.article and word.arabic else "ال" if word.definite else ""
        return article + (ending or re.escape(word.core))

    def _ending(self, word: _Word) -> str:
        """The last word in all its forms; the group `open` marks one that needs a suffix."""
        core = word.core
        if word.arabic and self.forms.suffix and len(core) > 2:
            opened = _OPENED.get(word.written, "ت" if core[-1] == "ه" else "")
            if opened:
                return f"{re.escape(core[:-1])}(?:{re.escape(core[-1])}|(?P<open>[{opened}]))"
        if not word.arabic and self.forms.plural and len(core) > 2:
            stem, endings = _plural(core)
            return f"{re.escape(stem)}(?:{endings})"
        return re.escape(core)

    def _read_around(self, text: str, normal: Normalised, found: re.Match[str]) -> Hit | None:
        """Whether only what may be attached stands around the match, and the hit that it then is."""
        first, last = self._words[0], self._words[-1]
        begins = self._front(text, normal, found.start(), first)
        ends = self._end(normal.text, found, last)
        if begins is None or ends is None:
            return None
        word_start, before = begins
        end, whole_end, suffix = ends
        start = word_start + len(before.proclitics)
        forms = self.forms
        if forms.exact and (before.proclitics or suffix):
            return None
        extent = _extent(text, normal, start, end)
        whole = _extent(text, normal, word_start, whole_end)
        written = text[slice(*extent)]
        if forms.exact and _squeezed(written) != self.written:
            return None
        core = _extent(text, normal, *found.span())
        if self._minds_case and _cased(text[slice(*core)]) != _cased(self.written):
            return None
        return Hit(*(whole if forms.attached else extent), *core, *whole)

    def _front(self, text: str, normal: Normalised, at: int, word: _Word) -> tuple[int, Front] | None:
        """Where the word begins and how what stands before the core is read."""
        begin = at
        while begin and at - begin <= LONGEST_FRONT and _joined(normal.text[begin - 1], normal.text[begin]):
            begin -= 1
        # With a long name even a short first word is beyond doubt.
        before = front(normal.text[begin:at], max(len(word.core), min(self.letters, 3) if len(self._words) > 1 else 0))
        if before is None:
            return None
        if word.arabic and before.article != word.definite and not self.forms.article:
            return None
        if before.article and text[normal.starts[begin + len(before.proclitics)]] in "أإآ":
            return None
        return begin, before

    def _end(self, normal: str, found: re.Match[str], word: _Word) -> tuple[int, int, str] | None:
        """Ends of the hit and of all that is written together, and the suffix."""
        end = stop = found.end()
        while stop < len(normal) and stop - end <= 3 and _joined(normal[stop - 1], normal[stop]):
            stop += 1
        suffix = normal[end:stop]
        needed = "open" in found.re.groupindex and found["open"] is not None
        if suffix:
            if not (word.arabic and self.forms.suffix and suffix in ENCLITICS):
                return None
        elif needed:
            return None
        whole = stop
        if (
            not word.arabic
            and normal[stop : stop + 1]
            and normal[stop] in _APOSTROPHES
            and normal[stop + 1 : stop + 2] == "s"
        ):
            behind = normal[stop + 2 : stop + 3]
            whole = stop if behind and _in_word(behind) else stop + 2
        return stop, whole, suffix

    @cached_property
    def _minds_case(self) -> bool:
        if self.forms.exact:
            return False  # the spelling says all
        if self.forms.case is not None:
            return self.forms.case
        cased = _cased(self.written)
        return len(self._words) == 1 and 2 <= len(cased) <= _ACRONYM and cased.isupper()


def cores(quote: str) -> list[str]:
    """The quote without letters that may only be attached to its first word, to be offered: بروسيا -> روسيا.

    Nobody can be sure without a dictionary; بروسيا is also the name of Prussia.
    """
    quote = quote.strip()
    normal = normalise(quote)
    word = _WORD.search(normal.text)
    if word is None or not _is_arabic(word.group()):
        return []
    out: list[str] = []
    for proclitic, rest in readings(word.group())[1:]:
        merged = proclitic.endswith("ل") and rest.startswith("ال") and not word.group().startswith("ال", len(proclitic))
        left = rest.removeprefix("ال") if merged else rest
        if len(left) < 3:
            continue
        at = normal.starts[word.end() - len(left)]
        core = ("ال" if merged else "") + quote[at:]
        if core not in out:
            out.append(core)
    return out


def _read(quote: str) -> tuple[list[_Word], list[str], str]:
    """The words of a quote, the patterns of what stands between them, and the quote without what stands around."""
    normal = normalise(quote)
    found = list(_WORD.finditer(normal.text))
    if len(found) > 1 and found[-1].group() == "s" and normal.text[found[-2].end() : found[-1].start()] in _APOSTROPHES:
        found.pop()  # a possessive is attached, not part of the name
    if not found:
        return [], [], ""
    words = [_word(quote, normal, m, first=m is found[0]) for m in found]
    gaps = [_gap(normal.text[a.end() : b.start()]) for a, b in pairwise(found)]
    start, end = _extent(quote, normal, found[0].start(), found[-1].end())
    return words, gaps, _squeezed(quote[start:end])


def _word(quote: str, normal: Normalised, found: re.Match[str], *, first: bool) -> _Word:
    letters = found.group()
    written = quote[normal.starts[found.end() - 1]]
    arabic = _is_arabic(letters)
    bare = quote[normal.starts[found.start()]] not in "أإآ"
    if arabic and bare and letters.startswith("ال") and len(letters) > 3 and letters not in _NO_ARTICLE:
        return _Word(letters[2:], written, definite=True, arabic=True)
    if arabic and first and letters.startswith("لل") and len(letters) > 4:
        return _Word(letters[2:], written, definite=True, arabic=True)
    return _Word(letters, written, definite=False, arabic=arabic)


def _gap(between: str) -> str:
    signs = [c for c in between if not c.isspace() and c != "_"]
    if not signs:
        return _BLANK if between else ""
    same = [next((f"[{re.escape(group)}]" for group in _ALIKE if c in group), re.escape(c)) for c in signs]
    return _MAYBE_BLANK + _MAYBE_BLANK.join(same) + _MAYBE_BLANK


def _plural(core: str) -> tuple[str, str]:
    if core.endswith("ies"):
        return core[:-3], "ies|y"
    if core.endswith("y") and core[-2] not in "aeiou":
        return core[:-1], "ies|y"
    if core.endswith("s") and not core.endswith(("ss", "us", "is")):
        return core[:-1], "s|"
    return core, "es|s|"


def _is_arabic(letters: str) -> bool:
    return "\u0600" <= letters[:1] <= "\u06ff" and letters[:1].isalpha()


def _in_word(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char)[0] == "M"


def _joined(left: str, right: str) -> bool:
    """Whether two neighbours belong to one word. Arabic letters and numbers next to each other do not."""
    if not (_in_word(left) and _in_word(right)):
        return False
    return not ((left.isdecimal() and _is_arabic(right)) or (right.isdecimal() and _is_arabic(left)))


def _extent(text: str, normal: Normalised, start: int, end: int) -> tuple[int, int]:
    """The stretch of the source, without invisible characters behind its last mark."""
    first, stop = normal.source_range(start, end)
    while stop > first + 1 and unicodedata.category(text[stop - 1]) in _INVISIBLE and not normal_letter(text[stop - 1]):
        stop -= 1
    return first, stop


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _cased(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if c.isupper() or c.islower())


@cache
def _spellings() -> tuple[dict[str, str], str, str]:
    """Each normal letter as a class of what is written for it, all that is dropped, and what stands for several letters."""
    written: dict[str, list[str]] = {}
    dropped: list[str] = []
    several: list[str] = []
    for code in _ALPHABETS:
        char = chr(code)
        normal = normal_letter.__wrapped__(char)  # past the cache, which is for texts
        if not normal:
            dropped.append(char)
        elif len(normal) > 1:
            several.append(char)
        elif normal != char or char.isalnum():
            written.setdefault(normal, []).append(char)
    classes = {
        letter: f"[{''.join(chars)}]" for letter, chars in written.items() if len(chars) > 1 and letter.isalnum()
    }
    return classes, _ranges(dropped), _ranges(several)


def _ranges(chars: list[str]) -> str:
    """Characters in rising order as the inside of a class."""
    out: list[str] = []
    first = last = chars[0]
    for char in [*chars[1:], ""]:
        if char and ord(char) == ord(last) + 1:
            last = char
            continue
        out.append(first if first == last else f"{first}-{last}")
        first = last = char
    return "".join(out)
