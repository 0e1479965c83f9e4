"""How long people were at work on a document: what their browsers measured, counted once and never above the clock."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from annotator.coding.desk import take_seat
from annotator.coding.models import ActiveTime, AnnotationSet, Assignment
from annotator.errors import Invalid
from annotator.teams.access import Action, Actor, require
from annotator.teams.models import User

LONGEST = 120  # seconds of one stretch
OLDEST = 30 * 24 * 3600  # seconds; what a browser kept longer is not believed
MOST = 500  # stretches at a time
SLACK = timedelta(seconds=5)  # how long a stretch may have been on its way


@dataclass(frozen=True)
class Stretch:
    """A time of activity: whole seconds, and how many seconds before now it ended."""

    id: uuid.UUID
    seconds: int
    ago: int


def read_stretches(rows: object) -> list[Stretch]:
    """The stretches of a list [{"id", "seconds", "ago"}]. Raises Invalid for anything else."""
    wrong = Invalid(errors={"stretches": [_("A list is needed.")]})
    if not isinstance(rows, list) or len(rows) > MOST:
        raise wrong
    out = []
    for row in rows:
        try:
            stretch = Stretch(uuid.UUID(row["id"]), row["seconds"], row["ago"])
        except (KeyError, TypeError, ValueError, AttributeError):
            raise wrong from None
        if type(stretch.seconds) is not int or not 0 < stretch.seconds <= LONGEST:
            raise wrong
        if type(stretch.ago) is not int or not 0 <= stretch.ago <= OLDEST:
            raise wrong
        out.append(stretch)
    return out


@transaction.atomic
def add_active_time(
    *, actor: Actor, document_id: int, stretches: Iterable[Stretch], now: datetime | None = None
) -> int:
    """Add the stretches that are new to the actor's time on the document. Returns its seconds in all.

    Stretches of a person never overlap, on whichever documents and from however many browsers, so that nobody was
    active for longer than the clock went. Without an assignment nothing is kept. Raises Missing for strangers.
    """
    now = now or timezone.now()
    desk = take_seat(actor, document_id)
    require(actor, Action.ANNOTATE, desk.project)
    if desk.assignment is None:
        return 0
    User.objects.select_for_update(no_key=True).get(pk=actor.user.pk)  # two browsers must not fill the same time
    given = sorted({s.id: s for s in stretches}.values(), key=lambda s: -s.ago)
    known = set(ActiveTime.objects.filter(pk__in=[s.id for s in given]).values_list("pk", flat=True))
    free_from = ActiveTime.objects.filter(user=actor.user).order_by("-at").values_list("at", flat=True).first()
    own = AnnotationSet.objects.of_person(actor.user.pk).filter(document_id=document_id)
    round_now = own.order_by("-round").values_list("round", flat=True).first() or 1
    rows = []
    for stretch in given:
        if stretch.id in known:
            continue
        end = now - timedelta(seconds=stretch.ago)
        start = end - timedelta(seconds=stretch.seconds) - SLACK
        if free_from is not None:
            start = max(start, free_from)
        seconds = min(stretch.seconds, int((end - start).total_seconds()))
        if seconds <= 0:
            continue
        free_from = start + timedelta(seconds=seconds)
        rows.append(
            ActiveTime(
                id=stretch.id, assignment_id=desk.assignment.pk, user=actor.user, round=round_now, seconds=seconds,
                at=free_from,
            )
        )  # fmt: skip
    ActiveTime.objects.bulk_create(rows, ignore_conflicts=True)
    return seconds_on(desk.assignment)


def seconds_on(assignment: Assignment) -> int:
    return ActiveTime.objects.filter(assignment=assignment).aggregate(sum=Sum("seconds"))["sum"] or 0
