"""The list of marks: the text in words, filtered, sorted, by keyboard, however many there are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from annotator.corpus.models import Document
from annotator.teams.models import User
from tests import build
from tests.browser.conftest import ENGLISH, Desk
from tests.browser.test_keys import real_key
from tests.browser.test_panel import suggest

pytestmark = pytest.mark.browser
Visit = Callable[..., Desk]
ROWS = ".marks-list [role=option]"


def opened(desk: Desk) -> Desk:
    desk.open()
    desk.page.locator("#tab-list").click()
    desk.page.wait_for_selector(".list-head")
    return desk


def quotes(desk: Desk) -> list[str]:
    found: list[str] = desk.page.locator(f"{ROWS} q").all_inner_texts()
    return found


@pytest.fixture
def marked(article: Document, annotator: User) -> Document:
    marks: list[tuple[str, str, dict[str, Any]]] = [
        ("PLACE", "واشنطن", {}),
        ("EVENT", "وقّع", {}),
        ("ACTOR", "الأمم المتحدة", {}),
        ("EVENT", "وزار", {"type": "CONSULT"}),
    ]
    for label, quote, attributes in marks:
        at = article.text.index(quote)
        build.edit(annotator, article, build.add_span(article, at, at + len(quote), label, attributes=attributes))
    return article


def test_it_is_filtered_and_sorted(visit: Visit, marked: Document, annotator: User) -> None:
    desk = opened(visit(marked, annotator))
    page = desk.page
    count = page.locator(".list-head .n")
    assert quotes(desk) == ["وقّع", "الأمم المتحدة", "وزار", "واشنطن"]
    page.locator('[data-filter="text"]').fill("الامم")  # without hamza
    expect(page.locator(ROWS)).to_have_count(1)
    expect(count).to_have_text("1 من 4")
    page.locator('[data-filter="text"]').fill("")
    expect(page.locator(ROWS)).to_have_count(4)
    page.locator('[data-filter="state"]').select_option("lacking")
    expect(page.locator(ROWS)).to_have_count(1)
    expect(page.locator(ROWS)).to_contain_text("وقّع")
    assert quotes(desk) == ["وقّع"]
    page.locator('[data-filter="state"]').select_option("")
    page.locator('[data-filter="origin"]').select_option("corrected")
    expect(page.locator(ROWS)).to_have_count(0)
    page.locator('[data-filter="origin"]').select_option("")
    page.locator('[data-filter="sort"]').select_option("label")
    expect(page.locator(f"{ROWS} q").first).to_have_text("الأمم المتحدة")
    assert quotes(desk) == ["الأمم المتحدة", "وقّع", "وزار", "واشنطن"]
    page.locator('[data-filter="sort"]').select_option("made")
    expect(page.locator(f"{ROWS} q").first).to_have_text("واشنطن")
    assert quotes(desk) == ["واشنطن", "وقّع", "الأمم المتحدة", "وزار"]
    desk.select("الكويت")
    desk.label("ACTOR")
    page.locator("#tab-list").click()
    expect(page.locator(f"{ROWS} q").last).to_have_text("الكويت")  # made last


def test_it_is_gone_through_by_keys(visit: Visit, marked: Document, annotator: User) -> None:
    desk = opened(visit(marked, annotator))
    page = desk.page
    page.locator('[data-filter="text"]').press("ArrowDown")
    rows = page.locator(".marks-list")
    expect(rows).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert desk.run("return canvas.store.quote(canvas.store.spans.get(canvas.picking.selected))") == "الأمم المتحدة"
    expect(rows).to_be_focused()  # one may go on
    expect(page.locator(f"{ROWS}[aria-current]")).to_contain_text("الأمم المتحدة")
    active = rows.get_attribute("aria-activedescendant")
    assert active == page.locator(f"{ROWS}[data-active]").get_attribute("id")
    page.keyboard.press("End")
    page.keyboard.press("Space")
    expect(page.locator(f"{ROWS}[aria-selected=true]")).to_have_count(2)
    assert desk.run("return canvas.picking.several.size") == 2
    page.keyboard.press("Control+KeyA")
    assert desk.run("return canvas.picking.several.size") == 4
    page.keyboard.press("Delete")
    desk.saved()
    assert desk.spans() == []


def test_thousands_of_marks_are_a_few_rows_and_the_current_one_is_in_sight(visit: Visit, annotator: User) -> None:
    of = build.project()
    build.member(of, person=annotator)
    document = build.document(of, "\n".join(f"كلمة{i:04} هنا" for i in range(1200)), title="طويل")
    build.assignment(document, annotator)
    places = [document.text.index(f"كلمة{i:04}") for i in range(1200)]
    for first in range(0, 1200, 200):
        build.edit(annotator, document, *[build.add_span(document, at, at + 8) for at in places[first:][:200]])
    desk = opened(visit(document, annotator))
    page = desk.page
    expect(page.locator(".list-head .n")).to_contain_text("1200")
    assert page.locator(ROWS).count() < 60
    first = page.locator(ROWS).first
    assert (first.get_attribute("aria-setsize"), first.get_attribute("aria-posinset")) == ("1200", "1")
    page.locator(".marks-list").focus()
    page.keyboard.press("End")
    expect(page.locator(f"{ROWS}[data-active]")).to_be_in_viewport()
    expect(page.locator(f"{ROWS}[data-active] q")).to_have_text("كلمة1199")
    desk.run(
        "canvas.picking.select([...canvas.store.spans.byId.values()].find((s) => s.start === x).id, {open: false})",
        places[600],
    )
    expect(page.locator(f"{ROWS}[aria-current] q")).to_have_text("كلمة0600")
    expect(page.locator(f"{ROWS}[aria-current]")).to_be_in_viewport()
    assert page.locator(ROWS).count() < 60


# -- typing goes to a row


def active(desk: Desk) -> str:
    return desk.page.locator(f"{ROWS}[data-active] q").inner_text()


def pause(desk: Desk) -> None:
    desk.page.wait_for_timeout(750)


def test_letters_of_an_arabic_keyboard_go_to_the_next_row_that_begins_with_them(
    visit: Visit, article: Document, annotator: User
) -> None:
    for label, quote in (
        ("PLACE", "العُلا"),
        ("EVENT", "أنهى"),
        ("ACTOR", "الأمم المتحدة"),
        ("PLACE", "الكويت"),
        ("ACTOR", "وفد"),
    ):
        at = article.text.index(quote)
        build.edit(annotator, article, build.add_span(article, at, at + len(quote), label))
    suggest(article, ("ACTOR", "قطر", 0.9))
    desk = opened(visit(article, annotator))
    desk.page.locator('[data-filter="text"]').press("ArrowDown")
    assert active(desk) == "العُلا"
    real_key(desk, "KeyH", "ا")  # hamza is no difference
    assert active(desk) == "أنهى"
    real_key(desk, "KeyG", "ل")  # "ال": the next one, as the row at hand does not begin so
    assert active(desk) == "الأمم المتحدة"
    real_key(desk, "Semicolon", "ك")
    assert active(desk) == "الكويت"
    pause(desk)
    real_key(desk, "KeyU", "ع")  # without the article, from the beginning again
    assert active(desk) == "العُلا"
    pause(desk)
    real_key(desk, "Semicolon", "ك")
    assert active(desk) == "الكويت"
    pause(desk)
    real_key(desk, "KeyX", "ء")  # nothing begins so
    real_key(desk, "KeyN", "ى")
    assert active(desk) == "الكويت"
    # None of the letters was a command: H opened no guidelines, N walked to no suggestion.
    assert not desk.run("return document.querySelector('.guide').open")
    assert desk.run("return [canvas.picking.selected ?? null, canvas.picking.current ?? null]") == [None, None]
    desk.page.keyboard.press("Escape")  # in the text they are
    real_key(desk, "KeyH", "ا")
    assert desk.run("return document.querySelector('.guide').open")
    real_key(desk, "KeyN", "ى")
    assert desk.run("return canvas.store.quote(canvas.store.suggestions.get(canvas.picking.current))") == "قطر"


def test_letters_go_round_and_several_make_a_word(visit: Visit, annotator: User) -> None:
    of = build.project()
    build.member(of, person=annotator)
    document = build.document(of, ENGLISH, title="Talks")
    build.assignment(document, annotator)
    for quote in ("Leaders met", "met in", "Monday", "Moscow", "Washington"):
        at = document.text.index(quote)
        build.edit(annotator, document, build.add_span(document, at, at + len(quote)))
    desk = opened(visit(document, annotator, language="en"))
    page = desk.page
    page.locator('[data-filter="text"]').press("ArrowDown")
    assert active(desk) == "Leaders met"
    found = []
    for _time in range(4):
        page.keyboard.press("m")
        found.append(active(desk))
    assert found == ["met in", "Monday", "Moscow", "met in"]
    pause(desk)
    page.keyboard.type("mos")
    assert active(desk) == "Moscow"
    pause(desk)
    page.keyboard.type("Leaders m")  # the space is part of it, and picks nothing
    assert active(desk) == "Leaders met"
    expect(page.locator(f"{ROWS}[aria-current]")).to_have_count(0)
    page.keyboard.press("End")
    page.keyboard.press("Space")  # now it picks
    expect(page.locator(f"{ROWS}[aria-current]")).to_contain_text("Moscow")
    page.keyboard.press("m")
    page.keyboard.press("2")  # within the moment a digit is part of a word ...
    assert {s.label for s in desk.spans()} == {"ACTOR"}
    pause(desk)
    page.keyboard.press("2")  # ... and by itself the label for what is picked
    desk.saved()
    assert [s.quote for s in desk.spans("EVENT")] == ["Moscow"]
