"""The sheet of the workspace: one person's work on one document with the open suggestions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from annotator.activity.models import Job
from annotator.coding.blind import is_blind, is_hidden
from annotator.coding.desk import current_codebook_id
from annotator.coding.marks import END, INLINED, WIDTH, Counts, Marks, counted, marks_between
from annotator.coding.models import AnnotationSet, Assignment, Span
from annotator.coding.queries import entity_cards
from annotator.coding.wire import Data
from annotator.corpus.models import CodebookVersion, Document
from annotator.corpus.queries import document_for
from annotator.registry.models import Entity
from annotator.teams.access import Action, Actor, may
from annotator.teams.models import Project


@dataclass
class Sheet:
    """What the workspace shows. Of a document with many marks it holds those of the first stretch; `counts` has all."""

    document: Document
    project: Project
    assignment: Assignment | None
    set: AnnotationSet | None
    editable: bool
    codebook: CodebookVersion
    marks: Marks
    counts: Counts
    is_whole: bool
    hidden: bool  # whether suggestions are still kept from the actor
    blind: bool  # whether they were to code without them first
    tagging: Job | None
    previous_id: int | None
    next_id: int | None


def sheet(*, actor: Actor, document_id: int) -> Sheet:
    """The actor's own work on a document with the open suggestions. Raises Missing for strangers.

    A document in the bin is there only for those who may bring it back, and only to read.
    """
    document = document_for(actor=actor, document_id=document_id, with_text=True)
    project = document.project
    assignment = Assignment.objects.filter(document=document, user=actor.user).first()
    own_set = AnnotationSet.objects.of_person(actor.user.pk).filter(document=document).order_by("-round").first()
    version_id = own_set.codebook_version_id if own_set else current_codebook_id(project.pk)
    set_id = own_set.pk if own_set else None
    hidden = is_hidden(actor, document)
    counts = counted(set_id=set_id, document_id=document.pk, hidden=hidden)
    is_whole = counts.total <= INLINED or document.length <= WIDTH
    before, after = _neighbours(actor, document)
    return Sheet(
        document=document,
        project=project,
        assignment=assignment,
        set=own_set,
        editable=is_editable(actor, document, assignment),
        codebook=CodebookVersion.objects.get(pk=version_id),
        marks=marks_between(set_id=set_id, document_id=document.pk, hidden=hidden, end=END if is_whole else WIDTH),
        counts=counts,
        is_whole=is_whole,
        hidden=hidden,
        blind=hidden or is_blind(actor, document),
        tagging=tagging_of(document),
        previous_id=before,
        next_id=after,
    )


def is_editable(actor: Actor, document: Document, assignment: Assignment | None) -> bool:
    """Whether the actor may change their own work on the document now."""
    if document.archived_at is not None or not may(actor, Action.ANNOTATE, document.project):
        return False
    if assignment is None:
        return document.project.open_documents or may(actor, Action.ASSIGN, document.project)
    return assignment.is_writable


def own_extents(found: Sheet) -> list[dict[str, Any]]:
    """Label and extent of the own spans, for showing them without the canvas."""
    rows = Span.objects.filter(set=found.set) if found.set else Span.objects.none()
    return [dict(row) for row in rows.order_by("start", "id").values("label", "start", "end", "fragments")]


def cards_for(*, actor: Actor, document_id: int, entity_ids: list[int]) -> dict[str, Data]:
    """Short cards of registry entries of the document's project. Raises Missing for strangers."""
    document = document_for(actor=actor, document_id=document_id)
    ours = Entity.objects.filter(project_id=document.project_id, pk__in=entity_ids)
    return entity_cards(ours.values_list("pk", flat=True))


def tagging_of(document: Document) -> Job | None:
    """The pre-tagging that is running or waits and reaches this document. It is shown to all who see the document."""
    pending = Job.objects.pending().filter(project_id=document.project_id, kind="pretag").order_by("created_at")
    for job in pending[:20]:
        if job.params.get("documents") is None or document.pk in job.params["documents"]:
            return job
    return None


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
