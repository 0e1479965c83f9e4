"""The cursor: words, letters, lines and paragraphs by key, going to marks, pieces, and marking like before."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from annotator.corpus.models import Document
from annotator.teams.models import User
from tests import build
from tests.browser.conftest import Desk
from tests.browser.test_panel import suggest
from tests.browser.test_selecting import PIECES, at_text, cursor, selected, talks, text

pytestmark = pytest.mark.browser
Visit = Callable[..., Desk]
__all__ = ["talks", "text"]


# -- by keyboard


def test_words_by_key_are_without_attached_letters_which_have_keys_of_their_own(
    visit: Visit, article: Document, annotator: User
) -> None:
    desk = at_text(visit(article, annotator).open())
    page = desk.page
    desk.run("canvas.selecting.caret = x", article.text.index("وللسعودية"))
    steps = [
        ("ArrowLeft", "للسعودية"),  # forward in a text that runs to the left
        ("BracketLeft", "وللسعودية"),
        ("Shift+BracketLeft", "للسعودية"),
        ("Shift+BracketLeft", "لسعودية"),
        ("Alt+ArrowRight", "سعودية"),  # into it
        ("Alt+ArrowRight", "ل"),
        ("Alt+ArrowRight", "ل"),
        ("Alt+ArrowRight", "و"),
        ("Alt+ArrowLeft", "ل"),
        ("Shift+Alt+ArrowLeft", "لل"),
        ("Shift+Control+ArrowLeft", "للس"),
        ("Shift+Control+ArrowRight", "لل"),
    ]
    for key, expected in steps:
        page.keyboard.press(key)
        assert selected(desk) == expected, key
    desk.press("Digit1", "١")
    desk.saved()
    assert [(s.label, s.quote) for s in desk.spans()] == [("ACTOR", "لل")]


def test_words_extend_and_shrink_by_keyboard(visit: Visit, article: Document, annotator: User) -> None:
    desk = at_text(visit(article, annotator).open())
    steps = [
        ("ArrowLeft", "وقّع"),
        ("ArrowLeft", "قادة"),
        ("Shift+ArrowLeft", "قادة دول"),
        ("Shift+ArrowLeft", "قادة دول مجلس"),
        ("Shift+ArrowRight", "قادة دول"),
        ("Shift+ArrowRight", "قادة"),
        ("Shift+ArrowRight", "وقّع قادة"),
        ("Shift+ArrowLeft", "قادة"),
        ("Control+ArrowLeft", "ق"),
        ("Control+ArrowLeft", "ا"),
        ("Control+ArrowDown", "يعكس"),
        (
            "Shift+Control+ArrowDown",
            "يعكس البيان رغبة دول المجلس في توحيد مواقفها، وللسعودية دور في استضافة القمة والأمن",
        ),
        ("Control+ArrowUp", "وقّع"),
        ("Shift+Alt+ArrowDown", article.text.split("\n")[0].rstrip(".")),
        ("Alt+ArrowDown", "ويعكس البيان رغبة دول المجلس في توحيد مواقفها، وللسعودية دور في استضافة القمة والأمن"),
        ("Control+End", "الثلاثاء"),
        ("Control+Home", "وقّع"),
        ("Shift+Control+End", article.text.rstrip(".")),
    ]
    for key, expected in steps:
        desk.page.keyboard.press(key)
        assert selected(desk) == expected, key


def test_a_clause_is_one_key_from_its_first_word(visit: Visit, article: Document, annotator: User) -> None:
    desk = at_text(visit(article, annotator).open())
    desk.run("canvas.selecting.caret = x", article.text.index("رغبة"))
    desk.page.keyboard.press("ArrowLeft")
    desk.page.keyboard.press("Shift+Alt+ArrowDown")
    assert selected(desk) == "رغبة دول المجلس في توحيد مواقفها"


def test_arrows_follow_the_eye_in_english(visit: Visit, talks: Document, annotator: User) -> None:
    desk = at_text(visit(talks, annotator, language="en").open())
    steps = [
        ("ArrowRight", "Leaders"),
        ("ArrowRight", "met"),
        ("ArrowLeft", "Leaders"),
        ("Shift+ArrowRight", "Leaders met"),
        ("Alt+ArrowDown", "Leaders met in Geneva on Monday"),
        ("Alt+ArrowDown", "The talks signal a thaw between Washington and Moscow, diplomats said"),
        ("Control+ArrowDown", "Russia"),
        ("BracketRight", "Russia's"),
        ("End", "stay"),
        ("Home", "Russia"),
        ("Shift+End", "Russia's envoy said Russia would stay"),
    ]
    for key, expected in steps:
        desk.page.keyboard.press(key)
        assert selected(desk) == expected, key


@pytest.mark.parametrize("language", ["ar", "en"])
def test_lines_are_the_lines_that_one_sees(visit: Visit, annotator: User, language: str) -> None:
    of = build.project()
    build.member(of, person=annotator)
    word = {"ar": "وزير", "en": "minister"}[language]
    document = build.document(of, f"{word} " * 400, title="x", language=language)
    build.assignment(document, annotator)
    desk = at_text(visit(document, annotator, language=language).open())
    keyboard = desk.page.keyboard
    forward = "ArrowLeft" if language == "ar" else "ArrowRight"
    for _ in range(4):
        keyboard.press(forward)
    place = """const box = canvas.paper.range(canvas.selecting.from, canvas.selecting.to).getBoundingClientRect();
        return [box.left, box.top, canvas.selecting.from]"""
    start = desk.run(place)
    seen = [start]
    for _ in range(12):
        keyboard.press("ArrowDown")
        seen.append(desk.run(place))
    assert [s[2] for s in seen] == sorted({s[2] for s in seen}), "each is another place, further down"
    assert all(abs(s[0] - start[0]) < 90 for s in seen), "in one column"
    for _ in range(12):
        keyboard.press("ArrowUp")
    assert desk.run("return canvas.selecting.from") == start[2]
    keyboard.press("ArrowDown")
    keyboard.press("Home")
    first = desk.run(place)
    keyboard.press("Shift+End")
    width = desk.run("const p = canvas.querySelector('p').getBoundingClientRect(); return p.width")
    line = desk.run(
        "return canvas.paper.range(canvas.selecting.from, canvas.selecting.to).getBoundingClientRect().width"
    )
    assert line > width * 0.8
    assert first[1] == pytest.approx(desk.run(place)[1], abs=1), "still one line"


def test_the_cursor_is_seen_and_never_lost(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator).open()
    assert cursor(desk) == [], "who uses the mouse needs none"
    page = desk.page
    page.keyboard.press("Tab")
    for _ in range(40):
        if desk.run("return document.activeElement === canvas"):
            break
        page.keyboard.press("Tab")
    assert cursor(desk) == ["وقّع"]
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert (selected(desk), cursor(desk)) == ("قادة", [])
    page.keyboard.press("1")
    assert (selected(desk), cursor(desk)) == ("", ["دول"]), "on the next word after marking"
    page.keyboard.press("Delete")
    assert cursor(desk) == ["دول"]
    page.keyboard.press("Control+z")
    desk.saved()
    assert cursor(desk) == ["دول"]
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    desk.saved()
    assert [(s.label, s.quote) for s in desk.spans()] == [("ACTOR", "قادة"), ("EVENT", "دول")], "the word at the cursor"
    page.keyboard.press("Enter")
    assert desk.run("return canvas.part('details').contains(document.activeElement)")
    page.keyboard.press("Escape")
    assert desk.run("return document.activeElement === canvas")
    assert cursor(desk) == ["مجلس"]
    desk.click("بيانًا")
    assert cursor(desk) == []


def test_the_cursor_scrolls_into_sight(visit: Visit, annotator: User) -> None:
    of = build.project()
    build.member(of, person=annotator)
    document = build.document(of, "\n".join(f"قال الوزير رقم {n} إن الاجتماع مهم." for n in range(300)), title="طويل")
    build.assignment(document, annotator)
    desk = at_text(visit(document, annotator).open())
    desk.page.keyboard.press("Control+End")
    desk.until(
        """const box = canvas.paper.range(canvas.selecting.from, canvas.selecting.to).getBoundingClientRect();
        const view = canvas.closest("[data-scroller]").getBoundingClientRect();
        return box.top > view.top && box.bottom < view.bottom"""
    )
    assert selected(desk) == "مهم"
    for _ in range(30):
        desk.page.keyboard.press("Control+ArrowUp")
    desk.until(
        """const box = canvas.paper.range(canvas.selecting.from, canvas.selecting.to).getBoundingClientRect();
        const view = canvas.closest("[data-scroller]").getBoundingClientRect();
        return box.top > view.top && box.bottom < view.bottom"""
    )


def test_what_the_cursor_meets_is_said(visit: Visit, article: Document, annotator: User) -> None:
    build.edit(annotator, article, build.add_span(article, 5, 9))
    desk = at_text(visit(article, annotator).open())
    live = desk.page.locator('[data-part="live"]')
    desk.page.keyboard.press("ArrowLeft")
    expect(live).to_have_text("وقّع")
    desk.page.keyboard.press("ArrowLeft")
    expect(live).to_have_text("قادة، فاعل")


# -- marks


def test_marks_are_walked_and_picked_by_key(visit: Visit, article: Document, annotator: User) -> None:
    start = article.text.index("دول المجلس")
    spans = [(0, 4, "EVENT"), (start, start + 10, "ACTOR"), (start + 4, start + 10, "ACTOR")]
    build.edit(annotator, article, *(build.add_span(article, *span) for span in spans))
    desk = at_text(visit(article, annotator).open())
    page = desk.page
    picked = "return canvas.store.quote(canvas.store.spans.get(canvas.picking.selected))"
    seen = []
    for key in ("j", "j", "j", "j", "k", "k"):
        page.keyboard.press(key)
        seen.append(desk.run(picked))
    assert seen == ["وقّع", "دول المجلس", "المجلس", "وقّع", "المجلس", "دول المجلس"]
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert selected(desk) == "المجلس"
    page.keyboard.press("Enter")
    assert desk.run(picked) == "المجلس"
    page.keyboard.press("Shift+Enter")
    assert desk.run(picked) == "دول المجلس", "the next one at the same place"


def test_several_marks_are_picked_changed_and_removed_as_one(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator).open()
    for quote in ("قطر", "الكويت", "واشنطن"):
        desk.select(quote)
        desk.label("ACTOR")
    desk.saved()
    keyboard = desk.page.keyboard
    desk.click("قطر")
    keyboard.down("Control")
    desk.click("الكويت")
    keyboard.up("Control")
    keyboard.down("Shift")
    desk.click("واشنطن")
    keyboard.up("Shift")
    assert desk.painted("ac-on-several") == ["قطر", "الكويت"]
    assert desk.painted("ac-on-focus") == ["واشنطن"]
    desk.press("Digit4", "٤")
    desk.saved()
    assert [s.label for s in desk.spans()] == ["PLACE"] * 3
    keyboard.press("Control+z")
    desk.saved()
    assert [s.label for s in desk.spans()] == ["ACTOR"] * 3, "one act"
    keyboard.down("Control")
    desk.click("قطر")
    keyboard.up("Control")
    assert desk.painted("ac-on-several") == ["الكويت"], "not picked any more"
    keyboard.press("Delete")
    desk.saved()
    assert [s.quote for s in desk.spans()] == ["قطر"]
    assert desk.run("return canvas.picking.several.size") == 0
    desk.open()
    keyboard.press("Control+z")
    desk.saved()
    assert len(desk.spans()) == 3, "one act, also after a reload"
    keyboard.press("Control+Shift+z")
    desk.saved()
    assert [s.quote for s in desk.spans()] == ["قطر"]


def test_several_by_keyboard_and_escape_lets_them_go(visit: Visit, article: Document, annotator: User) -> None:
    build.edit(annotator, article, *(build.add_span(article, n, n + 3) for n in (0, 10, 20)))
    desk = at_text(visit(article, annotator).open())
    for key in ("j", "Shift+j", "Shift+j"):
        desk.page.keyboard.press(key)
    assert desk.run("return canvas.picking.several.size") == 3
    expect(desk.page.locator('[data-part="live"]')).to_contain_text("3")
    desk.page.keyboard.press("Escape")
    assert desk.run("return canvas.picking.several.size") == 0
    assert desk.painted("ac-on-several") == []
    assert len(desk.painted("ac-on-focus")) == 1


# -- pieces


@pytest.mark.parametrize("way", ["control", "key", "button"])
def test_a_mark_takes_in_another_stretch_and_gives_it_back(
    visit: Visit, article: Document, annotator: User, way: str
) -> None:
    desk = visit(article, annotator).open()
    desk.select("دول المجلس")
    desk.label("ACTOR")
    if way == "control":
        desk.page.keyboard.down("Control")
    desk.select("القمة")
    if way == "control":
        desk.page.keyboard.up("Control")
    elif way == "key":
        desk.press("KeyE", "ث", shiftKey=True)
    else:
        desk.page.locator('[data-field="add-piece"]').click()
    desk.saved()
    [span] = desk.spans()
    text = article.text
    pieces = [[text.index(q), text.index(q) + len(q)] for q in ("دول المجلس", "القمة")]
    assert span.fragments == pieces
    assert (span.start, span.end) == (pieces[0][0], pieces[1][1]), "the hull, whose quote the server has checked"
    assert desk.painted("ac-actor-0") == ["دول المجلس", "القمة"]
    expect(desk.page.locator(".mark q").first).to_have_text("دول المجلس … القمة")
    desk.page.keyboard.press("Control+z")
    desk.saved()
    assert desk.spans()[0].fragments is None
    desk.page.keyboard.press("Control+Shift+z")
    desk.saved()
    assert desk.spans()[0].fragments == pieces
    desk.page.locator('[data-field="piece:0"]').click()
    desk.saved()
    [span] = desk.spans()
    assert (span.quote, span.fragments) == ("القمة", None)


def test_pieces_that_touch_become_one(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator).open()
    desk.select("دول")
    desk.label("ACTOR")
    desk.select("التعاون")
    desk.press("KeyE", "E", shiftKey=True)
    desk.select("مجلس")
    desk.press("KeyE", "E", shiftKey=True)
    desk.saved()
    [span] = desk.spans()
    assert (span.quote, span.fragments) == ("دول مجلس التعاون", None)


# -- suggestions and marking like before


def test_a_label_key_on_a_suggestion_corrects_its_label(visit: Visit, article: Document, annotator: User) -> None:
    suggest(article, ("ACTOR", "العُلا", 0.9), ("ACTOR", "قطر", 0.8))
    desk = at_text(visit(article, annotator).open())
    desk.page.keyboard.press("n")
    desk.press("Digit4", "٤")
    desk.page.keyboard.press("a")
    desk.saved()
    assert [(s.label, s.quote, s.origin) for s in desk.spans()] == [
        ("PLACE", "العُلا", "CORRECTED"),
        ("ACTOR", "قطر", "ACCEPTED"),
    ]


def test_what_is_marked_once_is_found_again_and_marked_the_same(visit: Visit, text: Document, annotator: User) -> None:
    from annotator.registry.models import Entity

    russia = Entity.objects.get(project=text.project, key="RUS")
    at = PIECES.index("روسيا")
    build.edit(
        annotator, text, build.add_span(text, at, at + 5, "ACTOR", entity=russia.pk, attributes={"mention": "NAM"})
    )
    desk = at_text(visit(text, annotator).open())
    for _ in range(2):
        desk.press("KeyG", "ل")
        assert selected(desk) == "روسيا"
        desk.press("KeyA", "ش")
    desk.saved()
    found = desk.spans()
    assert [s.start for s in found] == [at, PIECES.index("لروسيا") + 1, PIECES.index("وروسيا") + 1], "not in بيلاروسيا"
    assert {(s.label, s.entity_id, s.attributes["mention"]) for s in found} == {("ACTOR", russia.pk, "NAM")}
    desk.press("KeyG", "ل")
    assert selected(desk) == ""


def test_read_only_text_can_be_selected_and_copied_but_not_marked(
    visit: Visit, article: Document, annotator: User
) -> None:
    other = build.member(article.project, role=build.Role.VIEWER)
    desk = at_text(visit(article, other).open())
    desk.page.keyboard.press("ArrowLeft")
    desk.page.keyboard.press("1")
    assert selected(desk) == "وقّع"
    assert desk.run("return canvas.store.spans.size") == 0
