"""Accepting and returning submissions. Nobody reviews their own work unless the project says so."""

from __future__ import annotations

import uuid
from collections.abc import Mapping

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from annotator.activity.services import record
from annotator.coding.assignments import move
from annotator.coding.models import AnnotationSet, Assignment, Relation, Span, Submission
from annotator.coding.wire import Data, relation_from_data, span_from_data
from annotator.corpus.models import Document
from annotator.errors import Conflict, Forbidden, Invalid
from annotator.review.models import Review
from annotator.teams.access import Action, Actor, require
from annotator.teams.models import Project
from annotator.teams.services import checked_text

_State = Assignment.State


def _begin(actor: Actor, submission: Submission, action: Action = Action.REVIEW) -> Project:
    project = submission.assignment.document.project
    require(actor, action, project)
    if submission.assignment.user_id == actor.user.pk and not project.self_review:
        raise Forbidden(_("You cannot review your own work."), code="own_work")
    return project


def _decide(submission: Submission, allowed: _State, to: _State) -> None:
    """Move the assignment, then make sure that this is what was handed in last.

    In this order: the moved row is locked, so nobody can withdraw and submit anew before we are done.
    """
    move(submission.assignment, [allowed], to)
    latest = Submission.objects.filter(set=submission.set_id).order_by("-number").values_list("pk", flat=True)[0]
    if latest != submission.pk:
        raise Conflict(_("There is a newer submission."), code="newer", extra={"submission": latest})


def _checked_note(note: str) -> str:
    note = checked_text(note.strip(), "note", 4000)
    if not note:
        raise Invalid(errors={"note": [_("Please say what should be changed.")]})
    return note


@transaction.atomic
def accept(*, actor: Actor, submission: Submission, replace: bool = False) -> AnnotationSet:
    """Accept a submission: its snapshot becomes the gold set of the document.

    Raises Conflict `gold_exists` when there is gold already and `replace` is not given; with it the next round is
    made and the older gold is kept.
    """
    project = _begin(actor, submission)
    document = Document.objects.only("id", "archived_at").select_for_update(no_key=True).get(
        pk=submission.assignment.document_id
    )  # fmt: skip
    if document.archived_at is not None:
        raise Conflict(_("This document is in the bin."), code="archived")
    _decide(submission, _State.SUBMITTED, _State.ACCEPTED)
    if not replace and AnnotationSet.objects.gold().filter(document=document).exists():
        raise Conflict(
            _("This document has gold already. Accepting this one puts it in its place."), code="gold_exists"
        )
    last = AnnotationSet.objects.filter(document=document, origin="GOLD").aggregate(last=Max("round"))["last"] or 0
    gold = AnnotationSet.objects.create(
        project=project,
        document=document,
        codebook_version_id=submission.set.codebook_version_id,
        origin=AnnotationSet.Origin.GOLD,
        author=submission.assignment.user,
        round=last + 1,
        made_from=submission,
    )
    copy_snapshot(submission.snapshot, gold)
    Review.objects.create(submission=submission, reviewer=actor.user, verdict=Review.Verdict.ACCEPTED)
    record(project=project, user=actor.user, verb="set.accepted", target=submission, document=document.pk, gold=gold.pk)
    return gold


def copy_snapshot(snapshot: Mapping[str, list[Data]], gold: AnnotationSet) -> None:
    """Write the spans and relations of a snapshot into a set, under ids of their own that are always the same."""

    def fresh(old: str) -> str:
        return str(uuid.uuid5(uuid.UUID(old), f"gold/{gold.pk}"))

    Span.objects.bulk_create(
        [span_from_data({**s, "id": fresh(s["id"])}, gold.pk) for s in snapshot["spans"]], batch_size=1000
    )
    relations = []
    for relation in snapshot["relations"]:
        ends = {
            key: {"span": fresh(relation[key]["span"])} if relation[key].get("span") else relation[key]
            for key in ("from", "to")
        }
        relations.append(relation_from_data({**relation, **ends, "id": fresh(relation["id"])}, gold.pk))
    Relation.objects.bulk_create(relations, batch_size=1000)


@transaction.atomic
def return_(*, actor: Actor, submission: Submission, note: str) -> Review:
    """Give a submission back with a note that says why. The submission stays; the person's set opens again."""
    project = _begin(actor, submission)
    note = _checked_note(note)
    _decide(submission, _State.SUBMITTED, _State.RETURNED)
    review = Review.objects.create(
        submission=submission, reviewer=actor.user, verdict=Review.Verdict.RETURNED, note=note
    )
    record(project=project, user=actor.user, verb="set.returned", target=submission)
    return review


@transaction.atomic
def reopen(*, actor: Actor, submission: Submission, note: str) -> Review:
    """Open accepted work again. Gold made of it stays until other work is accepted."""
    project = _begin(actor, submission, Action.REOPEN_GOLD)
    note = _checked_note(note)
    _decide(submission, _State.ACCEPTED, _State.RETURNED)
    review = Review.objects.create(
        submission=submission, reviewer=actor.user, verdict=Review.Verdict.REOPENED, note=note
    )
    record(project=project, user=actor.user, verb="set.reopened", target=submission)
    return review
