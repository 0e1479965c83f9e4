"""Finding what to mark with, and any command, by typing; favourites on the number keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from analysis.text.normalise import normalise
from annotator.corpus.models import Document
from annotator.teams.models import User
from tests import build
from tests.browser.conftest import Desk

pytestmark = pytest.mark.browser
Visit = Callable[..., Desk]


def palette(desk: Desk, key: str = "Space") -> None:
    desk.page.locator("annotation-canvas").focus()
    desk.page.keyboard.press(key)
    expect(desk.page.locator("dialog.palette input")).to_be_focused()


def kept(desk: Desk, key: str, value: object) -> None:
    """Wait until what the person prefers has arrived."""
    for _ in range(200):
        desk.person.refresh_from_db()
        if desk.person.workspace.get(key) == value:
            return
        desk.page.wait_for_timeout(40)
    raise AssertionError(f"{desk.person.workspace} instead of {value}")


def options(desk: Desk) -> list[str]:
    names: list[str] = desk.page.locator(".palette [role=option] .name").all_inner_texts()
    return names


@pytest.mark.parametrize(
    ("language", "key", "typed", "first"),
    [
        ("ar", "Space", "العقوبات", "حدث · عقوبات أو تقليص علاقات"),  # with the article that the name has not
        ("ar", "Shift+KeyL", "sanct", "حدث · عقوبات أو تقليص علاقات"),
        ("en", "Space", "عقوبات", "Event · Sanction, reduce relations"),
        ("en", "Space", "event sanction", "Event · Sanction, reduce relations"),
    ],
)
def test_one_choice_makes_label_and_type_in_either_language(
    visit: Visit, article: Document, annotator: User, language: str, key: str, typed: str, first: str
) -> None:
    desk = visit(article, annotator, language=language).open()
    desk.select("ورحّبت")
    palette(desk, key)
    expect(desk.page.locator(".palette-target")).to_have_text("ورحّبت")
    desk.page.keyboard.insert_text(typed)
    expect(desk.page.locator(".palette [aria-selected=true] .name")).to_have_text(first)
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("dialog.palette")).to_have_count(0)
    expect(desk.page.locator("annotation-canvas")).to_be_focused()
    desk.saved()
    [span] = desk.spans()
    assert (span.quote, span.label) == ("ورحّبت", "EVENT")
    assert span.attributes == {"type": "SANCTION", "polarity": "POS", "modality": "ASSERTED"}


def test_escape_leaves_the_selection_and_arrows_choose(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator).open()
    desk.select("واشنطن")
    palette(desk)
    assert options(desk)[:5] == ["فاعل", "حدث", "دلالة", "مكان", "زمان"]
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator("dialog.palette")).to_have_count(0)
    assert desk.run("return canvas.paper.quote(canvas.selecting.from, canvas.selecting.to)") == "واشنطن"
    palette(desk)
    for key in ("ArrowUp", "ArrowUp", "Enter"):  # round the end, to the last but one
        desk.page.keyboard.press(key)
    desk.saved()
    assert [(s.label, s.quote) for s in desk.spans()] == [("PLACE", "واشنطن")]


def test_the_values_of_a_mark_and_a_mode_with_its_type(visit: Visit, article: Document, annotator: User) -> None:
    start = article.text.index("وزار")
    build.edit(
        annotator, article, build.add_span(article, start, start + 4, "EVENT", attributes={"flags": ["habitual"]})
    )
    desk = visit(article, annotator).open()
    desk.click("وزار")
    for typed in ("منفي", "زياره", "تاريخي"):  # as people type: ha for ta marbuta
        palette(desk)
        desk.page.keyboard.insert_text(typed)
        desk.page.keyboard.press("Enter")
    desk.saved()
    [span] = desk.spans()
    assert span.attributes == {
        "flags": ["habitual", "historical"],
        "polarity": "NEG",
        "type": "CONSULT",
        "modes": ["visit"],
    }


def test_favourites_get_the_number_keys_and_stay(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator).open()
    rail = desk.page.locator('[data-part="labels"] button')
    expect(rail).to_have_count(5)
    palette(desk)
    desk.page.keyboard.insert_text("sanct")
    desk.page.keyboard.press("Shift+Enter")
    expect(desk.page.locator(".palette [aria-selected=true] kbd")).to_have_text("6")
    desk.page.locator(".palette input").fill("")
    for _ in range(5):
        desk.page.keyboard.press("ArrowDown")
    desk.page.keyboard.press("Alt+ArrowUp")  # before the last label
    desk.page.keyboard.press("Escape")
    expect(rail).to_have_count(6)
    expect(rail.nth(4).locator("kbd")).to_have_text("5")
    choices = [{"label": code, "values": {}} for code in ("ACTOR", "EVENT", "IMPLICATION", "PLACE")]
    sanction = {"label": "EVENT", "values": {"type": "SANCTION"}}
    kept(desk, "favourites", {str(article.project_id): [*choices, sanction, {"label": "TIME", "values": {}}]})
    desk.select("بيانًا")
    desk.press("Digit5", "٥")
    desk.saved()
    assert [(s.label, s.attributes["type"]) for s in desk.spans()] == [("EVENT", "SANCTION")]
    expect(rail.nth(4).locator("[data-count]")).to_have_text("1")
    desk.open()  # they are the person's, not the browser's
    assert rail.nth(4).locator(".name").inner_text() == "حدث · عقوبات أو تقليص علاقات"
    desk.select("يوم الثلاثاء")
    desk.press("Digit6", "٦")
    desk.saved()
    assert [s.quote for s in desk.spans("TIME")] == ["يوم الثلاثاء"]


def test_a_favourite_is_armed_and_each_selection_gets_its_values(
    visit: Visit, article: Document, annotator: User
) -> None:
    choice = {"label": "EVENT", "values": {"type": "CONSULT"}}
    unknown = {"label": "EVENT", "values": {"type": "NO_SUCH"}}
    User.objects.filter(pk=annotator.pk).update(workspace={"favourites": {str(article.project_id): [choice, unknown]}})
    desk = visit(article, annotator, language="en").open()
    rail = desk.page.locator('[data-part="labels"] button')
    expect(rail).to_have_count(6)  # what the codebook does not know is left out
    rail.first.click()
    expect(rail.first).to_have_attribute("aria-pressed", "true")
    expect(desk.page.locator('[data-label="EVENT"]')).to_have_attribute("aria-pressed", "false")
    for quote in ("وقّع", "بيانًا"):
        desk.select(quote)
    desk.saved()
    assert [(s.quote, s.attributes["type"]) for s in desk.spans()] == [("وقّع", "CONSULT"), ("بيانًا", "CONSULT")]


def test_a_command_is_found_by_its_name(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator, language="en").open()
    desk.select("واشنطن")
    desk.label("PLACE")
    desk.saved()
    palette(desk, "Control+KeyK")
    desk.page.keyboard.type("und")
    found = desk.page.locator(".palette [aria-selected=true]")
    expect(found.locator(".name")).to_have_text("Undo")
    expect(found.locator("kbd")).to_have_text("Ctrl Z")
    desk.page.keyboard.press("Enter")
    desk.saved()
    assert desk.spans() == []
    palette(desk, "Control+KeyK")
    desk.page.keyboard.type("qqqq")
    expect(desk.page.locator(".palette .hint")).to_have_text("Nothing found.")
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("dialog.palette")).to_be_visible()


def test_the_palette_fits_a_phone(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator, width=360, height=640).open()
    desk.page.locator('[data-command="choose_label"]').click()
    dialog = desk.page.locator("dialog.palette")
    box = dialog.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    row = dialog.locator("[role=option]").first.bounding_box()
    assert row is not None
    assert row["height"] >= 44


def test_words_are_folded_as_the_server_does(visit: Visit, article: Document, annotator: User) -> None:
    words = [
        "الإثبات والنفي",
        "مُؤكَّدٌ",
        "شَيْء",
        "مسئول",
        "هٰذا",
        "قضيّة",
        "مستشفى",
        "ﻻ",
        "٢٠٢٢ و۱۴",
        "École",
        "ﷲ",
        "نیم‌فاصله",
        "كـتـاب",
    ]
    desk = visit(article, annotator).open()
    script = "return import('#annotator/fold.js').then(({ fold }) => x.map(fold))"
    assert desk.run(script, words) == [normalise(word).text.casefold() for word in words]
