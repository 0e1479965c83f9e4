"""Undo and redo without end over a reload, and the past of a mark: seen in words, brought back, undone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from annotator.coding.models import Edit
from annotator.corpus.models import Document
from annotator.teams.models import User
from tests import build
from tests.browser.conftest import Desk
from tests.browser.test_outbox import LOST, mark

pytestmark = pytest.mark.browser
Visit = Callable[..., Desk]


def reload(desk: Desk) -> None:
    desk.page.reload()
    desk.page.wait_for_selector("annotation-canvas[data-ready]")


def arrived(desk: Desk) -> None:
    """Wait until hundreds of edits have arrived."""
    assert desk.run("return canvas.outbox.settled(60000)")
    desk.saved()


def test_three_hundred_acts_are_undone_and_redone_over_reloads(
    visit: Visit, article: Document, annotator: User
) -> None:
    desk = visit(article, annotator).open()
    desk.run(
        """for (let i = 0; i < 300; i++) canvas.acts.commit([canvas.store.add('PLACE', i % 150, (i % 150) + 2, null)]);
        canvas.acts.commit([4, 5, 6].map((at) => canvas.store.add('TIME', at, at + 2, null)));"""  # one act of three
    )
    arrived(desk)
    reload(desk)
    assert desk.run("return canvas.store.spans.size") == 303
    desk.page.keyboard.press("Control+KeyZ")
    arrived(desk)
    desk.until("return canvas.store.spans.size === 300")
    for _n in range(300):
        desk.page.keyboard.press("Control+KeyZ")
    arrived(desk)
    desk.until("return canvas.store.spans.size === 0")
    assert desk.spans() == []
    reload(desk)
    for _n in range(300):
        desk.page.keyboard.press("Control+Shift+KeyZ")
    arrived(desk)
    desk.until("return canvas.store.spans.size === 300")
    desk.page.keyboard.press("Control+KeyY")
    arrived(desk)
    desk.until("return canvas.store.spans.size === 303")
    assert len(desk.spans()) == 303
    assert Edit.objects.filter(set__document=article).count() == 303 + 301 + 301


def test_only_a_new_act_ends_what_can_be_redone(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator, allow=LOST).open()
    mark(desk, "قطر")
    mark(desk, "الكويت")
    desk.saved()
    desk.page.keyboard.press("Control+KeyZ")
    desk.saved()
    reload(desk)
    desk.page.keyboard.press("Control+Shift+KeyZ")
    desk.saved()
    desk.until("return canvas.store.spans.size === 2")
    desk.page.keyboard.press("Control+KeyZ")
    desk.saved()
    mark(desk, "الأمم المتحدة")
    desk.saved()
    desk.page.keyboard.press("Control+Shift+KeyZ")  # nothing is left of that branch
    desk.saved()
    assert [s.quote for s in desk.spans()] == ["قطر", "الأمم المتحدة"]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_mark_is_brought_back_to_what_it_was(visit: Visit, article: Document, annotator: User, language: str) -> None:
    desk = visit(article, annotator, language=language).open()
    mark(desk, "قطر")
    desk.label("PLACE")
    desk.saved()
    desk.press("KeyH", "ا", shiftKey=True)
    dialog = desk.page.locator("dialog.past-dialog")
    names = {"ar": ("فاعل", "مكان"), "en": ("Actor", "Place")}[language]
    expect(dialog.locator(".before-after del").first).to_contain_text(names[0])
    expect(dialog.locator(".before-after ins").first).to_contain_text(names[1])
    found = Axe().run(desk.page).response["violations"]
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
    dialog.locator("[data-restore] button").click()
    desk.saved()
    desk.until("return [...canvas.store.spans.byId.values()][0].label === 'ACTOR'")
    assert desk.painted("ac-actor-0") == ["قطر"]
    desk.page.locator(".toast button").click()
    desk.saved()
    desk.until("return [...canvas.store.spans.byId.values()][0].label === 'PLACE'")
    assert [s.label for s in desk.spans()] == ["PLACE"]


def test_a_removed_mark_is_found_and_brought_back_with_its_link(
    visit: Visit, article: Document, annotator: User
) -> None:
    event = build.add_span(article, 0, 4, "EVENT", attributes={"type": "CONSULT"})
    other = build.add_span(article, 5, 9, "EVENT", attributes={"type": "CONSULT"})
    ids = [edit["span"]["id"] for edit in (event, other)]
    link = {"id": build.new_id(), "type": "SUBEVENT_OF", "from": {"span": ids[0]}, "to": {"span": ids[1]}}
    build.edit(annotator, article, event, other, {"id": build.new_id(), "op": "add_relation", "relation": link})
    desk = visit(article, annotator).open()
    desk.run("canvas.picking.select(x)", ids[0])
    desk.page.keyboard.press("Delete")
    expect(desk.page.locator(".toast button")).to_be_visible()
    desk.saved()
    reload(desk)
    assert desk.run("return [canvas.store.spans.size, canvas.store.relations.size]") == [1, 0]
    desk.press("KeyH", "ا", shiftKey=True)
    desk.page.locator("#removed [data-restore] button").click()
    desk.saved()
    desk.until("return canvas.store.spans.size === 2 && canvas.store.relations.size === 1")
    assert desk.run("return canvas.picking.selected") == ids[0]
    desk.page.goto(f"{desk.url}/documents/{article.pk}/history/")
    expect(desk.page.locator(".past-line")).to_have_count(5)
    expect(desk.page.locator("#removed")).to_have_count(0)


def test_a_removed_link_is_brought_back_from_the_toast(visit: Visit, article: Document, annotator: User) -> None:
    event = build.add_span(article, 0, 4, "EVENT", attributes={"type": "CONSULT"})
    other = build.add_span(article, 5, 9, "EVENT", attributes={"type": "CONSULT"})
    ids = [edit["span"]["id"] for edit in (event, other)]
    link = {"id": build.new_id(), "type": "SUBEVENT_OF", "from": {"span": ids[0]}, "to": {"span": ids[1]}}
    build.edit(annotator, article, event, other, {"id": build.new_id(), "op": "add_relation", "relation": link})
    desk = visit(article, annotator).open()
    desk.run("canvas.picking.select(x)", ids[0])
    desk.page.locator(".links li button.quiet.small").last.click()
    desk.saved()
    assert desk.run("return canvas.store.relations.size") == 0
    desk.page.locator(".toast button").click()
    desk.saved()
    desk.until("return canvas.store.relations.size === 1")
