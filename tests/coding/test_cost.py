"""What an edit and a sheet cost in statements: the edit path is the hot one, and no page may ask once a row."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from analysis import types
from annotator.coding import queries
from annotator.coding.assignments import submit
from annotator.coding.models import Span
from annotator.coding.sheet import sheet
from annotator.coding.suggestions import store
from annotator.corpus.models import Document
from annotator.registry.models import Entity
from annotator.review.queries import queue
from annotator.teams.access import Actor
from annotator.teams.models import User
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Document:
    return build.document(build.project())


def _statements(work: Any) -> int:
    with CaptureQueriesContext(connection) as seen:
        work()
    return sum(not q["sql"].startswith(("SAVEPOINT", "RELEASE")) for q in seen.captured_queries)


def test_one_edit_costs_six_statements(article: Document) -> None:
    person = build.member(article.project)
    build.assignment(article, person)
    build.edit(person, article, build.add_span(article, 0, 1))
    add = build.add_span(article, 1, 4)
    update = {
        "id": build.new_id(),
        "op": "update_span",
        "base_version": 1,
        "span": {"id": add["span"]["id"], "note": "x"},
    }
    delete = {"id": build.new_id(), "op": "delete_span", "base_version": 2, "span": {"id": add["span"]["id"]}}
    undo = {"id": build.new_id(), "op": "undo"}
    cost = {e["op"]: _statements(lambda e=e: build.edit(person, article, e)) for e in (add, update, delete, undo)}
    cost["replay"] = _statements(lambda: build.edit(person, article, delete))
    print(f"\nstatements an edit: {cost}")
    most = {"add_span": 6, "update_span": 6, "delete_span": 7, "undo": 8, "replay": 3}
    assert {op for op, n in cost.items() if n > most[op]} == set(), cost


@pytest.mark.parametrize("op", ["add_span", "update_span", "delete_span"])
def test_forty_edits_at_a_time_cost_no_more_statements_than_four(article: Document, op: str) -> None:
    person = build.owner_of(article.project).user
    build.edit(person, article, build.add_span(article, 0, 1))
    cost = []
    for size in (4, 40):
        added = [build.add_span(article, i, i + 1, "EVENT", attributes={"type": "CONSULT"}) for i in range(size)]
        links = [_link(added[0], e) for e in added[1:]]
        if op == "add_span":
            cost.append(_statements(lambda a=added, x=links: build.edit(person, article, *a, *x)))
            continue
        build.edit(person, article, *added, *links)
        change = {"label": "EVENT", "note": "x"} if op == "update_span" else {}
        edits = [
            {"id": build.new_id(), "op": op, "base_version": 1, "span": {"id": e["span"]["id"], **change}}
            for e in added
        ]
        cost.append(_statements(lambda e=edits: build.edit(person, article, *e)))
    assert cost[0] == cost[1] <= 10


def _link(a: dict[str, Any], b: dict[str, Any]) -> dict[str, Any]:
    ends = {"from": {"span": a["span"]["id"]}, "to": {"span": b["span"]["id"]}}
    relation = {"id": build.new_id(), "type": "SUBEVENT_OF", **ends}
    return {"id": build.new_id(), "op": "add_relation", "relation": relation}


def _suggest(article: Document, count: int, version: str) -> list[uuid.UUID]:
    spans = [types.Span(id="", label="ACTOR", start=i, end=i + 2, quote=article.text[i : i + 2]) for i in range(count)]
    store(
        project_id=article.project_id, document_id=article.pk, tagger="names", version=version, spans=spans, entities={}
    )
    return list(Span.objects.filter(set__document=article, tagger_version=version).values_list("pk", flat=True))


def _busy(article: Document, count: int) -> User:
    """A person with `count` linked spans and decisions, and as many open suggestions and documents around."""
    person = build.member(article.project)
    build.assignment(article, person)
    offered = _suggest(article, 2 * count, f"v{count}")
    entities = list(Entity.objects.filter(project=article.project).values_list("pk", flat=True)[:count])
    build.edit(
        person,
        article,
        *[build.add_span(article, i, i + 3, entity=entities[i]) for i in range(count)],
        *[{"id": build.new_id(), "op": "reject_suggestion", "suggestion": str(s)} for s in offered[:count]],
    )
    return person


@pytest.mark.parametrize("what", ["sheet", "sets", "work", "assignments"])
def test_reading_costs_the_same_for_ten_and_twenty(article: Document, what: str) -> None:
    cost = []
    for count in (10, 20):
        person = _busy(article, count)
        for _n in range(count):
            build.assignment(build.document(article.project), person)
        actor = Actor(person)
        read = {
            "sheet": lambda a=actor: sheet(actor=a, document_id=article.pk),
            "sets": lambda a=actor: queries.annotation_sets(actor=a, document_id=article.pk, which="all"),
            "work": lambda a=actor: [str(w.document.project) for w in queries.my_work(actor=a)],
            "assignments": lambda a=actor: [
                w.user.email for w in queries.assignments_page(actor=a, project=article.project)
            ],
        }[what]
        cost.append(_statements(read))
    assert cost[0] == cost[1]


def test_the_review_queue_costs_the_same_for_ten_and_twenty(article: Document) -> None:
    cost = []
    for count in (10, 20):
        for _n in range(count):
            person = build.member(article.project)
            build.edit_first(article, person)
            submit(actor=Actor(person), document_id=article.pk)
        cost.append(
            _statements(
                lambda: [
                    (s.assignment.user.email, s.assignment.document.title)
                    for s in queue(actor=build.owner_of(article.project), project=article.project)
                ]
            )
        )
    assert cost[0] == cost[1]


def _offered(person: User, article: Document) -> list[Any]:
    """Open suggestions as lists of id, label, start, end …"""
    found: list[Any] = json.loads(sheet(actor=Actor(person), document_id=article.pk).marks.suggestions)
    return found


def test_what_was_decided_or_marked_by_hand_is_not_offered_again(article: Document) -> None:
    person = build.member(article.project)
    build.assignment(article, person)
    first = _suggest(article, 6, "v1")
    by_start = {s[2]: s[0] for s in _offered(person, article)}
    assert len(by_start) == len(first) == 6
    build.edit(
        person,
        article,
        {"id": build.new_id(), "op": "reject_suggestion", "suggestion": by_start[0]},
        {
            "id": build.new_id(),
            "op": "accept_suggestion",
            "suggestion": by_start[1],
            "span": {"id": build.new_id()},
        },
        build.add_span(article, 2, 4),
    )
    _suggest(article, 7, "v2")
    assert [s[2] for s in _offered(person, article)] == [3, 4, 5, 6]
    other = build.member(article.project)
    build.assignment(article, other)
    assert len(_offered(other, article)) == 7
