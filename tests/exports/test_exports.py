"""What leaves: exact quotes, everything needed to come back, tables that no spreadsheet executes, and only to whom it may."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from collections import Counter
from typing import Any

import pytest

from annotator.activity.models import Activity, Job
from annotator.activity.services import claim
from annotator.coding.assignments import revoke, submit, withdraw
from annotator.coding.models import Assignment, Span
from annotator.corpus.models import Document
from annotator.errors import Forbidden, Invalid, Missing
from annotator.exports.models import Export
from annotator.exports.queries import export_for, exports_of
from annotator.exports.services import open_file, stream, write_file
from annotator.jobs import export, pretag, sample
from annotator.registry.models import Entity
from annotator.registry.services import add_entity, merge_entities
from annotator.review.queries import queue
from annotator.review.services import accept
from annotator.teams.access import Actor
from annotator.teams.models import Project, Role, User
from tests import build
from tests.jobs.helpers import imported, jsonl, perform

pytestmark = pytest.mark.django_db

TEXT = "😀 زار الرئيس العراقيّ طهران أمس، 𝕏 واستقبله الوزير كازاخستان."
SETS = ["gold", "submitted", "mine", "suggestions", "all"]
Records = list[dict[str, Any]]


@pytest.fixture
def project() -> Project:
    return build.project(pretag_on_import=False)


def records(of: Project, which: str = "gold", actor: Actor | None = None, **filters: Any) -> Records:
    pieces = stream(actor=actor or build.owner_of(of), project=of, format="jsonl", which=which, filters=filters)
    return [json.loads(line) for line in b"".join(pieces).decode().splitlines()]


def table(of: Project, kind: str, which: str = "gold") -> list[dict[str, str]]:
    raw = b"".join(stream(actor=build.owner_of(of), project=of, format=kind, which=which))
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


@pytest.fixture
def worked_on(project: Project) -> Project:
    """A document with suggestions, gold of one person, a submission of another, and the owner's own set."""
    document = build.document(project, TEXT, title="خبر", external_id="=1+1", author="+سلمى")
    perform(pretag.request(actor=build.owner_of(project), project=project))
    start = TEXT.index("العراقيّ")
    iraq = Entity.objects.get(project=project, key="IRQ")
    people = [build.member(project), build.member(project), project.created_by]
    for person in people:
        build.assignment(document, person)
        event = build.add_span(document, 2, 5, "EVENT", attributes=EVENT, note="=HYPERLINK(1)")
        actor = build.add_span(document, start, start + 8, entity=iraq.pk, attributes=ACTOR, confidence=2)
        inside = build.add_span(document, TEXT.index("اخس"), TEXT.index("اخس") + 3, attributes=ACTOR)
        pair = [[2, 5], [start, start + 8]]
        broken = build.add_span(document, 2, start + 8, "EVENT", attributes=EVENT, fragments=pair)
        relation = {
            "id": build.new_id(), "type": "ARG", "from": {"span": event["span"]["id"]},
            "to": {"span": actor["span"]["id"]}, "attributes": {"role": "ACTOR"},
        }  # fmt: skip
        link = {"id": build.new_id(), "op": "add_relation", "relation": relation}
        build.edit(person, document, event, actor, inside, broken, link)
    for person in people[:2]:
        submit(actor=Actor(person), document_id=document.pk)
    reviewer = Actor(build.member(project, Role.REVIEWER))
    accept(actor=reviewer, submission=queue(actor=reviewer, project=project)[0])
    return project


EVENT = {"type": "CONSULT", "polarity": "POS", "modality": "ASSERTED", "tense": "PAST"}
ACTOR = {"mention": "NAM", "reading": "ACT"}


@pytest.mark.parametrize("which", SETS)
def test_every_exported_extent_is_its_quote(worked_on: Project, which: str) -> None:
    found = records(worked_on, which)
    spans = [(r["text"], s) for r in found for s in r["spans"]]
    assert len(spans) >= 4
    for text, span in spans:
        assert text[span["start"] : span["end"]] == span["quote"]
        assert set(span["provenance"]) == {"origin", "tagger", "tagger_version", "score", "suggestion"}
        for part in span["fragments"] or []:
            assert text[part[0] : part[1]]
    origins = Counter(r["set"]["origin"] for r in found)
    people = {"gold": {"GOLD": 1}, "mine": {"HUMAN": 1}, "submitted": {"HUMAN": 2}}
    if which in people:
        assert origins == people[which]
    if which == "all":
        assert origins["GOLD"] == 1
        assert origins["HUMAN"] == 3
        assert origins["MODEL"] >= 1


