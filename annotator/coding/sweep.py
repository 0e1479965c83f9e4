"""One question at a time over many documents: the open suggestions of one label, the least certain first.

Only documents the person may write in now, and none whose suggestions are still kept from them. Pages by keyset: a page
costs the same wherever it lies.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from analysis.text.tokens import sentences
from annotator.coding.blind import HIDDEN
from annotator.coding.desk import codebook, current_codebook_id
from annotator.coding.offers import DECIDED, IN_FORCE, MARKED
from annotator.coding.queries import entity_cards
from annotator.coding.wire import Data
from annotator.errors import Invalid
from annotator.teams.access import MATRIX, Action, Actor, require
from annotator.teams.models import Project

PAGE = 20
AROUND = 240  # code points before and behind, from which the sentence is cut
DISTANCE = "abs(coalesce(s.score, 1) - 0.5)"

_MINE = f"""
mine AS MATERIALIZED (
    SELECT d.id, own.id AS own_id FROM corpus_document d
    LEFT JOIN coding_assignment t ON t.document_id = d.id AND t.user_id = %(user)s
    LEFT JOIN LATERAL (SELECT id FROM coding_annotationset w WHERE w.document_id = d.id AND w.author_id = %(user)s
                       AND w.origin = 'HUMAN' ORDER BY w.round DESC LIMIT 1) own ON true
    WHERE d.project_id = %(project)s AND d.archived_at IS NULL
      AND (t.state IN ('OPEN', 'ACTIVE', 'RETURNED') OR (t.id IS NULL AND %(unasked)s))
      AND NOT {HIDDEN}
)"""  # noqa: S608  constants only
_OPEN = f"""FROM mine
JOIN coding_annotationset a ON a.document_id = mine.id AND a.origin = 'MODEL'
JOIN coding_span s ON s.set_id = a.id
WHERE {IN_FORCE} AND NOT {DECIDED.format(own="mine.own_id")} AND NOT {MARKED.format(own="mine.own_id")}"""

_TOPICS = f"""WITH {_MINE}, kind AS (
    SELECT * FROM unnest(%(codes)s::text[], %(attributes)s::text[]) AS k(label, attribute)
), open AS (SELECT s.label, s.attributes {_OPEN})
SELECT open.label, coalesce(open.attributes ->> kind.attribute, ''), count(*)
FROM open LEFT JOIN kind ON kind.label = open.label GROUP BY 1, 2"""  # noqa: S608  constants only
# The texts are cut only for the page that is shown.
_CARDS = f"""WITH {_MINE}, page AS MATERIALIZED (
    SELECT s.*, mine.id AS document_id, {DISTANCE} AS distance {_OPEN}
      AND s.label = %(label)s AND (%(kind)s = '' OR s.attributes ->> %(attribute)s = %(kind)s)
      AND ({DISTANCE}, s.id) > (%(distance)s::float8, %(last)s)
    ORDER BY distance, s.id LIMIT %(page)s
)
SELECT p.id, p.document_id, d.title, d.language, p.start, p."end", p.quote, p.attributes, p.entity_id,
    p.score, p.reason, p.tagger, p.tagger_version, p.distance,
    substr(d.text, greatest(1, p.start + 1 - %(around)s), least(p.start, %(around)s)),
    substr(d.text, p."end" + 1, %(around)s)
