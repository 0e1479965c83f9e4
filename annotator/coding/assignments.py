"""Who is to code what: the life of an assignment. Moves are conditional updates; a zero count means somebody was first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analysis.events.codebook import missing
from annotator.activity.services import record
from annotator.coding.desk import codebook, take_seat
from annotator.coding.models import Assignment, Relation, Span, Submission
from annotator.coding.wire import digest, relation_data, span_data
from annotator.corpus.models import Document
from annotator.corpus.problems import say
from annotator.errors import Conflict, Invalid, Missing
from annotator.teams.access import MATRIX, Action, Actor, may, require
from annotator.teams.models import Membership, Project
from annotator.teams.services import checked_text, remove_member

State = Assignment.State
_GIVEN_BACK = (State.REVOKED, State.DECLINED, State.EXPIRED)
_ASSIGNABLE = (*_GIVEN_BACK, State.IRRELEVANT)  # one by one; many at once leave alone what was judged


def move(assignment: Assignment, allowed: Iterable[str], to: str) -> None:
    """Change the state if it is one of `allowed` now. Raises Conflict with the real state otherwise."""
    moved = Assignment.objects.filter(pk=assignment.pk, state__in=list(allowed)).update(
        state=to, changed_at=timezone.now()
    )
    assignment.refresh_from_db(fields=["state"])
    if not moved:
        raise Conflict(
            _("This cannot be done now: %(state)s.") % {"state": assignment.get_state_display()},
            extra={"state": assignment.state},
        )


@transaction.atomic
def assign(*, actor: Actor, document: Document, email: str, due_at: datetime | None = None) -> Assignment:
    """Give a document to a member of the project who may annotate. Raises Conflict when the person has it already."""
    require(actor, Action.ASSIGN, document.project)
    if document.archived_at is not None:
        raise Conflict(_("This document is in the bin."), code="archived")
    member = (
        Membership.objects.select_related("user")
        .filter(_may_annotate(), project=document.project, user__email=email.strip().lower())
        .first()
    )
    if member is None:
        raise Invalid(errors={"user": [_("No member with this e-mail address may annotate here.")]})
    assignment, new = Assignment.objects.get_or_create(
        document=document, user=member.user, defaults={"due_at": due_at, "assigned_by": actor.user}
    )
    if not new:
        move(assignment, _ASSIGNABLE, State.OPEN)
        Assignment.objects.filter(pk=assignment.pk).update(
            due_at=due_at, assigned_by=actor.user, put_aside_at=None, reason="", resumes=""
        )
    record(project=document.project, user=actor.user, verb="assignment.made", target=assignment, member=member.user_id)
    return assignment


def _may_annotate() -> Q:
    return Q(role__in=MATRIX[Action.ANNOTATE][0], user__is_active=True)


_ASSIGN_MANY = """
INSERT INTO coding_assignment (document_id, user_id, state, due_at, assigned_by_id, created_at, changed_at)
SELECT d.id, u.id, 'OPEN', %(due)s, %(by)s, now(), now()
FROM unnest(%(documents)s::bigint[]) AS d(id) CROSS JOIN unnest(%(people)s::bigint[]) AS u(id)
ORDER BY d.id, u.id
ON CONFLICT (document_id, user_id) DO UPDATE
    SET state = 'OPEN', due_at = EXCLUDED.due_at, assigned_by_id = EXCLUDED.assigned_by_id, changed_at = now(),
        put_aside_at = NULL, reason = ''
    WHERE coding_assignment.state = ANY(%(given_back)s)
"""


@transaction.atomic
def assign_many(
    *,
    actor: Actor,
    project: Project,
    document_ids: Iterable[int],
    user_ids: Iterable[int],
    due_at: datetime | None = None,
) -> int:
    """Give each of the documents to each of the people; work that goes on stays. Returns how many are newly open."""
    require(actor, Action.ASSIGN, project)
    documents = Document.objects.visible_to(actor).present().filter(project=project, pk__in=list(document_ids))
    people = Membership.objects.filter(_may_annotate(), project=project, user_id__in=list(user_ids))
    wanted: dict[str, Any] = {
        "documents": list(documents.values_list("pk", flat=True)),
        "people": list(people.values_list("user_id", flat=True)),
    }
    # One statement that counts for itself: two managers at once are told the truth, each about their own.
    with connection.cursor() as cursor:
        cursor.execute(
            _ASSIGN_MANY, {**wanted, "due": due_at, "by": actor.user.pk, "given_back": [str(s) for s in _GIVEN_BACK]}
        )
        made: int = cursor.rowcount
    if made:
        record(project=project, user=actor.user, verb="assignment.made_many", count=made, **wanted)
    return made


def assignment_for(*, actor: Actor, assignment_id: int) -> Assignment:
    """Raises Missing for strangers and for annotators asking for other people's assignments."""
    rows = Assignment.objects.select_related("document__project", "user").defer("document__text", "document__metadata")
    found = rows.filter(pk=assignment_id).first()
    if found is None:
        raise Missing()
    require(actor, Action.VIEW, found.document.project)
    if found.user_id != actor.user.pk and not may(actor, Action.VIEW_SUBMISSIONS, found.document.project):
        raise Missing()
    return found


