"""Edits over REST: exactly once, nothing overwritten unseen, wrong values named by their place."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from annotator.coding.assignments import submit
from annotator.coding.models import Edit, Relation, Span
from annotator.teams.access import Actor
from tests import build
from tests.api.world import World, problem, say, suggest


def send(world: World, *edits: dict[str, Any], who: str = "annotator") -> Any:
    return world.ask(who, "POST", f"documents/{world.document.pk}/edits/", {"edits": list(edits)})


def mine(world: World) -> dict[str, Any]:
    answer = world.ask("annotator", "GET", f"documents/{world.document.pk}/annotations/")
    (own,) = say(answer)["sets"]
    return own  # type: ignore[no-any-return]


def update(span: dict[str, Any], version: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": build.new_id(),
        "op": "update_span",
        "base_version": version,
        "span": {"id": span["id"], **changes},
    }


def test_the_call_of_the_contract(world: World) -> None:
    before = mine(world)
    edit = build.add_span(world.document, 0, 3, attributes={"mention": "NAM"})
    answer = send(world, edit)
    assert answer.status_code == 200
    body = say(answer)
    assert body["set"] == {"id": before["id"], "version": before["version"] + 1, "state": "ACTIVE"}
    (told,) = body["edits"]
    assert (told["id"], told["replayed"]) == (edit["id"], False)
    (span,) = told["spans"]
    assert {key: span[key] for key in edit["span"]} == edit["span"]
    assert mine(world)["spans"][0] == span


def test_the_same_again_answers_200_and_does_nothing(world: World) -> None:
    edit = build.add_span(world.document, 0, 3)
    first = say(send(world, edit))
    after = mine(world)
    again = send(world, edit)
    assert again.status_code == 200
    assert say(again)["edits"][0] == {**first["edits"][0], "replayed": True}
    assert say(again)["set"] == first["set"]
    assert mine(world) == after


def test_a_replay_is_answered_even_when_the_set_has_been_handed_in(world: World) -> None:
    edit = build.add_span(world.document, 0, 3)
    send(world, edit)
    submit(actor=Actor(world.people["annotator"]), document_id=world.document.pk)
    again = send(world, edit)
    assert again.status_code == 200
    assert say(again)["set"]["state"] == "SUBMITTED"
    refused = problem(send(world, build.add_span(world.document, 0, 3)), 409, "state")
    assert refused["state"] == "SUBMITTED"


def test_the_same_id_with_another_payload_is_refused(world: World) -> None:
    edit = build.add_span(world.document, 0, 3)
    send(world, edit)
    other = {**edit, "span": {**edit["span"], "note": "other"}}
    problem(send(world, other), 409, "id_reused")


def test_ids_of_others_are_taken_without_a_word_about_them(world: World) -> None:
    theirs = build.add_span(world.document, 4, 7)
    send(world, theirs, who="owner")
    problem(send(world, theirs), 409, "id_reused")
    mine_now = build.add_span(world.document, 0, 3)
    mine_now["span"]["id"] = theirs["span"]["id"]
    refused = problem(send(world, mine_now), 409, "id_reused")
    assert refused.keys() <= {"type", "title", "status", "code", "detail"}
    problem(send(world, update(theirs["span"], 1, note="x")), 409, "gone")


def test_a_stale_version_gets_both_versions(world: World) -> None:
    edit = build.add_span(world.document, 0, 3)
    send(world, edit)
    assert send(world, update(edit["span"], 1, note="first")).status_code == 200
    late = update(edit["span"], 1, note="second")
    refused = problem(send(world, late), 409, "stale")
    assert (refused["current"]["note"], refused["current"]["version"]) == ("first", 2)
    assert refused["yours"] == late["span"]
    assert refused["edit"] == late["id"]


def test_one_wrong_edit_stops_all(world: World) -> None:
    before = mine(world)
    wrong = build.add_span(world.document, 0, 3, label="NOBODY")
    refused = problem(send(world, build.add_span(world.document, 8, 10), wrong), 422, "invalid")
    assert list(refused["errors"]) == ["edits.1.span.label"]
    assert mine(world) == before


def test_two_hundred_at_a_time_and_no_more(world: World) -> None:
    edits = [build.add_span(world.document, 0, 3) for _ in range(201)]
    count = Span.objects.count()
    problem(send(world, *edits), 413, "too_large")
    assert Span.objects.count() == count
    assert send(world, *edits[:200]).status_code == 200
    assert Span.objects.count() == count + 200


def test_relations_and_undo(world: World) -> None:
    event = build.add_span(world.document, 0, 3, label="EVENT", attributes={"type": "CONSULT"})
    actor = build.add_span(world.document, 4, 7)
    relation = {
        "id": build.new_id(),
        "type": "ARG",
        "from": {"span": event["span"]["id"]},
        "to": {"span": actor["span"]["id"]},
        "attributes": {"role": "ACTOR"},
    }
    added = {"id": build.new_id(), "op": "add_relation", "relation": relation}
    assert send(world, event, actor, added).status_code == 200
    changed = {
        "id": build.new_id(),
        "op": "update_relation",
        "base_version": 1,
        "relation": {"id": relation["id"], "attributes": {"role": "RECIPIENT"}},
    }
    assert send(world, changed).status_code == 200
    assert mine(world)["relations"][0]["attributes"] == {"role": "RECIPIENT"}
    gone = {"id": build.new_id(), "op": "delete_span", "base_version": 1, "span": {"id": actor["span"]["id"]}}
    told = say(send(world, gone))["edits"][0]
    assert told["deleted_spans"] == [actor["span"]["id"]]
    assert told["deleted_relations"] == [relation["id"]]
    assert not Relation.objects.filter(pk=relation["id"]).exists()
    undo = {"id": build.new_id(), "op": "undo"}
    assert send(world, undo).status_code == 200
    assert Relation.objects.filter(pk=relation["id"]).exists()
    assert say(send(world, undo))["edits"][0]["replayed"]
    redo = {"id": build.new_id(), "op": "redo"}
    assert send(world, redo).status_code == 200
    problem(send(world, {"id": build.new_id(), "op": "redo"}), 409, "nothing")


WRONG: list[tuple[str, Callable[[dict[str, Any]], object], str]] = [
    ("unknown label", lambda e: e["span"].update(label="NOBODY"), "span.label"),
    ("no label", lambda e: e["span"].pop("label"), "span.label"),
    ("label of another kind", lambda e: e["span"].update(label=["ACTOR"]), "span.label"),
    ("offsets past the end", lambda e: e["span"].update(start=10_000, end=10_003), "span.end"),
    ("end past the end", lambda e: e["span"].update(end=10_003), "span.end"),
    ("negative", lambda e: e["span"].update(start=-1), "span.start"),
    ("2^31", lambda e: e["span"].update(end=2**31), "span.end"),
    ("10^18", lambda e: e["span"].update(start=10**18), "span.start"),
    ("text as offset", lambda e: e["span"].update(start="3"), "span.start"),
    ("Arabic digit as offset", lambda e: e["span"].update(start="٣"), "span.start"),
    ("fraction as offset", lambda e: e["span"].update(start=1.0), "span.start"),
    ("true as offset", lambda e: e["span"].update(start=True), "span.start"),
    ("null as offset", lambda e: e["span"].update(end=None), "span.end"),
    ("empty span", lambda e: e["span"].update(start=3, end=3), "span.end"),
    ("end before start", lambda e: e["span"].update(start=3, end=1), "span.end"),
    ("wrong quote", lambda e: e["span"].update(quote="xyz"), "span.quote"),
    ("quote of another kind", lambda e: e["span"].update(quote=3), "span.quote"),
    ("no quote", lambda e: e["span"].pop("quote"), "span.quote"),
    ("unknown attribute", lambda e: e["span"].update(attributes={"weight": 3}), "span.attributes.weight"),
    ("unknown value", lambda e: e["span"].update(attributes={"mention": "X"}), "span.attributes.mention"),
    ("attributes of another kind", lambda e: e["span"].update(attributes=[]), "span.attributes"),
    ("entity of nobody", lambda e: e["span"].update(entity=987654321), "span.entity"),
    ("entity 2^70", lambda e: e["span"].update(entity=10**18 * 9), "span.entity"),
    ("confidence", lambda e: e["span"].update(confidence=4), "span.confidence"),
    ("long note", lambda e: e["span"].update(note="a" * 4001), "span.note"),
    ("fragments", lambda e: e["span"].update(fragments=[[0, 1], [5, 9]]), "span.fragments"),
    ("span id", lambda e: e["span"].update(id="1"), "span.id"),
    ("mass assignment: version", lambda e: e["span"].update(version=7), "span.version"),
    ("mass assignment: origin", lambda e: e["span"].update(origin="ACCEPTED"), "span.origin"),
    ("mass assignment: set", lambda e: e["span"].update(set=1), "span.set"),
    ("mass assignment: author", lambda e: e.update(author=1), "author"),
    ("edit id", lambda e: e.update(id=7), "id"),
    ("no edit id", lambda e: e.pop("id"), "id"),
    ("operation", lambda e: e.update(op="drop_table"), "op"),
    ("operation of another kind", lambda e: e.update(op=["add_span"]), "op"),
    ("group", lambda e: e.update(group="x"), "group"),
    ("no span", lambda e: e.pop("span"), "span"),
    ("update without base_version", lambda e: e.update(op="update_span"), "base_version"),
    ("base_version 0", lambda e: e.update(op="delete_span", base_version=0), "base_version"),
    ("suggestion of nobody", lambda e: e.update(op="accept_suggestion", suggestion=build.new_id()), "suggestion"),
]


@pytest.mark.parametrize(("_what", "spoil", "place"), WRONG, ids=[row[0] for row in WRONG])
def test_a_wrong_value_is_named_by_its_place(
    world: World, _what: str, spoil: Callable[[dict[str, Any]], object], place: str
) -> None:
    edit = copy.deepcopy(build.add_span(world.document, 0, 3))
    spoil(edit)
    before = Edit.objects.count()
    refused = problem(send(world, edit), 422, "invalid")
    assert any(path.startswith(f"edits.0.{place}") for path in refused["errors"]), refused["errors"]
    assert all(isinstance(why, str) for reasons in refused["errors"].values() for why in reasons)
    assert Edit.objects.count() == before


@pytest.mark.parametrize(
    "body", [[], {}, {"edits": {}}, {"edits": "x"}, {"edits": [1]}, {"edits": [[]]}, {"edits": []}, 3]
)
def test_a_body_of_another_shape_is_refused(world: World, body: Any) -> None:
    problem(world.ask("annotator", "POST", f"documents/{world.document.pk}/edits/", body), 422, "invalid")


def test_spans_of_another_document_cannot_be_joined(world: World) -> None:
    elsewhere = build.document(world.project)
    foreign = build.add_span(elsewhere, 0, 3)
    build.edit(world.people["owner"], elsewhere, foreign)
    near = build.add_span(world.document, 0, 3, label="EVENT", attributes={"type": "CONSULT"})
    relation = {
        "id": build.new_id(),
        "type": "ARG",
        "from": {"span": near["span"]["id"]},
        "to": {"span": foreign["span"]["id"]},
        "attributes": {"role": "ACTOR"},
    }
    refused = send(world, near, {"id": build.new_id(), "op": "add_relation", "relation": relation}, who="owner")
    assert list(problem(refused, 422, "invalid")["errors"]) == ["edits.1.relation.to.span"]


def test_nobody_touches_the_set_of_another(world: World) -> None:
    theirs = Span.objects.filter(set__author=world.people["colleague"]).first()
    assert theirs is not None
    problem(send(world, update({"id": str(theirs.pk)}, 1, note="x"), who="owner"), 409, "gone")
    theirs.refresh_from_db()
    assert theirs.note == ""


# -- suggestions


def test_accepting_keeps_the_provenance_and_a_repetition_does_nothing(world: World) -> None:
    suggestion = world.ids["suggestion"]
    edit = build.new_id()
    first = world.ask("annotator", "POST", f"suggestions/{suggestion}/accept/", {"edit": edit})
    (span,) = say(first)["edits"][0]["spans"]
    assert (span["origin"], span["suggestion"], span["tagger"], span["score"]) == (
        "ACCEPTED", suggestion, "gazetteer", 0.9,
    )  # fmt: skip
    again = world.ask("annotator", "POST", f"suggestions/{suggestion}/accept/", {"edit": edit})
    assert say(again)["edits"][0] == {**say(first)["edits"][0], "replayed": True}
    problem(world.ask("annotator", "POST", f"suggestions/{suggestion}/accept/", {}), 409, "decided")
    problem(world.ask("annotator", "POST", f"suggestions/{suggestion}/reject/", {}), 409, "decided")
    assert world.ask("owner", "POST", f"suggestions/{suggestion}/reject/", {}).status_code == 200


def test_accepting_with_a_correction(world: World) -> None:
    body = {"span": {"label": "PLACE", "note": "a city"}}
    answer = world.ask("annotator", "POST", f"suggestions/{world.ids['suggestion']}/accept/", body)
    (span,) = say(answer)["edits"][0]["spans"]
    assert (span["origin"], span["label"], span["note"]) == ("CORRECTED", "PLACE", "a city")


def test_a_wrong_correction_is_named(world: World) -> None:
    body = {"span": {"label": "NOBODY", "version": 3}}
    answer = world.ask("annotator", "POST", f"suggestions/{world.ids['suggestion']}/accept/", body)
    assert "edits.0.span.version" in problem(answer, 422, "invalid")["errors"]


def test_many_suggestions_are_decided_in_one_act(world: World) -> None:
    ids = [suggest(world.document, i, i + 5) for i in range(6)]
    body = {"accept": ids[:3], "reject": ids[3:], "group": build.new_id()}
    url = f"documents/{world.document.pk}/suggestions/"
    first = say(world.ask("annotator", "POST", url, body))
    assert [e["decisions"][0]["status"] for e in first["edits"]] == ["ACCEPTED"] * 3 + ["REJECTED"] * 3
    again = say(world.ask("annotator", "POST", url, body))
    assert all(e["replayed"] for e in again["edits"])
    problem(world.ask("annotator", "POST", url, {"accept": ids}), 409, "decided")
    undone = say(send(world, {"id": build.new_id(), "op": "undo"}))["edits"][0]
    assert len(undone["deleted_spans"]) == 3
    assert {d["status"] for d in undone["decisions"]} == {"OPEN"}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, "invalid"),
        ({"accept": "x"}, 422, "invalid"),
        ({"accept": ["x"]}, 422, "invalid"),
        ({"accept": [build.new_id()]}, 422, "invalid"),
        ({"accept": [build.new_id()] * 201}, 413, "too_large"),
    ],
)
def test_wrong_decisions(world: World, body: Any, status: int, code: str) -> None:
    problem(world.ask("annotator", "POST", f"documents/{world.document.pk}/suggestions/", body), status, code)


def test_sets_are_told_to_those_who_may_see_them(world: World) -> None:
    url = f"documents/{world.document.pk}/annotations/?set="

    def origins(who: str, which: str) -> list[tuple[str, str | None]]:
        return [(s["origin"], s["author"]) for s in say(world.ask(who, "GET", url + which))["sets"]]

    own, colleague = world.people["annotator"].email, world.people["colleague"].email
    assert origins("annotator", "mine") == [("HUMAN", own)]
    assert origins("annotator", "suggestions") == [("MODEL", None)]
    assert origins("annotator", "all") == [("HUMAN", own), ("MODEL", None)]
    assert ("HUMAN", colleague) in origins("reviewer", "all")
    assert ("HUMAN", own) not in origins("reviewer", "all")  # a draft
    assert origins("viewer", "gold") == []
    world.ask("owner", "POST", f"documents/{world.document.pk}/accept/", {})
    assert origins("viewer", "gold") == [("GOLD", colleague)]
    assert origins("annotator", "gold") == []  # blind
    problem(world.ask("owner", "GET", url + "drafts"), 400, "query")
