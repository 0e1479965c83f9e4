"""Ringing Celery without importing the work itself."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from annotator.celery import app


def bell(kind: str) -> Callable[[uuid.UUID], None]:
    """A function that tells the workers about a job of this kind. Raises when the broker is away: callers do not mind."""

    def ring(job_id: uuid.UUID) -> None:
        app.send_task("annotator.jobs.tasks.perform", kwargs={"job_id": str(job_id), "kind": kind}, retry=False)

    return ring
