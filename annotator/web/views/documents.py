"""Bringing texts in, finding them, giving them to people."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, Sum
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from annotator.activity.models import Job
from annotator.coding.assignments import assign_many, assignment_for
from annotator.coding.assignments import revoke as take_back
from annotator.coding.models import Assignment
from annotator.corpus.models import Document, ImportBatch
from annotator.corpus.queries import document_for, documents_page
from annotator.corpus.services import archive_document, restore_document, suggest_header
from annotator.errors import DomainError, Invalid, Missing
from annotator.jobs import ingest, pretag
from annotator.jobs.paste import paste
from annotator.teams.access import MATRIX, Action, Actor, may, require
from annotator.teams.models import Membership, Project
from annotator.web.request import Request, actor_of, back, ids_in, plain
from annotator.web.views.projects import frame, opened, paged
from annotator.web.words import DOCUMENT_STATES


@require_safe
def table(request: Request, project_id: int) -> HttpResponse:
    actor, project = opened(request, project_id)
    wanted = {name: plain(request.GET.get(name, "")) for name in ("q", "state", "language", "who")}
    in_bin = bool(request.GET.get("bin")) and may(actor, Action.ARCHIVE_DOCUMENT, project)
    rows = documents_page(
        actor=actor,
        project=project,
        q=wanted["q"].strip(),
        state=wanted["state"] if wanted["state"] in DOCUMENT_STATES else "",
        language=wanted["language"],
        assigned_to=next(iter(ids_in([wanted["who"]])), None),
        archived=in_bin,
    )
    tasks = Assignment.objects.exclude(state__in=["REVOKED", "DECLINED"]).select_related("user").order_by("id")
    tasks = tasks.annotate(active=Sum("active_times__seconds"))
    if may(actor, Action.VIEW_SUBMISSIONS, project):
        rows = rows.prefetch_related(Prefetch("assignments", tasks, to_attr="everybody"))
    else:
        rows = rows.prefetch_related(Prefetch("assignments", tasks.filter(user=actor.user), to_attr="mine"))
    people = Membership.objects.filter(project=project).select_related("user").order_by("user__name", "id")
    annotators = [m.user for m in people if m.role in MATRIX[Action.ANNOTATE][0]]
    context = frame(
        actor, project, "documents", wanted=wanted, people=annotators, in_bin=in_bin, states=DOCUMENT_STATES.items(),
        **paged(request, rows),
    )  # fmt: skip
    return render(request, "documents/table.html#rows" if request.htmx else "documents/table.html", context)


@require_POST
def act(request: Request, project_id: int) -> HttpResponse:
    """What is done with the ticked rows: give to people, pre-tag, put in the bin and bring back."""
    actor, project = opened(request, project_id)
    ids = ids_in(request.POST.getlist("documents"))
    answer = back(request, reverse("documents", args=[project.pk]))
    what = request.POST.get("what")
    if what not in ("assign", "pretag", "archive", "restore"):
        raise Missing
    if not ids:
        messages.warning(request, _("Tick the documents first."))
    elif what == "assign":
        _assign(request, actor, project, ids)
    elif what == "pretag":
        return redirect("job", pretag.request(actor=actor, project=project, documents=ids).pk)
    else:
        _move(request, actor, project, ids, into_bin=what == "archive")
    return answer


def _assign(request: Request, actor: Actor, project: Project, ids: list[int]) -> None:
    users = ids_in(request.POST.getlist("people"))
    if not users:
        messages.warning(request, _("Choose who is to code them."))
        return
    count = assign_many(actor=actor, project=project, document_ids=ids, user_ids=users)
    text = ngettext("%(count)s new assignment.", "%(count)s new assignments.", count) % {"count": count}
    messages.success(request, text)


def _move(request: Request, actor: Actor, project: Project, ids: list[int], *, into_bin: bool) -> None:
    require(actor, Action.ARCHIVE_DOCUMENT, project)
    rows = Document.objects.visible_to(actor).filter(project=project, pk__in=ids).select_related("project")
    found = list(rows.defer("text", "metadata").order_by("id"))
    for document in found:
        (archive_document if into_bin else restore_document)(actor=actor, document=document)
    if not found:
        messages.warning(request, _("Tick the documents first."))
    elif into_bin:
        undo = "undo:" + ",".join(str(document.pk) for document in found)
        text = ngettext("%(count)s document is in the bin.", "%(count)s documents are in the bin.", len(found))
        messages.info(request, text % {"count": len(found)}, extra_tags=undo)
    else:
        messages.success(request, _("Brought back."))


def bring_in(request: Request, project_id: int) -> HttpResponse:
    """Paste or upload. A pasted text is shown with what was recognised before it is stored."""
    actor, project = opened(request, project_id, Action.IMPORT)
    context: dict[str, Any] = {"given": request.POST, "offer": None, "error": None}
    if request.method == "POST":
        try:
            answer = _upload(request, actor, project) if request.FILES else _paste(request, actor, project, context)
            if answer is not None:
                return answer
        except DomainError as refusal:
            if refusal.status in (403, 404):
                raise
            context["error"] = refusal
    imports = Job.objects.visible_to(actor).filter(project=project, kind=ingest.KIND).select_related("requested_by")
    context["earlier"] = list(imports.order_by("-created_at", "id")[:8])
    context["annotations"] = ImportBatch.Annotations.choices
    status = context["error"].status if context["error"] else 200
    return render(request, "documents/import.html", frame(actor, project, "import", **context), status=status)


def _upload(request: Request, actor: Actor, project: Project) -> HttpResponse:
    job = ingest.request(
        actor=actor,
        project=project,
        files=[(f.name or "file", f, f.size or 0) for f in request.FILES.getlist("file")],
        annotations=request.POST.get("annotations", "gold"),
    )
    return redirect("job", job.pk)


def _paste(request: Request, actor: Actor, project: Project, context: dict[str, Any]) -> HttpResponse | None:
    """First what was recognised, for correction; with `store` the document."""
    text = request.POST.get("text", "").replace("\r\n", "\n")
    if "store" not in request.POST:
        context["offer"] = suggest_header(text)
        return None
    given = {name: request.POST.get(name, "") for name in ("title", "author", "language", "source", "source_url")}
    start = request.POST.get("body_start", "")
    day = request.POST.get("published_on", "")
    context["offer"] = {**given, "published_on": day, "body_start": start}
    document, tagging = paste(
        actor=actor,
        project=project,
        text=text,
        published_on=_day(day),
        body_start=next(iter(ids_in([start])), 0),
        **given,
    )
    messages.success(request, _("Stored. The taggers are reading it now.") if tagging else _("Stored."))
    return redirect("workspace", document.pk)


def _day(value: str) -> date | None:
    if not value:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise Invalid(errors={"published_on": [_("A date such as 2022-05-30 is needed.")]}) from None


@require_POST
def restore(request: Request, document_id: int) -> HttpResponse:
    document = document_for(actor=actor_of(request), document_id=document_id)
    restore_document(actor=actor_of(request), document=document)
    return redirect("documents", document.project_id)


@require_POST
def revoke(request: Request, assignment_id: int) -> HttpResponse:
    """Take a document back from somebody."""
    actor = actor_of(request)
    found = assignment_for(actor=actor, assignment_id=assignment_id)
    take_back(actor=actor, assignment=found)
    messages.success(request, _("Taken back from %(who)s. The work so far is kept.") % {"who": found.user})
    return back(request, reverse("documents", args=[found.document.project_id]))
