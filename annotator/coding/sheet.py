"""The sheet of the workspace: one person's work on one document with the open suggestions.

Spans, relations and suggestions leave the database as JSON text, so that a text with thousands of them opens as fast as
a short one: no row becomes a Python object.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, OuterRef

from annotator.activity.models import Job
from annotator.coding.desk import current_codebook_id
from annotator.coding.models import AnnotationSet, Assignment, Span
from annotator.coding.queries import entity_cards
from annotator.coding.wire import Data
from annotator.corpus.models import CodebookVersion, Document
from annotator.corpus.queries import document_for
from annotator.registry.models import Entity
from annotator.teams.access import Action, Actor, may
from annotator.teams.models import Project

# Lists in the order that static/annotator/store.js reads them.
_SPANS = """
SELECT coalesce(json_agg(json_build_array(id, label, start, "end", version, origin, attributes, entity_id, note, fragments,
    round(score::numeric, 4), nullif(tagger, ''), suggestion_id) ORDER BY start, id)::text, '[]')
FROM coding_span WHERE set_id = %(own)s
"""
_RELATIONS = """
SELECT coalesce(json_agg(json_build_object('id', id, 'type', type,
    'from', CASE WHEN source_span_id IS NULL THEN json_build_object('entity', source_entity_id)
            ELSE json_build_object('span', source_span_id) END,
    'to', CASE WHEN target_span_id IS NULL THEN json_build_object('entity', target_entity_id)
          ELSE json_build_object('span', target_span_id) END,
    'attributes', attributes, 'note', note, 'version', version) ORDER BY id)::text, '[]')
FROM coding_relation WHERE set_id = %(own)s
"""
# Suggestions in force that this person has not decided, neither themselves nor an equal one of an older run, and whose
# stretch is not marked already with the same label.
_OFFERED = """
FROM coding_span s
JOIN coding_annotationset a ON a.id = s.set_id AND a.document_id = %(document)s AND a.origin = 'MODEL'
WHERE NOT EXISTS (SELECT 1 FROM coding_annotationset n
                  WHERE n.document_id = a.document_id AND n.origin = 'MODEL' AND n.tagger = a.tagger AND n.id > a.id)
  AND NOT EXISTS (SELECT 1 FROM coding_suggestiondecision d JOIN coding_span o ON o.id = d.suggestion_id
                  WHERE d.set_id = %(own)s AND o.start = s.start AND o."end" = s."end" AND o.label = s.label)
  AND NOT EXISTS (SELECT 1 FROM coding_span m
                  WHERE m.set_id = %(own)s AND m.start = s.start AND m."end" = s."end" AND m.label = s.label)
"""
_SUGGESTIONS = f"""
SELECT coalesce(json_agg(json_build_array(s.id, s.label, s.start, s."end", s.attributes, s.entity_id,
    round(s.score::numeric, 4), s.reason, s.tagger, s.fragments) ORDER BY s.start, s."end", s.id)::text, '[]')
{_OFFERED}
"""
_ENTITIES = f"""
SELECT entity_id FROM coding_span WHERE set_id = %(own)s AND entity_id IS NOT NULL
UNION SELECT s.entity_id {_OFFERED} AND s.entity_id IS NOT NULL
UNION SELECT source_entity_id FROM coding_relation WHERE set_id = %(own)s AND source_entity_id IS NOT NULL
UNION SELECT target_entity_id FROM coding_relation WHERE set_id = %(own)s AND target_entity_id IS NOT NULL
"""  # noqa: S608  constants only


@dataclass
class Sheet:
    """What the workspace shows. `spans`, `relations` and `suggestions` are JSON texts."""

    document: Document
    project: Project
    assignment: Assignment | None
    set: AnnotationSet | None
    editable: bool
    codebook: CodebookVersion
    spans: str
    relations: str
    suggestions: str
    counts: dict[str, int]
    entities: dict[str, Data]
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
    keys = {"own": own_set.pk if own_set else None, "document": document.pk}
    with connection.cursor() as cursor:
        texts = []
        for query in (_SPANS, _RELATIONS, _SUGGESTIONS):
            cursor.execute(query, keys)
            texts.append(str(cursor.fetchone()[0]))
        cursor.execute(_ENTITIES, keys)
        entity_ids = [row[0] for row in cursor.fetchall()]
    counted = Span.objects.filter(set=own_set).values_list("label").annotate(n=Count("id")) if own_set else []
    before, after = _neighbours(actor, document)
    return Sheet(
        document=document,
        project=project,
        assignment=assignment,
        set=own_set,
        editable=_is_editable(actor, document, assignment),
        codebook=CodebookVersion.objects.get(pk=version_id),
        spans=texts[0],
        relations=texts[1],
        suggestions=texts[2],
        counts=dict(counted),
        entities=entity_cards(entity_ids),
        tagging=tagging_of(document),
        previous_id=before,
        next_id=after,
    )


def _is_editable(actor: Actor, document: Document, assignment: Assignment | None) -> bool:
    if document.archived_at is not None or not may(actor, Action.ANNOTATE, document.project):
        return False
    if assignment is None:
        return document.project.open_documents or may(actor, Action.ASSIGN, document.project)
    return assignment.is_writable


def own_extents(found: Sheet) -> list[dict[str, Any]]:
    """Label, start and end of the own spans, for showing them without the canvas."""
    rows = Span.objects.filter(set=found.set) if found.set else Span.objects.none()
    extents = rows.order_by("start", "id").values_list("label", "start", "end")
    return [{"label": label, "start": start, "end": end} for label, start, end in extents]


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
