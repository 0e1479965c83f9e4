"""Selecting and marking with a finger: real touches through the browser's own gestures."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from annotator.corpus.models import Document
from annotator.teams.models import User
from tests import build
from tests.browser.conftest import Desk
from tests.browser.test_selecting import selected, talks

pytestmark = pytest.mark.browser
Visit = Callable[..., Desk]
__all__ = ["talks"]


class Finger:
    """One finger on the screen."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.devtools = desk.page.context.new_cdp_session(desk.page)

    def _send(self, kind: str, *points: tuple[float, float]) -> None:
        touches = [{"x": x, "y": y} for x, y in points]
        self.devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def tap(self, x: float, y: float) -> None:
        self._send("touchStart", (x, y))
        self._send("touchEnd")

    def press(self, x: float, y: float, selects: Callable[[], None]) -> None:
        """A long press. Without a system that draws handles Chromium selects nothing itself, so `selects` does."""
        self._send("touchStart", (x, y))
        selects()
        self._send("touchCancel")

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self._send("touchStart", start)
        for step in range(1, 6):
            at = tuple(a + (b - a) * step / 5 for a, b in zip(start, end, strict=True))
            self._send("touchMove", (at[0], at[1]))
        self._send("touchEnd")


def at_phone(visit: Visit, document: Document, person: User, language: str = "ar") -> Desk:
    return visit(document, person, language=language, width=400, height=780, touch=True).open()


def long_press(desk: Desk, quote: str) -> None:
    at = desk.document.text.index(quote) + len(quote) // 2
    Finger(desk).press(*desk.point(at), lambda: stretch(desk, quote, quote))
    desk.until("return canvas.selecting.some")


def stretch(desk: Desk, start: str, end: str) -> None:
    """What a long press and dragging a handle of the browser make: some letters of the first and the last word."""
    text = desk.document.text
    select = "const r = canvas.paper.range(...x); getSelection().setBaseAndExtent(r.startContainer, r.startOffset, r.endContainer, r.endOffset)"
    desk.run(select, [text.index(start) + 1, text.index(end) + len(end) - 1])


def test_a_long_press_selects_the_word_and_brings_the_labels(visit: Visit, article: Document, annotator: User) -> None:
    desk = at_phone(visit, article, annotator)
    long_press(desk, "التعاون")
    assert selected(desk) == "التعاون"
    assert desk.page.evaluate("getSelection().isCollapsed") is False, "the handles of the browser are kept"
    bar = desk.page.locator(".touch-bar")
    for button in bar.locator("button").all():
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44
    box = bar.bounding_box()
    assert box
    assert box["y"] + box["height"] == pytest.approx(780, abs=1), "at the bottom, away from the menu of the system"
    bar.get_by_text("فاعل", exact=True).tap()
    desk.saved()
    assert [(s.label, s.quote) for s in desk.spans()] == [("ACTOR", "التعاون")]
    expect(bar).to_have_count(0)
    assert desk.page.evaluate("getSelection().isCollapsed")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_ours_follows_the_handles_snapped(
    visit: Visit, article: Document, talks: Document, annotator: User, language: str
) -> None:
    document = article if language == "ar" else talks
    first, last, label = ("مجلس", "التعاون", "حدث") if language == "ar" else ("signal", "between", "Event")
    desk = at_phone(visit, document, annotator, language)
    long_press(desk, first)
    stretch(desk, first, last)
    expected = document.text[document.text.index(first) : document.text.index(last) + len(last)]
    desk.until("return canvas.paper.quote(canvas.selecting.from, canvas.selecting.to) === x", expected)
    expect(desk.page.locator(".touch-bar q")).to_have_text(expected)
    desk.page.locator(".touch-bar").get_by_text(label, exact=True).tap()
    desk.saved()
    assert [s.quote for s in desk.spans("EVENT")] == [expected]


def test_the_bar_can_be_closed_and_a_tap_elsewhere_closes_it(visit: Visit, article: Document, annotator: User) -> None:
    desk = at_phone(visit, article, annotator)
    long_press(desk, "التعاون")
    bar = desk.page.locator(".touch-bar")
    bar.get_by_role("button").first.tap()
    expect(bar).to_have_count(0)
    assert desk.page.evaluate("getSelection().isCollapsed")
    assert selected(desk) == ""
    long_press(desk, "التعاون")
    expect(bar).to_have_count(1)
    Finger(desk).tap(*desk.point(article.text.index("مدينة") + 2))
    expect(bar).to_have_count(0)
    assert selected(desk) == ""


def test_a_tap_picks_marks_one_after_the_other(visit: Visit, article: Document, annotator: User) -> None:
    start = article.text.index("مجلس التعاون")
    build.edit(
        annotator,
        article,
        build.add_span(article, start, start + 12),
        build.add_span(article, start, start + 4, "EVENT"),
    )
    desk = at_phone(visit, article, annotator)
    picked = "const span = canvas.store.spans.get(canvas.picking.selected); return span && canvas.store.quote(span)"
    finger = Finger(desk)
    finger.tap(*desk.point(start + 2))
    desk.until("return canvas.picking.selected !== null")
    assert desk.run(picked) == "مجلس"
    desk.page.wait_for_timeout(700)  # else it would be a double tap
    finger.tap(*desk.point(start + 2))
    desk.until("return canvas.store.quote(canvas.store.spans.get(canvas.picking.selected)) === x", "مجلس التعاون")
    assert selected(desk) == ""


def test_an_edge_is_moved_with_a_finger_below_it(visit: Visit, article: Document, annotator: User) -> None:
    start = article.text.index("مجلس")
    build.edit(annotator, article, build.add_span(article, start, start + 4))
    desk = at_phone(visit, article, annotator)
    finger = Finger(desk)
    finger.tap(*desk.point(start + 2))
    desk.until("return canvas.querySelector('.edge.last')")
    desk.run("delete canvas.panel.root.dataset.open")  # the sheet is closed
    desk.page.wait_for_timeout(200)
    x, y = desk.point(article.text.index("التعاون") + 6)
    size = desk.run(
        "const s = getComputedStyle(canvas.querySelector('.edge.last'), '::before'); return [s.width, s.height]"
    )
    assert size == ["44px", "44px"]
    grab = desk.run(
        "const b = canvas.querySelector('.edge.last').getBoundingClientRect(); return [b.left, b.bottom + 14, (b.top + b.bottom) / 2]"
    )
    finger.drag((grab[0], grab[1]), (x - 4, y + grab[1] - grab[2]))
    desk.saved()
    assert [s.quote for s in desk.spans()] == ["مجلس التعاون"]


def test_another_piece_is_added_from_the_bar(visit: Visit, article: Document, annotator: User) -> None:
    start = article.text.index("مجلس")
    build.edit(annotator, article, build.add_span(article, start, start + 4))
    desk = at_phone(visit, article, annotator)
    Finger(desk).tap(*desk.point(start + 2))
    desk.until("return canvas.picking.selected !== null")
    desk.run("delete canvas.panel.root.dataset.open")
    long_press(desk, "مدينة")
    desk.page.locator(".touch-bar .choices > button").last.tap()
    desk.saved()
    [span] = desk.spans()
    assert span.fragments is not None
    assert [article.text[a:b] for a, b in span.fragments] == ["مجلس", "مدينة"]


def test_nothing_is_wider_than_the_screen(visit: Visit, article: Document, annotator: User) -> None:
    desk = at_phone(visit, article, annotator)
    long_press(desk, "التعاون")
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= 400
