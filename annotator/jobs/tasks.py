"""The Celery tasks: bells only. What to do stands in the job's row.

Nothing of Django is imported before a task runs, because the parent of the pool and beat know the tasks but never run one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from celery import shared_task


@shared_task(name="annotator.jobs.tasks.perform", ignore_result=True)
def perform(*, job_id: str, kind: str, **_: Any) -> None:
    from annotator.jobs.runner import run
    from annotator.jobs.works import WORKS

    with _fresh_connections():
        run(job_id, WORKS[kind])


@shared_task(name="annotator.jobs.tasks.sweep", ignore_result=True)
def sweep(**_: Any) -> int:
    """Ring again for jobs that nobody works on. Returns how many."""
    from annotator.activity.services import due_jobs

    with _fresh_connections():
        jobs = due_jobs()
    for job_id, kind in jobs:
        perform.delay(job_id=str(job_id), kind=kind)
    return len(jobs)


@contextmanager
def _fresh_connections() -> Iterator[None]:
    """As around a web request: a connection that broke or grew old is not used again."""
    _let_go()
    try:
        yield
    finally:
        _let_go()


def _let_go() -> None:
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:  # a caller's transaction is not ours to close
            connection.close_if_unusable_or_obsolete()
