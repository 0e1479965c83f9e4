"""Making marks in the text: what is selected, painted and stored is the same stretch."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from annotator.corpus.models import Document
from annotator.teams.models import User
from tests import build
from tests.browser.conftest import Desk

pytestmark = pytest.mark.browser
Visit = Callable[..., Desk]


def test_a_word_by_mouse_and_a_label_by_click(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator).open()
    desk.select("قطر")
    desk.label("ACTOR")
    assert desk.painted("ac-actor-0") == ["قطر"]
    desk.saved()
    [span] = desk.spans()
    assert (span.label, span.quote, span.origin) == ("ACTOR", "قطر", "MANUAL")
    assert span.attributes == {"mention": "NAM", "reading": "ACT"}, "defaults of the codebook"


def test_a_careless_drag_takes_whole_words_and_no_spaces(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator).open()
    start = article.text.index("مجلس التعاون")
    desk.drag(start + 1, start + len("مجلس التعاون") - 2)
    desk.label("ACTOR")
    desk.saved()
    assert [s.quote for s in desk.spans()] == ["مجلس التعاون"]


def test_mid_word_and_lam_alef_by_mouse_with_alt(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator).open()
    desk.select("لسعودية", alt=True)  # behind the conjunction of وللسعودية
    desk.label("ACTOR")
    desk.select("لأمن", alt=True)  # from the middle of the article: an edge inside a lam-alef
    desk.label("PLACE")
    desk.saved()
    quotes = {s.label: s.quote for s in desk.spans()}
    assert quotes == {"ACTOR": "لسعودية", "PLACE": "لأمن"}
    assert desk.painted("ac-place-0") == ["لأمن"]


def test_an_edge_inside_lam_alef_is_painted_outside_it_and_stored_where_it_is(
    visit: Visit, article: Document, annotator: User
) -> None:
    desk = visit(article, annotator).open()
    start = article.text.index("بالاتفاق") + len("بال")  # between lam and alif
    desk.run("canvas.selecting.set(...x)", [start, start + len("اتفاق")])
    desk.label("EVENT")
    desk.saved()
    assert [s.quote for s in desk.spans()] == ["اتفاق"]
    assert desk.painted("ac-event-0") == ["لاتفاق"]


@pytest.mark.parametrize(("code", "key"), [("Digit2", "٢"), ("Digit2", "2"), ("Numpad2", "2")])
def test_label_keys_go_by_place_on_any_layout(
    visit: Visit, article: Document, annotator: User, code: str, key: str
) -> None:
    desk = visit(article, annotator).open()
    desk.select("أنهى")
    desk.press(code, key)
    desk.saved()
    assert [s.label for s in desk.spans()] == ["EVENT"]


def test_letters_of_an_arabic_layout_are_the_same_commands(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator).open()
    desk.select("أنهى")
    desk.press("Digit2", "٢")
    desk.press("KeyL", "م")  # the link form opens
    desk.page.wait_for_selector(".link-form")
    desk.press("Escape", "Escape")
    desk.press("Slash", "؟", shiftKey=True)
    desk.page.wait_for_selector("dialog[open] .keys-list")


def test_nested_marks_have_a_lane_each_and_a_click_goes_through_them(
    visit: Visit, article: Document, annotator: User
) -> None:
    desk = visit(article, annotator).open()
    desk.select("رغبة دول المجلس في توحيد مواقفها")
    desk.label("IMPLICATION")
    desk.select("دول المجلس")
    desk.label("ACTOR")
    desk.select("المجلس")
    desk.label("ACTOR")
    assert desk.painted("ac-actor-0") == ["المجلس"]
    assert desk.painted("ac-actor-1") == ["دول المجلس"]
    assert desk.painted("ac-implication-2") == ["رغبة دول المجلس في توحيد مواقفها"]
    seen = []
    for _ in range(4):
        desk.click("المجلس في"[:6])
        seen.append(desk.run("return canvas.store.quote(canvas.store.spans.get(canvas.picking.selected))"))
    assert len(set(seen)) == 3
    assert seen[3] == seen[0]


def test_more_than_three_lanes_are_counted_in_the_margin(visit: Visit, article: Document, annotator: User) -> None:
    start = article.text.index("رغبة")
    edits = [build.add_span(article, start, start + n, "ACTOR") for n in (4, 8, 15, 18, 32)]
    build.edit(annotator, article, *edits)
    desk = visit(article, annotator).open()
    assert desk.page.locator("p[data-more]").get_attribute("data-more") == "+2"


def test_a_mark_over_two_paragraphs(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator).open()
    start, end = article.text.index("قطر"), article.text.index("ويعكس") + len("ويعكس")
    desk.drag(start, end)
    desk.label("EVENT")
    desk.saved()
    [span] = desk.spans()
    assert (span.start, span.end) == (start, end)
    assert desk.painted("ac-event-0") == ["قطر.", "ويعكس"]


def test_an_armed_label_marks_each_selection_before_the_next_frame(
    visit: Visit, article: Document, annotator: User
) -> None:
    desk = visit(article, annotator).open()
    desk.label("ACTOR")
    desk.run("document.addEventListener('pointerup', () => (window.seen = CSS.highlights.get('ac-actor-0')?.size))")
    desk.select("واشنطن")
    assert desk.run("return window.seen") == 1, "painted within the release itself"
    desk.select("الكويت")
    desk.press("Escape")
    desk.select("الثلاثاء")
    desk.saved()
    assert [s.quote for s in desk.spans()] == ["الكويت", "واشنطن"]


def test_delete_and_take_back(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator).open()
    desk.select("قطر")
    desk.label("ACTOR")
    desk.page.keyboard.press("Delete")
    desk.saved()
    assert desk.spans() == []
    desk.page.locator(".toast button").click()
    desk.saved()
    assert [s.quote for s in desk.spans()] == ["قطر"]
    assert desk.painted("ac-actor-0") == ["قطر"]


def test_undo_and_redo_go_on_after_a_reload(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator).open()
    for quote in ("قطر", "الكويت"):
        desk.select(quote)
        desk.label("ACTOR")
    desk.saved()
    desk.open()
    undo(desk)
    assert [s.quote for s in desk.spans()] == ["قطر"]
    undo(desk)
    assert desk.spans() == []
    assert desk.painted("ac-actor-0") == []
    desk.open()
    desk.page.keyboard.press("Control+Shift+KeyZ")
    desk.saved()
    desk.press("KeyZ", "ئ", ctrlKey=True, shiftKey=True)
    desk.saved()
    assert desk.painted("ac-actor-0") == ["قطر", "الكويت"]


def undo(desk: Desk) -> None:
    desk.page.keyboard.press("Control+KeyZ")
    desk.saved()
