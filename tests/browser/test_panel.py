"""The side panel: attributes, actors, links, suggestions, the list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from analysis import types
from annotator.coding.models import Relation, SuggestionDecision
from annotator.coding.suggestions import store
from annotator.corpus.models import Document
from annotator.registry.models import Entity
from annotator.teams.models import User
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
    field(desk, "a-type").select_option("CONSULT")
    expect(details.locator(".needed")).to_have_count(0)
    field(desk, "a-modes").select_option("visit") if field(desk, "a-modes").count() else field(
        desk, "a-modes:visit"
    ).click()
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
    field(desk, "a-type").select_option("AGREE")  # a type that has no visits
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
    desk.saved()
    linked = Entity.objects.get(project=article.project, key="KWT")
    assert desk.spans()[0].entity_id == linked.pk
    expect(desk.page.locator(".linked")).to_contain_text("Kuwait")
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
    kinds = desk.page.locator("#link-kind")
    expect(kinds).to_be_focused()
    kinds.select_option(label="متلقٍّ")
    desk.click("بيانًا")  # not allowed: nothing happens
    desk.click("قطر")
    desk.saved()
    [link] = Relation.objects.filter(set__document=article)
    assert (link.type, link.attributes) == ("ARG", {"role": "RECIPIENT"})
    assert link.source_span is not None
    assert link.target_span is not None
    assert (link.source_span.quote, link.target_span.quote) == ("وقّع", "قطر")
    role = desk.page.locator(".link-row select")
    role.select_option("HOST")
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
    desk.page.locator("#link-kind").select_option(label="مضيف")
    field(desk, "link-actor").fill("Saudi Arabia")
    expect(desk.page.locator(".answers li").first).to_contain_text("السعودية")
    field(desk, "link-actor").press("Enter")
    desk.saved()
    [link] = Relation.objects.filter(set__document=article)
    assert link.target_entity is not None
    assert link.target_entity.key == "SAU"


def test_removing_a_mark_takes_its_links_and_undo_brings_both(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator).open()
    for quote, label in (("قطر", "ACTOR"), ("وقّع", "EVENT")):
        desk.select(quote)
        desk.label(label)
    desk.press("KeyL", "م")
    desk.page.locator("#link-kind").select_option(label="فاعل")
    desk.click("قطر")
    desk.saved()
    desk.click("قطر")
    desk.page.keyboard.press("Delete")
    desk.saved()
    assert not Relation.objects.filter(set__document=article).exists()
    desk.page.keyboard.press("Control+KeyZ")
    desk.saved()
    assert Relation.objects.filter(set__document=article).count() == 1
    desk.until("return canvas.store.relations.size === 1")


# -- suggestions


def test_walking_accepting_and_rejecting_by_key(visit: Visit, article: Document, annotator: User) -> None:
    suggest(article, ("ACTOR", "قطر", 0.9), ("EVENT", "رحّبت", 0.6), ("ACTOR", "الكويت", 0.95))
    desk = visit(article, annotator).open()
    badge = desk.page.locator('[data-part="count-suggestions"]')
    expect(badge).to_have_text("3")
    assert desk.painted("ac-sug-actor") == ["قطر", "الكويت"]
    desk.press("KeyN", "ى")
    expect(desk.page.locator(".offer[aria-current] q")).to_have_text("قطر")
    expect(desk.page.locator(".offer[aria-current] .why")).to_contain_text("قطر")
    desk.press("KeyA", "ش")
    desk.press("KeyX", "ء")  # the next one by itself
    desk.saved()
    expect(badge).to_have_text("1")
    expect(desk.page.locator('[data-label="ACTOR"] [data-count]')).to_have_text("1")
    [span] = desk.spans()
    assert (span.quote, span.origin, span.tagger) == ("قطر", "ACCEPTED", "gazetteer")
    decided = SuggestionDecision.objects.filter(set__document=article).values_list("suggestion__quote", "status")
    assert dict(decided) == {"قطر": "ACCEPTED", "رحّبت": "REJECTED"}
    assert desk.painted("ac-sug-actor") == ["الكويت"]


def test_correcting_keeps_where_it_came_from(visit: Visit, article: Document, annotator: User) -> None:
    suggest(article, ("ACTOR", "الأمم المتحدة", 0.9))
    desk = visit(article, annotator).open()
    desk.press("KeyN", "ى")
    desk.press("KeyC", "ؤ")
    desk.page.locator("annotation-canvas").focus()
    desk.page.keyboard.press("Shift+ArrowLeft")  # one word more
    desk.press("Digit4", "٤")
    desk.saved()
    [span] = desk.spans()
    assert (span.label, span.quote, span.origin) == ("PLACE", "الأمم المتحدة بالاتفاق", "CORRECTED")
    assert SuggestionDecision.objects.get(set__document=article).status == "CORRECTED"


def test_marking_over_a_suggestion_counts_as_its_correction(visit: Visit, article: Document, annotator: User) -> None:
    suggest(article, ("ACTOR", "الأمم المتحدة", 0.9), entity="UNO")
    desk = visit(article, annotator).open()
    desk.select("الأمم المتحدة بالاتفاق")
    desk.label("ACTOR")
    desk.saved()
    [span] = desk.spans()
    assert (span.quote, span.origin) == ("الأمم المتحدة بالاتفاق", "CORRECTED")
    assert desk.run("return canvas.store.suggestions.size") == 0


def test_the_threshold_hides_and_accepts_in_one_act(visit: Visit, article: Document, annotator: User) -> None:
    suggest(article, ("ACTOR", "قطر", 0.9), ("EVENT", "رحّبت", 0.5), ("ACTOR", "الكويت", 0.95))
    desk = visit(article, annotator).open()
    desk.page.locator("#tab-suggestions").click()
    desk.page.wait_for_selector("#threshold")
    desk.run("const s = document.querySelector('#threshold'); s.value = 0.8; s.dispatchEvent(new Event('input'))")
    expect(desk.page.locator('[data-part="count-suggestions"]')).to_have_text("2")
    assert desk.painted("ac-sug-event") == []
    expect(desk.page.locator(".threshold .n")).to_have_text("المعروض: 2 · دون هذه الثقة: 1")
    desk.page.locator(".threshold button").click()
    desk.saved()
    assert [s.quote for s in desk.spans()] == ["قطر", "الكويت"]
    desk.page.keyboard.press("Control+KeyZ")
    desk.saved()
    assert desk.spans() == []
    expect(desk.page.locator('[data-part="count-suggestions"]')).to_have_text("2")
    assert desk.painted("ac-sug-actor") == ["قطر", "الكويت"]


def test_a_threshold_above_everything_says_what_it_hides(visit: Visit, article: Document, annotator: User) -> None:
    suggest(article, ("ACTOR", "قطر", 0.6), ("EVENT", "رحّبت", 0.5))
    desk = visit(article, annotator, language="en").open()
    desk.page.locator("#tab-suggestions").click()
    desk.page.wait_for_selector("#threshold")
    desk.run("const s = document.querySelector('#threshold'); s.value = 0.9; s.dispatchEvent(new Event('input'))")
    expect(desk.page.locator('[data-part="suggestions"] .hint')).to_have_text("2 below this confidence")
    expect(desk.page.locator('[data-part="count-suggestions"]')).to_have_text("0")
    desk.press("KeyN", "n")
    expect(desk.page.locator('[data-part="live"]')).to_have_text("2 below this confidence")


def test_clicks_walk_through_marks_and_suggestions_innermost_first(
    visit: Visit, article: Document, annotator: User
) -> None:
    start = article.text.index("دول المجلس")
    end = start + len("دول المجلس")
    build.edit(annotator, article, build.add_span(article, start, end, "ACTOR"))
    suggest(article, ("PLACE", "المجلس في", 0.9), ("IMPLICATION", "رغبة دول المجلس في توحيد مواقفها", 0.8))
    desk = visit(article, annotator).open()
    seen = []
    for _ in range(4):
        desk.click("المجلس في"[:6])
        seen.append(
            desk.run(
                """const { picking, store } = canvas;
                const mark = store.spans.get(picking.selected) ?? store.suggestions.get(picking.current);
                return [picking.selected ? "mark" : "suggestion", store.quote(mark)];"""
            )
        )
    assert seen[:3] == [
        ["suggestion", "المجلس في"],
        ["mark", "دول المجلس"],
        ["suggestion", "رغبة دول المجلس في توحيد مواقفها"],
    ]
    assert seen[3] == seen[0]


def test_an_accept_taken_back_after_a_reload_offers_the_suggestion_again(
    visit: Visit, article: Document, annotator: User
) -> None:
    suggest(article, ("ACTOR", "قطر", 0.9))
    desk = visit(article, annotator).open()
    desk.press("KeyN", "ى")
    desk.press("KeyA", "ش")
    desk.saved()
    desk.open()
    assert desk.run("return canvas.store.suggestions.size") == 0
    desk.page.keyboard.press("Control+KeyZ")
    desk.saved()
    desk.until("return canvas.store.suggestions.size === 1")


def test_suggestions_come_in_while_the_page_is_open_and_the_text_stays_put(
    visit: Visit, article: Document, annotator: User
) -> None:
    desk = visit(article, annotator).open()
    before = desk.point(article.text.index("واشنطن"))
    suggest(article, ("ACTOR", "قطر", 0.9), entity="QAT")
    desk.run("return canvas.suggestions.fetch()")
    expect(desk.page.locator('[data-part="count-suggestions"]')).to_have_text("1")
    assert desk.painted("ac-sug-actor") == ["قطر"]
    assert desk.point(article.text.index("واشنطن")) == before
    desk.press("KeyN", "ى")
    assert (
        desk.run("return canvas.name(canvas.store.entity([...canvas.store.suggestions.byId.values()][0].entity))")
        == "قطر"
    )


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
    rows = desk.page.locator(".marks-list li")
    expect(rows).to_have_count(3)
    assert [text.split("\n")[0] for text in rows.all_inner_texts()] == ["Event", "Place", "Actor"]
    expect(rows.first).to_contain_text("still needed")
    desk.page.locator(".list-head select").select_option("ACTOR")
    expect(rows).to_have_count(1)
    rows.first.locator("button").click()
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
