"""Every address: its headers, its methods, and that nothing is changed without the token of the page."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from annotator.coding.models import Assignment
from annotator.teams.models import Project
from tests.security.estate import Estate, build_estate
from tests.security.routes import Route, all_routes

ROUTES = all_routes()
each_route = pytest.mark.parametrize("route", ROUTES, ids=lambda r: r.name)


@pytest.fixture(scope="module")
def shared_estate(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Estate]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_estate()
        transaction.set_rollback(True)


@pytest.fixture
def estate(shared_estate: Estate, db: None) -> Estate:
    return shared_estate


def _read(answer: Any) -> Any:
    if answer.streaming:
        answer.whole = b"".join(answer.streaming_content)
    return answer


def _policy(answer: Any) -> dict[str, list[str]]:
    parts = [p.split() for p in answer.headers["Content-Security-Policy"].split(";") if p.strip()]
    return {p[0]: p[1:] for p in parts}


@each_route
def test_every_answer_carries_the_headers(estate: Estate, route: Route) -> None:
    for actor in ("anonymous", "owner"):
        client, headers = estate.client(actor)
        answer = _read(client.get(next(route.addresses(estate.ids)), headers=headers))
        policy = _policy(answer)
        if policy != {"sandbox": []}:  # a file, which no page can be made of
            assert policy["default-src"] == ["'none'"]
            assert policy["frame-ancestors"] == ["'none'"]
            assert policy["base-uri"] == ["'none'"]
            assert policy["object-src"] == ["'none'"]
            for directive in ("script-src", "style-src"):
                sources = policy.get(directive, [])
                assert set(sources) <= {"'self'"} | {s for s in sources if s.startswith("'nonce-")}
        assert "Content-Security-Policy-Report-Only" not in answer.headers
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        cached = answer.headers.get("Cache-Control", "")
        assert "public" not in cached


def test_the_nonce_is_never_the_same_twice(estate: Estate) -> None:
    client, _headers = estate.client("owner")
    nonces = [_policy(client.get("/"))["script-src"] for _n in range(3)]
    assert all(a != b for a, b in pairwise(nonces))
    assert all(any(s.startswith("'nonce-") for s in sources) for sources in nonces)


@each_route
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_changes_without_the_token_of_the_page(estate: Estate, route: Route, method: str) -> None:
    """A20: a form on another site has the cookie of the person and not the token."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(estate.people["owner"])
    for content_type, extra in (
        ("application/x-www-form-urlencoded", {}),
        ("text/plain", {"Origin": "https://evil.example"}),
        ("application/json", {"HX-Request": "true"}),
    ):
        answer = client.generic(
            method, next(route.addresses(estate.ids)), b'{"a": 1}', content_type=content_type, headers=extra
        )
        assert answer.status_code in (403, 404, 405), (content_type, answer.status_code)
        if route.name != "api:nowhere":
            assert answer.status_code in (403, 405)


def test_htmx_gets_through_with_the_token_and_not_with_that_of_somebody_else(estate: Estate) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(estate.people["owner"])
    token = client.get(reverse("session")).json()["csrf"]
    address = reverse("set_theme")
    for sent, status in ((token, 302), ("x" * 64, 403), (token[:-1], 403), ("", 403)):
        answer = client.post(address, {"theme": "dark"}, headers={"HX-Request": "true", "X-CSRFToken": sent})
        assert answer.status_code == status
    stranger = Client(enforce_csrf_checks=True)
    stranger.get(reverse("account_login"))
    assert stranger.post(address, {"theme": "dark"}, headers={"X-CSRFToken": token}).status_code == 403


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "https:evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "\t//evil.example",
    ],
)
def test_no_way_leads_out_of_the_house(estate: Estate, target: str) -> None:
    client = Client()
    person = estate.people["viewer"]
    for name, data in (
        ("set_theme", {"theme": "dark", "next": target}),
        ("set_language", {"language": "ar", "next": target}),
    ):
        assert client.post(reverse(name), data)["Location"] == "/"
    login = {"login": person.email, "password": "correct-horse-battery", "next": target}
    answer = client.post(reverse("account_login"), login)
    assert answer.status_code == 302
    assert "evil" not in answer["Location"]
    assert not answer["Location"].startswith(("javascript", "//", "/\\"))
    answer = client.post(reverse("account_logout"), {"next": target})
    assert "evil" not in answer.get("Location", "")


@pytest.mark.parametrize("header", ["HTTP_HOST", "HTTP_X_FORWARDED_HOST"])
def test_a_forged_host_makes_no_links(estate: Estate, header: str, mailoutbox: list[Any]) -> None:
    """A25: the mail about a forgotten password leads to us, whatever the request says."""
    answer = Client().post(
        reverse("account_reset_password"), {"email": estate.people["viewer"].email}, **{header: "evil.example"}
    )
    assert answer.status_code == (400 if header == "HTTP_HOST" else 302)
    assert all("evil.example" not in mail.body for mail in mailoutbox)


@pytest.mark.parametrize(
    "route", [r for r in ROUTES if "project_id" in r.parameters and len(r.parameters) > 1], ids=lambda r: r.name
)
def test_ids_of_two_projects_do_not_go_together(estate: Estate, route: Route) -> None:
    """A02: something of one project under the address of another, by every method."""
    if route.name == "codebook_css":
        estate.ids["version"] = [2]  # the other project has only the first
    client, _headers = estate.client("owner")
    own = Project.objects.filter(created_by=estate.people["owner"]).latest("pk")
    inner = {p: v for p, v in estate.ids.items() if p != "project_id"}
    before = Assignment.objects.count()
    for method in ("GET", "POST", "PATCH", "DELETE"):
        address = next(route.addresses({"project_id": [own.pk], **inner}))
        answer = client.generic(method, address, b"{}", content_type="application/json")
        assert answer.status_code in (404, 405)
    assert Assignment.objects.count() == before
