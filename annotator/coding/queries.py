"""Reading what was coded: the sets of a document, a person's work. The workspace reads in `sheet`."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet

from annotator.coding.blind import is_hidden
from annotator.coding.models import (
    AnnotationSet,
    Assignment,
    Relation,
    Span,
    Submission,
    SuggestionDecision,
)
from annotator.coding.wire import Data, relation_data, set_data, span_data, suggestion_data
from annotator.corpus.models import Document
from annotator.corpus.queries import document_for
from annotator.errors import Invalid, Missing
from annotator.registry.models import Entity, EntityName
from annotator.teams.access import MATRIX, Action, Actor, may, require
from annotator.teams.models import Project


def entity_cards(ids: Iterable[int | None]) -> dict[str, Data]:
    """Short cards of registry entries by id; a merged one shows what it was merged into."""
    fields = ("pk", "merged_into_id", "key", "kind", "country")
    rows = {row[0]: row for row in Entity.objects.filter(pk__in={i for i in ids if i}).values_list(*fields)}
    merged = {row[1] for row in rows.values() if row[1]} - rows.keys()
    there = {**rows, **{row[0]: row for row in Entity.objects.filter(pk__in=merged).values_list(*fields)}}
    # Values, not rows with all their aliases: a long text points to hundreds of entries.
    canonical = EntityName.objects.filter(entity__in=there, role=EntityName.Role.CANONICAL).order_by("id")
    names: dict[int, dict[str, str]] = {}
    for entity_id, lang, form in canonical.values_list("entity_id", "lang", "form"):
        names.setdefault(entity_id, {}).setdefault(lang, form)
    cards: dict[str, Data] = {}
    for pk, into, *_rest in rows.values():
        shown, _into, key, kind, country = there[into or pk]
        own = names.get(shown, {})
        any_name = next(iter(own.values()), key)
        name = {lang: own.get(lang, any_name) for lang in ("ar", "en")}
        cards[str(pk)] = {"key": key, "kind": kind, "country": country, "name": name}
    return cards


WHICH = ("mine", "gold", "suggestions", "all")


def annotation_sets(*, actor: Actor, document_id: int, which: str = "mine") -> list[dict[str, Any]]:
    """The sets of a document the actor may see, with spans and relations.

    One's own draft is one's own; of other people's work only submitted snapshots, and only for those who review.
    """
    if which not in WHICH:
        raise Invalid(errors={"set": [f"{' | '.join(WHICH)}"]})
    document = document_for(actor=actor, document_id=document_id)
    sees_others = may(actor, Action.VIEW_SUBMISSIONS, document.project)
    # Gold made of another person's work stays hidden from those who code: the default is blind. The role counts, not what
    # may be done now: a token for reading only, or a frozen project, must not show more.
    sees_gold = sees_others or actor.role_in(document.project_id) not in MATRIX[Action.ANNOTATE][0]
    wanted = Q(pk__in=[])
    if which in ("mine", "all"):
        wanted |= Q(origin=AnnotationSet.Origin.HUMAN, author=actor.user)
    if which in ("gold", "all") and sees_gold:
        wanted |= Q(pk__in=AnnotationSet.objects.gold().filter(document=document).values("pk"))
    if which in ("suggestions", "all") and not is_hidden(actor, document):
        wanted |= Q(pk__in=AnnotationSet.objects.suggesting().filter(document=document).values("pk"))
    rows = AnnotationSet.objects.filter(wanted, document=document).select_related("author").order_by("id")
    rows = rows.prefetch_related(
        Prefetch("spans", Span.objects.order_by("start", "id")), Prefetch("relations", Relation.objects.order_by("id"))
    )
    own = AnnotationSet.objects.of_person(actor.user.pk).filter(document=document)
    decided = dict(SuggestionDecision.objects.filter(set__in=own).values_list("suggestion_id", "status"))
    state = Assignment.objects.filter(document=document, user=actor.user).values_list("state", flat=True).first()
    out: list[dict[str, Any]] = []
    for row in rows:
        is_model = row.origin == AnnotationSet.Origin.MODEL
        out.append(
            {
                **set_data(row, state if row.origin == AnnotationSet.Origin.HUMAN else None),
                "author": row.author.email if row.author else None,
                "spans": [
                    suggestion_data(s, decided.get(s.pk, "OPEN")) if is_model else span_data(s) for s in row.spans.all()
                ],
                "relations": [relation_data(r) for r in row.relations.all()],
            }
        )
    if which == "all" and sees_others:
        out += [
            {**set_data(s.set, s.assignment.state), "author": s.assignment.user.email, **s.snapshot}
            for s in submissions_of(document).exclude(set__author=actor.user)
        ]
    return out


def suggestion_document(*, actor: Actor, suggestion_id: uuid.UUID) -> int:
    """The id of the document that a suggestion is about. Raises Missing when the actor does not see it."""
    found = Span.objects.filter(
        pk=suggestion_id,
        set__origin=AnnotationSet.Origin.MODEL,
        set__document__in=Document.objects.visible_to(actor).present(),
    )
    document_id = found.values_list("set__document_id", flat=True).first()
    if document_id is None:
        raise Missing()
    return document_id


def submissions_of(document: Document) -> QuerySet[Submission]:
    """The latest submission of each person whose work on the document is in."""
    return (
        Submission.objects.latest_of_each()
        .filter(assignment__document=document, assignment__state__in=Assignment.HANDED_IN)
        .select_related("set__author", "assignment__user")
        .order_by("id")
    )


def my_work(*, actor: Actor, project: Project | None = None) -> QuerySet[Assignment]:
    """The actor's assignments that are not over, returned ones first, what was put aside last, without texts."""
    rows = Assignment.objects.filter(
        user=actor.user,
        state__in=["RETURNED", "ACTIVE", "OPEN"],
        document__archived_at=None,
        document__project__in=Project.objects.visible_to(actor).filter(state=Project.State.ACTIVE),
    )
    if project is not None:
        rows = rows.filter(document__project=project)
    return (
        rows.select_related("document__project")
        .defer("document__text", "document__metadata")
        .order_by(F("put_aside_at").asc(nulls_first=True), "-state", "due_at", "id")
    )


def assignments_page(*, actor: Actor, project: Project) -> QuerySet[Assignment]:
    """All assignments for those who manage or review, one's own for the others."""
    require(actor, Action.VIEW, project)
    rows = Assignment.objects.filter(document__project=project)
    if not may(actor, Action.VIEW_SUBMISSIONS, project):
        rows = rows.filter(user=actor.user)
    return rows.select_related("document", "user").defer("document__text", "document__metadata").order_by("-id")
