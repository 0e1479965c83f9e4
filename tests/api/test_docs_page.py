"""The page about the API."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse


def test_anybody_may_read_it(db: None) -> None:
    answer = Client().get("/api/")
    assert answer.status_code == 200
    assert reverse("api_docs") == "/api/"
    assert reverse("account_login") in answer.content.decode()
    assert "'unsafe" not in answer["Content-Security-Policy"]
    assert Client().post("/api/").status_code == 405
