"""From bytes to the canonical text that is stored and never changed afterwards.

Canonical means: line ends are LF, one leading BOM is gone, nothing else is touched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


class TextError(ValueError):
    """A text that cannot be stored. `code` is stable; `position` is in code points (bytes for undecodable input)."""

    def __init__(self, code: str, position: int | None = None) -> None:
        super().__init__(f"{code} at {position}" if position is not None else code)
        self.code = code
        self.position = position


@dataclass(frozen=True, slots=True)
class Decoded:
    """`text` is canonical; `encoding` is the Python name of what the bytes were in."""

    text: str
    encoding: str


_SURROGATE = re.compile("[\ud800-\udfff]")
# Neither space nor one of the signs that only steer the others: direction marks, joiners, soft hyphens, byte order marks.
_VISIBLE = re.compile("[^\\s\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


def canonical(text: str) -> str:
    """The text as it is stored. Raises TextError `empty`, `nul` or `lone_surrogate` with the position."""
    if text.startswith("\ufeff"):
        text = text[1:]
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if (nul := text.find("\0")) >= 0:
        raise TextError("nul", nul)
    if found := _SURROGATE.search(text):
        raise TextError("lone_surrogate", found.start())
    if not _VISIBLE.search(text):
        raise TextError("empty")
    return text


_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
# What Arabic prose is full of: reading it in a wrong code page yields other letters, not these words.
_COMMON_AR = re.compile(
    r"(?<![\u0621-\u064a])(?:في|من|على|إلى|عن|أن|التي|الذي|هذا|هذه|مع|بعد|قال|كان|لا|ما)(?![\u0621-\u064a])"
)
_ARABIC = re.compile(r"[\u0621-\u064a]")
_ODD = re.compile(r"[\x80-\x9f\x00-\x08\x0b\x0c\x0e-\x1f]")


def decode(raw: bytes) -> Decoded:
    """Read bytes as UTF-8, UTF-16, Windows-1256 or ISO 8859-6, whichever they can only be.

    UTF-8 is tried strictly first, so that Arabic never turns into other letters silently.
    Raises TextError `undecodable` or `binary` when none fits, and those of `canonical`.
    """
    if not raw.strip():
        raise TextError("empty")
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            return Decoded(canonical(_strict(raw, encoding)), encoding.removesuffix("-sig"))
    if (guess := _utf16_without_bom(raw)) is not None:
        return Decoded(canonical(_strict(raw, guess)), guess)
    try:
        return Decoded(canonical(raw.decode("utf-8")), "utf-8")
    except UnicodeDecodeError as error:
        broken_at = error.start
    if raw.count(b"\0") or sum(byte < 9 for byte in raw[:4096]) > 8:
        raise TextError("binary", raw.find(b"\0") if b"\0" in raw else 0)
    best: tuple[float, str, str] | None = None
    for encoding in ("cp1256", "iso8859_6"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        score = _arabic_score(text)
        if best is None or score > best[0]:
            best = (score, encoding, text)
    if best is None or best[0] < 0.2:
        raise TextError("undecodable", broken_at)
    return Decoded(canonical(best[2]), {"cp1256": "windows-1256", "iso8859_6": "iso-8859-6"}[best[1]])


def _strict(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise TextError("undecodable", error.start) from error


def _utf16_without_bom(raw: bytes) -> str | None:
    """UTF-16 shows by its byte pattern: spaces and line feeds have a zero half, Arabic letters a 06 half."""
    if len(raw) < 4 or len(raw) % 2:
        return None
    head = raw[:4000]
    even, odd = head[0::2], head[1::2]
    for high, low, encoding in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        typical = sum(byte in (0x00, 0x06) for byte in high) / len(high)
        other = sum(byte in (0x00, 0x06) for byte in low) / len(low)
        if typical > 0.9 and other < 0.2:
            return encoding
    return None


def _arabic_score(text: str) -> float:
    """Share of Arabic letters, plus common words, minus control characters; about 0 for a wrong code page."""
    sample = text[:20_000]
    letters = sum(map(str.isalpha, sample)) or 1
    arabic = len(_ARABIC.findall(sample)) / letters
    common = len(_COMMON_AR.findall(sample)) / (len(sample.split()) or 1)
    odd = len(_ODD.findall(sample)) / len(sample)
    # A short Arabic line may hold none of the common words, so the letters must be able to carry it.
    return (0.5 * arabic + 4 * common - 10 * odd) if arabic > 0.3 else 0.0
