"""How a job ends when its work does not: refused, too slow, broken, or without a database. And what a message may be."""

from __future__ import annotations

import pickle
import uuid
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError
from kombu.exceptions import ContentDisallowed
from kombu.serialization import dumps, loads

from analysis import types
from analysis.tagging.registry import Taggers
from annotator.activity.models import Activity, Job
from annotator.activity.services import Lease, LeaseLost
from annotator.celery import app
from annotator.coding.models import AnnotationSet, Span
from annotator.errors import Invalid
from annotator.jobs import pretag, runner, tasks
from annotator.teams.access import Actor
from annotator.teams.models import Project
from tests import build
from tests.jobs.helpers import perform

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return build.project()


def job_of(of: Project) -> Job:
    return Job.objects.create(project=of, kind="pretag", requested_by=of.created_by, params={"language": "en"})


def raising(error: Exception) -> Callable[[Lease], None]:
    def work(_lease: Lease) -> None:
        raise error

    return work


def after(project: Project, error: Exception, attempts: int = 0) -> Job:
    job = job_of(project)
    Job.objects.filter(pk=job.pk).update(attempts=attempts)
    runner.run(str(job.pk), raising(error))
    job.refresh_from_db()
    return job


def test_a_refusal_ends_the_job_with_its_reason(project: Project) -> None:
    job = after(project, Invalid("The text is odd."))
    assert (job.state, job.failure) == ("FAILED", "The text is odd.")


def test_a_job_that_takes_too_long_is_failed(project: Project) -> None:
    job = after(project, SoftTimeLimitExceeded())
    assert (job.state, job.failure) == ("FAILED", "The job took too long and was stopped.")


def test_an_unexpected_error_is_tried_again_until_the_attempts_are_used_up(project: Project) -> None:
    job = after(project, ZeroDivisionError())
    assert (job.state, job.failure) == ("RUNNING", "")
    job = after(project, ZeroDivisionError("secret"), attempts=4)
    assert job.state == "FAILED"
    assert "secret" not in job.failure


def test_a_database_that_goes_away_leaves_the_job_to_the_sweeper(project: Project) -> None:
    assert after(project, OperationalError(), attempts=4).state == "RUNNING"


def test_a_runner_that_lost_its_lease_leaves_no_trace(project: Project) -> None:
    assert after(project, LeaseLost()).state == "RUNNING"


def test_nobody_runs_a_job_twice(project: Project) -> None:
    done: list[uuid.UUID] = []

    def work(lease: Lease) -> None:
        done.append(lease.job.pk)
        lease.finish({})

    job = job_of(project)
    for _bell in range(3):
        runner.run(str(job.pk), work)
    assert done == [job.pk]


def test_a_pretag_run_that_comes_twice_leaves_the_same_rows(project: Project) -> None:
    documents = [build.document(project, f"زار وزير الخارجية المصري بغداد يوم {n} مايو 2022.") for n in range(1, 4)]
    job = pretag.request(actor=Actor(project.created_by), project=project)
    perform(job)
    before = set(Span.objects.values_list("id", flat=True))
    assert (job.state, job.done, job.total) == ("DONE", 3, 3)
    assert job.result["suggestions"] == len(before) > 0
    sets = AnnotationSet.objects.filter(document__in=documents).count()

    again = perform(pretag.request(actor=Actor(project.created_by), project=project))
    assert (again.state, again.result["suggestions"]) == ("DONE", 0)
    assert set(Span.objects.values_list("id", flat=True)) == before
    assert AnnotationSet.objects.count() == sets
    assert Activity.objects.filter(verb="pretag.done").count() == 2


def test_every_suggestion_is_the_text_at_its_offsets(project: Project) -> None:
    text = "😀 قال الرئيس العراقيّ إنّ طهران وواشنطن اتفقتا في 30 مايو 2022."
    build.document(project, text)
    perform(pretag.request(actor=Actor(project.created_by), project=project))
    spans = list(Span.objects.all())
    assert spans
    assert all(text[s.start : s.end] == s.quote for s in spans)


