"""Finding actors by any of their names, in either language, however they are spelled."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Exists, IntegerField, Min, OuterRef, Q, QuerySet, Value, When

from analysis.text.normalise import norm_key
from annotator.errors import Missing
from annotator.registry.models import Entity, EntityName
from annotator.teams.access import Action, Actor, require
from annotator.teams.models import Project


def search(*, project: Project, q: str, limit: int = 8) -> list[Entity]:
    """The best entries for what was typed: whole names first, canonical ones before others, then beginnings, then words
    inside. Names are loaded.
    """
    keys = {key for lang in ("ar", "en") if (key := norm_key(q, lang))}
    if not keys:
        return []
    whole, begins, inside = Q(), Q(), Q()
    for key in keys:
        whole |= Q(norm_key=key)
        begins |= Q(norm_key__startswith=key)
        inside |= Q(norm_key__contains=f" {key}")
    upper = q.strip().upper()
    ranked = (
        EntityName.objects.filter(project=project, entity__merged_into=None, entity__archived_at=None)
        .filter(whole | begins | inside | Q(entity__key=upper))
        .annotate(
            rank=Case(
                When(Q(entity__key=upper), then=Value(0)),
                When(whole & Q(role="CANONICAL"), then=Value(1)),
                When(whole, then=Value(2)),
                When(begins & Q(role="CANONICAL"), then=Value(3)),
                When(begins, then=Value(4)),
                default=Value(5),
                output_field=IntegerField(),
            )
        )
        .values("entity_id")
        .annotate(best=Min("rank"))
        .order_by("best", "entity_id")
        .values_list("entity_id", flat=True)[:limit]
    )
    ids = list(ranked)
    found = {e.pk: e for e in Entity.objects.filter(pk__in=ids).prefetch_related("names")}
    return [found[i] for i in ids]


def entities_page(*, actor: Actor, project: Project, q: str = "", kind: str = "") -> QuerySet[Entity]:
    """The registry of a project with names, those of the team first."""
    require(actor, Action.VIEW, project)
    rows = Entity.objects.current().filter(project=project)
    if kind:
        rows = rows.filter(kind=kind)
    if q:
        keys = [key for lang in ("ar", "en") if (key := norm_key(q, lang))]
        match = Q()
        for key in keys:
            match |= Q(norm_key__contains=key)
        named = EntityName.objects.filter(match, entity=OuterRef("pk")) if keys else EntityName.objects.none()
        rows = rows.filter(Exists(named) | Q(key=q.strip().upper()))
    return rows.prefetch_related("names").order_by("seeded", "id")


def entity_for(*, actor: Actor, entity_id: int) -> Entity:
    """The entry with its project and names. Raises Missing for strangers."""
    found = (
        Entity.objects.visible_to(actor)
        .select_related("project", "merged_into")
        .prefetch_related("names")
        .filter(pk=entity_id)
        .first()
    )
    if found is None:
        raise Missing()
    require(actor, Action.VIEW, found.project)
    return found


def entity_data(entity: Entity) -> dict[str, Any]:
    """An entry as plain data. Names must have been loaded."""
    return {
        "id": entity.pk,
        "key": entity.key,
        "kind": entity.kind,
        "country": entity.country,
        "sectors": entity.sectors,
        "wikidata_id": entity.wikidata_id,
        "note": entity.note,
        "seeded": entity.seeded,
        "merged_into": entity.merged_into_id,
        "name": {"ar": entity.name("ar"), "en": entity.name("en")},
        "names": [{"lang": n.lang, "form": n.form, "role": n.role} for n in entity.names.all()],
    }
