"""Marks that still lack something: a refused submission leads to each of them, by mouse and by key."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from annotator.coding.models import Assignment
from annotator.corpus.models import Document
from annotator.teams.models import User
from tests import build
from tests.browser.conftest import ENGLISH, Desk

pytestmark = pytest.mark.browser
Visit = Callable[..., Desk]


def selected(desk: Desk) -> str:
    return str(
        desk.run("const s = canvas.store.spans.get(canvas.picking.selected); return s ? canvas.store.quote(s) : ''")
    )


def focused(desk: Desk) -> str:
    return str(desk.run("return document.activeElement.dataset.field ?? document.activeElement.localName"))


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_refused_submission_leads_from_one_gap_to_the_next(
    visit: Visit, article: Document, annotator: User, language: str
) -> None:
    document, quotes = article, ["رحّبت", "زار"]
    if language == "en":
        document, quotes = build.document(article.project, ENGLISH, title="Thaw"), ["met", "signal"]
        build.assignment(document, annotator)
    desk = visit(document, annotator, language=language).open()
    page = desk.page
    for quote in reversed(quotes):  # made from the last to the first: it is the text that counts
        desk.select(quote)
        desk.label("EVENT")
    desk.saved()
    page.locator("form[data-submit] button").click()
    refused = page.locator(".message.error")
    expect(refused).to_be_visible()
    page.wait_for_selector("annotation-canvas[data-ready]")
    desk.until("return canvas.picking.selected !== null")
    assert selected(desk) == quotes[0]
    assert focused(desk) == "a-type"  # into what it lacks
    page.keyboard.type("CONSULT")
    page.keyboard.press("Enter")
    desk.until("return document.activeElement === canvas")
    desk.press("KeyU", "ع")
    desk.until("return document.activeElement.dataset.field === 'a-type'")
    assert selected(desk) == quotes[1]
    desk.page.keyboard.press("Escape")
    page.locator('[data-part="lacking"]').click()  # the way by mouse: the only one that is left
    desk.until("return document.activeElement.dataset.field === 'a-type'")
    assert selected(desk) == quotes[1]
    page.keyboard.type("CONSULT")
    page.keyboard.press("Enter")
    desk.until("return document.activeElement === canvas")
    desk.press("KeyU", "ع")
    expect(page.locator(".toast")).to_be_visible()  # nothing is left
    refused.locator("[data-dismiss]").click()
    expect(refused).to_have_count(0)
    expect(page.locator(".messages")).to_be_hidden()  # and leaves no gap
    desk.saved()
    page.locator("form[data-submit] button").click()
    expect(page.locator(".message.success")).to_be_visible()
    assert Assignment.objects.get(document=document, user=annotator).state == "SUBMITTED"


def test_on_a_phone_the_mark_stays_in_sight_over_its_form(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator, width=400).open()
    desk.select("زار")
    desk.run("canvas.acts.useLabel('EVENT')")
    desk.saved()
    desk.page.goto(f"{desk.page.url.split('#')[0]}#incomplete-{desk.spans()[0].pk}")
    desk.page.reload()
    desk.page.wait_for_selector("annotation-canvas[data-ready]")
    desk.until("return document.activeElement.dataset.field === 'a-type'")
    desk.until(
        """const { from, to } = canvas.store.spans.get(canvas.picking.selected);
        const mark = canvas.paper.range(from, to).getBoundingClientRect();
        return mark.top > 0 && mark.bottom < canvas.panel.root.getBoundingClientRect().top"""
    )
