"""A whole site of one's own, started as `make run` starts it, and a small client for its REST door."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from tests.stack.helpers import PROJECT, clean_environment, is_gone, kill_all, named, processes_of, wait_until


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Api:
    """REST with one token over one kept connection; an answer is (status, body)."""

    def __init__(self, port: int, token: str) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.token = token

    def __call__(
        self, method: str, path: str, body: Any = None, files: dict[str, bytes] | None = None
    ) -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {self.token}"}
        raw: bytes | None = None
        if files is not None:
            raw, headers["Content-Type"] = _multipart(body or {}, files)
        elif body is not None:
            raw, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        answer = self._send(method, path, raw, headers)
        content = answer.read()
        return answer.status, json.loads(content) if "json" in (answer.getheader("Content-Type") or "") else content

    def _send(self, method: str, path: str, raw: bytes | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        path = path if path.startswith("/") else f"/api/v1/{path}"
        try:
            self.line.request(method, path, raw, headers)
            return self.line.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            # The server closed the kept connection; whether it saw the request is for the caller's ids to settle.
            self.line.close()
            self.line.request(method, path, raw, headers)
            return self.line.getresponse()

    def must(self, method: str, path: str, body: Any = None, files: dict[str, bytes] | None = None) -> Any:
        status, content = self(method, path, body, files)
        if status >= 400:
            raise AssertionError(f"{method} {path}: {status} {content}")
        return content

    def wait_for(self, job: str, seconds: float = 60, until: str = "over", every: float = 0.1) -> Any:
        """The job when it is over, or when it has done as many as `until` says."""
        end = time.monotonic() + seconds
        while True:
            found = self.must("GET", f"jobs/{job}/")
            over = found["state"] in ("done", "failed", "cancelled")
            if over or (until != "over" and found["progress"]["done"] >= int(until)):
                return found
            if time.monotonic() > end:
                raise AssertionError(f"after {seconds} s the job is still {found}")
            time.sleep(every)


def _multipart(fields: dict[str, str], files: dict[str, bytes]) -> tuple[bytes, str]:
    mark = "----dalala-form"
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for name, raw in files.items():
        head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        parts.append(f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + raw + b"\r\n")
    return b"".join(parts) + f"--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"


@dataclass
class Site:
    run_dir: Path
    port: int
    process: subprocess.Popen[str]
    environment: dict[str, str]
    said: str = ""
    _read: threading.Thread | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def password(self) -> str:
        return (self.run_dir / "demo_password").read_text(encoding="ascii").strip()

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=PROJECT, env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def api(self, email: str = "owner@example.org") -> Api:
        return Api(self.port, self.manage("create_token", "--user", email).split()[-1])

    def health(self) -> tuple[int, Any]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            line.request("GET", "/healthz")
            answer = line.getresponse()
            return answer.status, json.load(answer)
        except (OSError, ValueError) as problem:
            return 0, str(problem)
        finally:
            line.close()

    def processes(self) -> dict[str, list[psutil.Process]]:
        """All processes of the site by what they are; `postgres` holds the database's."""
        everything = processes_of(self.run_dir)
        kinds = {
            "web": named(everything, "gunicorn"),
            "worker": named(everything, "celery", " worker"),
            "beat": named(everything, "celery", " beat"),
            "redis": named(everything, "redis-server"),
            "supervisor": [psutil.Process(self.process.pid)],
            "keeper": named(everything, "annotator.stack.keeper"),
            "postgres": named(everything, "postgres"),
        }
        kinds["postgres"] = [p for p in kinds["postgres"] if p not in kinds["keeper"]]
        return kinds

    def pid(self, kind: str) -> int:
        """The first process of its kind: what the supervisor or the keeper started, which leads its group."""
        return next(p.pid for p in self.processes()[kind] if os.getpgid(p.pid) == p.pid)


@contextmanager
def site(run_dir: Path, **more: str) -> Iterator[Site]:
    """A running site with its demo; nothing of it is left afterwards."""
    port = free_port()
    environment = clean_environment(RUN_DIR=str(run_dir), **more)
    process = subprocess.Popen(
        [sys.executable, "manage.py", "run"],
        cwd=PROJECT, env={**environment, "PORT": str(port)}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    made = Site(run_dir, port, process, environment)
    try:
        assert process.stdout is not None
        for line in process.stdout:
            made.said += line
            if "Ctrl-C" in line:
                break
        else:
            raise AssertionError(f"the site did not start:\n{made.said}")
        # Somebody must read on, or the supervisor would wait for the full pipe.
        made._read = threading.Thread(target=process.stdout.read, daemon=True)
        made._read.start()
        yield made
    finally:
        everything = processes_of(run_dir)
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
        wait_until(lambda: all(is_gone(one) for one in everything), seconds=5)
        kill_all([one for one in everything if not is_gone(one)])
        if made._read:
            made._read.join(5)
        if process.stdout:
            process.stdout.close()