def test_a_submission_and_the_gold_of_it_look_the_same(worked_on: Project) -> None:
    def shape(record: dict[str, Any]) -> Any:
        spans = {s["id"]: (s["start"], s["end"], s["label"]) for s in record["spans"]}
        links = [
            (r["type"], spans[r["from"]["span"]], spans[r["to"]["span"]], r["attributes"]) for r in record["relations"]
        ]
        return [{k: v for k, v in s.items() if k != "id"} for s in record["spans"]], links

    (gold,) = records(worked_on, "gold")
    submitted = records(worked_on, "submitted")
    assert [shape(r) for r in submitted] == [shape(gold)] * 2
    assert gold["spans"][1]["fragments"] is None or gold["spans"][0]["fragments"]
    assert {s["entity"] for s in gold["spans"]} == {None, "IRQ"}
    assert [r["set"]["submission"] for r in submitted] == [1, 1]
    assert {r["set"]["author"] for r in submitted} == set(
        User.objects.filter(assignments__state__in=["SUBMITTED", "ACCEPTED"]).values_list("email", flat=True)
    )


@pytest.mark.parametrize("undo", ["withdraw", "revoke"])
def test_work_that_was_taken_back_does_not_leave_as_submitted(worked_on: Project, undo: str) -> None:
    waiting = Assignment.objects.get(document__project=worked_on, state="SUBMITTED")
    if undo == "withdraw":
        withdraw(actor=Actor(waiting.user), document_id=waiting.document_id)
    else:
        revoke(actor=build.owner_of(worked_on), assignment=waiting)
    for which in ("submitted", "all"):
        assert waiting.user.email not in {r["set"]["author"] for r in records(worked_on, which)}
    assert len(records(worked_on, "submitted")) == 1


def test_an_export_is_the_same_bytes_each_time(worked_on: Project) -> None:
    for which in SETS:
        for kind in Export.Format.values:
            owner = build.owner_of(worked_on)
            first, second = (b"".join(stream(actor=owner, project=worked_on, format=kind, which=which)) for _ in "12")
            assert first == second


def test_the_sample_survives_a_journey_into_another_project(project: Project) -> None:
    """Export, import, export: the same spans, relations and actors, ids aside."""
    other = build.project(pretag_on_import=False)
    assert imported(project, ("sample.jsonl", sample.path().read_bytes())).errors == []
    first = records(project)
    assert sum(bool(r["spans"]) for r in first) == 3
    assert any(r["entities"] for r in first)
    assert imported(other, jsonl(*first)).errors == []
    second = records(other)
    assert [_without_ids(r) for r in second] == [_without_ids(r) for r in first]
    written = {a["external_id"]: a for a in sample.load()}
    for record in first:
        article = written[record["external_id"]]
        assert record["entities"] == {
            key: {
                **entity,
                "names": sorted(entity["names"], key=lambda n: (n["lang"], n["role"], n["form"])),
                "note": "",
            }
            for key, entity in article.get("entities", {}).items()
        }


def _without_ids(record: dict[str, Any]) -> dict[str, Any]:
    names = {s["id"]: (s["label"], s["start"], s["end"], s["entity"]) for s in record["spans"]}
    spans = [{k: v for k, v in s.items() if k not in ("id",)} for s in record["spans"]]

    def end(of: dict[str, Any]) -> Any:
        return names[of["span"]] if "span" in of else of["entity"]

    relations = [(r["type"], end(r["from"]), end(r["to"]), r["attributes"], r["note"]) for r in record["relations"]]
    rest = {k: v for k, v in record.items() if k not in ("id", "set", "spans", "relations")}
    return {**rest, "spans": sorted(map(repr, spans)), "relations": sorted(map(repr, relations))}


def test_a_merged_entry_leaves_under_the_key_of_the_other(worked_on: Project) -> None:
    owner = build.owner_of(worked_on)
    names = [{"lang": "ar", "form": "بلاد الرافدين", "role": "CANONICAL"}]
    target = add_entity(actor=owner, project=worked_on, kind="STATE", names=names)
    merge_entities(actor=owner, source=Entity.objects.get(project=worked_on, key="IRQ"), target=target)
    for which in ("gold", "submitted"):
        record = records(worked_on, which)[0]
        assert {s["entity"] for s in record["spans"]} == {None, target.key}
        assert list(record["entities"]) == [target.key]
        assert record["entities"][target.key]["names"] == names


