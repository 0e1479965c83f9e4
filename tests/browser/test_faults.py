"""Whatever breaks, everything arrives exactly once: dead servers, bursts, full disks, closed work, other browsers."""

from __future__ import annotations

import random
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Route, expect

from annotator.coding.models import AnnotationSet, Edit, Span
from annotator.corpus.models import Document
from annotator.teams.models import User
from tests import build
from tests.browser.conftest import Desk, answering
from tests.browser.test_outbox import EDITS, LOST, again, mark, on_disk, state

pytestmark = pytest.mark.browser
Visit = Callable[..., Desk]
GONE = (*LOST, "ERR_CONNECTION_REFUSED", "ERR_EMPTY_RESPONSE", "ERR_CONNECTION_RESET")


class Line:
    """The wire between browser and server, which can be cut and mended."""

    def __init__(self, url: str) -> None:
        self.target = (urlsplit(url).hostname or "", urlsplit(url).port or 0)
        self.ends: list[socket.socket] = []
        self.port = 0
        self.mend()

    def mend(self) -> None:
        self.door = socket.create_server(("127.0.0.1", self.port))
        self.port = self.door.getsockname()[1]
        threading.Thread(target=self._listen, args=(self.door,), daemon=True).start()

    def _listen(self, door: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _address = door.accept()
                far = socket.create_connection(self.target)
                self.ends += [near, far]
                for a, b in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(a, b), daemon=True).start()

    @staticmethod
    def _carry(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.close()

    def cut(self) -> None:
        for end in (self.door, *self.ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self.ends = []


@pytest.fixture
def line(live_server: Any) -> Iterator[Line]:
    line = Line(live_server.url)
    yield line
    line.cut()


def test_a_server_that_dies_and_comes_back_gets_everything(
    visit: Visit, article: Document, annotator: User, line: Line
) -> None:
    desk = visit(article, annotator, allow=GONE)
    desk.url = f"http://localhost:{line.port}"
    desk.open()
    mark(desk, "قطر")
    desk.saved()
    line.cut()
    mark(desk, "الكويت")
    state(desk).to_have_attribute("data-state", "waiting")
    on_disk(desk, 1)
    desk.page.keyboard.press("Control+KeyZ")
    mark(desk, "الأمم المتحدة")
    on_disk(desk, 3)
    line.mend()
    again(desk)
    desk.saved()
    assert [s.quote for s in desk.spans()] == ["قطر", "الأمم المتحدة"]
    assert list(Edit.objects.order_by("seq").values_list("verb", flat=True)) == [
        "add_span", "add_span", "undo", "add_span"
    ]  # fmt: skip


def test_five_hundred_edits_in_a_burst_arrive_once_over_a_bad_network(
    visit: Visit, article: Document, annotator: User
) -> None:
    desk = visit(article, annotator, allow=LOST).open()
    chance = random.Random(7)

    def bad(route: Route) -> None:
        luck = chance.random()
        if luck < 0.25:
            route.fulfill(status=503, body="{}")
        elif luck < 0.45:
            route.abort()
        elif luck < 0.65:
            route.fetch()  # done, but nobody hears of it
            route.abort()
        else:
            route.continue_()

    burst = """for (let i = x[0]; i < x[1]; i++) {
        const at = i % 150;
        canvas.acts.commit([canvas.store.add('PLACE', at, at + 2, null)]);
    }"""
    with answering(desk.page, EDITS, bad):
        desk.run(burst, [0, 500])
        for _n in range(40):
            desk.page.wait_for_timeout(150)
            again(desk)
    again(desk)
    desk.saved()
    rows = Span.objects.filter(set__document=article)
    assert rows.count() == len({s.pk for s in desk.spans()}) == 500
    assert Edit.objects.filter(set__document=article).count() == 500
    assert desk.run("return canvas.store.spans.size") == 500
    starts = [e.after["spans"][0]["start"] for e in Edit.objects.filter(set__document=article).order_by("seq")]
    assert starts == [n % 150 for n in range(500)], "in the order they were made"


def test_logging_in_again_in_another_tab_goes_on_without_loss(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator, allow=LOST).open()
    desk.page.context.clear_cookies()
    mark(desk, "قطر")
    state(desk).to_have_attribute("data-state", "login")
    mark(desk, "الكويت")
    other = desk.page.context.new_page()
    other.goto(f"{desk.url}/accounts/login/")
    other.fill("[name=login]", annotator.email)
    other.fill("[name=password]", build.PASSWORD)
    other.locator("main form button[type=submit]").click()
    other.wait_for_url(f"{desk.url}/")
    other.close()
    desk.run("dispatchEvent(new Event('focus'))")
    desk.saved()
    assert [s.quote for s in desk.spans()] == ["قطر", "الكويت"]


# -- tabs and browsers of one person


def test_two_tabs_are_in_step_before_the_server_answers(visit: Visit, article: Document, annotator: User) -> None:
    first = visit(article, annotator, allow=LOST).open()
    second = visit(article, annotator, context=first.page.context, allow=LOST).open()
    first.page.context.set_offline(True)
    mark(first, "قطر")
    second.until("return canvas.store.spans.size === 1")
    assert second.painted("ac-actor-0") == ["قطر"]
    mark(second, "الكويت")
    first.until("return canvas.store.spans.size === 2")
    second.page.keyboard.press("Control+KeyZ")
    first.until("return canvas.store.spans.size === 1")
    second.page.keyboard.press("Control+KeyZ")  # what the other tab did
    first.until("return canvas.store.spans.size === 0")
    first.page.context.set_offline(False)
    again(first)
    for desk in (first, second):
        desk.saved()
    assert first.spans() == []
    assert Edit.objects.filter(set__document=article).count() == 4
    first.page.keyboard.press("Control+Shift+KeyZ")
    second.until("return canvas.store.spans.size === 1")
    assert [s.quote for s in first.spans()] == ["قطر"]


def test_another_browser_is_caught_up_with_when_one_comes_back(
    visit: Visit, article: Document, annotator: User
) -> None:
    here, there = visit(article, annotator).open(), visit(article, annotator).open()
    mark(there, "قطر")
    there.saved()
    here.run("dispatchEvent(new Event('focus'))")
    here.until("return canvas.store.spans.size === 1")
    assert here.painted("ac-actor-0") == ["قطر"]
    mark(here, "الكويت")
    here.saved()
    there.run("dispatchEvent(new Event('focus'))")
    there.until("return canvas.store.spans.size === 2")


def test_what_is_handed_in_elsewhere_closes_here(visit: Visit, article: Document, annotator: User) -> None:
    here, there = visit(article, annotator, language="en").open(), visit(article, annotator, language="en").open()
    mark(there, "قطر")
    there.saved()
    there.page.locator("form[data-submit] button").click()
    there.page.wait_for_url("**/done/")
    here.run("dispatchEvent(new Event('focus'))")
    expect(here.page.locator(".banner[role=alert]")).to_contain_text("closed somewhere else")
    here.select("الكويت")
    here.label("ACTOR")
    assert here.run("return canvas.outbox.pending") == 0


def test_edits_left_behind_are_told_of_when_the_work_was_closed_meanwhile(
    visit: Visit, article: Document, annotator: User
) -> None:
    desk = visit(article, annotator, allow=LOST).open()
    mark(desk, "قطر")
    desk.saved()
    context = desk.page.context
    context.set_offline(True)
    mark(desk, "الكويت")
    on_disk(desk, 1)
    desk.page.close(run_before_unload=False)
    article.assignments.update(state="SUBMITTED")
    context.set_offline(False)
    reopened = visit(article, annotator, context=context, allow=LOST).open()
    state(reopened).to_have_attribute("data-state", "refused")
    reopened.page.locator('[data-part="save"] button').click()
    dialog = reopened.page.locator("dialog[open]")
    expect(dialog).to_contain_text("الكويت")
    dialog.locator(".refused button.danger").click()
    state(reopened).to_have_attribute("data-state", "saved")
    assert [s.quote for s in reopened.spans()] == ["قطر"]


def test_an_edit_made_while_the_page_asks_anew_stays_in_sight(visit: Visit, article: Document, annotator: User) -> None:
    build.edit(annotator, article, build.add_span(article, 0, 4, "EVENT", attributes={"type": "CONSULT"}))
    desk = visit(article, annotator).open()
    held: list[Route] = []
    with answering(desk.page, "**/marks/**", lambda route: held.append(route)):
        desk.run("window.asked = canvas.sync.resync(); window.asked.then(() => (window.done = true))")
        while not held:
            desk.page.wait_for_timeout(15)
        mark(desk, "قطر")
        desk.saved()
        fetched = held[0].fetch()
        held[0].fulfill(response=fetched)
    desk.until("return window.done === true")
    assert desk.run("return canvas.store.spans.size") == 2
    assert desk.painted("ac-actor-0") == ["قطر"]


# -- a browser that keeps nothing


BLOCKED = (
    "Object.defineProperty(window, 'indexedDB', {value: {open() { throw new DOMException('no', 'SecurityError'); }}});"
)
FULL = """window.full = true;
const add = IDBObjectStore.prototype.add;
IDBObjectStore.prototype.add = function (...row) {
    if (window.full) throw new DOMException("full", "QuotaExceededError");
    return add.apply(this, row);
};"""


def test_a_browser_that_keeps_nothing_is_told_and_saves_all_the_same(
    visit: Visit, article: Document, annotator: User
) -> None:
    desk = visit(article, annotator, language="en", allow=LOST)
    desk.page.add_init_script(BLOCKED)
    desk.open()
    expect(desk.page.locator(".save .fragile")).to_have_text("not kept on this device")
    asked: list[str] = []
    desk.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    with answering(desk.page, EDITS, lambda route: route.fulfill(status=503, body="{}")):
        mark(desk, "قطر")
        state(desk).to_have_attribute("data-state", "waiting")
        desk.page.close(run_before_unload=True)
        desk.page.wait_for_timeout(300)
        assert asked == ["beforeunload"]
    again(desk)
    desk.saved()
    assert [s.quote for s in desk.spans()] == ["قطر"]


def test_with_a_full_disk_nothing_is_lost_or_out_of_order(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator, language="en", allow=LOST)
    desk.page.add_init_script(FULL)
    desk.open()
    with answering(desk.page, EDITS, lambda route: route.fulfill(status=503, body="{}")):
        desk.run("window.full = false; canvas.acts.commit([canvas.store.add('PLACE', 0, 3, null)])")
        on_disk(desk, 1)
        desk.run("window.full = true; canvas.acts.commit([canvas.store.add('PLACE', 5, 8, null)])")
        expect(desk.page.locator(".save .fragile")).to_be_visible()
        desk.run("window.full = false; canvas.acts.commit([canvas.store.add('PLACE', 10, 13, null)])")
        on_disk(desk, 3)
        desk.until("return canvas.outbox.tries > 0")
    again(desk)
    desk.saved()
    expect(desk.page.locator(".save .fragile")).to_have_count(0)
    starts = [e.after["spans"][0]["start"] for e in Edit.objects.filter(set__document=article).order_by("seq")]
    assert starts == [0, 5, 10]
    assert AnnotationSet.objects.get(document=article).version == 3
