"""One Chromium and one server for all browser tests; each test has people and documents of its own.

A page that throws, logs an error or breaks the content security policy fails its test.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from playwright.sync_api import Error as PlaywrightError
from pytest_django import DjangoDbBlocker

from annotator.coding.models import Span
from annotator.corpus.models import Document
from annotator.teams.models import User
from tests import build

# Debian's Chromium without the window around the page: the tests take a fifth less of the clock.
CHROMIUM = next(path for path in ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium") if Path(path).exists())
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TEXT = (
    "وقّع قادة دول مجلس التعاون في مدينة العُلا بيانًا أنهى خلافًا دام أكثر من ثلاث سنوات مع قطر.\n"
    "ويعكس البيان رغبة دول المجلس في توحيد مواقفها، وللسعودية دور في استضافة القمة والأمن.\n"
    "\n"
    "ورحّبت الأمم المتحدة بالاتفاق، وزار وفد من الكويت واشنطن يوم الثلاثاء."
)
ENGLISH = "Leaders met in Geneva on Monday.\nThe talks signal a thaw between Washington and Moscow, diplomats said."


@pytest.fixture(scope="session")
def chromium(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Browser]:
    # Playwright's loop runs in this thread; Django takes that for async code and would refuse every query.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()
    # Threads of the server may still hold connections, and a database in use cannot be dropped.
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    else:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = before


class Desk:
    """A person in front of a document in a browser."""

    def __init__(self, page: Page, person: User, document: Document, url: str) -> None:
        self.page = page
        self.person = person
        self.document = document
        self.url = url

    def open(self, query: str = "") -> Desk:
        self.page.goto(f"{self.url}/documents/{self.document.pk}/{query}")
        if "view=" not in query:
            self.page.wait_for_selector("annotation-canvas[data-ready]")
        return self

    # -- doing what a person does

    def point(self, offset: int, *, edge: bool = False) -> tuple[float, float]:
        """Where a character is on the screen: its middle, or with `edge` the boundary in front of it."""
        found: list[float] = self.page.evaluate(
            """([offset, edge]) => {
                const canvas = document.querySelector("annotation-canvas");
                const at = canvas.paper.map.toUnits(offset);
                canvas.cursor?.reveal(at);
                const box = canvas.paper.range(at, at + 1).getClientRects()[0];
                const rtl = canvas.dir === "rtl";
                const x = edge ? (rtl ? box.right - 0.5 : box.left + 0.5) : (box.left + box.right) / 2;
                return [x, (box.top + box.bottom) / 2];
            }""",
            [offset, edge],
        )
        return found[0], found[1]

    def drag(self, start: int, end: int, *, alt: bool = False) -> None:
        """Select with the mouse from in front of one character to in front of another."""
        mouse = self.page.mouse
        first, last = self.point(start, edge=True), self.point(end - 1)
        # Past the middle of the last character, so that it is in.
        step = self.page.evaluate(
            """(offset) => {
                const canvas = document.querySelector("annotation-canvas");
                const at = canvas.paper.map.toUnits(offset);
                const box = canvas.paper.range(at, at + 1).getClientRects()[0];
                return (canvas.dir === "rtl" ? -1 : 1) * (box.width / 2 - 0.5);
            }""",
            end - 1,
        )
        first = self.point(start, edge=True)
        mouse.move(*first)
        mouse.down()
        mouse.move(last[0] + step, last[1], steps=4)
        if alt:
            self.page.keyboard.down("Alt")
        mouse.up()
        if alt:
            self.page.keyboard.up("Alt")

    def select(self, quote: str, *, alt: bool = False) -> None:
        start = self.document.text.index(quote)
        self.drag(start, start + len(quote), alt=alt)

    def click(self, quote: str) -> None:
        """Click in the middle of a quote."""
        start = self.document.text.index(quote)
        self.page.mouse.click(*self.point(start + len(quote) // 2))

    def press(self, code: str, key: str = "", **modifiers: bool) -> None:
        """A key by its place, with whatever letter an Arabic layout puts there."""
        self.page.evaluate(
            """([code, key, modifiers]) => (document.activeElement ?? document.body).dispatchEvent(
                new KeyboardEvent("keydown", {code, key, bubbles: true, cancelable: true, ...modifiers}))""",
            [code, key, modifiers],
        )

    def label(self, name: str) -> None:
        self.page.locator(f'[data-part="labels"] [data-label="{name}"]').click()
        self.until("return !canvas.panel?.wanted")  # the form follows a frame later than the mark

    def until(self, script: str, argument: Any = None) -> None:
        """Wait until a script says true. (Playwright's own waiting needs eval, which the policy of the page forbids.)"""
        end = time.monotonic() + 8
        while not self.run(script, argument):
            assert time.monotonic() < end, f"never true: {script}"
            self.page.wait_for_timeout(15)

    def saved(self) -> None:
        """Wait until everything has arrived."""
        self.until("return canvas.outbox.pending === 0 && !canvas.outbox.flushing")
        expect(self.page.locator('[data-part="save"]')).to_have_attribute("data-state", "saved")

    # -- looking

    def spans(self, label: str = "") -> list[Span]:
        """The person's spans in the database, each with its quote where the text has it."""
        rows = Span.objects.filter(set__document=self.document, set__origin="HUMAN", set__author=self.person)
        found = list((rows.filter(label=label) if label else rows).order_by("start", "-end"))
        assert all(self.document.text[s.start : s.end] == s.quote for s in found)
        return found

    def painted(self, name: str) -> list[str]:
        """The texts under a highlight, such as ac-actor-0, in order."""
        found: list[str] = self.page.evaluate(
            """(name) => [...(CSS.highlights.get(name) ?? [])]
                .sort((a, b) => a.compareBoundaryPoints(Range.START_TO_START, b)).map(String)""",
            name,
        )
        return found

    def run(self, script: str, argument: Any = None) -> Any:
        return self.page.evaluate(
            f"(x) => {{ const canvas = document.querySelector('annotation-canvas'); {script} }}", argument
        )


@pytest.fixture
def visit(transactional_db: None, live_server: Any, chromium: Browser) -> Iterator[Callable[..., Desk]]:
    """visit(document, person, language=…, theme=…, width=…): the document open in a new window."""
    wrong: list[str] = []
    contexts: list[BrowserContext] = []

    def enter(document: Document, person: User, *, context: BrowserContext | None = None, **wishes: Any) -> Desk:
        if context is None:
            context = new_context(chromium, live_server.url, person, **wishes)
            contexts.append(context)
        page = context.new_page()
        allowed = wishes.get("allow", ())
        watch(page, wrong, allowed)
        return Desk(page, person, document, live_server.url)

    yield enter
    for context in contexts:
        leave(context)
        context.close()
    quiet()
    assert not wrong, wrong


def leave(context: BrowserContext) -> None:
    """Leave the pages as a person does, so that what they send at the end is sent while the server still listens."""
    for page in context.pages:
        with suppress(PlaywrightError):  # the page may ask whether to stay
            page.goto("about:blank", timeout=1000)


def quiet() -> None:
    """Wait until the server has answered what a closed page had asked, so that emptying the tables meets nobody."""
    end = time.monotonic() + 5
    calm = 0  # looks in a row at which nothing went on; between two queries a request may just be thinking
    busy = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
    while time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(busy)
            calm = calm + 1 if cursor.fetchone()[0] == 0 else 0
        if calm == 5:
            return
        time.sleep(0.02)


def new_context(
    chromium: Browser, url: str, person: User, *, language: str = "ar", theme: str = "light", width: int = 1280,
    height: int = 860, touch: bool = False, **_more: Any,
) -> BrowserContext:  # fmt: skip
    User.objects.filter(pk=person.pk).update(language=language, theme=theme)
    client = Client()
    client.force_login(person)
    context = chromium.new_context(
        viewport={"width": width, "height": height}, has_touch=touch, reduced_motion="reduce"
    )
    context.set_default_timeout(8000)
    context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": url}])
    return context


def watch(page: Page, wrong: list[str], allowed: tuple[str, ...] = ()) -> None:
    def note(text: str) -> None:
        if not any(words in text for words in allowed):
            wrong.append(text)

    page.on("pageerror", lambda error: note(f"{error.message}\n{error.stack}"))
    page.on("console", lambda message: note(message.text) if message.type in ("error", "warning") else None)


@contextmanager
def answering(page: Page, pattern: str, handler: Callable[[Any], None]) -> Iterator[None]:
    """Another answer than the server's for some requests."""
    page.route(pattern, handler)
    try:
        yield
    finally:
        page.unroute(pattern)


@pytest.fixture
def annotator(transactional_db: None) -> User:
    return build.user("amal")


@pytest.fixture
def article(annotator: User) -> Document:
    """An Arabic article assigned to the annotator."""
    of = build.project()
    build.member(of, person=annotator)
    document = build.document(of, TEXT, title="قمة العُلا")
    build.assignment(document, annotator)
    return document
