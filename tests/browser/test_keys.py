"""Keys by place, another key for any command, and when none of them may act."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from annotator.corpus.models import Document
from annotator.teams.models import User
from annotator.web.keycaps import KEYS
from tests.browser.conftest import Desk
from tests.browser.test_palette import kept
from tests.browser.test_panel import suggest

pytestmark = pytest.mark.browser
Visit = Callable[..., Desk]


def real_key(desk: Desk, code: str, key: str, modifiers: int = 0) -> None:
    """A key of the keyboard as the system reports it: its place, and what the layout in use writes there."""
    session = desk.page.context.new_cdp_session(desk.page)
    about = {"code": code, "key": key, "modifiers": modifiers}
    session.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", **about})
    session.send("Input.dispatchKeyEvent", {"type": "keyUp", **about})
    session.detach()


def dialog(desk: Desk) -> None:
    desk.page.locator("annotation-canvas").focus()
    real_key(desk, "Slash", "؟", 8)
    expect(desk.page.locator("dialog.keys-dialog")).to_be_visible()


def test_a_key_of_an_arabic_layout_by_its_place(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator).open()
    desk.select("قطر")
    real_key(desk, "Digit1", "١")
    real_key(desk, "Enter", "Enter")
    expect(desk.page.locator('[data-part="details"] :focus')).to_have_count(1)
    desk.page.keyboard.press("Escape")
    real_key(desk, "KeyZ", "ئ", 2)
    desk.saved()
    assert desk.spans() == []


def test_a_command_gets_another_key_and_back(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator).open()
    dialog(desk)
    line = desk.page.locator('.keys-dialog [data-command="label_PLACE"]')
    expect(line.locator("kbd")).to_have_text("4")
    line.locator("button.caps").click()
    real_key(desk, "KeyR", "ق", 2)  # the browser's own
    expect(line.locator("[role=alert]")).to_contain_text("Ctrl R")
    real_key(desk, "KeyV", "ر", 8)
    expect(line.locator("kbd")).to_contain_text("⇧ V")
    expect(line.locator("kbd i")).to_have_text("ر")
    desk.page.keyboard.press("Escape")
    kept(desk, "keys", {"label_PLACE": ["Shift+KeyV"]})
    desk.open()
    expect(desk.page.locator('[data-label="PLACE"] kbd')).to_have_text("⇧ V")
    desk.select("واشنطن")
    real_key(desk, "Digit4", "٤")  # nothing any more
    real_key(desk, "KeyV", "ر", 8)
    desk.saved()
    assert [(s.label, s.quote) for s in desk.spans()] == [("PLACE", "واشنطن")]
    dialog(desk)
    desk.page.locator(".keys-dialog [data-reset]").click()
    expect(line.locator("kbd")).to_have_text("4")
    expect(desk.page.locator(".keys-dialog [data-reset]")).to_have_count(0)
    desk.page.keyboard.press("Escape")
    kept(desk, "keys", None)


def test_a_taken_key_is_said_and_can_be_taken_over(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator, language="en").open()
    dialog(desk)
    line = desk.page.locator('.keys-dialog [data-command="label_TIME"]')
    line.locator("button.caps").click()
    real_key(desk, "Digit1", "1")
    expect(line.locator(".conflict")).to_contain_text("Actor")
    desk.page.keyboard.press("Escape")  # leaves it, and the list open
    expect(line.locator("kbd")).to_have_text("5")
    expect(desk.page.locator("dialog.keys-dialog")).to_be_visible()
    line.locator("button.caps").click()
    real_key(desk, "Digit1", "1")
    expect(line.locator("[data-take]")).to_be_focused()
    desk.page.keyboard.press("Enter")
    expect(line.locator("kbd")).to_have_text("1")
    expect(desk.page.locator('.keys-dialog [data-command="label_ACTOR"] kbd')).to_have_count(0)
    line.get_by_title("As it was").click()
    expect(line.locator("kbd")).to_have_text("5")


def test_keys_do_nothing_while_typing_composing_or_in_a_dialog(
    visit: Visit, article: Document, annotator: User
) -> None:
    desk = visit(article, annotator).open()
    desk.select("قطر")
    desk.press("Digit1", "١", isComposing=True)
    assert desk.run("return canvas.store.spans.size") == 0
    desk.press("Digit1", "١")
    note = desk.page.locator('[data-field="mark-note"]')
    note.click()
    real_key(desk, "Delete", "Delete")
    real_key(desk, "Digit4", "٤")
    dialogs = desk.page.locator("dialog[open]")
    desk.page.locator("annotation-canvas").focus()
    real_key(desk, "KeyK", "ن", 2)
    expect(dialogs).to_have_count(1)
    real_key(desk, "KeyK", "ن", 2)
    real_key(desk, "Digit4", "٤")
    expect(dialogs).to_have_count(1)
    desk.page.keyboard.press("Escape")
    desk.saved()
    assert [(s.label, s.quote) for s in desk.spans()] == [("ACTOR", "قطر")]


def test_a_held_key_marks_once(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator).open()
    desk.select("قطر")
    desk.page.keyboard.down("Digit1")
    for _ in range(4):
        desk.page.keyboard.down("Digit1")  # repeats
    desk.page.keyboard.up("Digit1")
    desk.saved()
    assert [s.quote for s in desk.spans()] == ["قطر"]
    assert desk.run("return canvas.acts.armed") is None


def test_every_command_and_group_has_a_name(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator).open()
    unnamed = desk.run(
        """return [...canvas.commands.byId.values()].filter((c) => !c.name && !canvas.state.messages[`cmd_${c.id}`])
            .map((c) => c.id).concat([...canvas.commands.byId.values()].map((c) => c.group)
            .filter((g) => !canvas.state.messages[`group_${g}`]))"""
    )
    assert unnamed == []
    shown = desk.run(
        """return import("#annotator/caps.js").then(({ grouped }) =>
            grouped(canvas.commands.byId.values()).flatMap(([, some]) => some).length)"""
    )
    assert shown == desk.run("return canvas.commands.byId.size")


def test_no_two_commands_come_on_one_key_at_the_same_time(visit: Visit, article: Document, annotator: User) -> None:
    desk = visit(article, annotator).open()
    clashes = desk.run(
        """const by = Map.groupBy([...canvas.commands.byId.values()].filter((c) => !c.when)
            .flatMap((c) => canvas.commands.keysOf(c).map((k) => [k, c.id])), ([k]) => k);
        return [...by].filter(([, all]) => all.length > 1).map(([k, all]) => [k, ...all.map(([, id]) => id)]);"""
    )
    assert clashes == []


def test_the_keys_that_templates_name_are_those_of_the_commands(
    visit: Visit, article: Document, annotator: User
) -> None:
    desk = visit(article, annotator).open()
    first = "return Object.fromEntries(x.map((id) => [id, canvas.commands.byId.get(id)?.keys[0]]))"
    assert desk.run(first, list(KEYS)) == KEYS
    shown = desk.run(
        "return [...document.querySelectorAll('[data-cap]')].map((cap) => [cap.dataset.cap, cap.textContent])"
    )
    assert {("accept", "A"), ("undo", "Ctrl Z"), ("put_aside", "⇧ S"), ("guide", "H"), ("find", "/")} <= {
        (command, cap) for command, cap in shown
    }


@pytest.mark.parametrize("language", ["ar", "en"])
def test_words_and_hints_follow_another_key_at_once(
    visit: Visit, article: Document, annotator: User, language: str
) -> None:
    suggest(article, ("ACTOR", "قطر", 0.9))
    desk = visit(article, annotator, language=language).open()
    page = desk.page
    own = {
        "toggle_suggestions": ["Shift+KeyY"],
        "comment": ["KeyU"],
        "accept": [],
        "label_ACTOR": ["F4"],
        "find": ["F2"],
    }
    page.locator("#tab-suggestions").click()
    layer = page.locator('#panel-suggestions [data-cap="toggle_suggestions"]')
    expect(layer).to_have_text("S")
    desk.run("canvas.preferences.keys = x; canvas.commands.remapped(); canvas.favourites.rekeyed()", own)
    expect(layer).to_have_text("⇧ Y")  # in a part of the page that was made before
    expect(page.locator('.hints [data-cap="accept"]')).to_be_hidden()
    expect(page.locator('[data-part="label-keys"] kbd')).to_have_text(["F4", "2", "3", "4", "5"])
    expect(page.get_by_role("button", name="F2")).to_have_count(1)
    page.locator("annotation-canvas").focus()
    real_key(desk, "KeyY", "غ", 8)
    said = desk.run("return canvas.t('layer_off', {key: x})", "\u2066⇧ Y\u2069")
    assert "⇧ Y" in said
    expect(page.locator('[data-part="live"]')).to_have_text(said)
    expect(page.locator("#panel-suggestions .hint")).to_contain_text("⇧ Y")
    desk.select("قطر")
    real_key(desk, "F4", "F4")
    expect(page.locator('[data-cap="comment"]')).to_have_text("U")
    desk.run(
        "canvas.preferences.keys = {toggle_suggestions: []}; canvas.commands.remapped(); canvas.favourites.rekeyed()"
    )
    page.locator("#tab-suggestions").click()
    name = desk.run("return canvas.t('cmd_toggle_suggestions')")
    expect(page.locator("#panel-suggestions .hint")).to_contain_text(name)  # by its name in the list of commands
    desk.saved()
