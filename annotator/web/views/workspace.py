"""The workspace: the text with its marks, the panel, submit; and the same text to read only."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from analysis.text.utf16 import fnv1a
from annotator.coding import assignments
from annotator.coding.queries import Sheet, sheet
from annotator.corpus.models import CodebookVersion, Document
from annotator.errors import DomainError, Invalid, Missing
from annotator.review.queries import last_note
from annotator.teams.models import Project
from annotator.web.canvas_messages import canvas_messages
from annotator.web.codebook_css import codebook_css
from annotator.web.paper import canvas_html, marks_html
from annotator.web.request import Request, actor_of
from annotator.web.views.projects import frame


def canvas_state(request: HttpRequest, document: Document, codebook: CodebookVersion, **more: Any) -> dict[str, Any]:
    """What the canvas finds in the page. Keys as in static/annotator/canvas.js."""
    return {
        "document": {
            "id": document.pk,
            "length": document.length,
            "language": document.language,
            "direction": document.direction,
            "hash": fnv1a(document.text),
        },
        "codebook": codebook.body,
        "urls": {
            "edits": reverse("api:edits", args=[document.pk]),
            "annotations": reverse("api:annotations", args=[document.pk]),
            "actors": reverse("api:actors", args=[document.project_id]),
        },
        "messages": canvas_messages(),
        "csrf": get_token(request),
        "language": get_language(),
        **more,
    }


def _sheet_state(request: HttpRequest, found: Sheet) -> dict[str, Any]:
    own = found.set
    return canvas_state(
        request,
        found.document,
        found.codebook,
        set={
            "id": own.pk if own else None,
            "state": found.assignment.state if found.assignment else None,
            "version": own.version if own else 0,
            "editable": found.editable,
        },
        spans=found.spans,
        relations=found.relations,
        suggestions=found.suggestions,
        entities=found.entities,
    )


@require_safe
def workspace(request: Request, document_id: int) -> HttpResponse:
    actor = actor_of(request)
    found = sheet(actor=actor, document_id=document_id)
    document = found.document
    context = frame(actor, found.project, "documents", sheet=found, document=document)
    if request.GET.get("view") == "marks":
        language = get_language() or "en"
        names = {x["code"]: x["name"].get(language, x["code"]) for x in found.codebook.body["labels"]}
        context["marked"] = marks_html(document.text, found.spans, names)
        return render(request, "workspace/marks.html", context)
    review = last_note(document=document, user_id=request.user.pk) if found.assignment else None
    context.update(
        text=canvas_html(document.text, document.body_start),
        state=_sheet_state(request, found),
        labels=found.codebook.body["labels"],
        counts={x["code"]: sum(s["label"] == x["code"] for s in found.spans) for x in found.codebook.body["labels"]},
        review=review if found.assignment and found.assignment.state in ("RETURNED", "ACTIVE") else None,
    )
    return render(request, "workspace/workspace.html", context)


@cache_control(private=True, max_age=31_536_000, immutable=True)
@require_safe
def style_sheet(request: Request, project_id: int, version: int) -> HttpResponse:
    """The colours of a codebook version; it never changes, so browsers may keep it."""
    projects = Project.objects.visible_to(actor_of(request)).values("pk")
    found = CodebookVersion.objects.filter(project__in=projects, project_id=project_id, number=version).first()
    if found is None:
        raise Missing
    return HttpResponse(codebook_css(found.body), content_type="text/css; charset=utf-8")


@require_POST
def submit(request: Request, document_id: int) -> HttpResponse:
    actor = actor_of(request)
    try:
        assignments.submit(actor=actor, document_id=document_id)
    except Invalid as error:
        spans = {path.split(".")[1] for path in error.errors}
        messages.error(request, _("Not submitted yet. %(why)s") % {"why": error}, extra_tags="incomplete")
        return redirect(f"{reverse('workspace', args=[document_id])}#incomplete-{sorted(spans)[0]}")
    except DomainError as error:
        if error.status != 409:
            raise
        messages.error(request, str(error))
        return redirect("workspace", document_id)
    messages.success(request, _("Submitted. A reviewer will look at it."), extra_tags="submitted")
    return redirect("workspace", document_id)


@require_POST
def withdraw(request: Request, document_id: int) -> HttpResponse:
    assignments.withdraw(actor=actor_of(request), document_id=document_id)
    messages.success(request, _("Open again."))
    return redirect("workspace", document_id)


@require_POST
def decline(request: Request, assignment_id: int) -> HttpResponse:
    actor = actor_of(request)
    found = assignments.assignment_for(actor=actor, assignment_id=assignment_id)
    assignments.decline(actor=actor, assignment=found, reason=request.POST.get("reason", ""))
    messages.success(request, _("Given back."))
    return redirect("project", found.document.project_id)
