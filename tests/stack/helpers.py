"""Processes as the tests see them from outside."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg
import redis

from annotator.stack.embedded import Addresses

PROJECT = Path(__file__).resolve().parents[2]


REMOVED = (
    "DATABASE_URL", "REDIS_URL", "RUN_DIR", "SECRET_KEY", "SITE_URL", "PORT", "BIND", "DJANGO_SETTINGS_MODULE",
    "DALALA_FORGETFUL", "DALALA_NO_EMBEDDED", "DALALA_DEMO", "DALALA_DEMO_PASSWORD", "DALALA_WITH_PARENT",
)  # fmt: skip


def clean_environment(**given: str) -> dict[str, str]:
    """The environment of somebody who has set nothing, but for what is given."""
    return {name: value for name, value in os.environ.items() if name not in REMOVED} | given


def wait_until(condition: Callable[[], object], seconds: float = 15.0) -> bool:
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def attached(run_dir: Path, seconds: float = 60) -> subprocess.Popen[str]:
    """Another process that uses the servers of the folder until it is ended."""
    program = (
        "import sys, time; from pathlib import Path; from annotator.stack import embedded;"
        "print(embedded.ensure(Path(sys.argv[1])).database_url, flush=True); time.sleep(float(sys.argv[2]))"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program, str(run_dir), str(seconds)],
        cwd=PROJECT,
        env=clean_environment(),
        stdout=subprocess.PIPE,
        text=True,
    )


def database_answers(addresses: Addresses) -> bool:
    try:
        with psycopg.connect(addresses.database_url, connect_timeout=3) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def broker_answers(addresses: Addresses) -> bool:
    with redis.Redis.from_url(addresses.redis_url, socket_timeout=3) as broker:
        try:
            return bool(broker.ping())
        except redis.ConnectionError:
            return False


def processes_of(run_dir: Path) -> list[psutil.Process]:
    """Every process that names the folder in its command or its environment, and all their children."""
    found: dict[int, psutil.Process] = {}
    needle = str(run_dir)
    for process in psutil.process_iter():
        try:
            named = any(needle in word for word in process.cmdline()) or needle in process.environ().get("RUN_DIR", "")
            if named and process.pid != os.getpid():
                for one in (process, *process.children(recursive=True)):
                    found[one.pid] = one
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return list(found.values())


def named(processes: list[psutil.Process], *words: str) -> list[psutil.Process]:
    found = []
    for process in processes:
        try:
            command = " ".join(process.cmdline())
        except psutil.NoSuchProcess:
            continue
        if all(word in command for word in words):
            found.append(process)
    return found


def is_gone(process: psutil.Process) -> bool:
    """Ended; one that waits only for its parent to notice counts as ended."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def kill_all(processes: list[psutil.Process]) -> None:
    for process in processes:
        try:
            process.send_signal(signal.SIGKILL)
        except psutil.NoSuchProcess:
            continue
