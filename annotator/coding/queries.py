"""Reading what was coded: the sheet of the workspace, the sets of a document, a person's work, the history."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from annotator.coding.desk import current_codebook_id
from annotator.coding.models import (
    AnnotationSet,
    Assignment,
    Edit,
    Relation,
    Span,
    Submission,
    SuggestionDecision,
)
from annotator.coding.wire import Data, relation_data, set_data, span_data, suggestion_data
from annotator.corpus.models import CodebookVersion, Document
from annotator.corpus.queries import document_for
from annotator.errors import Invalid, Missing
from annotator.registry.models import Entity
from annotator.teams.access import Action, Actor, may, require
from annotator.teams.models import Project


@dataclass
class Sheet:
    """Everything the workspace page shows at once."""

    document: Document
    project: Project
    assignment: Assignment | None
    set: AnnotationSet | None
    editable: bool
    codebook: CodebookVersion
    spans: list[Data]
    relations: list[Data]
    suggestions: list[Data]
    entities: dict[str, Data]
    previous_id: int | None
    next_id: int | None


def sheet(*, actor: Actor, document_id: int) -> Sheet:
    """The actor's own work on a document with the open suggestions. Raises Missing for strangers.

    A document in the bin is there only for those who may bring it back, and only to read.
    """
    document = document_for(actor=actor, document_id=document_id, with_text=True)
    project = document.project
    if document.archived_at is not None and not may(actor, Action.ARCHIVE_DOCUMENT, project):
        raise Missing()
    assignment = Assignment.objects.filter(document=document, user=actor.user).first()
    own_set = AnnotationSet.objects.of_person(actor.user.pk).filter(document=document).first()
    version_id = own_set.codebook_version_id if own_set else current_codebook_id(project.pk)
    spans = list(Span.objects.filter(set=own_set).order_by("start", "id")) if own_set else []
    relations = list(Relation.objects.filter(set=own_set).order_by("id")) if own_set else []
    open_suggestions = list(_open_suggestions(document, own_set))
    writable = may(actor, Action.ANNOTATE, project) and document.archived_at is None
    if assignment is None:
        writable = writable and (project.open_documents or may(actor, Action.ASSIGN, project))
    else:
        writable = writable and assignment.is_writable
    entity_ids = {s.entity_id for s in (*spans, *open_suggestions)}
    entity_ids |= {e for r in relations for e in (r.source_entity_id, r.target_entity_id)}
    before, after = _neighbours(actor, document)
    return Sheet(
        document=document,
        project=project,
        assignment=assignment,
        set=own_set,
        editable=writable,
        codebook=CodebookVersion.objects.get(pk=version_id),
        spans=[span_data(s) for s in spans],
        relations=[relation_data(r) for r in relations],
        suggestions=[suggestion_data(s) for s in open_suggestions],
        entities=entity_cards(entity_ids),
        previous_id=before,
        next_id=after,
    )


def _open_suggestions(document: Document, own_set: AnnotationSet | None) -> QuerySet[Span]:
    """Suggestions in force that this person has not decided, neither themselves nor an equal one of an older run."""
    offered = Span.objects.filter(set__in=AnnotationSet.objects.suggesting().filter(document=document))
    if own_set is not None:
        equal = Span.objects.filter(label=OuterRef("label"), start=OuterRef("start"), end=OuterRef("end"))
        decided = equal.filter(decisions__set=own_set)
        offered = offered.filter(~Exists(decided), ~Exists(equal.filter(set=own_set)))
    return offered.order_by("start", "end", "id")


def entity_cards(ids: Iterable[int | None]) -> dict[str, Data]:
    """Short cards of registry entries by id; a merged one shows what it was merged into."""
    rows = Entity.objects.filter(pk__in={i for i in ids if i}).select_related("merged_into")
    rows = rows.prefetch_related("names", "merged_into__names")
    return {str(row.pk): _card(row) for row in rows}


def _card(entity: Entity) -> Data:
    shown = entity.merged_into or entity
    return {
        "key": shown.key,
        "kind": shown.kind,
        "country": shown.country,
        "name": {"ar": shown.name("ar"), "en": shown.name("en")},
    }


def _neighbours(actor: Actor, document: Document) -> tuple[int | None, int | None]:
    """The documents before and behind in the person's queue, or in the project for those without one."""
    rows = Document.objects.visible_to(actor).present().filter(project=document.project_id)
    task = Assignment.objects.filter(user=actor.user, document=OuterRef("pk")).exclude(
        state__in=["REVOKED", "DECLINED"]
    )
    mine = rows.filter(Exists(task))
    if mine.filter(pk=document.pk).exists():
        rows = mine
    before = rows.filter(pk__lt=document.pk).order_by("-pk").values_list("pk", flat=True).first()
    after = rows.filter(pk__gt=document.pk).order_by("pk").values_list("pk", flat=True).first()
    return before, after


WHICH = ("mine", "gold", "suggestions", "all")


def annotation_sets(*, actor: Actor, document_id: int, which: str = "mine") -> list[dict[str, Any]]:
    """The sets of a document the actor may see, with spans and relations.

    One's own draft is one's own; of other people's work only submitted snapshots, and only for those who review.
    """
    if which not in WHICH:
        raise Invalid(errors={"set": [f"{' | '.join(WHICH)}"]})
    document = document_for(actor=actor, document_id=document_id)
    sees_others = may(actor, Action.VIEW_SUBMISSIONS, document.project)
    # Gold made of another person's work stays hidden from those who code: the default is blind.
    sees_gold = sees_others or not may(actor, Action.ANNOTATE, document.project)
    wanted = Q(pk__in=[])
    if which in ("mine", "all"):
        wanted |= Q(origin=AnnotationSet.Origin.HUMAN, author=actor.user)
    if which in ("gold", "all") and sees_gold:
        wanted |= Q(pk__in=AnnotationSet.objects.gold().filter(document=document).values("pk"))
    if which in ("suggestions", "all"):
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
        .filter(assignment__document=document, assignment__state__in=["SUBMITTED", "ACCEPTED", "RETURNED"])
        .select_related("set__author", "assignment__user")
        .order_by("id")
    )


def my_work(*, actor: Actor, project: Project | None = None) -> QuerySet[Assignment]:
    """The actor's assignments that are not over, returned ones first, without texts."""
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
        .order_by("-state", "due_at", "id")
    )


def assignments_page(*, actor: Actor, project: Project) -> QuerySet[Assignment]:
    """All assignments for those who manage or review, one's own for the others."""
    require(actor, Action.VIEW, project)
    rows = Assignment.objects.filter(document__project=project)
    if not may(actor, Action.VIEW_SUBMISSIONS, project):
        rows = rows.filter(user=actor.user)
    return rows.select_related("document", "user").defer("document__text", "document__metadata").order_by("-id")


def edit_history(*, actor: Actor, document_id: int) -> QuerySet[Edit]:
    """What the actor did to the own set, the newest first."""
    document = document_for(actor=actor, document_id=document_id)
    return Edit.objects.filter(set__document=document, set__author=actor.user, set__origin="HUMAN").order_by("-seq")
