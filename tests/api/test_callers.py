"""Who calls: tokens, sessions with their CSRF token, and the command that makes tokens."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from annotator.teams.models import ApiToken
from tests.api.world import BASE, SCOPES, World, problem, say


def browser(world: World, who: str) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people[who])
    return client


def test_a_session_reads_and_needs_the_csrf_token_to_write(world: World) -> None:
    client = browser(world, "owner")
    url = f"{BASE}projects/{world.project.pk}/"
    assert client.get(url).status_code == 200
    body = json.dumps({"description": "x"})
    problem(client.patch(url, body, "application/json"), 403, "csrf")
    problem(client.patch(url, body, "application/json", HTTP_X_CSRFTOKEN="a" * 64), 403, "csrf")
    problem(client.post(f"{BASE}projects/", body, "text/plain"), 403, "csrf")
    client.get("/api/")
    secret = client.cookies["csrf"].value
    assert client.patch(url, body, "application/json", HTTP_X_CSRFTOKEN=secret).status_code == 200


def test_without_any_credentials_there_is_401(world: World) -> None:
    answer = Client(enforce_csrf_checks=True).post(f"{BASE}projects/", "{}", "application/json")
    problem(answer, 401, "unauthenticated")


def test_a_token_needs_no_csrf_token(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    headers = {"HTTP_AUTHORIZATION": f"bearer {world.key('owner')}"}
    answer = client.patch(f"{BASE}projects/{world.project.pk}/", "{}", "application/json", **headers)
    assert answer.status_code == 200


def test_a_bad_token_is_refused_whatever_else_comes_along(world: World) -> None:
    client = browser(world, "owner")
    for header in ("Bearer", "Bearer ", "Bearer x", "Bearer " + "a" * 10_000, "BEARER dal_\u00e9"):
        problem(client.get(f"{BASE}projects/", HTTP_AUTHORIZATION=header), 401, "token")


def test_another_scheme_is_no_token(world: World) -> None:
    for header in ("Basic YTpi", f"Token {world.key('owner')}", world.key("owner"), ""):
        problem(Client().get(f"{BASE}projects/", HTTP_AUTHORIZATION=header), 401, "unauthenticated")


@pytest.mark.parametrize("what", ["expired", "revoked", "locked out"])
def test_a_token_that_is_over_opens_nothing(world: World, what: str) -> None:
    assert world.ask("viewer", "GET", "projects/").status_code == 200
    tokens = ApiToken.objects.filter(user=world.people["viewer"])
    if what == "expired":
        tokens.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif what == "revoked":
        tokens.update(revoked_at=timezone.now())
    else:
        type(world.people["viewer"]).objects.filter(pk=world.people["viewer"].pk).update(is_active=False)
    answer = world.ask("viewer", "GET", "projects/")
    assert answer.content == world.ask("viewer", "GET", "projects/", key="dal_nothing").content
    problem(answer, 401, "token")


# -- manage.py create_token


def make(**options: object) -> str:
    out = StringIO()
    call_command("create_token", stdout=out, **options)
    return out.getvalue()


def test_the_last_word_is_a_token_with_all_scopes(world: World) -> None:
    key = make(user=world.people["owner"].email.upper()).split()[-1]
    assert world.ask("owner", "GET", f"projects/{world.project.pk}/", key=key).status_code == 200
    row = ApiToken.objects.latest("id")
    assert set(row.scopes) == set(SCOPES)
    assert key not in (row.digest, row.prefix)


def test_scopes_project_and_name_are_obeyed(world: World) -> None:
    printed = make(user=world.people["owner"].email, scopes="read, export", project=world.elsewhere.pk, name="robot")
    key = printed.split()[-1]
    row = ApiToken.objects.latest("id")
    assert (row.name, sorted(row.scopes), row.project) == ("robot", ["export", "read"], world.elsewhere)
    listed = say(world.ask("owner", "GET", "projects/", key=key))["results"]
    assert [project["id"] for project in listed] == [world.elsewhere.pk]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"user": "nobody@example.org"}, "Nobody here has the address nobody@example.org"),
        ({"scopes": "read,fly"}, "Unknown scope fly"),
        ({"scopes": " , "}, "at least one scope"),
        ({"project": 987654321}, "project 987654321"),
        ({"name": " "}, "needed"),
    ],
    ids=str,
)
def test_a_wrong_request_is_told_plainly(world: World, options: dict[str, object], words: str) -> None:
    before = ApiToken.objects.count()
    with pytest.raises(CommandError, match=words):
        make(**{"user": world.people["owner"].email, **options})
    assert ApiToken.objects.count() == before
