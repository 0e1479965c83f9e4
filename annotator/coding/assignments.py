"""Who is to code what: the life of an assignment. Moves are conditional updates; a zero count means somebody was first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analysis.events.codebook import missing
from annotator.activity.services import record
from annotator.coding.desk import codebook
from annotator.coding.models import AnnotationSet, Assignment, Relation, Span, Submission
from annotator.coding.wire import digest, relation_data, span_data
from annotator.corpus.models import Document
from annotator.corpus.problems import say
from annotator.errors import Conflict, Invalid, Missing
from annotator.teams.access import MATRIX, Action, Actor, require
from annotator.teams.models import Membership, Project

State = Assignment.State


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
    may_annotate = MATRIX[Action.ANNOTATE][0]
    member = (
        Membership.objects.select_related("user")
        .filter(project=document.project, user__email=email.strip().lower(), role__in=may_annotate)
        .first()
    )
    if member is None:
        raise Invalid(errors={"user": [_("No member with this e-mail address may annotate here.")]})
    assignment, new = Assignment.objects.get_or_create(
        document=document, user=member.user, defaults={"due_at": due_at, "assigned_by": actor.user}
    )
    if not new:
        move(assignment, [State.REVOKED, State.DECLINED, State.EXPIRED], State.OPEN)
        Assignment.objects.filter(pk=assignment.pk).update(due_at=due_at, assigned_by=actor.user)
    record(project=document.project, user=actor.user, verb="assignment.made", target=assignment, member=member.user_id)
    return assignment


@transaction.atomic
def assign_many(
    *,
    actor: Actor,
    project: Project,
    document_ids: Iterable[int],
    user_ids: Iterable[int],
    due_at: datetime | None = None,
) -> int:
    """Give each of the documents to each of the people; what they have already stays. Returns how many are new."""
    require(actor, Action.ASSIGN, project)
    documents = list(Document.objects.visible_to(actor).filter(project=project, pk__in=list(document_ids)).only("id"))
    may_annotate = MATRIX[Action.ANNOTATE][0]
    people = Membership.objects.filter(project=project, user_id__in=list(user_ids), role__in=may_annotate)
    wanted = [
        Assignment(document=document, user_id=user_id, due_at=due_at, assigned_by=actor.user)
        for document in documents
        for user_id in people.values_list("user_id", flat=True)
    ]
    before = Assignment.objects.filter(document__project=project).count()
    Assignment.objects.bulk_create(wanted, ignore_conflicts=True)
    made = Assignment.objects.filter(document__project=project).count() - before
    if made:
        record(project=project, user=actor.user, verb="assignment.made_many", count=made)
    return made


def assignment_for(*, actor: Actor, assignment_id: int) -> Assignment:
    """Raises Missing for strangers and for annotators asking for other people's assignments."""
    found = Assignment.objects.select_related("document__project", "user").filter(pk=assignment_id).first()
    if found is None or actor.role_in(found.document.project_id) is None:
        raise Missing()
    wide = MATRIX[Action.VIEW_SUBMISSIONS][0]
    if found.user_id != actor.user.pk and actor.role_in(found.document.project_id) not in wide:
        raise Missing()
    return found


@transaction.atomic
def revoke(*, actor: Actor, assignment: Assignment) -> None:
    """Take a document away from somebody. The work so far is kept but no longer counts."""
    project = assignment.document.project
    require(actor, Action.ASSIGN, project)
    move(assignment, [State.OPEN, State.ACTIVE, State.SUBMITTED, State.RETURNED, State.EXPIRED], State.REVOKED)
    record(project=project, user=actor.user, verb="assignment.revoked", target=assignment)


@transaction.atomic
def decline(*, actor: Actor, assignment: Assignment, reason: str) -> None:
    """Give a document back, saying why. The work so far is kept."""
    project = assignment.document.project
    require(actor, Action.ANNOTATE, project)
    if assignment.user_id != actor.user.pk:
        raise Missing()
    if not reason.strip():
        raise Invalid(errors={"reason": [_("Please say why.")]})
    move(assignment, [State.OPEN, State.ACTIVE], State.DECLINED)
    record(project=project, user=actor.user, verb="assignment.declined", target=assignment, reason=reason[:1000])


@transaction.atomic
def submit(*, actor: Actor, document_id: int) -> Submission:
    """Hand in one's set: a snapshot that never changes, and the set closes.

    Raises Invalid with errors by span where the codebook asks for more, Conflict in the wrong state.
    """
    own_set = (
        AnnotationSet.objects.of_person(actor.user.pk)
        .select_for_update(no_key=True)
        .filter(document_id=document_id)
        .first()
    )
    assignment = (
        Assignment.objects.select_related("document__project").filter(document_id=document_id, user=actor.user).first()
    )
    if assignment is None or not Document.objects.visible_to(actor).filter(pk=document_id).exists():
        if Document.objects.visible_to(actor).filter(pk=document_id).exists():
            raise Conflict(_("You are not assigned to this document."), extra={"state": None})
        raise Missing()
    project = assignment.document.project
    require(actor, Action.SUBMIT, project)
    if own_set is None:
        raise Conflict(_("There is nothing to submit yet."), extra={"state": assignment.state}, code="empty")
    move(assignment, [State.ACTIVE, State.RETURNED], State.SUBMITTED)
    spans = [span_data(s) for s in Span.objects.filter(set=own_set).order_by("start", "id")]
    relations = [relation_data(r) for r in Relation.objects.filter(set=own_set).order_by("id")]
    book = codebook(own_set.codebook_version_id)
    errors: dict[str, list[str]] = {}
    for span in spans:
        for problem in missing(book, span["label"], span["attributes"]):
            errors.setdefault(f"spans.{span['id']}.attributes.{problem.path}", []).append(say(problem))
    if errors:
        count = len({e.split(".")[1] for e in errors})
        raise Invalid(
            ngettext(
                "%(count)s span still lacks something the codebook asks for.",
                "%(count)s spans still lack something the codebook asks for.",
                count,
            )
            % {"count": count},
            errors=errors,
            code="incomplete",
        )
    snapshot = {"spans": spans, "relations": relations}
    last = Submission.objects.filter(set=own_set).aggregate(last=Max("number"))["last"] or 0
    submission = Submission.objects.create(
        assignment=assignment, set=own_set, number=last + 1, snapshot=snapshot, sha256=digest(snapshot)
    )
    record(project=project, user=actor.user, verb="set.submitted", target=submission, document=document_id)
    return submission


@transaction.atomic
def withdraw(*, actor: Actor, document_id: int) -> Assignment:
    """Take one's submission back before anybody reviewed it."""
    assignment = (
        Assignment.objects.select_related("document__project").filter(document_id=document_id, user=actor.user).first()
    )
    if assignment is None or not Document.objects.visible_to(actor).filter(pk=document_id).exists():
        raise Missing()
    require(actor, Action.SUBMIT, assignment.document.project)
    move(assignment, [State.SUBMITTED], State.ACTIVE)
    record(project=assignment.document.project, user=actor.user, verb="set.withdrawn", target=assignment)
    return assignment
