"""Writing the log, and the life of a job: opened, claimed, beating, finished; swept when its runner died."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from annotator.activity.models import Activity, Job
from annotator.errors import Conflict, Forbidden, TooMany
from annotator.teams.access import MATRIX, Action, Actor, require_scope
from annotator.teams.models import Project, User

MAX_ERRORS_KEPT = 500
_MORE = "more"  # the code of the last entry, which counts those that were left out


def record(
    *, project: Project | None, user: User | None, verb: str, target: models.Model | None = None, **data: Any
) -> None:
    """Add one line to the log. Call it last in a service, inside its transaction."""
    Activity.objects.create(
        project=project,
        user=user,
        verb=verb,
        target_type=target._meta.model_name or "" if target else "",
        target_id=str(target.pk) if target else "",
        data=data,
    )


def open_job(
    *,
    actor: Actor,
    project: Project,
    kind: str,
    params: Mapping[str, Any],
    ring: Callable[[uuid.UUID], object],
    dedupe_key: str = "",
    total: int = 0,
    pending_limit: int = 20,
) -> Job:
    """Make the row and ring the bell once the row is committed.

    What the job says to people, it says in the language it was asked in.
    A pending job with the same dedupe key is returned instead of a second one. Raises TooMany
    when `pending_limit` jobs of this kind wait already. A dead broker is no error: the sweeper rings again.
    """
    pending = Job.objects.pending().filter(project=project, kind=kind)
    if dedupe_key and (same := pending.filter(dedupe_key=dedupe_key).first()):
        return same
    if pending.count() >= pending_limit:
        raise TooMany(_("Too many jobs of this kind are waiting already."), code="too_many_jobs")
    try:
        with transaction.atomic():
            job = Job.objects.create(
                project=project,
                kind=kind,
                params={**params, "language": get_language() or "en"},
                dedupe_key=dedupe_key,
                total=total,
                requested_by=actor.user,
            )
    except IntegrityError:  # somebody else made the same job between the look and the insert
        return pending.get(dedupe_key=dedupe_key)
    ring_later(job.pk, ring)
    return job


def ring_later(job_id: uuid.UUID, ring: Callable[[uuid.UUID], object]) -> None:
    """Ring after the commit; `robust` because the request is not to blame for a dead broker."""
    transaction.on_commit(lambda: ring(job_id), robust=True)


@dataclass
class Lease:
    """The right to work on a job until somebody else takes it over."""

    job: Job
    token: uuid.UUID
    errors: list[dict[str, Any]] = field(default_factory=list)
    errors_left_out: int = 0

    def __post_init__(self) -> None:
        """A runner that takes over goes on with the complaints of the one before."""
        self.errors = [e for e in self.job.errors if e["code"] != _MORE]
        self.errors_left_out = sum(int(e["detail"]) for e in self.job.errors if e["code"] == _MORE)
        self._kept = (len(self.errors), self.errors_left_out)

    def beat(
        self, *, done: int | None = None, total: int | None = None, result: Mapping[str, Any] | None = None
    ) -> None:
        """Lengthen the lease and show progress. Raises LeaseLost when another runner has the job or it was cancelled.

        `result` is what there is so far; who takes over finds it in the job.
        """
        changes: dict[str, Any] = {"lease_until": _lease_end()}
        if done is not None:
            changes["done"] = self.job.done = done
        if total is not None:
            changes["total"] = self.job.total = total
        if result is not None:
            changes["result"] = self.job.result = dict(result)
        if not self._mine().update(**changes):
            raise LeaseLost

    @contextmanager
    def beating_beside(self) -> Iterator[Callable[[int], None]]:
        """For work that is one long transaction: beats with how much is done, on a connection of their own.

        They are as rare as the lease allows, so call for every step. A lost lease raises LeaseLost as in `beat`.
        """
        every = settings.JOB_LEASE_SECONDS / 10
        last = time.monotonic()
        with ThreadPoolExecutor(1, "heart") as pool:  # Django keeps a connection a thread

            def beat(done: int) -> None:
                nonlocal last
                if time.monotonic() - last >= every:
                    pool.submit(self.beat, done=done).result()
                    last = time.monotonic()

            try:
                yield beat
            finally:
                pool.submit(lambda: connection.close()).result()  # the connection of that thread

    def hold(self) -> None:
        """Inside a transaction: lock the job row, so that effects are written only by who holds the lease.

        Raises LeaseLost otherwise.
        """
        if not self._mine().select_for_update().exists():
            raise LeaseLost

    def complain(self, *, item: str, code: str, detail: str, line: int | None = None, field: str = "") -> None:
        """Keep an error of one item; the rest goes on. Beyond 500 only the count grows."""
        if len(self.errors) < MAX_ERRORS_KEPT:
            self.errors.append({"item": item, "line": line, "field": field, "code": code, "detail": detail})
        else:
            self.errors_left_out += 1

    def keep_errors(self) -> None:
        """Inside a transaction that holds the lease: write the complaints beside the effects they belong to."""
        now = (len(self.errors), self.errors_left_out)
        if now != self._kept:
            self._mine().update(errors=self._errors())
            self._kept = now

    def _errors(self) -> list[dict[str, Any]]:
        if not self.errors_left_out:
            return self.errors
        more = {"item": "", "line": None, "field": "", "code": _MORE, "detail": str(self.errors_left_out)}
        return [*self.errors, more]

    def finish(self, result: Mapping[str, Any]) -> None:
        """Write DONE. Raises LeaseLost when the lease is gone; then nothing of the caller's transaction may stay."""
        self._end(Job.State.DONE, result=dict(result))

    def fail(self, why: str) -> None:
        """Write FAILED with the reason for people."""
        self._end(Job.State.FAILED, failure=why[:2000])

    def _end(self, state: Job.State, **changes: Any) -> None:
        ended = self._mine().update(
            state=state, errors=self._errors(), finished_at=Now(), lease_until=None, lease_token=None, **changes
        )
        if not ended:
            raise LeaseLost

    def _mine(self) -> models.QuerySet[Job]:
        return Job.objects.filter(pk=self.job.pk, state=Job.State.RUNNING, lease_token=self.token)


