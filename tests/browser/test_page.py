"""The page as a whole: offsets, painters, what far texts cost, readers that speak, small screens, colours."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from annotator.corpus.models import Document
from annotator.teams.models import User
from tests import build
from tests.browser.conftest import Desk

pytestmark = pytest.mark.browser
Visit = Callable[..., Desk]
PIECES = [
    "القمة", "والأمن", "لا", "الإسلام", "نیم‌فاصله", "قَالَ", "ـــ", "🇸🇦", "👨‍👩‍👧", "𐤀𐤁", "😀", "é", "ﷺ", "\u200f", "\u202b",
    "\u202c", "\u2067", "\u2069", "\ufeff", "a<b>&amp;", "'\"", "  ", "\t", "\n", "\n\n", " ", ". ", "\r\n", "2022", "٢٠٢٢", "\u200d", "\u0301",
]  # fmt: skip


def test_offsets_are_the_same_in_python_and_in_the_page(visit: Visit, annotator: User) -> None:
    """4 texts x 5,000 ranges: each code point range of the database is the same text in the page."""
    chance = random.Random(11)
    of = build.project()
    build.member(of, person=annotator)
    wrong = 0
    desk: Desk | None = None
    for number in range(4):
        text = f"{number} " + "".join(chance.choice(PIECES) for _ in range(1500)) + " نهاية"
        document = build.document(of, text, title=f"T {number}")
        build.assignment(document, annotator)
        if desk is None:
            desk = visit(document, annotator)
        desk.document = document
        desk.open()
        stored = Document.objects.get(pk=document.pk).text
        assert "\r" not in stored
        assert desk.run("return canvas.editable"), "length and checksum agree"
        starts = [chance.randrange(len(stored)) for _ in range(5000)]
        ranges = [[start, min(len(stored), start + chance.randrange(1, 60))] for start in starts]
        found = desk.run(
            """return x.map(([s, e]) => {
                const {paper} = canvas, [a, b] = [paper.map.toUnits(s), paper.map.toUnits(e)];
                return [paper.quote(a, b), paper.map.toPoints(a), paper.map.toPoints(b)];
            })""",
            ranges,
        )
        wrong += sum(answer != [stored[s:e], s, e] for (s, e), answer in zip(ranges, found, strict=True))
        # And through the DOM: what a selection would say.
        through = desk.run(
            """return x.slice(0, 1000).map(([s, e]) => {
                const {paper} = canvas, r = paper.range(paper.map.toUnits(s), paper.map.toUnits(e));
                return [paper.offsetOf(r.startContainer, r.startOffset), paper.offsetOf(r.endContainer, r.endOffset)]
                    .map((unit) => paper.map.toPoints(unit));
            })""",
            ranges,
        )
        wrong += sum(answer != [s, e] for (s, e), answer in zip(ranges, through, strict=False))
    assert wrong == 0


def test_a_text_that_differs_from_the_stored_one_cannot_be_marked(
    visit: Visit, article: Document, annotator: User
) -> None:
    desk = visit(article, annotator)

    def tamper(route: Any) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=response.text().replace("الثلاثاء", "الأربعاء"))

    desk.page.route("**/documents/*/", tamper)
    desk.open()
    expect(desk.page.locator('.banner[role="alert"]')).to_be_visible()
    desk.run("canvas.selecting.set(0, 4)")
    desk.press("Digit1", "١")
    assert desk.run("return canvas.store.spans.size") == 0


def test_browsers_without_highlights_get_rectangles(visit: Visit, article: Document, annotator: User) -> None:
    build.edit(annotator, article, build.add_span(article, 0, 4, "ACTOR"))
    desk = visit(article, annotator)
    desk.page.add_init_script("Object.defineProperty(CSS, 'highlights', {value: undefined})")
    desk.open()
    box = desk.page.locator(".ac-rect.ac-actor-0").bounding_box()
    assert box is not None
    x, y = desk.point(1)
    assert box["x"] <= x <= box["x"] + box["width"]
    assert box["y"] <= y <= box["y"] + box["height"]
    desk.select("قطر")
    desk.label("EVENT")
    desk.saved()
    assert [s.quote for s in desk.spans()] == ["وقّع", "قطر"]
    expect(desk.page.locator(".ac-rect.ac-event-0")).to_have_count(1)
    desk.page.keyboard.press("Delete")
    expect(desk.page.locator(".ac-rect.ac-event-0")).to_have_count(0)


def test_a_long_text_has_ranges_only_where_one_looks_and_few_nodes(visit: Visit, annotator: User) -> None:
    of = build.project()
    build.member(of, person=annotator)
    line = "وقّع قادة دول مجلس التعاون في مدينة العُلا بيانًا أنهى خلافًا دام أكثر من ثلاث سنوات مع قطر. " * 3
    document = build.document(of, "\n".join(f"{n} {line}" for n in range(400)), title="طويل")
    build.assignment(document, annotator)
    text = document.text
    every = [
        {
            "id": build.new_id(),
            "op": "add_span",
            "span": {"id": build.new_id(), "label": "ACTOR", "start": at, "end": at + 5, "quote": text[at : at + 5]},
        }
        for at in range(10, len(text) - 10, 60)
    ]
    for first in range(0, len(every), 200):
        build.edit(annotator, document, *every[first : first + 200])
    desk = visit(document, annotator).open()
    live = "return [...CSS.highlights.values()].reduce((n, h) => n + h.size, 0)"
    assert 0 < desk.run(live) < 1000
    desk.page.locator("#tab-list").click()
    expect(desk.page.locator(".marks-list li")).to_have_count(100)
    last = desk.run("return canvas.store.spans.ordered().at(-1).id")
    desk.run("canvas.picking.select(x, {reveal: true})", last)
    desk.page.wait_for_timeout(200)
    y = desk.run(
        "const s = canvas.store.spans.get(x), b = canvas.paper.range(s.from, s.to).getBoundingClientRect(); return b.y",
        last,
    )
    assert 56 < y < 830
    assert 0 < desk.run(live) < 1000


def test_a_canvas_taken_out_of_the_page_leaves_nothing_behind(visit: Visit, article: Document, annotator: User) -> None:
    build.edit(annotator, article, build.add_span(article, 0, 4, "ACTOR"))
    desk = visit(article, annotator).open()
    assert desk.run("return [...CSS.highlights.keys()].length") > 0
    desk.run("canvas.remove()")
    assert desk.page.evaluate("[...CSS.highlights.keys()].length") == 0
    desk.page.keyboard.press("1")  # no listener is left that would throw


def test_the_keyboard_cursor_is_heard(visit: Visit, article: Document, annotator: User) -> None:
    build.edit(annotator, article, build.add_span(article, 0, 4, "EVENT"))
    desk = visit(article, annotator).open()
    desk.page.locator("annotation-canvas").focus()
    desk.page.keyboard.press("ArrowLeft")
    expect(desk.page.locator('[data-part="live"]')).to_have_text("وقّع، حدث")


@pytest.mark.parametrize("width", [320, 400, 1280])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_no_page_is_wider_than_the_screen(
    visit: Visit, article: Document, annotator: User, width: int, language: str
) -> None:
    build.edit(annotator, article, build.add_span(article, 0, 4, "EVENT"))
    desk = visit(article, annotator, language=language, width=width, height=780).open()
    for act in ("", "canvas.picking.select([...canvas.store.spans.byId.keys()][0])", "canvas.panel.show('list')"):
        desk.run(act)
        assert desk.run("return document.documentElement.scrollWidth") <= width
    inside = desk.page.locator("article.sheet p").first.bounding_box()
    assert inside is not None
    assert inside["x"] >= 0
    assert inside["x"] + inside["width"] <= width
