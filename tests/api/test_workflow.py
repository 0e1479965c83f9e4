"""Assigning, handing in, reviewing; members, actors, projects: the wrong state, twice, and what is refused."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from analysis.events.codebook import political_codebook
from annotator.coding.models import AnnotationSet, Assignment, Span
from annotator.corpus.models import CodebookVersion
from annotator.registry.services import add_entity
from annotator.teams.access import Actor
from annotator.teams.models import Membership, Project, Role
from tests import build
from tests.api.world import World, name, problem, say


def post(world: World, who: str, path: str, body: Any = None) -> Any:
    return world.ask(who, "POST", path, {} if body is None else body)


# -- assignments


def test_a_document_is_given_once(world: World) -> None:
    path = f"projects/{world.project.pk}/assignments/"
    body = {
        "document": world.fresh.pk,
        "user": world.people["annotator"].email.upper(),
        "due_at": "2027-01-01T00:00:00Z",
    }
    made = say(post(world, "owner", path, body))
    assert (made["document"], made["user"]) == (world.fresh.pk, world.people["annotator"].email)
    assert (made["state"], made["due_at"]) == ("OPEN", "2027-01-01T00:00:00Z")
    assert world.ask("annotator", "GET", f"documents/{world.fresh.pk}/").status_code == 200
    problem(post(world, "owner", path, body), 409, "state")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"document": 987654321}, "document"),
        ({"document": "1"}, "document"),
        ({"document": True}, "document"),
        ({"document": 2**63}, "document"),
        ({"user": "nobody@example.org"}, "user"),
        ({"user": 3}, "user"),
        ({"due_at": "soon"}, "due_at"),
        ({"state": "ACCEPTED"}, "state"),
        ({"assigned_by": 1}, "assigned_by"),
    ],
    ids=str,
)
def test_a_wrong_assignment_is_refused(world: World, change: dict[str, Any], field: str) -> None:
    body = {"document": world.fresh.pk, "user": world.people["annotator"].email, **change}
    refused = problem(post(world, "owner", f"projects/{world.project.pk}/assignments/", body), 422, "invalid")
    assert list(refused["errors"]) == [field]


def test_a_document_of_another_project_is_as_one_that_does_not_exist(world: World) -> None:
    path = f"projects/{world.project.pk}/assignments/"
    body = {"user": world.people["annotator"].email}
    foreign = post(world, "owner", path, {**body, "document": build.document(world.elsewhere).pk})
    nothing = post(world, "owner", path, {**body, "document": 987654321})
    assert foreign.content == nothing.content
    viewer = {"document": world.fresh.pk, "user": world.people["viewer"].email}
    assert list(problem(post(world, "owner", path, viewer), 422, "invalid")["errors"]) == ["user"]


def test_people_see_their_own_assignments_and_reviewers_all(world: World) -> None:
    path = f"projects/{world.project.pk}/assignments/"
    own = {row["user"] for row in say(world.ask("annotator", "GET", path))["results"]}
    every = {row["user"] for row in say(world.ask("reviewer", "GET", path))["results"]}
    assert own == {world.people["annotator"].email}
    assert every == {world.people["annotator"].email, world.people["colleague"].email}
    assert say(world.ask("viewer", "GET", path))["results"] == []


# -- handing in and reviewing


def test_handing_in_twice_and_taking_back_twice(world: World) -> None:
    path = f"documents/{world.document.pk}/"
    made = say(post(world, "annotator", f"{path}submit/"))
    assert (made["number"], made["state"], made["user"]) == (1, "SUBMITTED", world.people["annotator"].email)
    assert problem(post(world, "annotator", f"{path}submit/"), 409, "state")["state"] == "SUBMITTED"
    due = timezone.now() + timedelta(days=3)
    Assignment.objects.filter(document=world.document, user=world.people["annotator"]).update(due_at=due)
    taken_back = say(post(world, "annotator", f"{path}withdraw/"))
    listed = say(world.ask("annotator", "GET", f"projects/{world.project.pk}/assignments/"))["results"]
    assert (taken_back["state"], datetime.fromisoformat(taken_back["due_at"])) == ("ACTIVE", due)
    assert taken_back in listed
    assert problem(post(world, "annotator", f"{path}withdraw/"), 409, "state")["state"] == "ACTIVE"
    assert say(post(world, "annotator", f"{path}submit/"))["number"] == 2


def test_what_the_codebook_still_asks_for_is_named(world: World) -> None:
    bare = build.add_span(world.document, 0, 3, label="EVENT")
    build.edit(world.people["annotator"], world.document, bare)
    refused = problem(post(world, "annotator", f"documents/{world.document.pk}/submit/"), 422, "incomplete")
    assert list(refused["errors"]) == [f"spans.{bare['span']['id']}.attributes.type"]


def test_an_untouched_document_cannot_be_handed_in(world: World) -> None:
    build.assignment(world.fresh, world.people["annotator"])
    answer = post(world, "annotator", f"documents/{world.fresh.pk}/submit/")
    assert answer.status_code == 409
    problem(answer, 409, say(answer)["code"])


def test_accepting_makes_gold_once(world: World) -> None:
    path = f"documents/{world.document.pk}/accept/"
    made = say(post(world, "reviewer", path))
    gold = AnnotationSet.objects.get(pk=made["gold"])
    assert (gold.origin, gold.document_id, made["state"]) == ("GOLD", world.document.pk, "ACCEPTED")
    assert Span.objects.filter(set=gold).count() == 1
    again = post(world, "reviewer", path)
    assert again.status_code == 409
    problem(again, 409, say(again)["code"])
    assert AnnotationSet.objects.filter(document=world.document, origin="GOLD").count() == 1


def test_a_second_acceptance_must_be_meant(world: World) -> None:
    post(world, "annotator", f"documents/{world.document.pk}/submit/")
    path = f"documents/{world.document.pk}/accept/"
    assert list(problem(post(world, "reviewer", path), 422, "invalid")["errors"]) == ["user"]
    first, second = ({"user": world.people[who].email} for who in ("annotator", "colleague"))
    assert post(world, "reviewer", path, first).status_code == 200
    problem(post(world, "reviewer", path, second), 409, "gold_exists")
    assert post(world, "reviewer", path, {**second, "replace": True}).status_code == 200
    rounds = AnnotationSet.objects.filter(document=world.document, origin="GOLD").values_list("round", flat=True)
    assert sorted(rounds) == [1, 2]


def test_returned_work_comes_back_with_the_reason(world: World) -> None:
    path = f"documents/{world.handed_in.pk}/return/"
    for note in ("", "  ", None, 3, "a" * 4001):
        assert list(problem(post(world, "reviewer", path, {"note": note}), 422, "invalid")["errors"]) == ["note"]
    assert say(post(world, "reviewer", path, {"note": "Look again"}))["state"] == "RETURNED"
    problem(post(world, "reviewer", path, {"note": "Look again"}), 409, "state")
    assert post(world, "annotator", f"documents/{world.handed_in.pk}/submit/").status_code == 201


def test_the_submission_meant_must_be_of_this_document(world: World) -> None:
    other = say(world.ask("annotator", "POST", f"documents/{world.document.pk}/submit/"))["id"]
    for wrong in (other, 987654321):
        answer = post(world, "reviewer", f"documents/{world.handed_in.pk}/accept/", {"submission": wrong})
        problem(answer, 404, "not_found")
    answer = post(world, "reviewer", f"documents/{world.document.pk}/accept/", {"submission": other})
    assert say(answer)["id"] == other


def test_nobody_reviews_the_own_work(world: World) -> None:
    Membership.objects.filter(project=world.project, user=world.people["annotator"]).update(role=Role.REVIEWER)
    problem(post(world, "annotator", f"documents/{world.handed_in.pk}/accept/"), 403, "own_work")
    problem(post(world, "annotator", f"documents/{world.handed_in.pk}/return/", {"note": "x"}), 403, "own_work")


def test_nothing_handed_in_cannot_be_reviewed(world: World) -> None:
    problem(post(world, "reviewer", f"documents/{world.fresh.pk}/accept/"), 409, "state")


def test_where_two_submissions_differ(world: World) -> None:
    person = world.people["annotator"]
    build.edit(person, world.document, build.add_span(world.document, 8, 16))
    post(world, "annotator", f"documents/{world.document.pk}/submit/")
    path = f"documents/{world.document.pk}/conflicts/"
    (pair,) = say(world.ask("reviewer", "GET", path))["pairs"]
    assert pair["agreed"] == 1
    (difference,) = pair["differences"]
    assert (difference["start"], difference["end"]) == (8, 16)
    ids = f"?a={pair['a']['id']}&b={pair['b']['id']}"
    assert say(world.ask("reviewer", "GET", path + ids))["pairs"] == [pair]
    problem(world.ask("reviewer", "GET", f"{path}?a=987654321"), 404, "not_found")
    problem(world.ask("reviewer", "GET", f"{path}?a=x"), 400, "query")


# -- members


def test_members_are_added_moved_and_taken_out_once(world: World) -> None:
    path = f"projects/{world.project.pk}/members/"
    body = {"email": world.people["outsider"].email, "role": "ANNOTATOR"}
    made = post(world, "owner", path, body)
    assert say(made)["invited"] is False
    problem(post(world, "owner", path, body), 409, "exists")
    one = made["Location"]
    assert say(world.ask("owner", "PATCH", one, {"role": "REVIEWER"}))["role"] == "REVIEWER"
    assert say(world.ask("owner", "PATCH", one, {"role": "REVIEWER"}))["role"] == "REVIEWER"
    assert world.ask("owner", "DELETE", one).status_code == 204
    problem(world.ask("owner", "DELETE", one), 404, "not_found")
    problem(world.ask("outsider", "GET", path), 404, "not_found")


def test_a_place_is_kept_for_an_unknown_address(world: World) -> None:
    path = f"projects/{world.project.pk}/members/"
    made = post(world, "owner", path, {"email": "Later@Example.org", "role": "VIEWER"})
    assert (say(made)["invited"], say(made)["email"]) == (True, "later@example.org")
    assert say(world.ask("owner", "GET", made["Location"])) == say(made)
    assert world.ask("owner", "DELETE", made["Location"]).status_code == 204
    problem(world.ask("owner", "DELETE", made["Location"]), 404, "not_found")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"email": "x", "role": "VIEWER"}, "email"),
        ({"email": "a@b.org"}, "role"),
        ({"email": "a@b.org", "role": "viewer"}, "role"),
        ({"email": "a@b.org", "role": 1}, "role"),
        ({"email": "a@b.org", "role": "VIEWER", "user": 1}, "user"),
    ],
    ids=str,
)
def test_a_wrong_member_is_refused(world: World, body: dict[str, Any], field: str) -> None:
    refused = problem(post(world, "owner", f"projects/{world.project.pk}/members/", body), 422, "invalid")
    assert list(refused["errors"]) == [field]


def test_managers_make_no_managers_and_an_owner_stays(world: World) -> None:
    path = f"projects/{world.project.pk}/members/"
    problem(post(world, "manager", path, {"email": "a@b.org", "role": "OWNER"}), 403, "forbidden")
    problem(world.ask("manager", "PATCH", f"{path}{world.ids['member']}/", {"role": "MANAGER"}), 403, "forbidden")
    owner = Membership.objects.get(project=world.project, user=world.people["owner"]).pk
    problem(world.ask("manager", "PATCH", f"{path}{owner}/", {"role": "VIEWER"}), 403, "forbidden")
    problem(world.ask("owner", "PATCH", f"{path}{owner}/", {"role": "VIEWER"}), 409, "last_owner")


def test_a_member_of_another_project_is_not_here(world: World) -> None:
    elsewhere = Membership.objects.get(project=world.elsewhere, user=world.people["owner"]).pk
    for method, body in (("GET", None), ("PATCH", {"role": "VIEWER"}), ("DELETE", None)):
        answer = world.ask("owner", method, f"projects/{world.project.pk}/members/{elsewhere}/", body)
        problem(answer, 404, "not_found")


def test_a_token_loses_what_its_maker_loses(world: World) -> None:
    path = f"projects/{world.project.pk}/"
    assert world.ask("manager", "PATCH", path, {"description": "x"}).status_code == 200
    Membership.objects.filter(project=world.project, user=world.people["manager"]).update(role=Role.VIEWER)
    problem(world.ask("manager", "PATCH", path, {"description": "y"}), 403, "forbidden")
    Membership.objects.filter(project=world.project, user=world.people["manager"]).delete()
    problem(world.ask("manager", "GET", path), 404, "not_found")


# -- the registry


def test_an_actor_is_added_once_found_and_changed(world: World) -> None:
    path = f"projects/{world.project.pk}/actors/"
    body = {
        "kind": "IGO",
        "names": [name("منظمة معاهدة الأمن الجماعي", "ar"), name("CSTO", "en", "ABBREV")],
        "note": "n",
    }
    made = post(world, "annotator", path, body)
    assert made.status_code == 201
    refused = problem(post(world, "annotator", path, body), 409, "exists")
    assert refused["entity"] == say(made)["id"]
    for q in ("csto", "معاهده", "مُنظّمة معاهدة"):
        found = say(world.ask("viewer", "GET", f"{path}?q={q}"))["results"]
        assert found[0]["id"] == say(made)["id"], q
    changed = world.ask("reviewer", "PATCH", made["Location"], {"country": "RUS", "sectors": ["MIL"]})
    assert (say(changed)["country"], say(changed)["sectors"], say(changed)["note"]) == ("RUS", ["MIL"], "n")
    kinds = {row["kind"] for row in say(world.ask("viewer", "GET", f"{path}?kind=IGO"))["results"]}
    assert kinds == {"IGO"}
    problem(world.ask("viewer", "GET", f"{path}?kind=X"), 400, "query")
    assert list(problem(world.ask("viewer", "GET", f"{path}?q=csto&kind=IGO"), 422, "invalid")["errors"]) == ["q"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "EMPIRE"}, "kind"),
        ({"names": []}, "names"),
        ({"names": [{"lang": "fr", "form": "x"}]}, "names.0.lang"),
        ({"names": [{"lang": "en"}]}, "names.0.form"),
        ({"names": [{"lang": "en", "form": "x", "role": "ALIAS"}]}, "names"),
        ({"names": [{"lang": "en", "form": "a\u202eb", "role": "CANONICAL"}]}, "names.0.form"),
        ({"names": [{"lang": "en", "form": "x", "norm_key": "y"}]}, "names.0.norm_key"),
        ({"country": "Iraq"}, "country"),
        ({"country": "irq"}, "country"),
        ({"sectors": ["military"]}, "sectors.0"),
        ({"key": "IRQ"}, "key"),
        ({"seeded": True}, "seeded"),
        ({"merged_into": 1}, "merged_into"),
    ],
    ids=str,
)
def test_a_wrong_actor_is_refused(world: World, change: dict[str, Any], field: str) -> None:
    body = {"kind": "IGO", "names": [name("New one")], **change}
    refused = problem(post(world, "owner", f"projects/{world.project.pk}/actors/", body), 422, "invalid")
    assert list(refused["errors"]) == [field]


def test_actors_are_merged_within_their_project(world: World) -> None:
    path = f"actors/{world.ids['actor']}/merge/"
    foreign = add_entity(
        actor=Actor(world.people["owner"]), project=world.elsewhere, kind="IGO", names=[name("Foreign")]
    ).pk
    for wrong in (foreign, 987654321):
        problem(post(world, "owner", path, {"into": wrong}), 404, "not_found")
    problem(post(world, "owner", path, {"into": world.ids["actor"]}), 422, "invalid")
    problem(post(world, "owner", path, {"into": "1"}), 422, "invalid")
    assert say(post(world, "owner", path, {"into": world.target}))["id"] == world.target
    assert post(world, "owner", path, {"into": world.target}).status_code == 200
    assert say(world.ask("owner", "GET", f"actors/{world.ids['actor']}/"))["merged_into"] == world.target
    problem(post(world, "owner", f"actors/{world.target}/merge/", {"into": world.ids["actor"]}), 409, "merged")
    problem(world.ask("owner", "PATCH", f"actors/{world.ids['actor']}/", {"note": "x"}), 409, "merged")


# -- projects and codebooks


def test_a_new_project_has_the_codebook_and_a_registry(world: World) -> None:
    made = post(world, "outsider", "projects/", {"name": "Gulf"})
    assert made.status_code == 201
    assert (say(made)["role"], say(made)["state"]) == ("OWNER", "ACTIVE")
    assert say(world.ask("outsider", "GET", f"{made['Location']}codebook/"))["body"] == political_codebook()
    found = say(world.ask("outsider", "GET", f"{made['Location']}actors/?q=العراق&page_size=1"))["results"]
    assert found[0]["key"] == "IRQ"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "name"),
        ({"name": " "}, "name"),
        ({"name": "a\u202eb"}, "name"),
        ({"name": "n" * 121}, "name"),
        ({"name": ["a"]}, "name"),
        ({"name": "a", "state": "FROZEN"}, "state"),
        ({"name": "a", "created_by": 1}, "created_by"),
        ({"name": "a", "codebook": []}, "codebook"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_wrong_project_is_refused(world: World, body: dict[str, Any], field: str) -> None:
    before = Project.objects.count()
    assert list(problem(post(world, "owner", "projects/", body), 422, "invalid")["errors"]) == [field]
    assert Project.objects.count() == before


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": None}, "name"),
        ({"open_documents": "true"}, "open_documents"),
        ({"open_documents": 1}, "open_documents"),
        ({"self_review": None}, "self_review"),
        ({"owner": 1}, "owner"),
        ({"archived_at": "2020-01-01"}, "archived_at"),
    ],
    ids=str,
)
def test_a_wrong_change_of_a_project_is_refused(world: World, body: dict[str, Any], field: str) -> None:
    refused = problem(world.ask("owner", "PATCH", f"projects/{world.project.pk}/", body), 422, "invalid")
    assert list(refused["errors"]) == [field]


def test_a_changed_codebook_is_the_next_version(world: World) -> None:
    path = f"projects/{world.project.pk}/codebook/"
    body = say(world.ask("owner", "GET", path))["body"]
    assert say(world.ask("owner", "PUT", path, {"body": body}))["version"] == 1
    body["labels"][0]["color"]["light"] = "#123456"
    assert say(world.ask("owner", "PUT", path, {"body": body, "note": "colour"}))["version"] == 2
    body["labels"][0]["color"]["light"] = "red;background:url(//evil)"
    refused = problem(world.ask("owner", "PUT", path, {"body": body}), 422, "invalid")
    assert list(refused["errors"]) == ["labels.0.color.light"]
    for wrong in ({}, {"labels": []}, {"labels": "x"}, {"labels": [[]]}):
        problem(world.ask("owner", "PUT", path, {"body": wrong}), 422, "invalid")
    assert CodebookVersion.objects.filter(project=world.project).count() == 2
