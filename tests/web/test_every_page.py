"""What holds on every page: two languages, a strict policy, a way on, nothing inline."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.web.site import PAGES, Site

HTML = [one for one in PAGES if one.html]
each_page = pytest.mark.parametrize("seen", HTML, ids=str)
ENTRANCE = ["account_login", "account_signup", "account_reset_password", "account_reset_password_done",
            "account_reset_password_from_key_done", "account_inactive", "account_email_verification_sent"]  # fmt: skip
INSIDE = ["account_logout", "account_change_password", "account_email", "account_reauthenticate"]


def read(site: Site, who: str, address: str, language: str) -> str:
    browser = site.browsers[who]
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = browser.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    del browser.cookies[settings.LANGUAGE_COOKIE_NAME]
    return str(answer.content.decode())


@each_page
@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("en", "ltr")])
def test_it_speaks_both_languages_in_their_direction(site: Site, seen: object, language: str, direction: str) -> None:
    text = read(site, seen.somebody(), seen.address(site.ids), language)  # type: ignore[attr-defined]
    assert f'<html lang="{language}" dir="{direction}"' in text
    other = {"ar": "English", "en": "العربية"}[language]
    assert re.search(rf'name="language"[^>]*>\s*{other}', text)
    assert 'name="theme" value="dark"' in text


@each_page
def test_it_has_a_way_on_and_a_title_of_its_own(site: Site, seen: object) -> None:
    text = read(site, seen.somebody(), seen.address(site.ids), "en")  # type: ignore[attr-defined]
    main = text[text.index("<main") : text.index("</main>")]
    assert "<a " in main or "<button" in main
    assert len(re.findall(r"<h1\b", main)) == 1
    title = re.search(r"<title>(.*?)</title>", text, re.DOTALL)
    assert title is not None
    assert title[1].strip() not in ("", "Dalala") or str(seen) == "project"


@each_page
def test_nothing_in_it_needs_a_looser_policy(site: Site, seen: object) -> None:
    answer = site.go(seen.somebody(), "GET", seen.address(site.ids))  # type: ignore[attr-defined]
    policy, text = answer["Content-Security-Policy"], answer.content.decode()
    nonces = set(re.findall(r'<script(?=[^>]*nonce="([^"]+)")', text))
    assert len(nonces) == 1
    assert f"'nonce-{nonces.pop()}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert not re.search(r"<[^>]+\s(?:style|on[a-z]+)=", text)
    for script in re.findall(r"<script\b[^>]*>", text):
        assert "nonce=" in script or 'type="application/json"' in script or "src=" in script


@each_page
def test_fields_have_names_and_buttons_have_kinds(site: Site, seen: object) -> None:
    text = read(site, seen.somebody(), seen.address(site.ids), "en")  # type: ignore[attr-defined]
    for button in re.findall(r"<button\b[^>]*>", text):
        assert "type=" in button, button
    labelled = set(re.findall(r'<label\b[^>]*for="([^"]+)"', text))
    for field in re.findall(r"<(?:input|select|textarea)\b[^>]*>", text):
        if 'type="hidden"' in field or "aria-label" in field or not (name := re.search(r'\bid="([^"]+)"', field)):
            continue
        assert name[1] in labelled, field


@pytest.mark.parametrize("name", ENTRANCE)
@pytest.mark.parametrize("language", ["ar", "en"])
def test_the_entrance_is_ours_in_both_languages(site: Site, name: str, language: str) -> None:
    text = read(site, "nobody", reverse(name), language)
    assert f'lang="{language}"' in text
    main = text[text.index("<main") : text.index("</main>")]
    assert "card" in main
    assert "<a " in main or "<button" in main


@pytest.mark.parametrize("name", INSIDE)
def test_the_pages_of_the_account_are_ours(site: Site, name: str) -> None:
    main = read(site, "owner", reverse(name), "ar")
    assert 'class="card' in main
    assert 'dir="rtl"' in main


@pytest.mark.parametrize("address", ["/nowhere/", "/projects/987654321/"])
def test_what_is_not_there_has_a_way_back(site: Site, address: str) -> None:
    for who in ("owner", "nobody"):
        answer = site.go(who, "GET", address)
        if answer.status_code == 302:
            continue
        assert answer.status_code == 404
        assert 'href="/"' in answer.content.decode()


def test_a_fault_of_ours_is_said_in_both_languages(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from annotator.web.views import home

    def broken(**_any: object) -> None:
        raise RuntimeError("on purpose")

    monkeypatch.setattr(home, "projects_of", broken)
    browser = Client(raise_request_exception=False)
    browser.force_login(site.people["owner"])
    answer = browser.get("/")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.content.decode()
    assert "حدث خطأ" in answer.content.decode()
    assert b"on purpose" not in answer.content
