"""The order in which marks were made."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotator.coding.made import order_of_making
from annotator.errors import Missing
from annotator.teams.access import Actor
from tests import build

pytestmark = pytest.mark.django_db


def test_the_first_made_comes_first_through_changes_undo_and_redo() -> None:
    of = build.project()
    person, other = build.member(of), build.member(of)
    document = build.document(of)
    for one in (person, other):
        build.assignment(document, one)
    late, early = build.add_span(document, 20, 25), build.add_span(document, 4, 8)
    build.edit(person, document, late)
    build.edit(person, document, early)
    build.edit(other, document, build.add_span(document, 0, 3))
    ids = [late["span"]["id"], early["span"]["id"]]
    change = {"id": ids[0], "note": "later"}
    build.edit(person, document, {"id": build.new_id(), "op": "update_span", "base_version": 1, "span": change})
    assert order_of_making(actor=Actor(person), document_id=document.pk) == ids
    gone = {"id": build.new_id(), "op": "delete_span", "base_version": 1, "span": {"id": ids[1]}}
    build.edit(person, document, gone)
    assert order_of_making(actor=Actor(person), document_id=document.pk) == ids[:1]
    build.edit(person, document, {"id": build.new_id(), "op": "undo"})
    assert order_of_making(actor=Actor(person), document_id=document.pk) == ids


def test_many_marks_cost_no_more_questions(django_assert_num_queries: Any) -> None:
    of = build.project()
    person = build.member(of)
    document = build.document(of)
    build.assignment(document, person)
    build.edit(person, document, *[build.add_span(document, i, i + 2) for i in range(10)])
    with CaptureQueriesContext(connection) as asked:
        assert len(order_of_making(actor=Actor(person), document_id=document.pk)) == 10
    build.edit(person, document, *[build.add_span(document, i, i + 3) for i in range(10)])
    with django_assert_num_queries(len(asked)):
        assert len(order_of_making(actor=Actor(person), document_id=document.pk)) == 20


def test_who_has_marked_nothing_has_no_order_and_strangers_have_no_document() -> None:
    of = build.project()
    document = build.document(of)
    assert order_of_making(actor=build.owner_of(of), document_id=document.pk) == []
    with pytest.raises(Missing):
        order_of_making(actor=build.actor(), document_id=document.pk)
