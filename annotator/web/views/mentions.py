"""What the canvas asks about actors: finding them, their card, the codes of a new one."""

from __future__ import annotations

from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from annotator.coding.mentions import actor_card, find_actors, known_actors
from annotator.registry.codes import SECTORS
from annotator.registry.queries import countries
from annotator.teams.queries import project_for
from annotator.web.request import Request, actor_of, plain


@require_safe
@never_cache
def find(request: Request, document_id: int) -> JsonResponse:
    """The best entries for `q`, for a mark of `label`; without words those that the person's work mentions most."""
    actor = actor_of(request)
    q = plain(request.GET.get("q", "")).strip()
    if not q:
        return JsonResponse({"results": known_actors(actor=actor, document_id=document_id)})
    label = plain(request.GET.get("label", ""), 40)
    return JsonResponse(find_actors(actor=actor, document_id=document_id, q=q, label=label))


@require_safe
@never_cache
def card(request: Request, document_id: int, entity_id: int) -> JsonResponse:
    """An actor with all names and the mentions in other documents that the person may see."""
    return JsonResponse(actor_card(actor=actor_of(request), document_id=document_id, entity_id=entity_id))


@require_safe
def codes(request: Request, project_id: int) -> JsonResponse:
    """The codes a new actor may have: countries as the registry names them, and sectors."""
    project = project_for(actor=actor_of(request), project_id=project_id)
    return JsonResponse(
        {"countries": countries(project), "sectors": [{"code": code, "name": str(name)} for code, name in SECTORS]}
    )
