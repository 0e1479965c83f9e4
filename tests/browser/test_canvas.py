"""The canvas itself: far marks that come when they are near, both painters, lanes, paper, what leaves no trace, what refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from annotator.coding.marks import WIDTH
from annotator.corpus.models import Document
from annotator.teams.models import User
from tests import build
from tests.browser.conftest import Desk, answering
from tests.browser.test_painters import NO_HIGHLIGHTS
from tests.browser.test_panel import suggest

pytestmark = pytest.mark.browser
Visit = Callable[..., Desk]
LINE = "وقّع قادة دول مجلس التعاون في مدينة العُلا بيانًا أنهى خلافًا دام أكثر من ثلاث سنوات مع قطر. " * 3
LIVE = "return [...CSS.highlights].reduce((n, [name, all]) => n + (name.startsWith('ac-') ? all.size : 0), 0)"


def mark_at(
    person: User, document: Document, starts: list[int], label: str = "ACTOR", length: int = 4
) -> list[dict[str, Any]]:
    edits = [build.add_span(document, at, at + length, label) for at in starts]
    for first in range(0, len(edits), 200):
        build.edit(person, document, *edits[first : first + 200])
    return [edit["span"] for edit in edits]


@pytest.fixture
def long(annotator: User) -> Document:
    """A text of five stretches with more marks than a page holds."""
    of = build.project()
    build.member(of, person=annotator)
    document = build.document(of, "\n".join(f"{n} {LINE}" for n in range(5 * WIDTH // len(LINE))), title="طويل")
    build.assignment(document, annotator)
    mark_at(annotator, document, list(range(10, document.length - 20, document.length // 500)))
    return document


def count_of(desk: Desk, label: str) -> int:
    return int(desk.page.locator(f'[data-label="{label}"] [data-count]').inner_text())


def stretch(desk: Desk, number: int) -> None:
    """Bring the middle of a stretch of the text into sight."""
    desk.run("canvas.cursor.reveal(canvas.paper.map.toUnits(x))", number * WIDTH + WIDTH // 2)


# -- far marks


def test_far_marks_come_when_they_are_near_and_the_counts_are_right_from_the_start(
    visit: Visit, long: Document, annotator: User
) -> None:
    total = 501
    desk = visit(long, annotator).open()
    assert count_of(desk, "ACTOR") == total
    assert desk.run("return canvas.store.total") == total
    assert desk.run("return canvas.store.spans.size") < total // 2
    here = desk.run("return [...canvas.store.far.loaded].length")
    stretch(desk, 4)
    desk.until("return canvas.store.far.loaded.has(4)")
    assert desk.run("return [...canvas.store.far.loaded].length") < 5, "what lies between does not come"
    assert here < 4
    desk.until("return canvas.store.spans.in(canvas.paper.paragraphs.length - 3).length > 0")
    desk.until(LIVE + " > 0")
    assert count_of(desk, "ACTOR") == total
    desk.run("return canvas.store.whole()")
    assert desk.run("return [canvas.store.far, canvas.store.spans.size, canvas.store.total]") == [None, total, total]
    assert count_of(desk, "ACTOR") == total


def test_scrolling_down_leaves_no_gap_and_asks_for_nothing_twice(visit: Visit, long: Document, annotator: User) -> None:
    desk = visit(long, annotator)
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url) if "/marks/" in request.url else None)
    desk.open()
    desk.run("canvas.closest('[data-scroller]').scrollTop = 0")
    for _step in range(400):
        desk.page.mouse.move(600, 400)
        desk.page.mouse.wheel(0, 600)
        desk.page.wait_for_timeout(10)
        if desk.run(
            "const s = canvas.closest('[data-scroller]'); return s.scrollTop + s.clientHeight > s.scrollHeight - 5"
        ):
            break
    desk.until("return canvas.store.spans.size === 501")
    assert asked
    assert len(set(asked)) == len(asked)
    assert [s.start for s in desk.spans()] == desk.run("return canvas.store.spans.ordered().map((s) => s.start)")


def test_what_was_edited_meanwhile_stands_when_its_stretch_comes(visit: Visit, long: Document, annotator: User) -> None:
    """The answer with the marks was made before an edit and comes after it: the edit is not undone by it."""
    desk = visit(long, annotator).open()
    victim, changed = [s for s in desk.spans() if s.start > 4 * WIDTH][:2]
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    desk.page.route("**/marks/**", hold)
    desk.run("canvas.far.need(x, x)", 4 * WIDTH)
    desk.page.wait_for_timeout(100)
    answers = [(route, route.fetch()) for route in held]
    assert answers
    # Another tab of the same person removes one, changes one and adds one; this tab hears of it.
    other = visit(long, annotator, context=desk.page.context).open()
    other.run("return canvas.store.whole()")
    other.run("canvas.acts.commit([canvas.store.remove(x)])", str(victim.pk))
    other.run("canvas.acts.commit([canvas.store.update(x, {note: 'جديد'})])", str(changed.pk))
    other.saved()
    desk.until("return canvas.store.spans.get(x)?.note === 'جديد'", str(changed.pk))
    for route, answer in answers:
        route.fulfill(response=answer)
    desk.page.unroute("**/marks/**")
    desk.until("return canvas.store.far.loaded.has(4)")
    assert desk.run("return canvas.store.spans.get(x) === undefined", str(victim.pk))
    assert desk.run("return canvas.store.spans.get(x).note", str(changed.pk)) == "جديد"
    desk.until("return canvas.store.total === 500")
    assert count_of(desk, "ACTOR") == 500


def test_undo_reaches_a_stretch_that_has_not_come(visit: Visit, long: Document, annotator: User) -> None:
    far = build.add_span(long, 4 * WIDTH + 50, 4 * WIDTH + 60, "EVENT")
    build.edit(annotator, long, far)
    near = build.add_span(long, 4 * WIDTH + 100, 4 * WIDTH + 110, "EVENT")
    build.edit(annotator, long, near)
    build.edit(
        annotator,
        long,
        {"id": build.new_id(), "op": "delete_span", "base_version": 1, "span": {"id": near["span"]["id"]}},
    )
    desk = visit(long, annotator).open()
    assert count_of(desk, "EVENT") == 1
    desk.page.locator("annotation-canvas").focus()
    desk.press("KeyZ", "ئ", ctrlKey=True)  # brings back what was removed
    desk.until("return canvas.store.counts().get('EVENT') === 2")
    desk.press("KeyZ", "ئ", ctrlKey=True)  # takes it away
    desk.press("KeyZ", "ئ", ctrlKey=True)  # and what was there before
    desk.until("return !canvas.store.counts().get('EVENT')")
    desk.saved()
    assert desk.spans("EVENT") == []
    assert count_of(desk, "EVENT") == 0


def test_edits_left_by_a_closed_tab_stand_on_stretches_that_come_later(
    visit: Visit, long: Document, annotator: User
) -> None:
    victim = next(s for s in build_spans(long) if s.start > 3 * WIDTH)
    desk = visit(long, annotator, allow=("503",)).open()
    desk.run("return canvas.store.whole()")
    desk.page.context.route("**/edits/", lambda route: route.fulfill(status=503, json={}))
    desk.run("canvas.acts.commit([canvas.store.remove(x)])", str(victim.pk))
    desk.until("return canvas.outbox.tries > 0")
    again = visit(long, annotator, context=desk.page.context, allow=("503",))
    desk.page.close(run_before_unload=False)
    again.open()
    stretch(again, 3)
    again.until("return canvas.store.far.loaded.has(3)")
    assert again.run("return canvas.store.spans.get(x) === undefined", str(victim.pk))
    again.page.context.unroute("**/edits/")
    again.run("canvas.outbox.retryNow()")
    again.saved()
    assert victim.pk not in {s.pk for s in again.spans()}


def build_spans(document: Document) -> Any:
    from annotator.coding.models import Span

    return Span.objects.filter(set__document=document, set__origin="HUMAN").order_by("start")


def test_links_over_the_whole_text_show_their_far_end(visit: Visit, long: Document, annotator: User) -> None:
    event = build.add_span(long, 20, 30, "EVENT")
    actor = build.add_span(long, 4 * WIDTH + 5, 4 * WIDTH + 15, "ACTOR")
    link = {
        "id": build.new_id(), "op": "add_relation",
        "relation": {"id": build.new_id(), "type": "ARG", "attributes": {"role": "ACTOR"},
                     "from": {"span": event["span"]["id"]}, "to": {"span": actor["span"]["id"]}},
    }  # fmt: skip
    build.edit(annotator, long, event, actor, link)
    desk = visit(long, annotator).open()
    desk.run("canvas.picking.select(x)", event["span"]["id"])
    quote = actor["span"]["quote"].strip()
    expect(desk.page.locator('[data-part="details"]')).to_contain_text(quote)
    assert count_of(desk, "ACTOR") == 502, "the far end is not counted twice"


def test_a_network_that_fails_is_tried_again_and_says_so(visit: Visit, long: Document, annotator: User) -> None:
    desk = visit(long, annotator, allow=("Failed to load resource",)).open()
    with answering(desk.page, "**/marks/**", lambda route: route.abort()):
        stretch(desk, 4)
        expect(desk.page.locator(".fetching")).to_be_visible()
    desk.page.evaluate("dispatchEvent(new Event('online'))")
    desk.until("return canvas.store.far.loaded.has(4)")
    expect(desk.page.locator(".fetching")).to_have_count(0)


def test_a_link_to_a_far_mark_goes_there(visit: Visit, long: Document, annotator: User) -> None:
    last = build_spans(long).last()
    desk = visit(long, annotator)
    desk.page.goto(f"{desk.url}/documents/{long.pk}/#span-{last.pk}")
    desk.until("return canvas?.picking?.selected === x", str(last.pk))
    desk.until(
        """const s = canvas.store.spans.get(x), b = canvas.paper.range(s.from, s.to).getBoundingClientRect();
        return b.top > 50 && b.bottom < innerHeight""",
        str(last.pk),
    )


def test_open_suggestions_of_the_whole_text_are_counted_and_can_be_walked(
    visit: Visit, long: Document, annotator: User
) -> None:
    suggest(long, *[("EVENT", f"{n} وقّع قادة", 0.8) for n in (3, 120, 200)])
    desk = visit(long, annotator).open()
    assert desk.run("return canvas.store.suggestions.size") == 1
    expect(desk.page.locator('[data-part="count-suggestions"]')).to_have_text("3")
    desk.page.locator("annotation-canvas").focus()
    seen = set()
    for _step in range(3):
        desk.press("KeyN", "ى")
        desk.until("return canvas.picking.current && !x.includes(canvas.picking.current)", list(seen))
        seen.add(desk.run("return canvas.picking.current"))
    assert len(seen) == 3


# -- paper


def test_paper_gets_all_marks_and_the_screen_only_the_near_ones_again(
    visit: Visit, long: Document, annotator: User
) -> None:
    desk = visit(long, annotator).open()
    before = desk.run(LIVE)
    desk.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert desk.run(LIVE) >= 501
    assert desk.run("return canvas.store.total") == 501
    desk.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert desk.run(LIVE) == before
    assert len(desk.page.pdf()) > 10_000


# -- no trace


def test_a_canvas_that_is_swapped_for_another_leaves_the_other_alone(
    visit: Visit, article: Document, annotator: User
) -> None:
    build.edit(annotator, article, build.add_span(article, 0, 4, "ACTOR"))
    desk = visit(article, annotator).open()
    desk.run("window.first = canvas; canvas.replaceWith(canvas.cloneNode(true))")
    desk.until("return canvas.dataset.ready === '' && canvas !== window.first")
    assert desk.painted("ac-actor-0") == ["وقّع"]
    assert desk.run("return CSS.highlights.get('ac-actor-0').size") == 1
    desk.select("قطر")
    desk.press("Digit2", "٢")
    desk.saved()
    assert len(desk.spans()) == 2, "keys are heard once"
    assert desk.run("return window.first.store.spans.size") == 1
    desk.run("canvas.remove()")
    assert desk.page.evaluate("[...CSS.highlights.keys()]") == []


def test_a_canvas_that_goes_while_it_comes_leaves_nothing(visit: Visit, article: Document, annotator: User) -> None:
    build.edit(annotator, article, build.add_span(article, 0, 4, "ACTOR"))
    desk = visit(article, annotator).open()
    desk.run("const copy = canvas.cloneNode(true); canvas.replaceWith(copy); copy.remove()")
    desk.page.wait_for_timeout(400)
    assert desk.page.evaluate("[...CSS.highlights.keys()]") == []
    assert desk.page.evaluate("document.querySelector('annotation-canvas')") is None
    desk.page.keyboard.press("1")


def test_rectangles_leave_with_their_canvas(visit: Visit, article: Document, annotator: User) -> None:
    build.edit(annotator, article, build.add_span(article, 0, 4, "ACTOR"))
    desk = visit(article, annotator)
    desk.page.add_init_script(NO_HIGHLIGHTS)
    desk.open()
    assert (
        desk.run("const gone = canvas; gone.remove(); return gone.querySelectorAll('.ac-layer, .ac-rect').length") == 0
    )


def test_going_away_and_back_shows_the_marks_once(visit: Visit, article: Document, annotator: User) -> None:
    build.edit(annotator, article, build.add_span(article, 0, 4, "ACTOR"))
    desk = visit(article, annotator).open()
    desk.select("قطر")
    desk.press("Digit2", "٢")
    desk.saved()
    desk.page.goto(f"{desk.url}/projects/{article.project_id}/")
    desk.page.go_back()
    desk.page.wait_for_selector("annotation-canvas[data-ready]")
    assert desk.painted("ac-actor-0") == ["وقّع"]
    assert len(desk.spans()) == 2
    assert desk.run("return canvas.store.spans.size") == 2


# -- refusing


@pytest.mark.parametrize(
    "act",
    [
        "canvas.querySelector('p').firstChild.data = 'شيء آخر'",
        "canvas.querySelector('p').innerHTML = '<b>' + canvas.querySelector('p').textContent + '</b>'",
        "canvas.querySelector('section').append(document.createElement('p'))",
        "canvas.querySelector('section').remove()",
    ],
)
def test_a_text_that_something_alters_cannot_be_marked_any_more(
    visit: Visit, article: Document, annotator: User, act: str
) -> None:
    desk = visit(article, annotator).open()
    desk.run("window.why = []; document.addEventListener('ac-error', (e) => window.why.push(e.detail.why))")
    desk.run("canvas.selecting.set(0, 4)")
    desk.run(act)
    expect(desk.page.locator('.banner[role="alert"]')).to_have_count(1)
    assert desk.page.evaluate("window.why") == ["altered"]
    desk.press("Digit1", "١")
    assert desk.run("return canvas.store.spans.size") == 0
    assert desk.spans() == []


def test_a_person_may_select_and_press_a_key_before_the_desk_has_come(
    visit: Visit, article: Document, annotator: User
) -> None:
    desk = visit(article, annotator)
    held: list[Route] = []
    desk.page.route("**/annotator/step-desk*.js", lambda route: held.append(route))
    desk.page.goto(f"{desk.url}/documents/{article.pk}/", wait_until="commit")
    desk.page.wait_for_selector("annotation-canvas[data-live]")
    desk.select("قطر")
    desk.press("Digit1", "١")
    assert desk.painted("ac-actor-0") == ["قطر"]
    assert not desk.run("return 'ready' in canvas.dataset"), "the desk is not there yet"
    desk.saved()
    for route in held:
        route.continue_()
    desk.page.wait_for_selector("annotation-canvas[data-ready]")
    assert [s.quote for s in desk.spans()] == ["قطر"]
    assert desk.run("return canvas.picking.selected") == str(desk.spans()[0].pk)
    expect(desk.page.locator('[data-part="details"] q').first).to_contain_text("قطر")
