"""The pages of a project that are not about texts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from annotator.activity.models import Activity, Job
from annotator.coding.assignments import take_out
from annotator.coding.models import AnnotationSet, Assignment
from annotator.coding.queries import my_work
from annotator.corpus.models import CodebookVersion, Document
from annotator.corpus.queries import codebook_of
from annotator.errors import DomainError, Missing
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
from annotator.web.log import described
from annotator.web.request import Request, actor_of, ids_in


def opened(request: HttpRequest, project_id: int, action: Action = Action.VIEW) -> tuple[Actor, Project]:
    actor = actor_of(request)
    return actor, project_for(actor=actor, project_id=project_id, action=action)


# code of the tab, name of its address, its words, and the right without which it is not shown
TABS: tuple[tuple[str, str, Any, Action], ...] = (
    ("overview", "project", gettext_lazy("Overview"), Action.VIEW),
    ("documents", "documents", gettext_lazy("Documents"), Action.VIEW),
    ("import", "import", gettext_lazy("Import"), Action.IMPORT),
    ("pretagging", "pretagging", gettext_lazy("Pre-tagging"), Action.VIEW),
    ("review", "review", gettext_lazy("Review"), Action.VIEW_SUBMISSIONS),
    ("actors", "actors", gettext_lazy("Actors"), Action.VIEW),
    ("codebook", "codebook", gettext_lazy("Codebook"), Action.VIEW),
    ("exports", "exports", gettext_lazy("Export"), Action.EXPORT),
    ("members", "members", gettext_lazy("Members"), Action.VIEW_MEMBERS),
    ("activity", "activity", gettext_lazy("Activity"), Action.VIEW_ACTIVITY),
    ("settings", "settings", gettext_lazy("Settings"), Action.VIEW),
)


def frame(actor: Actor, project: Project, tab: str, **context: Any) -> dict[str, Any]:
    """What the frame around every page of a project shows."""
    rights = {action.value: may(actor, action, project) for action in Action}
    tabs = [
        {"code": code, "url": reverse(address, args=[project.pk]), "name": name}
        for code, address, name, right in TABS
        if rights[right.value]
    ]
    return {"project": project, "tab": tab, "tabs": tabs, "may": rights, "role": actor.role_in(project.pk), **context}


def paged(request: HttpRequest, rows: QuerySet[Any], size: int = 30) -> dict[str, Any]:
    """One page of rows, which must have a total order, and what the links to the other pages need."""
    page = Paginator(rows, size).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    return {"page": page, "rows": list(page.object_list), "query": query.urlencode()}


@require_safe
def overview(request: Request, project_id: int) -> HttpResponse:
    actor, project = opened(request, project_id)
    visible = Document.objects.visible_to(actor).present().filter(project=project)
    total = visible.count()
    golden = AnnotationSet.objects.gold().filter(document=OuterRef("pk"))
    tasks = Assignment.objects.filter(document__project=project, document__archived_at=None)
    given = tasks.exclude(state__in=["REVOKED", "DECLINED"])
    gold = visible.filter(Exists(golden)).count()
    states = dict(tasks.values_list("state").annotate(n=Count("id")).order_by("state"))
    context = frame(
        actor, project, "overview", total=total, gold=gold, states=states, share=gold / total if total else 0,
        unassigned=visible.filter(~Exists(golden), ~Exists(given.filter(document=OuterRef("pk")))).count(),
        people=_people(given) if may(actor, Action.VIEW_SUBMISSIONS, project) else [],
        work=list(my_work(actor=actor, project=project)[:8]),
        waiting=states.get("SUBMITTED", 0),
        running=list(Job.objects.visible_to(actor).pending().filter(project=project).order_by("created_at", "id")[:5]),
    )  # fmt: skip
    return render(request, "projects/overview.html", context)


def _people(tasks: QuerySet[Assignment]) -> list[dict[str, Any]]:
    """Who has how much to do, in order of names."""
    counts = tasks.values("user_id", "user__name", "user__email").annotate(
        all=Count("id"),
        open=Count("id", filter=Q(state__in=["OPEN", "ACTIVE", "RETURNED"])),
        submitted=Count("id", filter=Q(state="SUBMITTED")),
        accepted=Count("id", filter=Q(state="ACCEPTED")),
    )
    return [dict(row) for row in counts.order_by("user__name", "user_id")]


@require_safe
def codebook(request: Request, project_id: int) -> HttpResponse:
    """The version in force, or the one that was asked for."""
    actor, project = opened(request, project_id)
    versions = CodebookVersion.objects.filter(project=project)
    number = next(iter(ids_in([request.GET.get("version", "")])), None)
    version = codebook_of(project=project) if number is None else versions.filter(number=number).first()
    if version is None:
        raise Missing
    language = get_language() or "en"
    names = {label["code"]: label["name"].get(language, label["code"]) for label in version.body["labels"]}

    def ends(relation: dict[str, Any], side: str) -> list[dict[str, str]]:
        found = [{"code": code, "name": names.get(code, code)} for code in relation[side]]
        return [*found, {"code": "", "name": _("registry")}] if relation.get(f"{side}_entity") else found

    relations = [
        {
            "code": relation["code"],
            "name": relation["name"].get(language, relation["code"]),
            "sources": ends(relation, "from"),
            "targets": ends(relation, "to"),
        }
        for relation in version.body["relations"]
    ]
    context = frame(
        actor, project, "codebook", version=version, relations=relations,
        versions=list(versions.defer("body").order_by("-number")[:100]),
    )  # fmt: skip
    return render(request, "projects/codebook.html", context)


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
        messages.success(
            request, _("%(name)s no longer belongs to the project. The work stays.") % {"name": found.user}
        )
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
    context["lines"] = described(context["rows"])
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
                    open_talk="open_talk" in request.POST,
                    suggestions=request.POST.get("suggestions"),
                )  # fmt: skip
            messages.success(request, _("Saved."))
            return redirect("settings", project.pk)
        except DomainError as refusal:
            if refusal.status != 422:
                raise
            error = refusal
    context = frame(
        actor, project, "settings", error=error, given=request.POST if error else {}, modes=Project.Suggestions
    )
    return render(request, "projects/settings.html", context, status=422 if error else 200)
