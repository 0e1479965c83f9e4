"""Finding actors by any of their names, in either language, however they are spelled."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Length

from analysis.text.clitics import readings as clitic_readings
from analysis.text.normalise import norm_key, normalise
from annotator.errors import Missing
from annotator.registry.models import Entity, EntityName
from annotator.teams.access import Action, Actor, require
from annotator.teams.models import Project


@dataclass(frozen=True, slots=True)
class Match:
    """An entry with the name by which it was found. `rank` 0 is the best; `reading` is what of the query was found."""

    entity_id: int
    form: str
    role: str
    rank: int
    reading: str

    @property
    def by_other_name(self) -> str:
        """What kind of name it was found by, nothing for the canonical one and for the key."""
        return "" if self.rank == 0 or self.role == "CANONICAL" else str(EntityName.Role(self.role).label)


_WHOLE, _BEGINS, _INSIDE = 1, 5, 7  # ranks; behind a whole name come its other kinds, and those under attached letters
_CANDIDATES = 400
_HALF_ARTICLE = re.compile(r"(?<!\w)ال(?=\w?$)")  # while a name is being typed: حزب ال, حزب الن


def readings_of(q: str) -> list[str]:
    """What a query may mean: as it stands, then without letters that Arabic attaches to its first word: بروسيا, روسيا."""
    q = q.strip()
    normal = normalise(q)
    first = normal.text.partition(" ")[0]
    found = [q]
    for front, bare in clitic_readings(first) if len(first) > 3 else []:
        if not front or len(bare) < 2:
            continue
        fused = len(bare) > len(first) - len(front)  # للغرب: its article gave up its alif
        found.append("ال" * fused + q[normal.starts[len(front) + fused] :])
    return list(dict.fromkeys(found))


def matches(*, project: Project, q: str) -> list[Match]:
    """Each entry that a query finds, once, the best first: whole names before beginnings before words inside, canonical
    names before others, and what was typed before what is left of it without attached letters.
    """
    keys: dict[str, tuple[int, str]] = {}  # norm key -> (0 as typed, 1 without attached letters), the words
    for i, words in enumerate(readings_of(q)):
        for lang in ("ar", "en") if i == 0 else ("ar",):
            if key := norm_key(words, lang):
                keys.setdefault(key, (min(i, 1), words))
    if not keys:
        return []
    typed = [key for key, (bare, _words) in keys.items() if not bare]
    typed += [shorter for key in typed if (shorter := _HALF_ARTICLE.sub("", key)) != key]
    begins, inside = Q(), Q()
    for key in typed:
        if key:
            begins |= Q(norm_key__startswith=key)
            inside |= Q(norm_key__contains=f" {key}")
    upper = q.strip().upper()
    rows = (
        EntityName.objects.filter(project=project, entity__merged_into=None, entity__archived_at=None)
        .filter(Q(norm_key__in=keys) | begins | inside | Q(entity__key=upper))
        .annotate(
            rank=Case(
                When(Q(entity__key=upper), then=Value(0)),
                When(Q(norm_key__in=keys), then=Value(_WHOLE)),
                When(begins, then=Value(_BEGINS)),
                default=Value(_INSIDE),
                output_field=IntegerField(),
            ),
            other=Case(When(role="CANONICAL", then=Value(0)), default=Value(1), output_field=IntegerField()),
        )
        .order_by("rank", "other", Length("norm_key"), "entity_id", "id")
        .values_list("entity_id", "form", "role", "norm_key", "rank", "other")[:_CANDIDATES]
    )
    best: dict[int, Match] = {}
    for entity_id, form, role, key, rank, other in rows:
        bare, words = keys.get(key, (0, q.strip()))
        if rank == _WHOLE:
            rank += 2 * bare
        found = Match(entity_id, form, role, rank + (other if rank else 0), words)
        if entity_id not in best or found.rank < best[entity_id].rank:
            best[entity_id] = found
    return sorted(best.values(), key=lambda match: match.rank)


def search(*, project: Project, q: str, limit: int = 8) -> list[Entity]:
    """The best entries for what was typed, each with `matched`, the name it was found by. Names are loaded."""
    best = matches(project=project, q=q)[:limit]
    found = {e.pk: e for e in Entity.objects.filter(pk__in=[m.entity_id for m in best]).prefetch_related("names")}
    for match in best:
        found[match.entity_id].matched = match
    return [found[match.entity_id] for match in best]


def countries(project: Project) -> list[dict[str, str]]:
    """The country codes that states of the registry have, with the name of the state in the language of the page."""
    states = Entity.objects.current().filter(project=project, kind=Entity.Kind.STATE).exclude(country="")
    found = {state.country: state.name() for state in states.prefetch_related("names").order_by("-seeded", "id")}
    return sorted(({"code": code, "name": name} for code, name in found.items()), key=lambda one: one["name"])


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
