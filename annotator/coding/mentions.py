"""Actors as the workspace asks for them: whom a typed name may mean, and where else somebody is mentioned.

Counts and mentions are those of work the person may see: one's own, and gold for those who review.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Greatest, Least, Substr

from annotator.coding.models import AnnotationSet, Span
from annotator.coding.wire import Data
from annotator.corpus.models import Document
from annotator.corpus.queries import document_for
from annotator.errors import Missing
from annotator.registry.codes import capitals
from annotator.registry.models import Entity, EntityName
from annotator.registry.queries import Match, matches, readings_of
from annotator.teams.access import Action, Actor, may
from annotator.teams.models import Project

MOST_FOUND = 8
MOST_KNOWN = 300
_SNIPPETS = 8
_AROUND = 48  # code points of text on each side of a snippet


def visible_mentions(actor: Actor, project: Project) -> QuerySet[Span]:
    """Linked mentions the actor may see: one's own, and for those who review the gold ones too."""
    sets = AnnotationSet.objects.filter(
        project=project, document__in=Document.objects.visible_to(actor).present().values("pk")
    )
    rows = sets.of_person(actor.user.pk)
    if may(actor, Action.VIEW_SUBMISSIONS, project):
        rows = rows | sets.gold()
    return Span.objects.filter(set__in=rows.values("pk"), entity__isnull=False)


def mentions_of(actor: Actor, entity: Entity) -> QuerySet[Span]:
    """The visible mentions of an entry and of what was merged into it, with their documents, the newest first."""
    return (
        visible_mentions(actor, entity.project)
        .filter(Q(entity=entity) | Q(entity__merged_into=entity))
        .select_related("set__document")
        .defer("set__document__text", "set__document__metadata")
        .order_by("-set__document_id", "start", "id")
    )


def _used(actor: Actor, project: Project, document_id: int, ids: Iterable[int] | None) -> dict[int, tuple[int, int]]:
    """Entry -> how often it is mentioned in the document, and in the project, the most mentioned first."""
    rows = visible_mentions(actor, project)
    if ids is not None:
        rows = rows.filter(Q(entity__in=ids) | Q(entity__merged_into__in=ids))
    counted = (
        rows.annotate(who=Coalesce("entity__merged_into_id", "entity_id"))
        .values_list("who")
        .annotate(here=Count("id", filter=Q(set__document=document_id)), all=Count("id"))
        .order_by("-all", "who")
    )
    return {who: (here, everywhere) for who, here, everywhere in counted}


def _names(ids: Iterable[int]) -> dict[int, list[tuple[str, str, str]]]:
    """Entry -> (language, form, role) of its names, canonical ones first."""
    roles = EntityName.Role.values
    found: dict[int, list[tuple[str, str, str]]] = {}
    rows = (
        EntityName.objects.filter(entity__in=list(ids)).order_by("id").values_list("entity_id", "lang", "form", "role")
    )
    for entity_id, *name in sorted(rows, key=lambda row: roles.index(row[3])):
        found.setdefault(entity_id, []).append((name[0], name[1], name[2]))
    return found


def _card(entity: Entity, names: dict[int, list[tuple[str, str, str]]]) -> Data:
    """The card of `entity_cards` with its id."""
    own: dict[str, str] = {}
    for lang, form, role in names.get(entity.pk, []):
        if role == EntityName.Role.CANONICAL:
            own.setdefault(lang, form)
    any_name = next(iter(own.values()), entity.key)
    name = {lang: own.get(lang, any_name) for lang in ("ar", "en")}
    return {"id": entity.pk, "key": entity.key, "kind": entity.kind, "country": entity.country, "name": name}


def _fits(entity: Entity, label: str) -> bool:
    """Whether the kind is one that marks of the label are usually linked to."""
    return (entity.kind == Entity.Kind.PLACE) == (label == "PLACE")


def find_actors(*, actor: Actor, document_id: int, q: str, label: str = "") -> dict[str, Any]:
    """The best entries for what was typed or marked: `q` as it was understood, and `results`.

    Of entries that a name fits equally well those stand first that the document mentions, then those of the project, then
    those whose kind fits the label. Raises Missing for strangers.
    """
    document = document_for(actor=actor, document_id=document_id)
    found = matches(project=document.project, q=q)
    ids = [match.entity_id for match in found]
    used = _used(actor, document.project, document_id, ids) if ids else {}
    entities = Entity.objects.in_bulk(ids)

    def order(match: Match) -> tuple[int, int, int, bool]:
        here, everywhere = used.get(match.entity_id, (0, 0))
        return match.rank, -here, -everywhere, bool(label) and not _fits(entities[match.entity_id], label)

    best = sorted(found, key=order)[:MOST_FOUND]
    names = _names(match.entity_id for match in best)
    results = []
    for match in best:
        here, everywhere = used.get(match.entity_id, (0, 0))
        results.append(
            {
                **_card(entities[match.entity_id], names),
                "matched": {"form": match.form, "role": match.role} if match.by_other_name else None,
                "whole": match.rank < 5,
                "capital": match.role == EntityName.Role.METONYM and match.form in capitals(),
                "here": here,
                "project": everywhere,
            }
        )
    whole = [match.reading for match in best if match.rank < 5]
    return {"q": whole[0] if whole else readings_of(q)[0], "results": results}


def known_actors(*, actor: Actor, document_id: int) -> list[Data]:
    """The entries most mentioned in the document and the project, with all their names: for finding them offline."""
    document = document_for(actor=actor, document_id=document_id)
    used = _used(actor, document.project, document_id, None)
    ids = sorted(used, key=lambda who: (-used[who][0], -used[who][1]))[:MOST_KNOWN]
    entities = Entity.objects.current().in_bulk(ids)
    names = _names(entities)
    return [
        {
            **_card(entities[who], names),
            "names": [[form, role] for _lang, form, role in names.get(who, [])],
            "here": used[who][0],
            "project": used[who][1],
        }
        for who in ids
        if who in entities
    ]


def actor_card(*, actor: Actor, document_id: int, entity_id: int) -> Data:
    """An entry with all its names and its mentions in other documents, read through a merge. Raises Missing for strangers."""
    document = document_for(actor=actor, document_id=document_id)
    entity = Entity.objects.filter(project=document.project, pk=entity_id).select_related("merged_into").first()
    if entity is None:
        raise Missing()
    entity = entity.merged_into or entity
    names = _names([entity.pk])
    mentions = visible_mentions(actor, document.project).filter(Q(entity=entity) | Q(entity__merged_into=entity))
    elsewhere = mentions.exclude(set__document=document_id)
    counted = mentions.aggregate(mentions=Count("id"), documents=Count("set__document", distinct=True))
    snippets = elsewhere.annotate(
        before=Substr("set__document__text", Greatest(Value(1), F("start") + 1 - _AROUND), Least(F("start"), Value(_AROUND))),
        after=Substr("set__document__text", F("end") + 1, _AROUND),
        title=F("set__document__title"), language=F("set__document__language"), document=F("set__document_id"),
    ).order_by("-document", "start", "id")  # fmt: skip
    fields = ("id", "document", "title", "language", "before", "quote", "after")
    return {
        **_card(entity, names),
        "names": [{"lang": lang, "form": form, "role": role} for lang, form, role in names.get(entity.pk, [])],
        "note": entity.note,
        "sectors": entity.sectors,
        "valid_from": entity.valid_from,
        "valid_to": entity.valid_to,
        **counted,
        "elsewhere": list(snippets.values(*fields)[:_SNIPPETS]),
    }
