"""How much of its letters a font loses in Chromium where a highlight begins or ends inside a word.

Chromium paints a text with highlights piece by piece, each clipped to its stretch; what a glyph has beyond that edge is
not painted. So edges inside a lam-alef are painted at its outer side (snapPaint of static/annotator/model.js), and what
is left depends on the font: it is measured with the file that is shipped, and with the product's own snapPaint.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "annotator" / "jobs" / "sample" / "articles.jsonl"
SEEN = 0.03  # the share of a word's ink that may be missing before anybody could see it
AT_ONCE = 600  # words in one picture
# Beyond the sample articles: lam-alef in all forms and places, marks on letters, letters of Persian, Urdu and Kurdish.
HARD_ONES = (
    "لا للأمن بلاد الآن لأجل الإسلام فلأن سلاح ولاية كلا الألف لإعلان مُسلَّم قَرَّرَ وَقَّعَ العُلا لِلأُمَّةِ الٱتحاد اللّٰه "
    "ﷺ محمّد گفتگو پژوهش چین کی یہودی ژاپن ڈاکٹر ٹریننگ کوردستان ئێران هێڤی ۆ القُـدس الـ٣٠ بـالأمم"
)
_STYLE = """
@font-face { font-family: measured; src: url(data:font/woff2;base64,%s); }
body { margin: 0; background: #fff; color: #000; }
main { display: grid; grid-template-columns: repeat(8, 160px); grid-auto-rows: 56px; direction: rtl; }
p { margin: 0; padding: 4px 12px; font: 22px/48px measured; white-space: pre; overflow: clip; }
::highlight(a) { background-color: #ff0; }
::highlight(b) { background-color: #fe0; }
"""
_LAY = """async ([items]) => {
    const main = document.querySelector("main");
    main.replaceChildren();
    const marks = { a: new Highlight(), b: new Highlight() };
    CSS.highlights.clear();
    for (const [word, ranges] of items) {
        const p = document.createElement("p");
        p.append(word);
        main.append(p);
        for (const [name, from, to] of ranges) {
            const range = new Range();
            range.setStart(p.firstChild, from);
            range.setEnd(p.firstChild, to);
            marks[name].add(range);
        }
    }
    for (const name of ["a", "b"]) CSS.highlights.set(name, marks[name]);
    await document.fonts.load("22px measured", "لا");
    if (!document.fonts.check("22px measured", "لا")) throw new Error("the font did not load");
}"""
# Marks are yellow, so the red part of each pixel is the letters alone.
_WEIGH = """async ([picture, n]) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${picture}`)).blob());
    const canvas = new OffscreenCanvas(image.width, image.height);
    const pen = canvas.getContext("2d");
    pen.drawImage(image, 0, 0);
    const { data } = pen.getImageData(0, 0, image.width, image.height);
    const ink = new Array(n).fill(0);
    for (let y = 0; y < image.height; y++)
        for (let x = 0; x < 1280; x++) {
            const cell = Math.floor(y / 56) * 8 + 7 - Math.floor(x / 160);
            if (cell < n) ink[cell] += 255 - data[4 * (y * image.width + x)];
        }
    return ink;
}"""
_MODULES = ("offsets.js", "model.js")
_SNAP = """async (items) => {
    const { snapPaint } = await import("#annotator/model.js");
    return items.map(([word, ranges]) =>
        [word, ranges.map(([name, from, to]) => [name, snapPaint(word, from, -1), snapPaint(word, to, 1)])]);
}"""
_GRAPHEMES = """(words) => words.map((word) =>
    [...new Intl.Segmenter("ar", { granularity: "grapheme" }).segment(word)].map((s) => s.index))"""


@dataclass(frozen=True)
class Loss:
    """A highlight edge that takes something away: `share` of the word's ink."""

    word: str
    boundary: int
    kind: str
    share: float


def own_words() -> list[str]:
    """Every distinct Arabic word of the sample articles, and the hard ones."""
    lines = SAMPLES.read_text(encoding="utf-8").splitlines()
    texts = " ".join(json.loads(line)["text"] for line in lines)
    found = re.findall(r"[\u0621-\u0652\u0670\u0671]{2,12}", texts)
    return list(dict.fromkeys([*HARD_ONES.split(), *found]))


def lost_ink(browser: Browser, font: Path, words: list[str], *, snapped: bool = True) -> tuple[int, list[Loss]]:
    """How many edges were tried (every boundary between letters, begun, ended, nested, overlapping), and which lose ink.

    `snapped` paints as the canvas does, else the edges stay where they are.
    """
    page = browser.new_page(viewport={"width": 1280, "height": 56 * ((AT_ONCE + 7) // 8)}, device_scale_factor=1)
    try:
        letters = base64.b64encode(font.read_bytes()).decode()
        page.set_content(f"<!doctype html>{_import_map()}<style>{_STYLE % letters}</style><main></main>")
        tried = [
            (word, at, kind, ranges)
            for word, stops in zip(words, page.evaluate(_GRAPHEMES, words), strict=True)
            for at in stops[1:]
            for kind, ranges in _kinds(at, len(word.encode("utf-16-le")) // 2)
        ]
        whole = dict(zip(words, _ink(page, [(word, []) for word in words]), strict=True))
        edges = [(word, ranges) for word, _, _, ranges in tried]
        inks = _ink(page, page.evaluate(_SNAP, edges) if snapped else edges)
        lost = [
            Loss(word, at, kind, round(1 - ink / whole[word], 3))
            for (word, at, kind, _), ink in zip(tried, inks, strict=True)
            if ink < whole[word] * (1 - SEEN)
        ]
        return len(tried), lost
    finally:
        page.close()


def _import_map() -> str:
    """The modules in the page itself: there is no server behind it."""
    sources = {name: (ROOT / "static" / "annotator" / name).read_bytes() for name in _MODULES}
    urls = {
        f"#annotator/{n}": f"data:text/javascript;base64,{base64.b64encode(s).decode()}" for n, s in sources.items()
    }
    return f'<script type="importmap">{json.dumps({"imports": urls})}</script>'


def _kinds(at: int, end: int) -> list[tuple[str, list[tuple[str, int, int]]]]:
    return [
        ("ended", [("a", 0, at)]),
        ("begun", [("a", at, end)]),
        ("nested", [("a", 0, end), ("b", 0, at)]),
        ("overlapping", [("a", 0, at), ("b", max(0, at - 1), end)]),
    ]


def _ink(page: Any, items: list[tuple[str, list[tuple[str, int, int]]]]) -> list[float]:
    found: list[float] = []
    for first in range(0, len(items), AT_ONCE):
        part = items[first : first + AT_ONCE]
        page.evaluate(_LAY, [part])
        picture = base64.b64encode(page.screenshot()).decode()
        found += page.evaluate(_WEIGH, [picture, len(part)])
    return found
