"""Nothing a person did gets lost: bad servers, dead networks, closed tabs, expired log-ins, two tabs, two versions."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from annotator.coding.models import AnnotationSet, Edit
from annotator.corpus.models import Document
from annotator.teams.models import User
from tests import build
from tests.browser.conftest import Desk, answering
from tests.browser.test_panel import suggest

pytestmark = pytest.mark.browser
Visit = Callable[..., Desk]
EDITS = "**/edits/"
LOST = ("Failed to load resource", "ERR_INTERNET_DISCONNECTED", "ERR_FAILED")  # what the browser itself says of a fault


def mark(desk: Desk, quote: str, label: str = "ACTOR") -> None:
    desk.select(quote)
    desk.label(label)


def state(desk: Desk) -> Any:
    return expect(desk.page.locator('[data-part="save"]'))


def on_disk(desk: Desk, count: int) -> None:
    """Wait until that many edits would outlive the tab; the page counts them a moment earlier."""
    desk.until("return canvas.outbox.waiting().then((kept) => kept.length === x)", count)


def again(desk: Desk) -> None:
    """As when the network comes back."""
    desk.run("dispatchEvent(new Event('online'))")


def test_everything_arrives_once_after_503_offline_and_a_closed_tab(
    visit: Visit, article: Document, annotator: User
) -> None:
    desk = visit(article, annotator, allow=LOST).open()
    context = desk.page.context
    with answering(desk.page, EDITS, lambda route: route.fulfill(status=503, body="{}")):
        mark(desk, "قطر")
        mark(desk, "الكويت")
        state(desk).to_have_attribute("data-state", "waiting")
        state(desk).to_contain_text("2")
        context.set_offline(True)  # before the server could answer a retry
    mark(desk, "الأمم المتحدة")
    state(desk).to_have_attribute("data-state", "offline")
    assert desk.painted("ac-actor-0") == ["قطر", "الأمم المتحدة", "الكويت"], "the marks stay in sight"
    on_disk(desk, 3)
    desk.page.close(run_before_unload=False)
    assert desk.spans() == []
    context.set_offline(False)
    reopened = visit(article, annotator, context=context).open()
    reopened.saved()
    assert [s.quote for s in reopened.spans()] == ["قطر", "الأمم المتحدة", "الكويت"]
    assert reopened.painted("ac-actor-0") == ["قطر", "الأمم المتحدة", "الكويت"]
    assert Edit.objects.filter(set__document=article).count() == 3


def test_an_answer_that_got_lost_does_not_make_a_second_mark(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator, allow=LOST).open()
    calls: list[str] = []

    def swallow(route: Route) -> None:
        calls.append(route.request.post_data or "")
        if len(calls) == 1:
            route.fetch()  # the server does it, its answer never comes
            route.abort()
        else:
            route.continue_()

    with answering(desk.page, EDITS, swallow):
        mark(desk, "قطر")
        desk.until("return canvas.outbox.tries > 0")
        again(desk)
        desk.saved()
    assert calls[0] == calls[1], "the same edit under the same id"
    assert len(desk.spans()) == 1
    assert Edit.objects.filter(set__document=article).count() == 1


def test_a_burst_goes_out_in_batches_in_order(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator).open()
    desk.run("for (let i = 0; i < 120; i++) canvas.acts.commit([canvas.store.add('ACTOR', i, i + 1, null)])")
    desk.saved()
    assert [s.start for s in desk.spans()] == list(range(120))
    assert list(Edit.objects.order_by("seq").values_list("after__spans__0__start", flat=True)) == list(range(120))


def test_an_expired_log_in_keeps_the_work_and_goes_on_afterwards(
    visit: Visit, article: Document, annotator: User
) -> None:
    desk = visit(article, annotator, allow=LOST).open()
    context = desk.page.context
    cookies = context.cookies()
    context.clear_cookies()
    mark(desk, "قطر")
    state(desk).to_have_attribute("data-state", "login")
    expect(desk.page.locator('[data-part="save"] a')).to_have_attribute("href", "/accounts/login/")
    context.add_cookies(cookies)  # type: ignore[arg-type]
    desk.run("dispatchEvent(new Event('focus'))")
    desk.saved()
    assert [s.quote for s in desk.spans()] == ["قطر"]


def test_another_persons_log_in_does_not_get_this_persons_edits(
    visit: Visit, article: Document, annotator: User
) -> None:
    desk = visit(article, annotator, allow=LOST).open()
    other = build.member(article.project)
    build.assignment(article, other)
    second = visit(article, other)
    context = desk.page.context
    context.clear_cookies()
    context.add_cookies(second.page.context.cookies())  # type: ignore[arg-type]
    mark(desk, "قطر")
    state(desk).to_have_attribute("data-state", "login")
    assert not AnnotationSet.objects.filter(document=article, author=other).exists()


def test_a_refused_edit_is_shown_and_can_be_sent_again(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator, allow=LOST).open()
    problem = {"status": 409, "code": "state", "detail": "Not open for changes."}
    body = json.dumps(problem)
    with answering(
        desk.page, EDITS, lambda r: r.fulfill(status=409, body=body, content_type="application/problem+json")
    ):
        mark(desk, "قطر")
        state(desk).to_have_attribute("data-state", "refused")
    desk.until("return canvas.store.spans.size === 0")  # what is not true is not painted
    desk.page.locator('[data-part="save"] button').click()
    dialog = desk.page.locator("dialog[open]")
    expect(dialog).to_contain_text("قطر")
    expect(dialog).to_contain_text("Not open for changes.")
    dialog.locator(".refused button").first.click()
    desk.saved()
    assert [s.quote for s in desk.spans()] == ["قطر"]
    desk.until("return canvas.store.spans.size === 1")


def test_a_refused_edit_can_be_given_up(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator, allow=LOST).open()
    with answering(desk.page, EDITS, lambda r: r.fulfill(status=422, body='{"code": "invalid", "detail": "No."}')):
        mark(desk, "قطر")
        state(desk).to_have_attribute("data-state", "refused")
    desk.page.locator('[data-part="save"] button').click()
    desk.page.locator("dialog[open] .refused button.danger").click()
    state(desk).to_have_attribute("data-state", "saved")
    desk.open()
    state(desk).to_have_attribute("data-state", "saved")
    assert desk.spans() == []


def test_one_bad_edit_does_not_hold_up_the_others(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator, allow=LOST).open()
    desk.run(
        """const good = canvas.store.add("ACTOR", 0, 4, null);
        const bad = canvas.store.add("ACTOR", 5, 9, null);
        bad.span.quote = "something else";
        canvas.acts.commit([good, bad, canvas.store.add("EVENT", 10, 13, null)]);"""
    )
    state(desk).to_have_attribute("data-state", "refused")
    assert [(s.label, s.start) for s in desk.spans()] == [("ACTOR", 0), ("EVENT", 10)]


# -- undo before the server answers


def test_offline_an_undo_of_what_waits_is_seen_at_once(visit: Visit, article: Document, annotator: User) -> None:
    suggest(article, ("ACTOR", "قطر", 0.9))
    desk = visit(article, annotator, allow=LOST).open()
    mark(desk, "الأمم المتحدة")
    desk.saved()
    desk.page.context.set_offline(True)
    mark(desk, "الكويت")
    desk.press("KeyN", "ى")
    desk.press("KeyA", "ش")
    assert (desk.painted("ac-sug-actor"), desk.painted("ac-actor-0")) == ([], ["قطر", "الأمم المتحدة", "الكويت"])
    desk.page.keyboard.press("Control+KeyZ")
    assert (desk.painted("ac-sug-actor"), desk.painted("ac-actor-0")) == (["قطر"], ["الأمم المتحدة", "الكويت"])
    desk.page.keyboard.press("Control+KeyZ")
    assert desk.painted("ac-actor-0") == ["الأمم المتحدة"]
    expect(desk.page.locator(".toast")).to_have_count(0)
    desk.page.keyboard.press("Control+KeyZ")  # of what the server already has
    expect(desk.page.locator(".toast")).to_have_text("سيُتراجع عنه حين يجيب الخادم.")
    assert desk.painted("ac-actor-0") == ["الأمم المتحدة"]
    desk.page.keyboard.press("Control+Shift+KeyZ")
    expect(desk.page.locator(".toast")).to_have_text("سيُعاد حين يجيب الخادم.")
    desk.page.context.set_offline(False)
    again(desk)
    desk.saved()
    assert [s.quote for s in desk.spans()] == ["الأمم المتحدة"] == desk.painted("ac-actor-0")
    assert desk.painted("ac-sug-actor") == ["قطر"]
    assert (
        desk.run("return [canvas.store.removed.size, canvas.store.reopened.size, canvas.store.acts.length]") == [0] * 3
    )


def test_an_answer_to_what_was_undone_meanwhile_does_not_bring_it_back(
    visit: Visit, article: Document, annotator: User
) -> None:
    suggest(article, ("ACTOR", "قطر", 0.9))
    desk = visit(article, annotator, allow=LOST).open()
    held: list[Route] = []
    late = {"status": 503, "body": "{}"}
    with answering(desk.page, EDITS, lambda route: route.fulfill(**late) if held else held.append(route)):
        desk.press("KeyN", "ى")
        desk.press("KeyA", "ش")
        while not held:
            desk.page.wait_for_timeout(15)
        desk.page.keyboard.press("Control+KeyZ")
        held[0].continue_()
        desk.until("return canvas.outbox.tries > 0")  # the accept has been answered, the undo not
        assert (desk.painted("ac-sug-actor"), desk.painted("ac-actor-0")) == (["قطر"], [])
        assert len(desk.spans()) == 1
    again(desk)
    desk.saved()
    assert (desk.painted("ac-sug-actor"), desk.spans()) == (["قطر"], [])


def test_an_undo_that_waits_is_still_seen_after_the_tab_was_closed(
    visit: Visit, article: Document, annotator: User
) -> None:
    desk = visit(article, annotator, allow=LOST).open()
    context = desk.page.context
    context.route(EDITS, lambda route: route.fulfill(status=503, body="{}"))
    mark(desk, "قطر")
    mark(desk, "الكويت")
    desk.page.keyboard.press("Control+KeyZ")
    state(desk).to_contain_text("3")
    on_disk(desk, 3)
    desk.page.close(run_before_unload=False)
    reopened = visit(article, annotator, context=context, allow=LOST).open()
    state(reopened).to_contain_text("3")
    assert reopened.painted("ac-actor-0") == ["قطر"]
    context.unroute(EDITS)
    again(reopened)
    reopened.saved()
    assert [s.quote for s in reopened.spans()] == ["قطر"] == reopened.painted("ac-actor-0")


def test_a_change_that_waits_is_undone_when_the_server_answers(
    visit: Visit, article: Document, annotator: User
) -> None:
    desk = visit(article, annotator, allow=LOST).open()
    mark(desk, "قطر")
    desk.saved()
    desk.page.context.set_offline(True)
    desk.label("PLACE")
    assert desk.painted("ac-place-0") == ["قطر"]
    desk.page.keyboard.press("Control+KeyZ")
    expect(desk.page.locator(".toast")).to_have_text("سيُتراجع عنه حين يجيب الخادم.")
    assert desk.painted("ac-place-0") == ["قطر"]
    desk.page.context.set_offline(False)
    again(desk)
    desk.saved()
    assert [s.label for s in desk.spans()] == ["ACTOR"]
    assert desk.painted("ac-actor-0") == ["قطر"]


def test_an_undo_of_what_is_refused_does_not_reach_the_act_before(
    visit: Visit, article: Document, annotator: User
) -> None:
    desk = visit(article, annotator, allow=LOST).open()
    mark(desk, "قطر")
    desk.saved()
    with answering(desk.page, EDITS, lambda route: route.fulfill(status=503, body="{}")):
        desk.run("const bad = canvas.store.add('ACTOR', 10, 13, null); bad.span.quote = '?'; canvas.acts.commit([bad])")
        desk.page.keyboard.press("Control+KeyZ")
        assert desk.painted("ac-actor-0") == ["قطر"]
        desk.until("return canvas.outbox.tries > 0")
    again(desk)
    desk.saved()
    assert [s.quote for s in desk.spans()] == ["قطر"] == desk.painted("ac-actor-0")


def test_an_undo_that_met_another_tabs_act_is_put_right(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator, allow=LOST).open()
    with answering(desk.page, EDITS, lambda route: route.fulfill(status=503, body="{}")):
        mark(desk, "قطر")
        start = article.text.index("الكويت")
        desk.run("return canvas.outbox.put([canvas.store.add('ACTOR', x, x + 6, null)])", start)  # as another tab does
        desk.page.keyboard.press("Control+KeyZ")
        assert desk.painted("ac-actor-0") == []
        desk.until("return canvas.outbox.tries > 0")
    again(desk)
    desk.saved()
    desk.until("return canvas.store.spans.size === 1")
    assert [s.quote for s in desk.spans()] == ["قطر"] == desk.painted("ac-actor-0")


def two_versions(visit: Visit, article: Document, annotator: User) -> Desk:
    """The page knows version 1 of a mark, the server version 2; then the page changes it."""
    build.edit(annotator, article, build.add_span(article, 0, 4, "ACTOR"))
    desk = visit(article, annotator, allow=LOST).open()
    [span] = desk.spans()
    change = {
        "id": build.new_id(),
        "op": "update_span",
        "base_version": 1,
        "span": {"id": str(span.pk), "note": "theirs"},
    }
    build.edit(annotator, article, change)
    desk.run("canvas.acts.commit([canvas.store.update(x, {note: 'mine'})])", str(span.pk))
    dialog = desk.page.locator("dialog[open]")
    expect(dialog).to_contain_text("mine")
    expect(dialog).to_contain_text("theirs")
    return desk


def test_of_two_versions_mine_can_be_kept(visit: Visit, article: Document, annotator: User) -> None:
    desk = two_versions(visit, article, annotator)
    desk.page.locator("dialog[open] button.primary").click()
    desk.saved()
    [span] = desk.spans()
    assert (span.note, span.version) == ("mine", 3)


def test_of_two_versions_the_other_can_be_taken(visit: Visit, article: Document, annotator: User) -> None:
    desk = two_versions(visit, article, annotator)
    desk.page.locator("dialog[open] .actions button").first.click()
    state(desk).to_have_attribute("data-state", "saved")
    desk.until("return [...canvas.store.spans.byId.values()][0].note === 'theirs'")


def test_two_tabs_show_each_others_marks_and_send_nothing_twice(
    visit: Visit, article: Document, annotator: User
) -> None:
    first = visit(article, annotator).open()
    second = visit(article, annotator, context=first.page.context).open()
    mark(first, "قطر")
    second.until("return canvas.store.spans.size === 1")
    assert second.painted("ac-actor-0") == ["قطر"]
    mark(second, "الكويت")
    first.until("return canvas.store.spans.size === 2")
    first.click("قطر")
    first.page.keyboard.press("Delete")
    second.until("return canvas.store.spans.size === 1")
    for desk in (first, second):
        desk.saved()
    assert [s.quote for s in first.spans()] == ["الكويت"]
    assert Edit.objects.filter(set__document=article).count() == 3


def test_leaving_with_work_on_the_way_asks_first(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator, allow=LOST).open()
    asked: list[str] = []
    desk.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    with answering(desk.page, EDITS, lambda route: route.fulfill(status=503, body="{}")):
        mark(desk, "قطر")
        desk.page.close(run_before_unload=True)
        desk.page.wait_for_timeout(300)
        assert asked == ["beforeunload"]


def test_submit_waits_for_what_is_on_its_way(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator, allow=LOST).open()
    with answering(desk.page, EDITS, lambda route: route.fulfill(status=503, body="{}")):
        mark(desk, "قطر")
        desk.until("return canvas.outbox.tries > 0")
    with desk.page.expect_navigation():
        desk.page.locator("form[data-submit] button").click()
    assignment = article.assignments.get(user=annotator)
    assert assignment.state == "SUBMITTED"
    assert [s["quote"] for s in assignment.submissions.get().snapshot["spans"]] == ["قطر"]
