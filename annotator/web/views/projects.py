"""The pages of a project that are not about texts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from annotator.activity.models import Activity, Job
from annotator.activity.services import cancel
from annotator.coding.assignments import take_out
from annotator.coding.models import AnnotationSet, Assignment
from annotator.coding.queries import my_work
from annotator.corpus.models import Document
from annotator.corpus.queries import codebook_of
from annotator.errors import DomainError, Missing
from annotator.exports.models import Export
from annotator.exports.queries import export_for, exports_of
from annotator.exports.services import CONTENT_TYPE, SUFFIX, open_file
from annotator.jobs import export as export_job
from annotator.jobs import ingest, pretag
from annotator.teams.access import Action, Actor, may
from annotator.teams.models import Invitation, Project, Role
from annotator.teams.queries import members, membership_for, project_for
from annotator.teams.services import (
    add_member,
    change_role,
    set_frozen,
    update_project,
    withdraw_invitation,
)
from annotator.web.request import Request, actor_of
from annotator.web.words import TAGGERS, VERBS


def opened(request: HttpRequest, project_id: int, action: Action = Action.VIEW) -> tuple[Actor, Project]:
    actor = actor_of(request)
    return actor, project_for(actor=actor, project_id=project_id, action=action)


def frame(actor: Actor, project: Project, tab: str, **context: Any) -> dict[str, Any]:
    """What the frame around every page of a project shows."""
    rights = {action.value: may(actor, action, project) for action in Action}
    return {"project": project, "tab": tab, "may": rights, "role": actor.role_in(project.pk), **context}


def paged(request: HttpRequest, rows: QuerySet[Any], size: int = 30) -> dict[str, Any]:
    page = Paginator(rows, size).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    return {"page": page, "rows": list(page.object_list), "query": query.urlencode()}


@require_safe
def overview(request: Request, project_id: int) -> HttpResponse:
    actor, project = opened(request, project_id)
    visible = Document.objects.visible_to(actor).present().filter(project=project)
    total = visible.count()
    gold = AnnotationSet.objects.gold().filter(document__in=visible.values("pk")).count()
    states = dict(
        Assignment.objects.filter(document__project=project, document__archived_at=None)
        .values_list("state")
        .annotate(n=Count("id"))
    )
    people = (
        Assignment.objects.filter(document__project=project)
        .values("user__name", "user__email")
        .annotate(
            open=Count("id", filter=Q(state__in=["OPEN", "ACTIVE", "RETURNED"])),
            submitted=Count("id", filter=Q(state="SUBMITTED")),
            accepted=Count("id", filter=Q(state="ACCEPTED")),
        )
        .order_by("user__name")
        if may(actor, Action.VIEW_SUBMISSIONS, project)
        else []
    )
    context = frame(
        actor, project, "overview",
        total=total, gold=gold, states=states, people=list(people), share=gold / total if total else 0,
        work=list(my_work(actor=actor, project=project)[:8]),
        waiting=states.get("SUBMITTED", 0),
        running=list(Job.objects.visible_to(actor).pending().filter(project=project)[:5]),
    )  # fmt: skip
    return render(request, "projects/overview.html", context)


@require_safe
def codebook(request: Request, project_id: int) -> HttpResponse:
    actor, project = opened(request, project_id)
    version = codebook_of(project=project)
    return render(request, "projects/codebook.html", frame(actor, project, "codebook", version=version))


def pretagging(request: Request, project_id: int) -> HttpResponse:
    actor, project = opened(request, project_id)
    if request.method == "POST":
        job = pretag.request(actor=actor, project=project, taggers=request.POST.getlist("taggers") or None)
        return redirect("job", job.pk)
    runs = Job.objects.visible_to(actor).filter(project=project, kind="pretag").select_related("requested_by")
    counts = dict(
        AnnotationSet.objects.suggesting()
        .filter(project=project)
        .values_list("tagger")
        .annotate(n=Count("spans"))
    )
    taggers = [
        {"name": name, "title": title, "about": about, "count": counts.get(name, 0)}
        for name, (title, about) in TAGGERS.items()
    ]
    context = frame(actor, project, "pretagging", taggers=taggers, runs=list(runs.order_by("-created_at")[:20]))
    return render(request, "projects/pretagging.html", context)


@require_safe
def job(request: Request, job_id: str) -> HttpResponse:
    actor = actor_of(request)
    found = Job.objects.visible_to(actor).select_related("project", "requested_by").filter(pk=job_id).first()
    if found is None:
        raise Missing
    project_for(actor=actor, project_id=found.project_id)
    tab = {"import": "import", "pretag": "pretagging", "export": "exports"}[found.kind]
    report = ingest.report(found) if found.kind == "import" else {}
    export = Export.objects.filter(job=found).first() if found.kind == "export" else None
    context = frame(actor, found.project, tab, job=found, report=report, export=export)
    if found.kind == "import" and found.result.get("pretag_job"):
        context["follow"] = Job.objects.visible_to(actor).filter(pk=found.result["pretag_job"]).first()
    template = "projects/job.html#progress" if request.htmx else "projects/job.html"
    return render(request, template, context)


@require_POST
def job_cancel(request: Request, job_id: str) -> HttpResponse:
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
        actor, project, "exports", formats=Export.Format.choices, which=Export.Which.choices, error=error,
        **paged(request, exports_of(actor=actor, project=project)),
    )  # fmt: skip
    return render(request, "projects/exports.html", context, status=error.status if error else 200)


@require_safe
def export_file(request: Request, export_id: int) -> HttpResponse:
    from django.http import FileResponse

    row = export_for(actor=actor_of(request), export_id=export_id)
    name = f"dalala-{row.project_id}-{row.which}-{row.pk}.{SUFFIX[row.format]}"
    response = FileResponse(open_file(export=row), as_attachment=True, filename=name, content_type=CONTENT_TYPE[row.format])
    response["Content-Security-Policy"] = "sandbox"
    return response


def people(request: Request, project_id: int) -> HttpResponse:
    actor, project = opened(request, project_id)
    error = None
    if request.method == "POST":
        try:
            made = add_member(
                actor=actor, project=project, email=request.POST.get("email", ""), role=request.POST.get("role", "")
            )
        except DomainError as refusal:
            if refusal.status in (403, 404):
                raise
            error = refusal
        else:
            if isinstance(made, Invitation):
                messages.success(request, _("The place is kept. It is taken by signing up with exactly this address."))
            else:
                messages.success(request, _("Welcome to the team."))
            return redirect("members", project.pk)
    context = frame(
        actor, project, "members", roles=Role.choices, error=error, given=request.POST,
        invitations=list(project.invitations.order_by("id")) if may(actor, Action.EDIT_MEMBERS, project) else [],
        **paged(request, members(actor=actor, project=project), 50),
    )  # fmt: skip
    return render(request, "projects/members.html", context, status=error.status if error else 200)


@require_POST
def member(request: Request, project_id: int, membership_id: int) -> HttpResponse:
    actor, project = opened(request, project_id)
    found = membership_for(actor=actor, project=project, membership_id=membership_id)
    if request.POST.get("remove"):
        leaving = found.user_id == request.user.pk
        take_out(actor=actor, membership=found)
        messages.success(request, _("%(name)s no longer belongs to the project. The work stays.") % {"name": found.user})
        return redirect("home") if leaving else redirect("members", project.pk)
    change_role(actor=actor, membership=found, role=request.POST.get("role", ""))
    messages.success(request, _("Saved."))
    return redirect("members", project.pk)


@require_POST
def uninvite(request: Request, project_id: int, invitation_id: int) -> HttpResponse:
    actor, project = opened(request, project_id)
    found = project.invitations.select_related("project").filter(pk=invitation_id).first()
    if found is None:
        raise Missing
    withdraw_invitation(actor=actor, invitation=found)
    return redirect("members", project.pk)


@require_safe
def activity(request: Request, project_id: int) -> HttpResponse:
    actor, project = opened(request, project_id, Action.VIEW_ACTIVITY)
    rows = Activity.objects.filter(project=project).select_related("user").order_by("-id")
    context = frame(actor, project, "activity", **paged(request, rows, 50))
    for row in context["rows"]:
        row.words = VERBS.get(row.verb, row.verb)
    return render(request, "projects/activity.html", context)


def settings(request: Request, project_id: int) -> HttpResponse:
    actor, project = opened(request, project_id)
    error = None
    if request.method == "POST":
        try:
            if "frozen" in request.POST:
                set_frozen(actor=actor, project=project, frozen=request.POST["frozen"] == "1")
            else:
                update_project(
                    actor=actor, project=project,
                    name=request.POST.get("name"), description=request.POST.get("description"),
                    pretag_on_import="pretag_on_import" in request.POST,
                    open_documents="open_documents" in request.POST, self_review="self_review" in request.POST,
                )  # fmt: skip
            messages.success(request, _("Saved."))
            return redirect("settings", project.pk)
        except DomainError as refusal:
            if refusal.status != 422:
                raise
            error = refusal
    context = frame(actor, project, "settings", error=error)
    return render(request, "projects/settings.html", context, status=422 if error else 200)
