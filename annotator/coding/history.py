"""Undo, redo, and writing rows so that they equal what the edits say."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from django.db import router
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from annotator.coding.models import AnnotationSet, Edit, Relation, Span, SuggestionDecision
from annotator.coding.wire import Data, decision_data, relation_data, relation_from_data, span_data, span_from_data
from annotator.errors import Conflict

Rows = Mapping[str, Data]


def _stacks(set_id: int) -> tuple[list[uuid.UUID], list[uuid.UUID]]:
    """The acts that can be undone and those that can be redone, each with the next one last.

    A new act empties the redo stack, as in every editor.
    """
    undo: list[uuid.UUID] = []
    redo: list[uuid.UUID] = []
    rows = Edit.objects.filter(set_id=set_id).order_by("seq").values_list("verb", "group", "inverts")
    for verb, group, inverts in rows.iterator():
        if verb == "undo":
            undo.remove(inverts)
            redo.append(inverts)
        elif verb == "redo":
            redo.remove(inverts)
            undo.append(inverts)
        elif not undo or undo[-1] != group:
            undo.append(group)
            redo.clear()
    return undo, redo


def next_to_undo(set_id: int) -> uuid.UUID | None:
    undo, _redo = _stacks(set_id)
    return undo[-1] if undo else None


def next_to_redo(set_id: int) -> uuid.UUID | None:
    _undo, redo = _stacks(set_id)
    return redo[-1] if redo else None


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


def turn(own_set: AnnotationSet, group: uuid.UUID, *, forward: bool) -> tuple[Data, Data]:
    """Bring back what was before the act (or, `forward`, after it). Returns before and after of this very change."""
    edits = list(Edit.objects.filter(set=own_set, group=group).exclude(verb__in=["undo", "redo"]).order_by("seq"))
    before, after = net(edits)
    goal = after if forward else before
    now_spans = {str(s.pk): span_data(s) for s in Span.objects.filter(set=own_set, pk__in=goal["spans"].keys())}
    now_relations = {
        str(r.pk): relation_data(r) for r in Relation.objects.filter(set=own_set, pk__in=goal["relations"].keys())
    }
    spans = _goal_rows(goal["spans"], now_spans, before["spans"], after["spans"])
    relations = _goal_rows(goal["relations"], now_relations, before["relations"], after["relations"])
    ends = {e["span"] for r in relations.values() for e in (r["from"], r["to"]) if e.get("span")} - spans.keys()
    if Span.objects.filter(set=own_set, pk__in=ends).count() < len(ends):
        raise Conflict(_("What this relation joined is not there any more."), code="gone")
    write_rows(own_set.pk, now_spans, spans, now_relations, relations)
    was, became = _turn_decisions(own_set, goal["decisions"])
    return (
        {"spans": list(now_spans.values()), "relations": list(now_relations.values()), "decisions": was},
        {"spans": list(spans.values()), "relations": list(relations.values()), "decisions": became},
    )


def _goal_rows(goal: Mapping[str, Data | None], now: Rows, before: Mapping[str, Data | None], after: Mapping[str, Data | None]) -> dict[str, Data]:
    """The goal with versions above all that clients may have seen, so that an old tab is told it is stale."""
    out: dict[str, Data] = {}
    for row_id, row in goal.items():
        if row is not None:
            seen = [r["version"] for r in (now.get(row_id), before.get(row_id), after.get(row_id)) if r]
            out[row_id] = {**row, "version": max(seen) + 1}
    return out


def _turn_decisions(own_set: AnnotationSet, goal: Mapping[str, Data | None]) -> tuple[list[Data], list[Data]]:
    if not goal:
        return [], []
    now = SuggestionDecision.objects.filter(set=own_set, suggestion_id__in=goal.keys())
    was = [decision_data(d) for d in now]
    now.delete()
    became = [row for row in goal.values() if row]
    SuggestionDecision.objects.bulk_create(
        SuggestionDecision(
            set=own_set,
            suggestion_id=row["suggestion"],
            status=row["status"],
            span_id=uuid.UUID(row["span"]) if row["span"] else None,
        )
        for row in became
    )
    return was, became


def write_rows(set_id: int, old_spans: Rows, spans: Rows, old_relations: Rows, relations: Rows) -> None:
    """Make the tables hold `spans` and `relations` where they held the old ones: spans in first, out last."""
    added, changed, removed = _difference(old_spans, spans)
    Span.objects.bulk_create([span_from_data(spans[i], set_id) for i in added])
    for i in changed:
        _update_span(span_from_data(spans[i], set_id))
    new_relations, changed_relations, gone_relations = _difference(old_relations, relations)
    if gone_relations:
        _delete(Relation.objects.filter(set_id=set_id, pk__in=gone_relations))
    Relation.objects.bulk_create([relation_from_data(relations[i], set_id) for i in new_relations])
    if changed_relations:
        Relation.objects.bulk_update(
            [relation_from_data(relations[i], set_id) for i in changed_relations],
            ["type", "source_span", "source_entity", "target_span", "target_entity", "attributes", "note", "version"],
        )
    if removed:
        _delete(Span.objects.filter(set_id=set_id, pk__in=removed))


def _difference(old: Rows, new: Rows) -> tuple[list[str], list[str], list[str]]:
    added = [i for i in new if i not in old]
    changed = [i for i in new if i in old and new[i] != old[i]]
    removed = [i for i in old if i not in new]
    return added, changed, removed


def _update_span(span: Span) -> None:
    Span.objects.filter(pk=span.pk, set_id=span.set_id).update(
        label=span.label,
        start=span.start,
        end=span.end,
        fragments=span.fragments,
        quote=span.quote,
        attributes=span.attributes,
        entity_id=span.entity_id,
        note=span.note,
        confidence=span.confidence,
        version=span.version,
        origin=span.origin,
        suggestion_id=span.suggestion_id,
        tagger=span.tagger,
        tagger_version=span.tagger_version,
        score=span.score,
    )


def _delete(rows: QuerySet[Relation] | QuerySet[Span]) -> None:
    """Delete without Django's walk over related rows: the edits have named them all, constraints guard the rest."""
    rows._raw_delete(router.db_for_write(rows.model))
