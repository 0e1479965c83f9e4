"""The registry: finding, reading, adding, changing and merging actors."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from annotator.coding.models import AnnotationSet, Span
from annotator.corpus.models import Document
from annotator.errors import Conflict, Invalid
from annotator.registry.models import Entity, EntityName
from annotator.registry.queries import entities_page, entity_for
from annotator.registry.services import add_entity, merge_entities, update_entity
from annotator.teams.access import Action, Actor, may
from annotator.web.request import Request, actor_of
from annotator.web.views.projects import frame, opened, paged


@require_safe
def registry(request: Request, project_id: int) -> HttpResponse:
    actor, project = opened(request, project_id)
    q, kind = request.GET.get("q", "").replace("\0", "")[:200], request.GET.get("kind", "")
    rows = entities_page(actor=actor, project=project, q=q, kind=kind if kind in Entity.Kind.values else "")
    context = frame(actor, project, "actors", q=q, kind=kind, kinds=Entity.Kind.choices, **paged(request, rows, 50))
    return render(request, "actors/list.html#rows" if request.htmx else "actors/list.html", context)


def _given_names(request: Request) -> list[dict[str, str]]:
    """The names of the form: canonical ones, and aliases one a line."""
    names = []
    for lang in ("ar", "en"):
        if form := request.POST.get(f"name_{lang}", "").strip():
            names.append({"lang": lang, "form": form, "role": "CANONICAL"})
        for role in ("ALIAS", "ABBREV", "NISBA", "METONYM"):
            for line in request.POST.get(f"{role.lower()}_{lang}", "").split("\n"):
                if line.strip():
                    names.append({"lang": lang, "form": line.strip(), "role": role})
    return names


def new(request: Request, project_id: int) -> HttpResponse:
    actor, project = opened(request, project_id, Action.ADD_ACTOR)
    error = None
    if request.method == "POST":
        try:
            made = add_entity(
                actor=actor, project=project, kind=request.POST.get("kind", ""), names=_given_names(request),
                country=request.POST.get("country", "").strip().upper(), note=request.POST.get("note", ""),
            )  # fmt: skip
            return redirect("actor", made.pk)
        except (Invalid, Conflict) as refusal:
            error = refusal
    context = frame(actor, project, "actors", kinds=Entity.Kind.choices, error=error, given=request.POST)
    return render(request, "actors/new.html", context, status=error.status if error else 200)


def visible_mentions(actor: Actor, entity: Entity) -> QuerySet[Span]:
    """Mentions the actor may see: one's own, and for those who review the gold ones too."""
    sets = AnnotationSet.objects.filter(document__in=Document.objects.visible_to(actor).present().values("pk"))
    own = sets.of_person(actor.user.pk)
    rows = own
    if may(actor, Action.VIEW_SUBMISSIONS, entity.project):
        rows = own | sets.gold()
    ids = [entity.pk, *Entity.objects.filter(merged_into=entity).values_list("pk", flat=True)]
    return Span.objects.filter(set__in=rows.values("pk"), entity_id__in=ids).select_related("set__document").defer(
        "set__document__text", "set__document__metadata"
    ).order_by("-set__document_id", "start")  # fmt: skip


def detail(request: Request, entity_id: int) -> HttpResponse:
    actor = actor_of(request)
    entity = entity_for(actor=actor, entity_id=entity_id)
    error = None
    if request.method == "POST":
        try:
            update_entity(
                actor=actor, entity=entity, kind=request.POST.get("kind", ""), names=_given_names(request),
                country=request.POST.get("country", "").strip().upper(), note=request.POST.get("note", ""),
            )  # fmt: skip
            messages.success(request, _("Saved."))
            return redirect("actor", entity.pk)
        except (Invalid, Conflict) as refusal:
            error = refusal
    names = list(entity.names.all())
    lines = {
        f"{role.lower()}_{lang}": "\n".join(n.form for n in names if n.role == role and n.lang == lang)
        for role in EntityName.Role.values
        for lang in ("ar", "en")
    }
    context = frame(
        actor, entity.project, "actors", entity=entity, names=names, lines=lines, error=error, kinds=Entity.Kind.choices,
        **paged(request, visible_mentions(actor, entity), 30),
    )  # fmt: skip
    return render(request, "actors/detail.html", context, status=error.status if error else 200)


@require_POST
def merge(request: Request, entity_id: int) -> HttpResponse:
    actor = actor_of(request)
    source = entity_for(actor=actor, entity_id=entity_id)
    key = request.POST.get("into", "").strip().upper()
    target = Entity.objects.visible_to(actor).filter(project=source.project, key=key).first()
    if target is None:
        messages.error(request, _("There is no actor with the key “%(key)s”.") % {"key": key[:40]})
        return redirect("actor", source.pk)
    merge_entities(actor=actor, source=source, target=target)
    messages.success(request, _("Merged. Mentions of both are read as one now."))
    return redirect("actor", target.pk)
