"""The workspace: the text with its marks, the panel, submit; and the same text to read only."""

from __future__ import annotations

import json
import zlib
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from annotator.coding import assignments
from annotator.coding.active_time import seconds_on
from annotator.coding.blind import is_hidden
from annotator.coding.marks import END, WIDTH, Counts, Marks, own_marks
from annotator.coding.offers import newest
from annotator.coding.sheet import Sheet, cards_for, own_extents, sheet, tagging_of
from annotator.corpus.models import CodebookVersion, Document
from annotator.corpus.queries import document_for
from annotator.errors import DomainError, Invalid, Missing
from annotator.review.queries import last_note
from annotator.teams.access import Action, may
from annotator.teams.models import Project, User
from annotator.teams.preferences import update_workspace
from annotator.web.canvas_messages import canvas_messages
from annotator.web.codebook_css import FORM, codebook_css
from annotator.web.marked import marked_html, shown_labels
from annotator.web.paper import canvas_html
from annotator.web.rail import Tool, rail
from annotator.web.request import Request, actor_of, ids_in
from annotator.web.views.outcomes import onward
from annotator.web.views.projects import frame


def canvas_state(request: HttpRequest, document: Document, codebook: CodebookVersion, **more: Any) -> dict[str, Any]:
    """What the canvas finds in the page. Keys as in static/annotator/canvas.js."""
    at = [document.pk]
    return {
        "document": {
            "id": document.pk,
            "length": document.length,
            "language": document.language,
            "direction": document.direction,
            "checksum": zlib.crc32(document.text.encode("utf-16-le")),
        },
        "user": request.user.pk,
        "project": document.project_id,
        "codebook": codebook.body,
        "urls": {
            "edits": reverse("api:edits", args=at),
            "annotations": reverse("api:annotations", args=at),
            "actors": reverse("api:actors", args=[document.project_id]),
            "actor": reverse("actor", args=[0]),
            "document": reverse("workspace", args=[0]),
            "pretag": reverse("api:pretag", args=[document.project_id]),
            "cards": reverse("workspace_cards", args=at),
            "find_actors": reverse("workspace_actors", args=at),
            "actor_codes": reverse("actor_codes", args=[document.project_id]),
            "marks": reverse("workspace_marks", args=at),
            "made": reverse("workspace_made", args=at),
            "tagging": reverse("workspace_tagging", args=at),
            "offers": reverse("workspace_offers", args=at),
            "sweep": reverse("sweep", args=[document.project_id]),
            "occurrences": reverse("api:document_occurrences", args=at),
            "same": reverse("api:occurrences", args=[document.project_id]),
            "same_acts": reverse("same", args=[document.project_id]),
            "job": reverse("api:job", args=[UUID(int=0)]),
            "session": reverse("session"),
            "pulse": reverse("pulse", args=at),
            "talk": reverse("talk", args=at),
            "history": reverse("history", args=at),
            "time": reverse("active_time", args=at),
            "preferences": reverse("preferences"),
            "login": reverse("account_login"),
        },
        "messages": canvas_messages(),
        "csrf": get_token(request),
        "language": get_language(),
        "preferences": request.user.workspace if isinstance(request.user, User) else {},
        **more,
    }


def stretches(counts: Counts) -> dict[str, Any]:
    """How many marks begin in each stretch of the text, for a page that does not have them all."""
    return {"spans": counts.spans, "suggestions": counts.suggestions}


def _rows(marks: Marks) -> str:
    """The members of a JSON object; the database wrote them as they are."""
    return f'"spans":{marks.spans},"relations":{marks.relations},"suggestions":{marks.suggestions}'


def _canvas_script(request: HttpRequest, found: Sheet, *, may_add_actor: bool) -> SafeString:
    """The state as a data block; what the database wrote as JSON goes in as it is."""
    own = found.set
    small = canvas_state(
        request,
        found.document,
        found.codebook,
        set={
            "id": own.pk if own else None,
            "state": found.assignment.state if found.assignment else None,
            "version": own.version if own else 0,
            "editable": found.editable,
        },
        entities=found.marks.entities,
        far=None if found.is_whole else {"width": WIDTH, "loaded": [0], **stretches(found.counts)},
        may_add_actor=may_add_actor,
        tagging=found.tagging is not None,
        time=seconds_on(found.assignment) if found.assignment and found.editable else 0,
        suggesting={"hidden": found.hidden, "blind": found.blind},
    )
    text = json.dumps(small, ensure_ascii=False, separators=(",", ":"))
    whole = text[:-1] + f",{_rows(found.marks)}}}"
    for sign, code in (("<", "\\u003C"), (">", "\\u003E"), ("&", "\\u0026")):  # three times faster than translate
        whole = whole.replace(sign, code)
    safe = mark_safe(whole)  # noqa: S308  nothing can end the script
    return format_html('<script id="canvas-state" type="application/json">{}</script>', safe)


def _tools(request: Request, found: Sheet) -> list[Tool]:
    own = request.user.workspace
    favourites = own.get("favourites", {}).get(str(found.document.project_id))
    return rail(found.codebook.body, favourites, get_language() or "en", own.get("keys"))


