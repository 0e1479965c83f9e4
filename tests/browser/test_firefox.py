"""The same canvas in Firefox: painted, marked with the mouse and by keys, saved, undone, with the offsets that Python counts."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from annotator.coding.models import Span
from annotator.corpus.models import Document
from annotator.teams.models import User
from tests import build
from tests.browser.conftest import quiet
from tests.browser.firefox import CONTROL, Firefox, firefox
from tests.browser.fuzz import PIECES

pytestmark = pytest.mark.browser
Visit = Callable[..., Firefox]


@pytest.fixture(scope="module")
def window() -> Iterator[Firefox]:
    with firefox() as opened:
        yield opened


@pytest.fixture
def visit(transactional_db: None, live_server: Any, window: Firefox) -> Iterator[Visit]:
    """visit(document, person): the document open for a person, everything ready."""

    def enter(document: Document, person: User, language: str = "ar") -> Firefox:
        User.objects.filter(pk=person.pk).update(language=language)
        client = Client()
        client.force_login(person)
        window.open(f"{live_server.url}/healthz")
        window("WebDriver:DeleteAllCookies")
        value = client.cookies["session"].value
        window("WebDriver:AddCookie", {"cookie": {"name": "session", "value": value, "path": "/"}})
        window.open(f"{live_server.url}/documents/{document.pk}/")
        window.until("return canvas?.dataset.ready === ''")
        return window

    yield enter
    window.open("about:blank")
    quiet()


def place(of: Firefox, document: Document, quote: str) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where a quote begins and ends on the screen."""
    at = document.text.index(quote)
    box = of.run(
        """const b = canvas.paper.range(canvas.paper.map.toUnits(x[0]), canvas.paper.map.toUnits(x[1])).getBoundingClientRect();
        return [b.left, b.right, (b.top + b.bottom) / 2]""",
        at, at + len(quote),
    )  # fmt: skip
    left, right, y = box
    return ((right - 1, y), (left + 1, y)) if document.direction == "rtl" else ((left + 1, y), (right - 1, y))


def saved(of: Firefox) -> None:
    of.until("return canvas.outbox.pending === 0 && !canvas.outbox.flushing")


def painted(of: Firefox, name: str) -> list[str]:
    found: str = of.run("return JSON.stringify([...(page.CSS.highlights.get(x[0]) ?? [])].map(String))", name)
    return list(json.loads(found))


@pytest.mark.parametrize("language", ["ar", "en"])
def test_marks_are_painted_made_saved_and_undone(
    visit: Visit, article: Document, annotator: User, language: str
) -> None:
    build.edit(annotator, article, build.add_span(article, 0, 4, "ACTOR"))
    page = visit(article, annotator, language)
    assert painted(page, "ac-actor-0") == ["وقّع"]
    with_marks = page("WebDriver:TakeScreenshot")
    page.run("page.CSS.highlights.get('ac-actor-0').clear(); return 0")
    assert page("WebDriver:TakeScreenshot") != with_marks  # Firefox takes no highlights over from the text
    page.run("canvas.brush.repaint(); return 0")
    assert page("WebDriver:TakeScreenshot") == with_marks
    page.drag(*place(page, article, "قطر"))
    assert page.run("return canvas.paper.quote(canvas.selecting.from, canvas.selecting.to)") == "قطر"
    page.press("2")
    event = page.run("return canvas.state.codebook.labels.find((l) => l.key === 'Digit2').code")
    assert painted(page, f"ac-{event.lower()}-0") == ["قطر"]
    saved(page)
    rows = Span.objects.filter(set__document=article)
    assert sorted(rows.values_list("quote", "label")) == sorted([("وقّع", "ACTOR"), ("قطر", event)])
    page.press(CONTROL, "z")
    page.until("return canvas.store.spans.size === 1")
    saved(page)
    assert list(rows.values_list("quote", flat=True)) == ["وقّع"]
    assert painted(page, f"ac-{event.lower()}-0") == []


def test_the_keyboard_alone_marks_a_word(visit: Visit, article: Document, annotator: User) -> None:
    page = visit(article, annotator)
    page.run("canvas.focus()")
    page.press("\ue012")  # left: the first word
    page.press("\ue012")
    page.press("1")
    saved(page)
    assert [s.quote for s in Span.objects.filter(set__document=article)] == ["قادة"]


def test_offsets_are_the_same_in_python_and_in_firefox(visit: Visit, annotator: User) -> None:
    chance = random.Random(7)
    of = build.project()
    build.member(of, person=annotator)
    document = build.document(of, "".join(chance.choice(PIECES) for _ in range(1500)) + " نهاية", title="T")
    build.assignment(document, annotator)
    page = visit(document, annotator)
    text = Document.objects.get(pk=document.pk).text
    assert page.run("return canvas.editable")
    starts = [chance.randrange(len(text)) for _ in range(2000)]
    ranges = [[start, min(len(text), start + chance.randrange(1, 60))] for start in starts]
    found = page.run(
        """return x[0].map(([s, e]) => {
            const [a, b] = [canvas.paper.map.toUnits(s), canvas.paper.map.toUnits(e)];
            return [canvas.paper.quote(a, b), canvas.paper.map.toPoints(a), canvas.paper.map.toPoints(b)];
        })""",
        ranges,
    )
    assert [row for row, (s, e) in zip(found, ranges, strict=True) if row != [text[s:e], s, e]] == []
