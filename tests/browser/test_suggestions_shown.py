"""Suggestions as they are shown: how sure, beside the text, why, blind, arriving, and who may only read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from analysis import types
from annotator.coding.models import Span, SuggestionDecision, SuggestionReveal
from annotator.coding.suggestions import store
from annotator.corpus.models import Document
from annotator.teams.models import Project, User
from tests import build
from tests.browser.conftest import Desk
from tests.browser.test_accessible import enter, look
from tests.browser.test_panel import suggest
from tests.browser.test_suggestions import current, decisions, offered, slide, talks

pytestmark = pytest.mark.browser
Visit = Callable[..., Desk]
__all__ = ["talks"]


# -- how they look


def test_how_sure_a_tagger_is_can_be_seen(visit: Visit, talks: Document, annotator: User) -> None:
    suggest(talks, ("ACTOR", "Moscow", 0.49), ("ACTOR", "Washington", 0.5), ("ACTOR", "diplomats", 0.8))
    desk = visit(talks, annotator, language="en").open()
    steps = ("low", "mid", "sug")
    assert [desk.painted(f"ac-{step}-actor") for step in steps] == [["Moscow"], ["Washington"], ["diplomats"]]
    assert desk.run("return [...canvas.querySelectorAll('p')].map((p) => 'offered' in p.dataset)") == [False, True]
    styles = desk.run(
        """return x.map((step) => {
            const style = getComputedStyle(canvas.querySelector("p"), `::highlight(ac-${step}-actor)`);
            return [style.textDecorationStyle, style.textDecorationColor];
        })""",
        list(steps),
    )
    assert {style for style, _color in styles} == {"dotted"}
    assert len({color for _style, color in styles}) == 3


@pytest.mark.parametrize(("language", "quote"), [("ar", "قطر"), ("en", "Geneva")])
def test_the_card_lies_beside_the_text_and_not_on_it(
    visit: Visit, article: Document, talks: Document, annotator: User, language: str, quote: str
) -> None:
    document = article if language == "ar" else talks
    suggest(document, ("ACTOR", quote, 0.9))
    desk = visit(document, annotator, language=language).open()
    desk.press("KeyN", "n")
    expect(desk.page.locator(".nearby")).to_be_visible()
    card, text, column = desk.run(
        """const s = canvas.store.suggestions.get(canvas.picking.current);
        const box = (b) => [b.left, b.top, b.right, b.bottom];
        return [box(document.querySelector(".nearby").getBoundingClientRect()),
            box(canvas.paper.range(s.from, s.to).getBoundingClientRect()),
            box(document.querySelector("[data-scroller]").getBoundingClientRect())]"""
    )
    assert card[1] >= text[3] or card[3] <= text[1]
    assert column[0] <= card[0] < card[2] <= column[2]
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator(".nearby")).to_have_count(0)


def test_on_a_small_screen_it_is_the_sheet_at_the_bottom(visit: Visit, article: Document, annotator: User) -> None:
    suggest(article, ("ACTOR", "قطر", 0.9), ("ACTOR", "الكويت", 0.95))
    desk = visit(article, annotator, width=400, height=760).open()
    desk.click("قطر")
    expect(desk.page.locator(".nearby")).to_have_count(0)
    card = desk.page.locator(".offer[aria-current]")
    expect(card.locator(".why")).to_be_visible()
    card.locator('[data-act="accept"]').click()
    desk.saved()
    assert decisions(article) == {"قطر": "ACCEPTED"}
    assert SuggestionDecision.objects.get().surface == "list"
    expect(desk.page.locator(".offer[aria-current] q")).to_have_text("الكويت")


# -- why


def test_why_it_is_suggested(visit: Visit, article: Document, annotator: User) -> None:
    suggest(article, ("ACTOR", "قطر", 0.9), entity="QAT")
    desk = visit(article, annotator, language="en").open()
    desk.press("KeyN", "n")
    desk.press("KeyW", "w")
    rows = desk.page.locator(".nearby .evidence")
    expect(rows).to_contain_text("Names and dates · 1")
    expect(rows).to_contain_text("name in the registry")
    expect(rows).to_contain_text("0.90")
    expect(rows.locator("a")).to_have_text("Qatar")
    desk.press("KeyW", "w")
    expect(rows).to_have_count(0)


def test_the_cue_is_lit_up_in_the_text(visit: Visit, article: Document, annotator: User) -> None:
    suggest(article, ("IMPLICATION", "رغبة دول المجلس في توحيد مواقفها", 0.7))
    at = article.text.index("ويعكس")
    Span.objects.filter(set__origin="MODEL").update(
        attributes={"signal": {"start": at, "end": at + 5, "quote": "ويعكس"}},
        reason={"rule": "cue", "matched": "ويعكس", "said_by": "البيان"},
    )
    desk = visit(article, annotator).open()
    desk.press("KeyN", "ى")
    desk.press("KeyW", "ص")
    expect(desk.page.locator(".nearby .evidence")).to_contain_text("البيان")
    assert desk.painted("ac-on-cue") == ["ويعكس"]
    desk.page.keyboard.press("Escape")
    desk.until("return !CSS.highlights.get('ac-on-cue')?.size")


def test_what_is_not_shown_and_why(visit: Visit, talks: Document, annotator: User) -> None:
    suggest(talks, ("ACTOR", "Moscow", 0.9), ("ACTOR", "Washington", 0.3), ("PLACE", "Geneva", 0.9))
    desk = visit(talks, annotator, language="en").open()
    desk.page.locator("#tab-suggestions").click()
    slide(desk, 0.5)
    for key in ("n", "x"):
        desk.press(f"Key{key.upper()}", key)
    desk.saved()
    desk.page.keyboard.press("Escape")
    desk.press("KeyW", "w")
    rows = desk.page.locator(".withheld li")
    expect(rows).to_have_count(2)
    found = {text.split("\n")[1]: text.split("\n")[2] for text in rows.all_inner_texts()}
    assert found["Geneva"].startswith("you rejected it")
    assert found["Washington"].startswith("below the confidence you chose")
    rows.first.locator("button").click()
    expect(desk.page.locator(".withheld")).to_have_count(0)


# -- the layer, and coding blind


def test_the_layer_goes_and_stays_away(visit: Visit, article: Document, annotator: User) -> None:
    suggest(article, ("ACTOR", "قطر", 0.9))
    desk = visit(article, annotator).open()
    desk.press("KeyS", "س")
    assert desk.painted("ac-sug-actor") == []
    expect(desk.page.locator('[data-part="live"]')).to_contain_text("S")
    desk.page.wait_for_timeout(700)
    desk.open()
    assert desk.painted("ac-sug-actor") == []
    desk.press("KeyS", "س")
    assert desk.painted("ac-sug-actor") == ["قطر"]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_blind_first_and_then_compare(visit: Visit, talks: Document, annotator: User, language: str) -> None:
    Project.objects.filter(pk=talks.project_id).update(suggestions="BLIND")
    suggest(
        talks, ("ACTOR", "Moscow", 0.9), ("ACTOR", "Washington", 0.9), ("PLACE", "Geneva", 0.9), ("EVENT", "met", 0.7),
        ("ACTOR", "Leaders", 0.9),
    )  # fmt: skip
    desk = visit(talks, annotator, language=language).open()
    assert "Washington" not in desk.page.locator("#canvas-state").inner_text()
    assert desk.run("return canvas.store.suggestions.size") == 0
    for quote, label in (
        ("Moscow", "ACTOR"),
        ("Washington and", "ACTOR"),
        ("diplomats", "ACTOR"),
        ("Leaders met", "EVENT"),
    ):
        desk.select(quote)
        desk.label(label)
    desk.page.keyboard.press("Escape")
    desk.press("KeyN", "n")
    assert current(desk) is None
    desk.press("KeyS", "s")
    dialog = desk.page.locator("dialog[open]")
    expect(dialog).to_contain_text("4")
    desk.page.keyboard.press("Escape")
    assert not SuggestionReveal.objects.exists()
    expect(dialog).to_have_count(0)
    desk.press("KeyS", "s")
    expect(dialog).to_be_visible()
    desk.page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    parts = desk.page.locator(".comparison")
    expect(parts.locator("[data-diff]")).to_have_count(3)
    counts = {
        name: parts.locator(f'[data-diff="{name}"]').inner_text().split(":")[1].strip()
        for name in ("missed", "more", "differs")
    }
    assert counts == {"missed": "2", "more": "1", "differs": "2"}
    expect(parts.locator(".n")).to_contain_text("1")
    assert SuggestionReveal.objects.get().version == 4
    parts.locator('[data-diff="missed"]').click()
    desk.press("KeyA", "a")
    desk.press("KeyA", "a")
    desk.saved()
    assert decisions(talks) == {"Geneva": "ACCEPTED", "Leaders": "ACCEPTED"}
    assert current(desk) is None
    desk.open()
    desk.page.locator("#tab-suggestions").click()
    expect(desk.page.locator('.comparison [data-diff="more"]')).to_contain_text("1")


# -- arriving


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
    badge = desk.page.locator('[data-part="count-suggestions"]')
    expect(badge).to_have_text("1")
    expect(badge).to_have_attribute("data-new", "+1")
    assert desk.painted("ac-sug-actor") == ["قطر"]
    assert desk.point(article.text.index("واشنطن")) == before
    desk.press("KeyN", "ى")
    entity = "canvas.store.entity([...canvas.store.suggestions.byId.values()][0].entity)"
    assert desk.run(f"return canvas.name({entity})") == "قطر"


def test_a_newer_version_takes_the_place_of_the_older_one_and_the_cursor_stays(
    visit: Visit, article: Document, annotator: User
) -> None:
    suggest(article, ("ACTOR", "قطر", 0.9), ("ACTOR", "الكويت", 0.9))
    desk = visit(article, annotator).open()
    for _ in range(2):
        desk.press("KeyN", "ى")
    desk.page.locator("annotation-canvas").focus()
    at = {quote: article.text.index(quote) for quote in ("الكويت", "واشنطن")}
    newer = [
        types.Span("x", label, at[quote], at[quote] + len(quote), quote, {}, score=0.7)
        for label, quote in (("ACTOR", "الكويت"), ("PLACE", "واشنطن"))
    ]
    store(
        project_id=article.project_id, document_id=article.pk, tagger="gazetteer", version="2", spans=newer, entities={}
    )
    desk.run("return canvas.suggestions.fetch()")
    desk.until("return canvas.store.suggestions.size === 2")
    assert offered(desk) == ["الكويت", "واشنطن"]
    assert current(desk) == "الكويت"
    expect(desk.page.locator(".nearby .n").first).to_have_text("0.70")
    assert desk.run("return document.activeElement === canvas")
    desk.press("KeyA", "ش")
    desk.saved()
    assert decisions(article) == {"الكويت": "ACCEPTED"}


def test_a_run_that_somebody_else_started_is_noticed(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator).open()
    desk.run("clearTimeout(canvas.suggestions.arriving.timer)")
    seen: list[Any] = []
    desk.page.on("response", lambda r: seen.append(r.url) if "/offers/" in r.url else None)
    desk.page.evaluate("dispatchEvent(new Event('online'))")  # asks how things stand
    desk.page.wait_for_timeout(300)
    suggest(article, ("ACTOR", "قطر", 0.9))
    desk.page.evaluate("dispatchEvent(new Event('online'))")
    desk.until("return canvas.store.suggestions.size === 1")
    assert len(seen) == 1


def test_deciding_goes_on_without_a_network(visit: Visit, article: Document, annotator: User) -> None:
    suggest(article, ("ACTOR", "قطر", 0.9), ("ACTOR", "الكويت", 0.95))
    desk = visit(article, annotator, allow=("Failed to load resource", "net::ERR")).open()
    desk.page.context.set_offline(True)
    desk.press("KeyN", "ى")
    desk.press("KeyA", "ش")
    desk.press("KeyX", "ء")
    assert desk.run("return canvas.store.suggestions.size") == 0
    desk.run("return canvas.suggestions.fetch()")
    assert desk.run("return canvas.store.suggestions.size") == 0
    desk.page.context.set_offline(False)
    desk.saved()
    assert decisions(article) == {"قطر": "ACCEPTED", "الكويت": "REJECTED"}


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


# -- who may only read


def test_closed_work_shows_them_and_decides_nothing(visit: Visit, article: Document, annotator: User) -> None:
    suggest(article, ("ACTOR", "قطر", 0.9))
    article.assignments.update(state="SUBMITTED")
    desk = visit(article, annotator).open()
    for code in ("KeyN", "KeyA", "KeyX", "Space"):
        desk.press(code)
    assert current(desk) == "قطر"
    expect(desk.page.locator('.nearby [data-act="accept"]')).to_have_count(0)
    expect(desk.page.locator('.nearby [data-act="why"]')).to_be_visible()
    assert not SuggestionDecision.objects.exists()


@pytest.mark.parametrize("manner", [("ar", "dark", 1280, False), ("en", "light", 400, True)], ids=str)
def test_everybody_can_decide(
    visit: Visit, article: Document, annotator: User, manner: tuple[str, str, int, bool]
) -> None:
    Project.objects.filter(pk=article.project_id).update(suggestions="BLIND")
    suggest(article, ("ACTOR", "قطر", 0.9), ("EVENT", "رحّبت", 0.6), entity="QAT")
    desk = enter(visit, article, annotator, manner).open()
    wrong: list[str] = []
    desk.press("KeyS", "س")
    look(desk, "asked", wrong)
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator(".comparison [data-diff]")).to_have_count(3)
    look(desk, "compared", wrong)
    desk.press("KeyN", "ى")
    desk.press("KeyW", "ص")
    expect(desk.page.locator(".evidence")).to_be_visible()
    look(desk, "explained", wrong)
    desk.press("KeyC", "ؤ")
    expect(desk.page.locator("[data-act=accept]").first).to_be_visible()
    look(desk, "corrected", wrong)
    desk.page.keyboard.press("Escape")
    desk.press("KeyX", "ء")
    desk.saved()
    desk.page.keyboard.press("Escape")
    desk.press("KeyW", "ص")
    expect(desk.page.locator(".withheld li")).to_have_count(1)
    look(desk, "withheld", wrong)
    assert not wrong, "\n".join(wrong)
