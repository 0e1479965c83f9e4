"""A private PostgreSQL and Redis for a laptop, a demo and the tests.

The servers belong to a small keeper process (`keeper.py`), and every process that uses them holds a shared lock on
`users.lock`. The keeper stops them when nobody holds it any more. So a command beside a running site attaches and
leaves without harm, whoever came first, and nothing is left behind when a user is killed: the kernel frees its lock.
"""

from __future__ import annotations

import json
import os
import secrets
import select
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from annotator.stack import locks

DATABASE = "dalala"
START_SECONDS = 90.0
_PROJECT = Path(__file__).resolve().parent.parent.parent
_held: dict[Path, int] = {}


class StackError(Exception):
    """The servers cannot be had; the text is for the person at the terminal."""


@dataclass(frozen=True, slots=True)
class Addresses:
    database_url: str
    redis_url: str


@dataclass(frozen=True, slots=True)
class Places:
    """Where everything of one run folder lies."""

    run_dir: Path

    @property
    def postgres(self) -> Path:
        return self.run_dir / "postgres"

    @property
    def redis(self) -> Path:
        return self.run_dir / "redis"

    @property
    def logs(self) -> Path:
        return self.run_dir / "logs"

    @property
    def addresses(self) -> Path:
        return self.run_dir / "addresses.json"

    @property
    def users_lock(self) -> Path:
        return self.run_dir / "users.lock"

    @property
    def start_lock(self) -> Path:
        return self.run_dir / "start.lock"

    @property
    def keeper_lock(self) -> Path:
        """Held by the keeper as long as it lives; its text is the keeper's process id."""
        return self.run_dir / "keeper.lock"


def make_run_dir(run_dir: Path) -> Places:
    """The folder, entered but not listed by others: a server that may not be root has to pass through it."""
    run_dir = run_dir.resolve()
    if not run_dir.is_dir():
        run_dir.mkdir(parents=True, exist_ok=True)
        run_dir.chmod(0o711)
    places = Places(run_dir)
    places.logs.mkdir(mode=0o700, exist_ok=True)
    return places


def secret_file(path: Path, length: int = 48) -> str:
    """The secret kept in the file, made on first use; two makers at once end with the same one."""
    if not path.exists():
        fresh = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(length))
        try:
            # A link, not a rename: it fails where a second maker was first, and his secret stands.
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text(encoding="ascii").strip()


def database_url(socket_dir: Path) -> str:
    return f"postgresql://{DATABASE}@/{DATABASE}?host={quote(str(socket_dir), safe='')}"


def running(run_dir: Path) -> Addresses | None:
    """The addresses of the servers of this folder, or None when they do not run."""
    places = Places(run_dir.resolve())
    if not locks.is_held(places.keeper_lock):
        return None
    try:
        found = json.loads(places.addresses.read_text(encoding="utf-8"))
        return Addresses(found["database_url"], found["redis_url"])
    except (FileNotFoundError, ValueError, KeyError):
        return None


def expected(run_dir: Path) -> Addresses:
    """Where the servers are or would be, without starting anything."""
    return running(run_dir) or Addresses(database_url(run_dir.resolve() / "postgres"), "redis://127.0.0.1:6379/0")


def ensure(run_dir: Path, *, durable: bool = True) -> Addresses:
    """Attach to the servers of this folder, starting them when they do not run; they stay until this process ends.

    `durable=False` is for tests: the database does not wait for the disk, and its data go with it.
    """
    places = make_run_dir(run_dir)
    if places.run_dir not in _held:
        # Waits while a keeper is stopping its servers: it holds this lock alone until they are down.
        handle = locks.take(places.users_lock, shared=True, timeout=30)
        if handle is None:
            raise StackError(f"The database in {places.run_dir} is being stopped and does not end. See {places.logs}.")
        _held[places.run_dir] = handle
    found = running(places.run_dir)
    if found is not None:
        return found
    starting = locks.take(places.start_lock, timeout=START_SECONDS)
    if starting is None:
        raise StackError(f"Another process has been starting the database in {places.run_dir} for too long.")
    try:
        return running(places.run_dir) or _start(places, durable=durable)
    finally:
        os.close(starting)


def _start(places: Places, *, durable: bool) -> Addresses:
    command = [sys.executable, "-m", "annotator.stack.keeper", str(places.run_dir)]
    if not durable:
        command.append("--forgetful")
    with (
        (places.logs / "keeper.log").open("ab") as log,
        subprocess.Popen(command, cwd=_PROJECT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log) as first,
    ):
        assert first.stdout is not None
        # The first process leaves its work to a detached one and ends; the pipe stays with that one until it is ready.
        ready, _, _ = select.select([first.stdout], [], [], START_SECONDS)
        answer = first.stdout.readline().decode().strip() if ready else "the servers took too long to start"
    if answer == "ready" and (found := running(places.run_dir)):
        return found
    raise StackError(f"{answer or 'The database did not start'}. More is in {places.logs}.")


def keeper_pid(run_dir: Path) -> int | None:
    places = Places(run_dir.resolve())
    if not locks.is_held(places.keeper_lock):
        return None
    text = places.keeper_lock.read_text(encoding="ascii").strip()
    return int(text) if text else None


def release(run_dir: Path, *, timeout: float = 5.0) -> bool:
    """Let go of the servers; True when they are down, False when others still use them after `timeout` seconds."""
    run_dir = run_dir.resolve()
    handle = _held.pop(run_dir, None)
    if handle is not None:
        os.close(handle)
    return _gone(run_dir, timeout)


def stop(run_dir: Path, *, timeout: float = 15.0) -> bool:
    """Stop the servers even while others use them; True when they are down."""
    pid = keeper_pid(run_dir)
    if pid is not None:
        try:
            os.kill(pid, signal.SIGTERM)
        except ProcessLookupError:
            pass
    return release(run_dir, timeout=timeout)


def _gone(run_dir: Path, timeout: float) -> bool:
    until = time.monotonic() + timeout
    while locks.is_held(Places(run_dir).keeper_lock):
        if time.monotonic() >= until:
            return False
        time.sleep(0.05)
    return True
