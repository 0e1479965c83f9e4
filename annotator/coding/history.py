"""Undo, redo, and writing rows so that they equal what the edits say."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db import router
from django.db.models import QuerySet

from annotator.coding.models import AnnotationSet, Edit, Relation, Span, SuggestionDecision
from annotator.coding.wire import Data, decision_data, relation_data, relation_from_data, span_data, span_from_data

Rows = Mapping[str, Data]
_SPAN_COLUMNS = [
    "label", "start", "end", "fragments", "quote", "attributes", "entity", "note", "confidence", "version", "origin",
    "suggestion_id", "tagger", "tagger_version", "score",
]  # fmt: skip
_RELATION_COLUMNS = [
    "type", "source_span", "source_entity", "target_span", "target_entity", "attributes", "note", "version",
]  # fmt: skip


@dataclass(frozen=True)
class Act:
    """What is undone as one: edits of one group that followed each other. Known by its first edit."""

    id: uuid.UUID
    first: int  # sequence numbers
    last: int


def acts(set_id: int) -> tuple[list[Act], list[Act]]:
    """The acts that can be undone and those that can be redone, each with the next one last.

    A new act empties the redo stack, as in every editor. A group id that comes again later is another act.
    """
    undo: list[Act] = []
    redo: list[Act] = []
    growing: uuid.UUID | None = None
    rows = Edit.objects.filter(set_id=set_id).order_by("seq").values_list("pk", "seq", "verb", "group")
    for pk, seq, verb, group in rows.iterator():
        if verb == "undo":
            redo.append(undo.pop())
            growing = None
        elif verb == "redo":
            undo.append(redo.pop())
            growing = None
        elif group == growing:
            undo[-1] = replace(undo[-1], last=seq)
        else:
            undo.append(Act(pk, seq, seq))
            redo.clear()
            growing = group
    return undo, redo


def net(edits: list[Edit]) -> tuple[Data, Data]:
    """What several edits did taken together: each touched thing as it was first and as it was last."""
    before: Data = {"spans": {}, "relations": {}, "decisions": {}}
    after: Data = {"spans": {}, "relations": {}, "decisions": {}}
    for edit in edits:
        for kind, key in (("spans", "id"), ("relations", "id"), ("decisions", "suggestion")):
            was = {row[key]: row for row in edit.before[kind]}
            became = {row[key]: row for row in edit.after[kind]}
            for row_id in was.keys() | became.keys():
                before[kind].setdefault(row_id, was.get(row_id))
                after[kind][row_id] = became.get(row_id)
    return before, after


def turn(own_set: AnnotationSet, act: Act, *, forward: bool, version: int) -> tuple[Data, Data]:
    """Bring back what was before the act (or, `forward`, after it). Returns before and after of this very change.

    What comes back carries `version`, which must lie above all that clients have seen: an old tab is told it is stale.
    """
    edits = list(Edit.objects.filter(set=own_set, seq__range=(act.first, act.last)).order_by("seq"))
    before, after = net(edits)
    goal = after if forward else before
    now_spans = {str(s.pk): span_data(s) for s in Span.objects.filter(set=own_set, pk__in=goal["spans"].keys())}
    now_relations = {
        str(r.pk): relation_data(r) for r in Relation.objects.filter(set=own_set, pk__in=goal["relations"].keys())
    }
    spans = {i: {**row, "version": version} for i, row in goal["spans"].items() if row is not None}
    relations = {i: {**row, "version": version} for i, row in goal["relations"].items() if row is not None}
    write_rows(own_set.pk, now_spans, spans, now_relations, relations)
    was, became = _turn_decisions(own_set, goal["decisions"])
    return (
        {"spans": list(now_spans.values()), "relations": list(now_relations.values()), "decisions": was},
        {"spans": list(spans.values()), "relations": list(relations.values()), "decisions": became},
    )


def _turn_decisions(own_set: AnnotationSet, goal: Mapping[str, Data | None]) -> tuple[list[Data], list[Data]]:
    if not goal:
        return [], []
    now = SuggestionDecision.objects.filter(set=own_set, suggestion_id__in=list(goal))
    was = [decision_data(d) for d in now]
    now.delete()
    became = [row for row in goal.values() if row]
    SuggestionDecision.objects.bulk_create(
        SuggestionDecision(
            set=own_set,
            suggestion_id=row["suggestion"],
            status=row["status"],
            span_id=uuid.UUID(row["span"]) if row["span"] else None,
            ms=row.get("ms"),  # edits of earlier times do not have it
            surface=row.get("surface", ""),
        )
        for row in became
    )
    return was, became


def write_rows(set_id: int, old_spans: Rows, spans: Rows, old_relations: Rows, relations: Rows) -> None:
    """Make the tables hold `spans` and `relations` where they held the old ones: spans in first, out last.

    One statement for each kind of change, however many rows. The old rows are of this set and under its lock.
    """
    added, changed, removed = _difference(old_spans, spans)
    Span.objects.bulk_create([span_from_data(spans[i], set_id) for i in added])
    if changed:
        Span.objects.bulk_create(
            [span_from_data(spans[i], set_id) for i in changed],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=_SPAN_COLUMNS,
        )
    added, changed, gone = _difference(old_relations, relations)
    if gone:
        _delete(Relation.objects.filter(set_id=set_id, pk__in=gone))
    Relation.objects.bulk_create([relation_from_data(relations[i], set_id) for i in added])
    if changed:
        Relation.objects.bulk_create(
            [relation_from_data(relations[i], set_id) for i in changed],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=_RELATION_COLUMNS,
        )
    if removed:
        _delete(Span.objects.filter(set_id=set_id, pk__in=removed))


def _difference(old: Rows, new: Rows) -> tuple[list[str], list[str], list[str]]:
    added = [i for i in new if i not in old]
    changed = [i for i in new if i in old and new[i] != old[i]]
    removed = [i for i in old if i not in new]
    return added, changed, removed


def _delete(rows: QuerySet[Relation] | QuerySet[Span]) -> None:
    """Delete without Django's walk over related rows: the edits have named them all, constraints guard the rest."""
    rows._raw_delete(router.db_for_write(rows.model))
