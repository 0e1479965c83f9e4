"""Marking all the same in a person's sets, and taking that back: document by document, each exactly once."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from analysis.events.codebook import validate_attributes
from analysis.text.matching import Forms, Hit, Needle
from annotator.coding.desk import codebook, current_codebook_id, take_seat
from annotator.coding.edits import apply_edits
from annotator.coding.models import Edit, Relation, Span
from annotator.coding.occurrences import is_same_place
from annotator.coding.payload import MAX_EDITS, MAX_NOTE, read_edits
from annotator.coding.wire import Data, span_data
from annotator.corpus.models import Document
from annotator.corpus.problems import say
from annotator.errors import Invalid, Missing
from annotator.registry.models import Entity
from annotator.teams.access import Actor
from annotator.teams.models import Project
from annotator.teams.services import checked_text


@dataclass(frozen=True)
class Act:
    """What all the marks of one act have in common. Its id makes those of its edits and spans."""

    id: uuid.UUID
    words: str
    forms: Forms
    span: Mapping[str, Any]  # label, attributes, entity, note

    def data(self) -> Data:
        return {"act": str(self.id), "words": self.words, "forms": asdict(self.forms), "span": dict(self.span)}

    @classmethod
    def from_data(cls, data: Data) -> Act:
        return cls(uuid.UUID(data["act"]), data["words"], Forms(**data["forms"]), data["span"])


def checked_span(*, project: Project, span: Mapping[str, Any]) -> Data:
    """Label, attributes, link and note as the codebook in force and the registry allow them. Raises Invalid by path."""
    book = codebook(current_codebook_id(project.pk))
    code = span["label"]
    label = book.label(code)
    if label is None:
        raise Invalid(errors={"span.label": [_("The codebook has no label “%(code)s”.") % {"code": code[:40]}]})
    attributes = dict(span.get("attributes") or {})
    errors: dict[str, list[str]] = {}
    for problem in validate_attributes(book, code, attributes):
        errors.setdefault(f"span.attributes.{problem.path}".rstrip("."), []).append(say(problem))
    for name, value in attributes.items():
        if isinstance(value, Mapping):
            errors.setdefault(f"span.attributes.{name}", []).append(_("This belongs to one place in one text."))
    entity = span.get("entity")
    if entity is not None and not label.get("entity"):
        errors["span.entity"] = [_("Spans of this label are not linked to the registry.")]
    elif entity is not None and not Entity.objects.filter(project=project, pk=entity).exists():
        errors["span.entity"] = [_("The registry of this project has no such entry.")]
    if errors:
        raise Invalid(errors=errors)
    note = checked_text(span.get("note") or "", "span.note", MAX_NOTE)
    return {"label": code, "attributes": attributes, "entity": entity, "note": note}


@transaction.atomic
def mark(*, actor: Actor, document_id: int, act: Act, starts: Collection[int]) -> tuple[int, int]:
    """Mark the occurrences that begin at `starts` in the actor's own set. Doing it again changes nothing.

    Returns how many were marked, and how many were left because the same label was there or the words are not. Raises
    as `apply_edits` does. A suggestion under such a mark stays undecided: nobody has looked at it.
    """
    text = Document.objects.visible_to(actor).filter(pk=document_id).values_list("text", flat=True).first()
    if text is None:
        raise Missing()
    hits = [hit for hit in Needle(act.words, act.forms).find(text) if hit.start in starts]
    desk = take_seat(actor, document_id)  # the own marks cannot change under us any more
    there = Span.objects.filter(set=desk.set, label=act.span["label"]).exclude(
        pk__in=[_span_id(act, document_id, h) for h in hits]
    )
    marked = list(there.values_list("start", "end")) if desk.set and hits else []
    wanted = [hit for hit in hits if not any(is_same_place(hit, start, end) for start, end in marked)]
    edits = [_edit(act, document_id, hit, text) for hit in wanted]
    for i in range(0, len(edits), MAX_EDITS):
        apply_edits(actor=actor, document_id=document_id, edits=read_edits({"edits": edits[i : i + MAX_EDITS]}))
    return len(edits), len(starts) - len(edits)


def _span_id(act: Act, document_id: int, hit: Hit) -> uuid.UUID:
    return uuid.uuid5(act.id, f"span/{document_id}/{hit.start}")


def _edit(act: Act, document_id: int, hit: Hit, text: str) -> Data:
    extent = {"start": hit.start, "end": hit.end, "quote": text[hit.start : hit.end]}
    return {
        "id": str(uuid.uuid5(act.id, f"edit/{document_id}/{hit.start}")),
        "group": str(act.id),
        "op": "add_span",
        "span": {**act.span, **extent, "id": str(_span_id(act, document_id, hit))},
    }


@transaction.atomic
def take_back(*, actor: Actor, document_id: int, act_id: uuid.UUID, undo_id: uuid.UUID) -> tuple[int, int]:
    """Take away the marks that the act made in the actor's set of the document and that are still as it made them.

    Returns how many went, and how many stay because they were changed or linked since. Raises Conflict when the work is
    closed.
    """
    desk = take_seat(actor, document_id)
    if desk.set is None:
        return 0, 0
    made = {
        row["id"]: row
        for after in Edit.objects.filter(set=desk.set, group=act_id, verb="add_span").values_list("after", flat=True)
        for row in after["spans"]
    }
    now = [span_data(span) for span in Span.objects.filter(set=desk.set, pk__in=made)]
    linked = _linked([row["id"] for row in now])
    same = [row for row in now if row["id"] not in linked and _content(row) == _content(made[row["id"]])]
    edits = [
        {
            "id": str(uuid.uuid5(undo_id, row["id"])),
            "group": str(undo_id),
            "op": "delete_span",
            "base_version": row["version"],
            "span": {"id": row["id"]},
        }
        for row in same
    ]
    for i in range(0, len(edits), MAX_EDITS):
        apply_edits(actor=actor, document_id=document_id, edits=read_edits({"edits": edits[i : i + MAX_EDITS]}))
    return len(edits), len(now) - len(edits)


def _content(row: Data) -> Data:
    return {key: value for key, value in row.items() if key != "version"}  # an undo and a redo leave a new version


def _linked(span_ids: Sequence[str]) -> set[str]:
    """Those at an end of a relation."""
    rows = Relation.objects.filter(Q(source_span__in=span_ids) | Q(target_span__in=span_ids))
    ends = {str(end) for pair in rows.values_list("source_span_id", "target_span_id") for end in pair}
    return ends & set(span_ids)
