"""What becomes of a task besides a submission: put aside for later, or found irrelevant. Both can be taken back."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from annotator.activity.services import record
from annotator.coding.assignments import move
from annotator.coding.desk import Desk, take_seat
from annotator.coding.models import Assignment
from annotator.coding.queries import my_work
from annotator.errors import Conflict, Invalid
from annotator.teams.access import Action, Actor, require
from annotator.teams.models import Project
from annotator.teams.services import checked_text

State = Assignment.State
LONGEST_REASON = 1000


def _sit(actor: Actor, document_id: int) -> tuple[Desk, Assignment]:
    """The actor's place and task, which is locked. Raises Missing for strangers, Conflict for who has no task here."""
    desk = take_seat(actor, document_id)
    require(actor, Action.SUBMIT, desk.project)
    if desk.assignment is None:
        raise Conflict(_("You are not assigned to this document."), extra={"state": None})
    return desk, desk.assignment


@transaction.atomic
def call_irrelevant(*, actor: Actor, document_id: int, reason: str = "") -> Assignment:
    """Say that there is nothing to code here: the task is over, the work so far stays but counts nowhere."""
    desk, assignment = _sit(actor, document_id)
    reason = checked_text(reason.strip(), "reason", LONGEST_REASON)
    before = assignment.state
    move(assignment, Assignment.WRITABLE, State.IRRELEVANT)
    Assignment.objects.filter(pk=assignment.pk).update(resumes=before, reason=reason, put_aside_at=None)
    record(project=desk.project, user=actor.user, verb="assignment.irrelevant", target=assignment, reason=reason)
    return assignment


@transaction.atomic
def call_relevant(*, actor: Actor, document_id: int) -> Assignment:
    """Take "irrelevant" back: the task goes on where it was."""
    desk, assignment = _sit(actor, document_id)
    resumes = Assignment.objects.filter(pk=assignment.pk).values_list("resumes", flat=True)[0]
    move(assignment, [State.IRRELEVANT], resumes or State.OPEN)
    Assignment.objects.filter(pk=assignment.pk).update(resumes="", reason="")
    record(project=desk.project, user=actor.user, verb="assignment.relevant", target=assignment)
    return assignment


@transaction.atomic
def put_aside(*, actor: Actor, document_id: int, reason: str) -> Assignment:
    """Leave a document for later and say why. It stays the actor's, at the end of the queue, until it is worked on."""
    desk, assignment = _sit(actor, document_id)
    reason = checked_text(reason.strip(), "reason", LONGEST_REASON)
    if not reason:
        raise Invalid(errors={"reason": [_("Please say why.")]})
    move(assignment, Assignment.WRITABLE, assignment.state)
    Assignment.objects.filter(pk=assignment.pk).update(put_aside_at=timezone.now(), reason=reason)
    record(project=desk.project, user=actor.user, verb="assignment.put_aside", target=assignment, reason=reason)
    return assignment


@transaction.atomic
def take_up(*, actor: Actor, document_id: int) -> Assignment:
    """Take up again what was put aside: it stands in the queue as before."""
    desk, assignment = _sit(actor, document_id)
    rows = Assignment.objects.filter(pk=assignment.pk, state__in=Assignment.WRITABLE, put_aside_at__isnull=False)
    if not rows.update(put_aside_at=None, reason=""):
        raise Conflict(_("This was not put aside."), extra={"state": assignment.state})
    record(project=desk.project, user=actor.user, verb="assignment.taken_up", target=assignment)
    return assignment


def next_of_queue(*, actor: Actor, project: Project, after: int) -> Assignment | None:
    """What the actor works on next in the project when done with the document `after`; None when all is done.

    What was put aside is not offered: it waits until the person wants it.
    """
    rows = my_work(actor=actor, project=project).exclude(document=after).filter(put_aside_at=None)
    return rows.first()


def tally(*, actor: Actor, project: Project) -> dict[str, int]:
    """How much of the actor's work in the project is `done`, `aside` and still `open`."""
    rows = Assignment.objects.filter(user=actor.user, document__project=project, document__archived_at=None)
    over = [State.SUBMITTED, State.ACCEPTED, State.IRRELEVANT]
    return rows.aggregate(
        done=Count("id", filter=Q(state__in=over)),
        aside=Count("id", filter=Q(state__in=Assignment.WRITABLE, put_aside_at__isnull=False)),
        open=Count("id", filter=Q(state__in=Assignment.WRITABLE, put_aside_at=None)),
    )


def aside(*, actor: Actor, project: Project) -> list[Assignment]:
    """What the actor put aside in the project, the earliest first."""
    rows = my_work(actor=actor, project=project).filter(put_aside_at__isnull=False)
    return list(rows.order_by(F("put_aside_at").asc(), "id")[:50])
