"""What runs later and what comes of it: pre-tagging, progress of any job, export files."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from annotator.activity.models import Job
from annotator.activity.services import cancel
from annotator.coding.models import AnnotationSet
from annotator.errors import Conflict, DomainError, Invalid, Missing, TooMany
from annotator.exports.models import Export
from annotator.exports.queries import export_for, exports_of
from annotator.exports.services import CONTENT_TYPE, SUFFIX, open_file
from annotator.jobs import export as export_job
from annotator.jobs import ingest, pretag
from annotator.teams.access import Action
from annotator.teams.queries import project_for
from annotator.web.request import Request, actor_of
from annotator.web.views.projects import frame, opened, paged
from annotator.web.words import TAGGERS


def pretagging(request: Request, project_id: int) -> HttpResponse:
    actor, project = opened(request, project_id)
    error = None
    if request.method == "POST":
        try:
            made = pretag.request(actor=actor, project=project, taggers=request.POST.getlist("taggers") or None)
            return redirect("job", made.pk)
        except (Invalid, Conflict, TooMany) as refusal:
            error = refusal
    runs = Job.objects.visible_to(actor).filter(project=project, kind="pretag").select_related("requested_by")
    counts = dict(
        AnnotationSet.objects.suggesting()
        .filter(project=project)
        .values_list("tagger")
        .annotate(n=Count("spans"))
        .order_by("tagger")
    )
    taggers = [
        {"name": name, "title": title, "about": about, "count": counts.get(name, 0)}
        for name, (title, about) in TAGGERS.items()
    ]
    context = frame(
        actor, project, "pretagging", taggers=taggers, error=error, **paged(request, runs.order_by("-created_at", "id"), 20)
    )  # fmt: skip
    return render(request, "projects/pretagging.html", context, status=error.status if error else 200)


@require_safe
def job(request: Request, job_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = Job.objects.visible_to(actor).select_related("project", "requested_by").filter(pk=job_id).first()
    if found is None:
        raise Missing
    project_for(actor=actor, project_id=found.project_id)
    tab = {"import": "import", "pretag": "pretagging", "export": "exports"}.get(found.kind, "overview")
    report = ingest.report(found) if found.kind == "import" else {}
    export = Export.objects.filter(job=found).first() if found.kind == "export" else None
    context = frame(actor, found.project, tab, job=found, report=report, export=export)
    context["may_stop"] = found.requested_by_id == request.user.pk or context["may"]["pretag"]
    if found.kind == "import" and found.result.get("pretag_job"):
        context["follow"] = Job.objects.visible_to(actor).filter(pk=found.result["pretag_job"]).first()
    template = "projects/job.html#progress" if request.htmx else "projects/job.html"
    return render(request, template, context)


@require_POST
def job_cancel(request: Request, job_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = Job.objects.visible_to(actor).select_related("project").filter(pk=job_id).first()
    if found is None:
        raise Missing
    cancel(actor=actor, job=found)
    return redirect("job", found.pk)


def exports(request: Request, project_id: int) -> HttpResponse:
    actor, project = opened(request, project_id, Action.EXPORT)
    error = None
    if request.method == "POST":
        try:
            made = export_job.request(
                actor=actor,
                project=project,
                format=request.POST.get("format", ""),
                which=request.POST.get("set", "gold"),
                filters={"language": request.POST["language"]} if request.POST.get("language") else {},
            )
            return redirect("job", made.pk)
        except DomainError as refusal:
            error = refusal
    context = frame(
        actor, project, "exports", formats=Export.Format.choices, which=Export.Which.choices, error=error, given=request.POST,
        **paged(request, exports_of(actor=actor, project=project)),
    )  # fmt: skip
    return render(request, "projects/exports.html", context, status=error.status if error else 200)


@require_safe
def export_file(request: Request, export_id: int) -> FileResponse:
    row = export_for(actor=actor_of(request), export_id=export_id)
    name = f"dalala-{row.project_id}-{row.which}-{row.pk}.{SUFFIX[row.format]}"
    response = FileResponse(
        open_file(export=row), as_attachment=True, filename=name, content_type=CONTENT_TYPE[row.format]
    )
    response["Content-Security-Policy"] = "sandbox"
    return response