@transaction.atomic
def revoke(*, actor: Actor, assignment: Assignment) -> None:
    """Take a document away from somebody. The work so far is kept but no longer counts."""
    project = assignment.document.project
    require(actor, Action.ASSIGN, project)
    states = [State.OPEN, State.ACTIVE, State.SUBMITTED, State.RETURNED, State.EXPIRED, State.IRRELEVANT]
    move(assignment, states, State.REVOKED)
    record(project=project, user=actor.user, verb="assignment.revoked", target=assignment)


@transaction.atomic
def decline(*, actor: Actor, assignment: Assignment, reason: str) -> None:
    """Give a document back, saying why. The work so far is kept."""
    project = assignment.document.project
    if assignment.user_id != actor.user.pk:
        raise Missing()
    require(actor, Action.ANNOTATE, project)
    reason = checked_text(reason.strip(), "reason", 1000)
    if not reason:
        raise Invalid(errors={"reason": [_("Please say why.")]})
    move(assignment, [State.OPEN, State.ACTIVE], State.DECLINED)
    Assignment.objects.filter(pk=assignment.pk).update(reason=reason, put_aside_at=None)
    record(project=project, user=actor.user, verb="assignment.declined", target=assignment, reason=reason)


@transaction.atomic
def take_out(*, actor: Actor, membership: Membership) -> None:
    """Take a member out of the project, or leave it. Work that is open is given back; what was submitted stays."""
    remove_member(actor=actor, membership=membership)
    rows = Assignment.objects.filter(
        user_id=membership.user_id, document__project_id=membership.project_id, state__in=Assignment.WRITABLE
    )
    # In the order of `assign_many`, so that the two never wait for each other.
    ids = list(rows.select_for_update(no_key=True, of=("self",)).order_by("document_id").values_list("pk", flat=True))
    Assignment.objects.filter(pk__in=ids).update(state=State.REVOKED, changed_at=timezone.now())


@transaction.atomic
def submit(*, actor: Actor, document_id: int) -> Submission:
    """Hand in one's set: a snapshot that never changes, and the set closes.

    Raises Invalid with errors by span where the codebook asks for more, Conflict in the wrong state.
    """
    desk = take_seat(actor, document_id)
    require(actor, Action.SUBMIT, desk.project)
    if desk.assignment is None:
        raise Conflict(_("You are not assigned to this document."), extra={"state": None})
    if desk.set is None:
        raise Conflict(_("There is nothing to submit yet."), extra={"state": desk.state}, code="empty")
    move(desk.assignment, [State.ACTIVE, State.RETURNED], State.SUBMITTED)
    Assignment.objects.filter(pk=desk.assignment.pk, put_aside_at__isnull=False).update(put_aside_at=None, reason="")
    spans = [span_data(s) for s in Span.objects.filter(set=desk.set).order_by("start", "id")]
    relations = [relation_data(r) for r in Relation.objects.filter(set=desk.set).order_by("id")]
    book = codebook(desk.set.codebook_version_id)
    errors: dict[str, list[str]] = {}
    for span in spans:
        for problem in missing(book, span["label"], span["attributes"]):
            errors.setdefault(f"spans.{span['id']}.attributes.{problem.path}", []).append(say(problem))
    if errors:
        count = len({path.split(".")[1] for path in errors})
        raise Invalid(
            ngettext(
                "%(count)s mark still lacks something the codebook asks for.",
                "%(count)s marks still lack something the codebook asks for.",
                count,
            )
            % {"count": count},
            errors=errors,
            code="incomplete",
        )
    snapshot = {"spans": spans, "relations": relations}
    last = Submission.objects.filter(set=desk.set).aggregate(last=Max("number"))["last"] or 0
    submission = Submission.objects.create(
        assignment=desk.assignment, set=desk.set, number=last + 1, snapshot=snapshot, sha256=digest(snapshot)
    )
    record(project=desk.project, user=actor.user, verb="set.submitted", target=submission, document=document_id)
    return submission


@transaction.atomic
def withdraw(*, actor: Actor, document_id: int) -> Assignment:
    """Take one's submission back. Raises Conflict once somebody has reviewed it: then it is no longer SUBMITTED."""
    desk = take_seat(actor, document_id)
    require(actor, Action.SUBMIT, desk.project)
    if desk.assignment is None:
        raise Conflict(_("You are not assigned to this document."), extra={"state": None})
    move(desk.assignment, [State.SUBMITTED], State.ACTIVE)
    desk.assignment.refresh_from_db(fields=["due_at", "assigned_by", "created_at", "changed_at"])  # a desk lacks them
    record(project=desk.project, user=actor.user, verb="set.withdrawn", target=desk.assignment)
    return desk.assignment
