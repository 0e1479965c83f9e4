"""What a person has marked throughout a project in one act, and taking it back later."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from annotator.activity.models import Job
from annotator.activity.queries import job_for
from annotator.corpus.queries import codebook_of
from annotator.errors import DomainError
from annotator.jobs import same
from annotator.web.request import Request, actor_of
from annotator.web.views.projects import frame, opened, paged


@require_safe
@never_cache
def acts(request: Request, project_id: int) -> HttpResponse:
    """The person's own acts, the newest first, each with the last time it was taken back."""
    actor, project = opened(request, project_id)
    own = Job.objects.visible_to(actor).filter(project=project, requested_by=actor.user)
    shown = paged(request, own.filter(kind=same.KIND).order_by("-created_at", "pk"), 20)
    undone = own.filter(kind=same.UNDO_KIND, params__of__in=[str(job.pk) for job in shown["rows"]])
    latest = {job.params["of"]: job for job in undone.order_by("created_at", "pk")}
    language = get_language() or "en"
    codebook = codebook_of(project=project)
    names = {label["code"]: label["name"].get(language, label["code"]) for label in codebook.body["labels"]}
    rows = [_row(job, latest.get(str(job.pk)), names) for job in shown["rows"]]
    busy = any(not job.is_over for row in rows for job in (row["job"], row["undo"]) if job)
    context = frame(actor, project, "documents", codebook=codebook, busy=busy, **{**shown, "rows": rows})
    return render(request, "projects/same.html#acts" if request.htmx else "projects/same.html", context)


def _row(job: Job, undo: Job | None, names: dict[str, str]) -> dict[str, Any]:
    code = job.params["span"]["label"]
    left = job.result.get("marks", 0) - (undo.result.get("removed", 0) if undo else 0)
    return {
        "job": job,
        "undo": undo,
        "label": names.get(code, code),
        "code": code,
        "may_undo": (left > 0 or not job.is_over) and not (undo and not undo.is_over),
    }


@require_POST
def undo(request: Request, job_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    job = job_for(actor=actor, job_id=job_id)
    try:
        same.request_undo(actor=actor, job=job)
    except DomainError as refusal:
        if refusal.status == 404:
            raise
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The marks are being taken back."))
    return redirect("same", job.project_id)
