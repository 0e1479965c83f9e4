"""What the workspace asks about suggestions once it is open."""

from __future__ import annotations

import json

from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from annotator.coding import blind
from annotator.coding import offers as coding
from annotator.web.request import Request, actor_of


def _answer(request: Request, document_id: int) -> HttpResponse:
    found = coding.offers(actor=actor_of(request), document_id=document_id)
    about = {
        "hidden": found.hidden,
        "blind": found.blind,
        "same": found.same,
        "newest": found.newest,
        "entities": found.entities,
    }
    text = json.dumps(about, ensure_ascii=False)
    # What the database wrote as JSON goes in as it is.
    return HttpResponse(f'{text[:-1]},"suggestions":{found.rows}}}', content_type="application/json")


@require_safe
@never_cache
def offers(request: Request, document_id: int) -> HttpResponse:
    """All open suggestions of the document, in the rows of the page's own state."""
    return _answer(request, document_id)


@require_POST
def reveal(request: Request, document_id: int) -> HttpResponse:
    """Show them to who codes without them first; answers like `offers`."""
    blind.reveal(actor=actor_of(request), document_id=document_id)
    return _answer(request, document_id)


@require_safe
@never_cache
def withheld(request: Request, document_id: int) -> JsonResponse:
    """What is not offered, and why."""
    return JsonResponse({"withheld": coding.withheld(actor=actor_of(request), document_id=document_id)})


@require_safe
@never_cache
def precision(request: Request, document_id: int) -> JsonResponse:
    """How right the taggers were in this project so far."""
    return JsonResponse({"decided": coding.precision(actor=actor_of(request), document_id=document_id)})
