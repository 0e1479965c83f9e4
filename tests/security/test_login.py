"""Logging in: throttled, rotating, and ended everywhere by a new password."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from annotator.teams.models import User
from tests import build

pytestmark = pytest.mark.django_db
WRONG = "not the password"


@pytest.fixture(autouse=True)
def _fresh_counters(db: None) -> None:
    cache.clear()


@pytest.fixture
def amal() -> User:
    return build.user("amal")


def _log_in(email: str, password: str, client: Client | None = None, **headers: str) -> tuple[Client, int]:
    client = client or Client()
    answer = client.post(reverse("account_login"), {"login": email, "password": password}, **headers)
    return client, answer.status_code


def test_the_right_password_lets_one_in_by_an_address_in_any_case(amal: User) -> None:
    client, status = _log_in(amal.email.upper(), build.PASSWORD)
    assert status == 302
    assert client.session["_auth_user_id"] == str(amal.pk)


def test_guessing_at_one_account_is_stopped_wherever_it_seems_to_come_from(amal: User) -> None:
    """A23: a forged X-Forwarded-For on each try, and the right password at last."""
    for n in range(8):
        _log_in(amal.email, WRONG, HTTP_X_FORWARDED_FOR=f"203.0.113.{n}", REMOTE_ADDR=f"198.51.100.{n}")
    client, status = _log_in(
        amal.email, build.PASSWORD, HTTP_X_FORWARDED_FOR="203.0.113.99", REMOTE_ADDR="198.51.100.99"
    )
    assert status != 302
    assert "_auth_user_id" not in client.session


def test_one_password_at_many_accounts_is_stopped() -> None:
    people = [build.user() for _n in range(14)]
    for person in people[:-1]:
        _log_in(person.email, WRONG, HTTP_X_FORWARDED_FOR=f"203.0.113.{person.pk % 250}")
    _client, status = _log_in(people[-1].email, build.PASSWORD, HTTP_X_FORWARDED_FOR="203.0.113.99")
    assert status != 302


@pytest.mark.django_db(transaction=True)
def test_twenty_guesses_at_once_are_not_more_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A23: the limit holds although all twenty begin before the first has been counted."""
    amal = build.user("amal")
    checked: list[str] = []
    check = User.check_password

    def counted(self: User, raw: str) -> bool:
        checked.append(raw)
        return check(self, raw)

    monkeypatch.setattr(User, "check_password", counted)

    def guess(n: int) -> int:
        try:
            return _log_in(amal.email, f"{WRONG} {n}")[1]
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        assert 302 not in set(pool.map(guess, range(20)))
    assert len(checked) <= 5


def test_the_session_gets_a_new_id_at_the_log_in(amal: User) -> None:
    """A22: who planted a session id has nothing of it."""
    client = Client()
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = "1"
    session.save()
    client.cookies["session"] = session.session_key
    _log_in(amal.email, build.PASSWORD, client)
    assert client.session.session_key != session.session_key
    assert not Session.objects.filter(session_key=session.session_key).exists()


def test_a_new_password_ends_all_other_sessions(amal: User) -> None:
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        assert _log_in(amal.email, build.PASSWORD, client)[1] == 302
    new = "quite-another-horse-7"
    answer = here.post(
        reverse("account_change_password"), {"oldpassword": build.PASSWORD, "password1": new, "password2": new}
    )
    assert answer.status_code == 302
    assert elsewhere.get(reverse("account")).status_code == 302
    assert _log_in(amal.email, build.PASSWORD)[1] == 200
    assert _log_in(amal.email, new)[1] == 302


def test_who_is_locked_out_is_out_at_once(amal: User) -> None:
    client, _status = _log_in(amal.email, build.PASSWORD)
    assert client.get(reverse("account")).status_code == 200
    User.objects.filter(pk=amal.pk).update(is_active=False)
    assert client.get(reverse("account")).status_code == 302
    again, _status = _log_in(amal.email, build.PASSWORD)
    assert "_auth_user_id" not in again.session


def test_whether_an_address_has_an_account_is_not_told(amal: User, mailoutbox: list[object]) -> None:
    pages = []
    for email in (amal.email, "nobody@example.org"):
        cache.clear()
        client = Client()
        answer = client.post(reverse("account_login"), {"login": email, "password": WRONG})
        pages.append((answer.status_code, str(answer.context["form"].non_field_errors())))
        answer = client.post(reverse("account_reset_password"), {"email": email})
        pages.append((answer.status_code, answer["Location"]))
    assert pages[:2] == pages[2:]


@pytest.mark.parametrize("name", ["ad\u202emin", "\u2066x\u2069", "a\u200bb", "a\0b", "   "])
def test_nobody_signs_up_under_a_name_that_deceives(name: str) -> None:
    data = {
        "email": "New@Example.org",
        "password1": "long-enough-horse",
        "password2": "long-enough-horse",
        "name": name,
    }
    answer = Client().post(reverse("account_signup"), data)
    assert answer.status_code == 200
    assert not User.objects.exists()


def test_signing_up_keeps_the_address_in_lower_case() -> None:
    data = {
        "email": "New@Example.org",
        "password1": "long-enough-horse",
        "password2": "long-enough-horse",
        "name": "أمل",
    }
    answer = Client().post(reverse("account_signup"), data)
    assert answer.status_code == 302
    assert User.objects.get().email == "new@example.org"
