"""Our own JSONL: documents with spans, relations and actors; what is wrong is told by line and field."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from django.db import connection

from annotator.activity.services import LeaseLost, claim
from annotator.coding.models import AnnotationSet, Relation, Span
from annotator.corpus.models import Document, ImportFile
from annotator.errors import TooLarge
from annotator.jobs import ingest
from annotator.registry.models import Entity
from annotator.teams.access import Actor
from annotator.teams.models import Project, Role
from tests import build
from tests.jobs.helpers import errors_of, imported, jsonl, perform, upload

TEXT = "زار الرئيس العراقي طهران أمس، واستقبله الوزير."
VISIT = {"id": "00000000-0000-4000-8000-000000000001", "label": "EVENT", "start": 0, "end": 3, "quote": "زار"}
WHO = {
    "id": "00000000-0000-4000-8000-000000000002", "label": "ACTOR", "start": 4, "end": 18, "quote": "الرئيس العراقي",
    "entity": "IRQ", "note": "ملاحظة", "confidence": 2,
}  # fmt: skip
ARG = {"type": "ARG", "from": {"span": VISIT["id"]}, "to": {"span": WHO["id"]}, "attributes": {"role": "ACTOR"}}


def line(number: int = 0, **more: Any) -> dict[str, Any]:
    return {"text": f"{TEXT} {number}", "title": f"خبر {number}", "spans": [VISIT, WHO], "relations": [ARG], **more}


@pytest.fixture
def project() -> Project:
    return build.project(pretag_on_import=False)


@pytest.mark.django_db
def test_documents_come_with_their_coding_as_gold(project: Project) -> None:
    about = {"external_id": "x-1", "author": "سلمى", "source": "وكالة", "source_url": "https://example.org/1",
             "published_on": "2022-05-30", "metadata": {"desk": ["سياسة", 1]}, "language": "ar", "body_start": 4}  # fmt: skip
    job = imported(project, jsonl(line(**about)))
    assert (job.state, job.errors) == ("DONE", [])
    document = Document.objects.get()
    assert {key: getattr(document, key) for key in about} == {**about, "published_on": document.published_on}
    assert str(document.published_on) == "2022-05-30"
    coded = AnnotationSet.objects.get(document=document)
    assert (coded.origin, coded.author) == ("GOLD", None)
    event, actor = Span.objects.filter(set=coded).order_by("start")
    assert (actor.quote, actor.entity and actor.entity.key, actor.note, actor.confidence, actor.origin) == (
        WHO["quote"], "IRQ", "ملاحظة", 2, "IMPORTED",
    )  # fmt: skip
    relation = Relation.objects.get(set=coded)
    assert (relation.source_span, relation.target_span, relation.attributes) == (event, actor, {"role": "ACTOR"})


@pytest.mark.django_db
def test_or_as_suggestions(project: Project) -> None:
    provenance = {"origin": "TAGGER", "tagger": "gazetteer", "tagger_version": "3", "score": 0.75}
    job = imported(
        project, jsonl(line(spans=[{**WHO, "provenance": provenance}], relations=[])), annotations="suggestions"
    )
    coded = AnnotationSet.objects.get()
    assert (coded.origin, coded.tagger) == ("MODEL", f"import-{job.result['batch']}")
    span = Span.objects.get()
    assert (span.origin, span.tagger, span.tagger_version, span.score) == ("TAGGER", "gazetteer", "3", 0.75)


@pytest.mark.django_db
def test_the_same_file_goes_into_two_projects(project: Project) -> None:
    other = build.project(pretag_on_import=False)
    file = jsonl(line(1), line(2))
    assert imported(project, file).result["imported"] == imported(other, file).result["imported"] == 2
    assert Span.objects.count() == 8
    assert Relation.objects.count() == 4


@pytest.mark.django_db
def test_a_coder_who_found_nothing_is_kept_apart_from_no_coding(project: Project) -> None:
    imported(project, jsonl({"text": "أ ب"}, {"text": "ج د", "set": {"origin": "GOLD"}}))
    assert list(AnnotationSet.objects.values_list("document__text", "origin")) == [("ج د", "GOLD")]


BAD: list[tuple[str, Any, str, str]] = [
    ("no text", {"title": "x"}, "text", "invalid"),
    ("empty text", {"text": " \n"}, "text", "text_empty"),
    ("NUL", {"text": "a\0b"}, "text", "text_nul"),
    ("text is a number", {"text": 5}, "text", "invalid"),
    ("another format", line(format="conll"), "format", "invalid"),
    ("title too long", line(title="x" * 501), "title", "invalid"),
    ("address without a scheme", line(source_url="javascript:alert(1)"), "source_url", "invalid"),
    ("no date", line(published_on="yesterday"), "published_on", "invalid"),
    ("language is a sentence", line(language="in Arabic"), "language", "invalid"),
    ("body behind the text", line(body_start=10_000), "body_start", "invalid"),
    ("metadata is a list", line(metadata=[1]), "metadata", "invalid"),
    ("metadata too deep", line(metadata={"a": json.loads("[" * 40 + "]" * 40)}), "metadata", "invalid"),
    ("spans is an object", line(spans={}, relations=[1]), "relations", "invalid"),
    ("unknown label", line(spans=[{**WHO, "label": "ALIEN"}], relations=[]), "spans.0.label", "invalid"),
    ("end past the text", line(spans=[VISIT, {**WHO, "end": 999}], relations=[]), "spans.1.end", "invalid"),
    ("start behind end", line(spans=[{**WHO, "start": 9, "end": 9}], relations=[]), "spans.0.end", "invalid"),
    ("offset is true", line(spans=[{**WHO, "start": True}], relations=[]), "spans.0.end", "invalid"),
    ("wrong quote", line(spans=[{**WHO, "quote": "الرئيس"}], relations=[]), "spans.0.quote", "invalid"),
    ("unknown entity", line(spans=[{**WHO, "entity": "NOWHERE"}], relations=[]), "spans.0.entity", "invalid"),
    ("unlinked label", line(spans=[{**VISIT, "entity": "IRQ"}], relations=[]), "spans.0.entity", "invalid"),
    ("unknown attribute", line(spans=[{**VISIT, "attributes": {"mood": 1}}], relations=[]), "spans.0.attributes.mood",
     "invalid"),
    ("unknown field", line(spans=[{**WHO, "colour": 1}], relations=[]), "spans.0.colour", "invalid"),
    ("id twice", line(spans=[WHO, WHO], relations=[]), "spans.1.id", "invalid"),
    ("id is no UUID", line(spans=[{**WHO, "id": "1"}], relations=[]), "spans.0.id", "invalid"),
    ("confidence 7", line(spans=[{**WHO, "confidence": 7}], relations=[]), "spans.0.confidence", "invalid"),
    ("fragments", line(spans=[{**WHO, "fragments": [[4, 8], [7, 18]]}], relations=[]), "spans.0.fragments", "invalid"),
    ("note is too long", line(spans=[{**WHO, "note": "x" * 4001}], relations=[]), "spans.0.note", "invalid"),
    ("score 2", line(spans=[{**WHO, "provenance": {"score": 2}}], relations=[]), "spans.0.provenance.score", "invalid"),
    ("end elsewhere", line(spans=[VISIT]), "relations.0.to", "invalid"),
    ("no ends", line(relations=[{**ARG, "to": {}}]), "relations.0.to", "invalid"),
    ("one end twice", line(relations=[{**ARG, "to": ARG["from"]}]), "relations.0.to", "invalid"),
    ("unknown relation", line(relations=[{**ARG, "type": "LOVES"}]), "relations.0.type", "invalid"),
    ("entry without names", line(entities={"X1": {"kind": "PERSON"}}), "entities.X1.names", "invalid"),
    ("entry of no kind", line(entities={"X1": {"kind": "GOD", "names": [
        {"lang": "ar", "form": "أ", "role": "CANONICAL"}]}}), "entities.X1.kind", "invalid"),
    ("key with a space", line(entities={"X 1": {}}), "entities.X 1", "invalid"),
]  # fmt: skip


@pytest.mark.django_db
def test_each_wrong_line_is_told_by_its_field_and_the_good_ones_come_in(project: Project) -> None:
    records = [record for _why, record, _field, _code in BAD]
    job = imported(project, jsonl(line(1), *records, line(2)))
    assert job.state == "DONE"
    told = {(e["line"], e["field"], e["code"]) for e in job.errors}
    expected = {(n, field, code) for n, (_why, _record, field, code) in enumerate(BAD, start=2)}
    assert told == expected
    assert all(e["detail"] and e["item"] == "file.jsonl" for e in job.errors)
    assert (job.result["imported"], job.result["failed"]) == (2, len(BAD))
    assert list(Document.objects.order_by("id").values_list("title", flat=True)) == ["خبر 1", "خبر 2"]
    assert Span.objects.count() == 4


RAW = [
    b"{not json}",
    b'{"text": "a", "body_start": ' + b"9" * 5000 + b"}",
    b'["text"]',
    b'{"text": "a", "text": "b"}',
    b'{"text": "a", "metadata": {"x": NaN}}',
    b'{"text": "\xff"}',
    b'{"text": "a", "metadata": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    b'{"text": "a", "metadata": {"x": 1' + b"0" * 5000 + b"}}",
]


@pytest.mark.django_db
def test_lines_that_are_no_json_are_told_and_never_stop_the_rest(project: Project) -> None:
    good = json.dumps(line(1)).encode()
    job = imported(project, ("x.jsonl", b"\xef\xbb\xbf" + good + b"\r\n\r\n" + b"\n".join(RAW) + b"\n"))
    assert [(e["line"], e["code"]) for e in job.errors] == [(n, "json") for n in range(3, 3 + len(RAW))]
    assert job.result["imported"] == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("where", "field", "code"),
    [
        ({"text": "a \ud800 b"}, "text", "text_lone_surrogate"),
        (line(title="a \ud800"), "title", "invalid"),
        (line(metadata={"a": "\udfff"}), "metadata", "invalid"),
        (line(spans=[{**WHO, "note": "\ud800"}], relations=[]), "spans.0.note", "invalid"),
        (line(spans=[{**WHO, "label": "\ud800"}], relations=[]), "spans.0.label", "invalid"),
        (line(spans=[{**WHO, "entity": "\ud800"}], relations=[]), "spans.0.entity", "invalid"),
        (line(spans=[{**WHO, "\ud800": 1}], relations=[]), "spans.0.?", "invalid"),
        (line(relations=[{**ARG, "note": "\0"}]), "relations.0.note", "invalid"),
        (line(entities={"\ud800": {}}), "entities.?", "invalid"),
    ],
)
def test_halves_of_characters_are_refused_wherever_they_stand(
    project: Project, where: dict[str, Any], field: str, code: str
) -> None:
    job = imported(project, ("x.jsonl", json.dumps(where).encode()))  # ASCII: halves travel as escapes
    assert errors_of(job) == [("x.jsonl", 1, field, code)]
    assert job.result["imported"] == 0


@pytest.mark.django_db
def test_duplicates_within_a_file_and_over_files_are_told_with_the_line(project: Project) -> None:
    job = imported(project, jsonl(line(1), line(2), line(1)), ("two.jsonl", jsonl(line(2), line(3))[1]))
    assert errors_of(job) == [("file.jsonl", 3, "", "duplicate"), ("two.jsonl", 1, "", "duplicate")]
    assert (job.result["imported"], job.result["duplicates"]) == (3, 2)
    assert Span.objects.count() == 6


@pytest.mark.django_db
def test_a_file_is_known_by_its_name_or_its_beginning(project: Project) -> None:
    raw = jsonl(line(1))[1]
    imported(project, ("a.ndjson", raw), ("b.json", jsonl(line(2))[1]), ("c.txt", b'{"but": "no article"}'))
    assert sorted(Document.objects.values_list("text", flat=True)) == sorted(
        [f"{TEXT} 1", f"{TEXT} 2", '{"but": "no article"}']
    )


@pytest.mark.django_db
def test_a_file_without_documents_says_so(project: Project) -> None:
    job = imported(project, ("x.jsonl", b"\n\n"))
    assert errors_of(job) == [("x.jsonl", None, "", "empty")]
    assert ImportFile.objects.get().state == "FAILED"


@pytest.mark.django_db
def test_a_line_that_is_too_long_is_left_out_whole(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "LONGEST_LINE", 2000)
    job = imported(project, jsonl(line(1), line(2, metadata={"x": "y" * 5000}), line(3)))
    assert errors_of(job) == [("file.jsonl", 2, "", TooLarge.code)]
    assert job.result["imported"] == 2


@pytest.mark.django_db
def test_more_than_five_hundred_errors_are_counted(project: Project) -> None:
    job = imported(project, jsonl(*({"text": ""} for _ in range(700))))
    assert len(job.errors) == 501
    assert (job.errors[-1]["code"], job.errors[-1]["detail"]) == ("more", "200")
    assert job.result["failed"] == 700


NAMES = [
    {"lang": "ar", "form": "مساعد العيبان", "role": "CANONICAL"},
    {"lang": "en", "form": "Musaad Al-Aiban", "role": "CANONICAL"},
]
ENTRY = {"kind": "PERSON", "country": "SAU", "sectors": ["GOV"], "names": NAMES}


@pytest.mark.django_db
def test_actors_that_travel_with_a_line_join_the_registry_and_change_no_entry(project: Project) -> None:
    iraq = Entity.objects.get(project=project, key="IRQ")
    with_actor = [{**WHO, "entity": "AIBAN"}]
    both = {"AIBAN": ENTRY, "IRQ": {"kind": "PERSON", "names": NAMES}}
    job = imported(
        project,
        jsonl(
            line(1, spans=with_actor, relations=[], entities=both),
            line(2, spans=with_actor, relations=[], entities={"AIBAN": {**ENTRY, "country": "YEM"}}),
        ),
    )
    assert job.errors == []
    made = Entity.objects.get(project=project, key="AIBAN")
    assert (made.kind, made.country, made.sectors, made.seeded) == ("PERSON", "SAU", ["GOV"], False)
    assert {(n.lang, n.form) for n in made.names.all()} == {(n["lang"], n["form"]) for n in NAMES}
    assert set(Span.objects.values_list("entity_id", flat=True)) == {made.pk}
    before = (iraq.kind, iraq.country, sorted(n.form for n in iraq.names.all()))
    iraq = Entity.objects.get(pk=iraq.pk)
    assert (iraq.kind, iraq.country, sorted(n.form for n in iraq.names.all())) == before


@pytest.mark.django_db
def test_an_actor_in_a_line_that_is_left_out_does_not_join(project: Project) -> None:
    imported(project, jsonl(line(1), line(1, entities={"AIBAN": ENTRY})))
    assert not Entity.objects.filter(key="AIBAN").exists()


# -- crashes and races


@pytest.mark.django_db(transaction=True)
def test_a_rerun_goes_on_behind_the_last_stored_line(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "LINES_A_CHUNK", 10)
    records = [line(n) if n != 3 else {"text": ""} for n in range(1, 36)]
    job = upload(project, jsonl(*records))
    store, calls = ingest._store, []

    def crash_at_the_third(*args: Any) -> None:
        calls.append(1)
        if len(calls) == 3:
            raise MemoryError
        store(*args)

    monkeypatch.setattr(ingest, "_store", crash_at_the_third)
    perform(job)
    assert (job.state, job.attempts) == ("RUNNING", 1)
    assert Document.objects.count() == 19
    assert ImportFile.objects.get().lines_done == 20
    assert errors_of(job) == [("file.jsonl", 3, "text", "text_empty")]

    job.lease_until = job.created_at
    job.save(update_fields=["lease_until"])
    monkeypatch.setattr(ingest, "_store", store)
    perform(job)
    assert (job.state, job.attempts) == ("DONE", 2)
    assert errors_of(job) == [("file.jsonl", 3, "text", "text_empty")]
    assert {k: job.result[k] for k in ("imported", "duplicates", "failed")} == {
        "imported": 34, "duplicates": 0, "failed": 1,
    }  # fmt: skip
    assert Document.objects.count() == 34
    assert Span.objects.count() == 68


@pytest.mark.django_db(transaction=True)
def test_a_runner_that_was_taken_over_stores_nothing_more(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "LINES_A_CHUNK", 10)
    job = upload(project, jsonl(*(line(n) for n in range(30))))
    old = claim(job.pk)
    assert old is not None
    store = ingest._store

    def taken_over_after_the_first(*args: Any) -> None:
        store(*args)
        type(job).objects.filter(pk=job.pk).update(lease_until=job.created_at)
        assert claim(job.pk) is not None

    monkeypatch.setattr(ingest, "_store", taken_over_after_the_first)
    with pytest.raises(LeaseLost):
        ingest.work(old)
    assert Document.objects.count() == 10


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["demoted", "removed", "frozen"])
def test_who_loses_the_right_while_an_import_runs_brings_nothing_more_in(
    project: Project, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setattr(ingest, "LINES_A_CHUNK", 10)
    person = build.member(project, Role.MANAGER)
    job = upload(project, jsonl(*[line(n) for n in range(30)]), actor=Actor(person))
    store = ingest._store

    def store_and_lose(*args: Any) -> None:
        store(*args)
        if what == "frozen":
            Project.objects.filter(pk=project.pk).update(state=Project.State.FROZEN)
        elif what == "removed":
            person.memberships.all().delete()
        else:
            person.memberships.update(role=Role.VIEWER)

    monkeypatch.setattr(ingest, "_store", store_and_lose)
    job = perform(job)
    assert (job.state, bool(job.failure), Document.objects.count()) == ("FAILED", True, 10)


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_the_same_texts_at_the_same_time(project: Project) -> None:
    records = [line(n) for n in range(400)]
    jobs = [upload(project, jsonl(*records)), upload(project, jsonl(*reversed(records)))]
    start = threading.Barrier(2)

    def run(number: int) -> None:
        start.wait()
        perform(jobs[number])
        connection.close()

    threads = [threading.Thread(target=run, args=[n]) for n in range(2)]
    [t.start() for t in threads], [t.join() for t in threads]
    assert [job.state for job in jobs] == ["DONE", "DONE"]
    assert sum(job.result["imported"] for job in jobs) == 400
    assert sum(job.result["duplicates"] for job in jobs) == 400
    assert Document.objects.count() == 400
    assert Span.objects.count() == 800