class LeaseLost(Exception):
    """Another runner has taken the job over, or it was cancelled: stop and leave no trace."""


def _lease_end() -> models.Expression | datetime:
    return Now() + timedelta(seconds=settings.JOB_LEASE_SECONDS)  # the database's clock, not ours


def claim(job_id: uuid.UUID) -> Lease | None:
    """Take a waiting job, or one whose runner stopped beating. None when there is nothing to take.

    A job that has used up its attempts becomes FAILED here.
    """
    token = uuid.uuid4()
    free = Q(state=Job.State.QUEUED) | Q(state=Job.State.RUNNING, lease_until__lt=Now())
    used_up = Job.objects.filter(free, pk=job_id, attempts__gte=F("max_attempts"))
    for params in used_up.values_list("params", flat=True):
        with override(params.get("language") or "en"):
            why = _("The job stopped without an answer too many times.")
        used_up.update(state=Job.State.FAILED, failure=why, finished_at=Now())
    taken = Job.objects.filter(free, pk=job_id).update(
        state=Job.State.RUNNING,
        attempts=F("attempts") + 1,
        lease_token=token,
        lease_until=_lease_end(),
        started_at=Now(),
    )
    if not taken:
        return None
    return Lease(Job.objects.select_related("project", "requested_by").get(pk=job_id), token)


def due_jobs(*, older_than: float = 5.0) -> Sequence[tuple[uuid.UUID, str]]:
    """Ids and kinds of jobs whose bell must have been lost: waiting for long, or their runner died."""
    since = Now() - timedelta(seconds=older_than)
    due = Job.objects.filter(
        Q(state=Job.State.QUEUED, rung_at__lt=since) | Q(state=Job.State.RUNNING, lease_until__lt=Now())
    )
    ids = list(due.order_by("created_at").values_list("pk", "kind")[:200])
    Job.objects.filter(pk__in=[pk for pk, _kind in ids]).update(rung_at=Now())
    return ids


def stop(job: Job) -> bool:
    """Make a job CANCELLED unless it is over; whether it was. A runner in the middle of a write is waited for."""
    pending = Job.objects.pending().filter(pk=job.pk)
    return bool(pending.update(state=Job.State.CANCELLED, finished_at=Now(), lease_token=None, lease_until=None))


def cancel(*, actor: Actor, job: Job) -> Job:
    """Stop a job that is not over. Its runner notices at its next beat.

    Who asked for it may, and those who run the taggers. Raises Conflict when it is over.
    """
    roles, scope, _frozen = MATRIX[Action.PRETAG]
    if job.requested_by_id != actor.user.pk and actor.role_in(job.project_id) not in roles:
        raise Forbidden(_("Only who asked for a job, or a manager, can stop it."))
    require_scope(actor, scope)
    if not stop(job):
        raise Conflict(_("The job is over already."))
    record(project=job.project, user=actor.user, verb="job.cancelled", target=job)
    job.refresh_from_db()
    return job
