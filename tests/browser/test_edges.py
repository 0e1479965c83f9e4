"""The edges of a mark: handles for the pointer, keys, pieces, suggestions before they are accepted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from annotator.coding.models import Edit
from annotator.corpus.models import Document
from annotator.teams.models import User
from tests import build
from tests.browser.conftest import Desk
from tests.browser.test_panel import suggest
from tests.browser.test_selecting import at_text, selected, talks

pytestmark = pytest.mark.browser
Visit = Callable[..., Desk]
__all__ = ["talks"]


def mark(article: Document, person: User, *quotes: str) -> None:
    starts = [(article.text.index(q), q) for q in quotes]
    build.edit(person, article, *(build.add_span(article, at, at + len(q)) for at, q in starts))


def handle(desk: Desk, side: int, piece: int = 0) -> tuple[float, float]:
    """Where one takes hold of an edge."""
    desk.until("return canvas.querySelector(`.edge[data-side='${x[0]}'][data-piece='${x[1]}']`)", [side, piece])
    found: list[float] = desk.run(
        """const edge = canvas.querySelector(`.edge[data-side='${x[0]}'][data-piece='${x[1]}']`);
        const box = edge.getBoundingClientRect();
        return [box.left, x[0] ? box.bottom + 8 : box.top - 8];""",
        [side, piece],
    )
    return found[0], found[1]


def place(desk: Desk, offset: int) -> tuple[float, float]:
    """The boundary in front of a character, which may be the last."""
    if offset == len(desk.document.text):
        x, y = desk.point(offset - 1)
        return x - 4, y
    return desk.point(offset, edge=True)


def pull(desk: Desk, side: int, offset: int, *, piece: int = 0, alt: bool = False, drop: bool = True) -> None:
    """Drag an edge to the boundary in front of a character."""
    mouse, keyboard = desk.page.mouse, desk.page.keyboard
    x, y = place(desk, offset)
    start = handle(desk, side, piece)
    mouse.move(*start)
    mouse.down()
    if alt:
        keyboard.down("Alt")
    mouse.move(x, y + (8 if side else -8), steps=5)
    if drop:
        mouse.up()
    if alt:
        keyboard.up("Alt")


def pick(desk: Desk, quote: str) -> None:
    desk.click(quote)
    desk.until("return canvas.picking.selected !== null")


# -- by pointer


def test_both_edges_are_dragged_to_words_with_one_edit_each(visit: Visit, article: Document, annotator: User) -> None:
    mark(article, annotator, "مجلس التعاون")
    desk = visit(article, annotator).open()
    pick(desk, "مجلس")
    pull(desk, 0, article.text.index("قادة") + 1)
    desk.saved()
    assert [s.quote for s in desk.spans()] == ["قادة دول مجلس التعاون"]
    pull(desk, 1, article.text.index("مجلس") + 3)
    desk.saved()
    assert [s.quote for s in desk.spans()] == ["قادة دول مجلس"]
    assert Edit.objects.filter(set__document=article).count() == 3
    desk.page.keyboard.press("Control+z")
    desk.page.keyboard.press("Control+z")
    desk.saved()
    assert [s.quote for s in desk.spans()] == ["مجلس التعاون"]
    desk.open()
    desk.page.keyboard.press("Control+Shift+z")
    desk.saved()
    assert [s.quote for s in desk.spans()] == ["قادة دول مجلس التعاون"], "redone after a reload"


def test_an_edge_stops_at_attached_letters_and_with_alt_anywhere(
    visit: Visit, article: Document, annotator: User
) -> None:
    mark(article, annotator, "وللسعودية دور")
    desk = visit(article, annotator).open()
    pick(desk, "دور في"[:3])
    start = article.text.index("وللسعودية")
    pull(desk, 0, start + 1)
    desk.saved()
    assert desk.spans()[0].quote == "للسعودية دور"
    pull(desk, 0, start + 5, alt=True)
    desk.saved()
    assert desk.spans()[0].quote == "ودية دور"


def test_a_drag_is_shown_and_escape_gives_it_up(visit: Visit, article: Document, annotator: User) -> None:
    mark(article, annotator, "مجلس")
    desk = visit(article, annotator).open()
    pick(desk, "مجلس")
    pull(desk, 1, article.text.index("التعاون") + len("التعاون"), drop=False)
    assert desk.painted("ac-on-focus") == ["مجلس التعاون"]
    desk.page.keyboard.press("Escape")
    assert desk.painted("ac-on-focus") == ["مجلس"]
    desk.page.mouse.up()
    desk.saved()
    assert [s.quote for s in desk.spans()] == ["مجلس"]
    assert desk.run("return canvas.picking.selected !== null"), "still picked"


def test_an_edge_goes_over_paragraphs_but_not_over_the_other_edge(
    visit: Visit, article: Document, annotator: User
) -> None:
    mark(article, annotator, "قطر")
    desk = visit(article, annotator).open()
    pick(desk, "قطر")
    pull(desk, 1, article.text.index("البيان رغبة"))
    desk.saved()
    assert desk.spans()[0].quote == "قطر.\nويعكس"
    pull(desk, 1, article.text.index("قادة"))
    desk.saved()
    assert desk.spans()[0].quote.startswith("قطر"), "never empty or turned round"


def test_a_click_on_a_handle_picks_what_is_under_it(visit: Visit, article: Document, annotator: User) -> None:
    mark(article, annotator, "مجلس التعاون")
    desk = visit(article, annotator).open()
    pick(desk, "مجلس")
    desk.page.mouse.click(*handle(desk, 0))
    desk.saved()
    assert [s.quote for s in desk.spans()] == ["مجلس التعاون"]


@pytest.mark.parametrize(("language", "right"), [("ar", True), ("en", False)])
def test_handles_stand_where_the_eye_sees_the_edges(
    visit: Visit, article: Document, talks: Document, annotator: User, language: str, right: bool
) -> None:
    document = article if language == "ar" else talks
    quote = "مجلس التعاون" if language == "ar" else "in Geneva"
    mark(document, annotator, quote)
    desk = visit(document, annotator, language=language).open()
    pick(desk, quote[:4])
    first, last = handle(desk, 0), handle(desk, 1)
    box = desk.run(
        """const span = [...canvas.store.spans.byId.values()][0];
        const box = canvas.paper.range(span.from, span.to).getBoundingClientRect();
        return [box.left, box.right];"""
    )
    assert (first[0] > last[0]) is right
    assert first[0] == pytest.approx(box[1] if right else box[0], abs=2)
    assert last[0] == pytest.approx(box[0] if right else box[1], abs=2)
    size = desk.run("const s = getComputedStyle(canvas.querySelector('.edge'), '::before'); return [s.width, s.height]")
    assert all(float(side.removesuffix("px")) >= 24 for side in size)


def test_in_mixed_text_each_handle_stands_at_its_own_letter(visit: Visit, annotator: User) -> None:
    of = build.project()
    build.member(of, person=annotator)
    document = build.document(of, "قالت وكالة Reuters News إن القمة في 30 مايو.", title="مختلط")
    build.assignment(document, annotator)
    mark(document, annotator, "وكالة Reuters News")
    desk = visit(document, annotator).open()
    pick(desk, "وكالة")
    edges = """const span = [...canvas.store.spans.byId.values()][0];
        const first = canvas.paper.range(span.from, span.from + 1).getBoundingClientRect();
        const last = canvas.paper.range(span.to - 1, span.to).getBoundingClientRect();
        return [first.right, last.right];"""
    right, end = desk.run(edges)
    assert handle(desk, 0)[0] == pytest.approx(right, abs=2)
    assert handle(desk, 1)[0] == pytest.approx(end, abs=2), "a Latin word ends at its right, amid the line"
    pull(desk, 1, document.text.index(" News"))
    desk.saved()
    assert desk.spans()[0].quote == "وكالة Reuters"


def test_handles_follow_the_text_when_the_window_changes(visit: Visit, annotator: User) -> None:
    of = build.project()
    build.member(of, person=annotator)
    document = build.document(of, "اجتمع وزراء الخارجية لبحث الأزمة في العاصمة. " * 12, title="طويل")
    build.assignment(document, annotator)
    at = document.text.rindex("وزراء")
    build.edit(annotator, document, build.add_span(document, at, at + 5))
    desk = visit(document, annotator).open()
    desk.page.mouse.click(*desk.point(at + 2))
    before = handle(desk, 0)
    desk.page.set_viewport_size({"width": 900, "height": 860})
    edge = """const edge = canvas.querySelector(".edge[data-side='0']").getBoundingClientRect();
        const span = [...canvas.store.spans.byId.values()][0];
        const letter = canvas.paper.range(span.from, span.from + 1).getBoundingClientRect();
        return Math.abs(edge.left - letter.right) < 2 && Math.abs(edge.top - letter.top) < 2"""
    desk.until(edge)
    assert handle(desk, 0) != before


def test_no_handles_where_nothing_may_be_changed_or_several_are_picked(
    visit: Visit, article: Document, annotator: User
) -> None:
    mark(article, annotator, "قطر", "الكويت")
    desk = visit(article, annotator).open()
    pick(desk, "قطر")
    handle(desk, 0)
    desk.page.keyboard.press("Shift+KeyJ")
    desk.until("return !canvas.querySelector('.edge')")


# -- pieces


def test_each_piece_has_edges_that_do_not_run_into_its_neighbours(
    visit: Visit, article: Document, annotator: User
) -> None:
    text = article.text
    pieces = [[text.index(q), text.index(q) + len(q)] for q in ("قادة", "مجلس التعاون")]
    build.edit(annotator, article, build.add_span(article, pieces[0][0], pieces[1][1], fragments=pieces))
    desk = visit(article, annotator).open()
    pick(desk, "قادة")
    expect(desk.page.locator(".edge")).to_have_count(4)
    pull(desk, 1, text.index("مجلس") + 4, piece=1)
    desk.saved()
    [span] = desk.spans()
    assert span.fragments == [pieces[0], [pieces[1][0], pieces[1][0] + 4]]
    pull(desk, 1, text.index("دول") + 3, piece=0)
    desk.saved()
    [span] = desk.spans()
    assert (span.quote, span.fragments) == ("قادة دول مجلس", None), "what touches is one"


# -- by keyboard


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (["BracketLeft"], "دول مجلس التعاون"),
        (["BracketLeft", "BracketLeft"], "قادة دول مجلس التعاون"),
        (["Shift+BracketLeft"], "التعاون"),
        (["BracketRight"], "مجلس التعاون في"),
        (["Shift+BracketRight"], "مجلس"),
        (["Control+Shift+BracketRight"], "مجلس التعاو"),
        (["Control+Shift+BracketLeft"], "جلس التعاون"),
        (["Alt+BracketRight", "Alt+BracketRight"], "مجلس التعاون في مدينة"),
        (["Shift+BracketRight", "Shift+BracketRight", "Shift+BracketRight"], "مجلس"),
    ],
)
def test_edges_by_key(visit: Visit, article: Document, annotator: User, keys: list[str], expected: str) -> None:
    mark(article, annotator, "مجلس التعاون")
    desk = at_text(visit(article, annotator).open())
    desk.page.keyboard.press("j")
    for key in keys:
        desk.page.keyboard.press(key)
    desk.saved()
    assert [s.quote for s in desk.spans()] == [expected]
    live = desk.page.locator('[data-part="live"]')
    expect(live).to_contain_text(expected)
    desk.page.keyboard.press("Control+z")
    desk.saved()
    assert [s.quote for s in desk.spans()] == ["مجلس التعاون"], "keys that follow each other are one act"
    expect(desk.page.locator("annotation-canvas")).to_be_focused()


def test_another_act_between_keys_makes_two_acts_of_them(visit: Visit, article: Document, annotator: User) -> None:
    mark(article, annotator, "مجلس")
    desk = at_text(visit(article, annotator).open())
    desk.page.keyboard.press("j")
    desk.page.keyboard.press("BracketRight")
    desk.page.keyboard.press("4")
    desk.page.keyboard.press("BracketRight")
    desk.saved()
    assert [(s.label, s.quote) for s in desk.spans()] == [("PLACE", "مجلس التعاون في")]
    desk.page.keyboard.press("Control+z")
    desk.saved()
    assert [(s.label, s.quote) for s in desk.spans()] == [("PLACE", "مجلس التعاون")]


def test_edges_by_letters_in_english(visit: Visit, talks: Document, annotator: User) -> None:
    mark(talks, annotator, "Russia's envoy")
    desk = at_text(visit(talks, annotator, language="en").open())
    for key in ("j", "Shift+BracketRight", "Shift+BracketRight"):
        desk.page.keyboard.press(key)
    desk.saved()
    assert [s.quote for s in desk.spans()] == ["Russia"]


@pytest.mark.parametrize("way", ["key", "label"])
def test_a_suggestion_is_corrected_at_its_edges_before_it_is_accepted(
    visit: Visit, article: Document, annotator: User, way: str
) -> None:
    suggest(article, ("ACTOR", "مجلس التعاون", 0.9), ("ACTOR", "قطر", 0.8))
    desk = at_text(visit(article, annotator).open())
    keyboard = desk.page.keyboard
    keyboard.press("n")
    keyboard.press("BracketLeft")
    assert selected(desk) == "دول مجلس التعاون"
    keyboard.press("BracketLeft")
    keyboard.press("a" if way == "key" else "1")
    desk.saved()
    [span] = desk.spans()
    assert (span.label, span.quote, span.origin) == ("ACTOR", "قادة دول مجلس التعاون", "CORRECTED")
    if way == "key":
        keyboard.press("a")
        desk.saved()
        assert [s.quote for s in desk.spans()] == ["قادة دول مجلس التعاون", "قطر"]


def test_escape_leaves_a_suggestion_as_it_was(visit: Visit, article: Document, annotator: User) -> None:
    suggest(article, ("ACTOR", "قطر", 0.8))
    desk = at_text(visit(article, annotator).open())
    for key in ("n", "BracketLeft", "Escape", "a"):
        desk.page.keyboard.press(key)
    desk.saved()
    assert [(s.quote, s.origin) for s in desk.spans()] == [("قطر", "ACCEPTED")]


def test_a_mark_submitted_meanwhile_has_no_edges_to_move(visit: Visit, article: Document, annotator: User) -> None:
    mark(article, annotator, "قطر")
    desk = at_text(visit(article, annotator).open())
    desk.run("canvas.state.set.editable = false")
    desk.page.keyboard.press("j")
    desk.page.keyboard.press("BracketLeft")
    assert desk.run("return [...canvas.store.spans.byId.values()].map((s) => canvas.store.quote(s))") == ["قطر"]
    assert not desk.run("return canvas.querySelector('.edge')")
