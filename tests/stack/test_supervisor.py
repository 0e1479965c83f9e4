"""`make run` from outside: what a person at the terminal and a killed process see."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

import psutil
import psycopg
import pytest

from annotator.stack import embedded
from tests.stack.helpers import PROJECT, clean_environment, is_gone, kill_all, named, processes_of, wait_until

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(run_dir: Path, port: int | str, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "run"],
        cwd=PROJECT,
        env=clean_environment(RUN_DIR=str(run_dir), PORT=str(port), **more),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def read_until(process: subprocess.Popen[str], word: str) -> str:
    assert process.stdout is not None
    seen = ""
    for line in process.stdout:
        seen += line
        if word in line:
            return seen
    raise AssertionError(f"{word!r} was not printed, but:\n{seen}")


def health(port: int) -> dict[str, object]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
            return dict(json.load(answer))
    except (URLError, OSError):
        return {}


@contextmanager
def site(run_dir: Path, port: int) -> Iterator[tuple[subprocess.Popen[str], str]]:
    with start(run_dir, port) as process:
        try:
            yield process, read_until(process, "Ctrl-C")
        finally:
            if process.poll() is None:
                process.kill()
            everything = processes_of(run_dir)
            wait_until(lambda: all(is_gone(one) for one in everything), seconds=10)
            kill_all(everything)


def test_a_day_of_the_site(run_dir: Path) -> None:
    port = free_port()
    with site(run_dir, port) as (supervisor, said):
        assert f"http://127.0.0.1:{port}" in said
        password = (run_dir / "demo_password").read_text()
        assert password in said
        assert all(f"{name}@example.org" in said for name in ("owner", "annotator2", "viewer"))
        assert health(port)["status"] == "ok"

        # A second start from the same folder, and one from elsewhere with the same port.
        second = start(run_dir, free_port())
        out, _ = second.communicate(timeout=20)
        assert (second.returncode, "already runs" in out, str(port) in out) == (2, True, True)
        third = start(run_dir / "elsewhere", port)
        out, _ = third.communicate(timeout=20)
        assert third.returncode == 2
        assert out.strip().count("\n") == 0
        assert f"PORT={port + 1} make run" in out

        # A killed worker and a killed web server come back by themselves.
        for words in (("celery", " worker "), ("gunicorn",)):
            (old,) = [one for one in named(processes_of(run_dir), *words) if one.ppid() == supervisor.pid]
            old.kill()
            assert wait_until(lambda old=old: is_gone(old))
            assert wait_until(
                lambda words=words, old=old: [
                    one
                    for one in named(psutil.Process(supervisor.pid).children(), *words)
                    if one.pid != old.pid and not is_gone(one)
                ]
            )
        assert wait_until(lambda: health(port).get("status") == "ok", seconds=40)

        addresses = embedded.running(run_dir)
        assert addresses is not None
        with psycopg.connect(addresses.database_url) as connection:
            connection.execute("CREATE TABLE note AS SELECT 'kept' AS words")

        everything = processes_of(run_dir)
        begun = time.monotonic()
        supervisor.send_signal(signal.SIGTERM)
        assert supervisor.wait(timeout=15) == 0
        assert time.monotonic() - begun < 10
        assert wait_until(lambda: all(is_gone(one) for one in everything), seconds=2)
        assert embedded.running(run_dir) is None

    # The next day: the same password, and what was written is there. This time the supervisor is killed.
    with site(run_dir, port) as (supervisor, said):
        assert password in said
        with psycopg.connect(addresses.database_url) as connection:
            assert connection.execute("SELECT words FROM note").fetchone() == ("kept",)
        everything = processes_of(run_dir)
        assert len(named(everything, "gunicorn")) >= 2
        supervisor.kill()
        assert wait_until(lambda: all(is_gone(one) for one in everything), seconds=15)


def test_ctrl_c_while_it_starts_stops_it_too(run_dir: Path) -> None:
    with start(run_dir, free_port()) as process:
        assert wait_until(lambda: (run_dir / "run.json").exists())
        everything = processes_of(run_dir)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=15) == 0
        assert wait_until(lambda: all(is_gone(one) for one in everything), seconds=2)


def test_a_preparation_that_fails_is_told_and_nothing_stays(run_dir: Path) -> None:
    with start(run_dir, free_port(), TIME_ZONE="Atlantis/Nowhere") as process:
        out, _ = process.communicate(timeout=60)
        assert process.returncode == 1
        assert "could not start" in out
        assert "prepare.log" in out
    assert wait_until(lambda: not processes_of(run_dir))


@pytest.mark.parametrize("port", ["0", "70000", "http"])
def test_a_port_that_is_none_is_refused(run_dir: Path, port: str) -> None:
    with start(run_dir, port) as process:
        out, _ = process.communicate(timeout=20)
    assert process.returncode == 2
    assert "PORT must be a number" in out


def test_the_supervisor_and_the_keeper_never_load_django() -> None:
    program = (
        "import sys; import annotator.stack.supervisor, annotator.stack.keeper;"
        "print([name for name in sys.modules if name.split('.')[0] in ('django', 'celery', 'psycopg', 'redis')])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_site_ends_when_make_is_killed(run_dir: Path) -> None:
    program = "import subprocess, sys; subprocess.run([sys.executable, 'manage.py', 'run'])"
    with subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=PROJECT,
        env=clean_environment(RUN_DIR=str(run_dir), PORT=str(free_port()), DALALA_WITH_PARENT="1"),
        stdout=subprocess.DEVNULL,
    ) as make:
        assert wait_until(lambda: (run_dir / "run.json").exists())
        everything = processes_of(run_dir)
        os.kill(make.pid, signal.SIGKILL)
        make.wait()
        assert wait_until(lambda: all(is_gone(one) for one in everything), seconds=15)
