"""Which servers are used, and when none is started."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from annotator.stack import embedded, env


def test_the_environment_comes_first(run_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example/dalala")
    monkeypatch.setenv("REDIS_URL", "redis://broker.example/0")
    found = env.resolve(run_dir)
    assert (found.database_url, found.redis_url) == ("postgresql://db.example/dalala", "redis://broker.example/0")
    assert not run_dir.exists()


def test_nothing_is_started_where_it_is_forbidden(run_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DALALA_NO_EMBEDDED", "1")
    assert env.resolve(run_dir).database_url.startswith("postgresql://")
    assert embedded.running(run_dir) is None
    assert not run_dir.exists()


@pytest.mark.slow
def test_one_given_address_is_used_beside_one_embedded(run_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example/dalala")
    found = env.resolve(run_dir)
    assert found.database_url == "postgresql://db.example/dalala"
    running = embedded.running(run_dir)
    assert running is not None
    assert found.redis_url == running.redis_url


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "DALALA_DEMO"])
def test_a_command_where_something_is_configured_is_no_demo(
    run_dir: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "0")
    env.assume_laptop()
    assert os.environ.get("DALALA_DEMO") in (None, "0")


def test_a_command_beside_a_running_demo_knows_its_address(run_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_dir.mkdir()
    (run_dir / "run.json").write_text(json.dumps({"site_url": "http://127.0.0.1:8123"}))
    monkeypatch.setenv("RUN_DIR", str(run_dir))
    monkeypatch.setenv("SITE_URL", "")
    monkeypatch.delenv("SITE_URL")
    env.assume_laptop()
    assert os.environ["DALALA_DEMO"] == "1"
    assert os.environ["SITE_URL"] == "http://127.0.0.1:8123"


def test_the_demo_password_is_kept_unless_given(run_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = env.demo_password(run_dir)
    assert len(kept) >= 12
    assert env.demo_password(run_dir) == kept
    monkeypatch.setenv("DALALA_DEMO_PASSWORD", "chosen by hand")
    assert env.demo_password(run_dir) == "chosen by hand"


def test_two_test_runs_have_folders_of_their_own(run_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUN_DIR", str(run_dir))
    left_by_a_killed_run = run_dir / "test" / "4194305"  # above the largest process id
    left_by_a_killed_run.mkdir(parents=True)
    for name in ("DALALA_FORGETFUL", "DALALA_DEMO"):
        monkeypatch.setenv(name, "")
    env.for_tests()
    assert os.environ["RUN_DIR"] == str(run_dir / "test" / str(os.getpid()))
    assert not left_by_a_killed_run.exists()
    env.for_tests()
    assert os.environ["RUN_DIR"] == str(run_dir / "test" / str(os.getpid()))
