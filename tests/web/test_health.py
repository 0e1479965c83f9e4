"""The health check names what is missing, to anybody and in any state."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client, override_settings

from annotator.web.views import health


@pytest.mark.django_db
def test_without_a_worker_the_site_is_not_healthy() -> None:
    answer = Client().get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {
        "status": "unavailable", "database": True, "broker": True, "workers": 0, "missing": ["workers"]
    }  # fmt: skip


@pytest.mark.django_db
def test_with_a_worker_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_workers", lambda: 2)
    answer = Client().get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": True, "broker": True, "workers": 2}


@pytest.mark.django_db
@override_settings(REDIS_URL="redis://127.0.0.1:1/0")
def test_a_broker_that_is_gone_is_named() -> None:
    assert Client().get("/healthz").json()["missing"] == ["broker", "workers"]


def test_a_database_that_is_gone_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    def gone() -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(connection, "cursor", gone)
    answer = Client().get("/healthz")
    assert answer.status_code == 503
    assert "database" in answer.json()["missing"]


@pytest.mark.django_db
def test_it_only_reads() -> None:
    assert Client().post("/healthz").status_code == 405
