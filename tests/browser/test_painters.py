"""Both painters: highlights of the browser and rectangles under the text, lanes, pieces."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from annotator.corpus.models import Document
from annotator.teams.models import User
from tests import build
from tests.browser.conftest import Desk

pytestmark = pytest.mark.browser
Visit = Callable[..., Desk]
NO_HIGHLIGHTS = "Object.defineProperty(CSS, 'highlights', {value: undefined})"


def covers(desk: Desk, quote: str) -> bool:
    """Whether a rectangle lies exactly over the letters of a quote."""
    found: bool = desk.run(
        """const at = canvas.paper.text.indexOf(x);
        const r = canvas.paper.range(at, at + x.length).getBoundingClientRect();
        return [...document.querySelectorAll(".ac-rect")].some((box) => {
            const b = box.getBoundingClientRect();
            return Math.abs(b.left - r.left) < 1.5 && Math.abs(b.right - r.right) < 1.5 && Math.abs(b.top - r.top) < 1.5;
        })""",
        quote,
    )
    return found


@pytest.mark.parametrize(
    "lack", [NO_HIGHLIGHTS, "delete window.Highlight", "delete HighlightRegistry.prototype.highlightsFromPoint"]
)
def test_the_painter_is_chosen_by_what_the_browser_can_do(
    visit: Visit, article: Document, annotator: User, lack: str
) -> None:
    build.edit(annotator, article, build.add_span(article, 0, 4, "ACTOR"))
    desk = visit(article, annotator)
    desk.page.add_init_script(lack)
    desk.open()
    desk.until("return document.querySelectorAll('.ac-rect.ac-actor-0').length === 1")
    assert covers(desk, "وقّع")


def test_rectangles_stay_on_their_letters(visit: Visit, article: Document, annotator: User) -> None:
    build.edit(
        annotator, article, build.add_span(article, 0, 4, "ACTOR"), build.add_span(article, 5, 9, "EVENT"),
        build.add_span(article, 0, 18, "IMPLICATION"),
    )  # fmt: skip
    desk = visit(article, annotator)
    desk.page.add_init_script(NO_HIGHLIGHTS)
    desk.open()
    quotes = ["وقّع", "قادة", "وقّع قادة دول مجلس"]
    desk.until("return document.querySelectorAll('.ac-rect').length === 3")
    assert all(covers(desk, quote) for quote in quotes)
    desk.page.set_viewport_size({"width": 900, "height": 700})
    desk.until("return document.querySelectorAll('.ac-rect').length >= 3")
    desk.page.wait_for_timeout(200)
    assert covers(desk, "وقّع")
    # Another size of letters, as the reading preferences or a late font bring it.
    desk.run("for (const p of canvas.querySelectorAll('p')) p.style.fontSize = '25px'")
    desk.page.wait_for_timeout(200)
    assert covers(desk, "وقّع")
    assert covers(desk, "قادة")
    desk.select("قطر")
    desk.label("EVENT")
    desk.saved()
    assert covers(desk, "قطر")
    desk.page.keyboard.press("Delete")
    desk.until("return !document.querySelector('.ac-rect.ac-on-focus')")
    assert not covers(desk, "قطر")


def test_rectangles_of_each_label_have_a_line_of_their_own(visit: Visit, article: Document, annotator: User) -> None:
    labels = ["ACTOR", "EVENT", "IMPLICATION", "PLACE", "TIME"]
    words = [(m.start(), m.end()) for m in re.finditer(r"\S+", article.text)]
    edits = [build.add_span(article, *word, label) for word, label in zip(words, labels, strict=False)]
    build.edit(annotator, article, *edits)
    desk = visit(article, annotator)
    desk.page.add_init_script(NO_HIGHLIGHTS)
    desk.open()
    lines = desk.run(
        """return [...document.querySelectorAll(".ac-rect")].map((box) => {
            const s = getComputedStyle(box);
            return [s.borderBottomStyle, s.borderBottomWidth].join(" ");
        })"""
    )
    assert len(set(lines)) == len(labels)
    assert not any(line.startswith("none") for line in lines)


def test_three_lanes_and_how_many_more(visit: Visit, article: Document, annotator: User) -> None:
    stretches = [(0, 4), (0, 9), (0, 13), (0, 18), (0, 26)]
    build.edit(annotator, article, *[build.add_span(article, s, e, "ACTOR") for s, e in stretches])
    desk = visit(article, annotator).open()
    assert desk.painted("ac-actor-0") == [article.text[0:4]]
    assert desk.painted("ac-actor-1") == [article.text[0:9]]
    assert sorted(desk.painted("ac-actor-2")) == sorted(article.text[0:e] for _s, e in stretches[2:])
    assert desk.page.locator("annotation-canvas p").first.get_attribute("data-more") == "+2"


@pytest.mark.parametrize("painter", ["highlights", "rectangles"])
def test_the_pieces_of_one_mark_are_tied(visit: Visit, article: Document, annotator: User, painter: str) -> None:
    build.edit(annotator, article, build.add_span(article, 0, 18, "ACTOR", fragments=[[0, 4], [10, 13], [14, 18]]))
    desk = visit(article, annotator)
    if painter == "rectangles":
        desk.page.add_init_script(NO_HIGHLIGHTS)
    desk.open()
    if painter == "highlights":
        assert desk.painted("ac-actor-0") == ["وقّع", "دول", "مجلس"]
        assert desk.painted("ac-tie-actor-0") == [" قادة ", " "]
    else:
        desk.until("return document.querySelectorAll('.ac-rect.tie').length === 2")
        expect(desk.page.locator(".ac-rect.ac-actor-0")).to_have_count(3)
    # What lies between belongs to nobody.
    desk.click("قادة")
    assert desk.run("return canvas.picking.selected") is None
    desk.click("مجلس")
    assert desk.run("return canvas.picking.selected") == str(desk.spans()[0].pk)


def test_an_edge_inside_a_lam_alef_is_painted_outside_of_it_and_kept_exactly(
    visit: Visit, article: Document, annotator: User
) -> None:
    start = article.text.index("والأمن")
    build.edit(annotator, article, build.add_span(article, start + 3, start + 6, "ACTOR"))
    desk = visit(article, annotator).open()
    assert desk.painted("ac-actor-0") == ["لأمن"]
    assert [s.quote for s in desk.spans()] == ["أمن"]
    assert desk.run("return [...canvas.store.spans.byId.values()].map((s) => [s.start, s.end])") == [
        [start + 3, start + 6]
    ]
