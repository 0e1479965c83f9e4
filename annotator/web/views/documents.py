"""Bringing texts in, finding them, giving them to people."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from annotator.coding.assignments import assign_many
from annotator.corpus.models import Document
from annotator.corpus.queries import document_for, documents_page
from annotator.corpus.services import add_document, archive_document, restore_document, suggest_header
from annotator.errors import DomainError, Invalid, Missing
from annotator.jobs import ingest, pretag
from annotator.teams.access import MATRIX, Action, may, require
from annotator.teams.models import Membership
from annotator.web.request import Request, actor_of
from annotator.web.views.projects import frame, opened, paged

STATES = ("new", "annotating", "submitted", "gold")


@require_safe
def table(request: Request, project_id: int) -> HttpResponse:
    actor, project = opened(request, project_id)
    wanted = {name: request.GET.get(name, "").replace("\0", "")[:200] for name in ("q", "state", "language", "who")}
    bin_ = bool(request.GET.get("bin")) and may(actor, Action.ARCHIVE_DOCUMENT, project)
    rows = documents_page(
        actor=actor, project=project, q=wanted["q"].strip(),
        state=wanted["state"] if wanted["state"] in STATES else "", language=wanted["language"],
        assigned_to=int(wanted["who"]) if wanted["who"].isascii() and wanted["who"].isdigit() and len(wanted["who"]) < 10 else None,
        archived=bin_,
    )  # fmt: skip
    people = Membership.objects.filter(project=project).select_related("user").order_by("user__name")
    annotators = [m.user for m in people if m.role in MATRIX[Action.ANNOTATE][0]]
    context = frame(
        actor, project, "documents", wanted=wanted, people=annotators, in_bin=bin_, **paged(request, rows)
    )
    template = "documents/table.html#rows" if request.htmx else "documents/table.html"
    return render(request, template, context)


@require_POST
def act(request: Request, project_id: int) -> HttpResponse:
    """What is done with the ticked rows: give to people, pre-tag, put in the bin."""
    actor, project = opened(request, project_id)
    ids = [int(i) for i in request.POST.getlist("documents") if i.isascii() and i.isdigit() and len(i) < 19]
    if not ids:
        messages.warning(request, _("Tick the documents first."))
        return redirect("documents", project.pk)
    what = request.POST.get("what")
    if what == "assign":
        users = [int(u) for u in request.POST.getlist("people") if u.isascii() and u.isdigit() and len(u) < 10]
        if not users:
            messages.warning(request, _("Choose who is to code them."))
            return redirect("documents", project.pk)
        count = assign_many(actor=actor, project=project, document_ids=ids, user_ids=users)
        text = ngettext("%(count)s new assignment.", "%(count)s new assignments.", count) % {"count": count}
        messages.success(request, text)
    elif what == "pretag":
        job = pretag.request(actor=actor, project=project, documents=ids)
        return redirect("job", job.pk)
    elif what in ("archive", "restore"):
        require(actor, Action.ARCHIVE_DOCUMENT, project)
        rows = Document.objects.visible_to(actor).filter(project=project, pk__in=ids).select_related("project")
        for document in rows.defer("text"):
            (archive_document if what == "archive" else restore_document)(actor=actor, document=document)
        if what == "archive":
            messages.info(request, _("In the bin. Open the bin to bring them back."), extra_tags="bin")
        else:
            messages.success(request, _("Brought back."))
    else:
        raise Missing
    return redirect("documents", project.pk)


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
    status = context["error"].status if context["error"] else 200
    return render(request, "documents/import.html", frame(actor, project, "import", **context), status=status)


def _upload(request: Request, actor: Any, project: Any) -> HttpResponse:
    job = ingest.request(
        actor=actor,
        project=project,
        files=[(f.name or "file", f, f.size or 0) for f in request.FILES.getlist("file")],
        annotations=request.POST.get("annotations", "gold"),
    )
    return redirect("job", job.pk)


def _paste(request: Request, actor: Any, project: Any, context: dict[str, Any]) -> HttpResponse | None:
    text = request.POST.get("text", "").replace("\r\n", "\n")
    if "store" not in request.POST:
        context["offer"] = suggest_header(text)
        return None
    day = request.POST.get("published_on", "")
    start = request.POST.get("body_start", "")
    context["offer"] = {key: request.POST.get(key, "") for key in ("title", "author", "language", "published_on", "body_start")}
    document = add_document(
        actor=actor,
        project=project,
        text=text,
        title=request.POST.get("title", ""),
        author=request.POST.get("author", ""),
        source=request.POST.get("source", ""),
        source_url=request.POST.get("source_url", ""),
        language=request.POST.get("language", ""),
        published_on=_day(day),
        body_start=int(start) if start.isascii() and start.isdigit() and len(start) < 9 else 0,
    )
    if project.pretag_on_import:
        pretag.plan(actor=actor, project=project, documents=[document.pk])
    messages.success(request, _("Stored. The taggers are reading it now."))
    return redirect("workspace", document.pk) if may(actor, Action.ANNOTATE, project) else redirect("documents", project.pk)


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
