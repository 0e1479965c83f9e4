"""Normal forms for comparing, with an exact way back to the stored text. Normal forms are never stored as text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_DROP = {
    *range(0x0610, 0x061B), *range(0x064B, 0x0660), 0x0670, *range(0x06D6, 0x06EE), 0x0640,
    *range(0x0300, 0x0370), *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x061C, 0xFEFF, 0x00AD,
}  # fmt: skip
_MAP = {
    **dict.fromkeys("أإآٱ", "ا"), "ى": "ي", "ی": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ک": "ك", "گ": "ك",
    "پ": "ب", "چ": "ج", "ژ": "ز", "ڤ": "ف",
}  # fmt: skip


@lru_cache(maxsize=4096)
def normal_letter(char: str) -> str:
    """The normal form of one character: empty when it is dropped, several letters for a ligature such as ﻻ."""
    code = ord(char)
    if code in _DROP:
        return ""
    if 0xFB50 <= code <= 0xFEFC:
        return "".join(normal_letter(c) for c in unicodedata.normalize("NFKC", char) if c != char) or char
    if char in _MAP:
        return _MAP[char]
    if 0xC0 <= code <= 0x24F or 0x1E00 <= code <= 0x1EFF:  # é as e, ğ as g
        char = unicodedata.normalize("NFD", char)[0]
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    return char.lower() if len(char.lower()) == 1 else char


@dataclass(frozen=True, slots=True)
class Normalised:
    """`text` is the normal form; `starts[i]` is the code point of the source that normal character i came from."""

    text: str
    starts: tuple[int, ...]
    source_length: int

    def source_range(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the source behind normal [start, end), marks on its last letter included."""
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"[{start}, {end}) is not in a text of {len(self.text)}")
        last = self.starts[end - 1]
        following = end
        while following < len(self.starts) and self.starts[following] == last:
            following += 1
        stop = self.starts[following] if following < len(self.starts) else self.source_length
        return self.starts[start], stop


def normalise(text: str) -> Normalised:
    """One pass over the text: diacritics, tatweel and invisible marks out, letters that people mix up made equal."""
    forms = list(map(normal_letter, text))
    starts = [i for i, form in enumerate(forms) for _letter in form]
    return Normalised("".join(forms), tuple(starts), len(text))


_GAP = re.compile(r"[\W_]+")
_ARTICLE = re.compile(r"(?<!\w)ال(?=\w{2})")


def norm_key(form: str, language: str) -> str:
    """The key under which a name is looked up: normal letters, single spaces, Arabic articles off, Latin case folded."""
    key = _GAP.sub(" ", "".join(normal_letter(c) for c in unicodedata.normalize("NFC", form))).strip()
    return _ARTICLE.sub("", key) if language == "ar" else key.casefold()