def test_documents_without_gold_come_too_and_archived_ones_do_not(worked_on: Project) -> None:
    bare, gone = build.document(worked_on), build.document(worked_on)
    Document.objects.filter(pk=gone.pk).update(archived_at=gone.created_at)
    found = records(worked_on)
    assert [(r["id"], r["set"] is None, r["spans"] == []) for r in found][1:] == [(bare.pk, True, True)]
    assert len(records(worked_on, "suggestions")) == len({r["set"]["id"] for r in records(worked_on, "suggestions")})


def test_filters_choose_documents(worked_on: Project) -> None:
    english = build.document(worked_on, "The minister said that the talks were over and that it was time to go.")
    assert [r["id"] for r in records(worked_on, language="en")] == [english.pk]
    assert [r["id"] for r in records(worked_on, documents=[english.pk])] == [english.pk]
    assert records(worked_on, documents=[]) == []


@pytest.mark.parametrize(
    ("choices", "field"),
    [
        ({"format": "xlsx"}, "format"),
        ({"which": "theirs"}, "set"),
        ({"filters": {"colour": 1}}, "filters.colour"),
        ({"filters": {"documents": ["1; DROP TABLE"]}}, "filters.documents"),
        ({"filters": {"documents": [2**70]}}, "filters.documents"),
        ({"filters": {"language": 5}}, "filters.language"),
        ({"filters": {"language": "a\0"}}, "filters.language"),
    ],
)
def test_unknown_choices_are_refused_by_field(project: Project, choices: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        stream(actor=build.owner_of(project), project=project, **{"format": "jsonl", **choices})
    assert list(refused.value.errors) == [field]


# -- tables


def test_the_span_table_has_a_row_a_span_and_runs_no_formula(worked_on: Project) -> None:
    rows = table(worked_on, "spans_csv")
    (record,) = records(worked_on)
    assert [(int(r["start"]), int(r["end"]), r["quote"]) for r in rows] == [
        (s["start"], s["end"], s["quote"]) for s in record["spans"]
    ]
    assert {r["external_id"] for r in rows} == {"'=1+1"}
    assert "'=HYPERLINK(1)" in {r["note"] for r in rows}
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_the_event_table_names_who_did_it(worked_on: Project) -> None:
    rows = table(worked_on, "events_csv")
    assert len(rows) == 2
    row = next(r for r in rows if r["actors"])
    assert (row["trigger"], row["type"], row["actors"], row["actor_texts"]) == ("زار", "CONSULT", "IRQ", "العراقيّ")


# -- files made by a job


@pytest.fixture
def finished(worked_on: Project) -> Export:
    job = perform(export.request(actor=build.owner_of(worked_on), project=worked_on, format="jsonl"))
    assert job.state == "DONE"
    return Export.objects.get(job=job)


def test_the_file_is_what_the_stream_gives(worked_on: Project, finished: Export) -> None:
    with open_file(export=finished) as file:
        raw = file.read()
    assert raw == b"".join(stream(actor=build.owner_of(worked_on), project=worked_on, format="jsonl"))
    assert (finished.size, finished.rows) == (len(raw), 1)
    assert Job.objects.get(pk=finished.job_id).result["sha256"] == finished.sha256
    assert Activity.objects.filter(verb="export.done").count() == 1


@pytest.mark.parametrize("kind", ["spans_csv", "events_csv"])
def test_rows_are_counted_without_the_header(worked_on: Project, kind: str) -> None:
    job = perform(export.request(actor=build.owner_of(worked_on), project=worked_on, format=kind))
    assert job.result["rows"] == len(table(worked_on, kind))


def test_running_the_job_again_leaves_one_file(worked_on: Project, finished: Export) -> None:
    Job.objects.filter(pk=finished.job_id).update(state="QUEUED")
    lease = claim(finished.job_id)
    assert lease is not None
    write_file(lease=lease, export=Export.objects.get(pk=finished.pk))
    again = Export.objects.get(pk=finished.pk)
    assert (again.file.name, again.sha256) == (finished.file.name, finished.sha256)
    folder, _slash, _name = again.file.name.rpartition("/")
    assert len([n for n in again.file.storage.listdir(folder)[1] if n.startswith(f"{again.pk}.")]) == 1


def test_a_removed_member_gets_no_file(worked_on: Project) -> None:
    manager = build.member(worked_on, Role.MANAGER)
    job = perform(export.request(actor=Actor(manager), project=worked_on, format="jsonl"))
    row = Export.objects.get(job=job)
    assert export_for(actor=Actor(manager), export_id=row.pk) == row
    manager.memberships.all().delete()
    with pytest.raises(Missing):
        export_for(actor=Actor(manager), export_id=row.pk)


def test_a_demoted_member_makes_no_file(worked_on: Project) -> None:
    manager = build.member(worked_on, Role.MANAGER)
    job = export.request(actor=Actor(manager), project=worked_on, format="jsonl")
    manager.memberships.update(role=Role.VIEWER)
    assert perform(job).state == "FAILED"
    assert not Export.objects.get(job=job).file


def test_what_holds_ones_own_sets_is_only_for_oneself(worked_on: Project) -> None:
    owner, manager = build.owner_of(worked_on), Actor(build.member(worked_on, Role.MANAGER))
    rows = {
        which: Export.objects.get(job=export.request(actor=owner, project=worked_on, format="jsonl", which=which))
        for which in ("gold", "mine", "all")
    }
    assert set(exports_of(actor=owner, project=worked_on)) == set(rows.values())
    assert set(exports_of(actor=manager, project=worked_on)) == {rows["gold"]}
    with pytest.raises(Missing):
        export_for(actor=manager, export_id=rows["mine"].pk)


@pytest.mark.parametrize("role", list(Role))
def test_who_may_export(project: Project, role: Role) -> None:
    actor = Actor(project.created_by if role == Role.OWNER else build.member(project, role))
    if role in (Role.OWNER, Role.MANAGER, Role.REVIEWER):
        assert export.request(actor=actor, project=project, format="jsonl").state == "QUEUED"
        assert records(project, actor=actor) == []
        return
    with pytest.raises(Forbidden):
        export.request(actor=actor, project=project, format="jsonl")
    with pytest.raises(Forbidden):
        stream(actor=actor, project=project, format="jsonl")


def test_strangers_hear_of_nothing(worked_on: Project, finished: Export) -> None:
    for attempt in (
        lambda a: export.request(actor=a, project=worked_on, format="jsonl"),
        lambda a: stream(actor=a, project=worked_on, format="jsonl"),
        lambda a: exports_of(actor=a, project=worked_on),
        lambda a: export_for(actor=a, export_id=finished.pk),
    ):
        with pytest.raises(Missing):
            attempt(build.actor())


def test_a_file_that_is_not_ready_is_missing(worked_on: Project) -> None:
    job = export.request(actor=build.owner_of(worked_on), project=worked_on, format="jsonl")
    with pytest.raises(Missing):
        open_file(export=Export.objects.get(job=job))


@pytest.mark.django_db(transaction=True)
def test_a_long_export_lives_on_and_is_one_moment(project: Project, settings: Any) -> None:
    """The heart beats during the reading, and what others write meanwhile does not get in."""
    settings.JOB_LEASE_SECONDS = 0.1
    imported(project, jsonl(*({"text": f"نص {n}"} for n in range(1500))))
    job = export.request(actor=build.owner_of(project), project=project, format="jsonl")
    lease = claim(job.pk)
    assert lease is not None
    pieces = stream(actor=build.owner_of(project), project=project, format="jsonl")
    with lease.beating_beside() as beat:
        first = next(pieces)
        beat(first.count(b"\n"))
        settings.JOB_LEASE_SECONDS = 30
        for _n in range(200):
            beat(first.count(b"\n") + 1)
        rest = b"".join(pieces)
    job.refresh_from_db()
    assert job.done > 0
    assert (first + rest).count(b"\n") == 1500


def test_the_memory_stays_small(project: Project) -> None:
    """A thousand documents pass through in less than a tenth of their size."""
    text = "كلمة " * 4000
    imported(project, jsonl(*({"text": f"{text}{n}", "spans": []} for n in range(1000))))
    total = 0
    tracemalloc.start()
    for piece in stream(actor=build.owner_of(project), project=project, format="jsonl"):
        total += len(piece)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert total > 35_000_000
    assert peak < 16_000_000
    assert Span.objects.count() == 0
