"""In which order the marks of a person were made."""

from __future__ import annotations

from django.db import connection

from annotator.coding.models import AnnotationSet
from annotator.corpus.queries import document_for
from annotator.teams.access import Actor

_ORDER = """
SELECT m.id FROM (
    SELECT (s ->> 'id')::uuid AS id, min(e.seq) AS seq
    FROM coding_edit e CROSS JOIN LATERAL jsonb_array_elements(e.after -> 'spans') AS s
    WHERE e.set_id = %s GROUP BY 1
) m JOIN coding_span c ON c.id = m.id AND c.set_id = %s
ORDER BY m.seq, c.start, m.id
"""


def order_of_making(*, actor: Actor, document_id: int) -> list[str]:
    """The ids of the actor's own spans of a document, the first made first. Raises Missing for strangers."""
    document = document_for(actor=actor, document_id=document_id)
    own = AnnotationSet.objects.of_person(actor.user.pk).filter(document=document).order_by("-round").first()
    if own is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_ORDER, [own.pk, own.pk])
        return [str(row[0]) for row in cursor.fetchall()]
