"""Everybody can work: readers that speak, the keyboard alone, small screens, forced colours, paper, no motion."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import expect

from annotator.corpus.models import Document
from annotator.teams.models import Role, User
from tests import build
from tests.browser.conftest import TEXT, Desk
from tests.browser.states import WALKS, coded_article, empty

pytestmark = pytest.mark.browser
Visit = Callable[..., Desk]
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
# Contrast of words is computed in tests/web/test_contrast.py: axe knows none of Arabic letters, nor of highlights.
CHECK = """async () => {
    const rules = { "color-contrast": { enabled: document.documentElement.lang === "en" } };
    const found = await axe.run(document, { resultTypes: ["violations"], rules });
    return found.violations.filter((one) => ["serious", "critical"].includes(one.impact))
        .map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 120)).slice(0, 3).join("; ")}`);
}"""
TROUBLE = ("Failed to load resource", "ERR_INTERNET_DISCONNECTED")
# Language, theme, width, forced colours.
LOOKS = [
    ("ar", "light", 1280, False),
    ("en", "dark", 1280, False),
    ("en", "light", 400, False),
    ("ar", "dark", 400, True),
]


def look(desk: Desk, where: str, wrong: list[str]) -> None:
    """What axe finds, and whether anything sticks out of the window."""
    if not desk.page.evaluate("Boolean(window.axe)"):
        desk.page.evaluate(AXE.read_text(encoding="utf-8"))
    wrong += [f"{where}: {one}" for one in desk.page.evaluate(CHECK)]
    width = desk.page.viewport_size["width"] if desk.page.viewport_size else 0
    if desk.page.evaluate("document.documentElement.scrollWidth") > width:
        wrong.append(f"{where}: wider than the window")


def enter(visit: Visit, document: Document, person: User, manner: tuple[str, str, int, bool]) -> Desk:
    language, theme, width, forced = manner
    desk = visit(document, person, language=language, theme=theme, width=width, height=800, allow=TROUBLE)
    if forced:
        desk.page.emulate_media(forced_colors="active")
    return desk


@pytest.mark.parametrize("manner", LOOKS, ids=lambda m: "-".join(map(str, m)))
@pytest.mark.parametrize("walk", list(WALKS))
def test_nothing_serious_is_wrong_in_any_state(
    visit: Visit, annotator: User, walk: str, manner: tuple[str, str, int, bool]
) -> None:
    desk = enter(visit, coded_article(annotator), annotator, manner)
    wrong: list[str] = []
    for where in WALKS[walk](desk):
        look(desk, where, wrong)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("manner", LOOKS, ids=lambda m: "-".join(map(str, m)))
def test_nothing_serious_is_wrong_without_marks_to_read_only_and_in_the_reading_view(
    visit: Visit, annotator: User, article: Document, manner: tuple[str, str, int, bool]
) -> None:
    wrong: list[str] = []
    desk = enter(visit, article, annotator, manner)
    for where in empty(desk):
        look(desk, where, wrong)
    build.edit(annotator, article, build.add_span(article, 0, 4, "EVENT"), build.add_span(article, 5, 9, "ACTOR"))
    desk.open("?view=marks")
    look(desk, "reading view", wrong)
    viewer = build.member(article.project, Role.VIEWER)
    desk = enter(visit, article, viewer, manner).open()
    look(desk, "to read only", wrong)
    assert not wrong, "\n".join(wrong)


# -- by keyboard


@pytest.mark.parametrize("language", ["ar", "en"])
def test_every_stop_of_the_tab_key_can_be_seen(visit: Visit, annotator: User, language: str) -> None:
    document = coded_article(annotator)
    desk = visit(document, annotator, language=language).open()
    desk.click("وقّع")
    desk.page.locator("body").evaluate("() => document.activeElement.blur()")
    stops: list[str] = []
    for _ in range(80):
        desk.page.keyboard.press("Tab")
        stop = desk.page.evaluate(
            """() => {
                const e = document.activeElement;
                if (e === document.body) return null;
                const ringed = [e, e.closest("label"), e.closest(".reading"), e.parentElement].filter(Boolean).some((one) => {
                    const s = getComputedStyle(one);
                    return (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== "none" && one.matches(":has(:focus-visible), :focus-visible");
                });
                const box = e.getBoundingClientRect();
                const name = (e.id || e.className || e.tagName) + " " + (e.dataset.field ?? e.textContent.trim().slice(0, 20));
                return [name, ringed, box.width > 0 && box.height > 0];
            }"""
        )
        if stop is None:
            break
        name, ringed, there = stop
        assert ringed, f"no focus is seen on {name}"
        assert there, f"the focus is on nothing: {name}"
        stops.append(name)
    assert len(stops) > 15
    assert any("text" in stop for stop in stops), "the text itself is a stop"


@pytest.mark.parametrize(("language", "said"), [("ar", "وقّع، حدث"), ("en", "وقّع, Event")])
def test_what_the_cursor_meets_is_said(
    visit: Visit, article: Document, annotator: User, language: str, said: str
) -> None:
    build.edit(annotator, article, build.add_span(article, 0, 4, "EVENT"))
    desk = visit(article, annotator, language=language).open()
    live = desk.page.locator('[data-part="live"]')
    assert live.get_attribute("aria-live") == "polite"
    desk.page.locator("annotation-canvas").focus()
    desk.page.keyboard.press("ArrowLeft")
    expect(live).to_have_text(said)
    desk.page.keyboard.press("ArrowLeft")
    expect(live).to_have_text("قادة")


# -- the reading view


def test_the_reading_view_says_where_marks_begin_and_end(visit: Visit, annotator: User) -> None:
    document = coded_article(annotator)
    desk = visit(document, annotator, language="en").open("?view=marks")
    tree = desk.page.locator(".marked").aria_snapshot()
    heard = re.sub(r"\s+", " ", desk.page.locator(".marked p").nth(0).inner_text())
    assert heard.startswith(
        "[Implication: [Event: وقّع end of Event] [Actor: قادة دول [Actor: مجلس التعاون end of Actor] end of Actor]"
    )
    assert "mark" in tree
    outer = desk.page.locator(".marked mark.label-implication").first
    assert outer.locator("mark.label-actor mark.label-actor").inner_text().startswith("مجلس التعاون")
    expect(desk.page.locator(".legend li")).to_have_count(3)


def test_what_is_printed_is_the_text_with_its_marks(visit: Visit, annotator: User) -> None:
    document = coded_article(annotator)
    desk = visit(document, annotator, theme="dark").open()
    desk.page.emulate_media(media="print")
    desk.until("return getComputedStyle(canvas).color === 'rgb(31, 35, 40)'")  # dark on white paper
    expect(desk.page.locator('.rail [data-label="ACTOR"] .swatch')).to_be_visible()  # the legend
    for chrome in (".top", ".rail kbd", ".below", ".panel", ".hints", ".minimap", ".finder"):
        assert not any(one.is_visible() for one in desk.page.locator(chrome).all()), chrome
    expect(desk.page.locator("annotation-canvas")).to_be_visible()
    assert len(desk.page.pdf()) > 5000
    desk.page.emulate_media(media="screen")
    desk.open("?view=marks")
    desk.page.emulate_media(media="print")
    expect(desk.page.locator(".top")).to_be_hidden()
    expect(desk.page.locator(".legend li")).to_have_count(3)
    mark = desk.page.locator(".marked mark.label-actor").first
    style = mark.evaluate(
        "(e) => { const s = getComputedStyle(e); return [s.printColorAdjust, s.textDecorationLine]; }"
    )
    assert style == ["exact", "underline"]


# -- small screens, colours, motion


@pytest.mark.parametrize("language", ["ar", "en"])
def test_at_320_pixels_and_at_twice_the_size_all_can_be_reached(visit: Visit, annotator: User, language: str) -> None:
    """A window of 640 x 400 pixels is one of 1280 x 800 at 200 %."""
    document = coded_article(annotator)
    for width, height in ((320, 640), (640, 400)):
        desk = visit(document, annotator, language=language, width=width, height=height).open()
        assert desk.run("return document.documentElement.scrollWidth") <= width
        line = desk.run(
            "const b = canvas.paper.paragraphs[0].element.getBoundingClientRect(); return [b.left, b.right]"
        )
        assert line[0] >= 0
        assert line[1] <= width
        desk.page.locator("#tab-list").click()
        expect(desk.page.locator("#panel-list")).to_be_visible()
        desk.page.locator("[data-close]").click()
        desk.press("Slash", "/")
        box = desk.page.locator(".finder").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        desk.page.locator('[data-find="close"]').click()
        desk.page.locator(".type > summary").click()
        box = desk.page.locator(".type > .popup").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["y"] + box["height"] <= height


def test_forced_colours_leave_each_label_its_line(visit: Visit, annotator: User) -> None:
    document = coded_article(annotator)
    desk = visit(document, annotator)
    desk.page.emulate_media(forced_colors="active")
    desk.open()
    seen = desk.run(
        """const of = (name) => { const s = getComputedStyle(canvas, `::highlight(${name})`);
            return [s.textDecorationStyle, s.textUnderlineOffset, s.backgroundColor]; };
        return x.map(of)""",
        ["ac-actor-0", "ac-actor-1", "ac-event-0", "ac-implication-2"],
    )
    styles = [one[:2] for one in seen]
    assert len({tuple(one) for one in styles}) == 4, "two labels or lanes look the same"
    page, _ = desk.run("const s = getComputedStyle(canvas); return [s.backgroundColor, s.color]")
    assert {one[2] for one in seen} == {page}, "no block of the system's colour"


def test_in_forced_colours_nothing_keeps_a_colour_of_ours(visit: Visit, annotator: User) -> None:
    """What stands out does so by the system's colours; the surer a suggestion, the thicker its dots."""
    document = coded_article(annotator)
    document.body_start = document.text.index("ويعكس")
    document.save(update_fields=["body_start"])
    desk = visit(document, annotator, theme="dark")
    desk.page.emulate_media(forced_colors="active")
    desk.open()
    desk.click("قطر")
    expect(desk.page.locator("article.mark")).to_be_visible()
    canvas, ink = desk.run("const s = getComputedStyle(canvas); return [s.backgroundColor, s.color]")
    seen = desk.run(
        """const of = (selector, pseudo) => { const s = getComputedStyle(document.querySelector(selector), pseudo);
            return [s.color, s.backgroundColor]; };
        return [of("article.mark"), of("article.mark q"), of("article.mark .tinted:not([aria-pressed=true])"), of(".rail .swatch"), of(".text p.title"),
            of(".text p[data-n]", "::before")]"""
    )
    assert {color for color, _ in seen} == {ink}
    assert {ground for _, ground in seen} <= {canvas, "rgba(0, 0, 0, 0)", "rgba(255, 255, 255, 0)"}
    # Of a mix of system colours nothing would be painted.
    chosen, selected, system = desk.run(
        """const probe = document.createElement("b");
        probe.style.cssText = "forced-color-adjust: none; background: Highlight";
        document.body.append(probe);
        const of = (name) => getComputedStyle(canvas, `::highlight(${name})`).backgroundColor;
        return [of("ac-on-focus"), of("ac-on-selection"), getComputedStyle(probe).backgroundColor]"""
    )
    assert chosen == selected == system
    dots = desk.run(
        "return x.map((name) => getComputedStyle(canvas, `::highlight(${name})`).textDecorationThickness)",
        ["ac-sug-actor", "ac-mid-actor", "ac-low-actor"],
    )
    assert dots == ["3px", "2px", "1px"]
    edge = desk.page.locator(".finish .menu > summary").evaluate(
        "(e) => { const s = getComputedStyle(e); return [s.borderTopStyle, s.borderRightStyle, s.borderLeftStyle]; }"
    )
    assert edge == ["solid"] * 3


@pytest.mark.parametrize("language", ["ar", "en"])
def test_paper_has_the_marks_alone_and_their_legend_above_the_text(
    visit: Visit, annotator: User, language: str
) -> None:
    document = coded_article(annotator)
    desk = visit(document, annotator, language=language, width=1400).open()
    offered = "const p = canvas.querySelector('p[data-offered][data-n]'); const s = getComputedStyle(p, '::before');"
    assert desk.run(offered + "return [s.content, s.textDecorationLine, s.textDecorationStyle, s.opacity]") == [
        '"3"',
        "underline",
        "dotted",
        "1",
    ]
    desk.page.emulate_media(media="print")
    lines = "return x.map((name) => getComputedStyle(canvas, `::highlight(${name})`).textDecorationLine)"
    assert desk.run(lines, ["ac-actor-0", "ac-sug-actor", "ac-mid-event", "ac-low-actor"]) == [
        "underline",
        "none",
        "none",
        "none",
    ]
    assert desk.run(offered + "return s.textDecorationLine") == "none"
    talk = "const p = canvas.querySelector('p'); p.dataset.talk = '2'; const s = getComputedStyle(p);"
    badge = desk.run(talk + "return [getComputedStyle(p, '::after').content, s.borderRightWidth, s.borderLeftWidth]")
    assert badge == ["none", "0px", "0px"]
    legend, text, wide = desk.run(
        """const edges = (selector) => { const b = document.querySelector(selector).getBoundingClientRect(); return [b.left, b.right]; };
        return [edges(".rail .labels"), edges(".text p"), document.documentElement.scrollWidth]"""
    )
    assert legend == text
    assert wide <= 1400


@pytest.mark.parametrize("language", ["ar", "en"])
def test_keys_read_the_same_way_and_labels_have_the_line_of_their_marks(
    visit: Visit, annotator: User, language: str
) -> None:
    document = coded_article(annotator)
    desk = visit(document, annotator, language=language).open()
    lines = desk.run(
        """return [...document.querySelectorAll(".rail [data-label]")].map((label) => {
            const mark = getComputedStyle(canvas, `::highlight(ac-${label.dataset.label.toLowerCase()}-0)`);
            const swatch = getComputedStyle(label.querySelector(".swatch"), "::before");
            return [mark, swatch].map((s) => `${s.textDecorationStyle} ${s.textDecorationThickness}`);
        })"""
    )
    assert all(mark == swatch for mark, swatch in lines)
    assert len({mark for mark, _ in lines}) == len(lines) == 5
    desk.press("Slash", "?", shiftKey=True)
    expect(desk.page.locator(".keys-dialog")).to_be_visible()
    turned = desk.run(
        "return [...document.querySelectorAll('kbd')].filter((k) => getComputedStyle(k).direction !== 'ltr').length"
    )
    assert turned == 0
    beside = desk.run(
        """return [...document.querySelectorAll(".keys-body section")].filter((s) => {
            const [a, b] = [s.querySelector("h3") ?? s, s].map((e) => e.getBoundingClientRect());
            return a.width < b.width || s.getClientRects().length > 1;
        }).length"""
    )
    assert beside == 0, "a group of keys goes on where its heading is not"


def test_nothing_moves_for_those_who_want_no_motion(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator).open()  # the harness asks for reduced motion
    moving = desk.run(
        """return [...document.querySelectorAll("*")].filter((e) => {
            const s = getComputedStyle(e);
            const times = `${s.transitionDuration},${s.animationDuration}`.split(",").map(parseFloat);
            return times.some((t) => t > 0.001) || s.scrollBehavior === "smooth";
        }).map((e) => e.className || e.tagName)"""
    )
    assert moving == []


def test_the_text_is_one_text_for_readers_that_speak(visit: Visit, article: Document, annotator: User) -> None:
    """No element stands in a paragraph, and far sections are in the tree too."""
    desk = visit(article, annotator).open()
    assert desk.run("return [...canvas.querySelectorAll('p')].every((p) => p.childNodes.length === 1)")
    tree = desk.page.locator("annotation-canvas").aria_snapshot()
    for line in filter(None, TEXT.split("\n")):
        assert line in tree
