"""A server that is set up dangerously does not start, or says so."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import run_checks
from django.db import connection

from annotator.teams.checks import unsafe_database, unsafe_settings

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "SECRET_KEY": "k7Qw-9tRz_2mVx8pLs4nBd6hGf1jYc3e",
    "SITE_URL": "https://dalala.example.org",
    "DATABASE_URL": "postgres://dalala@db/dalala",
    "REDIS_URL": "redis://:secret@redis:6379/0",
}
READ = """
import json
from annotator import settings as s
print(json.dumps({k: getattr(s, k) for k in dir(s) if k.isupper() and isinstance(getattr(s, k), (str, int, list, dict, bool))}, default=lambda _x: None))
"""


def _start(**environment: str | None) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if k in ("PATH", "HOME", "LANG", "VIRTUAL_ENV")}
    given = {k: v for k, v in {**GOOD, **environment}.items() if v is not None}
    return subprocess.run(
        [sys.executable, "-c", READ], cwd=ROOT, env={**clean, **given}, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "short"}, "too weak"),
        ({"SECRET_KEY": "django-insecure-" + "x9Kq2" * 10}, "too weak"),
        ({"SECRET_KEY": "ab" * 30}, "too weak"),
        ({"SITE_URL": None}, "SITE_URL is not set"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "dalala.example.org,*.org"}, "ALLOWED_HOSTS"),
    ],
)
def test_a_dangerous_environment_stops_the_start(change: dict[str, str | None], says: str) -> None:
    done = _start(**change)
    assert done.returncode != 0
    assert says in done.stderr.splitlines()[-1]


def test_behind_https_cookies_are_bound_to_the_host() -> None:
    done = _start()
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    for cookie in ("SESSION", "CSRF"):
        assert found[f"{cookie}_COOKIE_NAME"].startswith("__Host-")
        assert found[f"{cookie}_COOKIE_SECURE"] is True
        assert found[f"{cookie}_COOKIE_HTTPONLY"] is True
        assert found[f"{cookie}_COOKIE_SAMESITE"] == "Lax"
    assert found["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert found["ALLOWED_HOSTS"] == ["dalala.example.org", "127.0.0.1", "localhost"]
    assert found["DEBUG"] is False
    assert found["MEDIA_URL"] == ""
    assert found["CELERY_ACCEPT_CONTENT"] == ["json"]
    assert found["PASSWORD_HASHERS"] == ["django.contrib.auth.hashers.Argon2PasswordHasher"]


def test_the_address_of_a_client_is_believed_only_behind_a_proxy() -> None:
    for behind, count in (("false", 0), ("true", 1)):
        found = json.loads(_start(BEHIND_PROXY=behind).stdout)
        assert found["ALLAUTH_TRUSTED_PROXY_COUNT"] == count
        assert found["REST_FRAMEWORK"]["NUM_PROXIES"] == count


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"CELERY_ACCEPT_CONTENT": ["json", "pickle"]}, "dalala.E001"),
        ({"CELERY_TASK_SERIALIZER": "pickle"}, "dalala.E001"),
        ({"MEDIA_URL": "/media/"}, "dalala.E002"),
        ({"STATIC_ROOT": Path("/srv/site"), "MEDIA_ROOT": Path("/srv/site/files")}, "dalala.E003"),
        ({"STATIC_ROOT": Path("/srv/site"), "MEDIA_ROOT": Path("/srv/site")}, "dalala.E003"),
        ({"DEBUG": True, "SITE_URL": "https://dalala.example.org"}, "dalala.E004"),
        ({"REDIS_URL": "redis://redis:6379/0"}, "dalala.W001"),
        ({"HTTPS": False, "SITE_URL": "http://dalala.example.org"}, "dalala.W002"),
    ],
)
def test_checks_name_what_is_wrong(settings: Any, change: dict[str, Any], check: str) -> None:
    assert check not in {m.id for m in unsafe_settings(None)}
    for key, value in change.items():
        setattr(settings, key, value)
    assert check in {m.id for m in unsafe_settings(None)}


@pytest.mark.django_db
def test_a_database_that_may_lose_commits_is_named() -> None:
    def found() -> set[str | None]:
        return {m.id for m in unsafe_database(None, ["default"])}

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
    assert "dalala.E005" in found()
    assert not unsafe_database(None, None)


def test_the_site_as_it_is_tested_has_no_security_errors() -> None:
    assert not [m for m in run_checks(tags=["security"]) if m.level >= 40 and str(m.id).startswith("dalala")]


def test_without_secrets_nothing_in_the_repository_lets_one_in() -> None:
    compose = (ROOT / "docker-compose.yml").read_text()
    for line in compose.splitlines():
        name, _colon, value = (part.strip() for part in line.partition(":"))
        if name in ("SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD"):
            assert value.startswith("${"), line
            assert ":?" in value, f"{name} must be asked for, not guessed: {line}"
