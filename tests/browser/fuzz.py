"""Texts that are hard to count in, and the ranges of them in Python against those in the page."""

from __future__ import annotations

import random
from collections.abc import Callable

from playwright.sync_api import Page

PIECES = [
    "القمة", "والأمن", "لا", "الإسلام", "نیم‌فاصله", "قَالَ", "ـــ", "🇸🇦", "👨‍👩‍👧", "𐤀𐤁", "😀", "é", "ﷺ", "ﻻ", "ﺍﻟﺴﻼﻡ", "\u200f", "\u202b",
    "\u202c", "\u2067", "\u2069", "\u061c", "\ufeff", "a<b>&amp;", "'\"", "  ", "\t", "\n", "\n\n", " ", ". ", "\r\n", "\r", "2022", "٢٠٢٢",
    "\u200d", "\u0301", "\u00a0", "\u2028",
]  # fmt: skip
_PAGE = """(ranges) => {
    const {paper} = document.querySelector("annotation-canvas");
    return ranges.map(([s, e]) => {
        const [a, b] = [paper.map.toUnits(s), paper.map.toUnits(e)];
        const r = paper.range(a, b);
        const dom = [paper.offsetOf(r.startContainer, r.startOffset), paper.offsetOf(r.endContainer, r.endOffset)];
        return [paper.quote(a, b), paper.map.toPoints(a), paper.map.toPoints(b), ...dom.map((unit) => paper.map.toPoints(unit))];
    });
}"""


def wrong_offsets(page: Page, show: Callable[[str], str], *, texts: int, ranges: int, seed: int = 11) -> int:
    """How many of some random ranges are not the same text, or not the same place in the DOM, in Python and in the page.

    `show` puts a text into a document, opens it in the page and returns the text as it was stored.
    """
    chance = random.Random(seed)
    wrong = 0
    for number in range(texts):
        stored = show(f"{number} " + "".join(chance.choice(PIECES) for _ in range(1500)) + " نهاية")
        assert "\r" not in stored
        assert page.evaluate("document.querySelector('annotation-canvas').editable"), "length and checksum agree"
        starts = [chance.randrange(len(stored)) for _ in range(ranges // texts)]
        wanted = [(start, min(len(stored), start + chance.randrange(1, 60))) for start in starts]
        found = page.evaluate(_PAGE, wanted)
        wrong += sum(answer != [stored[s:e], s, e, s, e] for (s, e), answer in zip(wanted, found, strict=True))
    return wrong
