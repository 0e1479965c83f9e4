"""Storing what taggers say: spans of a MODEL set, which never touch a person's set."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from django.db import connection, transaction

from analysis import types
from analysis.events.codebook import validate_attributes
from annotator.coding.desk import codebook, current_codebook_id
from annotator.coding.models import AnnotationSet, Span, SpanOrigin

_NAMESPACE = uuid.UUID("6b0c9c1e-7d0f-4b57-9a57-4f2f7f7f0a11")


def suggestion_id(document_id: int, tagger: str, version: str, span: types.Span) -> uuid.UUID:
    """The same suggestion always has the same id, so storing it twice leaves one row."""
    name = f"{document_id}/{tagger}/{version}/{span.label}/{span.start}/{span.end}/{span.entity}"
    return uuid.uuid5(_NAMESPACE, name)


@transaction.atomic
def store(
    *,
    project_id: int,
    document_id: int,
    tagger: str,
    version: str,
    spans: Sequence[types.Span],
    entities: Mapping[str, int],
) -> int:
    """Put a tagger's spans into its set on the document. Running it again adds nothing. Returns the rows added.

    `entities` maps registry keys to ids of this project; a key that is unknown leaves the link empty. What the
    codebook of the set has no label for is left out, and so are attributes it does not know: nobody could accept them.
    """
    model_set, _new = AnnotationSet.objects.get_or_create(
        document_id=document_id,
        tagger=tagger,
        tagger_version=version,
        origin=AnnotationSet.Origin.MODEL,
        defaults={"project_id": project_id, "codebook_version_id": current_codebook_id(project_id)},
    )
    book = codebook(model_set.codebook_version_id)
    rows = [
        Span(
            id=suggestion_id(document_id, tagger, version, s),
            set=model_set,
            label=s.label,
            start=s.start,
            end=s.end,
            quote=s.quote,
            attributes={} if validate_attributes(book, s.label, dict(s.attributes)) else dict(s.attributes),
            entity_id=entities.get(s.entity) if s.entity and label.get("entity") else None,
            origin=SpanOrigin.TAGGER,
            tagger=tagger,
            tagger_version=version,
            score=s.score,
            reason=dict(s.reason) if s.reason else None,
        )
        for s in spans
        if (label := book.label(s.label)) is not None
    ]
    before = Span.objects.filter(set=model_set).count()
    Span.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    return Span.objects.filter(set=model_set).count() - before


def documents_without(
    project_id: int, document_ids: Sequence[int] | None, tagger_versions: Mapping[str, str]
) -> list[int]:
    """Documents that lack the set of at least one tagger version, in order; of all the project's or of those named."""
    names, versions = list(tagger_versions), list(tagger_versions.values())
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT d.id FROM corpus_document d
            WHERE d.project_id = %(project)s AND d.archived_at IS NULL
              AND (%(ids)s::bigint[] IS NULL OR d.id = ANY(%(ids)s::bigint[]))
              AND (SELECT count(*) FROM coding_annotationset s
                   JOIN unnest(%(names)s::text[], %(versions)s::text[]) AS t(tagger, version)
                     ON s.tagger = t.tagger AND s.tagger_version = t.version
                   WHERE s.document_id = d.id AND s.origin = 'MODEL') < %(n)s
            ORDER BY d.id
            """,
            {
                "project": project_id,
                "ids": list(document_ids) if document_ids is not None else None,
                "names": names,
                "versions": versions,
                "n": len(names),
            },
        )
        return [row[0] for row in cursor.fetchall()]
