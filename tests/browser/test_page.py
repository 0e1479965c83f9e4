"""The page as a whole: what far texts cost, readers that speak, small screens, colours, what is sent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Route, expect

from annotator.corpus.models import Document
from annotator.teams.models import User
from annotator.web.bundles import modules
from annotator.web.static_files import lean
from tests import build
from tests.browser.conftest import Desk

pytestmark = pytest.mark.browser
Visit = Callable[..., Desk]


def test_a_text_that_differs_from_the_stored_one_cannot_be_marked(
    visit: Visit, article: Document, annotator: User
) -> None:
    desk = visit(article, annotator)

    def tamper(route: Any) -> None:
        response = route.fetch()
        route.fulfill(response=response, body=response.text().replace("الثلاثاء", "الأربعاء"))

    desk.page.route("**/documents/*/", tamper)
    desk.open()
    expect(desk.page.locator('.banner[role="alert"]')).to_be_visible()
    desk.run("canvas.selecting.set(0, 4)")
    desk.press("Digit1", "١")
    assert desk.run("return canvas.store.spans.size") == 0


def test_a_long_text_has_ranges_only_where_one_looks_and_few_nodes(visit: Visit, annotator: User) -> None:
    of = build.project()
    build.member(of, person=annotator)
    line = "وقّع قادة دول مجلس التعاون في مدينة العُلا بيانًا أنهى خلافًا دام أكثر من ثلاث سنوات مع قطر. " * 3
    document = build.document(of, "\n".join(f"{n} {line}" for n in range(400)), title="طويل")
    build.assignment(document, annotator)
    text = document.text
    every = [
        {
            "id": build.new_id(),
            "op": "add_span",
            "span": {"id": build.new_id(), "label": "ACTOR", "start": at, "end": at + 5, "quote": text[at : at + 5]},
        }
        for at in range(10, len(text) - 10, 60)
    ]
    for first in range(0, len(every), 200):
        build.edit(annotator, document, *every[first : first + 200])
    desk = visit(document, annotator).open()
    live = "return [...CSS.highlights.values()].reduce((n, h) => n + h.size, 0)"
    assert 0 < desk.run(live) < 1000
    desk.page.locator("#tab-list").click()
    expect(desk.page.locator(".marks-list [role=option]").first).to_be_visible()
    assert desk.page.locator(".marks-list [role=option]").count() < 100
    last = desk.run("return canvas.store.spans.ordered().at(-1).id")
    desk.run("canvas.picking.select(x, {reveal: true})", last)
    desk.page.wait_for_timeout(200)
    y = desk.run(
        "const s = canvas.store.spans.get(x), b = canvas.paper.range(s.from, s.to).getBoundingClientRect(); return b.y",
        last,
    )
    assert 56 < y < 830
    assert 0 < desk.run(live) < 1000


def test_a_canvas_taken_out_of_the_page_leaves_nothing_behind(visit: Visit, article: Document, annotator: User) -> None:
    build.edit(annotator, article, build.add_span(article, 0, 4, "ACTOR"))
    desk = visit(article, annotator).open()
    assert desk.run("return [...CSS.highlights.keys()].length") > 0
    desk.run("canvas.remove()")
    assert desk.page.evaluate("[...CSS.highlights.keys()].length") == 0
    desk.page.keyboard.press("1")  # no listener is left that would throw


def test_the_keyboard_cursor_is_heard(visit: Visit, article: Document, annotator: User) -> None:
    build.edit(annotator, article, build.add_span(article, 0, 4, "EVENT"))
    desk = visit(article, annotator).open()
    desk.page.locator("annotation-canvas").focus()
    desk.page.keyboard.press("ArrowLeft")
    expect(desk.page.locator('[data-part="live"]')).to_have_text("وقّع، حدث")


@pytest.mark.parametrize("width", [320, 400, 1280])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_no_page_is_wider_than_the_screen(
    visit: Visit, article: Document, annotator: User, width: int, language: str
) -> None:
    build.edit(annotator, article, build.add_span(article, 0, 4, "EVENT"))
    desk = visit(article, annotator, language=language, width=width, height=780).open()
    for act in ("", "canvas.picking.select([...canvas.store.spans.byId.keys()][0])", "canvas.panel.show('list')"):
        desk.run(act)
        assert desk.run("return document.documentElement.scrollWidth") <= width
    inside = desk.page.locator("article.sheet p").first.bounding_box()
    assert inside is not None
    assert inside["x"] >= 0
    assert inside["x"] + inside["width"] <= width


def test_the_modules_work_as_they_are_sent(visit: Visit, article: Document, annotator: User, settings: Any) -> None:
    """Tests run the sources; a collected site sends them by steps, and lean."""
    settings.CANVAS_BUNDLED = True
    desk = visit(article, annotator)
    asked: list[str] = []

    def send(route: Route) -> None:
        path = finders.find(route.request.url.partition("/static/")[2])
        assert path
        asked.append(Path(path).name)
        route.fulfill(body=lean(Path(path).read_text(encoding="utf-8")), content_type="text/javascript")

    desk.page.route("**/static/annotator/*.js", send)
    desk.open()
    desk.select("قطر")
    desk.press("Digit1", "١")
    desk.saved()
    assert desk.painted("ac-actor-0") == ["قطر"]
    desk.press("KeyZ", "ئ", ctrlKey=True)
    desk.until("return canvas.store.spans.size === 0")
    desk.saved()
    assert desk.spans() == []
    assert sorted(asked[:3]) == ["step-core.js", "step-desk.js", "step-paint.js"]
    # And those that few ever need.
    for name in modules()["rare"]:
        assert desk.page.evaluate("(name) => import(`#annotator/${name}`).then((m) => Object.keys(m).length > 0)", name)
