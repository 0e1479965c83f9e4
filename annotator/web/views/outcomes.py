"""What becomes of a task besides submitting it, what comes next, and how long it took."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from annotator.coding import outcomes
from annotator.coding.active_time import add_active_time, read_stretches
from annotator.coding.models import Assignment
from annotator.coding.queries import my_work
from annotator.corpus.models import Document
from annotator.corpus.queries import document_for
from annotator.errors import Conflict, Invalid
from annotator.teams.access import Actor
from annotator.web.request import Request, actor_of
from annotator.web.views.projects import frame, opened
from annotator.web.views.talk import answers_json


def onward(request: Request, actor: Actor, document: Document, done: str, *, undo: str = "") -> HttpResponse:
    """To the next document of the person's queue, with a word about the one before and a way back to it.

    `undo` is the name of the address that takes back what was `done` to the document.
    """
    messages.success(request, done, extra_tags=f"back:{undo}:{document.pk}" if undo else "")
    following = outcomes.next_of_queue(actor=actor, project=document.project, after=document.pk)
    if following is None:
        return redirect("all_done", document.project_id)
    return redirect("workspace", following.document_id)


def _left(request: Request, assignment: Assignment, done: str, undo: str) -> HttpResponse:
    found = Document.objects.select_related("project").only("id", "title", "project")
    document = found.get(pk=assignment.document_id)
    return onward(request, actor_of(request), document, done % {"title": document.title}, undo=undo)


@require_POST
def irrelevant(request: Request, document_id: int) -> HttpResponse:
    try:
        found = outcomes.call_irrelevant(
            actor=actor_of(request), document_id=document_id, reason=request.POST.get("reason", "")
        )
    except (Conflict, Invalid) as refusal:
        return _stay(request, document_id, refusal)
    return _left(request, found, _("“%(title)s” is marked as irrelevant."), "relevant")


@require_POST
def put_aside(request: Request, document_id: int) -> HttpResponse:
    try:
        found = outcomes.put_aside(
            actor=actor_of(request), document_id=document_id, reason=request.POST.get("reason", "")
        )
    except (Conflict, Invalid) as refusal:
        return _stay(request, document_id, refusal)
    return _left(request, found, _("“%(title)s” is put aside, at the end of your queue."), "take_up")


def _stay(request: Request, document_id: int, refusal: Conflict | Invalid) -> HttpResponse:
    messages.error(request, " ".join(why for reasons in refusal.errors.values() for why in reasons) or str(refusal))
    return redirect("workspace", document_id)


@require_POST
def relevant(request: Request, document_id: int) -> HttpResponse:
    try:
        outcomes.call_relevant(actor=actor_of(request), document_id=document_id)
    except Conflict as refusal:
        return _stay(request, document_id, refusal)
    messages.success(request, _("Open again."))
    return redirect("workspace", document_id)


@require_POST
def take_up(request: Request, document_id: int) -> HttpResponse:
    try:
        outcomes.take_up(actor=actor_of(request), document_id=document_id)
    except Conflict as refusal:
        return _stay(request, document_id, refusal)
    messages.success(request, _("Taken up again."))
    return redirect("workspace", document_id)


@require_safe
def all_done(request: Request, project_id: int) -> HttpResponse:
    """Where a person comes to whose queue in the project is empty, but for what was put aside."""
    actor, project = opened(request, project_id)
    rows = my_work(actor=actor, project=project)
    context = frame(
        actor,
        project,
        "overview",
        tally=outcomes.tally(actor=actor, project=project),
        following=rows.filter(put_aside_at=None).first(),
        aside=outcomes.aside(actor=actor, project=project),
    )
    return render(request, "projects/done.html", context)


@require_POST
@answers_json
def active_time(request: Request, document_id: int) -> HttpResponse:
    """Stretches of activity, as JSON in a field; the answer says how many seconds they add up to."""
    actor = actor_of(request)
    document_for(actor=actor, document_id=document_id)  # who does not see it hears nothing else
    try:
        stretches = json.loads(request.POST.get("stretches", ""))
    except ValueError:
        stretches = None
    seconds = add_active_time(actor=actor, document_id=document_id, stretches=read_stretches(stretches))
    return JsonResponse({"seconds": seconds})
