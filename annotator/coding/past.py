"""What a person's marks were before: the log of one's own set, the history of a mark, what was removed.

Only one's own: a log tells of drafts, and those are nobody else's.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q, QuerySet

from annotator.coding.models import AnnotationSet, Edit
from annotator.coding.wire import Data
from annotator.corpus.models import Document
from annotator.teams.access import Actor

MOST = 100  # removed marks that are listed, edits of one mark


@dataclass
class Past:
    """A mark as an edit left it, and the links that went with it when it was removed."""

    span: Data
    relations: list[Data]


def as_of(set_id: int, span_id: str, edit_id: uuid.UUID) -> Past | None:
    """The mark as that edit of the set left it; None when it did not."""
    edit = Edit.objects.filter(set_id=set_id, pk=edit_id).first()
    span = next((s for s in edit.after["spans"] if s["id"] == span_id), None) if edit else None
    if edit is None or span is None:
        return None
    touching = [{"id": span_id}]
    later = Edit.objects.filter(set_id=set_id, seq__gt=edit.seq, before__spans__contains=touching)
    removal = later.exclude(after__spans__contains=touching).order_by("-seq").first()
    links = removal.before["relations"] if removal else []
    return Past(span, [r for r in links if span_id in (r["from"].get("span"), r["to"].get("span"))])


def own_set(*, actor: Actor, document: Document) -> AnnotationSet | None:
    """The actor's set of the document that is worked on."""
    rows = AnnotationSet.objects.of_person(actor.user.pk).filter(document=document)
    return rows.select_related("codebook_version").order_by("-round").first()


def log_of(found: AnnotationSet) -> QuerySet[Edit]:
    """Every edit of a set, the newest first."""
    return Edit.objects.filter(set=found).select_related("author").order_by("-seq")


def history_of(found: AnnotationSet, span_id: uuid.UUID) -> list[Edit]:
    """The edits that touched a mark or its links, the newest first."""
    touching: list[Data] = [{"id": str(span_id)}]
    touched = Q()
    for state in ("before", "after"):
        touched |= Q(**{f"{state}__spans__contains": touching})
        for end in ("from", "to"):
            touched |= Q(**{f"{state}__relations__contains": [{end: {"span": str(span_id)}}]})
    return list(log_of(found).filter(touched)[:MOST])


@dataclass(frozen=True)
class Removed:
    """A mark that is no more: as it was last, the edit that left it so, and when it was removed."""

    span: Data
    edit_id: uuid.UUID
    at: datetime


_REMOVED = """
WITH last AS (
    SELECT DISTINCT ON (s ->> 'id') s AS span, e.id, e.seq
    FROM coding_edit e CROSS JOIN jsonb_array_elements(e.after -> 'spans') s
    WHERE e.set_id = %(set)s
    ORDER BY s ->> 'id', e.seq DESC
)
SELECT last.span::text, last.id, gone.at
FROM last CROSS JOIN LATERAL (
    SELECT g.at, g.seq FROM coding_edit g
    WHERE g.set_id = %(set)s AND g.seq > last.seq
      AND g.before -> 'spans' @> jsonb_build_array(jsonb_build_object('id', last.span ->> 'id'))
    ORDER BY g.seq LIMIT 1
) gone
WHERE NOT EXISTS (SELECT FROM coding_span c WHERE c.id = (last.span ->> 'id')::uuid)
ORDER BY gone.seq DESC, last.span ->> 'id'
LIMIT %(most)s
"""


def removed(found: AnnotationSet) -> list[Removed]:
    """The marks of a set that were removed and not brought back, the last one first."""
    with connection.cursor() as cursor:
        cursor.execute(_REMOVED, {"set": found.pk, "most": MOST})
        return [Removed(json.loads(span), edit_id, at) for span, edit_id, at in cursor.fetchall()]
