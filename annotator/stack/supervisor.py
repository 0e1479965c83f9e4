"""`make run`: starts the whole site on one machine, revives what dies, and stops everything in order.

It stays small on purpose and never loads Django. Three promises: the address is printed when the site answers; Ctrl-C
or SIGTERM end everything within ten seconds; a supervisor that is killed leaves nothing behind (see `guard.py`).
"""

from __future__ import annotations

import errno
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from annotator.stack import embedded, env, locks, processes
from annotator.stack.embedded import Addresses, Places, StackError
from annotator.stack.guard import Guard, alive
from annotator.stack.servers import open_log

PEOPLE = ("owner", "manager", "reviewer", "annotator", "annotator2", "viewer")
BUSY = 2
HEALTH_SECONDS = 90.0
STEADY_SECONDS = 60.0
LONGEST_PAUSE = 30.0


class Stopped(Exception):
    """Somebody asked the site to stop while it was starting."""


@dataclass
class Child:
    """One process of the site, in a group of its own, so that a Ctrl-C reaches only the supervisor."""

    name: str
    command: Callable[[], list[str]]
    pass_fds: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    next_try: float = 0.0

    def start(self, places: Places, environment: dict[str, str], guard: Guard) -> None:
        log = open_log(places, self.name)
        try:
            self.process = subprocess.Popen(
                self.command(),
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=self.pass_fds,
                start_new_session=True,
            )
        finally:
            os.close(log)
        self.started = time.monotonic()
        guard.add(self.process.pid)

    @property
    def is_up(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        """To the process alone: it knows how to end its own children."""
        if self.process is not None and self.is_up:
            self.process.send_signal(number)

    def end(self, until: float, guard: Guard) -> None:
        """Wait for it until then; after that its whole group is killed, stragglers included."""
        if self.process is None:
            return
        group = self.process.pid
        while time.monotonic() < until and (self.is_up or alive(group)):
            time.sleep(0.03)
        if self.is_up or alive(group):
            try:
                os.killpg(group, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self.process.wait(5)
        guard.remove(group)
        self.process = None


@dataclass
class Supervisor:
    places: Places
    host: str
    port: int
    children: list[Child] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    asked_to_stop: int = 0
    own_servers: bool = False
    parent: int = field(default_factory=os.getppid)

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def demo(self) -> bool:
        return self.environment.get("DALALA_DEMO") == "1"

    def run(self, listener: socket.socket) -> int:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        # Before anything else is open, so that the guard's copy of this process holds nothing but its pipe.
        guard = Guard()
        try:
            self._start(listener, guard)
            self._tell_address()
            self._watch(guard)
        except Stopped:
            pass
        except StackError as problem:
            say(f"Dalala could not start: {problem}")
            return 1
        finally:
            self._stop(listener, guard)
        return 0

    def _start(self, listener: socket.socket, guard: Guard) -> None:
        self.environment = self._environment()
        addresses = self._servers()
        self.environment |= {"DATABASE_URL": addresses.database_url, "REDIS_URL": addresses.redis_url}
        (self.places.run_dir / "run.json").write_text(
            json.dumps({"pid": os.getpid(), "address": self.address, "site_url": self.environment["SITE_URL"]}),
            encoding="utf-8",
        )
        self._prepare(guard)
        listening = listener.fileno()
        schedule = self.places.run_dir / "beat" / "schedule"
        self.children = [
            Child("web", lambda: processes.web(f"fd://{listening}", graceful=3), pass_fds=(listening,)),
            Child("worker", processes.worker),
            Child("beat", lambda: processes.beat(schedule)),
        ]
        for child in self.children:
            child.start(self.places, self.environment, guard)
        self._wait_healthy(guard)

    def _environment(self) -> dict[str, str]:
        made = dict(os.environ)
        made.setdefault("DALALA_DEMO", "" if made.get("SECRET_KEY") else "1")
        made.setdefault("SITE_URL", f"http://127.0.0.1:{self.port}")
        made["RUN_DIR"] = str(self.places.run_dir)
        made["DJANGO_SETTINGS_MODULE"] = made.get("DJANGO_SETTINGS_MODULE") or "annotator.settings"
        made["PYTHONUNBUFFERED"] = "1"
        # glibc would keep freed memory in as many heaps as there were threads.
        made.setdefault("MALLOC_ARENA_MAX", "2")
        if made["DALALA_DEMO"] == "1":
            made["DALALA_DEMO_PASSWORD"] = env.demo_password(self.places.run_dir)
        return made

    def _servers(self) -> Addresses:
        self.own_servers = not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))
        return env.resolve(self.places.run_dir)

    def _prepare(self, guard: Guard) -> None:
        step = Child("prepare", lambda: [sys.executable, "-m", "annotator.stack", "prepare"])
        step.start(self.places, self.environment, guard)
        try:
            while step.is_up:
                self._check_stop()
                time.sleep(0.03)
            assert step.process is not None
            if step.process.returncode:
                log = self.places.logs / "prepare.log"
                last = [line for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
                raise StackError(f"{last[-1] if last else 'the preparation failed'} (all of it: {log})")
        finally:
            step.end(time.monotonic() if step.is_up else time.monotonic() + 1, guard)

    def _wait_healthy(self, guard: Guard) -> None:
        until = time.monotonic() + HEALTH_SECONDS
        answer = ""
        while time.monotonic() < until:
            self._check_stop()
            self._revive(guard)
            healthy, answer = self._health()
            if healthy:
                return
            time.sleep(0.1)
        raise StackError(f"the site does not answer on {self.address}/healthz ({answer}). See {self.places.logs}.")

    def _health(self) -> tuple[bool, str]:
        line = http.client.HTTPConnection(self.host, self.port, timeout=5)
        try:
            line.request("GET", "/healthz", headers={"Host": f"127.0.0.1:{self.port}"})
            answer = line.getresponse()
            return answer.status == 200, f"{answer.status} {answer.read(300).decode(errors='replace')}"
        except (OSError, http.client.HTTPException) as problem:
            return False, str(problem) or type(problem).__name__
        finally:
            line.close()

    def _tell_address(self) -> None:
        lines = ["", f"  Dalala runs at {self.environment['SITE_URL']}"]
        if self.demo:
            lines += ["", "  Demo log-ins, all with the password " + self.environment["DALALA_DEMO_PASSWORD"]]
            lines += [f"    {name}@example.org" for name in PEOPLE]
        lines += ["", f"  Logs are in {self.places.logs}. Ctrl-C stops everything.", ""]
        say("\n".join(lines))

    def _watch(self, guard: Guard) -> None:
        next_look = 0.0
        while True:
            self._check_stop()
            self._revive(guard)
            now = time.monotonic()
            if self.own_servers and now >= next_look:
                next_look = now + 2
                if embedded.running(self.places.run_dir) is None:
                    self._note("the database keeper is gone; starting it again")
                    env.resolve(self.places.run_dir)
            time.sleep(0.2)

    def _revive(self, guard: Guard) -> None:
        now = time.monotonic()
        for child in self.children:
            if child.process is None or child.is_up:
                continue
            if not child.next_try:
                # What is left of the dead one's group goes first: two of a kind must not run.
                code, group = child.process.returncode, child.process.pid
                if alive(group):
                    os.killpg(group, signal.SIGKILL)
                guard.remove(group)
                child.deaths = 1 if now - child.started > STEADY_SECONDS else child.deaths + 1
                pause = min(0.25 * 2**child.deaths, LONGEST_PAUSE)
                child.next_try = now + pause
                self._note(f"{child.name} ended with {code}; starting it again in {pause:.1f} s")
            elif now >= child.next_try:
                child.next_try = 0.0
                child.start(self.places, self.environment, guard)

    def _stop(self, listener: socket.socket, guard: Guard) -> None:
        """In order: no new requests, running ones answered; the job at hand done; then the servers."""
        self.asked_to_stop = max(self.asked_to_stop, 1)
        begun = time.monotonic()
        listener.close()
        by_name = {child.name: child for child in self.children}
        for name, seconds in (("web", 3.5), ("beat", 3.5), ("worker", 5.5)):
            if name in by_name:
                by_name[name].signal(signal.SIGTERM)
            if name == "web" and "beat" in by_name:
                by_name["beat"].signal(signal.SIGTERM)
            if name in by_name:
                by_name[name].end(begun + seconds, guard)
        guard.close()
        (self.places.run_dir / "run.json").unlink(missing_ok=True)
        if self.own_servers and not embedded.release(self.places.run_dir, timeout=3.5):
            say("Another command still uses the database; it stops after that one.")
        else:
            say("Dalala has stopped.")

    def _check_stop(self) -> None:
        if os.environ.get("DALALA_WITH_PARENT") == "1" and os.getppid() != self.parent:
            raise Stopped  # `make` was killed; nobody is left to press Ctrl-C
        if self.asked_to_stop:
            raise Stopped

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.asked_to_stop += 1

    def _note(self, text: str) -> None:
        with (self.places.logs / "supervisor.log").open("a", encoding="utf-8") as log:
            log.write(f"{datetime.now(UTC).isoformat(timespec='seconds')} {text}\n")
        say(f"Dalala: {text}")


def say(text: str) -> None:
    """To the terminal, which may already be gone."""
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except (BrokenPipeError, ValueError):
        pass


def listen(host: str, port: int) -> socket.socket:
    """The site's own socket: it stays open over restarts of the web server, so that no visitor is refused."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(512)
    except OSError:
        listener.close()
        raise
    return listener


def main(run_dir: Path | None = None) -> int:
    places = embedded.make_run_dir(run_dir or env.default_run_dir())
    try:
        host, port = os.environ.get("BIND") or "127.0.0.1", int(os.environ.get("PORT") or 8000)
        if not 0 < port < 65536:
            raise ValueError
    except ValueError:
        say(f"PORT must be a number from 1 to 65535, not {os.environ['PORT']!r}.")
        return BUSY
    mine = locks.take(places.run_dir / "supervisor.lock")
    if mine is None:
        say(_already_running(places))
        return BUSY
    try:
        listener = listen(host, port)
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            say(f"Port {port} is in use by another program. Choose another one: PORT={port + 1} make run")
        else:
            say(f"Cannot listen on {host}:{port}: {problem.strerror}. Choose another one: PORT=8001 make run")
        return BUSY
    try:
        return Supervisor(places, host, port).run(listener)
    finally:
        os.close(mine)


def _already_running(places: Places) -> str:
    try:
        found = json.loads((places.run_dir / "run.json").read_text(encoding="utf-8"))
        where = f" at {found['address']} (process {found['pid']})"
    except (FileNotFoundError, ValueError, KeyError):
        where = ""
    return f"Dalala already runs from this folder{where}. Stop that one first, or use another RUN_DIR and PORT."
