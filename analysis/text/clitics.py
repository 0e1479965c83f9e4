"""What Arabic writes together with a word: conjunctions, prepositions, the future sin, the article, suffix pronouns.

Without a morphology nobody can be sure (`وزير` has no conjunction), so these are candidates and cursor stops.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ARABIC = "\u0621-\u063a\u0641-\u064a\u0671"
_MARK = "\u064b-\u0652\u0670\u0640"
ENCLITICS = ("هما", "كما", "هم", "هن", "كم", "كن", "نا", "ها", "ه", "ك", "ي")
_ENCLITICS = re.compile(f"({'|'.join(ENCLITICS)})$")
_MIN_STEM = 3
_FRONT = re.compile(r"(?P<conjunction>[وف]?)(?:(?P<merged>لل)|(?P<preposition>[بكل]?)(?P<article>ال)?|(?P<future>س))")
LONGEST_FRONT = 4  # letters: وبال


def readings(word: str) -> list[tuple[str, str]]:
    """All (proclitics, rest) splits of a normalised Arabic word, the unsplit one first.

    `للغرب` gives the rest `الغرب` with the proclitic `ل`: the fused article is restored.
    """
    out = [("", word)]
    fronts = [""]
    if word[:1] in "وف" and len(word) >= _MIN_STEM:
        fronts.append(word[0])
    for front in fronts:
        rest = word[len(front) :]
        if front:
            out.append((front, rest))
        if len(rest) > _MIN_STEM and rest[0] in "بكلس":
            if rest.startswith("لل"):
                out.append((front + "ل", "ال" + rest[2:]))
            out.append((front + rest[0], rest[1:]))
    return out


def stops(word: str) -> list[int]:
    """Offsets inside a word where a cursor may stop: behind each proclitic, behind the article, before the suffix."""
    found: set[int] = set()
    at = 0
    letters = [i for i, c in enumerate(word) if re.match(f"[{_ARABIC}]", c)]
    if not letters:
        return []

    def left(position: int) -> int:
        return sum(1 for i in letters if i >= position)

    for group in ("وف", "بكلس"):
        if word[at : at + 1] and word[at] in group and left(at + 1) >= 2:
            at += 1
            while at < len(word) and re.match(f"[{_MARK}]", word[at]):
                at += 1
            found.add(at)
    if word.startswith("ال", at) and left(at + 2) >= 2:
        found.add(at + 2)
    if (suffix := _ENCLITICS.search(word)) and sum(1 for i in letters if i < suffix.start()) >= 3:
        found.add(suffix.start())
    return sorted(s for s in found if 0 < s < len(word))


@dataclass(frozen=True, slots=True)
class Front:
    """What stands before a core in its word: `proclitics`, letters that stay outside of it, and whether an article follows.

    Where ل and the article have merged nothing but the conjunction stays outside: of `وللقمة` that is و.
    """

    proclitics: str = ""
    article: bool = False


def front(letters: str, core: int) -> Front | None:
    """Read the normal letters before a core of `core` letters as proclitics and article; None when they are others."""
    found = _FRONT.fullmatch(letters)
    if found is None or core < 2:
        return Front() if not letters else None
    conjunction, merged = found["conjunction"], bool(found["merged"])
    outside = conjunction if merged else conjunction + (found["preposition"] or found["future"] or "")
    if core < _MIN_STEM and (merged or len(outside) > len(conjunction)):
        return None  # بيد is a word of its own more often than بـ and يد
    return Front(outside, merged or bool(found["article"]))
