"""Selecting by mouse and by keyboard, picking one mark or several, pieces of a mark, and marking like before."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from annotator.corpus.models import Document
from annotator.teams.models import User
from tests import build
from tests.browser.conftest import ENGLISH, Desk

pytestmark = pytest.mark.browser
Visit = Callable[..., Desk]

PIECES = (
    "زار وزير الخارجية بغداد والتقى بالرئيس، ثم توجّه إلى روسيا. وقال إن لروسيا دورًا كبيرًا.\n"
    "وبحث الوزير مواقفها من كتلة الشرق، وسافر بعدها إلى بيلاروسيا وروسيا."
)


@pytest.fixture
def text(annotator: User) -> Document:
    of = build.project()
    build.member(of, person=annotator)
    document = build.document(of, PIECES, title="زيارة")
    build.assignment(document, annotator)
    return document


@pytest.fixture
def talks(annotator: User) -> Document:
    of = build.project()
    build.member(of, person=annotator)
    document = build.document(of, ENGLISH + "\nRussia's envoy said Russia would stay.", title="Talks", language="en")
    build.assignment(document, annotator)
    return document


def selected(desk: Desk) -> str:
    found: str = desk.run("const s = canvas.selecting; return s.some ? canvas.paper.quote(s.from, s.to) : ''")
    return found


def cursor(desk: Desk) -> list[str]:
    return desk.painted("ac-on-cursor")


def at_text(desk: Desk) -> Desk:
    desk.page.locator("annotation-canvas").focus()
    return desk


def clicks(desk: Desk, quote: str, count: int, inside: int | None = None) -> None:
    at = desk.document.text.index(quote) + (len(quote) // 2 if inside is None else inside)
    desk.page.mouse.click(*desk.point(at), click_count=count)


# -- by mouse


def test_the_letters_that_are_only_attached_are_told_from_those_of_the_word(
    visit: Visit, text: Document, annotator: User
) -> None:
    desk = visit(text, annotator).open()
    words = [
        "والسعودية|السعودية",
        "وبالثورات|الثورات",
        "للغرب|للغرب",
        "وللغرب|للغرب",
        "لروسيا|روسيا",
        "بيلاروسيا|بيلاروسيا",
        "وروسيا|روسيا",
        "وزير|وزير",
        "ووزير|وزير",
        "واشنطن|واشنطن",
        "وفرنسا|فرنسا",
        "وليبيا|ليبيا",
        "وفد|وفد",
        "كتلة|كتلة",
        "وقتل|قتل",
        "وقع|وقع",
        "ويعكس|يعكس",
        "وعدد|عدد",
        "بغداد|بغداد",
        "فالقرار|القرار",
        "والدولة|الدولة",
        "والد|والد",
        "حربها|حربها",
        "وقّع|وقّع",
        "Russia's|Russia",
    ]
    found = desk.page.evaluate(
        """async (words) => {
            const { Segmenter } = await import("#annotator/segment.js");
            return words.map((word) => {
                const node = { data: word };
                const [[start, end]] = new Segmenter("ar", { text: "زار روسيا" }).of({ node }, "core");
                return `${word}|${word.slice(start, end)}`;
            });
        }""",
        [pair.split("|")[0] for pair in words],
    )
    assert found == words


def test_a_drag_from_inside_a_word_leaves_its_attached_letters_out(
    visit: Visit, text: Document, annotator: User
) -> None:
    desk = visit(text, annotator).open()
    start = PIECES.index("وروسيا")
    desk.drag(start + 2, start + 5)
    assert selected(desk) == "روسيا"
    desk.drag(start, start + 5)  # from in front of the conjunction: with it
    assert selected(desk) == "وروسيا"


def test_a_drag_that_just_touches_the_next_conjunction_has_not_meant_it(
    visit: Visit, text: Document, annotator: User
) -> None:
    desk = visit(text, annotator).open()
    start = PIECES.index("بغداد والتقى")
    desk.drag(start + 2, start + len("بغداد و"))
    assert selected(desk) == "بغداد"


def test_two_clicks_are_the_word_three_the_sentence_four_the_paragraph(
    visit: Visit, text: Document, annotator: User
) -> None:
    desk = visit(text, annotator).open()
    clicks(desk, "بالرئيس", 2)
    assert selected(desk) == "الرئيس", "without the preposition first"
    desk.page.wait_for_timeout(600)  # else it counts as the third and fourth click
    clicks(desk, "بالرئيس", 2)
    assert selected(desk) == "بالرئيس", "again: with it"
    desk.page.wait_for_timeout(600)
    clicks(desk, "مواقفها", 2)
    assert selected(desk) == "مواقفها"
    desk.page.wait_for_timeout(600)
    clicks(desk, "مواقفها", 2, inside=6)
    assert selected(desk) == "ها", "the part that was clicked"
    desk.page.wait_for_timeout(600)
    clicks(desk, "بالرئيس", 3)
    assert selected(desk) == PIECES[: PIECES.index(". وقال")]
    desk.page.wait_for_timeout(600)
    clicks(desk, "بالرئيس", 4)
    assert selected(desk) == PIECES.split("\n")[0].rstrip(".")


def test_a_drag_that_ends_beside_the_text_stays_in_the_text(visit: Visit, text: Document, annotator: User) -> None:
    desk = visit(text, annotator).open()
    mouse = desk.page.mouse
    for place in ('[data-part="details"]', '[data-part="labels"]', ".top"):
        start = desk.point(PIECES.index("الوزير"), edge=True)
        box = desk.page.locator(place).bounding_box()
        assert box
        mouse.move(*start)
        mouse.down()
        mouse.move(box["x"] + box["width"] / 2, start[1] if place != ".top" else box["y"] + 5, steps=6)
        mouse.up()
        at = desk.run("return [canvas.selecting.from, canvas.selecting.to]")
        line = (PIECES.index("وبحث"), len(PIECES))
        if place == ".top":
            assert at[0] < line[0] < at[1]
        else:
            assert line[0] <= at[0] < at[1] <= line[1], place
        assert desk.page.evaluate("getSelection().toString().length") < len(PIECES) + 5
        desk.press("Escape")


def test_what_is_selected_can_be_copied_exactly(visit: Visit, text: Document, annotator: User) -> None:
    desk = visit(text, annotator).open()
    copied = """() => {
        const data = new DataTransfer();
        document.querySelector("annotation-canvas").dispatchEvent(new ClipboardEvent("copy", {clipboardData: data, bubbles: true, cancelable: true}));
        return data.getData("text/plain");
    }"""
    start = PIECES.index("كبيرًا")
    desk.drag(start, PIECES.index("الوزير") + 5)
    assert desk.page.evaluate(copied) == PIECES[start : PIECES.index("الوزير") + 6] == selected(desk)
    assert desk.page.evaluate("getSelection().isCollapsed") is False, "so that the menu of the browser can copy it"
    at_text(desk).page.keyboard.press("ArrowLeft")
    assert desk.page.evaluate(copied) == selected(desk) == "مواقفها"


def test_selecting_again_inside_what_is_selected_begins_anew(visit: Visit, text: Document, annotator: User) -> None:
    desk = visit(text, annotator).open()
    desk.select("وزير الخارجية بغداد")
    desk.select("الخارجية")
    assert selected(desk) == "الخارجية"
    start = desk.point(PIECES.index("بالرئيس") + 3)
    desk.page.keyboard.down("Shift")
    desk.page.mouse.click(*start)
    desk.page.keyboard.up("Shift")
    assert selected(desk) == "الخارجية بغداد والتقى بالرئيس"


def test_selecting_inside_nested_marks(visit: Visit, text: Document, annotator: User) -> None:
    for start, end in ((4, 24), (4, 17)):
        build.edit(annotator, text, build.add_span(text, start, end))
    desk = visit(text, annotator).open()
    desk.select("الخارجية")
    desk.label("EVENT")
    desk.saved()
    assert [s.quote for s in desk.spans("EVENT")] == ["الخارجية"]
