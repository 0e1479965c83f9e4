"""A01: whoever asks for whatever address, nobody reads what is not theirs, nothing breaks, and asking changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from tests.security.estate import ACTORS, PEOPLE, TOKENS, Estate, build_estate, who_is
from tests.security.routes import FRAGMENTS, QUERIES, SAMPLES, Route, all_routes

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
ROUTES = all_routes()
# What a GET may write: sessions (the CSRF secret and messages), counters of the throttle, when a token was used.
MAY_CHANGE = {"django_session", "teams_cache"}
NOT_SHOWN = {"reason of declining"}  # kept in the log, which does not show it yet


@pytest.fixture(scope="module")
def shared_estate(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Estate]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_estate()
        transaction.set_rollback(True)


@pytest.fixture
def estate(shared_estate: Estate, db: None) -> Estate:
    return shared_estate


def _only_post(route: Route, estate: Estate, client: Client, headers: dict[str, str]) -> bool:
    return _ask(client, next(route.addresses(estate.ids)), headers)[0] == 405


def _ask(client: Client, url: str, headers: dict[str, str]) -> tuple[int, bytes]:
    answer = client.get(url, headers=headers)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    shown = b"\n".join(f"{k}: {v}".encode() for k, v in answer.headers.items())
    return answer.status_code, body + shown


def _rows() -> dict[str, Any]:
    """A fingerprint of every table."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) - MAY_CHANGE
        out = {}
        for table in sorted(tables):
            left_out = " - 'last_used_at'" if table == "teams_apitoken" else ""
            cursor.execute(
                f"SELECT count(*), md5(string_agg(x, '' ORDER BY x)) FROM"
                f' (SELECT (to_jsonb(t){left_out})::text AS x FROM "{table}" t) s'
            )
            out[table] = cursor.fetchone()
        return out


def test_every_parameter_and_query_of_the_site_is_known(estate: Estate) -> None:
    unknown = {p for r in ROUTES if r.name not in SAMPLES for p in r.parameters} - estate.ids.keys()
    assert not unknown, f"say in estate.py which values {unknown} can take"
    names = {r.name for r in ROUTES}
    assert QUERIES.keys() | SAMPLES.keys() | FRAGMENTS <= names, "a route of these tables is gone"
    assert all(estate.ids.values())


@pytest.mark.parametrize("actor", ACTORS)
def test_nobody_reads_what_is_not_theirs(estate: Estate, actor: str, record_property: Any) -> None:
    client, headers = estate.client(actor)
    reader = who_is(actor)
    before = _rows()
    leaks, broken, statuses, asked = [], [], Counter[int](), 0
    seen: set[str] = set()
    for route in ROUTES:
        if actor in TOKENS and not route.is_api and route.name not in ("home", "project", "workspace"):
            continue  # no page takes tokens; three are asked to be sure
        if route.name == "account_logout" or (actor not in ("owner", "anonymous") and route.name == "healthz"):
            continue  # a GET of the log-out page asks first; `healthz` waits for workers and says booleans
        posting = _only_post(route, estate, client, headers)
        for address in route.addresses(estate.ids):
            for query in [""] if posting else route.queries(estate.ids):
                for extra in ({}, {"HX-Request": "true"}) if route.name in FRAGMENTS else ({},):
                    status, body = _ask(client, address + query, headers | extra)
                    asked += 1
                    statuses[status] += 1
                    found = estate.seen_in(body)
                    seen |= found
                    leaks += [
                        (address + query, *estate.canaries[c]) for c in found if reader not in estate.canaries[c][1]
                    ]
                    if status >= 500 and route.name != "healthz":
                        broken.append((address + query, status))
            if posting:
                break
    record_property(
        "crawl", (actor, len(ROUTES), asked, sum(n for s, n in statuses.items() if s == 200), len(seen), len(leaks))
    )
    assert not leaks
    assert not broken
    assert _rows() == before
    # The crawl would prove nothing if it did not find what is there to be found.
    if actor in PEOPLE:
        missing = {c for c, (_what, seers) in estate.canaries.items() if actor in seers} - seen
        assert {estate.canaries[c][0] for c in missing} <= NOT_SHOWN
