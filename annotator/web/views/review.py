"""Looking at submitted work: one at a time, or two side by side."""

from __future__ import annotations

from collections import Counter

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from annotator.coding.models import AnnotationSet, Assignment, Submission
from annotator.coding.queries import entity_cards, submissions_of
from annotator.corpus.models import CodebookVersion
from annotator.corpus.queries import document_for
from annotator.errors import Conflict, Invalid
from annotator.review import services
from annotator.review.queries import compare, queue, reviews_of, submission_for
from annotator.teams.access import Action, may, require
from annotator.web.comparison import Names, paragraphs, places
from annotator.web.paper import canvas_html
from annotator.web.request import Request, actor_of
from annotator.web.views.projects import frame, opened, paged
from annotator.web.views.workspace import canvas_state
from annotator.web.words import DIFFERENCES

TABS = (Assignment.State.SUBMITTED, Assignment.State.RETURNED, Assignment.State.ACCEPTED)


@require_safe
def waiting(request: Request, project_id: int) -> HttpResponse:
    actor, project = opened(request, project_id, Action.VIEW_SUBMISSIONS)
    state = request.GET.get("state", "SUBMITTED")
    state = state if state in TABS else "SUBMITTED"
    rows = queue(actor=actor, project=project, state=state)
    context = frame(
        actor,
        project,
        "review",
        state=state,
        review_tabs=[(tab.value, tab.label) for tab in TABS],
        **paged(request, rows),
    )
    ids = [row.assignment.document_id for row in context["rows"]]
    counts = Counter(
        submission.assignment.document_id
        for submission in queue(actor=actor, project=project).filter(assignment__document_id__in=ids)
    )
    for row in context["rows"]:
        row.others = counts[row.assignment.document_id] - (state == "SUBMITTED")
    return render(request, "review/queue.html", context)


def submission(request: Request, submission_id: int) -> HttpResponse:
    actor = actor_of(request)
    found = submission_for(actor=actor, submission_id=submission_id)
    document = found.assignment.document
    project = document.project
    error = None
    if request.method == "POST":
        require(actor, Action.REVIEW, project)
        try:
            return _decide(request, found)
        except (Invalid, Conflict) as refusal:
            error = refusal
    codebook = CodebookVersion.objects.get(pk=found.set.codebook_version_id)
    spans, relations = found.snapshot["spans"], found.snapshot["relations"]
    linked = {s["entity"] for s in spans} | {r[k].get("entity") for r in relations for k in ("from", "to")}
    shown = {"id": found.set_id, "state": found.assignment.state, "version": 0, "editable": False}
    wide = may(actor, Action.VIEW_SUBMISSIONS, project)
    waiting_now = queue(actor=actor, project=project).exclude(pk=found.pk) if wide else Submission.objects.none()
    if not project.self_review:
        waiting_now = waiting_now.exclude(assignment__user=actor.user)
    state = canvas_state(
        request, document, codebook, set=shown, spans=spans, relations=relations, suggestions=[],
        entities=entity_cards(linked),
    )  # fmt: skip
    state["urls"]["talk"] += f"?submission={found.pk}"
    context = frame(
        actor, project, "review", submission=found, document=document, error=error, codebook=codebook,
        text=canvas_html(document.text, document.body_start), state=state,
        reviews=list(reviews_of(submission=found).select_related("submission").defer("submission__snapshot")[:20]),
        newer=Submission.objects.filter(set=found.set_id, number__gt=found.number).order_by("-number")
        .values_list("pk", flat=True).first(),
        others=[s for s in submissions_of(document).defer("snapshot") if s.pk != found.pk] if wide else [],
        gold=AnnotationSet.objects.gold().filter(document=document).select_related("author").first() if wide else None,
        own=found.assignment.user_id == request.user.pk and not project.self_review,
        counts=Counter(s["label"] for s in spans), upcoming=waiting_now.first(),
        given=request.POST if error else {},
    )  # fmt: skip
    return render(request, "review/submission.html", context, status=error.status if error else 200)


def _decide(request: Request, submission: Submission) -> HttpResponse:
    actor = actor_of(request)
    what = request.POST.get("what")
    if what == "accept":
        services.accept(actor=actor, submission=submission, replace=bool(request.POST.get("replace")))
        messages.success(request, _("Accepted: this is the gold of the document now."))
    elif what == "return":
        services.return_(actor=actor, submission=submission, note=request.POST.get("note", ""))
        messages.success(request, _("Returned with your note."))
    elif what == "reopen":
        services.reopen(actor=actor, submission=submission, note=request.POST.get("note", ""))
        messages.success(request, _("Opened again."))
    else:
        raise Invalid(errors={"what": [_("Unknown choice.")]})
    return redirect("submission", submission.pk)


@require_safe
def side_by_side(request: Request, document_id: int) -> HttpResponse:
    """Two submissions on one document, differences marked in the text, with what each person chose."""
    actor = actor_of(request)
    document = document_for(actor=actor, document_id=document_id, with_text=True, action=Action.VIEW_SUBMISSIONS)
    rows = list(submissions_of(document).defer("snapshot"))
    asked = [next((s for s in rows if str(s.pk) == request.GET.get(side)), None) for side in ("a", "b")]
    a = asked[0] or next((s for s in rows if s is not asked[1]), None)
    b = asked[1] if asked[1] is not a else None
    b = b or next((s for s in rows if s is not a), None)
    found = compare(a=a, b=b) if a is not None and b is not None else []
    only = request.GET.get("kind", "")
    only = only if only in DIFFERENCES or only == "all" else ""
    context = frame(actor, document.project, "review", document=document, submissions=rows, a=a, b=b, only=only)
    if a is not None and b is not None:
        codebook = CodebookVersion.objects.get(pk=a.set.codebook_version_id)
        linked = {span.get("entity") for d in found for span in (d.a, d.b) if span}
        names = Names(codebook.body, get_language() or "en", entity_cards(linked))
        numbered = places(found, names)
        shown = [p for p in numbered if only == "all" or (p.kind == only if only else p.kind != "agree")]
        counts = Counter(p.kind for p in numbered)
        context.update(
            codebook=codebook,
            paragraphs=paragraphs(document.text, shown),
            total=len(numbered),
            kinds=[(kind, words, counts[kind]) for kind, words in DIFFERENCES.items()],
        )
    return render(request, "review/compare.html", context)
