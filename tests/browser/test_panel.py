"""The side panel: attributes, actors, links, suggestions, the list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from analysis import types
from annotator.coding.assignments import submit
from annotator.coding.models import Relation
from annotator.coding.suggestions import store
from annotator.corpus.models import Document
from annotator.registry.models import Entity
from annotator.review.services import return_
from annotator.teams.models import Role, User
from tests import build
from tests.browser.conftest import ENGLISH, Desk

pytestmark = pytest.mark.browser
Visit = Callable[..., Desk]


def suggest(document: Document, *quotes: tuple[str, str, float], entity: str | None = None) -> None:
    """Suggestions of a tagger: (label, quote, score)."""
    spans = []
    for label, quote, score in quotes:
        at = document.text.index(quote)
        attributes: dict[str, Any] = {"type": "SUPPORT"} if label == "EVENT" else {}
        reason = {"rule": "registry_name", "matched": quote}
        key = entity if label == "ACTOR" else None
        spans.append(
            types.Span("x", label, at, at + len(quote), quote, attributes, entity=key, score=score, reason=reason)
        )
    ids = dict(Entity.objects.filter(project=document.project).values_list("key", "id"))
    store(
        project_id=document.project_id,
        document_id=document.pk,
        tagger="gazetteer",
        version="1",
        spans=spans,
        entities=ids,
    )


def field(desk: Desk, name: str) -> Any:
    return desk.page.locator(f'[data-field="{name}"]')


def choose(desk: Desk, name: str, typed: str) -> None:
    """Type into a field that searches its options, and take the first one found."""
    field(desk, name).fill(typed)
    field(desk, name).press("Enter")


# -- forms


def test_the_form_of_an_event_saves_each_change_and_shows_what_is_needed(
    visit: Visit, article: Document, annotator: User
) -> None:
    desk = visit(article, annotator).open()
    desk.select("زار")
    desk.label("EVENT")
    details = desk.page.locator('[data-part="details"]')
    expect(details.locator(".needed")).to_have_count(1)
    expect(field(desk, "a-modes")).to_have_count(0)  # no modes before there is a type
    choose(desk, "a-type", "consult")
    expect(details.locator(".needed")).to_have_count(0)
    field(desk, "a-modes:visit").click()
    field(desk, "a-polarity:NEG").click()
    field(desk, "a-flags:historical").click()
    desk.saved()
    [span] = desk.spans()
    assert span.attributes == {
        "type": "CONSULT",
        "modes": ["visit"],
        "polarity": "NEG",
        "modality": "ASSERTED",
        "flags": ["historical"],
    }
    choose(desk, "a-type", "curfew")  # found by its mode
    desk.saved()
    assert desk.spans()[0].attributes["type"] == "COERCE"
    choose(desk, "a-type", "حصار")  # by its help
    expect(field(desk, "a-type")).to_have_value("إكراه أو قمع")
    choose(desk, "a-type", "تعهد")  # a type that has no visits
    desk.saved()
    assert "modes" not in desk.spans()[0].attributes


def test_a_rule_of_the_codebook_asks_for_a_gloss_and_words_are_kept_while_typing(
    visit: Visit, article: Document, annotator: User
) -> None:
    desk = visit(article, annotator).open()
    desk.select("رغبة دول المجلس")
    desk.label("IMPLICATION")
    field(desk, "a-kind").select_option("SIGNIFICANCE")
    field(desk, "a-explicitness:INFERRED").click()
    expect(desk.page.locator('[data-part="details"] .needed')).to_have_count(1)
    gloss = field(desk, "a-gloss")
    gloss.press_sequentially("يريدون صفًا واحدًا", delay=5)
    desk.until("return [...canvas.store.spans.byId.values()][0].attributes.gloss === x", "يريدون صفًا واحدًا")
    expect(gloss).to_be_focused()
    desk.saved()
    assert desk.spans()[0].attributes["gloss"] == "يريدون صفًا واحدًا"


def test_signal_words_are_taken_from_the_selection(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator).open()
    desk.select("رغبة دول المجلس")
    desk.label("IMPLICATION")
    desk.select("ويعكس")
    field(desk, "a-signal").click()
    desk.saved()
    signal = desk.spans()[0].attributes["signal"]
    assert article.text[signal["start"] : signal["end"]] == signal["quote"] == "ويعكس"


def test_a_label_and_an_extent_can_be_changed(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator).open()
    desk.select("واشنطن")
    desk.label("ACTOR")
    desk.press("Digit4", "٤")
    desk.saved()
    assert [(s.label, s.quote, s.attributes) for s in desk.spans()] == [("PLACE", "واشنطن", {})]
    desk.select("الكويت واشنطن")
    desk.press("KeyE", "ث")
    desk.saved()
    assert [s.quote for s in desk.spans()] == ["الكويت واشنطن"]
    assert desk.painted("ac-place-0") == ["الكويت واشنطن"]


def test_a_note(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator).open()
    desk.select("قطر")
    desk.label("ACTOR")
    field(desk, "mark-note").fill("سطر أول")
    desk.click("الثلاثاء")  # leaving the field keeps what was typed
    desk.saved()
    assert desk.spans()[0].note == "سطر أول"


# -- actors


@pytest.mark.parametrize("typed", ["الكويت", "Kuwait"])
def test_an_actor_is_found_in_either_language(visit: Visit, article: Document, annotator: User, typed: str) -> None:
    desk = visit(article, annotator).open()
    desk.select("الكويت")
    desk.label("ACTOR")
    search = field(desk, "actor-search")
    search.fill(typed)
    expect(desk.page.locator(".answers li").first).to_contain_text("الكويت")
    search.press("Enter")
    expect(desk.page.locator(".linked")).to_contain_text("Kuwait")
    desk.saved()
    linked = Entity.objects.get(project=article.project, key="KWT")
    assert desk.spans()[0].entity_id == linked.pk
    field(desk, "unlink").click()
    desk.saved()
    assert desk.spans()[0].entity_id is None


def test_a_new_actor_is_made_on_the_spot(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator).open()
    desk.select("قادة دول مجلس التعاون")
    desk.label("ACTOR")
    field(desk, "actor-search").fill("قادة القمة")
    offer = desk.page.locator(".answers .new")
    expect(offer).to_contain_text("قادة القمة")  # until the search answers it still offers the words of the mark
    offer.click()
    desk.page.locator(".new-actor select").select_option("COLLECTIVE")
    desk.page.locator(".new-actor button.primary").click()
    expect(desk.page.locator(".linked")).to_contain_text("قادة القمة")
    desk.saved()
    made = desk.spans()[0].entity
    assert made is not None
    assert (made.kind, made.name("ar")) == ("COLLECTIVE", "قادة القمة")


# -- links


def test_a_link_by_key_role_and_click(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator).open()
    for quote, label in (("قطر", "ACTOR"), ("بيانًا", "IMPLICATION"), ("وقّع", "EVENT")):
        desk.select(quote)
        desk.label(label)
    desk.press("KeyL", "م")
    expect(field(desk, "link-end")).to_be_focused()
    desk.click("في")  # no mark: nothing happens
    desk.click("قطر")
    desk.page.locator(".way", has_text="متلقٍّ").click()
    desk.saved()
    [link] = Relation.objects.filter(set__document=article)
    assert (link.type, link.attributes) == ("ARG", {"role": "RECIPIENT"})
    assert link.source_span is not None
    assert link.target_span is not None
    assert (link.source_span.quote, link.target_span.quote) == ("وقّع", "قطر")
    role = desk.page.locator(".link-row select")
    role.select_option(label="مضيف")
    desk.saved()
    link.refresh_from_db()
    assert link.attributes == {"role": "HOST"}
    desk.page.locator(".link-row > button.quiet").click()
    desk.saved()
    assert not Relation.objects.filter(set__document=article).exists()


def test_a_link_to_an_actor_that_the_text_leaves_out(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator).open()
    desk.select("وقّع")
    desk.label("EVENT")
    desk.press("KeyL", "م")
    field(desk, "link-end").fill("Saudi Arabia")
    expect(desk.page.locator(".answers .implicit").first).to_contain_text("السعودية")
    field(desk, "link-end").press("Enter")
    desk.press("Digit3", "٣")
    desk.saved()
    assert Relation.objects.get(set__document=article).attributes == {"role": "HOST"}
    [link] = Relation.objects.filter(set__document=article)
    assert link.target_entity is not None
    assert link.target_entity.key == "SAU"


def test_removing_a_mark_takes_its_links_and_undo_brings_both(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator).open()
    for quote, label in (("قطر", "ACTOR"), ("وقّع", "EVENT")):
        desk.select(quote)
        desk.label(label)
    desk.press("KeyL", "م")
    desk.click("قطر")
    desk.press("Digit1", "١")
    desk.saved()
    desk.click("قطر")
    desk.page.keyboard.press("Delete")
    desk.saved()
    assert not Relation.objects.filter(set__document=article).exists()
    desk.page.keyboard.press("Control+KeyZ")
    desk.saved()
    assert Relation.objects.filter(set__document=article).count() == 1
    desk.until("return canvas.store.relations.size === 1")


# -- the list, and reading only


def test_the_list_is_the_text_in_words(visit: Visit, annotator: User) -> None:
    of = build.project()
    build.member(of, person=annotator)
    document = build.document(of, ENGLISH, title="Talks")
    build.assignment(document, annotator)
    marks = [("ACTOR", "Moscow"), ("EVENT", "met"), ("PLACE", "Geneva")]
    build.edit(
        annotator,
        document,
        *[build.add_span(document, ENGLISH.index(q), ENGLISH.index(q) + len(q), label) for label, q in marks],
    )
    desk = visit(document, annotator, language="en").open()
    desk.page.locator("#tab-list").click()
    rows = desk.page.locator(".marks-list [role=option]")
    expect(rows).to_have_count(3)
    assert [text.split("\n")[0].strip() for text in rows.all_inner_texts()] == ["met", "Geneva", "Moscow"]
    expect(rows.first).to_contain_text("Event")
    expect(rows.first).to_contain_text("still needed")
    desk.page.locator('[data-filter="label"]').select_option("ACTOR")
    expect(rows).to_have_count(1)
    rows.first.click()
    assert desk.run("return canvas.store.quote(canvas.store.spans.get(canvas.picking.selected))") == "Moscow"


def test_closed_work_can_be_read_and_not_changed(visit: Visit, article: Document, annotator: User) -> None:
    build.edit(annotator, article, build.add_span(article, 0, 4, "ACTOR"))
    article.assignments.update(state="SUBMITTED")
    desk = visit(article, annotator).open()
    assert desk.painted("ac-actor-0") == ["وقّع"]
    desk.select("قطر")
    desk.press("Digit1", "١")
    desk.click("وقّع")
    desk.page.keyboard.press("Delete")
    assert desk.run("return canvas.store.spans.size") == 1
    expect(desk.page.locator('[data-label="ACTOR"]')).to_be_disabled()
    expect(desk.page.locator('[data-part="details"] .mark')).to_contain_text("وقّع")


# -- on a small screen

FADES = """const style = getComputedStyle(document.querySelector(x));
    return ["--fade-start", "--fade-end"].map((name) => parseFloat(style.getPropertyValue(name)))"""
IN_SIGHT = """const [tab, row] = [document.querySelector(x), document.querySelector(x).parentElement].map((e) => e.getBoundingClientRect());
    return tab.left >= row.left - 1 && tab.right <= row.right + 1"""


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_row_of_tabs_fades_where_there_is_more(
    visit: Visit, article: Document, annotator: User, language: str
) -> None:
    suggest(article, ("ACTOR", "قطر", 0.9))
    desk = visit(article, annotator, language=language, width=320).open()
    page = desk.page
    page.locator("#tab-details").click()  # opens the panel: its button to close it takes room too
    assert desk.run(FADES, ".panel .tabs") == [0, 36]
    mask = desk.run("return getComputedStyle(document.querySelector('.panel .tabs')).maskImage")
    assert mask.startswith(f"linear-gradient(to {'left' if language == 'ar' else 'right'}, ")
    desk.press("KeyM", "ة")  # a tab that was out of sight
    expect(page.locator("#tab-talk")).to_have_attribute("aria-selected", "true")
    assert desk.run(IN_SIGHT, "#tab-talk")
    desk.until(
        "return getComputedStyle(document.querySelector('.panel .tabs')).getPropertyValue('--fade-start') === '36px'"
    )
    assert desk.run(FADES, ".panel .tabs")[1] == 0
    assert desk.run(FADES, ".rail") == [0, 36]
    page.emulate_media(forced_colors="active")
    bars = "const style = getComputedStyle(document.querySelector(x)); return [style.maskImage, style.scrollbarWidth]"
    assert desk.run(bars, ".panel .tabs") == ["none", "thin"]
    assert desk.run(bars, ".rail") == ["none", "thin"]
    page.emulate_media(forced_colors="none")
    page.set_viewport_size({"width": 1280, "height": 800})
    desk.until(f"{FADES}.every((width) => width === 0)", ".panel .tabs")  # nothing more to the side


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_tab_that_is_chosen_at_first_is_in_sight(
    visit: Visit, article: Document, annotator: User, language: str
) -> None:
    build.edit(annotator, article, build.add_span(article, 0, 4))
    submission = submit(actor=build.actor(annotator), document_id=article.pk)
    reviewer = build.actor(build.member(article.project, Role.REVIEWER))
    return_(actor=reviewer, submission=submission, note="ينقص فاعل.")
    desk = visit(article, annotator, language=language, width=320).open()
    expect(desk.page.locator("#tab-note")).to_have_attribute("aria-selected", "true")
    assert desk.run(IN_SIGHT, "#tab-note")
    assert not desk.run(IN_SIGHT, "#tab-details")
