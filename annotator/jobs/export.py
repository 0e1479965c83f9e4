"""Asking for an export file, and writing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from annotator.activity.models import Job
from annotator.activity.services import Lease, open_job, record
from annotator.exports.models import Export
from annotator.exports.services import checked, write_file
from annotator.jobs.bells import bell
from annotator.teams.access import Action, Actor, require
from annotator.teams.models import Project

KIND = "export"


def request(
    *,
    actor: Actor,
    project: Project,
    format: str,
    which: str = "gold",
    filters: Mapping[str, Any] | None = None,
) -> Job:
    """Ask for a file. Its id stands in the job's params as `export`."""
    require(actor, Action.EXPORT, project)
    good = checked(format, which, filters)
    with transaction.atomic():
        job = open_job(actor=actor, project=project, kind=KIND, params={}, ring=bell(KIND))
        export = Export.objects.create(
            project=project, job=job, format=format, which=which, filters=good, created_by=actor.user
        )
        job.params["export"] = export.pk
        job.save(update_fields=["params"])
        record(project=project, user=actor.user, verb="export.requested", target=export, format=format, which=which)
    return job


def work(lease: Lease) -> None:
    export = Export.objects.select_related("project", "created_by").get(job=lease.job)
    write_file(lease=lease, export=export)