FROM page p JOIN corpus_document d ON d.id = p.document_id ORDER BY p.distance, p.id"""  # noqa: S608  constants only


@dataclass(frozen=True)
class Topic:
    """What a sweep asks about: a label, and where the codebook has it one value of the attribute that tells its kinds."""

    label: str
    kind: str = ""


def kinds(book: Mapping[str, Any], label: str) -> Data | None:
    """The attribute that tells the kinds of a label: the first one required that is chosen from a list."""
    found = next((x for x in book["labels"] if x["code"] == label), None)
    wanted = (a for a in (found or {}).get("attributes", []) if a.get("required") and a.get("type") == "choice")
    return next(wanted, None)


def topics(*, actor: Actor, project: Project) -> list[tuple[Topic, int]]:
    """What there is to sweep, with how many suggestions; the label as a whole before its kinds, the most first.

    Raises Missing for strangers, Forbidden for those who do not code, Conflict in a frozen project.
    """
    require(actor, Action.ANNOTATE, project)
    book = codebook(current_codebook_id(project.pk)).body
    codes = {x["code"]: attribute["code"] for x in book["labels"] if (attribute := kinds(book, x["code"]))}
    keys = {**_keys(actor, project), "codes": list(codes), "attributes": list(codes.values())}
    with connection.cursor() as cursor:
        cursor.execute(_TOPICS, keys)
        rows = cursor.fetchall()
    known = [x["code"] for x in book["labels"]]
    found: list[tuple[Topic, int]] = []
    for label in known:
        parts = [(kind, n) for code, kind, n in rows if code == label]
        if parts:
            found.append((Topic(label), sum(n for _kind, n in parts)))
            if len(parts) > 1:
                found += [(Topic(label, k), n) for k, n in sorted(parts, key=lambda part: (-part[1], part[0])) if k]
    return found


def cards(*, actor: Actor, project: Project, topic: Topic, after: tuple[float, uuid.UUID] | None = None) -> list[Data]:
    """The next suggestions behind `after`, which is the `at` of the last card: each with its sentence. At most 20.

    Raises Missing for strangers, Forbidden for those who do not code, Conflict in a frozen project, Invalid.
    """
    require(actor, Action.ANNOTATE, project)
    book = codebook(current_codebook_id(project.pk)).body
    attribute = kinds(book, topic.label)
    if topic.kind and attribute is None:
        raise Invalid(errors={"kind": [topic.kind]})
    distance, last = after or (-1.0, uuid.UUID(int=0))
    keys = {
        **_keys(actor, project), "label": topic.label, "attribute": attribute["code"] if attribute else "",
        "kind": topic.kind, "distance": distance, "last": last, "around": AROUND, "page": PAGE,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_CARDS, keys)
        rows = cursor.fetchall()
    names = entity_cards(row[8] for row in rows)
    return [_card(row, names) for row in rows]


def _card(row: tuple[Any, ...], names: Mapping[str, Data]) -> Data:
    fields = (
        "id", "document", "title", "language", "start", "end", "quote", "attributes", "entity",
        "score", "reason", "tagger", "tagger_version",
    )  # fmt: skip
    card = dict(zip(fields, row[:13], strict=True))
    before, after = _around(row[14], row[6], row[15])
    found = names.get(str(card["entity"]))
    return {
        **card,
        "id": str(card["id"]),
        "attributes": json.loads(card["attributes"]),
        "reason": json.loads(card["reason"] or "{}"),
        "before": before,
        "after": after,
        "entity": found["name"] if found else None,
        "at": [row[13], str(row[0])],
    }


def _around(before: str, quote: str, after: str) -> tuple[str, str]:
    """What stands before and behind the quote in its sentence; whole words where the sentence is longer than the cut."""
    text = before + quote + after
    start, end = len(before), len(before) + len(quote)
    first, last = 0, len(text)
    for a, b in sentences(text):
        if a <= start < b:
            first = a
        if a < end <= b:
            last = b
    if first == 0 and len(before) == AROUND:
        first = min(before.find(" ") + 1, start)
    if last == len(text) and len(after) == AROUND:
        last = max(end, end + after.rfind(" "))
    return text[first:start], text[end:last]


def _keys(actor: Actor, project: Project) -> Data:
    role = actor.role_in(project.pk)
    return {
        "user": actor.user.pk,
        "project": project.pk,
        "mode": project.suggestions,
        "unasked": project.open_documents or role in MATRIX[Action.ASSIGN][0],
    }
