"""Ends the site's processes when their supervisor was killed and could not do it himself."""

from __future__ import annotations

import os
import signal
import time

PATIENCE = 5.0


class Guard:
    """A forked process that reads `+group` and `-group` from a pipe and acts when the pipe breaks."""

    def __init__(self) -> None:
        reading, self._pipe = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._pipe)
            try:
                _watch(reading)
            finally:
                os._exit(0)
        os.close(reading)

    def add(self, group: int) -> None:
        self._tell(f"+{group}\n")

    def remove(self, group: int) -> None:
        self._tell(f"-{group}\n")

    def close(self) -> None:
        os.close(self._pipe)
        os.waitpid(self.pid, 0)

    def _tell(self, line: str) -> None:
        try:
            os.write(self._pipe, line.encode())
        except BrokenPipeError:
            pass  # somebody killed the guard; the supervisor still does its own work


def _watch(reading: int) -> None:
    os.setsid()  # a Ctrl-C or a closed terminal is for the supervisor
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: set[int] = set()
    rest = b""
    while piece := os.read(reading, 4096):
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            (groups.add if line.startswith(b"+") else groups.discard)(int(line[1:]))
    _signal(groups, signal.SIGTERM)
    until = time.monotonic() + PATIENCE
    while groups and time.monotonic() < until:
        groups = {group for group in groups if alive(group)}
        time.sleep(0.1)
    _signal(groups, signal.SIGKILL)


def alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _signal(groups: set[int], number: signal.Signals) -> None:
    for group in groups:
        try:
            os.killpg(group, number)
        except ProcessLookupError:
            continue
