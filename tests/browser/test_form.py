"""The forms that the codebook makes: by keyboard alone, what was used last, several marks at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from annotator.coding.models import Edit
from annotator.corpus.models import Document
from annotator.registry.models import Entity
from annotator.teams.models import User
from tests import build
from tests.browser.conftest import Desk, answering

pytestmark = pytest.mark.browser
Visit = Callable[..., Desk]


def field(desk: Desk, name: str) -> Any:
    return desk.page.locator(f'[data-field="{name}"]')


def mark(person: User, document: Document, *marks: tuple[str, str, dict[str, Any]]) -> list[str]:
    """Marks that are there before the page is opened: (label, quote, attributes). Returns their ids."""
    edits = []
    for label, quote, attributes in marks:
        at = document.text.index(quote)
        edits.append(build.add_span(document, at, at + len(quote), label, attributes=attributes))
    build.edit(person, document, *edits)
    return [edit["span"]["id"] for edit in edits]


# -- by keyboard


def test_an_event_is_marked_and_typed_by_keys_alone(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator).open()
    canvas = desk.page.locator("annotation-canvas")
    canvas.focus()
    desk.run("canvas.selecting.caret = x", article.text.index("وقّع"))
    keyboard = desk.page.keyboard
    keyboard.press("ArrowLeft")
    desk.press("Digit2", "٢")
    keyboard.press("Enter")
    expect(field(desk, "a-type")).to_be_focused()  # what is still needed
    keyboard.insert_text("تاييد")  # the name is written with a hamza
    expect(desk.page.locator("#a-type-answers [aria-selected=true]")).to_contain_text("تأييد أو اعتراف")
    keyboard.press("Enter")
    expect(canvas).to_be_focused()  # nothing more is needed
    desk.saved()
    [span] = desk.spans()
    assert (span.quote, span.attributes["type"]) == ("وقّع", "SUPPORT")
    keyboard.press("Enter")
    expect(field(desk, "a-type")).to_be_focused()
    keyboard.insert_text("sanction")
    keyboard.press("Escape")  # back to the text, as it was
    expect(canvas).to_be_focused()
    expect(field(desk, "a-type")).to_have_value("تأييد أو اعتراف")
    keyboard.press("Enter")
    keyboard.insert_text("sanction")
    keyboard.press("Tab")  # takes it, and goes on to the next field, which comes with this type
    expect(field(desk, "a-type")).to_have_value("عقوبات أو تقليص علاقات")
    assert desk.run("return document.activeElement.dataset.field").startswith("a-modes")
    desk.saved()
    assert desk.spans()[0].attributes["type"] == "SANCTION"


def test_arrows_go_along_a_row_of_buttons_and_tab_over_it(visit: Visit, article: Document, annotator: User) -> None:
    mark(annotator, article, ("EVENT", "وقّع", {"type": "SUPPORT", "polarity": "POS"}))
    desk = visit(article, annotator).open()
    desk.click("وقّع")
    field(desk, "a-polarity:POS").focus()
    desk.page.keyboard.press("ArrowLeft")  # the way it points, in a page that runs to the left
    expect(field(desk, "a-polarity:NEG")).to_be_focused()
    desk.page.keyboard.press("Space")
    desk.saved()
    assert desk.spans()[0].attributes["polarity"] == "NEG"
    expect(field(desk, "a-polarity:NEG")).to_be_focused()
    desk.page.keyboard.press("Shift+Tab")
    desk.page.keyboard.press("Tab")
    expect(field(desk, "a-polarity:NEG")).to_be_focused()
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator("annotation-canvas")).to_be_focused()
    assert desk.run("return Boolean(canvas.picking.selected)")  # the mark is still the one


def test_a_long_list_takes_several_one_after_another(visit: Visit, article: Document, annotator: User) -> None:
    mark(annotator, article, ("EVENT", "وقّع", {"type": "SUPPORT"}))
    desk = visit(article, annotator, language="en").open()
    desk.click("وقّع")
    contexts = field(desk, "a-contexts")
    for typed in ("cyber", "حقوق الانسان"):
        contexts.fill(typed)
        contexts.press("Enter")
        expect(contexts).to_be_focused()
        expect(contexts).to_have_value("")
    desk.saved()
    assert desk.spans()[0].attributes["contexts"] == ["cyber", "human_rights"]
    field(desk, "a-contexts:cyber").click()
    desk.saved()
    assert desk.spans()[0].attributes["contexts"] == ["human_rights"]


def test_the_rule_says_why_and_a_refusal_stands_at_its_field(visit: Visit, article: Document, annotator: User) -> None:
    mark(annotator, article, ("IMPLICATION", "رغبة دول المجلس", {"kind": "INTENT", "explicitness": "INFERRED"}))
    desk = visit(article, annotator, language="en", allow=("422",)).open()
    desk.click("دول المجلس")
    gloss = desk.page.locator(".field", has=field(desk, "a-gloss"))
    expect(gloss.locator(".needed")).to_have_text("still needed")
    expect(gloss).to_contain_text("An inferred implication needs your own words.")
    problem = {
        "code": "invalid",
        "detail": "Some values are not right.",
        "errors": {"edits.0.span.attributes.direction": ["Direction is closed today."]},
    }
    with answering(desk.page, "**/edits/", lambda route: route.fulfill(status=422, json=problem)):
        field(desk, "a-direction:COOP").click()
        fault = desk.page.locator(".field", has=field(desk, "a-direction:COOP")).locator(".fault")
        expect(fault).to_have_text("Direction is closed today.")
    expect(field(desk, "a-direction:COOP")).to_have_attribute("aria-pressed", "false")  # and what is true is shown


# -- what was used last


def test_what_the_same_words_got_last_is_offered_and_never_filled_in(
    visit: Visit, article: Document, annotator: User
) -> None:
    desk = visit(article, annotator).open()
    desk.select("دول المجلس")
    desk.label("ACTOR")
    offer = field(desk, "again")
    expect(offer).to_have_count(0)
    field(desk, "a-mention").select_option("NOM") if field(desk, "a-mention").count() else field(
        desk, "a-mention:NOM"
    ).click()
    linked = Entity.objects.filter(project=article.project, key="KWT").get()
    desk.run("canvas.acts.commit([canvas.store.update(canvas.picking.selected, {entity: x})])", linked.pk)
    desk.run("return canvas.registry.meet([{entity: x}])", linked.pk)
    start = article.text.index("دول مجلس")
    desk.drag(start, start + len("دول مجلس"))
    desk.label("ACTOR")
    desk.saved()
    other = desk.spans("ACTOR")[0]
    assert other.attributes == {"mention": "NAM", "reading": "ACT"}  # nothing but what the codebook begins with
    expect(offer).to_contain_text("وصف")
    desk.page.locator("annotation-canvas").focus()
    desk.press("KeyR", "ق")
    desk.saved()
    expect(offer).to_have_count(0)
    assert desk.spans("ACTOR")[0].attributes["mention"] == "NOM"
    desk.page.keyboard.press("Control+KeyZ")
    desk.saved()
    assert desk.spans("ACTOR")[0].attributes["mention"] == "NAM"
    desk.open()  # another visit, the same browser
    desk.click("دول مجلس")
    expect(offer).to_contain_text("وصف")


# -- several


def test_a_value_for_several_marks_is_one_act(visit: Visit, article: Document, annotator: User) -> None:
    ids = mark(
        annotator,
        article,
        ("EVENT", "وقّع", {"type": "SUPPORT", "polarity": "POS", "flags": ["historical"]}),
        ("EVENT", "ورحّبت", {"type": "SUPPORT", "polarity": "NEG", "flags": ["historical", "habitual"]}),
        ("EVENT", "وزار", {"type": "CONSULT", "modes": ["visit"], "polarity": "NEG", "flags": ["historical"]}),
    )
    before = Edit.objects.count()
    desk = visit(article, annotator, language="en").open()
    desk.run("canvas.picking.pickSeveral(x)", ids)
    details = desk.page.locator('[data-part="details"]')
    expect(details.locator("h3").first).to_have_text("3 marks")
    expect(details.locator(".field", has=field(desk, "all-type")).locator(".various")).to_have_text("various")
    expect(field(desk, "all-flags:historical")).to_have_attribute("aria-pressed", "true")
    expect(field(desk, "all-flags:habitual")).to_have_attribute("aria-pressed", "mixed")
    field(desk, "all-flags:habitual").click()
    desk.saved()
    assert all(set(s.attributes["flags"]) == {"historical", "habitual"} for s in desk.spans())
    field(desk, "all-type").fill("sanction")
    field(desk, "all-type").press("Enter")
    desk.saved()
    assert [s.attributes["type"] for s in desk.spans()] == ["SANCTION"] * 3
    assert not any("modes" in s.attributes for s in desk.spans())  # a visit is no sanction
    assert [s.attributes["polarity"] for s in desk.spans()] == ["POS", "NEG", "NEG"]  # what was not touched stays
    groups = Edit.objects.order_by("seq").values_list("group", flat=True)[before:]
    assert len(groups) == 5
    assert len(set(groups)) == 2
    desk.page.locator("annotation-canvas").focus()
    desk.page.keyboard.press("Control+KeyZ")
    desk.saved()
    assert [s.attributes["type"] for s in desk.spans()] == ["SUPPORT", "SUPPORT", "CONSULT"]
    desk.press("Digit4", "٤")
    desk.saved()
    assert [s.label for s in desk.spans()] == ["PLACE"] * 3
    desk.page.keyboard.press("Delete")
    desk.saved()
    assert desk.spans() == []
    desk.page.keyboard.press("Control+KeyZ")
    desk.saved()
    assert len(desk.spans()) == 3


def test_links_keep_the_label_of_those_they_do_not_fit(visit: Visit, article: Document, annotator: User) -> None:
    event, actor, place = mark(annotator, article, ("EVENT", "وقّع", {}), ("ACTOR", "قطر", {}), ("PLACE", "واشنطن", {}))
    link = {"id": build.new_id(), "type": "ARG", "from": {"span": event}, "to": {"span": actor}}
    relation = {**link, "attributes": {"role": "ACTOR"}}
    build.edit(annotator, article, {"id": build.new_id(), "op": "add_relation", "relation": relation})
    desk = visit(article, annotator, language="en").open()
    desk.run("canvas.picking.pickSeveral(x)", [actor, place])
    expect(desk.page.locator('[data-part="details"] .hint')).to_contain_text("Marks of one label")
    desk.page.locator("annotation-canvas").focus()
    desk.press("Digit3", "3")
    expect(desk.page.locator(".toast")).to_contain_text("1 kept their label")
    desk.saved()
    assert sorted((s.label, s.quote) for s in desk.spans()) == [
        ("ACTOR", "قطر"),
        ("EVENT", "وقّع"),
        ("IMPLICATION", "واشنطن"),
    ]


def test_more_marks_than_one_request_takes_are_still_one_act(visit: Visit, annotator: User) -> None:
    of = build.project()
    build.member(of, person=annotator)
    document = build.document(of, "\n".join(f"كلمة{i:03} أخرى" for i in range(230)), title="كثير")
    build.assignment(document, annotator)
    places = [document.text.index(f"كلمة{i:03}") for i in range(230)]
    for first in (0, 200):
        build.edit(annotator, document, *[build.add_span(document, at, at + 7, "PLACE") for at in places[first:][:200]])
    desk = visit(document, annotator).open()
    desk.run("canvas.picking.pickSeveral([...canvas.store.spans.byId.keys()])")
    desk.page.locator("annotation-canvas").focus()
    desk.press("Digit5", "٥")
    desk.saved()
    assert {s.label for s in desk.spans()} == {"TIME"}
    desk.page.keyboard.press("Control+KeyZ")
    desk.saved()
    assert {s.label for s in desk.spans()} == {"PLACE"}
