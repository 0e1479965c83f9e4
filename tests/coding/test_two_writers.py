"""Two tabs and twenty repetitions at the same moment, on real connections."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from annotator.coding.models import AnnotationSet, Edit, Span
from annotator.corpus.models import Document
from annotator.errors import Conflict
from annotator.teams.models import User
from tests import build

pytestmark = pytest.mark.django_db(transaction=True)


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


def test_twenty_repetitions_at_once_make_one_span() -> None:
    article = build.document(build.project())
    person = build.owner_of(article.project).user
    once = build.add_span(article, 0, 3)
    results = _at_once(person, article, [once] * 20)
    assert results == ["done"] + ["replayed"] * 19
    assert Span.objects.count() == Edit.objects.count() == AnnotationSet.objects.filter(origin="HUMAN").count() == 1


def test_of_ten_writers_with_the_same_version_one_wins() -> None:
    article = build.document(build.project())
    person = build.owner_of(article.project).user
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


def test_ten_tabs_adding_spans_number_their_edits_without_a_gap() -> None:
    article = build.document(build.project())
    person = build.owner_of(article.project).user
    _at_once(person, article, [build.add_span(article, i, i + 1) for i in range(10)])
    assert sorted(Edit.objects.values_list("seq", flat=True)) == list(range(1, 11))
    assert Span.objects.count() == 10
