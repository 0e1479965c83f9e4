"""What is done for each kind of job."""

from __future__ import annotations

from annotator.jobs import export, ingest, pretag, same, tagging
from annotator.jobs.runner import Work

WORKS: dict[str, Work] = {
    ingest.KIND: ingest.work,
    pretag.KIND: tagging.work,
    export.KIND: export.work,
    same.KIND: same.work,
    same.UNDO_KIND: same.work_undo,
}
