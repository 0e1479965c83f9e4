"""The Celery tasks: bells only. What to do stands in the job's row."""

from __future__ import annotations

from typing import Any

from celery import shared_task

from annotator.activity.services import due_jobs
from annotator.jobs import export, ingest, pretag
from annotator.jobs.runner import run

WORKS = {"import": ingest.work, "pretag": pretag.work, "export": export.work}


@shared_task(name="annotator.jobs.tasks.perform", ignore_result=True)
def perform(*, job_id: str, kind: str, **_: Any) -> None:
    run(job_id, WORKS[kind])


@shared_task(name="annotator.jobs.tasks.sweep", ignore_result=True)
def sweep(**_: Any) -> int:
    """Ring again for jobs that nobody works on. Returns how many."""
    jobs = due_jobs()
    for job_id, kind in jobs:
        perform.delay(job_id=str(job_id), kind=kind)
    return len(jobs)
