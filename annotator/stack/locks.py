"""Locks that die with their holder, so that a SIGKILL never leaves a folder locked."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path


def take(path: Path, *, shared: bool = False, timeout: float = 0.0) -> int | None:
    """The open file that holds the lock, or None when others kept it for `timeout` seconds. Close it to let go."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    until = time.monotonic() + timeout
    while True:
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() >= until:
                os.close(handle)
                return None
            time.sleep(0.02)
        else:
            return handle


def is_held(path: Path) -> bool:
    """Whether somebody holds the lock exclusively."""
    if not path.exists():
        return False
    handle = take(path, shared=True)
    if handle is None:
        return True
    os.close(handle)
    return False
