"""Two tabs and twenty repetitions at the same moment, on real connections."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from annotator.coding.assignments import submit, withdraw
from annotator.coding.models import AnnotationSet, Assignment, Edit, Span, Submission
from annotator.corpus.models import Document
from annotator.errors import Conflict, DomainError
from annotator.review.services import accept, return_
from annotator.teams.access import Actor
from annotator.teams.models import User
from tests import build
from tests.coding.test_history import Model, Tab, check

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def article() -> Document:
    return build.document(build.project())


def _owner(article: Document) -> User:
    return build.owner_of(article.project).user


def _send(person: User, article: Document, edit: dict[str, Any]) -> str:
    try:
        answer = build.edit(person, article, edit)
        return "replayed" if answer["edits"][0]["replayed"] else "done"
    except Conflict as refusal:
        return refusal.code
    finally:
        connection.close()


def _at_once(person: User, article: Document, edits: list[dict[str, Any]]) -> list[str]:
    with ThreadPoolExecutor(len(edits)) as pool:
        return sorted(pool.map(lambda e: _send(person, article, e), edits))


@pytest.mark.parametrize("assigned", [True, False])
def test_twenty_repetitions_at_once_make_one_span(article: Document, *, assigned: bool) -> None:
    person = _owner(article)
    if assigned:
        build.assignment(article, person)
    once = build.add_span(article, 0, 3)
    results = _at_once(person, article, [once] * 20)
    assert results == ["done"] + ["replayed"] * 19
    assert Span.objects.count() == Edit.objects.count() == AnnotationSet.objects.filter(origin="HUMAN").count() == 1


def test_of_ten_writers_with_the_same_version_one_wins(article: Document) -> None:
    person = _owner(article)
    added = build.add_span(article, 0, 3)
    build.edit(person, article, added)
    writes = [
        {
            "id": build.new_id(),
            "op": "update_span",
            "base_version": 1,
            "span": {"id": added["span"]["id"], "note": f"note {i}"},
        }
        for i in range(10)
    ]
    assert _at_once(person, article, writes) == ["done"] + ["stale"] * 9
    assert Span.objects.get().version == 2


def test_ten_tabs_adding_spans_number_their_edits_without_a_gap(article: Document) -> None:
    person = _owner(article)
    _at_once(person, article, [build.add_span(article, i, i + 1) for i in range(10)])
    assert sorted(Edit.objects.values_list("seq", flat=True)) == list(range(1, 11))
    assert Span.objects.count() == 10


def test_edits_and_a_submit_at_once_leave_a_snapshot_of_all_that_was_accepted(article: Document) -> None:
    person = _owner(article)
    build.edit(person, article, build.add_span(article, 0, 1))

    def hand_in() -> str:
        try:
            submit(actor=Actor(person), document_id=article.pk)
            return "submitted"
        except DomainError as refusal:
            return refusal.code
        finally:
            connection.close()

    edits = [build.add_span(article, i, i + 1) for i in range(1, 10)]
    with ThreadPoolExecutor(11) as pool:
        handed_in = [pool.submit(hand_in) for _n in range(2)]
        results = list(pool.map(lambda e: _send(person, article, e), edits))
    assert sorted(f.result() for f in handed_in) == ["state", "submitted"]
    assert set(results) <= {"done", "state"}
    snapshot = Submission.objects.get().snapshot
    assert len(snapshot["spans"]) == 1 + results.count("done") == Span.objects.count()
    assert Assignment.objects.get().state == "SUBMITTED"


def test_of_accepting_returning_and_withdrawing_at_once_one_happens(article: Document) -> None:
    owner, person = build.owner_of(article.project), build.member(article.project)
    build.edit_first(article, person)
    deeds: dict[str, Callable[[Submission], object]] = {
        "ACCEPTED": lambda s: accept(actor=Actor(owner.user), submission=s, replace=True),
        "RETURNED": lambda s: return_(actor=Actor(owner.user), submission=s, note="why"),
        "ACTIVE": lambda s: withdraw(actor=Actor(person), document_id=article.pk),
    }

    def do(deed: str, pk: int) -> str:
        try:
            found = Submission.objects.select_related("assignment__document__project", "set").get(pk=pk)
            deeds[deed](found)
            return deed
        except Conflict as refusal:
            return refusal.code
        finally:
            connection.close()

    for _turn in range(4):
        Assignment.objects.update(state="ACTIVE")
        submission = submit(actor=Actor(person), document_id=article.pk)
        golds = AnnotationSet.objects.filter(origin="GOLD").count()
        with ThreadPoolExecutor(6) as pool:
            results = list(pool.map(do, sorted(deeds) * 2, [submission.pk] * 6))
        state = Assignment.objects.get().state
        assert sorted(results) == sorted([state, *["state"] * 5])
        assert AnnotationSet.objects.filter(origin="GOLD").count() == golds + (state == "ACCEPTED")


class _Writer:
    """One tab with a will of its own: it adds, changes, deletes, undoes, and sends much of it twice at once."""

    def __init__(self, seed: int, article: Document, person: User, twice: ThreadPoolExecutor) -> None:
        self.random = random.Random(seed)
        self.article, self.person, self.twice = article, person, twice
        self.tab = Tab()
        self.sent: list[dict[str, Any]] = []
        self.codes: list[str] = []

    def run(self) -> None:
        try:
            for _n in range(25):
                edit = self._next()
                codes = [self._try(edit)]
                if self.random.random() < 0.4:
                    codes.append(self.twice.submit(_send, self.person, self.article, edit).result())
                self.sent.append(edit)
                self.codes += codes
                # A repetition of what was done is a replay, and of what was refused may succeed later: never both done.
                assert codes.count("done") <= 1
                assert codes[0] != "done" or codes[1:] in ([], ["replayed"])
                if self.random.random() < 0.3:
                    spans = Span.objects.filter(set__document=self.article, set__author=self.person)
                    self.tab.versions = {str(s.pk): s.version for s in spans}
        finally:
            connection.close()

    def _try(self, edit: dict[str, Any]) -> str:
        try:
            answer = build.edit(self.person, self.article, edit)
        except DomainError as refusal:
            return refusal.code
        for span in answer["edits"][0]["spans"]:
            self.tab.versions[span["id"]] = span["version"]
        return "replayed" if answer["edits"][0]["replayed"] else "done"

    def _next(self) -> dict[str, Any]:
        known = sorted(self.tab.versions)
        op = self.random.choice(["add_span", "add_span", "update_span", "update_span", "delete_span", "undo", "redo"])
        if op in ("undo", "redo"):
            return {"id": build.new_id(), "op": op}
        if op == "add_span" or not known:
            start = self.random.randrange(len(self.article.text) - 4)
            return build.add_span(self.article, start, start + 3, self.random.choice(["ACTOR", "PLACE"]))
        span_id = self.random.choice(known)
        span = {"id": span_id, **({"note": str(self.random.random())} if op == "update_span" else {})}
        return {"id": build.new_id(), "op": op, "base_version": self.tab.versions[span_id], "span": span}


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_two_tabs_at_once_come_to_what_a_model_makes_of_their_edits_in_order(article: Document, seed: int) -> None:
    person = _owner(article)
    with ThreadPoolExecutor(2) as twice, ThreadPoolExecutor(2) as pool:
        writers = [_Writer(seed * 10 + n, article, person, twice) for n in range(2)]
        for running in [pool.submit(w.run) for w in writers]:
            running.result()
    sent = {e["id"]: e for w in writers for e in w.sent}
    model = Model()
    for edit in Edit.objects.filter(set__document=article).order_by("seq"):
        # What the server took was based on the latest version, so the model sees every writer as up to date.
        assert model.apply(sent[str(edit.pk)], model.changed) == "done"
    check(article, person, model)
    assert sum(w.codes.count("done") for w in writers) == Edit.objects.count()
