"""A job is a row: claimed once, kept by beating, fenced from runners that lost it, and swept when nobody works on it."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import override

from annotator.activity.models import Activity, Job
from annotator.activity.services import LeaseLost, cancel, claim, due_jobs, open_job, record
from annotator.errors import Conflict, TooMany
from annotator.teams.access import Actor
from annotator.teams.models import Project, Role
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return Project.objects.create(name="P", created_by=build.user("owner"))


def ask(of: Project, rings: list[uuid.UUID] | None = None, **more: Any) -> Job:
    rung = [] if rings is None else rings
    return open_job(
        actor=Actor(of.created_by), project=of, kind=more.pop("kind", "pretag"), params={}, ring=rung.append, **more
    )


def expire(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_the_bell_rings_after_the_commit_and_not_after_a_rollback(
    project: Project, django_capture_on_commit_callbacks: Any
) -> None:
    rings: list[uuid.UUID] = []
    with django_capture_on_commit_callbacks(execute=True):
        job = ask(project, rings)
        assert rings == []
    assert rings == [job.pk]
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        ask(project, rings)
        transaction.set_rollback(True)
    assert rings == [job.pk]


def test_a_dead_broker_is_no_error_of_the_request(project: Project, django_capture_on_commit_callbacks: Any) -> None:
    def broken(_job_id: uuid.UUID) -> None:
        raise ConnectionError("no broker")

    with django_capture_on_commit_callbacks(execute=True):
        job = open_job(actor=Actor(project.created_by), project=project, kind="export", params={}, ring=broken)
    assert Job.objects.get(pk=job.pk).state == "QUEUED"


def test_only_one_runner_gets_the_job(project: Project) -> None:
    job = ask(project)
    assert claim(job.pk) is not None
    assert claim(job.pk) is None
    assert claim(uuid.uuid4()) is None
    job.refresh_from_db()
    assert (job.state, job.attempts) == ("RUNNING", 1)


def test_a_runner_that_was_taken_over_can_write_nothing(project: Project) -> None:
    job = ask(project)
    old = claim(job.pk)
    expire(job)
    new = claim(job.pk)
    assert old is not None
    assert new is not None
    for write in (lambda: old.beat(done=1), lambda: old.finish({}), lambda: old.fail("x"), old.hold):
        with pytest.raises(LeaseLost), transaction.atomic():
            write()
    old.complain(item="a", code="x", detail="y")
    old.keep_errors()
    new.finish({"by": "new"})
    job.refresh_from_db()
    assert (job.state, job.result, job.errors, job.lease_token) == ("DONE", {"by": "new"}, [], None)


def test_a_beat_lengthens_the_lease_and_shows_progress(project: Project) -> None:
    job = ask(project)
    lease = claim(job.pk)
    assert lease is not None
    expire(job)
    lease.beat(done=3, total=7)
    job.refresh_from_db()
    assert (job.done, job.total) == (3, 7)
    assert job.lease_until is not None
    assert job.lease_until > timezone.now() + timedelta(seconds=20)


def test_a_finished_job_cannot_be_claimed_or_finished_again(project: Project) -> None:
    job = ask(project)
    lease = claim(job.pk)
    assert lease is not None
    lease.finish({"n": 1})
    assert claim(job.pk) is None
    with pytest.raises(LeaseLost):
        lease.finish({"n": 2})
    job.refresh_from_db()
    assert job.result == {"n": 1}


def test_a_cancelled_job_stops_at_its_next_beat(project: Project) -> None:
    job = ask(project)
    lease = claim(job.pk)
    assert lease is not None
    assert cancel(actor=Actor(project.created_by), job=job).state == "CANCELLED"
    with pytest.raises(LeaseLost):
        lease.beat(done=1)
    with pytest.raises(LeaseLost):
        lease.finish({})
    with pytest.raises(Conflict):
        cancel(actor=Actor(project.created_by), job=job)
    assert claim(job.pk) is None
    assert Activity.objects.filter(verb="job.cancelled").count() == 1


def test_used_up_attempts_end_as_failed_with_a_reason_in_the_language_of_the_asker(project: Project) -> None:
    with override("ar"):
        job = ask(project)
    for _attempt in range(job.max_attempts):
        assert claim(job.pk) is not None
        expire(job)
    assert claim(job.pk) is None
    job.refresh_from_db()
    assert (job.state, job.attempts, bool(job.finished_at)) == ("FAILED", 5, True)
    assert "توقفت" in job.failure


def test_the_next_runner_goes_on_with_the_complaints_of_the_last(project: Project) -> None:
    job = ask(project)
    first = claim(job.pk)
    assert first is not None
    for n in range(503):
        first.complain(item=f"{n}.txt", code="x", detail="why")
    first.keep_errors()
    expire(job)
    second = claim(job.pk)
    assert second is not None
    second.complain(item="last.txt", code="x", detail="why")
    second.finish({})
    job.refresh_from_db()
    assert [e["item"] for e in job.errors[:500]] == [f"{n}.txt" for n in range(500)]
    assert [(e["code"], e["detail"]) for e in job.errors[500:]] == [("more", "4")]


def test_the_same_wish_is_one_job_while_it_waits(project: Project) -> None:
    job = ask(project, dedupe_key="all")
    assert ask(project, dedupe_key="all") == job
    assert ask(project, dedupe_key="all", kind="export") != job
    lease = claim(job.pk)
    assert ask(project, dedupe_key="all") == job
    assert lease is not None
    lease.finish({})
    assert ask(project, dedupe_key="all") != job


def test_the_database_keeps_the_same_wish_from_being_two(project: Project) -> None:
    job = ask(project, dedupe_key="all")
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(project=project, kind=job.kind, dedupe_key="all", requested_by=project.created_by)


def test_too_many_waiting_jobs_are_refused(project: Project) -> None:
    for _n in range(3):
        ask(project, pending_limit=3)
    with pytest.raises(TooMany) as refused:
        ask(project, pending_limit=3)
    assert (refused.value.status, refused.value.code) == (429, "too_many_jobs")
    assert ask(project, pending_limit=3, kind="export")


def test_the_sweeper_finds_lost_bells_and_dead_runners_only(project: Project) -> None:
    fresh, lost, running, dead, done = (ask(project) for _ in range(5))
    Job.objects.filter(pk=lost.pk).update(rung_at=timezone.now() - timedelta(seconds=6))
    assert claim(running.pk) is not None
    assert claim(dead.pk) is not None
    expire(dead)
    lease = claim(done.pk)
    assert lease is not None
    lease.finish({})
    assert {pk for pk, _kind in due_jobs()} == {lost.pk, dead.pk}
    # Just rung: the next sweep leaves the waiting one alone for a while.
    assert {pk for pk, _kind in due_jobs()} <= {dead.pk}
    assert fresh.pk not in {pk for pk, _kind in due_jobs()}


@pytest.mark.parametrize("statement", ["UPDATE activity_activity SET verb = 'x'", "DELETE FROM activity_activity"])
def test_the_log_is_only_added_to(project: Project, statement: str) -> None:
    record(project=project, user=project.created_by, verb="thing.done", target=project, n=1)
    with pytest.raises(IntegrityError, match="only added to"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    row = Activity.objects.get()
    assert (row.verb, row.target_type, row.target_id, row.data) == ("thing.done", "project", str(project.pk), {"n": 1})


def test_who_sees_a_job(project: Project) -> None:
    asker = build.member(project, Role.ANNOTATOR)
    job = Job.objects.create(project=project, kind="export", requested_by=asker)
    people = {role: build.member(project, role) for role in Role}
    sees = {role for role, person in people.items() if job in Job.objects.visible_to(Actor(person))}
    assert sees == set(Role) - {Role.ANNOTATOR}
    assert job in Job.objects.visible_to(Actor(asker))
    assert job not in Job.objects.visible_to(build.actor())
    asker.memberships.all().delete()
    assert job not in Job.objects.visible_to(Actor(asker))
