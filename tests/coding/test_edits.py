"""Edits: exactly once, all or nothing, nothing overwritten unseen, everything undone."""

from __future__ import annotations

from typing import Any

import pytest

from analysis import types
from annotator.coding.models import Edit, Relation, Span, SuggestionDecision
from annotator.coding.payload import read_edits
from annotator.coding.suggestions import store
from annotator.corpus.models import Document
from annotator.errors import Conflict, DomainError, Invalid, Missing, TooLarge
from annotator.teams.models import Role, User
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def article() -> Document:
    return build.document(build.project())


@pytest.fixture
def amal(article: Document) -> User:
    person = build.member(article.project)
    build.assignment(article, person)
    return person


def test_a_span_is_stored_with_its_edit(article: Document, amal: User) -> None:
    answer = build.edit(amal, article, build.add_span(article, 11, 18))
    span = Span.objects.get()
    assert (span.start, span.end, span.quote) == (11, 18, article.text[11:18])
    assert answer["edits"][0]["spans"][0]["version"] == 1
    assert answer["set"]["state"] == "ACTIVE"
    assert Edit.objects.get().after["spans"][0]["id"] == str(span.pk)


def test_the_same_edit_again_answers_the_same_and_does_nothing(article: Document, amal: User) -> None:
    once = build.add_span(article, 0, 3)
    first = build.edit(amal, article, once)
    again = build.edit(amal, article, once)
    assert again["edits"][0].pop("replayed") is True
    assert first["edits"][0].pop("replayed") is False
    assert again["edits"] == first["edits"]
    assert Span.objects.count() == Edit.objects.count() == 1


def test_the_same_id_with_another_payload_is_refused(article: Document, amal: User) -> None:
    once = build.add_span(article, 0, 3)
    build.edit(amal, article, once)
    other = {**build.add_span(article, 4, 7), "id": once["id"]}
    with pytest.raises(Conflict) as refusal:
        build.edit(amal, article, other)
    assert refusal.value.code == "id_reused"


def test_a_span_id_of_somebody_else_is_refused_without_a_word_about_it(article: Document, amal: User) -> None:
    bader = build.member(article.project)
    build.assignment(article, bader)
    mine = build.add_span(article, 0, 3, note="secret")
    build.edit(amal, article, mine)
    theirs = build.add_span(article, 4, 7)
    theirs["span"]["id"] = mine["span"]["id"]
    with pytest.raises(Conflict) as refusal:
        build.edit(bader, article, theirs)
    assert refusal.value.code == "id_reused"
    assert "secret" not in str(refusal.value.extra)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"quote": "خطأ"}, "quote"),
        ({"end": 100_000}, "end"),
        ({"start": 9, "end": 9}, "end"),
        ({"start": -1}, "start"),
        ({"start": "3"}, "start"),
        ({"end": True}, "end"),
        ({"label": "NOBODY"}, "label"),
        ({"attributes": {"type": "AID"}}, "attributes.type"),
        ({"attributes": {"mention": "XXX"}}, "attributes.mention"),
        ({"entity": 999_999}, "entity"),
        ({"note": "a\0b"}, "note"),
        ({"role": "x"}, "role"),
    ],
)
def test_a_bad_span_names_its_field_and_leaves_nothing(
    article: Document, amal: User, change: dict[str, Any], field: str
) -> None:
    good = build.add_span(article, 0, 3)
    bad = build.add_span(article, 4, 7)
    bad["span"].update(change)
    with pytest.raises(Invalid) as refusal:
        build.edit(amal, article, good, bad)
    assert f"edits.1.span.{field}" in refusal.value.errors
    assert not Span.objects.exists()


def test_a_stale_version_gets_both_versions(article: Document, amal: User) -> None:
    added = build.add_span(article, 0, 3)
    build.edit(amal, article, added)
    span_id = added["span"]["id"]
    build.edit(amal, article, _update(span_id, 1, note="first"))
    with pytest.raises(Conflict) as refusal:
        build.edit(amal, article, _update(span_id, 1, note="second"))
    assert refusal.value.code == "stale"
    assert refusal.value.extra["current"]["note"] == "first"
    assert refusal.value.extra["yours"]["note"] == "second"


