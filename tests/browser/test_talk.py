"""Comments beside the text, outcomes and active time, done as a person does them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from annotator.coding.models import ActiveTime, Assignment, Span
from annotator.corpus.models import Document
from annotator.review.comments import reply, resolve, start_thread
from annotator.review.models import Comment, Mention, Thread
from annotator.teams.access import Actor
from annotator.teams.models import Role, User
from tests import build
from tests.browser.conftest import Desk, answering
from tests.browser.test_outbox import LOST, mark

pytestmark = pytest.mark.browser
Visit = Callable[..., Desk]
TALK = "**/talk/**"


@pytest.fixture
def rima(article: Document) -> User:
    return build.member(article.project, Role.REVIEWER, build.user("ريما حداد"))


def look(desk: Desk) -> None:
    """As when the person comes back to the page."""
    desk.run("dispatchEvent(new Event('focus'))")


def opened(desk: Desk) -> Desk:
    """Wait until the comments are there too."""
    desk.until("return canvas.talk.stamp !== ''")
    return desk


def write(desk: Desk, text: str) -> None:
    """Type into the field that has the focus, and send it by key."""
    expect(desk.page.locator("form.say textarea:focus")).to_have_count(1)
    desk.page.keyboard.type(text)
    desk.page.keyboard.press("Control+Enter")


def said(desk: Desk, text: str) -> None:
    expect(desk.page.locator(".thread .body", has_text=text)).to_be_visible()


def test_a_mark_is_commented_by_key_with_somebody_named(
    visit: Visit, article: Document, annotator: User, rima: User
) -> None:
    desk = opened(visit(article, annotator).open())
    mark(desk, "قطر")
    desk.saved()
    desk.press("KeyM", "ة")  # on an Arabic layout
    expect(desk.page.locator("form.say .about q")).to_have_text("قطر")
    expect(desk.page.locator("form.say textarea:focus")).to_have_count(1)
    desk.page.keyboard.type("هل هذا فاعل؟ @ريم")
    expect(desk.page.locator("form.say [role=option]")).to_have_count(1)
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("form.say textarea")).to_have_value("هل هذا فاعل؟ @ريما حداد ")
    desk.page.keyboard.press("Control+Enter")
    expect(desk.page.locator(".thread .mention")).to_have_text("@ريما حداد")
    thread, span = Thread.objects.get(), Span.objects.get(set__author=annotator)
    assert (thread.span_id, thread.quote, thread.work_of) == (span.pk, "قطر", annotator)
    assert Mention.objects.get().user == rima
    expect(desk.page.locator("annotation-canvas p[data-talk]")).to_have_attribute("data-talk", "1")
    expect(desk.page.locator('[data-part="count-talk"]')).to_have_text("1")
    desk.page.locator('[data-tab="details"]').click()
    expect(desk.page.locator(".of-talk button")).to_be_visible()


def test_an_answer_arrives_while_one_writes_and_disturbs_nothing(
    visit: Visit, article: Document, annotator: User, rima: User
) -> None:
    me = Actor(annotator)
    threads = [
        start_thread(actor=me, document_id=article.pk, key=uuid.uuid4(), body=f"Question {n}").thread for n in range(3)
    ]
    desk = opened(visit(article, annotator, language="en").open())
    desk.press("KeyM")
    first = desk.page.locator(f"#thread-{threads[0].pk}")
    first.locator("[data-answer]").click()
    desk.page.keyboard.type("I think")
    place = first.bounding_box()
    reply(actor=Actor(rima), thread_id=threads[0].pk, key=uuid.uuid4(), body="See page 4.")
    reply(actor=Actor(rima), thread_id=threads[2].pk, key=uuid.uuid4(), body="No.")
    look(desk)
    said(desk, "See page 4.")
    said(desk, "No.")
    desk.page.keyboard.type(" so too")
    expect(first.locator("textarea")).to_have_value("I think so too")
    assert first.bounding_box()["y"] == place["y"]  # type: ignore[index]
    desk.page.keyboard.press("Control+Enter")
    said(desk, "I think so too")
    assert list(Comment.objects.filter(thread=threads[0]).order_by("id").values_list("body", flat=True)) == [
        "Question 0", "See page 4.", "I think so too"
    ]  # fmt: skip


def test_what_is_new_is_counted_until_it_is_seen(visit: Visit, article: Document, annotator: User, rima: User) -> None:
    desk = opened(visit(article, annotator, language="en").open())
    badge = desk.page.locator('[data-part="count-talk"]')
    expect(badge).to_have_text("")
    for n in range(2):
        start_thread(actor=Actor(rima), document_id=article.pk, key=uuid.uuid4(), body=f"@amal, look at {n}")
    look(desk)
    expect(badge).to_have_class(re.compile(r"\bnew\b"))
    expect(badge).to_have_text("2")
    desk.page.locator('[data-tab="talk"]').click()
    expect(badge).not_to_have_class(re.compile(r"\bnew\b"))
    desk.page.goto(f"{desk.url}/")
    expect(desk.page.locator("#mentions li")).to_have_count(2)
    expect(desk.page.locator("#mentions li.unread")).to_have_count(0)
    desk.page.locator("#mentions a").first.click()
    desk.page.wait_for_selector("annotation-canvas[data-ready]")
    thread = Thread.objects.latest("id")
    expect(desk.page.locator(f"#thread-{thread.pk}:focus")).to_have_count(1)


def test_another_annotator_sees_nothing_of_it(visit: Visit, article: Document, annotator: User, rima: User) -> None:
    start_thread(actor=Actor(annotator), document_id=article.pk, key=uuid.uuid4(), body="My doubt")
    start_thread(actor=Actor(rima), document_id=article.pk, key=uuid.uuid4(), body="For all of you")
    other = build.member(article.project)
    build.assignment(article, other)
    desk = opened(visit(article, other, language="en").open())
    desk.press("KeyM")
    said(desk, "For all of you")
    expect(desk.page.locator(".thread")).to_have_count(1)
    expect(desk.page.locator("[data-answer]")).to_have_count(0)
    assert "My doubt" not in desk.page.content()


def test_a_comment_is_changed_deleted_and_brought_back(visit: Visit, article: Document, annotator: User) -> None:
    start_thread(actor=Actor(annotator), document_id=article.pk, key=uuid.uuid4(), body="Fisrt")
    desk = opened(visit(article, annotator, language="en").open())
    desk.press("KeyM")
    desk.page.locator("[data-change]").click()
    field = desk.page.locator(".comment textarea")
    expect(field).to_have_value("Fisrt")
    field.fill("First")
    desk.page.keyboard.press("Control+Enter")
    said(desk, "First")
    expect(desk.page.locator(".versions del")).to_have_text("Fisrt")
    desk.page.locator(".comment-acts [data-undo]").click()
    expect(desk.page.locator(".toast")).to_contain_text("deleted")
    assert Comment.objects.get().archived_at is not None
    desk.page.locator(".toast button").click()
    said(desk, "First")
    assert Comment.objects.get().archived_at is None


def test_a_thread_is_resolved_and_that_is_undone(visit: Visit, article: Document, annotator: User) -> None:
    thread = start_thread(actor=Actor(annotator), document_id=article.pk, key=uuid.uuid4(), body="Why?").thread
    desk = opened(visit(article, annotator).open())
    desk.press("KeyM", "ة")
    desk.page.locator("[data-resolved]").click()
    expect(desk.page.locator(".thread.resolved")).to_have_count(1)
    desk.page.locator(".toast button").click()
    expect(desk.page.locator(".thread.resolved")).to_have_count(0)
    thread.refresh_from_db()
    assert thread.resolved_at is None


def test_a_thread_outlives_its_mark_and_says_so(visit: Visit, article: Document, annotator: User) -> None:
    build.edit(annotator, article, build.add_span(article, 0, 4, "PLACE"))
    span = Span.objects.get(set__author=annotator)
    thread = start_thread(
        actor=Actor(annotator), document_id=article.pk, key=uuid.uuid4(), body="Here?", span_id=span.pk
    ).thread
    desk = opened(visit(article, annotator).open(f"#thread-{thread.pk}"))
    expect(desk.page.locator(".thread:focus")).to_have_count(1)
    assert desk.run("return canvas.picking.selected") == str(span.pk)
    desk.run("canvas.acts.removeSelected()")
    desk.saved()
    expect(desk.page.locator(".thread [data-gone]")).to_be_visible()
    expect(desk.page.locator(".thread .on-mark")).to_have_text(span.quote)


def test_what_could_not_be_sent_stays_over_a_reload_and_is_said_once(
    visit: Visit, article: Document, annotator: User
) -> None:
    desk = opened(visit(article, annotator, language="en", allow=LOST).open())
    with answering(desk.page, TALK, lambda r: r.abort() if r.request.method == "POST" else r.continue_()):
        desk.press("KeyM")
        write(desk, "A long thought")
        expect(desk.page.locator("form.say .fault")).to_be_visible()
    desk.page.reload()
    desk.page.wait_for_selector("annotation-canvas[data-ready]")
    opened(desk).press("KeyM")
    expect(desk.page.locator("form.say textarea")).to_have_value("A long thought")
    swallowed = []

    def swallow(route: object) -> None:
        if route.request.method == "POST" and not swallowed:  # type: ignore[attr-defined]
            swallowed.append(route.fetch())  # type: ignore[attr-defined]
            route.abort()  # type: ignore[attr-defined]
        else:
            route.continue_()  # type: ignore[attr-defined]

    with answering(desk.page, TALK, swallow):
        desk.page.locator("form.say button.primary").click()
        expect(desk.page.locator("form.say .fault")).to_be_visible()
        desk.page.locator("form.say button.primary").click()
        said(desk, "A long thought")
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(("language", "width", "theme"), [("ar", 1280, "light"), ("en", 400, "dark")])
def test_the_talk_is_in_order_for_those_who_do_not_see_it(
    visit: Visit, article: Document, annotator: User, rima: User, language: str, width: int, theme: str
) -> None:
    comment = start_thread(actor=Actor(annotator), document_id=article.pk, key=uuid.uuid4(), body="هل هذا فاعل؟")
    reply(actor=Actor(rima), thread_id=comment.thread_id, key=uuid.uuid4(), body="See @amal")
    done = start_thread(actor=Actor(rima), document_id=article.pk, key=uuid.uuid4(), body="Done").thread
    resolve(actor=Actor(rima), thread_id=done.pk)
    desk = opened(visit(article, annotator, language=language, width=width, theme=theme).open())
    desk.press("KeyM", "ة")
    said(desk, "See")
    found = Axe().run(desk.page).response["violations"]
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= width


# -- outcomes


def test_a_document_is_put_aside_and_called_irrelevant_by_key(visit: Visit, article: Document, annotator: User) -> None:
    second = build.document(article.project, title="الثاني")
    build.assignment(second, annotator)
    desk = visit(article, annotator).open()
    desk.press("KeyS", "س", shiftKey=True)
    expect(desk.page.locator("dialog[open] input[name=reason]:focus")).to_have_count(1)
    desk.page.locator("dialog[open] [data-reason]").first.click()
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_url(f"**/documents/{second.pk}/")
    assert Assignment.objects.get(document=article).put_aside_at is not None
    desk.page.locator(".message form button").click()
    desk.page.wait_for_url(f"**/documents/{article.pk}/")
    assert Assignment.objects.get(document=article).put_aside_at is None
    desk.page.wait_for_selector("annotation-canvas[data-ready]")
    desk.press("KeyI", "ه", shiftKey=True)
    desk.page.keyboard.press("Enter")
    desk.page.wait_for_url(f"**/documents/{second.pk}/")
    assert Assignment.objects.get(document=article).state == "IRRELEVANT"


def test_what_is_on_its_way_arrives_before_the_work_ends(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator, language="en", allow=LOST).open()
    with answering(desk.page, "**/edits/", lambda route: route.fulfill(status=503, body="{}")):
        mark(desk, "قطر")
        desk.until("return canvas.outbox.tries > 0")
    desk.press("KeyI", shiftKey=True)
    with desk.page.expect_navigation():
        desk.page.keyboard.press("Enter")
    assert [s.quote for s in desk.spans()] == ["قطر"]
    assert Assignment.objects.get(document=article).state == "IRRELEVANT"
    expect(desk.page.locator("h1")).to_have_text("All done")


# -- active time


def test_time_counts_while_one_is_active_and_in_one_tab_only(visit: Visit, article: Document, annotator: User) -> None:
    began = timezone.now()
    first = visit(article, annotator, language="en").open()
    second = visit(article, annotator, context=first.page.context, language="en").open()
    for desk in (first, second):
        desk.page.mouse.move(300, 300)
    first.until(
        "return canvas.timer.live + canvas.timer.total * 1000 > 3000 || canvas.timer.live > 3000 || !canvas.timer.release"
    )
    live = [0, 0]
    for _moment in range(40):
        first.page.wait_for_timeout(250)
        live = [desk.run("return canvas.timer.live") for desk in (first, second)]
        if max(live) > 2000:
            break
    assert max(live) > 2000
    assert min(live) == 0, "only one of them counts"
    counting = first if live[0] else second
    counting.run("canvas.timer.sign = -1e6")  # a minute without a sign of life
    counting.page.wait_for_timeout(1200)
    stopped = counting.run("return canvas.timer.live")
    counting.page.wait_for_timeout(1500)
    assert counting.run("return canvas.timer.live") == stopped
    counting.run("return canvas.timer.send()")
    seconds = sum(ActiveTime.objects.filter(assignment__document=article).values_list("seconds", flat=True))
    assert seconds >= 2
    assert timedelta(seconds=seconds) <= timezone.now() - began
    expect(counting.page.locator('[data-part="timer"]')).to_contain_text("0 min")
    counting.page.locator('[data-part="timer"]').click()
    expect(counting.page.locator('[data-part="timer"]')).not_to_contain_text("min")
    counting.page.wait_for_timeout(700)
    annotator.refresh_from_db()
    assert annotator.workspace["timer"] is False
