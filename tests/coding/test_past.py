"""The history of marks: what they were, what was removed, and bringing it back as an act that can be undone."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotator.coding.assignments import submit
from annotator.coding.models import AnnotationSet, Edit, Relation, Span
from annotator.coding.past import history_of, log_of, own_set, removed
from annotator.coding.wire import span_data
from annotator.corpus.models import Document
from annotator.errors import Conflict, Invalid, Missing
from annotator.teams.access import Actor
from annotator.teams.models import User
from tests import build
from tests.coding.test_history import TEXT, check

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> tuple[Document, User]:
    article = build.document(build.project(), TEXT)
    return article, build.owner_of(article.project).user


def do(desk: tuple[Document, User], op: str, **fields: Any) -> dict[str, Any]:
    """One edit; the answer to it."""
    article, person = desk
    edit = {"id": build.new_id(), "op": op, **fields}
    answered: dict[str, Any] = build.edit(person, article, edit)["edits"][0]
    check(article, person)
    return answered


def add(desk: tuple[Document, User], start: int, end: int, label: str = "ACTOR") -> dict[str, Any]:
    attributes = {"type": "CONSULT"} if label == "EVENT" else {}
    span = build.add_span(desk[0], start, end, label, attributes=attributes)["span"]
    return do(desk, "add_span", span=span)


def mine(desk: tuple[Document, User]) -> AnnotationSet:
    found = own_set(actor=Actor(desk[1]), document=desk[0])
    assert found is not None
    return found


def content(span: Span) -> dict[str, Any]:
    return {key: value for key, value in span_data(span).items() if key != "version"}


def test_a_mark_is_brought_back_as_it_was_after_an_edit(desk: tuple[Document, User]) -> None:
    first = add(desk, 2, 7)
    span_id = first["spans"][0]["id"]
    as_first = content(Span.objects.get(pk=span_id))
    do(desk, "update_span", base_version=1, span={"id": span_id, "label": "PLACE", "note": "a city"})
    answered = do(desk, "restore_span", base_version=2, span={"id": span_id}, as_of=first["id"])
    span = Span.objects.get(pk=span_id)
    assert content(span) == as_first
    assert (answered["spans"][0]["version"], answered["deleted_spans"]) == (span.version, [])
    do(desk, "undo")
    assert Span.objects.get(pk=span_id).label == "PLACE"
    do(desk, "redo")
    assert content(Span.objects.get(pk=span_id)) == as_first


def test_what_was_removed_comes_back_with_its_links(desk: tuple[Document, User]) -> None:
    event, other = add(desk, 2, 7, "EVENT"), add(desk, 8, 15, "EVENT")
    ids = [answered["spans"][0]["id"] for answered in (event, other)]
    link = {"id": build.new_id(), "type": "SUBEVENT_OF", "from": {"span": ids[0]}, "to": {"span": ids[1]}}
    do(desk, "add_relation", relation=link)
    do(desk, "delete_span", base_version=1, span={"id": ids[0]})
    [gone] = removed(mine(desk))
    assert (gone.span["id"], str(gone.edit_id)) == (ids[0], event["id"])
    answered = do(desk, "restore_span", span={"id": ids[0]}, as_of=str(gone.edit_id))
    assert [r["id"] for r in answered["relations"]] == [link["id"]]
    assert Relation.objects.get().source_span_id == uuid.UUID(ids[0])
    assert removed(mine(desk)) == []
    do(desk, "undo")
    assert not Relation.objects.exists()
    assert [r.span["id"] for r in removed(mine(desk))] == [ids[0]]


def test_a_link_whose_other_end_is_gone_stays_away(desk: tuple[Document, User]) -> None:
    event, other = add(desk, 2, 7, "EVENT"), add(desk, 8, 15, "EVENT")
    ids = [answered["spans"][0]["id"] for answered in (event, other)]
    link = {"id": build.new_id(), "type": "SUBEVENT_OF", "from": {"span": ids[0]}, "to": {"span": ids[1]}}
    do(desk, "add_relation", relation=link)
    for span_id in ids:
        do(desk, "delete_span", base_version=1, span={"id": span_id})
    assert [r.span["id"] for r in removed(mine(desk))] == ids[::-1]
    do(desk, "restore_span", span={"id": ids[0]}, as_of=event["id"])
    assert not Relation.objects.exists()
    do(desk, "restore_span", span={"id": ids[1]}, as_of=other["id"])
    assert (Span.objects.count(), Relation.objects.count()) == (2, 0)


def test_bringing_back_overwrites_nothing_unseen(desk: tuple[Document, User]) -> None:
    first = add(desk, 2, 7)
    span_id = first["spans"][0]["id"]
    do(desk, "update_span", base_version=1, span={"id": span_id, "note": "x"})
    for wrong in ({}, {"base_version": 1}):
        with pytest.raises(Conflict) as refused:
            do(desk, "restore_span", span={"id": span_id}, as_of=first["id"], **wrong)
        assert refused.value.code == "stale"
    do(desk, "delete_span", base_version=2, span={"id": span_id})
    with pytest.raises(Conflict) as refused:
        do(desk, "restore_span", span={"id": span_id}, as_of=first["id"], base_version=2)
    assert refused.value.code == "gone"


def test_a_label_that_its_links_do_not_allow_is_refused(desk: tuple[Document, User]) -> None:
    first = add(desk, 2, 7)
    span_id, other = first["spans"][0]["id"], add(desk, 8, 15, "EVENT")["spans"][0]["id"]
    change = {"id": span_id, "label": "EVENT", "attributes": {"type": "CONSULT"}}
    do(desk, "update_span", base_version=1, span=change)
    link = {"id": build.new_id(), "type": "SUBEVENT_OF", "from": {"span": span_id}, "to": {"span": other}}
    do(desk, "add_relation", relation=link)
    with pytest.raises(Invalid):
        do(desk, "restore_span", base_version=2, span={"id": span_id}, as_of=first["id"])


def test_a_repetition_does_nothing(desk: tuple[Document, User]) -> None:
    article, person = desk
    first = add(desk, 2, 7)
    span = {"id": first["spans"][0]["id"]}
    do(desk, "delete_span", base_version=1, span=span)
    edit = {"id": build.new_id(), "op": "restore_span", "span": span, "as_of": first["id"]}
    one, two = (build.edit(person, article, edit)["edits"][0] for _n in range(2))
    assert (one["replayed"], two) == (False, {**one, "replayed": True})
    assert Edit.objects.count() == 3


def test_there_is_nothing_to_bring_back_from_others_or_from_nowhere(desk: tuple[Document, User]) -> None:
    article, person = desk
    first = add(desk, 2, 7)
    span = {"id": first["spans"][0]["id"]}
    do(desk, "delete_span", base_version=1, span=span)
    for wrong in ({"as_of": build.new_id()}, {"span": {"id": build.new_id()}}):
        with pytest.raises(Invalid) as refused:
            do(desk, "restore_span", **{"span": span, "as_of": first["id"], **wrong})
        assert list(refused.value.errors) == ["edits.0.as_of"]
    colleague = build.member(article.project)
    build.assignment(article, colleague)
    with pytest.raises(Invalid):
        build.edit(colleague, article, {"id": build.new_id(), "op": "restore_span", "span": span, "as_of": first["id"]})
    with pytest.raises(Missing):
        build.edit(
            build.user(), article, {"id": build.new_id(), "op": "restore_span", "span": span, "as_of": first["id"]}
        )
    for bad in ({"as_of": 5}, {}, {"as_of": first["id"], "base_version": "1"}):
        with pytest.raises(Invalid):
            do(desk, "restore_span", span=span, **bad)
    submit(actor=Actor(person), document_id=article.pk)
    with pytest.raises(Conflict):
        do(desk, "restore_span", span=span, as_of=first["id"])


def test_the_history_of_a_mark_has_its_links_too_and_no_other_marks(desk: tuple[Document, User]) -> None:
    event, other = add(desk, 2, 7, "EVENT"), add(desk, 8, 15, "EVENT")
    ids = [answered["spans"][0]["id"] for answered in (event, other)]
    link = {"id": build.new_id(), "type": "SUBEVENT_OF", "from": {"span": ids[0]}, "to": {"span": ids[1]}}
    do(desk, "add_relation", relation=link)
    do(desk, "update_span", base_version=1, span={"id": ids[1], "note": "x"})
    do(desk, "delete_span", base_version=1, span={"id": ids[0]})
    shown = [e.verb for e in history_of(mine(desk), uuid.UUID(ids[0]))]
    assert shown == ["delete_span", "add_relation", "add_span"]
    assert [e.verb for e in history_of(mine(desk), uuid.UUID(ids[1]))] == [
        "delete_span", "update_span", "add_relation", "add_span"
    ]  # fmt: skip
    assert history_of(mine(desk), uuid.uuid4()) == []
    assert [e.seq for e in log_of(mine(desk))] == [5, 4, 3, 2, 1]


def test_nobody_has_a_past_on_a_document_they_did_not_code(desk: tuple[Document, User]) -> None:
    add(desk, 2, 7)
    assert own_set(actor=Actor(build.member(desk[0].project)), document=desk[0]) is None


def test_the_bin_costs_one_query(desk: tuple[Document, User]) -> None:
    for n in range(12):
        answered = add(desk, n, n + 2)
        do(desk, "delete_span", base_version=1, span={"id": answered["spans"][0]["id"]})
    found = mine(desk)
    with CaptureQueriesContext(connection) as queries:
        assert [r.span["start"] for r in removed(found)] == list(range(11, -1, -1))
    assert len(queries) == 1


def test_three_hundred_acts_are_undone_and_redone(desk: tuple[Document, User]) -> None:
    """Undo has no end; what was grouped goes as one."""
    article, person = desk
    edits, group = [], build.new_id()
    for n in range(310):
        edit = build.add_span(article, n % 60, n % 60 + 3, "PLACE")
        edits.append({**edit, "group": group} if n < 10 else edit)
    for at in range(0, 310, 155):
        build.edit(person, article, *edits[at : at + 155])
    turns = [[{"id": build.new_id(), "op": op} for _n in range(301)] for op in ("undo", "redo")]
    for steps, left in ((turns[0], 0), (turns[1], 310)):
        for at in range(0, 301, 43):
            build.edit(person, article, *steps[at : at + 43])
        assert Span.objects.filter(set__document=article).count() == left
        with pytest.raises(Conflict) as refused:
            build.edit(person, article, {"id": build.new_id(), "op": steps[0]["op"]})
        assert refused.value.code == "nothing"
    check(article, person)