def test_an_unknown_tagger_or_a_foreign_document_is_refused(project: Project) -> None:
    foreign = build.document(build.project())
    with pytest.raises(Invalid) as tagger:
        pretag.request(actor=Actor(project.created_by), project=project, taggers=["oracle"])
    assert "taggers" in tagger.value.errors
    with pytest.raises(Invalid) as document:
        pretag.request(actor=Actor(project.created_by), project=project, documents=[foreign.pk])
    assert "documents" in document.value.errors


# -- messages


def test_the_worker_takes_nothing_but_json() -> None:
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_serializer == "json"
    content_type, encoding, body = dumps({"job_id": "x"}, serializer="pickle")
    assert pickle.loads(body) == {"job_id": "x"}
    with app.connection_for_read() as connection, connection.channel() as channel:
        consumer = app.amqp.TaskConsumer(channel)
        assert consumer.accept == {"application/json"}
    with pytest.raises(ContentDisallowed):
        loads(body, content_type, encoding, accept=consumer.accept)


def test_the_message_carries_only_the_job(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(tasks.perform, "apply_async", lambda args, kwargs: sent.append({"args": args, **kwargs}))
    job = job_of(project)
    Job.objects.filter(pk=job.pk).update(rung_at=job.created_at.replace(year=2020))
    assert tasks.sweep() == 1
    assert sent == [{"args": (), "job_id": str(job.pk), "kind": "pretag"}]


def test_yesterdays_message_with_more_in_it_is_understood(project: Project) -> None:
    job = pretag.request(actor=Actor(project.created_by), project=project)
    tasks.perform(job_id=str(job.pk), kind="pretag", colour="blue")
    job.refresh_from_db()
    assert job.state == "DONE"


def test_a_document_that_breaks_a_tagger_does_not_stop_the_others(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        build.document(project, f"زار وزير الخارجية المصري بغداد، الخبر {n}.", title=f"خبر {n}")
    tag = Taggers.tag

    def broken(self: Taggers, document: types.Document, wanted: Sequence[str]) -> Any:
        if document.title == "خبر 1":
            raise RecursionError
        return tag(self, document, wanted)

    monkeypatch.setattr(Taggers, "tag", broken)
    job = perform(pretag.request(actor=Actor(project.created_by), project=project))
    assert (job.state, job.done, job.total) == ("DONE", 3, 3)
    assert [(e["item"], e["code"]) for e in job.errors] == [("خبر 1", "tagger")]
    assert AnnotationSet.objects.values("document").distinct().count() == 2

    # Mended, the next run reads the one that is missing.
    monkeypatch.setattr(Taggers, "tag", tag)
    again = perform(pretag.request(actor=Actor(project.created_by), project=project))
    assert (again.done, again.errors) == (1, [])
    assert AnnotationSet.objects.values("document").distinct().count() == 3


def test_a_run_that_was_taken_over_keeps_its_count(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(4):
        build.document(project, f"زار وزير الخارجية المصري بغداد، الخبر {n}.")
    job = pretag.request(actor=Actor(project.created_by), project=project)
    tag, calls = Taggers.tag, []

    def dies_at_the_third(self: Taggers, document: types.Document, wanted: Sequence[str]) -> Any:
        calls.append(document)
        if len(calls) == 3:
            raise SystemExit
        return tag(self, document, wanted)

    monkeypatch.setattr(Taggers, "tag", dies_at_the_third)
    with pytest.raises(SystemExit):
        perform(job)
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == ("RUNNING", 2, 4)
    Job.objects.filter(pk=job.pk).update(lease_until=job.created_at)
    perform(job)
    assert (job.state, job.done, job.total, job.attempts) == ("DONE", 4, 4, 2)
    assert len(calls) == 5
    assert job.result["suggestions"] == Span.objects.count() > 0
