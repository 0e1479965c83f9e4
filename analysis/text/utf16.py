"""Code points here, UTF-16 units in browsers and Java: the way across."""

from __future__ import annotations

from bisect import bisect_left


class Utf16Map:
    """Converts offsets of one text both ways. Code points outside the BMP take two units."""

    def __init__(self, text: str) -> None:
        self._astral = [i for i, c in enumerate(text) if ord(c) > 0xFFFF]
        self._astral16 = [i + n for n, i in enumerate(self._astral)]

    def to_utf16(self, offset: int) -> int:
        return offset + bisect_left(self._astral, offset)

    def to_code_points(self, offset: int) -> int:
        """Raises ValueError for an offset inside a surrogate pair."""
        before = bisect_left(self._astral16, offset)
        if before and self._astral16[before - 1] + 1 == offset:
            raise ValueError(f"{offset} splits a character")
        return offset - before
