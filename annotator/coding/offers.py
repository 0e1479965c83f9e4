"""What taggers propose to a person: which proposals stand open, which do not and why, how right they were so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from annotator.coding.blind import is_blind, is_hidden
from annotator.coding.models import AnnotationSet
from annotator.coding.queries import entity_cards
from annotator.coding.wire import Data
from annotator.corpus.models import Document
from annotator.corpus.queries import document_for
from annotator.teams.access import Actor

# Of one set of a tagger, the newest; not decided by this person, neither itself nor an equal one of an older run; and its
# stretch not marked already with the same label. What was rejected comes again only when it says something else: another
# actor or another type.
IN_FORCE = """NOT EXISTS (SELECT 1 FROM coding_annotationset n
    WHERE n.document_id = a.document_id AND n.origin = 'MODEL' AND n.tagger = a.tagger AND n.id > a.id)"""
DECIDED = """EXISTS (SELECT 1 FROM coding_suggestiondecision d JOIN coding_span o ON o.id = d.suggestion_id
    WHERE d.set_id = {own} AND o.start = s.start AND o."end" = s."end" AND o.label = s.label
      AND (d.status <> 'REJECTED' OR (o.entity_id IS NOT DISTINCT FROM s.entity_id
           AND o.attributes->'type' IS NOT DISTINCT FROM s.attributes->'type')))"""
MARKED = """EXISTS (SELECT 1 FROM coding_span m
    WHERE m.set_id = {own} AND m.start = s.start AND m."end" = s."end" AND m.label = s.label)"""
_OF_DOCUMENT = """FROM coding_span s
JOIN coding_annotationset a ON a.id = s.set_id AND a.document_id = %(document)s AND a.origin = 'MODEL'"""
OFFERED = f"""{_OF_DOCUMENT}
WHERE NOT %(hidden)s AND {IN_FORCE}
  AND NOT {DECIDED.format(own="%(own)s")} AND NOT {MARKED.format(own="%(own)s")}
"""
# Lists in the order that static/annotator/store.js reads them.
SUGGESTIONS = f"""
SELECT coalesce(json_agg(json_build_array(s.id, s.label, s.start, s."end", s.attributes, s.entity_id,
    round(s.score::numeric, 4), s.reason, s.tagger, s.fragments, a.tagger_version)
    ORDER BY s.start, s."end", s.id)::text, '[]')
{OFFERED}
"""
_LINKED = f"SELECT DISTINCT s.entity_id {OFFERED} AND s.entity_id IS NOT NULL"
_SAME = f"""SELECT DISTINCT m.id {_OF_DOCUMENT}
JOIN coding_span m ON m.set_id = %(own)s AND m.start = s.start AND m."end" = s."end" AND m.label = s.label
WHERE {IN_FORCE} AND m.suggestion_id IS NULL"""


@dataclass
class Offers:
    """The open suggestions of a document for one person. `rows` is a JSON text; with `hidden` it holds none."""

    rows: str
    hidden: bool
    blind: bool
    same: list[str]  # ids of own spans that the taggers propose just so
    newest: int  # grows when a tagger has been here; 0 where none has, or where it is not to be known
    entities: dict[str, Data]


def offers(*, actor: Actor, document_id: int) -> Offers:
    """Raises Missing for strangers."""
    document = document_for(actor=actor, document_id=document_id)
    own = AnnotationSet.objects.of_person(actor.user.pk).filter(document=document).order_by("-round").first()
    hidden = is_hidden(actor, document)
    keys = {"own": own.pk if own else None, "document": document.pk, "hidden": hidden}
    if hidden:
        return Offers("[]", hidden=True, blind=True, same=[], newest=0, entities={})
    with connection.cursor() as cursor:
        cursor.execute(SUGGESTIONS, keys)
        rows = str(cursor.fetchone()[0])
        cursor.execute(_LINKED, keys)
        linked = [row[0] for row in cursor.fetchall()]
        cursor.execute(_SAME, keys)
        same = [str(row[0]) for row in cursor.fetchall()]
    blind = is_blind(actor, document)
    return Offers(rows, hidden=False, blind=blind, same=same, newest=newest(document), entities=entity_cards(linked))


def newest(document: Document) -> int:
    """Changes whenever a tagger has put something on the document."""
    sets = AnnotationSet.objects.filter(document=document, origin=AnnotationSet.Origin.MODEL)
    return sets.order_by("-pk").values_list("pk", flat=True).first() or 0


MOST_WITHHELD = 200
_WITHHELD = f"""
SELECT s.id, s.label, s.start, s."end", s.quote, round(s.score::numeric, 4)::float8, s.tagger, s.tagger_version,
    CASE WHEN {DECIDED.format(own="%(own)s")} THEN coalesce(
             (SELECT d.status FROM coding_suggestiondecision d WHERE d.set_id = %(own)s AND d.suggestion_id = s.id), 'BEFORE')
         WHEN {MARKED.format(own="%(own)s")} THEN 'MARKED' ELSE 'OLDER' END AS why
{_OF_DOCUMENT}
WHERE ({DECIDED.format(own="%(own)s")} OR {MARKED.format(own="%(own)s")} OR NOT {IN_FORCE})
  AND NOT EXISTS (SELECT 1 FROM coding_span f JOIN coding_annotationset g ON g.id = f.set_id
      WHERE g.document_id = a.document_id AND g.origin = 'MODEL' AND g.tagger = a.tagger AND g.id > a.id
        AND f.start = s.start AND f."end" = s."end" AND f.label = s.label)
ORDER BY s.start, s."end", s.id LIMIT {MOST_WITHHELD}
"""  # noqa: S608  constants only


def withheld(*, actor: Actor, document_id: int) -> list[Data]:
    """Suggestions that are not offered, and why: ACCEPTED, CORRECTED or REJECTED by the actor, BEFORE (an equal one of
    an older run was decided), MARKED by hand already, OLDER (a newer version does not say it any more).

    At most 200, in the order of the text. Nothing while suggestions are kept from the actor. Raises Missing for strangers.
    """
    document = document_for(actor=actor, document_id=document_id)
    if is_hidden(actor, document):
        return []
    own = AnnotationSet.objects.of_person(actor.user.pk).filter(document=document).order_by("-round").first()
    with connection.cursor() as cursor:
        cursor.execute(_WITHHELD, {"own": own.pk if own else None, "document": document.pk})
        names = ("id", "label", "start", "end", "quote", "score", "tagger", "tagger_version", "why")
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def precision(*, actor: Actor, document_id: int) -> list[list[Any]]:
    """How many decisions on suggestions the document's project has and how many of them were plain acceptances.

    Rows of [tagger, label, step, accepted, decided]; a step is a twentieth of the score, 20 for a score of 1. What was
    accepted with many others is left out: nobody looked at each. Raises Missing for strangers.
    """
    document = document_for(actor=actor, document_id=document_id)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT s.tagger, s.label, floor(coalesce(s.score, 1) * 20 + 1e-9)::int AS step,
                count(*) FILTER (WHERE d.status = 'ACCEPTED'), count(*)
            FROM coding_annotationset a
            JOIN coding_suggestiondecision d ON d.set_id = a.id AND d.surface <> 'bulk'
            JOIN coding_span s ON s.id = d.suggestion_id
            WHERE a.project_id = %s AND a.origin = 'HUMAN'
            GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
            """,
            [document.project_id],
        )
        return [list(row) for row in cursor.fetchall()]
