"""Ringing Celery without importing the work itself."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from functools import cache
from typing import Any

from kombu.pools import producers

from annotator.celery import app

PATIENCE = 0.5  # seconds for each step of sending: a broker that stands still must not hold a request
HUSH = 10.0  # seconds without ringing after a bell that was not heard; the sweeper rings meanwhile

# A line to the broker that gives up sooner than those of the workers, and at once.
IMPATIENT = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE, "max_retries": 0}
_silent_until = 0.0


class NotRung(Exception):
    """The broker was away a moment ago. The job stands in its row, and the sweeper will ring."""


def bell(kind: str) -> Callable[[uuid.UUID], None]:
    """A function that tells the workers about a job of this kind. Raises when the broker is away: callers do not mind."""

    def ring(job_id: uuid.UUID) -> None:
        global _silent_until
        if time.monotonic() < _silent_until:
            raise NotRung
        try:
            with producers[_line()].acquire(block=True, timeout=PATIENCE) as producer:
                app.send_task(
                    "annotator.jobs.tasks.perform",
                    kwargs={"job_id": str(job_id), "kind": kind},
                    retry=False,
                    producer=producer,
                )
        except Exception:
            _silent_until = time.monotonic() + HUSH
            raise

    return ring


@cache
def _line() -> Any:
    return app.connection_for_write(transport_options=IMPATIENT)
