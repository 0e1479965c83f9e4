"""Applying edits: all or nothing, exactly once, nothing overwritten unseen.

A repeated edit id with the same payload answers as the first time and does nothing. Each edit keeps what
it touched before and after, so the rows are always what the edits add up to, and every act can be undone.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from annotator.coding import checks, history
from annotator.coding.desk import Desk, codebook, sit_down
from annotator.coding.models import AnnotationSet, Edit, Relation, Span, SpanOrigin, SuggestionDecision
from annotator.coding.payload import HISTORY_OPS, EditIn
from annotator.coding.wire import Data, decision_data, relation_data, span_data
from annotator.errors import Conflict, Invalid
from annotator.teams.access import Actor


def apply_edits(*, actor: Actor, document_id: int, edits: Sequence[EditIn]) -> Data:
    """Apply the edits to the actor's own set of the document, in order, in one transaction.

    Returns {"set": …, "edits": […]} with what each edit changed. Raises Missing for strangers, Conflict
    (`state`, `stale`, `id_reused`) and Invalid with errors by path; then nothing at all was written.
    """
    try:
        with transaction.atomic():
            replayed = _replayed(actor, edits)
            if edits and len(replayed) == len(edits):
                # Nothing new: answer even if the set has been submitted meanwhile.
                first = next(iter(replayed.values()))
                own_set = AnnotationSet.objects.get(pk=first.set_id)
                return {"set": _set_answer(own_set), "edits": [answer(replayed[e.id], replayed=True) for e in edits]}
            desk = sit_down(actor, document_id)
            assert desk.set is not None
            # Under the lock once more: the same request may have run on another connection a moment ago.
            replayed = _replayed(actor, edits, desk.set)
            work = _Work(actor, desk, [e for e in edits if e.id not in replayed])
            made = work.run()
            return {
                "set": _set_answer(desk.set, desk.assignment.state if desk.assignment else None),
                "edits": [
                    answer(replayed[e.id], replayed=True) if e.id in replayed else answer(made[e.id]) for e in edits
                ],
            }
    except IntegrityError as error:
        raise Conflict(_("This id is taken by something else."), code="id_reused") from error


def _set_answer(own_set: AnnotationSet, state: str | None = None) -> Data:
    return {"id": own_set.pk, "version": own_set.version, "state": state}


def answer(edit: Edit, *, replayed: bool = False) -> Data:
    """What the client hears about an edit; the same at the first time and at each repetition."""
    after_spans = {s["id"] for s in edit.after["spans"]}
    after_relations = {r["id"] for r in edit.after["relations"]}
    decided = {d["suggestion"] for d in edit.after["decisions"]}
    reopened = [d["suggestion"] for d in edit.before["decisions"] if d["suggestion"] not in decided]
    return {
        "id": str(edit.pk),
        "seq": edit.seq,
        "replayed": replayed,
        "spans": edit.after["spans"],
        "relations": edit.after["relations"],
        "deleted_spans": [s["id"] for s in edit.before["spans"] if s["id"] not in after_spans],
        "deleted_relations": [r["id"] for r in edit.before["relations"] if r["id"] not in after_relations],
        "decisions": [{"suggestion": d["suggestion"], "status": d["status"]} for d in edit.after["decisions"]]
        + [{"suggestion": s, "status": "OPEN"} for s in reopened],
    }


def _replayed(
    actor: Actor, edits: Sequence[EditIn], own_set: AnnotationSet | None = None
) -> dict[uuid.UUID, Edit]:
    """Those of the edits that were applied before. Raises Conflict when an id comes with another payload or author."""
    found = {e.pk: e for e in Edit.objects.filter(pk__in=[e.id for e in edits])}
    for edit in edits:
        known = found.get(edit.id)
        if known is None:
            continue
        foreign = known.author_id != actor.user.pk or (own_set is not None and known.set_id != own_set.pk)
        if foreign or known.payload_hash != edit.payload_hash:
            raise Conflict(_("This edit id was used for something else."), code="id_reused")
    return found


class _Work:
    """The state of one request: rows as they become, and the edits that say so."""

    def __init__(self, actor: Actor, desk: Desk, edits: Sequence[EditIn]) -> None:
        assert desk.set is not None
        self.actor = actor
        self.desk = desk
        self.set = desk.set
        self.edits = edits
        self.codebook = codebook(self.set.codebook_version_id)
        self.seq = self.set.version
        self.done: dict[uuid.UUID, Edit] = {}
        self._forget()

    def _forget(self) -> None:
        self.spans: dict[str, Data] = {}
        self.relations: dict[str, Data] = {}
        self.suggestions: dict[str, Span] = {}
        self.decided: dict[str, SuggestionDecision] = {}
        self.new: list[Edit] = []

    def run(self) -> dict[uuid.UUID, Edit]:
        batch: list[EditIn] = []
        for edit in self.edits:
            if edit.op in HISTORY_OPS:
                self._flush(batch)
                batch = []
                self._turn_back(edit)
            else:
                batch.append(edit)
        self._flush(batch)
        if self.done:
            self.set.version = self.seq
            self.set.changed_at = timezone.now()
            AnnotationSet.objects.filter(pk=self.set.pk).update(version=self.seq, changed_at=self.set.changed_at)
        return self.done

    # -- reading what is there

    def _load(self, batch: Sequence[EditIn]) -> None:
        span_ids: set[uuid.UUID | str] = {e.span["id"] for e in batch if e.span}
        relation_ids = {e.relation["id"] for e in batch if e.relation}
        for edit in batch:
            for key in ("from", "to"):
                if edit.relation.get(key, {}).get("span"):
                    span_ids.add(edit.relation[key]["span"])
        if span_ids:
            for span in Span.objects.filter(pk__in=span_ids):
                self._own(span.set_id)
                self.spans[str(span.pk)] = span_data(span)
        # Relations that hang on a span go with it, and must still fit when its label changes.
        deleted = [e.span["id"] for e in batch if e.op == "delete_span" or (e.op == "update_span" and "label" in e.span)]
        if relation_ids or deleted:
            touching = Q(pk__in=relation_ids) | Q(source_span_id__in=deleted) | Q(target_span_id__in=deleted)
            for relation in Relation.objects.filter(touching):
                self._own(relation.set_id)
                self.relations[str(relation.pk)] = relation_data(relation)
        wanted = [e.suggestion for e in batch if e.suggestion]
        if wanted:
            offered = Span.objects.filter(
                pk__in=wanted, set__document_id=self.desk.document.pk, set__origin=AnnotationSet.Origin.MODEL
            )
            self.suggestions = {str(s.pk): s for s in offered}
            decided = SuggestionDecision.objects.filter(set=self.set, suggestion_id__in=wanted)
            self.decided = {str(d.suggestion_id): d for d in decided}

    def _own(self, set_id: int) -> None:
        if set_id != self.set.pk:
            raise Conflict(_("This id is taken by something else."), code="id_reused")

    # -- changing

    def _flush(self, batch: Sequence[EditIn]) -> None:
        if not batch:
            return
        self._forget()
        self._load(batch)
        errors: dict[str, list[str]] = {}
        checker = checks.Checker(self.codebook, self.desk.document, self.desk.project, errors)
        stored_spans = dict(self.spans)
        stored_relations = dict(self.relations)
        for edit in batch:
            before: Data = {"spans": [], "relations": [], "decisions": []}
            after: Data = {"spans": [], "relations": [], "decisions": []}
            getattr(self, f"_{edit.op}")(edit, before, after, checker)
            self._log(edit, before, after)
        checker.finish(self.spans)
        if errors:
            raise Invalid(_("Some values are not right."), errors=errors)
        self._store(stored_spans, stored_relations)

    def _add_span(self, edit: EditIn, before: Data, after: Data, checker: checks.Checker) -> None:
        span_id = str(edit.span["id"])
        if span_id in self.spans:
            raise Conflict(_("A span with this id is there already."), code="id_reused")
        span = {**_NEW_SPAN, **edit.span, "id": span_id}
        checker.span(edit.path, span, extent=True)
        self.spans[span_id] = span
        after["spans"].append(span)

    def _update_span(self, edit: EditIn, before: Data, after: Data, checker: checks.Checker) -> None:
        old = self._current(self.spans, edit, edit.span)
        new = {**old, **{k: v for k, v in edit.span.items() if k != "id"}, "version": old["version"] + 1}
        if "start" in edit.span and "fragments" not in edit.span:
            new["fragments"] = None
        checker.span(edit.path, new, extent="start" in edit.span)
        self.spans[old["id"]] = new
        if new["label"] != old["label"]:
            for relation in self.relations.values():
                if old["id"] in (relation["from"].get("span"), relation["to"].get("span")):
                    self._load_ends(relation)
                    checker.relation(edit.path, relation, self.spans)
        before["spans"].append(old)
        after["spans"].append(new)

    def _delete_span(self, edit: EditIn, before: Data, after: Data, checker: checks.Checker) -> None:
        old = self._current(self.spans, edit, edit.span)
        before["spans"].append(old)
        for relation in list(self.relations.values()):  # what hung on it goes with it, and comes back with it
            if old["id"] in (relation["from"].get("span"), relation["to"].get("span")):
                before["relations"].append(relation)
                del self.relations[relation["id"]]
        del self.spans[old["id"]]

    def _add_relation(self, edit: EditIn, before: Data, after: Data, checker: checks.Checker) -> None:
        relation_id = str(edit.relation["id"])
        if relation_id in self.relations:
            raise Conflict(_("A relation with this id is there already."), code="id_reused")
        relation = {**_NEW_RELATION, **edit.relation, "id": relation_id}
        checker.relation(edit.path, relation, self.spans)
        self.relations[relation_id] = relation
        after["relations"].append(relation)

    def _update_relation(self, edit: EditIn, before: Data, after: Data, checker: checks.Checker) -> None:
        old = self._current(self.relations, edit, edit.relation)
        new = {**old, **{k: v for k, v in edit.relation.items() if k != "id"}, "version": old["version"] + 1}
        self._load_ends(new)
        checker.relation(edit.path, new, self.spans)
        self.relations[old["id"]] = new
        before["relations"].append(old)
        after["relations"].append(new)

    def _delete_relation(self, edit: EditIn, before: Data, after: Data, checker: checks.Checker) -> None:
        old = self._current(self.relations, edit, edit.relation)
        before["relations"].append(old)
        del self.relations[old["id"]]

    def _accept_suggestion(self, edit: EditIn, before: Data, after: Data, checker: checks.Checker) -> None:
        offered = self._offered(edit)
        span_id = str(edit.span["id"])
        if span_id in self.spans:
            raise Conflict(_("A span with this id is there already."), code="id_reused")
        given = {k: v for k, v in edit.span.items() if k != "id"}
        proposed = span_data(offered)
        if "label" in given and given["label"] != proposed["label"] and "attributes" not in given:
            given["attributes"] = {}
        corrected = any(proposed[k] != v for k, v in given.items() if k not in ("note", "confidence"))
        span = {
            **proposed,
            **given,
            "id": span_id,
            "version": 1,
            "suggestion": str(offered.pk),
            "origin": SpanOrigin.CORRECTED if corrected else SpanOrigin.ACCEPTED,
        }
        checker.span(edit.path, span, extent="start" in given)
        self.spans[span_id] = span
        after["spans"].append(span)
        self._decide(edit, after, span["origin"], span_id)

    def _reject_suggestion(self, edit: EditIn, before: Data, after: Data, checker: checks.Checker) -> None:
        self._offered(edit)
        self._decide(edit, after, SuggestionDecision.Status.REJECTED, None)

    def _offered(self, edit: EditIn) -> Span:
        offered = self.suggestions.get(str(edit.suggestion))
        if offered is None:
            raise Invalid(errors={f"{edit.path}.suggestion": [_("There is no such suggestion on this document.")]})
        if str(edit.suggestion) in self.decided:
            raise Conflict(_("This suggestion has been decided already."), code="decided")
        return offered

    def _decide(self, edit: EditIn, after: Data, status: str, span_id: str | None) -> None:
        decision = SuggestionDecision(
            set=self.set, suggestion_id=edit.suggestion, status=str(status), span_id=uuid.UUID(span_id) if span_id else None
        )
        self.decided[str(edit.suggestion)] = decision
        after["decisions"].append(decision_data(decision))

    def _current(self, rows: dict[str, Data], edit: EditIn, given: Mapping[str, Any]) -> Data:
        old = rows.get(str(given["id"]))
        if old is None:
            raise Conflict(_("This is not there any more."), code="gone", extra={"id": str(given["id"])})
        if old["version"] != edit.base_version:
            yours = {k: str(v) if isinstance(v, uuid.UUID) else v for k, v in given.items()}
            raise Conflict(
                _("This was changed meanwhile."),
                code="stale",
                extra={"edit": str(edit.id), "current": old, "yours": yours},
            )
        return old

    def _load_ends(self, relation: Data) -> None:
        missing = {e["span"] for e in (relation["from"], relation["to"]) if e.get("span")} - self.spans.keys()
        for span in Span.objects.filter(pk__in=missing, set=self.set):
            self.spans[str(span.pk)] = span_data(span)

    # -- writing

    def _store(self, old_spans: dict[str, Data], old_relations: dict[str, Data]) -> None:
        history.write_rows(
            self.set.pk, old_spans, self.spans, old_relations, self.relations
        )
        fresh = [d for d in self.decided.values() if d.pk is None]
        if fresh:
            SuggestionDecision.objects.bulk_create(fresh)
        Edit.objects.bulk_create(self.new)

    def _log(self, edit: EditIn, before: Data, after: Data, inverts: uuid.UUID | None = None) -> Edit:
        self.seq += 1
        row = Edit(
            id=edit.id,
            set=self.set,
            seq=self.seq,
            verb=edit.op,
            group=edit.group,
            inverts=inverts,
            before=before,
            after=after,
            payload_hash=edit.payload_hash,
            author=self.actor.user,
        )
        self.new.append(row)
        self.done[edit.id] = row
        return row

    def _turn_back(self, edit: EditIn) -> None:
        """Undo or redo the next act of this set."""
        self._forget()
        group = history.next_to_undo(self.set.pk) if edit.op == "undo" else history.next_to_redo(self.set.pk)
        if group is None:
            nothing = _("There is nothing to undo.") if edit.op == "undo" else _("There is nothing to redo.")
            raise Conflict(nothing, code="nothing")
        before, after = history.turn(self.set, group, forward=edit.op == "redo")
        self._log(edit, before, after, inverts=group)
        Edit.objects.bulk_create(self.new)


_NEW_SPAN: Data = {
    "fragments": None,
    "attributes": {},
    "entity": None,
    "note": "",
    "confidence": None,
    "version": 1,
    "origin": SpanOrigin.MANUAL.value,
    "suggestion": None,
    "tagger": "",
    "tagger_version": "",
    "score": None,
}
_NEW_RELATION: Data = {"attributes": {}, "note": "", "version": 1}

