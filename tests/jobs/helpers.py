"""Files to import, and a worker that does a job here and now."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

from annotator.activity.models import Job
from annotator.jobs import ingest
from annotator.jobs.runner import run
from annotator.jobs.works import WORKS
from annotator.teams.access import Actor
from annotator.teams.models import Project
from tests import build

File = tuple[str, bytes]


def upload(of: Project, *files: File, actor: Actor | None = None, **choices: Any) -> Job:
    """Ask for the import of the files as the owner, unless somebody else is named."""
    streams = [(name, BytesIO(raw), len(raw)) for name, raw in files]
    return ingest.request(actor=actor or build.owner_of(of), project=of, files=streams, **choices)


def perform(job: Job) -> Job:
    """Do what a worker does when the bell rings."""
    run(str(job.pk), WORKS[job.kind])
    job.refresh_from_db()
    return job


def imported(of: Project, *files: File, **choices: Any) -> Job:
    return perform(upload(of, *files, **choices))


def jsonl(*records: Any) -> File:
    return "file.jsonl", b"".join(json.dumps(r, ensure_ascii=False).encode() + b"\n" for r in records)


def errors_of(job: Job) -> list[tuple[str, int | None, str, str]]:
    return [(e["item"], e["line"], e["field"], e["code"]) for e in job.errors]
