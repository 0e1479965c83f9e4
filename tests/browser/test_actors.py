"""Linking mentions to the registry: by key, in either language, on the spot; and the card of an actor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from annotator.corpus.models import Document
from annotator.registry.models import Entity
from annotator.registry.services import add_entity
from annotator.teams.models import Project, User
from tests import build
from tests.browser.conftest import Desk
from tests.browser.test_accessible import LOOKS, enter, look

pytestmark = pytest.mark.browser
Visit = Callable[..., Desk]

TEXT = (
    "أعلنت روسيا أنها سترد، ورحبت موسكو بروسيا البيضاء ضيفةً.\n"
    "وقالت الخارجية الروسية إن القمة نجحت، وهي تثق بمصر. وحضرت لجنة المتابعة الدائمة القمة."
)
ENGLISH = "Moscow praised the talks. It said Russian envoys would return, and the Kremlin agreed with Cairo."


@pytest.fixture
def project(annotator: User) -> Project:
    of = build.project()
    build.member(of, person=annotator)
    return of


def work(of: Project, person: User, text: str = TEXT, **about: Any) -> Document:
    made = build.document(of, text, **about)
    build.assignment(made, person)
    return made


def key_of(project: Project, entity_id: int | None) -> str:
    return Entity.objects.get(project=project, pk=entity_id).key


def linked(person: User, of: Document, quote: str, key: str) -> None:
    text = Document.objects.get(pk=of.pk).text
    at = text.index(quote)
    entity = Entity.objects.get(project=of.project, key=key)
    build.edit(person, of, build.add_span(of, at, at + len(quote), "ACTOR", entity=entity.pk))


def search(desk: Desk) -> Any:
    return desk.page.locator("#actor-search")


def test_one_key_and_enter_link_what_was_marked_without_its_attached_letter(
    visit: Visit, project: Project, annotator: User
) -> None:
    desk = visit(work(project, annotator), annotator).open()
    desk.select("بمصر")
    desk.label("ACTOR")
    desk.press("KeyI", "ه")
    expect(search(desk)).to_be_focused()
    expect(search(desk)).to_have_value("مصر")
    expect(desk.page.locator(".answers [aria-selected=true]")).to_contain_text("Egypt")
    desk.page.keyboard.press("Enter")
    desk.saved()
    assert key_of(project, desk.spans()[0].entity_id) == "EGY"
    expect(desk.page.locator("annotation-canvas")).to_be_focused()
    desk.page.keyboard.press("Control+KeyZ")
    desk.saved()
    assert [s.entity_id for s in desk.spans()] == [None]


def test_enter_waits_for_the_answer_of_what_was_typed_last(visit: Visit, project: Project, annotator: User) -> None:
    desk = visit(work(project, annotator, ENGLISH), annotator, language="en").open()
    desk.select("envoys")
    desk.label("ACTOR")
    desk.press("KeyI", "i")
    desk.page.keyboard.type("فرنسا")
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator(".linked")).to_contain_text("France")
    desk.saved()
    assert key_of(project, desk.spans()[0].entity_id) == "FRA"


@pytest.mark.parametrize(("typed", "by"), [("الكرملن", None), ("الروسية", "صفة نسبة"), ("Moscow", "كناية")])
def test_it_is_shown_by_which_name_somebody_was_found(
    visit: Visit, project: Project, annotator: User, typed: str, by: str | None
) -> None:
    desk = visit(work(project, annotator), annotator).open()
    desk.select("لجنة المتابعة")
    desk.label("ACTOR")
    search(desk).fill(typed)
    first = desk.page.locator(".answers [role=option]").first
    if by is None:
        expect(first).to_have_class("new")
    else:
        expect(first).to_contain_text("روسيا")
        expect(first.locator(".by")).to_be_visible()


def test_a_relational_adjective_names_the_state_and_says_that_it_is_one(
    visit: Visit, project: Project, annotator: User
) -> None:
    desk = visit(work(project, annotator), annotator).open()
    desk.select("الروسية")
    desk.label("ACTOR")
    desk.press("KeyI", "ه")
    expect(desk.page.locator(".answers [aria-selected=true]")).to_contain_text("Russia")
    desk.page.keyboard.press("Enter")
    desk.saved()
    [span] = desk.spans()
    assert (key_of(project, span.entity_id), span.attributes["mention"]) == ("RUS", "NISBA")


def test_a_capital_stands_for_its_state(visit: Visit, project: Project, annotator: User) -> None:
    desk = visit(work(project, annotator, ENGLISH), annotator, language="en").open()
    desk.select("Moscow")
    desk.label("ACTOR")
    desk.press("KeyI", "i")
    expect(desk.page.locator(".answers [aria-selected=true]")).to_contain_text("Russia")
    desk.page.keyboard.press("Enter")
    desk.saved()
    [span] = desk.spans()
    assert (key_of(project, span.entity_id), span.attributes["metonymy"]) == ("RUS", "CAPITAL")


@pytest.mark.parametrize(
    ("text", "language", "first", "pronoun"), [(TEXT, "ar", "موسكو", "هي"), (ENGLISH, "en", "Moscow", "It")]
)
def test_a_pronoun_is_offered_the_nearest_actor_before_it(
    visit: Visit, project: Project, annotator: User, text: str, language: str, first: str, pronoun: str
) -> None:
    of = work(project, annotator, text)
    linked(annotator, of, first, "RUS")
    desk = visit(of, annotator, language=language).open()
    desk.select(pronoun)
    desk.label("ACTOR")
    quick = desk.page.locator(".quick-actors .chip")
    expect(quick).to_have_count(1)
    desk.press("KeyI", "ه")
    expect(desk.page.locator(".answers .group")).to_be_visible()
    desk.page.keyboard.press("Enter")
    desk.saved()
    span = next(s for s in desk.spans() if s.quote == pronoun)
    assert (key_of(project, span.entity_id), span.attributes["mention"]) == ("RUS", "PRO")


def test_escape_goes_back_to_the_text_and_links_nothing(visit: Visit, project: Project, annotator: User) -> None:
    desk = visit(work(project, annotator), annotator).open()
    desk.select("روسيا")
    desk.label("ACTOR")
    desk.press("KeyI", "ه")
    expect(desk.page.locator(".answers")).to_be_visible()
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator("annotation-canvas")).to_be_focused()
    expect(desk.page.locator(".answers")).to_be_hidden()
    desk.saved()
    assert desk.spans()[0].entity_id is None
    assert desk.run("return canvas.picking.selected !== null")


def test_another_actor_and_none(visit: Visit, project: Project, annotator: User) -> None:
    of = work(project, annotator)
    linked(annotator, of, "روسيا", "RUS")
    desk = visit(of, annotator).open()
    desk.click("روسيا")
    desk.press("KeyI", "ه")
    search(desk).fill("بيلاروسيا")
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator(".linked")).to_contain_text("Belarus")
    desk.saved()
    assert key_of(project, desk.spans()[0].entity_id) == "BLR"
    desk.page.locator('[data-field="unlink"]').click()
    desk.page.locator(".toast button").click()
    desk.saved()
    assert key_of(project, desk.spans()[0].entity_id) == "BLR"


def test_offline_the_actors_of_the_page_are_found_by_any_of_their_names(
    visit: Visit, project: Project, annotator: User
) -> None:
    of = work(project, annotator)
    linked(annotator, of, "روسيا", "RUS")
    desk = visit(of, annotator, allow=("Failed to load resource",)).open()
    desk.until("return canvas.registry.more.size === 1")
    desk.page.context.set_offline(True)
    desk.select("الخارجية الروسية")
    desk.label("ACTOR")
    search(desk).fill("الرُّوسيّة")
    expect(desk.page.locator(".answers [role=option]").first).to_contain_text("Russia")
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator(".linked")).to_contain_text("Russia")
    desk.page.context.set_offline(False)
    desk.saved()
    assert {key_of(project, s.entity_id) for s in desk.spans()} == {"RUS"}


def test_a_new_actor_gets_names_in_both_languages_and_codes(visit: Visit, project: Project, annotator: User) -> None:
    desk = visit(work(project, annotator), annotator).open()
    desk.select("لجنة المتابعة الدائمة")
    desk.label("ACTOR")
    desk.press("KeyI", "ه")
    desk.page.locator(".answers .new").click()
    form = desk.page.locator(".new-actor")
    expect(form.locator("#actor-search-name-ar")).to_have_value("لجنة المتابعة الدائمة")
    form.locator("#actor-search-name-en").fill("Standing Follow-up Committee")
    form.locator("select").select_option("ORG")
    form.locator("#actor-search-country").fill("مصر")
    form.locator("#actor-search-country").press("Enter")
    form.locator("#actor-search-sector").fill("التنفيذية")
    desk.page.keyboard.press("Enter")
    form.locator("button.primary").click()
    expect(desk.page.locator(".linked")).to_contain_text("Standing Follow-up Committee")
    desk.saved()
    made = desk.spans()[0].entity
    assert made is not None
    assert (made.kind, made.name("ar"), made.name("en")) == (
        "ORG",
        "لجنة المتابعة الدائمة",
        "Standing Follow-up Committee",
    )
    assert (made.country, made.sectors) == ("EGY", ["GOV"])


def test_somebody_who_is_there_already_is_offered_instead(visit: Visit, project: Project, annotator: User) -> None:
    names = [{"lang": "en", "form": "Follow-up Committee", "role": "CANONICAL"}]
    there = add_entity(actor=build.owner_of(project), project=project, kind="ORG", names=names)
    desk = visit(work(project, annotator), annotator, language="en").open()
    desk.select("لجنة المتابعة")
    desk.label("ACTOR")
    desk.press("KeyI", "i")
    desk.page.locator(".answers .new").click()
    desk.page.locator("#actor-search-name-en").fill("follow-up  committee")
    desk.page.locator(".there button").click()
    expect(desk.page.locator(".linked")).to_contain_text("Follow-up Committee")
    desk.saved()
    assert desk.spans()[0].entity_id == there.pk
    assert Entity.objects.filter(project=project, seeded=False).count() == 1


# -- the card


def test_the_card_shows_names_and_every_mention_and_goes_there(visit: Visit, project: Project, annotator: User) -> None:
    of, other = work(project, annotator, title="خبر"), work(project, annotator, "وصل وفد روسيا إلى جنيف.", title="وصول")
    linked(annotator, of, "روسيا", "RUS")
    linked(annotator, of, "موسكو", "RUS")
    linked(annotator, other, "روسيا", "RUS")
    colleague = build.member(project)
    build.assignment(of, colleague)
    linked(colleague, of, "الخارجية", "RUS")
    desk = visit(of, annotator).open()
    desk.click("روسيا")
    card = desk.page.locator(".actor-card")
    expect(card.locator("summary")).to_contain_text("Russia")
    expect(card.locator("summary .count")).to_have_text("2")
    card.locator("summary").click()
    expect(card.locator("dl")).to_contain_text("روسية")
    expect(card.locator("ol.mentions b")).to_have_text(["روسيا", "موسكو"])  # and nothing of a colleague's blind work
    expect(card.locator("ul.mentions .kwic")).to_have_text(["وصل وفد روسيا إلى جنيف."])
    card.locator("ol.mentions button").nth(1).click()
    assert desk.run("return canvas.store.quote(canvas.store.spans.get(canvas.picking.selected))") == "موسكو"
    expect(desk.page.locator(".actor-card[open] [aria-current] b")).to_have_text("موسكو")
    desk.page.locator(".actor-card ul.mentions a").click()
    desk.page.wait_for_selector("annotation-canvas[data-ready]")
    assert desk.run("return canvas.store.quote(canvas.store.spans.get(canvas.picking.selected))") == "روسيا"


def test_a_chip_shows_its_card_when_it_is_pointed_at_and_escape_takes_it_away(
    visit: Visit, project: Project, annotator: User
) -> None:
    of = work(project, annotator)
    linked(annotator, of, "روسيا", "RUS")
    text = Document.objects.get(pk=of.pk).text
    at = text.index("أعلنت")
    event = build.add_span(of, at, at + 5, "EVENT", attributes={"type": "STATEMENT"})
    build.edit(annotator, of, event)
    desk = visit(of, annotator).open()
    ids = desk.run("return [...canvas.store.spans.ordered()].map((s) => s.id)")
    made = """return import("#annotator/ends.js").then(({ relate }) =>
        relate(canvas, x[0], { span: x[1] }, { type: canvas.store.relationTypes.get("ARG"), out: true, attributes: { role: "ACTOR" } }))"""
    assert desk.run(made, ids)
    desk.run("canvas.picking.select(x)", ids[0])
    chip = desk.page.locator(".link-row .chip")
    chip.hover()
    peek = desk.page.locator(".actor-peek")
    expect(peek).to_contain_text("Russia")
    expect(peek.locator("ol.mentions b")).to_have_text("روسيا")
    peek.hover()  # one can go into it
    desk.page.wait_for_timeout(400)
    expect(peek).to_be_visible()
    desk.page.mouse.move(5, 5)
    expect(peek).to_have_count(0)
    desk.page.locator(".link-row select").focus()
    desk.page.keyboard.press("Tab")
    expect(peek).to_be_visible()
    desk.page.keyboard.press("Escape")
    expect(peek).to_have_count(0)
    expect(chip).to_be_focused()


def test_without_a_network_the_card_shows_what_the_page_knows(visit: Visit, project: Project, annotator: User) -> None:
    of = work(project, annotator, ENGLISH)
    linked(annotator, of, "Moscow", "RUS")
    desk = visit(of, annotator, language="en", allow=("Failed to load resource",)).open()
    desk.until("return canvas.registry.more.size === 1")
    desk.click("Moscow")
    desk.page.context.set_offline(True)
    desk.page.locator(".actor-card summary").click()
    expect(desk.page.locator(".actor-card ol.mentions b")).to_have_text("Moscow")
    expect(desk.page.locator(".actor-card .stack")).to_contain_text("cannot be reached")
    desk.page.context.set_offline(False)


@pytest.mark.parametrize(("width", "theme"), [(1280, "dark"), (400, "light")])
def test_long_names_stay_in_the_panel(visit: Visit, project: Project, annotator: User, width: int, theme: str) -> None:
    names = [
        {
            "lang": "ar",
            "form": "اللجنة الوطنية العليا المشتركة لمتابعة تنفيذ قرارات القمم العربية والإسلامية الاستثنائية",
            "role": "CANONICAL",
        },
        {
            "lang": "en",
            "form": "High National Joint Committee for the Follow-up of Decisions of Extraordinary Summits",
            "role": "CANONICAL",
        },
    ]
    made = add_entity(actor=build.owner_of(project), project=project, kind="ORG", names=names)
    of = work(project, annotator)
    linked(annotator, of, "لجنة المتابعة الدائمة", made.key)
    desk = visit(of, annotator, width=width, theme=theme).open()
    desk.run("canvas.picking.select([...canvas.store.spans.byId.keys()][0])")
    desk.page.locator(".actor-card summary").click()
    expect(desk.page.locator(".actor-card dl")).to_be_visible()
    assert desk.run("const d = canvas.part('details'); return d.scrollWidth <= d.clientWidth")


@pytest.mark.parametrize("manner", LOOKS, ids=lambda m: "-".join(map(str, m)))
def test_nothing_serious_is_wrong_with_the_field_the_card_and_the_form(
    visit: Visit, project: Project, annotator: User, manner: tuple[str, str, int, bool]
) -> None:
    of = work(project, annotator)
    linked(annotator, of, "روسيا", "RUS")
    desk = enter(visit, of, annotator, manner).open()
    wrong: list[str] = []
    desk.run("canvas.picking.select([...canvas.store.spans.byId.keys()][0])")
    desk.page.locator(".actor-card summary").click()
    expect(desk.page.locator(".actor-card dl")).to_be_visible()
    look(desk, "card", wrong)
    desk.run("document.activeElement.blur()")
    desk.press("KeyI", "ه")
    search(desk).fill("روس")
    expect(desk.page.locator(".answers [role=option]").nth(3)).to_be_visible()
    look(desk, "answers", wrong)
    desk.page.locator(".answers .new").click()
    expect(desk.page.locator(".new-actor .codes input").first).to_be_visible()
    look(desk, "new actor", wrong)
    assert not wrong, "\n".join(wrong)
