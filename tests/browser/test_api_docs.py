"""The page about the API shows the calls and lets a person try them, under the policy of all pages."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page

from tests import build


@pytest.mark.browser
@pytest.mark.parametrize("language", ["ar", "en"])
def test_it_shows_the_calls_and_tries_one_as_the_person_without_breaking_the_policy(
    chromium: Browser, live_server: Any, transactional_db: None, language: str
) -> None:
    person = build.user("amal", language=language)
    client = Client()
    client.force_login(person)
    context = chromium.new_context(locale=language)
    context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": live_server.url}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{live_server.url}/api/")
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    _make_a_project(page)
    assert complaints == []
    context.close()
    assert person.memberships.get().project.name == "By hand"


def _make_a_project(page: Page) -> None:
    call = page.locator("#operations-projects-post_projects")
    call.locator(".opblock-summary-control").click()
    call.get_by_role("button", name="Try it out").click()
    call.locator("textarea").fill('{"name": "By hand"}')
    call.get_by_role("button", name="Execute").click()
    status = call.locator(".live-responses-table .response-col_status").last
    status.wait_for()
    assert status.inner_text().split()[0] == "201"
