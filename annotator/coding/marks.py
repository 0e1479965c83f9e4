"""The marks of a document by stretches of its text: one person's spans and links, and the suggestions open for them.

They leave the database as JSON text: no row becomes a Python object, so a text with thousands of them opens as fast as a
short one. What lies far from where one reads is fetched when it comes near.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from annotator.coding.blind import is_hidden
from annotator.coding.models import AnnotationSet
from annotator.coding.offers import OFFERED
from annotator.coding.queries import entity_cards
from annotator.coding.wire import Data
from annotator.corpus.queries import document_for
from annotator.teams.access import Actor

WIDTH = 16_384  # code points of a stretch
INLINED = 400  # marks; with more of them the page holds those of the first stretch only
END = 2**31 - 1  # behind every text

# Lists in the order that static/annotator/store.js reads them. With the spans that reach into the stretch come their
# links and the spans at the other ends of these, wherever they are; links between two entities lie nowhere and always come.
_MARKS = f"""
WITH near AS MATERIALIZED (
    SELECT id FROM coding_span WHERE set_id = %(own)s AND start < %(to)s AND "end" > %(from)s
), links AS MATERIALIZED (
    SELECT r.* FROM coding_relation r
    WHERE r.set_id = %(own)s AND (r.source_span_id IN (SELECT id FROM near) OR r.target_span_id IN (SELECT id FROM near)
                                  OR (r.source_span_id IS NULL AND r.target_span_id IS NULL))
), shown AS MATERIALIZED (
    SELECT * FROM coding_span WHERE id IN (
        SELECT id FROM near UNION SELECT source_span_id FROM links UNION SELECT target_span_id FROM links)
), offered AS MATERIALIZED (
    SELECT s.* {OFFERED} AND s.start < %(to)s AND s."end" > %(from)s
)
SELECT
  (SELECT coalesce(json_agg(json_build_array(id, label, start, "end", version, origin, attributes, entity_id, note, fragments,
      round(score::numeric, 4), nullif(tagger, ''), suggestion_id) ORDER BY start, id)::text, '[]') FROM shown),
  (SELECT coalesce(json_agg(json_build_object('id', id, 'type', type,
      'from', CASE WHEN source_span_id IS NULL THEN json_build_object('entity', source_entity_id)
              ELSE json_build_object('span', source_span_id) END,
      'to', CASE WHEN target_span_id IS NULL THEN json_build_object('entity', target_entity_id)
            ELSE json_build_object('span', target_span_id) END,
      'attributes', attributes, 'note', note, 'version', version) ORDER BY id)::text, '[]') FROM links),
  (SELECT coalesce(json_agg(json_build_array(id, label, start, "end", attributes, entity_id,
      round(score::numeric, 4), reason, tagger, fragments, tagger_version) ORDER BY start, "end", id)::text, '[]') FROM offered),
  ARRAY(SELECT entity_id FROM shown WHERE entity_id IS NOT NULL UNION
        SELECT entity_id FROM offered WHERE entity_id IS NOT NULL UNION
        SELECT source_entity_id FROM links WHERE source_entity_id IS NOT NULL UNION
        SELECT target_entity_id FROM links WHERE target_entity_id IS NOT NULL)
"""  # noqa: S608  constants only
_COUNTS = f"""
SELECT 'span', start / {WIDTH}, label, count(*) FROM coding_span WHERE set_id = %(own)s GROUP BY 2, 3
UNION ALL SELECT 'suggestion', s.start / {WIDTH}, '', count(*) {OFFERED} GROUP BY 2
"""  # noqa: S608  constants only


@dataclass(frozen=True)
class Marks:
    """What lies in a stretch. `spans`, `relations` and `suggestions` are JSON texts; the actors are in all three."""

    spans: str
    relations: str
    suggestions: str
    entities: dict[str, Data]


@dataclass(frozen=True)
class Counts:
    """How many marks begin in each stretch: by stretch and label, and the open suggestions by stretch."""

    spans: dict[int, dict[str, int]]
    suggestions: dict[int, int]

    @property
    def total(self) -> int:
        return sum(sum(found.values()) for found in self.spans.values()) + sum(self.suggestions.values())

    @property
    def by_label(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for labels in self.spans.values():
            for label, n in labels.items():
                found[label] = found.get(label, 0) + n
        return found


def marks_between(*, set_id: int | None, document_id: int, hidden: bool, start: int = 0, end: int = END) -> Marks:
    """The marks of a person's set, None for none yet, that reach into a stretch of the document, and what is suggested
    there unless that is `hidden`."""
    with connection.cursor() as cursor:
        cursor.execute(_MARKS, {"own": set_id, "document": document_id, "hidden": hidden, "from": start, "to": end})
        spans, relations, suggestions, entity_ids = cursor.fetchone()
    return Marks(spans, relations, suggestions, entity_cards(entity_ids))


def counted(*, set_id: int | None, document_id: int, hidden: bool) -> Counts:
    counts = Counts({}, {})
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"own": set_id, "document": document_id, "hidden": hidden})
        for kind, stretch, label, n in cursor.fetchall():
            if kind == "span":
                counts.spans.setdefault(stretch, {})[label] = n
            else:
                counts.suggestions[stretch] = n
    return counts


def own_marks(*, actor: Actor, document_id: int, start: int, end: int) -> tuple[Marks, Counts]:
    """The actor's marks in a stretch, and how many there are everywhere. Raises Missing for strangers."""
    document = document_for(actor=actor, document_id=document_id)
    own = AnnotationSet.objects.of_person(actor.user.pk).filter(document=document).order_by("-round").first()
    set_id = own.pk if own else None
    hidden = is_hidden(actor, document)
    found = marks_between(set_id=set_id, document_id=document.pk, hidden=hidden, start=start, end=end)
    return found, counted(set_id=set_id, document_id=document.pk, hidden=hidden)
