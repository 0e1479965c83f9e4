"""What the list of marks asks for when it is sorted by the time of making."""

from __future__ import annotations

from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from annotator.coding.made import order_of_making
from annotator.web.request import Request, actor_of


@require_safe
@never_cache
def made(request: Request, document_id: int) -> JsonResponse:
    """The ids of the person's own spans, the first made first."""
    return JsonResponse({"spans": order_of_making(actor=actor_of(request), document_id=document_id)})
