"""What a person's marks on a document were before: the whole log, one mark, what was removed."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from annotator.coding import past
from annotator.coding.edits import apply_edits
from annotator.coding.models import Assignment, Span
from annotator.coding.payload import read_edits
from annotator.coding.sheet import is_editable
from annotator.corpus.queries import document_for
from annotator.web.changes import Words
from annotator.web.request import Request, actor_of, back, ids_in
from annotator.web.views.projects import frame, paged


@require_safe
@never_cache
def history(request: Request, document_id: int) -> HttpResponse:
    """The log of the person's own set. `?span=` shows one mark only, `?part=` the piece that the workspace shows."""
    actor = actor_of(request)
    document = document_for(actor=actor, document_id=document_id)
    language = get_language() or "en"
    found = past.own_set(actor=actor, document=document)
    task = Assignment.objects.filter(document=document, user=actor.user).first()
    context = frame(
        actor, document.project, "documents", document=document, set=found, lines=[], removed=[],
        editable=is_editable(actor, document, task),
    )  # fmt: skip
    span_id = _uuid(request.GET.get("span", ""))
    if found is not None and span_id is not None:
        edits = past.history_of(found, span_id)
        context["lines"] = Words(found, language, edits).lines(edits)
        context["span_id"] = str(span_id)
        context["version"] = Span.objects.filter(pk=span_id, set=found).values_list("version", flat=True).first()
    elif found is not None:
        context.update(paged(request, past.log_of(found)))
        gone = past.removed(found)
        words = Words(found, language, context["rows"], [one.span for one in gone])
        context["lines"] = words.lines(context["rows"])
        context["removed"] = [(one, words.span(one.span, None)) for one in gone]
    template = "workspace/past.html" if request.GET.get("part") else "workspace/history.html"
    return render(request, template, context)


@require_POST
def restore(request: Request, document_id: int) -> HttpResponse:
    """Bring a mark back as an edit left it: an edit like any other, which the workspace can undo."""
    edit: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "op": "restore_span",
        "span": {"id": request.POST.get("span", "")},
        "as_of": request.POST.get("as_of", ""),
    }
    version = ids_in([request.POST.get("version", "")])
    if version:
        edit["base_version"] = version[0]
    apply_edits(actor=actor_of(request), document_id=document_id, edits=read_edits({"edits": [edit]}))
    messages.success(request, _("Brought back."))
    return back(request, reverse("history", args=[document_id]))


def _uuid(value: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(value) if value else None
    except ValueError:
        return None
