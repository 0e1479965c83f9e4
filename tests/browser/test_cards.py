"""The cards of events and implications, and the links between marks: made by click, by typing and by digit."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from annotator.coding.models import Relation
from annotator.corpus.models import Document
from annotator.registry.models import Entity
from annotator.teams.models import User
from tests import build
from tests.browser.conftest import Desk
from tests.browser.test_accessible import LOOKS, enter, look

pytestmark = pytest.mark.browser
Visit = Callable[..., Desk]

ENGLISH = "Envoys visited Geneva on Monday. The talks signal a thaw between Washington and Moscow, diplomats said."


class Marks:
    """Marks and links of a person, made as the page makes them, to begin a test with."""

    def __init__(self, person: User, of: Document) -> None:
        self.person, self.of = person, of
        self.text = Document.objects.get(pk=of.pk).text
        self.ids: dict[str, str] = {}

    def mark(self, label: str, quote: str, key: str = "", **attributes: Any) -> str:
        at = self.text.index(quote)
        more: dict[str, Any] = {"attributes": attributes}
        if key:
            more["entity"] = Entity.objects.get(project=self.of.project, key=key).pk
        edit = build.add_span(self.of, at, at + len(quote), label, **more)
        build.edit(self.person, self.of, edit)
        span_id: str = edit["span"]["id"]
        self.ids[quote] = span_id
        return span_id

    def link(self, kind: str, source: str, target: str, **attributes: Any) -> None:
        def end(what: str) -> dict[str, Any]:
            if what in self.ids:
                return {"span": self.ids[what]}
            return {"entity": Entity.objects.get(project=self.of.project, key=what).pk}

        relation = {
            "id": build.new_id(),
            "type": kind,
            "from": end(source),
            "to": end(target),
            "attributes": attributes,
        }
        build.edit(self.person, self.of, {"id": build.new_id(), "op": "add_relation", "relation": relation})


@pytest.fixture
def marks(article: Document, annotator: User) -> Marks:
    """A signing with two parties, what it signals, and an implication that nothing explains."""
    made = Marks(annotator, article)
    made.mark("EVENT", "وقّع", type="AGREE", polarity="POS", modality="ASSERTED", contexts=["diplomatic"])
    made.mark("ACTOR", "قادة دول مجلس التعاون", "GCC")
    made.mark("ACTOR", "قطر", "QAT")
    made.mark("IMPLICATION", "رغبة دول المجلس في توحيد مواقفها", kind="SIGNIFICANCE", explicitness="STATED")
    made.mark("IMPLICATION", "للسعودية دور", kind="OPPORTUNITY", explicitness="INFERRED", gloss="مكانة أكبر")
    made.mark("EVENT", "ورحّبت"[1:], type="SUPPORT", polarity="NEG", modality="ALLEGED")
    made.link("ARG", "وقّع", "قادة دول مجلس التعاون", role="ACTOR")
    made.link("ARG", "وقّع", "SAU", role="HOST")
    made.link("SIGNALS", "وقّع", "رغبة دول المجلس في توحيد مواقفها")
    made.link("AFFECTED", "قطر", "رغبة دول المجلس في توحيد مواقفها", valence="BENEFIT")
    return made


def cards(desk: Desk) -> Locator:
    desk.page.locator("#tab-cards").click()
    shown = desk.page.locator("article.event-card")
    expect(shown.first).to_be_visible(timeout=20_000)  # thousands take their time on a machine with other work
    return shown


def rows(card: Locator) -> list[list[str]]:
    """What a card says of its links: name of the row, then its fillers."""
    found: list[list[str]] = card.evaluate(
        """(card) => [...card.querySelectorAll("dl > dt")].map((dt) =>
            [dt.textContent, ...[...dt.nextElementSibling.querySelectorAll(".filler")].map((f) => f.querySelector(".chip .who, .chip bdi").textContent)])"""
    )
    return found


def links(of: Document) -> list[tuple[str, str, str, dict[str, Any]]]:
    def end(span: Any, entity: Any) -> str:
        return str(span.quote if span else entity.key)

    found = Relation.objects.filter(set__document=of).order_by("type", "id")
    return [
        (r.type, end(r.source_span, r.source_entity), end(r.target_span, r.target_entity), r.attributes) for r in found
    ]


# -- the cards


@pytest.mark.usefixtures("marks")
def test_each_event_and_implication_has_a_card_in_the_order_of_the_text(
    visit: Visit, article: Document, annotator: User
) -> None:
    desk = visit(article, annotator).open()
    expect(desk.page.locator('[data-part="count-cards"]')).to_have_text("4")
    shown = cards(desk)
    expect(shown.locator("> q")).to_have_text(["وقّع", "رغبة دول المجلس في توحيد مواقفها", "للسعودية دور", "رحّبت"])
    assert rows(shown.nth(0)) == [
        ["فاعل", "مجلس التعاون لدول الخليج العربية"],
        ["متلقٍّ"],
        ["مضيف", "المملكة العربية السعودية"],
        ["يدل على", "رغبة دول المجلس في توحيد مواقفها"],
    ]
    assert rows(shown.nth(1)) == [["يدل على هذا", "وقّع"], ["يتأثر بهذا (منفعة)", "قطر"]]
    expect(shown.nth(3).locator(".facts > span:not(.usual)")).to_have_text([re.compile("منفي"), re.compile("مزعوم")])
    expect(shown.nth(0).locator(".facts .usual")).to_have_text([re.compile("مثبت"), re.compile("مؤكَّد")])


@pytest.mark.usefixtures("marks")
def test_a_card_says_what_is_missing(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator).open()
    shown = cards(desk)
    expect(shown.nth(0).locator(".lacks li")).to_have_count(0)
    expect(shown.nth(1).locator(".lacks li")).to_have_count(0)
    expect(shown.nth(2).locator(".lacks li")).to_have_text(["بلا رابط مع أي حدث"])
    expect(shown.nth(2).locator(".inferred")).to_be_visible()
    expect(shown.nth(3).locator(".lacks li")).to_have_text(["لا أحد يشارك فيه بعد"])
    desk.page.locator('.cards-head [data-wish="!"]').click()
    expect(shown.locator("> q")).to_have_text(["للسعودية دور", "رحّبت"])
    desk.page.locator('.cards-head [data-wish="EVENT"]').click()
    expect(shown.locator("> q")).to_have_text(["وقّع", "رحّبت"])
    assert desk.page.locator(".cards-head .n").all_inner_texts() == ["4", "2", "2", "2"]


@pytest.mark.usefixtures("marks")
def test_arrows_go_from_card_to_card_and_enter_selects(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator).open()
    desk.press("KeyV", "ر")
    shown = desk.page.locator("article.event-card")
    expect(shown.nth(0)).to_be_focused()
    desk.page.keyboard.press("ArrowDown")
    desk.page.keyboard.press("ArrowDown")
    expect(shown.nth(2)).to_be_focused()
    desk.page.keyboard.press("Enter")
    assert desk.run("return canvas.store.quote(canvas.store.spans.get(canvas.picking.selected))") == "للسعودية دور"
    expect(shown.nth(2)).to_have_attribute("aria-current", "true")
    expect(desk.page.locator("#panel-cards")).to_be_visible()
    desk.page.keyboard.press("End")
    expect(shown.nth(3)).to_be_focused()
    desk.page.keyboard.press("Home")
    expect(shown.nth(0)).to_be_focused()


def test_a_card_follows_what_is_marked_and_linked(
    visit: Visit, article: Document, annotator: User, marks: Marks
) -> None:
    desk = visit(article, annotator).open()
    shown = cards(desk)
    desk.run("canvas.acts.commit([canvas.store.remove(x)])", marks.ids["قادة دول مجلس التعاون"])
    expect(shown.nth(0).locator("dl")).not_to_contain_text("مجلس التعاون لدول")
    desk.run("canvas.acts.history('undo')")
    expect(shown.nth(0).locator("dl")).to_contain_text("مجلس التعاون لدول")
    desk.run("canvas.acts.commit([canvas.store.remove(x)])", marks.ids["وقّع"])
    expect(shown).to_have_count(3)
    expect(shown.nth(0).locator(".lacks li")).to_have_text(["بلا رابط مع أي حدث"])


def test_thousands_of_events_fill_only_the_cards_in_sight(visit: Visit, annotator: User) -> None:
    of = build.project()
    build.member(of, person=annotator)
    text = "\n".join(f"زار وفد رقم {n} المدينة." for n in range(2000))
    document = build.document(of, text)
    build.assignment(document, annotator)
    desk = visit(document, annotator).open()
    desk.run(
        """const { store, paper } = canvas;
        store.apply(paper.paragraphs.map(({ start }) => store.add("EVENT", start, start + 3)));"""
    )
    shown = cards(desk)
    expect(desk.page.locator(".event-cards > article")).to_have_count(2000)
    assert shown.count() < 60
    desk.press("KeyV", "ر")
    desk.page.keyboard.press("End")
    expect(desk.page.locator(".event-cards > article").last).to_be_focused()
    expect(desk.page.locator(".event-cards > article").last.locator("q")).to_have_text("زار")
    assert shown.count() < 120


# -- in the text


@pytest.mark.usefixtures("marks")
def test_a_card_lights_up_its_marks_and_draws_one_set_of_lines(
    visit: Visit, article: Document, annotator: User
) -> None:
    desk = visit(article, annotator).open()
    shown = cards(desk)
    lines = desk.page.locator("svg.connectors path:not(.tip)")
    shown.nth(0).focus()
    assert desk.painted("ac-on-card") == ["وقّع"]
    assert desk.painted("ac-on-ends") == ["قادة دول مجلس التعاون", "رغبة دول المجلس في توحيد مواقفها"]
    expect(lines).to_have_count(2)
    desk.page.keyboard.press("ArrowDown")
    expect(desk.page.locator("svg.connectors")).to_have_count(1)
    expect(lines).to_have_count(2)
    assert desk.painted("ac-on-card") == ["رغبة دول المجلس في توحيد مواقفها"]
    desk.page.locator("annotation-canvas").focus()
    expect(desk.page.locator("svg.connectors")).to_have_count(0)
    assert desk.painted("ac-on-card") == []
    assert desk.page.locator("annotation-canvas p > *").count() == 0  # nothing was put into the text


@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_lines_end_where_the_words_stand_and_follow_them(visit: Visit, annotator: User, language: str) -> None:
    of = build.project()
    build.member(of, person=annotator)
    text = (
        "زار وفد العاصمة.\n" + "\n".join(["فقرة طويلة بين الحدث ومن يشارك فيه."] * 60) + "\nوحضر الوزير."
        if language == "ar"
        else ENGLISH
    )
    document = build.document(of, text)
    build.assignment(document, annotator)
    made = Marks(annotator, document)
    event, near, far = ("زار", "وفد", "الوزير") if language == "ar" else ("visited", "Envoys", "Geneva")
    made.mark("EVENT", event, type="CONSULT")
    made.mark("ACTOR", near)
    made.mark("ACTOR" if language == "ar" else "PLACE", far)
    made.link("ARG", event, near, role="ACTOR")
    made.link("ARG", event, far, role="RECIPIENT" if language == "ar" else "PLACE")
    desk = visit(document, annotator, language=language).open()
    cards(desk).nth(0).focus()

    def tips() -> list[list[float]]:
        found: list[list[float]] = desk.page.evaluate(
            """() => [...document.querySelectorAll("svg.connectors circle")].map((c) => [+c.getAttribute("cx"), +c.getAttribute("cy")])"""
        )
        return found

    def place(quote: str) -> tuple[float, float, float, float]:
        box = desk.run(
            """const at = canvas.paper.text.indexOf(x); const b = canvas.paper.range(at, at + x.length).getClientRects()[0];
            return [b.left, b.right, b.top, b.bottom]""",
            quote,
        )
        return box[0], box[1], box[2], box[3]

    def touches(tip: list[float], quote: str) -> bool:
        left, right, top, bottom = place(quote)
        return left - 1 <= tip[0] <= right + 1 and top - 2 <= tip[1] <= bottom + 2

    assert any(touches(tip, near) for tip in tips())
    if language == "en":
        assert any(touches(tip, far) for tip in tips())
        return
    # The other end is out of sight: a stub with an arrow head at the lower edge.
    assert len(tips()) == 1
    expect(desk.page.locator("svg.connectors path.tip")).to_have_count(1)
    before = tips()[0][1]
    desk.run("document.querySelector('[data-scroller]').scrollBy(0, 20)")
    desk.until(
        "const c = document.querySelector('svg.connectors circle'); return Math.abs(c.getAttribute('cy') - x) > 10",
        before,
    )
    assert touches(tips()[0], near)


@pytest.mark.usefixtures("marks")
def test_a_small_screen_has_cards_without_lines(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator, width=400).open()
    shown = cards(desk)
    shown.nth(0).focus()
    assert desk.painted("ac-on-card") == ["وقّع"]
    expect(desk.page.locator("svg.connectors")).to_have_count(0)
    assert desk.run("const c = canvas.part('cards'); return c.scrollWidth <= c.clientWidth")


# -- making links


def test_a_link_by_key_click_and_digit(visit: Visit, article: Document, annotator: User) -> None:
    made = Marks(annotator, article)
    made.mark("EVENT", "وقّع", type="AGREE")
    made.mark("ACTOR", "قطر", "QAT")
    made.mark("TIME", "ثلاث سنوات")
    made.mark("IMPLICATION", "رغبة دول المجلس", kind="SIGNIFICANCE")
    desk = visit(article, annotator).open()
    desk.click("قطر")
    desk.press("KeyL", "م")
    assert desk.run("return canvas.style.getPropertyValue('--label-time')") != ""  # stands back: no link fits
    assert desk.run("return canvas.style.getPropertyValue('--label-event')") == ""
    desk.click("ثلاث")  # nothing happens
    desk.click("وقّع")
    ways = desk.page.locator(".way")
    expect(ways.first).to_be_focused()
    expect(ways).to_have_text(
        [
            re.compile(f"{n + 1}{name}$")
            for n, name in enumerate(["فاعل في", "متلقٍّ في", "مضيف في", "مكان في", "أداة في", "موضوع في"])
        ]
    )
    desk.press("Digit2", "٢")
    desk.saved()
    assert links(article) == [("ARG", "وقّع", "قطر", {"role": "RECIPIENT"})]
    assert desk.run("return canvas.style.getPropertyValue('--label-time')") == ""
    expect(desk.page.locator("annotation-canvas")).to_be_focused()


def test_the_kind_is_not_asked_for_where_only_one_fits(visit: Visit, article: Document, annotator: User) -> None:
    made = Marks(annotator, article)
    made.mark("EVENT", "وقّع", type="AGREE")
    made.mark("TIME", "ثلاث سنوات")
    desk = visit(article, annotator).open()
    desk.click("وقّع")
    desk.press("KeyL", "م")
    desk.click("ثلاث")
    desk.saved()
    assert links(article) == [("ARG", "وقّع", "ثلاث سنوات", {"role": "TIME"})]


@pytest.mark.parametrize(("language", "typed"), [("ar", "قطر"), ("en", "qatar")])
def test_the_other_end_by_typing_in_either_language(
    visit: Visit, article: Document, annotator: User, language: str, typed: str
) -> None:
    made = Marks(annotator, article)
    made.mark("EVENT", "وقّع", type="AGREE")
    made.mark("ACTOR", "الكويت", "KWT")
    made.mark("ACTOR", "قطر", "QAT")
    desk = visit(article, annotator, language=language).open()
    desk.click("وقّع")
    desk.press("KeyL", "م")
    field = desk.page.locator("#link-end")
    expect(field).to_be_focused()
    expect(desk.page.locator(".answers [role=option]")).to_have_count(2)
    assert desk.painted("ac-on-end") == ["قطر"]  # the nearest
    desk.page.keyboard.press("ArrowDown")
    assert desk.painted("ac-on-end") == ["الكويت"]
    field.fill(typed)
    assert desk.painted("ac-on-end") == ["قطر"]
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator(".way").first).to_be_focused()
    desk.page.keyboard.press("Enter")
    desk.saved()
    assert links(article) == [("ARG", "وقّع", "قطر", {"role": "ACTOR"})]
    assert desk.painted("ac-on-end") == []


@pytest.mark.usefixtures("marks")
def test_a_slot_of_a_card_is_filled_with_an_actor_that_the_text_leaves_out(
    visit: Visit, article: Document, annotator: User
) -> None:
    desk = visit(article, annotator).open()
    shown = cards(desk)
    shown.nth(3).locator(".slot").nth(1).click()
    field = desk.page.locator("#slot-end")
    expect(field).to_be_focused()
    field.fill("فرنسا")
    expect(desk.page.locator(".answers .implicit").first).to_contain_text("France")
    desk.page.keyboard.press("Enter")
    expect(shown.nth(3).locator(".filler .chip.implicit")).to_have_text("فرنسا")
    expect(shown.nth(3)).to_be_focused()
    desk.saved()
    assert ("ARG", "رحّبت", "FRA", {"role": "RECIPIENT"}) in links(article)
    expect(shown.nth(3).locator(".lacks li")).to_have_count(0)


@pytest.mark.usefixtures("marks")
def test_a_slot_is_filled_with_a_click_in_the_text_and_escape_gives_it_up(
    visit: Visit, article: Document, annotator: User
) -> None:
    desk = visit(article, annotator).open()
    shown = cards(desk)
    slot = shown.nth(3).locator(".slot").first
    slot.click()
    expect(desk.page.locator("#slot-end")).to_be_focused()
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator("#slot-end")).to_have_count(0)
    assert desk.run("return canvas.links.wanted === null")
    slot.click()
    desk.click("قطر")
    desk.saved()
    assert ("ARG", "رحّبت", "قطر", {"role": "ACTOR"}) in links(article)
    expect(desk.page.locator("#panel-cards")).to_be_visible()


@pytest.mark.usefixtures("marks")
def test_the_same_link_twice_is_refused_kindly(visit: Visit, article: Document, annotator: User) -> None:
    before = links(article)
    desk = visit(article, annotator).open()
    desk.click("وقّع")
    desk.press("KeyL", "م")
    desk.click("قادة دول")
    desk.press("Digit1", "١")
    expect(desk.page.locator(".toast")).to_contain_text("مرتبطان")
    desk.saved()
    assert links(article) == before


@pytest.mark.usefixtures("marks")
def test_a_link_gets_another_kind_and_goes_with_an_undo(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator).open()
    desk.click("رغبة دول"[:4])
    row = desk.page.locator(".link-rows li").first
    row.locator("select").select_option(label="يهدف إلى هذا")
    desk.saved()
    assert ("AIMS_AT", "وقّع", "رغبة دول المجلس في توحيد مواقفها", {}) in links(article)
    effect = desk.page.locator(".link-rows select").nth(1)
    effect.select_option(label="يتأثر بهذا (ضرر)")
    desk.saved()
    assert ("AFFECTED", "قطر", "رغبة دول المجلس في توحيد مواقفها", {"valence": "HARM"}) in links(article)
    row.locator(".link-row > button.quiet").click()
    desk.saved()
    assert [kind for kind, *_rest in links(article)] == ["AFFECTED", "ARG", "ARG"]
    desk.page.locator(".toast button").click()
    desk.saved()
    assert [kind for kind, *_rest in links(article)] == ["AFFECTED", "AIMS_AT", "ARG", "ARG"]


@pytest.mark.usefixtures("marks")
def test_closed_work_shows_its_cards_and_offers_no_slots(visit: Visit, article: Document, annotator: User) -> None:
    article.assignments.update(state="SUBMITTED")
    desk = visit(article, annotator, language="en").open()
    shown = cards(desk)
    assert rows(shown.nth(1)) == [["Signals this", "وقّع"], ["Affected by this (Benefit)", "Qatar"]]
    expect(desk.page.locator(".slot, .unlink")).to_have_count(0)


# -- for everybody


@pytest.mark.usefixtures("marks")
@pytest.mark.parametrize("manner", LOOKS, ids=lambda m: "-".join(map(str, m)))
def test_nothing_serious_is_wrong_with_cards_and_links(
    visit: Visit, article: Document, annotator: User, manner: tuple[str, str, int, bool]
) -> None:
    desk = enter(visit, article, annotator, manner).open()
    wrong: list[str] = []
    shown = cards(desk)
    shown.nth(0).focus()
    look(desk, "cards", wrong)
    shown.nth(3).locator(".slot").first.click()
    expect(desk.page.locator("#slot-end")).to_be_focused()
    look(desk, "slot", wrong)
    desk.page.keyboard.press("Escape")
    desk.run("canvas.picking.select(x)", desk.run("return [...canvas.store.spans.ordered()][0].id"))
    desk.press("KeyL", "م")
    expect(desk.page.locator("#link-end-answers")).to_be_visible()
    look(desk, "other end", wrong)
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator(".way").first).to_be_focused()
    look(desk, "kind of link", wrong)
    assert not wrong, "\n".join(wrong)


def test_an_event_is_linked_by_keys_alone(visit: Visit, article: Document, annotator: User) -> None:
    """Three keys for an argument whose ends are marked: L, Enter for the nearest, the digit of its role."""
    made = Marks(annotator, article)
    made.mark("EVENT", "وقّع", type="AGREE")
    made.mark("ACTOR", "قادة دول مجلس التعاون", "GCC")
    desk = visit(article, annotator).open()
    desk.page.locator("annotation-canvas").focus()
    desk.run("canvas.picking.select(x, {open: false})", made.ids["وقّع"])
    desk.page.keyboard.press("KeyL")
    expect(desk.page.locator("#link-end")).to_be_focused()
    desk.page.keyboard.press("Enter")
    desk.page.keyboard.press("Digit1")
    expect(desk.page.locator("annotation-canvas")).to_be_focused()
    desk.saved()
    assert links(article) == [("ARG", "وقّع", "قادة دول مجلس التعاون", {"role": "ACTOR"})]
