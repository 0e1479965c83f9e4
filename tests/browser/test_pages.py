"""Every page but the workspace, in both languages, both themes, wide and narrow: nothing sticks out, nothing complains."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from django.db import transaction
from django.test import Client
from playwright.sync_api import Browser, Page

from annotator.teams.models import User
from tests.web.site import PAGES, Site

pytestmark = pytest.mark.browser

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
SHOWN = [one for one in PAGES if one.html and one.name != "workspace"]
ENTRANCE = ["/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/nowhere/"]
# The last column: whether axe looks, too. It knows English contrast only; test_contrast.py computes the rest.
LOOKS = [
    ("ar", "light", 1280, False),
    ("en", "dark", 400, False),
    ("ar", "dark", 1280, True),
    ("en", "light", 400, True),
]
CHECK = """async () => {
    const rules = {"color-contrast": {enabled: document.documentElement.lang === "en"}};
    const found = await axe.run(document, {resultTypes: ["violations"], rules});
    return found.violations.filter((one) => ["serious", "critical"].includes(one.impact))
        .map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).slice(0, 3).join("; ")}`);
}"""


@pytest.fixture
def site(transactional_db: None) -> Site:
    with transaction.atomic():
        return Site()


class Visitor:
    """Goes from page to page and notes what is wrong."""

    def __init__(self, browser: Browser, url: str, person: User | None, language: str, theme: str, width: int) -> None:
        self.url = url
        self.wrong: list[str] = []
        self.context = browser.new_context(
            viewport={"width": width, "height": 800}, reduced_motion="reduce", bypass_csp=False
        )
        cookies = {"language": language, "theme": theme}
        if person is not None:
            User.objects.filter(pk=person.pk).update(language=language, theme=theme)
            client = Client()
            client.force_login(person)
            cookies["session"] = client.cookies["session"].value
        self.context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])
        self.page: Page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.note(error.message))
        self.page.on("console", lambda message: self._console(message))
        self.at = ""

    def note(self, what: str) -> None:
        self.wrong.append(f"{self.at}: {what}")

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning") and "404 (Not Found)" not in message.text:
            self.note(message.text)

    def look(self, address: str, *, deep: bool) -> None:
        self.at = address
        self.page.goto(self.url + address, wait_until="load")
        out = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if out > 0:
            self.note(f"sticks out by {out} px")
        if deep:
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
            for violation in self.page.evaluate(CHECK):
                self.note(violation)


@pytest.fixture
def visitors(chromium: Browser, live_server: Any) -> Iterator[Any]:
    made: list[Visitor] = []

    def make(person: User | None, language: str, theme: str, width: int) -> Visitor:
        made.append(Visitor(chromium, live_server.url, person, language, theme, width))
        return made[-1]

    yield make
    for visitor in made:
        visitor.context.close()


@pytest.mark.parametrize(("language", "theme", "width", "deep"), LOOKS)
def test_pages_are_whole_and_silent_and_can_be_used_by_everybody(
    site: Site, visitors: Any, language: str, theme: str, width: int, deep: bool
) -> None:
    stranger = visitors(None, language, theme, width)
    owner = visitors(site.people["owner"], language, theme, width)
    for address in ENTRANCE:
        stranger.look(address, deep=deep)
    for one in SHOWN:
        owner.look(one.address(site.ids), deep=deep)
    assert "\n".join(stranger.wrong + owner.wrong) == ""


def test_ticking_confirming_undoing_and_menus_work_by_keyboard(site: Site, visitors: Any) -> None:
    owner = visitors(site.people["owner"], "en", "light", 1280)
    page = owner.page
    owner.look(f"/projects/{site.project.pk}/documents/", deep=False)
    assert page.locator(".bulk").is_hidden()
    page.locator("[data-all]").check()
    assert page.locator("[data-ticked]").inner_text() == "3"
    page.get_by_role("button", name="Put in the bin").click()
    page.get_by_role("button", name="Undo").click()
    assert page.locator("[data-tick]").count() == 3

    owner.look(f"/projects/{site.project.pk}/members/", deep=False)
    page.get_by_role("button", name="Remove").first.click()
    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    page.keyboard.press("Escape")
    assert page.get_by_role("dialog").count() == 0
    rows = page.locator("tbody tr").count()
    page.get_by_role("button", name="Remove").first.click()
    dialog.get_by_role("button", name="Go on").click()
    page.locator(".message.success").wait_for()
    assert page.locator("tbody tr").count() == rows - 1

    menu = page.locator(".switches details.menu")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    assert menu.locator(".popup").is_visible()
    page.keyboard.press("Escape")
    assert menu.locator(".popup").is_hidden()
    assert owner.wrong == []


def test_searching_replaces_the_rows_and_keeps_the_address(site: Site, visitors: Any) -> None:
    owner = visitors(site.people["owner"], "ar", "dark", 1280)
    page = owner.page
    owner.look(f"/projects/{site.project.pk}/actors/", deep=False)
    with page.expect_response(lambda answer: "q=Two" in answer.url):
        page.locator("#q").fill("Two")
    page.wait_for_url("**q=Two**")
    page.locator("#rows").wait_for()
    assert page.locator("#rows tbody tr").count() == 1
    assert owner.wrong == []


def test_chosen_and_dropped_files_are_listed_before_they_go(site: Site, visitors: Any) -> None:
    owner = visitors(site.people["owner"], "ar", "light", 1280)
    page = owner.page
    owner.look(f"/projects/{site.project.pk}/import/", deep=False)
    files = [{"name": name, "mimeType": "text/plain", "buffer": b"News"} for name in ("a.txt", "ب.txt")]
    page.locator("#file").set_input_files(files)
    assert page.locator("[data-files] bdi").all_inner_texts() == ["a.txt", "ب.txt"]
    page.evaluate(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["News of the day"], "c.txt", {type: "text/plain"}));
            document.querySelector(".drop").dispatchEvent(
                new DragEvent("drop", {bubbles: true, cancelable: true, dataTransfer: data}));
        }"""
    )
    assert page.locator("[data-files] bdi").all_inner_texts() == ["c.txt"]
    page.locator("form[enctype] button[type=submit]").click()
    page.wait_for_url("**/jobs/**")
    assert "c.txt" in page.locator("#progress").inner_text()
    assert owner.wrong == []