def _update(span_id: str, base: int, **fields: Any) -> dict[str, Any]:
    return {"id": build.new_id(), "op": "update_span", "base_version": base, "span": {"id": span_id, **fields}}


def _undo(op: str = "undo") -> dict[str, Any]:
    return {"id": build.new_id(), "op": op}


def test_undo_and_redo_bring_back_what_was(article: Document, amal: User) -> None:
    added = build.add_span(article, 0, 3)
    build.edit(amal, article, added)
    build.edit(amal, article, _update(added["span"]["id"], 1, note="seen"))
    undone = build.edit(amal, article, _undo())
    assert undone["edits"][0]["spans"][0]["note"] == ""
    assert undone["edits"][0]["spans"][0]["version"] == 3
    build.edit(amal, article, _undo())
    assert not Span.objects.exists()
    build.edit(amal, article, _undo("redo"))
    build.edit(amal, article, _undo("redo"))
    assert Span.objects.get().note == "seen"
    with pytest.raises(Conflict) as nothing:
        build.edit(amal, article, _undo("redo"))
    assert nothing.value.code == "nothing"


def test_deleting_a_span_takes_its_relations_along_and_undo_returns_both(article: Document, amal: User) -> None:
    event = build.add_span(article, 0, 3, "EVENT", attributes={"type": "CONSULT"})
    who = build.add_span(article, 4, 7)
    link = {
        "id": build.new_id(),
        "op": "add_relation",
        "relation": {
            "id": build.new_id(),
            "type": "ARG",
            "from": {"span": event["span"]["id"]},
            "to": {"span": who["span"]["id"]},
            "attributes": {"role": "ACTOR"},
        },
    }
    build.edit(amal, article, event, who, link)
    gone = {"id": build.new_id(), "op": "delete_span", "base_version": 1, "span": {"id": who["span"]["id"]}}
    answer = build.edit(amal, article, gone)
    assert answer["edits"][0]["deleted_relations"] == [link["relation"]["id"]]
    assert not Relation.objects.exists()
    build.edit(amal, article, _undo())
    assert Relation.objects.get().target_span_id == Span.objects.get(start=4).pk


def test_a_relation_needs_allowed_ends(article: Document, amal: User) -> None:
    who, whom = build.add_span(article, 4, 7), build.add_span(article, 8, 10)
    link = {
        "id": build.new_id(),
        "op": "add_relation",
        "relation": {
            "id": build.new_id(),
            "type": "ARG",
            "from": {"span": who["span"]["id"]},
            "to": {"span": whom["span"]["id"]},
        },
    }
    with pytest.raises(Invalid) as refusal:
        build.edit(amal, article, who, whom, link)
    assert "edits.2.relation.from" in refusal.value.errors


def test_changing_a_label_must_leave_its_relations_possible(article: Document, amal: User) -> None:
    event = build.add_span(article, 0, 3, "EVENT", attributes={"type": "CONSULT"})
    who = build.add_span(article, 4, 7)
    relation = {
        "id": build.new_id(),
        "type": "ARG",
        "from": {"span": event["span"]["id"]},
        "to": {"span": who["span"]["id"]},
    }
    build.edit(amal, article, event, who, {"id": build.new_id(), "op": "add_relation", "relation": relation})
    with pytest.raises(Invalid):
        build.edit(amal, article, _update(event["span"]["id"], 1, label="PLACE", attributes={}))


def test_a_group_is_undone_as_one_act(article: Document, amal: User) -> None:
    group = build.new_id()
    edits = [{**build.add_span(article, i, i + 1), "group": group} for i in (0, 1, 2)]
    build.edit(amal, article, *edits)
    build.edit(amal, article, _undo())
    assert not Span.objects.exists()


