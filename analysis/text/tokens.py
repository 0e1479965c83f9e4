"""Tokens and sentences of both languages, with offsets in code points of the text given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"[^\W\d_]+(?:[\u0610-\u061a\u0640\u064b-\u065f\u0670\u200c\u200d\u0300-\u036f'’][^\W\d_]*)*|\d+|[^\w\s]|_"
)


@dataclass(frozen=True, slots=True)
class Token:
    start: int
    end: int
    text: str

    @property
    def is_word(self) -> bool:
        return self.text[0].isalpha()


def tokens(text: str, offset: int = 0) -> list[Token]:
    """Words with their marks, numbers, and single punctuation characters, in order."""
    return [Token(m.start() + offset, m.end() + offset, m.group()) for m in _TOKEN.finditer(text)]


_BREAK = re.compile(r"(?<![.!?؟])[.!?؟]+[»”\"')\]]*(?=\s)|\n+|؛(?=\s)")
_ABBREVIATION = re.compile(r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Gen|Sen|Rep|St|vs|No|U\.S|U\.K|U\.N|e\.g|i\.e)|\b[A-Zأ-ي])\.$")


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Sentence extents without surrounding white space. Numbers (3.5), initials and usual abbreviations do not end one."""
    start = 0
    for found in _BREAK.finditer(text):
        if found.group().startswith(".") and _ABBREVIATION.search(
            text, max(start, found.start() - 6), found.start() + 1
        ):
            continue
        yield from _trimmed(text, start, found.end())
        start = found.end()
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end
