"""Where some words occur in the texts a person works on, in lines with their context, and what is marked there already."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from analysis.text.matching import Hit, Needle
from annotator.coding.models import Assignment
from annotator.corpus.models import Document, DocumentQuerySet
from annotator.corpus.queries import document_for
from annotator.errors import Invalid
from annotator.teams.access import Action, Actor, may, require
from annotator.teams.models import Project

MOST = 500  # occurrences of a document; with more the words say too little
CONTEXT = 60  # code points on either side
_CHUNK = 200  # documents read at a time
_LINES = 300  # with so many a page is full
_PATIENCE = 1.2  # seconds; with so many the page ends with the documents read so far


@dataclass(frozen=True)
class Occurrence:
    """`marks` are the person's own over it: id, label, and whether it lies at this very place, give or take attached letters."""

    hit: Hit
    before: str
    quote: str
    after: str
    marks: list[tuple[str, str, bool]] = field(default_factory=list)


@dataclass(frozen=True)
class Found:
    """The occurrences in one document. `document` has no text."""

    document: Document
    occurrences: list[Occurrence]
    more: bool


@dataclass(frozen=True)
class Page:
    """Documents with occurrences, of those up to `after`; None when all `total` documents have been read."""

    documents: list[Found]
    after: int | None
    read: int
    total: int


def in_document(*, actor: Actor, document_id: int, needle: Needle) -> Found:
    """The occurrences in a document with the actor's own marks. Raises Missing for strangers."""
    document = document_for(actor=actor, document_id=document_id, with_text=True)
    return _with_marks(actor, [_found(document, document.text, needle)])[0]


def writable_documents(*, actor: Actor, project: Project, unassigned: bool = False) -> DocumentQuerySet:
    """Documents in whose own set the actor may write now.

    With `unassigned` also those that nobody gave the actor, but which the first mark would make the actor's work.
    """
    require(actor, Action.ANNOTATE, project)
    mine = Assignment.objects.filter(document=OuterRef("pk"), user_id=actor.user.pk)
    allowed = Q(Exists(mine.filter(state__in=Assignment.WRITABLE)))
    if unassigned and takes_unassigned(actor, project):
        allowed |= ~Q(Exists(mine))
    return Document.objects.visible_to(actor).present().filter(allowed, project=project)


def takes_unassigned(actor: Actor, project: Project) -> bool:
    """Whether the actor may begin with a document that nobody assigned."""
    return project.open_documents or may(actor, Action.ASSIGN, project)


def in_project(
    *,
    actor: Actor,
    project: Project,
    needle: Needle,
    after: int = 0,
    first: int | None = None,
    unassigned: bool = False,
) -> Page:
    """The occurrences in the documents the actor may write in, some documents at a time.

    Ask again with `after` of the answer until that is None. The document `first`, if it is one of them, comes before all
    others. Raises Missing, Forbidden, Conflict in a frozen project, and Invalid for words of a single letter.
    """
    rows = writable_documents(actor=actor, project=project, unassigned=unassigned)
    if needle.is_empty:
        return Page([], None, 0, 0)
    if needle.letters < 2:
        raise Invalid(errors={"q": [_("At least two letters are needed.")]})
    end = time.monotonic() + _PATIENCE
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    if first in ids:
        ids.remove(first)
        ids.insert(0, first)
    todo = [pk for pk in ids if pk > after and pk != first] if after else ids
    found: list[Found] = []
    lines = done = 0
    # At least some documents a page, and `first` never the last of one: it says nothing about where to go on.
    while done < len(todo) and (not done or todo[done - 1] == first or (lines < _LINES and time.monotonic() < end)):
        chunk = todo[done : done + _CHUNK]
        # Only texts that may hold the words leave the database.
        texts = Document.objects.defer("metadata").filter(text__regex=needle.prefilter).in_bulk(chunk)
        for pk in chunk:
            done += 1
            if pk in texts and (new := _found(texts[pk], texts[pk].text, needle)).occurrences:
                found.append(new)
                lines += len(new.occurrences)
            if lines >= _LINES and pk != first:
                break
    left = len(todo) - done
    return Page(_with_marks(actor, found), todo[done - 1] if left else None, len(ids) - left, len(ids))


def _found(document: Document, text: str, needle: Needle) -> Found:
    hits = needle.find(text, most=MOST + 1)
    return Found(document, [_in_context(text, hit) for hit in hits[:MOST]], more=len(hits) > MOST)


def _in_context(text: str, hit: Hit) -> Occurrence:
    """The line around a hit: within its paragraph, from word to word."""
    before = text[max(0, hit.start - CONTEXT) : hit.start].rpartition("\n")[2]
    after = text[hit.end : hit.end + CONTEXT].partition("\n")[0]
    if len(before) == CONTEXT:
        before = f"…{before.partition(' ')[2] or before}"
    if len(after) == CONTEXT:
        after = f"{after.rpartition(' ')[0] or after}…"
    return Occurrence(hit, before, text[hit.start : hit.end], after)


# The own marks over the occurrences of several documents at once.
_MARKS = """
SELECT a.document_id, h.start, s.id::text, s.label, s.start, s."end"
FROM unnest(%(documents)s::bigint[], %(starts)s::int[], %(ends)s::int[]) AS h(document, start, "end")
JOIN coding_annotationset a ON a.document_id = h.document AND a.author_id = %(user)s AND a.origin = 'HUMAN'
JOIN coding_span s ON s.set_id = a.id AND s.start < h."end" AND s."end" > h.start
ORDER BY s.start, s.id
"""


def _with_marks(actor: Actor, found: Sequence[Found]) -> list[Found]:
    hits = {(one.document.pk, o.hit.start): o for one in found for o in one.occurrences}
    if hits:
        with connection.cursor() as cursor:
            cursor.execute(
                _MARKS,
                {
                    "user": actor.user.pk,
                    "documents": [document for document, _start in hits],
                    "starts": [start for _document, start in hits],
                    "ends": [occurrence.hit.end for occurrence in hits.values()],
                },
            )
            for document, start, span, label, span_start, span_end in cursor.fetchall():
                occurrence = hits[document, start]
                occurrence.marks.append((span, label, is_same_place(occurrence.hit, span_start, span_end)))
    return list(found)


def is_same_place(hit: Hit, start: int, end: int) -> bool:
    """Whether a mark says the same stretch as the hit, give or take attached letters and the article."""
    return hit.whole_start <= start <= hit.core_start and hit.core_end <= end <= hit.whole_end
