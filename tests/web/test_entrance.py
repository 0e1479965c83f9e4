"""Logging in and out, forgotten passwords, forged forms."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import reverse

from annotator.teams.models import User
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def amal() -> User:
    cache.clear()
    return build.user("amal")


def log_in(browser: Client, email: str, password: str = build.PASSWORD, **more: str) -> int:
    return browser.post("/accounts/login/", {"login": email, "password": password, **more}).status_code


def test_the_address_is_not_case_sensitive_and_the_page_behind_is_reached(amal: User) -> None:
    browser = Client()
    answer = browser.post(
        "/accounts/login/", {"login": amal.email.upper(), "password": build.PASSWORD, "next": "/account/"}
    )
    assert answer["Location"] == "/account/"
    assert amal.email in browser.get("/account/").content.decode()


def test_logging_in_leads_nowhere_else(amal: User) -> None:
    data = {"login": amal.email, "password": build.PASSWORD, "next": "https://evil.example/"}
    assert Client().post("/accounts/login/", data)["Location"] == "/"


def test_a_wrong_password_is_said_in_the_page_and_not_whether_the_account_exists(amal: User) -> None:
    texts = []
    for email in (amal.email, "nobody@example.org"):
        answer = Client().post("/accounts/login/", {"login": email, "password": "wrong"})
        assert answer.status_code == 200
        texts.append(re.findall(r"<(?:p|li)[^>]*>([^<]+)</(?:p|li)>", answer.content.decode().split("<main")[1])[0])
    assert texts[0] == texts[1]


def test_guessing_is_slowed_down_even_with_the_right_password(amal: User) -> None:
    for _guess in range(5):
        assert log_in(Client(), amal.email, "wrong") == 200
    browser = Client()
    log_in(browser, amal.email)
    assert browser.get("/account/").status_code == 302
    cache.clear()
    assert log_in(browser, amal.email) == 302
    assert browser.get("/account/").status_code == 200


def test_logging_out_asks_for_a_post(amal: User) -> None:
    browser = Client()
    browser.force_login(amal)
    assert browser.get("/accounts/logout/").status_code == 200
    assert browser.get("/account/").status_code == 200
    assert browser.post("/accounts/logout/")["Location"] == "/"
    assert browser.get("/account/").status_code == 302


def test_a_closed_account_does_not_come_in(amal: User) -> None:
    User.objects.filter(pk=amal.pk).update(is_active=False)
    browser = Client()
    log_in(browser, amal.email)
    assert browser.get("/account/").status_code == 302


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_forgotten_password_is_set_anew_by_mail_once(amal: User, language: str) -> None:
    browser = Client(headers={"accept-language": language})
    assert browser.post("/accounts/password/reset/", {"email": amal.email}).status_code == 302
    assert len(mail.outbox) == 1
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", str(mail.outbox[0].body))
    assert link is not None
    form = browser.get(link[1], follow=True)
    address = form.redirect_chain[-1][0]
    new = "another-horse-battery"
    assert browser.post(address, {"password1": new, "password2": new}).status_code == 302
    assert log_in(Client(), amal.email, new) == 302
    assert 'href="/accounts/password/reset/"' in Client().get(link[1], follow=True).content.decode()


def test_whether_an_address_has_an_account_is_not_told_by_the_reset(amal: User) -> None:
    there = Client().post("/accounts/password/reset/", {"email": amal.email})
    nowhere = Client().post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert (there.status_code, there["Location"]) == (nowhere.status_code, nowhere["Location"])


def test_no_accounts_are_made_where_the_site_is_closed() -> None:
    with override_settings(SIGNUP_OPEN=False):
        assert 'href="/accounts/login/"' in Client().get("/accounts/signup/").content.decode()
        data = {"email": "new@example.org", "name": "New", "password1": build.PASSWORD, "password2": build.PASSWORD}
        Client().post("/accounts/signup/", data)
    assert not User.objects.filter(email="new@example.org").exists()


@pytest.mark.parametrize("password", ["short", "password123", "1234567890"])
def test_weak_passwords_are_refused_in_the_page(password: str) -> None:
    data = {"email": "new@example.org", "name": "New", "password1": password, "password2": password}
    answer = Client().post("/accounts/signup/", data)
    assert answer.status_code == 200
    assert 'class="fault"' in answer.content.decode()
    assert not User.objects.filter(email="new@example.org").exists()


def test_a_forged_form_does_nothing_and_one_of_ours_works_through_htmx(amal: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(amal)
    refused = browser.post("/projects/new/", {"name": "Forged"})
    assert refused.status_code == 403
    assert 'href="/"' in refused.content.decode()
    page = browser.get("/").content.decode()
    headers = re.search(r"""hx-headers='{"X-CSRFToken": "(\w+)"}'""", page)
    assert headers is not None
    made = browser.post("/projects/new/", {"name": "Ours"}, headers={"X-CSRFToken": headers[1], "HX-Request": "true"})
    assert made.status_code == 302
    assert [m.project.name for m in amal.memberships.all()] == ["Ours"]


def test_a_stranger_learns_what_this_is() -> None:
    text = Client(headers={"accept-language": "en"}).get(reverse("home")).content.decode()
    for words in ("political texts", "Arabic", "Actor", "Event", "Implication", "Log in", "Make an account"):
        assert words in text
