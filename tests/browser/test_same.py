"""All the same: found with what is attached, checked in a list, marked in one act here or throughout the project."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import expect

from annotator.activity.models import Job
from annotator.coding import occurrences
from annotator.coding.models import Span
from annotator.corpus.models import Document
from annotator.jobs.runner import run
from annotator.jobs.works import WORKS
from annotator.registry.models import Entity
from annotator.teams.models import User
from tests import build
from tests.browser.conftest import Desk
from tests.browser.test_panel import suggest

pytestmark = pytest.mark.browser
Visit = Callable[..., Desk]

ARABIC = (
    "زار وفد روسي بيلاروسيا، ثم عاد الوفد إلى روسيا.\n"
    "وأكدت روسيا موقفها، ورحّبت إيران بروسيا شريكًا لها.\n"
    "وقال الوزير إن رُوسيا ستشارك في القمة، وإن للقمة جدولًا."
)
ENGLISH = "Russia met Iran. Russia's minister said the Russian side would stay.\nBelorussia disagreed with Russia."


@pytest.fixture
def russia(annotator: User) -> Document:
    of = build.project()
    build.member(of, person=annotator)
    document = build.document(of, ARABIC, title="زيارة الوفد")
    build.assignment(document, annotator)
    return document


@pytest.fixture
def worker(transactional_db: None) -> Iterator[None]:
    """Does the jobs of the site while the test goes on, as a worker does."""
    over = Event()

    def work() -> None:
        while not over.wait(0.05):
            for pk, kind in Job.objects.filter(state="QUEUED").values_list("pk", "kind"):
                run(str(pk), WORKS[kind])
        connection.close()

    thread = Thread(target=work)
    thread.start()
    yield
    over.set()
    thread.join()


def rows(desk: Desk) -> Any:
    return desk.page.locator(".same-groups li")


def focused(desk: Desk) -> str:
    text: str = desk.run("return document.activeElement.closest('li')?.querySelector('.kwic').textContent ?? ''")
    return text


def find_all(desk: Desk, quote: str) -> None:
    """Select with the mouse, press F, whatever letter the layout has there."""
    desk.select(quote)
    desk.press("KeyF", "ب")
    expect(rows(desk).first).to_be_visible()


def quotes(desk: Desk, label: str = "ACTOR") -> list[tuple[int, str]]:
    return [(span.start, span.quote) for span in desk.spans(label)]


# -- in the document


def test_all_the_same_are_found_marked_in_one_act_and_undone(visit: Visit, russia: Document, annotator: User) -> None:
    desk = visit(russia, annotator).open()
    find_all(desk, "روسيا.")
    expect(rows(desk)).to_have_count(4)
    assert desk.page.locator("#same-words").input_value() == "روسيا", "without what stands around it"
    assert [mark.inner_text() for mark in rows(desk).locator("mark").all()] == ["روسيا", "روسيا", "روسيا", "رُوسيا"]
    assert desk.painted("ac-on-same") == ["روسيا", "روسيا", "روسيا", "رُوسيا"]
    desk.page.locator("#same-label").select_option("ACTOR")
    expect(desk.page.locator(".same .primary")).to_contain_text("4")
    desk.page.locator(".same .primary").click()
    expect(desk.page.locator(".same")).to_have_count(0)
    desk.saved()
    assert [quote for _at, quote in quotes(desk)] == ["روسيا", "روسيا", "روسيا", "رُوسيا"]
    assert desk.painted("ac-on-same") == []
    desk.page.locator(".toast button").click()
    desk.saved()
    assert quotes(desk) == []
    desk.page.keyboard.press("Control+Shift+KeyZ")
    desk.until("return canvas.store.spans.size === 4")


def test_the_whole_of_it_by_keyboard(visit: Visit, russia: Document, annotator: User) -> None:
    """Down to a word, F, one left out, Enter: all in the list, none with the mouse."""
    start = russia.text.index("وأكدت روسيا") + 6
    build.edit(annotator, russia, build.add_span(russia, start, start + 5))
    desk = visit(russia, annotator).open()
    desk.run("canvas.picking.select([...canvas.store.spans.byId.keys()][0]); canvas.focus()")
    keyboard = desk.page.keyboard
    keyboard.press("KeyF")
    expect(rows(desk)).to_have_count(4)
    desk.until("return document.activeElement.closest('li') !== null")
    assert "إلى روسيا" in focused(desk), "the first that is not marked yet"
    expect(rows(desk).nth(1)).to_have_class("is-marked")
    expect(rows(desk).nth(1).locator("input")).not_to_be_checked()
    assert desk.painted("ac-on-here") == ["روسيا"]
    keyboard.press("ArrowDown")
    keyboard.press("Space")
    expect(rows(desk).nth(1).locator("input")).not_to_be_checked(timeout=500)
    keyboard.press("ArrowDown")
    assert "بروسيا" in focused(desk)
    keyboard.press("Space")
    expect(rows(desk).nth(2).locator("input")).not_to_be_checked()
    keyboard.press("Enter")
    desk.saved()
    assert len(quotes(desk)) == 3
    assert desk.run("return document.activeElement === canvas"), "and back in the text"
    keyboard.press("Control+KeyZ")
    desk.until("return canvas.store.spans.size === 1")


def test_escape_gives_up_and_changes_nothing(visit: Visit, russia: Document, annotator: User) -> None:
    desk = visit(russia, annotator).open()
    find_all(desk, "روسيا.")
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator(".same")).to_have_count(0)
    assert desk.painted("ac-on-same") == desk.painted("ac-on-here") == []
    assert quotes(desk) == []
    desk.page.keyboard.press("ArrowLeft")
    assert desk.run("return document.activeElement === canvas")


def test_marks_carry_what_is_copied_from_the_one_they_are_like(visit: Visit, russia: Document, annotator: User) -> None:
    entity = Entity.objects.filter(project=russia.project).earliest("pk")
    start = russia.text.index("روسيا.")
    model = build.add_span(
        russia, start, start + 5, attributes={"mention": "NAM", "reading": "ACT"}, entity=entity.pk, note="راجع"
    )
    build.edit(annotator, russia, model)
    desk = visit(russia, annotator).open()
    desk.click("روسيا.")
    desk.press("KeyF")
    expect(rows(desk)).to_have_count(4)
    copies = desk.page.locator(".same-copies input")
    expect(copies).to_have_count(3)
    assert [box.is_checked() for box in copies.all()] == [True, True, False]
    copies.nth(2).check()
    desk.page.locator(".same .primary").click()
    desk.saved()
    found = desk.spans("ACTOR")
    assert len(found) == 4
    assert {(s.entity_id, s.note, s.attributes["mention"]) for s in found} == {(entity.pk, "راجع", "NAM")}


def test_forms_are_chosen_and_remembered(visit: Visit, russia: Document, annotator: User) -> None:
    desk = visit(russia, annotator).open()
    find_all(desk, "القمة")
    assert [mark.inner_text() for mark in rows(desk).locator("mark").all()] == ["القمة", "للقمة"]
    desk.page.locator(".same-forms summary").click()
    desk.page.get_by_label("كما كُتبت تمامًا").or_(desk.page.locator(".same-forms input").first).first.check()
    expect(rows(desk)).to_have_count(1)
    desk.until("return canvas.preferences.same?.exact === true")
    desk.page.locator(".same-forms input").first.uncheck()
    expect(rows(desk)).to_have_count(2)
    desk.page.locator("#same-words").fill("روسيا")
    expect(rows(desk)).to_have_count(4)
    desk.page.locator(".same-forms input").last.check()
    expect(rows(desk).locator("mark").nth(2)).to_have_text("بروسيا")


def test_letters_that_may_be_attached_are_offered_to_be_left_out(
    visit: Visit, russia: Document, annotator: User
) -> None:
    desk = visit(russia, annotator).open()
    desk.select("بروسيا", alt=True)
    desk.press("KeyF")
    expect(rows(desk)).to_have_count(1)
    desk.page.locator(".same .cores button").first.click()
    expect(rows(desk)).to_have_count(4)


def test_what_is_marked_otherwise_says_so_and_is_left_to_the_person(
    visit: Visit, russia: Document, annotator: User
) -> None:
    start = russia.text.index("روسيا.")
    build.edit(annotator, russia, build.add_span(russia, start, start + 5, "PLACE"))
    desk = visit(russia, annotator).open()
    find_all(desk, "بروسيا")
    desk.page.locator(".same .cores button").first.click()
    expect(rows(desk)).to_have_count(4)
    desk.page.locator("#same-label").select_option("ACTOR")
    first = rows(desk).first
    expect(first.locator("em")).to_be_visible()
    expect(first.locator("input")).not_to_be_checked()
    first.locator("input").check()
    desk.page.locator("#same-label").select_option("PLACE")
    expect(rows(desk).first).to_have_class("is-marked")


def test_all_and_none(visit: Visit, russia: Document, annotator: User) -> None:
    desk = visit(russia, annotator).open()
    find_all(desk, "روسيا.")
    buttons = desk.page.locator(".same-bar button")
    buttons.nth(1).click()
    expect(desk.page.locator(".same .primary")).to_be_disabled()
    assert desk.painted("ac-on-same") == []
    buttons.nth(0).click()
    expect(rows(desk).locator("input:checked")).to_have_count(4)
    rows(desk).nth(1).locator("input").focus()
    desk.page.keyboard.press("Control+KeyA")
    expect(rows(desk).locator("input:checked")).to_have_count(0)


def test_marks_of_the_same_words_are_picked_together_and_removed_in_one_act(
    visit: Visit, russia: Document, annotator: User
) -> None:
    text = russia.text
    edits = [build.add_span(russia, at, at + 5) for at in (text.index("روسيا."), text.index("روسيا موقفها"))]
    far = text.index("بروسيا")
    edits += [
        build.add_span(russia, far, far + 6),
        build.add_span(russia, 0, 3),
        build.add_span(russia, far + 1, far + 6, "PLACE"),
    ]
    build.edit(annotator, russia, *edits)
    desk = visit(russia, annotator).open()
    desk.click("روسيا.")
    desk.press("KeyF", "ب", shiftKey=True)
    desk.until("return canvas.picking.several.size === 3")
    desk.press("Delete")
    desk.saved()
    assert [quote for _at, quote in quotes(desk)] == ["زار"]
    desk.page.keyboard.press("Control+KeyZ")
    desk.until("return canvas.store.spans.size === 5")


def test_marks_far_from_where_one_reads_are_told_of_and_picked_too(visit: Visit, annotator: User) -> None:
    of = build.project()
    build.member(of, person=annotator)
    text = "روسيا هنا.\n" + "\n".join(["كلمة " * 200] * 50) + "\nروسيا هناك."
    document = build.document(of, text, title="نص طويل")
    build.assignment(document, annotator)
    places = [0, text.rindex("روسيا"), *(11 + 5 * n for n in range(450))]
    edits = [build.add_span(document, at, at + (5 if n < 2 else 4)) for n, at in enumerate(places)]
    for n in range(0, len(edits), 200):
        build.edit(annotator, document, *edits[n : n + 200])
    desk = visit(document, annotator).open()
    assert desk.run("return canvas.store.far !== null && canvas.store.spans.size < 452"), "the last one has not come"
    desk.click("روسيا هنا"[:5])
    desk.press("KeyF")
    expect(desk.page.locator(".same-groups li.is-marked")).to_have_count(2)
    desk.page.keyboard.press("Escape")
    desk.press("KeyF", "ب", shiftKey=True)
    desk.until("return canvas.picking.several.size === 2")


def test_with_nothing_selected_the_words_are_typed(visit: Visit, russia: Document, annotator: User) -> None:
    desk = visit(russia, annotator, language="en").open()
    desk.run("canvas.picking.select(null); canvas.selecting.clear(); canvas.focus()")
    desk.press("KeyF")
    field = desk.page.locator("#same-words")
    expect(field).to_be_visible()
    field.fill("ايران")
    expect(rows(desk)).to_have_count(1)
    field.press("Enter")
    desk.until("return document.activeElement.closest('li') !== null")
    field.fill("لا شيء كهذا")
    expect(desk.page.locator(".same-summary")).to_have_text("Nothing found.")


def test_english_in_an_english_page(visit: Visit, annotator: User) -> None:
    of = build.project()
    build.member(of, person=annotator)
    document = build.document(of, ENGLISH, title="Visit")
    build.assignment(document, annotator)
    desk = visit(document, annotator, language="en").open()
    desk.select("Russia met"[:6])
    desk.press("KeyF", "f")
    expect(rows(desk)).to_have_count(3)
    expect(desk.page.locator(".same-summary")).to_have_text("3 found · 0 marked already · 3 chosen")
    desk.page.locator("#same-label").select_option("ACTOR")
    desk.page.keyboard.press("Tab")
    desk.page.locator(".same .primary").click()
    desk.saved()
    assert [quote for _at, quote in quotes(desk)] == ["Russia", "Russia", "Russia"]


def test_a_suggestion_at_an_occurrence_is_taken_over(visit: Visit, russia: Document, annotator: User) -> None:
    suggest(russia, ("ACTOR", "إيران", 0.9))
    desk = visit(russia, annotator).open()
    find_all(desk, "إيران")
    desk.page.locator("#same-label").select_option("ACTOR")
    desk.page.locator(".same .primary").click()
    desk.saved()
    (span,) = desk.spans("ACTOR")
    assert span.suggestion_id is not None


def test_a_server_that_cannot_be_reached_is_told_of(visit: Visit, russia: Document, annotator: User) -> None:
    desk = visit(russia, annotator, language="en", allow=("Failed to load resource",)).open()
    desk.page.route("**/occurrences/**", lambda route: route.abort())
    desk.select("روسيا.")
    desk.press("KeyF")
    expect(desk.page.locator(".same-summary")).to_have_text("The server cannot be reached.")
    desk.page.unroute("**/occurrences/**")
    desk.page.locator("#same-words").fill("روسيا")
    expect(rows(desk)).to_have_count(4)


# -- in the project


@pytest.fixture
def others(russia: Document, annotator: User) -> list[Document]:
    texts = [
        "قالت روسيا كلمتها.",
        "في بيلاروسيا.",
        "وروسيا، وبروسيا، لروسيا، فروسيا، كروسيا، روسيا هنا.",
        "روسيا لغيرها.",
    ]
    made = [build.document(russia.project, text, title=f"خبر {n}") for n, text in enumerate(texts, 1)]
    for document in made[:3]:
        build.assignment(document, annotator)
    build.assignment(made[3], build.member(russia.project))
    return made


def everywhere(desk: Desk) -> None:
    desk.page.locator(".same .segments label").nth(1).click()
    expect(desk.page.locator(".same-group")).to_have_count(3)


def marks_of(person: User) -> int:
    return Span.objects.filter(set__author=person, set__origin="HUMAN").count()


def test_all_the_same_throughout_the_project_in_one_act_and_back(
    visit: Visit, russia: Document, others: list[Document], annotator: User, worker: None
) -> None:
    desk = visit(russia, annotator, language="en").open()
    find_all(desk, "روسيا.")
    everywhere(desk)
    heads = desk.page.locator(".same-head bdi")
    assert [head.inner_text() for head in heads.all()] == ["زيارة الوفد", "خبر 1", "خبر 3"], "this one first"
    expect(desk.page.locator(".same-summary")).to_have_text("11 found · 0 marked already · 11 chosen")
    third = desk.page.locator(".same-group").nth(2)
    expect(third.locator("li")).to_have_count(4)
    third.locator(".same-rest").click()
    expect(third.locator("li")).to_have_count(6)
    third.locator("li input").nth(5).uncheck()
    assert third.locator(".same-head input").evaluate("(box) => box.indeterminate")
    desk.page.locator(".same-group").nth(1).locator(".same-head input").uncheck()
    desk.page.locator("#same-label").select_option("ACTOR") if False else None
    expect(desk.page.locator(".same .primary")).to_have_text("Mark 9")
    desk.page.locator(".same .primary").click()
    toast = desk.page.locator(".toast")
    expect(toast).to_contain_text("Marks added: 9, documents: 2")
    desk.until("return canvas.store.spans.size === 4")
    assert marks_of(annotator) == 9
    toast.locator("button").click()
    expect(toast).to_contain_text("Taken back: 9")
    desk.until("return canvas.store.spans.size === 0")
    assert marks_of(annotator) == 0


def test_acts_are_taken_back_from_their_list_later(
    visit: Visit, russia: Document, others: list[Document], annotator: User, worker: None
) -> None:
    desk = visit(russia, annotator, language="en").open()
    find_all(desk, "روسيا.")
    everywhere(desk)
    desk.page.keyboard.press("Tab")
    desk.page.locator(".same .primary").click()
    expect(desk.page.locator(".toast")).to_contain_text("Marks added: 11")
    desk.page.goto(f"{desk.url}/projects/{russia.project_id}/same/")
    row = desk.page.locator("#acts tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("روسيا")
    row.get_by_role("button", name="Take the marks back").click()
    expect(desk.page.locator("#acts tbody tr")).to_contain_text("Taken back: 11")
    assert marks_of(annotator) == 0


def test_a_long_search_shows_how_far_it_is_stops_and_goes_on(
    visit: Visit, russia: Document, others: list[Document], annotator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(occurrences, "_CHUNK", 2)
    monkeypatch.setattr(occurrences, "_PATIENCE", 0)
    held: list[Any] = []
    desk = visit(russia, annotator, language="en").open()
    find_all(desk, "روسيا.")
    desk.page.route(
        "**/projects/*/occurrences/**",
        lambda route: route.continue_() if "after=0" in route.request.url else held.append(route),
    )
    desk.page.locator(".same .segments label").nth(1).click()
    progress = desk.page.locator(".same-progress")
    expect(progress).to_contain_text("Searching: 2 of 4 documents")
    expect(desk.page.locator(".same-group")).to_have_count(2)
    progress.get_by_role("button", name="Stop").click()
    expect(progress).to_contain_text("2 of 4 documents searched")
    expect(desk.page.locator(".same .primary")).to_have_text("Mark 5")
    desk.page.unroute("**/projects/*/occurrences/**")
    progress.get_by_role("button", name="Go on").click()
    expect(desk.page.locator(".same-group")).to_have_count(3)
    expect(progress).to_be_hidden()
    expect(desk.page.locator(".same .primary")).to_have_text("Mark 11")


def test_looking_at_a_mark_closes_the_list(visit: Visit, russia: Document, annotator: User) -> None:
    build.edit(annotator, russia, build.add_span(russia, 0, 3))
    desk = visit(russia, annotator).open()
    find_all(desk, "روسيا.")
    desk.click("زار")
    expect(desk.page.locator(".same")).to_have_count(0)
    expect(desk.page.locator("article.mark")).to_be_visible()
    assert desk.painted("ac-on-same") == []


def test_a_refusal_keeps_the_list_and_says_why(
    visit: Visit, russia: Document, others: list[Document], annotator: User
) -> None:
    desk = visit(russia, annotator, language="en", allow=("Failed to load resource",)).open()
    find_all(desk, "روسيا.")
    everywhere(desk)
    others[0].assignments.update(state="REVOKED")
    desk.page.locator(".same .primary").click()
    expect(desk.page.locator(".toast")).to_contain_text("In some of these documents you may not mark anything now.")
    expect(desk.page.locator(".same .primary")).to_be_enabled()
    assert marks_of(annotator) == 0


# -- how it looks to everybody


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("width", [1280, 400])
def test_nothing_overflows_and_names_are_there(
    visit: Visit, russia: Document, others: list[Document], annotator: User, language: str, width: int
) -> None:
    desk = visit(russia, annotator, language=language, width=width).open()
    desk.run("const at = canvas.paper.text.indexOf('روسيا.'); canvas.selecting.set(at, at + 5)")
    desk.press("KeyF")
    expect(rows(desk)).to_have_count(4)
    everywhere(desk)
    same = desk.page.locator(".same")
    assert same.evaluate("(e) => e.scrollWidth <= e.clientWidth + 1")
    box = same.bounding_box()
    assert box is not None
    assert box["width"] <= width
    for box in desk.page.locator(".same input, .same select, .same button").all():
        name = box.evaluate("(e) => e.labels?.[0]?.textContent || e.getAttribute('aria-label') || e.textContent")
        assert name.strip()
