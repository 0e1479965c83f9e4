"""The commands of the site's processes: the one place that knows which web server and which options.

`make run` and docker-compose start the same commands, the latter by `python -m annotator.stack web|worker|beat`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def _number(name: str, default: int) -> str:
    return str(int(os.environ.get(name) or default))


def web(bind: str, *, graceful: int = 30) -> list[str]:
    """gunicorn with threads: measured equal to granian for our views, smaller, and it takes over an open socket."""
    return [
        *(sys.executable, "-m", "gunicorn", "annotator.wsgi:application"),
        *("--bind", bind),
        *("--worker-class", "gthread"),
        *("--workers", _number("WEB_WORKERS", 1)),
        *("--threads", _number("WEB_THREADS", 8)),
        *("--timeout", "60"),
        *("--graceful-timeout", str(graceful)),
        *("--max-requests", "5000"),
        *("--max-requests-jitter", "500"),
        *("--worker-tmp-dir", "/dev/shm" if Path("/dev/shm").is_dir() else "."),  # noqa: S108 - a heartbeat file without disk writes
        "--no-control-socket",
    ]


def worker() -> list[str]:
    """Few and plain: no gossip and no mingle, which only chatter; results are rows, not messages."""
    return [
        *(sys.executable, "-m", "celery", "-A", "annotator.celery:app", "worker"),
        *("--pool", "prefork"),
        *("--concurrency", _number("WORKER_CONCURRENCY", 1)),
        *("--without-gossip", "--without-mingle"),
        *("--loglevel", "INFO"),
        *("-n", "worker@%h"),
    ]


def beat(schedule: Path) -> list[str]:
    """The clock. No pid file: one left by a kill would keep the next one from starting."""
    schedule.parent.mkdir(parents=True, exist_ok=True)
    return [
        *(sys.executable, "-m", "celery", "-A", "annotator.celery:app", "beat"),
        *("--schedule", str(schedule)),
        *("--pidfile", ""),
        *("--loglevel", "INFO"),
    ]
