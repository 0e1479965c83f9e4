"""Suggestions in the workspace: walked through, decided, sifted, explained, kept back, arriving."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from annotator.coding.models import Edit, Span, SuggestionDecision
from annotator.corpus.models import Document
from annotator.teams.models import User
from tests import build
from tests.browser.conftest import ENGLISH, Desk
from tests.browser.test_panel import suggest

pytestmark = pytest.mark.browser
Visit = Callable[..., Desk]


def current(desk: Desk) -> str | None:
    found: str | None = desk.run(
        "const s = canvas.store.suggestions.get(canvas.picking.current); return s ? canvas.store.quote(s) : null"
    )
    return found


def offered(desk: Desk) -> list[str]:
    found: list[str] = desk.run("return canvas.store.offered().map((s) => canvas.store.quote(s))")
    return found


def decisions(document: Document) -> dict[str, str]:
    rows = SuggestionDecision.objects.filter(set__document=document)
    return dict(rows.values_list("suggestion__quote", "status"))


def slide(desk: Desk, value: float, slider: str = "threshold") -> None:
    """Move a slider with the keys, as a person who has no mouse does."""
    control = desk.page.locator(f"#{slider}")
    control.focus()
    desk.page.keyboard.press("Home")
    for _step in range(round(value / 0.05)):
        desk.page.keyboard.press(
            "ArrowRight" if desk.page.locator("html").get_attribute("dir") == "ltr" else "ArrowLeft"
        )
    assert float(control.input_value()) == pytest.approx(value)


@pytest.fixture
def talks(annotator: User) -> Document:
    """An English article assigned to the annotator."""
    of = build.project()
    build.member(of, person=annotator)
    document = build.document(of, ENGLISH, title="Talks")
    build.assignment(document, annotator)
    return document


# -- walking and deciding


def test_walking_accepting_and_rejecting_by_key(visit: Visit, article: Document, annotator: User) -> None:
    suggest(article, ("ACTOR", "قطر", 0.9), ("EVENT", "رحّبت", 0.6), ("ACTOR", "الكويت", 0.95))
    desk = visit(article, annotator).open()
    badge = desk.page.locator('[data-part="count-suggestions"]')
    expect(badge).to_have_text("3")
    assert desk.painted("ac-sug-actor") == ["قطر", "الكويت"]
    desk.press("KeyN", "ى")
    expect(desk.page.locator(".offer[aria-current] q")).to_have_text("قطر")
    expect(desk.page.locator(".nearby .why")).to_contain_text("قطر")
    desk.press("KeyA", "ش")
    desk.press("KeyX", "ء")  # the next one by itself
    desk.saved()
    expect(badge).to_have_text("1")
    expect(desk.page.locator('[data-label="ACTOR"] [data-count]')).to_have_text("1")
    [span] = desk.spans()
    assert (span.quote, span.origin, span.tagger) == ("قطر", "ACCEPTED", "gazetteer")
    assert decisions(article) == {"قطر": "ACCEPTED", "رحّبت": "REJECTED"}
    assert desk.painted("ac-sug-actor") == ["الكويت"]
    assert current(desk) == "الكويت"


def test_walking_goes_both_ways_and_round(visit: Visit, talks: Document, annotator: User) -> None:
    suggest(talks, ("EVENT", "met", 0.9), ("PLACE", "Geneva", 0.9), ("ACTOR", "Moscow", 0.9))
    desk = visit(talks, annotator, language="en").open()
    seen = []
    for key in ("n", "n", "p", "b", "n"):
        desk.page.keyboard.press(key)
        seen.append(current(desk))
    assert seen == ["met", "Geneva", "met", "Moscow", "met"]


def test_a_skipped_one_comes_again_when_the_others_are_decided(visit: Visit, talks: Document, annotator: User) -> None:
    suggest(talks, ("EVENT", "met", 0.9), ("PLACE", "Geneva", 0.9), ("ACTOR", "Moscow", 0.9))
    desk = visit(talks, annotator, language="en").open()
    desk.page.keyboard.press("n")
    desk.page.keyboard.press("Space")
    assert current(desk) == "Geneva"
    desk.page.keyboard.press("a")
    assert current(desk) == "Moscow"
    desk.page.keyboard.press("a")
    assert current(desk) == "met"
    expect(desk.page.locator(".toast")).to_have_text("Now the skipped ones again.")
    desk.page.keyboard.press("Space")
    assert current(desk) == "met"  # it is the only one
    desk.page.keyboard.press("x")
    assert current(desk) is None
    desk.saved()
    assert decisions(talks) == {"met": "REJECTED", "Geneva": "ACCEPTED", "Moscow": "ACCEPTED"}


def test_an_undo_brings_the_suggestion_and_the_cursor_back(visit: Visit, article: Document, annotator: User) -> None:
    suggest(article, ("ACTOR", "قطر", 0.9), ("ACTOR", "الكويت", 0.95))
    desk = visit(article, annotator).open()
    desk.press("KeyN", "ى")
    desk.press("KeyX", "ء")
    desk.saved()
    assert current(desk) == "الكويت"
    desk.page.keyboard.press("Control+KeyZ")
    desk.saved()
    desk.until("return canvas.store.suggestions.size === 2")
    assert current(desk) == "قطر"
    assert decisions(article) == {}
    desk.press("KeyA", "ش")
    desk.saved()
    assert decisions(article) == {"قطر": "ACCEPTED"}


def test_a_decision_tells_its_time_and_place(visit: Visit, article: Document, annotator: User) -> None:
    suggest(article, ("ACTOR", "قطر", 0.9), ("ACTOR", "الكويت", 0.95), ("PLACE", "العُلا", 0.9))
    desk = visit(article, annotator).open()
    desk.press("KeyN", "ى")
    desk.page.wait_for_timeout(150)
    desk.press("KeyX", "ء")
    desk.page.locator('.nearby [data-act="accept"]').click()
    desk.until("return canvas.store.suggestions.get(canvas.picking.current)?.from > 100")
    assert desk.run("return document.activeElement === canvas")  # a space now skips and does not accept the next one
    desk.select("الكويت")
    desk.label("ACTOR")  # marked by hand, as it was suggested
    desk.saved()
    kept = {d.suggestion.quote: d for d in SuggestionDecision.objects.select_related("suggestion")}
    assert {quote: (d.status, d.surface) for quote, d in kept.items()} == {
        "العُلا": ("REJECTED", "text"), "قطر": ("ACCEPTED", "text"), "الكويت": ("ACCEPTED", "text"),
    }  # fmt: skip
    assert kept["العُلا"].ms is not None
    assert 150 <= kept["العُلا"].ms < 60_000


# -- correcting


def test_correcting_keeps_where_it_came_from(visit: Visit, article: Document, annotator: User) -> None:
    suggest(article, ("ACTOR", "الأمم المتحدة", 0.9))
    desk = visit(article, annotator).open()
    desk.press("KeyN", "ى")
    desk.press("KeyC", "ؤ")
    desk.page.locator("annotation-canvas").focus()
    desk.page.keyboard.press("Shift+ArrowLeft")  # one word more
    desk.page.locator('.nearby .label-choice [class*="label-place"]').click()
    desk.saved()
    [span] = desk.spans()
    assert (span.label, span.origin) == ("PLACE", "CORRECTED")
    assert span.quote.startswith("الأمم المتحدة ")
    assert decisions(article) == {"الأمم المتحدة": "CORRECTED"}


def test_an_edge_is_moved_and_then_accepted(visit: Visit, talks: Document, annotator: User) -> None:
    suggest(talks, ("ACTOR", "Washington and Moscow", 0.7), ("ACTOR", "diplomats", 0.7))
    desk = visit(talks, annotator, language="en").open()
    desk.page.keyboard.press("n")
    desk.press("BracketRight", "]", shiftKey=True)  # the end one stop back
    desk.page.keyboard.press("a")
    desk.saved()
    [span] = desk.spans()
    assert (span.label, span.origin) == ("ACTOR", "CORRECTED")
    assert span.quote == "Washington and"
    assert current(desk) == "diplomats"


def test_escape_gives_a_correction_up(visit: Visit, article: Document, annotator: User) -> None:
    suggest(article, ("ACTOR", "قطر", 0.9))
    desk = visit(article, annotator).open()
    desk.press("KeyN", "ى")
    desk.press("KeyC", "ؤ")
    expect(desk.page.locator(".nearby .hint")).to_be_visible()
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator(".nearby .hint")).to_have_count(0)
    assert current(desk) == "قطر"
    desk.press("KeyA", "ش")
    desk.saved()
    assert decisions(article) == {"قطر": "ACCEPTED"}


def test_marking_over_a_suggestion_counts_as_its_correction(visit: Visit, article: Document, annotator: User) -> None:
    suggest(article, ("ACTOR", "الأمم المتحدة", 0.9), entity="UNO")
    desk = visit(article, annotator).open()
    desk.select("الأمم المتحدة بالاتفاق")
    desk.label("ACTOR")
    desk.saved()
    [span] = desk.spans()
    assert (span.quote, span.origin) == ("الأمم المتحدة بالاتفاق", "CORRECTED")
    assert span.entity is None, "other words may mean somebody else"
    assert desk.run("return [canvas.store.suggestions.size, canvas.store.spans.ordered()[0].entity]") == [0, None]


def test_the_same_words_with_what_is_attached_keep_whom_they_mean(
    visit: Visit, article: Document, annotator: User
) -> None:
    suggest(article, ("ACTOR", "لسعودية", 0.9), entity="SAU")
    desk = visit(article, annotator).open()
    desk.select("للسعودية")
    desk.label("ACTOR")
    desk.saved()
    [span] = desk.spans()
    assert (span.quote, span.origin) == ("للسعودية", "CORRECTED")
    assert span.entity is not None
    assert span.entity.key == "SAU"


def test_of_nested_ones_the_likest_of_the_label_is_corrected(visit: Visit, talks: Document, annotator: User) -> None:
    suggest(
        talks,
        ("ACTOR", "Washington and Moscow, diplomats", 0.9), ("ACTOR", "Washington and Moscow", 0.9),
        ("ACTOR", "Washington", 0.9), ("PLACE", "Washington and", 0.9),
    )  # fmt: skip
    desk = visit(talks, annotator, language="en").open()
    desk.select("between Washington and Moscow")
    desk.label("ACTOR")
    desk.saved()
    assert decisions(talks) == {"Washington and Moscow": "CORRECTED"}
    desk.select("Washington and")
    desk.label("EVENT")  # of another label than all that is suggested there
    desk.saved()
    assert decisions(talks) == {"Washington and Moscow": "CORRECTED"}
    assert [s.origin for s in desk.spans("EVENT")] == ["MANUAL"]
    assert len(offered(desk)) == 3


def test_what_is_not_seen_is_not_corrected(visit: Visit, talks: Document, annotator: User) -> None:
    suggest(talks, ("ACTOR", "Washington", 0.4), ("ACTOR", "Moscow", 0.9))
    desk = visit(talks, annotator, language="en").open()
    desk.page.locator("#tab-suggestions").click()
    slide(desk, 0.5)
    desk.select("Washington")
    desk.label("ACTOR")
    desk.page.keyboard.press("Escape")
    desk.press("KeyS", "s")  # none are shown
    desk.select("Moscow")
    desk.label("ACTOR")
    desk.saved()
    assert [s.origin for s in desk.spans()] == ["MANUAL", "MANUAL"]
    assert decisions(talks) == {}
    desk.press("KeyS", "s")
    assert offered(desk) == []  # both are marked already


# -- thresholds, many at once


def test_the_threshold_hides_and_accepts_in_one_act(visit: Visit, article: Document, annotator: User) -> None:
    suggest(article, ("ACTOR", "قطر", 0.9), ("EVENT", "رحّبت", 0.5), ("ACTOR", "الكويت", 0.95))
    desk = visit(article, annotator).open()
    desk.page.locator("#tab-suggestions").click()
    assert desk.painted("ac-mid-event") == ["رحّبت"]
    slide(desk, 0.8)
    expect(desk.page.locator('[data-part="count-suggestions"]')).to_have_text("2")
    assert desk.painted("ac-mid-event") == []
    expect(desk.page.locator(".threshold .n")).to_have_text("المعروض: 2 · دون هذه الثقة: 1")
    desk.page.locator('[data-act="accept-all"]').click()
    desk.saved()
    assert [s.quote for s in desk.spans()] == ["قطر", "الكويت"]
    assert set(SuggestionDecision.objects.values_list("surface", "ms")) == {("bulk", None)}
    desk.page.keyboard.press("Control+KeyZ")
    desk.saved()
    assert desk.spans() == []
    expect(desk.page.locator('[data-part="count-suggestions"]')).to_have_text("2")
    assert desk.painted("ac-sug-actor") == ["قطر", "الكويت"]


def test_a_threshold_above_everything_says_what_it_hides(visit: Visit, article: Document, annotator: User) -> None:
    suggest(article, ("ACTOR", "قطر", 0.6), ("EVENT", "رحّبت", 0.5))
    desk = visit(article, annotator, language="en").open()
    desk.page.locator("#tab-suggestions").click()
    slide(desk, 0.9)
    expect(desk.page.locator('[data-part="suggestions"] .hint')).to_have_text("2 below this confidence")
    expect(desk.page.locator('[data-part="count-suggestions"]')).to_have_text("0")
    desk.press("KeyN", "n")
    expect(desk.page.locator('[data-part="live"]')).to_have_text("2 below this confidence")


def test_thresholds_are_kept_for_the_next_document(visit: Visit, talks: Document, annotator: User) -> None:
    suggest(talks, ("ACTOR", "Moscow", 0.6), ("PLACE", "Geneva", 0.6), ("EVENT", "met", 0.4))
    desk = visit(talks, annotator, language="en").open()
    desk.page.locator("#tab-suggestions").click()
    slide(desk, 0.5)
    desk.page.locator(".threshold summary").click()
    slide(desk, 0.7, "threshold-place")
    assert offered(desk) == ["Moscow"]
    desk.page.keyboard.press("Tab")
    desk.page.wait_for_timeout(700)  # what is chosen is kept a moment later
    annotator.refresh_from_db()
    assert annotator.workspace["threshold"] == 0.5
    desk.open()
    assert offered(desk) == ["Moscow"]
    assert desk.painted("ac-mid-actor") == ["Moscow"]
    assert desk.painted("ac-mid-place") == []


def test_how_right_they_were_is_told_for_what_is_shown(visit: Visit, talks: Document, annotator: User) -> None:
    second = build.document(talks.project, f"Again. {ENGLISH}", title="Again")
    build.assignment(second, annotator)
    for one in (talks, second):
        suggest(one, ("ACTOR", "Moscow", 0.9), ("ACTOR", "Washington", 0.4))
    desk = visit(talks, annotator, language="en").open()
    for key in ("n", "x", "a"):
        desk.page.keyboard.press(key)
    desk.saved()
    desk = visit(second, annotator, language="en").open()
    desk.page.locator("#tab-suggestions").click()
    right = desk.page.locator(".right-so-far")
    expect(right).to_have_text("So far 50% of such suggestions were accepted as they were (2 decided).")
    slide(desk, 0.5)
    expect(right).to_have_text("So far 100% of such suggestions were accepted as they were (1 decided).")


def test_a_paragraph_is_accepted_in_one_act(visit: Visit, article: Document, annotator: User) -> None:
    suggest(article, ("ACTOR", "قطر", 0.9), ("PLACE", "العُلا", 0.9), ("ACTOR", "الكويت", 0.95))
    desk = visit(article, annotator).open()
    desk.press("KeyN", "ى")
    desk.press("KeyA", "ش", shiftKey=True)
    desk.saved()
    assert [s.quote for s in desk.spans()] == ["العُلا", "قطر"]
    assert current(desk) == "الكويت"
    assert Edit.objects.values("group").distinct().count() == 1
    desk.page.locator(".toast button").click()
    desk.saved()
    assert desk.spans() == []
    assert len(offered(desk)) == 3


def test_hundreds_are_accepted_and_taken_back_in_one_act(visit: Visit, annotator: User) -> None:
    of = build.project()
    build.member(of, person=annotator)
    words = [f"كلمة{number}" for number in range(320)]
    document = build.document(of, "\n".join(" ".join(words[i : i + 20]) for i in range(0, 320, 20)))
    build.assignment(document, annotator)
    suggest(document, *[("PLACE", f"{word} ", 0.9) for word in words if f"{word} " in document.text])
    total = Span.objects.filter(set__origin="MODEL").count()
    assert total > 300
    desk = visit(document, annotator).open()
    desk.page.locator("#tab-suggestions").click()
    desk.page.locator('[data-act="accept-all"]').click()
    desk.saved()
    assert len(desk.spans()) == total
    desk.page.keyboard.press("Control+KeyZ")
    desk.saved()
    assert desk.spans() == []
    assert len(offered(desk)) == total
