"""The states of the workspace, one after the other, as a person comes into them. Tests look at the page in each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from playwright.sync_api import expect

from annotator.corpus.models import Document
from annotator.teams.models import User
from tests import build
from tests.browser.conftest import TEXT, Desk
from tests.browser.test_panel import suggest

Walk = Iterator[str]


def coded_article(person: User) -> Document:
    """An article with marks in three lanes, an actor in pieces, an open link, suggestions."""
    of = build.project()
    build.member(of, person=person)
    build.document(of, "نص يسبق.", title="السابق")
    document = build.document(of, TEXT, title="قمة العُلا", source="وكالة الأنباء")
    build.document(of, "نص يلي.", title="التالي")
    build.assignment(document, person)
    suggest(document, ("ACTOR", "الكويت", 0.9), ("EVENT", "رحّبت", 0.6), ("ACTOR", "واشنطن", 0.5))

    def mark(label: str, quote: str, **more: Any) -> dict[str, Any]:
        at = document.text.index(quote)
        return build.add_span(document, at, at + len(quote), label, **more)

    build.edit(
        person,
        document,
        mark("EVENT", "وقّع", attributes={"type": "SUPPORT"}),
        mark("ACTOR", "مجلس التعاون"),
        mark("ACTOR", "قادة دول مجلس التعاون"),
        mark("IMPLICATION", "وقّع قادة دول مجلس التعاون في مدينة العُلا"),
        mark("ACTOR", "قطر"),
    )
    return document


def empty(desk: Desk) -> Walk:
    desk.open()
    yield "nothing marked"
    desk.select("العُلا")
    yield "words selected"


def at_work(desk: Desk) -> Walk:
    """With marks: selecting, forms, links, suggestions, tabs."""
    desk.open()
    yield "marks in three lanes"
    desk.click("وقّع")
    expect(desk.page.locator("article.mark")).to_be_visible()
    yield "an event and its form"
    desk.press("KeyL", "م")
    yield "a link is made"
    to_text(desk)
    desk.click("قطر")
    yield "an actor and its form"
    to_text(desk)
    desk.press("KeyN", "ى")
    expect(desk.page.locator(".offer[aria-current]")).to_be_visible()
    yield "a suggestion"
    for tab in ("list", "cards", "talk", "details"):
        if desk.page.locator(f"#tab-{tab}").count():
            desk.page.locator(f"#tab-{tab}").click()
            yield f"the tab {tab}"


def reading(desk: Desk) -> Walk:
    """Finding, guidelines, type, dialogs."""
    desk.open()
    desk.press("Slash", "ظ")
    desk.page.locator(".finder input").fill("العلا")
    desk.until("return [...(CSS.highlights?.get('ac-on-found') ?? [1])].length === 1")
    yield "find"
    desk.page.keyboard.press("Escape")
    desk.press("KeyH", "ا")
    expect(desk.page.locator("[data-guide=body] p").first).to_be_visible()
    yield "guidelines"
    desk.press("KeyH", "ا")
    desk.press("KeyT", "ف")
    expect(desk.page.locator("#type-size")).to_be_focused()
    yield "type"
    desk.page.keyboard.press("Escape")
    to_text(desk)
    desk.press("Slash", "؟", shiftKey=True)
    expect(desk.page.locator("dialog[open]")).to_be_visible()
    yield "the keys"
    desk.page.keyboard.press("Escape")
    desk.select("العُلا")
    desk.press("Space", " ")
    expect(desk.page.locator("dialog[open]")).to_be_visible()
    yield "the palette"
    desk.page.keyboard.press("Escape")


def all_the_same(desk: Desk) -> Walk:
    """The list of occurrences, in this document and in all of them."""
    desk.open()
    desk.select("مجلس")
    desk.press("KeyF", "ب")
    expect(desk.page.locator(".same-groups li").first).to_be_visible()
    yield "all the same here"
    desk.page.locator(".same-forms summary").click()
    desk.page.locator(".same .segments label").nth(1).click()
    expect(desk.page.locator(".same-head").first).to_be_visible()
    yield "all the same everywhere"


def trouble(desk: Desk) -> Walk:
    """Offline, and an edit that the server refuses."""
    desk.open()
    desk.page.context.set_offline(True)
    desk.select("الأمم المتحدة")
    desk.press("Digit1", "١")
    expect(desk.page.locator('[data-part="save"]')).to_have_attribute("data-state", "offline")
    yield "offline"
    problem = {"code": "quote", "detail": "No.", "errors": {"edits.0.span.quote": ["This is not what the text says."]}}
    desk.page.route(
        "**/edits/",
        lambda route: route.fulfill(status=422, content_type="application/problem+json", body=json.dumps(problem)),
    )
    desk.page.context.set_offline(False)
    expect(desk.page.locator('[data-part="save"] button')).to_be_visible()
    yield "refused"
    desk.page.locator('[data-part="save"] button').click()
    expect(desk.page.locator("dialog[open]")).to_be_visible()
    yield "what was refused"


def to_text(desk: Desk) -> None:
    for _ in range(2):
        desk.press("Escape", "Escape")
    desk.page.locator("annotation-canvas").evaluate("(e) => e.focus({preventScroll: true})")


WALKS: dict[str, Callable[[Desk], Walk]] = {
    "at_work": at_work, "reading": reading, "all_the_same": all_the_same, "trouble": trouble,
}  # fmt: skip
