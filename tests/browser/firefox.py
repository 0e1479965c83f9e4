"""Firefox by its own remote protocol (Marionette): lengths and JSON over a socket, so nothing but the browser is needed."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROGRAM = shutil.which("firefox-esr") or shutil.which("firefox")
_PREFERENCES = {
    "marionette.port": 0,  # any; it is written into the profile
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "app.update.disabledForTesting": True,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "browser.safebrowsing.update.enabled": False,
    "extensions.update.enabled": False,
    "ui.prefersReducedMotion": 1,
}
SHIFT, CONTROL = "\ue008", "\ue009"


class Firefox:
    """A window. Scripts see the page as the page sees itself."""

    def __init__(self, port: int) -> None:
        self.line = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.count = 0
        self._receive()  # the greeting
        self("WebDriver:NewSession", {"capabilities": {"alwaysMatch": {"acceptInsecureCerts": True}}})

    def __call__(self, command: str, parameters: dict[str, Any] | None = None) -> Any:
        self.count += 1
        message = json.dumps([0, self.count, command, parameters or {}]).encode()
        self.line.sendall(f"{len(message)}:".encode() + message)
        _kind, _number, error, result = self._receive()
        if error:
            raise AssertionError(f"{command}: {error['error']}: {error['message']}")
        return result.get("value") if isinstance(result, dict) and set(result) == {"value"} else result

    def _receive(self) -> Any:
        head = b""
        while not head.endswith(b":"):
            head += self.line.recv(1)
        left, parts = int(head[:-1]), []
        while left:
            parts.append(self.line.recv(left))
            left -= len(parts[-1])
        return json.loads(b"".join(parts))

    def open(self, url: str) -> None:
        self("WebDriver:Navigate", {"url": url})

    def run(self, script: str, *arguments: Any) -> Any:
        """A script with `canvas` and its arguments in `x`."""
        body = (
            f"const page = window, canvas = page.document.querySelector('annotation-canvas'), x = arguments; {script}"
        )
        return self("WebDriver:ExecuteScript", {"script": body, "args": list(arguments), "newSandbox": False})

    def until(self, script: str, *arguments: Any, seconds: float = 15) -> Any:
        end = time.monotonic() + seconds
        while not (found := self.run(script, *arguments)):
            assert time.monotonic() < end, f"never true: {script}"
            time.sleep(0.03)
        return found

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self._pointer(
            self._move(*start),
            {"type": "pointerDown", "button": 0},
            self._move(*end),
            {"type": "pointerUp", "button": 0},
        )

    def click(self, x: float, y: float) -> None:
        self._pointer(self._move(x, y), {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0})

    @staticmethod
    def _move(x: float, y: float) -> dict[str, Any]:
        return {"type": "pointerMove", "x": round(x), "y": round(y), "duration": 30, "origin": "viewport"}

    def _pointer(self, *actions: dict[str, Any]) -> None:
        mouse = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": list(actions)}
        self("WebDriver:PerformActions", {"actions": [mouse]})
        self("WebDriver:ReleaseActions")

    def press(self, *keys: str) -> None:
        """Keys held down together, in order, as a keyboard sends them."""
        actions = [{"type": "keyDown", "value": key} for key in keys]
        actions += [{"type": "keyUp", "value": key} for key in reversed(keys)]
        self("WebDriver:PerformActions", {"actions": [{"type": "key", "id": "keys", "actions": actions}]})
        self("WebDriver:ReleaseActions")


@contextmanager
def firefox() -> Iterator[Firefox]:
    """A Firefox with a profile of its own; nothing of it is left afterwards."""
    assert PROGRAM, "Firefox is missing: make system-packages"
    with tempfile.TemporaryDirectory(prefix="dalala-firefox-") as home:
        profile = Path(home) / "profile"
        profile.mkdir()
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in _PREFERENCES.items()]
        (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
        process = subprocess.Popen(
            [PROGRAM, "--headless", "--marionette", "--no-remote", "--profile", str(profile), "--width", "1280", "--height", "900"],
            env={**os.environ, "HOME": home, "MOZ_CRASHREPORTER_DISABLE": "1"},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            window = Firefox(_port(profile / "MarionetteActivePort", process))
            yield window
            window("Marionette:Quit", {"flags": ["eForceQuit"]})
            window.line.close()
            process.wait(20)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait(10)


def _port(path: Path, process: subprocess.Popen[bytes]) -> int:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        if path.exists() and (text := path.read_text(encoding="ascii").strip()):
            return int(text)
        time.sleep(0.1)
    raise AssertionError("Firefox did not start")
