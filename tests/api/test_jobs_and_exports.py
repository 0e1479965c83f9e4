"""Jobs and exports over REST."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from annotator.activity.models import Job
from annotator.activity.services import claim
from annotator.jobs import export
from annotator.teams.access import Actor
from annotator.teams.models import Membership
from tests import build
from tests.api.world import BASE, World, problem, say


def test_pretagging_twice_is_one_job(world: World) -> None:
    path = f"projects/{world.project.pk}/pretag/"
    first = world.ask("owner", "POST", path, {"documents": [world.fresh.pk]})
    again = world.ask("owner", "POST", path, {"documents": [world.fresh.pk]})
    assert (first.status_code, first["Location"]) == (202, again["Location"])
    assert first["Location"] == f"http://testserver{BASE}jobs/{say(first)['id']}/"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"taggers": ["magic"]}, "taggers"),
        ({"taggers": "all"}, "taggers"),
        ({"taggers": [3]}, "taggers.0"),
        ({"documents": [987654321]}, "documents"),
        ({"documents": ["1"]}, "documents.0"),
        ({"documents": [-1]}, "documents.0"),
        ({"documents": [2**63]}, "documents.0"),
        ({"documents": [1] * 10_001}, "documents"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_wrong_run_is_refused(world: World, body: dict[str, Any], field: str) -> None:
    before = Job.objects.count()
    refused = problem(world.ask("owner", "POST", f"projects/{world.project.pk}/pretag/", body), 422, "invalid")
    assert list(refused["errors"]) == [field]
    assert Job.objects.count() == before


def test_documents_of_another_project_cannot_be_tagged(world: World) -> None:
    foreign = build.document(world.elsewhere)
    body = {"documents": [foreign.pk]}
    problem(world.ask("owner", "POST", f"projects/{world.project.pk}/pretag/", body), 422, "invalid")


def test_a_job_tells_how_far_it_is(world: World) -> None:
    job = Job.objects.get(pk=world.ids["job"])
    url = f"jobs/{job.pk}/"
    assert say(world.ask("owner", "GET", url))["state"] == "queued"
    lease = claim(job.pk)
    assert lease is not None
    lease.beat(done=2, total=3)
    told = say(world.ask("owner", "GET", url))
    assert (told["state"], told["progress"]) == ("running", {"done": 2, "total": 3})
    lease.complain(item="a", code="bad", detail="It was bad")
    lease.fail("It stopped")
    told = say(world.ask("owner", "GET", url))
    assert (told["state"], told["failure"], told["errors"][0]["detail"]) == ("failed", "It stopped", "It was bad")
    problem(world.ask("owner", "POST", f"{url}cancel/"), 409, "state")


def test_a_job_is_stopped_once(world: World) -> None:
    url = f"jobs/{world.ids['job']}/cancel/"
    assert say(world.ask("owner", "POST", url))["state"] == "cancelled"
    problem(world.ask("owner", "POST", url), 409, "state")


def test_a_reviewer_may_stop_the_own_export(world: World) -> None:
    made = say(world.ask("reviewer", "POST", f"projects/{world.project.pk}/exports/", {"format": "jsonl"}))
    assert world.ask("reviewer", "POST", f"jobs/{made['id']}/cancel/").status_code == 200


def test_a_job_of_a_project_one_has_left_is_gone(world: World) -> None:
    Membership.objects.filter(project=world.project, user=world.people["manager"]).delete()
    problem(world.ask("manager", "GET", f"jobs/{world.ids['job']}/"), 404, "not_found")


# -- exports


def make_gold(world: World) -> None:
    assert world.ask("owner", "POST", f"documents/{world.handed_in.pk}/accept/", {}).status_code == 200


def test_the_stream_holds_every_document_and_each_quote_is_in_the_text(world: World) -> None:
    make_gold(world)
    answer = world.ask("owner", "GET", f"projects/{world.project.pk}/export/?format=jsonl")
    assert answer["Content-Type"] == "application/x-ndjson; charset=utf-8"
    assert answer["Content-Disposition"] == f'attachment; filename="dalala-{world.project.pk}.jsonl"'
    lines = [json.loads(line) for line in answer.whole.splitlines()]
    documents = [line for line in lines if "text" in line]
    assert {line["id"] for line in documents} == {world.document.pk, world.fresh.pk, world.handed_in.pk}
    spans = [(line["text"], span) for line in documents for span in line["spans"]]
    assert spans
    assert all(text[span["start"] : span["end"]] == span["quote"] for text, span in spans)


@pytest.mark.parametrize("which", ["gold", "submitted", "mine", "suggestions", "all"])
@pytest.mark.parametrize("kind", ["jsonl", "events_csv", "spans_csv"])
def test_each_format_streams_each_choice(world: World, kind: str, which: str) -> None:
    make_gold(world)
    answer = world.ask("owner", "GET", f"projects/{world.project.pk}/export/?format={kind}&set={which}&language=ar")
    assert answer.status_code == 200
    if kind == "jsonl":
        assert all(json.loads(line) for line in answer.whole.splitlines())
    else:
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        rows = list(csv.reader(io.StringIO(answer.whole.decode("utf-8-sig"))))
        assert len({len(row) for row in rows}) == 1


@pytest.mark.parametrize("query", ["format=xml", "set=drafts", "language=" + "a" * 13, "filters=1", "q=1"])
def test_a_wrong_stream_is_refused(world: World, query: str) -> None:
    problem(world.ask("owner", "GET", f"projects/{world.project.pk}/export/?{query}"), 400, "query")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "format"),
        ({"format": "xml"}, "format"),
        ({"format": ["jsonl"]}, "format"),
        ({"format": "jsonl", "set": "drafts"}, "set"),
        ({"format": "jsonl", "filters": {"author__password": "x"}}, "filters.author__password"),
        ({"format": "jsonl", "filters": {"language": 3}}, "filters.language"),
        ({"format": "jsonl", "filters": {"documents": ["1"]}}, "filters.documents"),
        ({"format": "jsonl", "file": "/etc/passwd"}, "file"),
    ],
    ids=str,
)
def test_a_wrong_export_is_refused(world: World, body: dict[str, Any], field: str) -> None:
    refused = problem(world.ask("owner", "POST", f"projects/{world.project.pk}/exports/", body), 422, "invalid")
    assert list(refused["errors"]) == [field]


def test_an_export_is_asked_for_made_listed_and_fetched(world: World) -> None:
    make_gold(world)
    body = {"format": "spans_csv", "set": "gold", "filters": {"documents": [world.handed_in.pk, 2**62]}}
    asked = world.ask("owner", "POST", f"projects/{world.project.pk}/exports/", body)
    assert asked.status_code == 202
    made = say(asked)
    problem(world.ask("owner", "GET", f"exports/{made['export']}/download/"), 404, "not_found")
    assert say(world.ask("owner", "GET", f"exports/{made['export']}/"))["download"] is None
    lease = claim(made["id"])
    assert lease is not None
    export.work(lease)
    listed = say(world.ask("owner", "GET", f"projects/{world.project.pk}/exports/"))["results"][0]
    assert (listed["id"], listed["state"], listed["job"]) == (made["export"], "done", made["id"])
    fetched = world.ask("owner", "GET", listed["download"])
    assert fetched["Content-Disposition"].startswith("attachment; ")
    assert fetched["Content-Security-Policy"] == "sandbox"
    assert len(fetched.whole) == listed["size"]
    assert len(list(csv.DictReader(io.StringIO(fetched.whole.decode("utf-8-sig"))))) == listed["rows"] == 1


def test_an_export_of_own_sets_is_for_its_maker(world: World) -> None:
    job = export.request(actor=Actor(world.people["owner"]), project=world.project, format="jsonl", which="mine")
    path = f"exports/{job.params['export']}/"
    assert world.ask("owner", "GET", path).status_code == 200
    problem(world.ask("manager", "GET", path), 404, "not_found")
    for who, is_there in (("owner", True), ("manager", False)):
        listed = say(world.ask(who, "GET", f"projects/{world.project.pk}/exports/"))["results"]
        assert (job.params["export"] in [row["id"] for row in listed]) is is_there