@require_safe
@never_cache
def workspace(request: Request, document_id: int) -> HttpResponse:
    actor = actor_of(request)
    found = sheet(actor=actor, document_id=document_id)
    document = found.document
    labels = found.codebook.body["labels"]
    context = frame(actor, found.project, "documents", sheet=found, document=document, codebook=found.codebook)
    if request.GET.get("view") == "marks":
        shown = shown_labels(labels, found.counts.by_label, get_language() or "en")
        context["marked"] = marked_html(document.text, own_extents(found), shown, document.body_start)
        context.update(shown=shown, count=sum(label.count for label in shown))
        return render(request, "workspace/marks.html", context)
    state = found.assignment.state if found.assignment else None
    context.update(
        text=canvas_html(document.text, document.body_start),
        canvas_script=_canvas_script(request, found, may_add_actor=may(actor, Action.ADD_ACTOR, found.project)),
        labels=labels,
        tools=_tools(request, found),
        counts=found.counts.by_label,
        state=state,
        may_submit=found.editable and state in ("ACTIVE", "RETURNED", "OPEN"),
        returned=last_note(document=document, user_id=request.user.pk) if state in ("RETURNED", "ACTIVE") else None,
    )
    return render(request, "workspace/workspace.html", context)


@require_safe
@never_cache
def marks(request: Request, document_id: int) -> HttpResponse:
    """One's own marks and the open suggestions between two code points of the text, with what they point to."""
    try:
        start, end = int(request.GET.get("from", 0)), int(request.GET.get("to", END))
    except ValueError:
        start = end = -1
    if not 0 <= start <= end <= END:
        raise Invalid(errors={"from": [_("Two places in the text are needed.")]})
    found, counts = own_marks(actor=actor_of(request), document_id=document_id, start=start, end=end)
    rest = json.dumps({"entities": found.entities, "counts": stretches(counts)}, ensure_ascii=False)
    return HttpResponse(f"{{{_rows(found)},{rest[1:]}", content_type="application/json")


@require_safe
@never_cache
def tagging(request: Request, document_id: int) -> JsonResponse:
    """Whether taggers are at work on the document, how far, and a number that changes when they have put something there."""
    actor = actor_of(request)
    document = document_for(actor=actor, document_id=document_id)
    job = tagging_of(document)
    came = 0 if is_hidden(actor, document) else newest(document)
    return JsonResponse(
        {"running": job is not None, "done": job.done if job else 0, "total": job.total if job else 0, "newest": came}
    )


@require_safe
@never_cache
def cards(request: Request, document_id: int) -> JsonResponse:
    """Names of registry entries that came into the page after it was made."""
    ids = ids_in(request.GET.get("ids", "").split(","))[:500]
    return JsonResponse(cards_for(actor=actor_of(request), document_id=document_id, entity_ids=ids))


@login_not_required
@require_safe
@never_cache
def session(request: HttpRequest) -> JsonResponse:
    """Whose session this is now, and its CSRF token: how a page that waited over a log-in goes on saving."""
    return JsonResponse({"user": request.user.pk, "csrf": get_token(request)})


@require_POST
def preferences(request: Request) -> JsonResponse:
    """Keep how the person likes to work; the body is a JSON object of what changes."""
    try:
        changes = json.loads(request.body)
    except ValueError:
        changes = None
    if not isinstance(changes, dict):
        raise Invalid(errors={"body": [_("An object is needed.")]})
    return JsonResponse(update_workspace(actor=actor_of(request), changes=changes))


@require_safe
def style_sheet(request: Request, project_id: int, version: int) -> HttpResponse:
    """The colours of a codebook version. Under the address that names the form it has here it never changes, so browsers
    may keep it; under that of another release, whose pages may still be open, they ask each time."""
    projects = Project.objects.visible_to(actor_of(request)).values("pk")
    found = CodebookVersion.objects.filter(project__in=projects, project_id=project_id, number=version).first()
    if found is None:
        raise Missing
    response = HttpResponse(codebook_css(found.body), content_type="text/css; charset=utf-8")
    if request.GET.get("form") == FORM:
        patch_cache_control(response, private=True, max_age=31_536_000, immutable=True)
    else:
        patch_cache_control(response, private=True, no_cache=True)
    return response


@require_POST
def submit(request: Request, document_id: int) -> HttpResponse:
    actor = actor_of(request)
    try:
        assignments.submit(actor=actor, document_id=document_id)
    except Invalid as error:
        first = next(iter(error.errors)).split(".")[1]  # they are in the order of the text
        messages.error(request, _("Not submitted yet. %(why)s") % {"why": error}, extra_tags="incomplete")
        return redirect(f"{reverse('workspace', args=[document_id])}#incomplete-{first}")
    except DomainError as error:
        if error.status != 409:
            raise
        messages.error(request, str(error))
        return redirect("workspace", document_id)
    document = Document.objects.select_related("project").only("id", "title", "project").get(pk=document_id)
    done = _("“%(title)s” is submitted. A reviewer will look at it.") % {"title": document.title}
    return onward(request, actor, document, done, undo="withdraw")


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
    done = _("“%(title)s” is given back.") % {"title": found.document.title}
    return onward(request, actor, found.document, done)