def test_nobody_without_an_assignment_writes(article: Document) -> None:
    annotator, reviewer = build.member(article.project), build.member(article.project, Role.REVIEWER)
    viewer, outsider = build.member(article.project, Role.VIEWER), build.user()
    expected: list[tuple[User, type[DomainError]]] = [
        (annotator, Missing),
        (reviewer, Conflict),
        (outsider, Missing),
    ]
    for person, refusal in expected:
        with pytest.raises(refusal):
            build.edit(person, article, build.add_span(article, 0, 3))
    with pytest.raises(DomainError) as forbidden:
        build.edit(viewer, article, build.add_span(article, 0, 3))
    assert forbidden.value.status == 403
    assert not Span.objects.exists()


def test_the_database_refuses_to_change_text_and_history(article: Document, amal: User) -> None:
    from django.db import DatabaseError, transaction

    build.edit(amal, article, build.add_span(article, 0, 3))
    with pytest.raises(DatabaseError), transaction.atomic():
        Document.objects.filter(pk=article.pk).update(text="anders")
    with pytest.raises(DatabaseError), transaction.atomic():
        Edit.objects.update(verb="nothing")
    with pytest.raises(DatabaseError), transaction.atomic():
        Edit.objects.all()._raw_delete("default")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (None, "edits"),
        ({}, "edits"),
        ({"edits": []}, "edits"),
        ({"edits": {}}, "edits"),
        ({"edits": "x"}, "edits"),
        ({"edits": [{}]}, "edits.0.op"),
        ({"edits": [None]}, "edits.0"),
        ({"edits": [[]]}, "edits.0"),
        ({"edits": [{"op": "undo"}]}, "edits.0.id"),
        ({"edits": [{"op": "undo", "id": "1"}]}, "edits.0.id"),
        ({"edits": [{"op": ["undo"], "id": "1"}]}, "edits.0.op"),
        ({"edits": [{"op": "undo", "id": build.new_id(), "span": {}}]}, "edits.0.span"),
        ({"edits": [{"op": "undo", "id": build.new_id(), "group": 1}]}, "edits.0.group"),
        (
            {"edits": [{"op": "delete_span", "id": build.new_id(), "span": {"id": build.new_id()}}]},
            "edits.0.base_version",
        ),
        ({"edits": [{"op": "add_relation", "id": build.new_id()}]}, "edits.0.relation"),
        ({"edits": [], "more": 1}, "body.more"),
    ],
)
def test_a_body_that_is_no_list_of_edits_names_the_place(body: Any, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_edits(body)
    assert field in refusal.value.errors


def test_the_same_edit_twice_in_one_request_is_refused_and_so_are_too_many(article: Document) -> None:
    once = build.add_span(article, 0, 3)
    with pytest.raises(Invalid) as refusal:
        read_edits({"edits": [once, once]})
    assert "edits.1.id" in refusal.value.errors
    with pytest.raises(TooLarge):
        read_edits({"edits": [build.add_span(article, 0, 3)] * 201})


def test_strange_letters_in_a_payload_are_refused_not_fatal(article: Document, amal: User) -> None:
    for text in ("\ud800", "a\0"):
        for change in ({"note": text}, {"quote": text}, {"attributes": {"mention": text}}):
            edit = build.add_span(article, 0, 3)
            edit["span"] |= change
            with pytest.raises(Invalid):
                build.edit(amal, article, edit)
    assert not Edit.objects.exists()


def test_a_group_that_comes_again_later_is_another_act(article: Document, amal: User) -> None:
    group = build.new_id()
    first, between, later = (build.add_span(article, i, i + 1) for i in (0, 1, 2))
    build.edit(amal, article, {**first, "group": group}, between, {**later, "group": group})
    seen = []
    for op in ("undo", "undo", "undo", "redo", "redo", "redo"):
        build.edit(amal, article, _undo(op))
        seen.append(sorted(Span.objects.values_list("start", flat=True)))
    assert seen == [[0, 1], [0], [], [0], [0, 1], [0, 1, 2]]


def test_a_new_edit_cuts_the_redo_even_when_it_belongs_to_the_last_group(article: Document, amal: User) -> None:
    group = build.new_id()
    build.edit(amal, article, {**build.add_span(article, 0, 1), "group": group})
    build.edit(amal, article, build.add_span(article, 1, 2))
    build.edit(amal, article, _undo())
    build.edit(amal, article, {**build.add_span(article, 2, 3), "group": group})
    with pytest.raises(Conflict) as nothing:
        build.edit(amal, article, _undo("redo"))
    assert nothing.value.code == "nothing"
    build.edit(amal, article, _undo())
    assert [s.start for s in Span.objects.all()] == [0]


def test_a_version_is_never_given_twice(article: Document, amal: User) -> None:
    """A tab that slept through undo and redo must not overwrite what it has not seen."""
    added = build.add_span(article, 0, 3)
    build.edit(amal, article, added)
    build.edit(amal, article, _update(added["span"]["id"], 1, note="seen by the sleeping tab"))
    for op in ("undo", "undo", "redo"):
        build.edit(amal, article, _undo(op))
    assert Span.objects.get().note == ""
    with pytest.raises(Conflict) as stale:
        build.edit(amal, article, _update(added["span"]["id"], 2, note="from the sleeping tab"))
    assert stale.value.code == "stale"


def _offered(article: Document, label: str = "ACTOR", **more: Any) -> str:
    spans = [types.Span("", label, 4, 7, article.text[4:7], score=0.8, reason={"rule": "test"}, **more)]
    store(project_id=article.project_id, document_id=article.pk, tagger="t", version="1", spans=spans, entities={})
    return str(Span.objects.filter(set__origin="MODEL").values_list("pk", flat=True).first() or "")


@pytest.mark.parametrize(
    ("change", "status"), [({}, "ACCEPTED"), ({"note": "x"}, "ACCEPTED"), ({"label": "PLACE"}, "CORRECTED")]
)
def test_a_suggestion_is_copied_with_where_it_came_from_and_undo_opens_it_again(
    article: Document, amal: User, change: dict[str, Any], status: str
) -> None:
    suggestion = _offered(article)
    take = {
        "id": build.new_id(),
        "op": "accept_suggestion",
        "suggestion": suggestion,
        "span": {"id": build.new_id(), **change},
    }
    answer = build.edit(amal, article, take)["edits"][0]
    span = Span.objects.get(pk=take["span"]["id"])
    assert (span.origin, span.tagger, span.tagger_version, span.score) == (status, "t", "1", 0.8)
    assert str(span.suggestion_id) == suggestion
    assert answer["decisions"] == [{"suggestion": suggestion, "status": status}]
    with pytest.raises(Conflict) as decided:
        build.edit(amal, article, {"id": build.new_id(), "op": "reject_suggestion", "suggestion": suggestion})
    assert decided.value.code == "decided"
    undone = build.edit(amal, article, _undo())["edits"][0]
    assert undone["decisions"] == [{"suggestion": suggestion, "status": "OPEN"}]
    assert undone["deleted_spans"] == [take["span"]["id"]]
    build.edit(amal, article, _undo("redo"))
    assert SuggestionDecision.objects.get().status == status
    assert Span.objects.filter(set__origin="MODEL").count() == 1


def test_a_suggestion_on_another_document_is_none(article: Document, amal: User) -> None:
    suggestion = _offered(build.document(article.project))
    with pytest.raises(Invalid) as refusal:
        build.edit(amal, article, {"id": build.new_id(), "op": "reject_suggestion", "suggestion": suggestion})
    assert "edits.0.suggestion" in refusal.value.errors


def test_what_the_codebook_cannot_hold_is_not_offered(article: Document) -> None:
    assert _offered(article, "UNICORN") == ""
    assert _offered(article, "EVENT", attributes={"type": "NO SUCH TYPE"})
    assert Span.objects.get().attributes == {}
