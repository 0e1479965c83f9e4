"""A sweep: the suggestions of one label over many documents, one card at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from annotator.coding.models import SuggestionDecision
from annotator.corpus.models import Document
from annotator.teams.models import Project, User
from tests import build
from tests.browser.conftest import ENGLISH, TEXT, Desk
from tests.browser.test_panel import suggest

pytestmark = pytest.mark.browser
Visit = Callable[..., Desk]


@pytest.fixture
def project(annotator: User) -> Project:
    of = build.project()
    build.member(of, person=annotator)
    return of


def written(project: Project, person: User, text: str, *what: tuple[str, str, float]) -> Document:
    document = build.document(project, text, title=text[:12])
    build.assignment(document, person)
    suggest(document, *what)
    return document


def sweep(visit: Visit, document: Document, person: User, query: str, **wishes: Any) -> Page:
    desk = visit(document, person, **wishes)
    desk.page.goto(f"{desk.url}/projects/{document.project_id}/sweep/{query}")
    return desk.page


def arrived(page: Page) -> None:
    expect(page.locator(".sweep .save")).to_have_attribute("data-state", "saved")


def decisions() -> dict[str, str]:
    return dict(SuggestionDecision.objects.values_list("suggestion__quote", "status"))


def test_a_label_is_chosen_and_swept_by_key(visit: Visit, project: Project, annotator: User) -> None:
    first = written(project, annotator, TEXT, ("ACTOR", "قطر", 0.9), ("ACTOR", "الكويت", 0.55), ("PLACE", "العُلا", 0.9))
    written(project, annotator, f"ثم: {TEXT}", ("ACTOR", "الأمم المتحدة", 0.7))
    page = sweep(visit, first, annotator, "")
    page.locator(".topics a").first.click()
    quote = page.locator(".sweep-card mark")
    expect(quote).to_have_text("الكويت")
    expect(page.locator(".sweep-card .sentence")).to_contain_text("وزار وفد من الكويت واشنطن")
    page.keyboard.press("a")
    expect(quote).to_have_text("الأمم المتحدة")
    page.keyboard.press("x")
    expect(quote).to_have_text("قطر")
    expect(page.locator(".sweep-top .n")).to_contain_text("2")
    page.keyboard.press("a")
    expect(page.locator(".sweep-card .hint")).to_be_visible()
    arrived(page)
    assert decisions() == {"الكويت": "ACCEPTED", "الأمم المتحدة": "REJECTED", "قطر": "ACCEPTED"}
    kept = SuggestionDecision.objects.all()
    assert {d.surface for d in kept} == {"sweep"}
    assert all(d.ms is not None and d.ms < 60_000 for d in kept)
    assert {d.set.document_id for d in kept} == {d.pk for d in Document.objects.all()}


def test_a_skipped_card_comes_again_and_a_decision_can_be_taken_back(
    visit: Visit, project: Project, annotator: User
) -> None:
    document = written(
        project, annotator, ENGLISH, ("ACTOR", "Moscow", 0.5), ("ACTOR", "Washington", 0.6), ("ACTOR", "diplomats", 0.7)
    )
    page = sweep(visit, document, annotator, "?label=ACTOR", language="en")
    quote = page.locator(".sweep-card mark")
    expect(quote).to_have_text("Moscow")
    page.keyboard.press("Space")
    expect(quote).to_have_text("Washington")
    page.keyboard.press("a")
    expect(quote).to_have_text("diplomats")
    page.keyboard.press("Control+z")
    expect(quote).to_have_text("Washington")
    arrived(page)
    assert decisions() == {}
    page.keyboard.press("x")
    page.keyboard.press("x")
    expect(quote).to_have_text("Moscow")
    expect(page.locator(".toast")).to_have_text("Now the skipped ones again.")
    page.locator('[data-act="accept"]').click()
    expect(page.locator(".sweep-card .hint")).to_have_text("All are decided.")
    arrived(page)
    assert decisions() == {"Washington": "REJECTED", "diplomats": "REJECTED", "Moscow": "ACCEPTED"}


def test_taking_back_never_reaches_what_was_done_elsewhere(visit: Visit, project: Project, annotator: User) -> None:
    document = written(project, annotator, ENGLISH, ("ACTOR", "Moscow", 0.5), ("ACTOR", "Washington", 0.6))
    page = sweep(visit, document, annotator, "?label=ACTOR", language="en")
    expect(page.locator(".sweep-card mark")).to_have_text("Moscow")
    page.keyboard.press("a")
    arrived(page)
    expect(page.locator(".sweep-card mark")).to_have_text("Washington")
    build.edit(annotator, document, build.add_span(document, 0, 7, "PLACE"))  # in another tab
    page.keyboard.press("z")
    expect(page.locator(".toast")).to_contain_text("changed elsewhere")
    arrived(page)
    assert decisions() == {"Moscow": "ACCEPTED"}
    marks = document.sets.get(origin="HUMAN").spans.order_by("start").values_list("quote", flat=True)
    assert list(marks) == ["Leaders", "Moscow"]


def test_more_cards_than_a_page_and_a_dead_network(visit: Visit, project: Project, annotator: User) -> None:
    words = [f"name{number}" for number in range(100, 145)]
    document = written(
        project, annotator, " ".join(words), *[("ACTOR", word, 0.5 + i / 100) for i, word in enumerate(words)]
    )
    page = sweep(
        visit, document, annotator, "?label=ACTOR", language="en", allow=("Failed to load resource", "net::ERR")
    )
    expect(page.locator(".sweep-card mark")).to_have_text(words[0])
    for word in words[1:30]:
        page.keyboard.press("a")
        expect(page.locator(".sweep-card mark")).to_have_text(word)
    page.context.set_offline(True)
    for word in words[30:35]:
        page.keyboard.press("x")
        expect(page.locator(".sweep-card mark")).to_have_text(word)
    expect(page.locator(".sweep .save")).to_have_attribute("data-state", "offline")
    page.context.set_offline(False)
    arrived(page)
    assert len(decisions()) == 34
    assert sorted(decisions(), key=words.index) == words[:34]


@pytest.mark.parametrize(("language", "theme", "width"), [("ar", "dark", 400), ("en", "light", 320)])
def test_it_fits_a_small_screen(
    visit: Visit, project: Project, annotator: User, language: str, theme: str, width: int
) -> None:
    document = written(project, annotator, TEXT, ("ACTOR", "قطر", 0.9))
    page = sweep(visit, document, annotator, "?label=ACTOR", language=language, theme=theme, width=width)
    expect(page.locator(".sweep-card mark")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for name in ("accept", "reject", "skip"):
        box = page.locator(f'[data-act="{name}"]').bounding_box()
        assert box is not None
        assert box["height"] >= 44


def test_the_keys_are_those_the_person_gave_in_the_workspace(visit: Visit, project: Project, annotator: User) -> None:
    document = written(project, annotator, TEXT, ("ACTOR", "قطر", 0.5), ("ACTOR", "الكويت", 0.6))
    annotator.workspace = {"keys": {"accept": ["Shift+KeyY"], "skip": []}}
    annotator.save(update_fields=["workspace"])
    page = sweep(visit, document, annotator, "?label=ACTOR")
    quote = page.locator(".sweep-card mark")
    expect(quote).to_have_text("قطر")
    expect(page.locator('[data-act="accept"] kbd')).to_have_text("⇧ Y")
    expect(page.locator('[data-act="skip"] kbd')).to_have_count(0)
    page.keyboard.press("KeyA")  # nothing any more
    page.keyboard.press("Shift+KeyY")
    expect(quote).to_have_text("الكويت")
    page.keyboard.press("KeyX")
    expect(page.locator(".sweep-card .hint")).to_be_visible()
    arrived(page)
    assert decisions() == {"قطر": "ACCEPTED", "الكويت": "REJECTED"}
