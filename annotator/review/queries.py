"""What waits for review, and how submissions differ."""

from __future__ import annotations

from django.db.models import QuerySet

from analysis.agreement.differences import Difference, differences
from annotator.coding.models import Submission
from annotator.corpus.models import Document
from annotator.errors import Missing
from annotator.review.models import Review
from annotator.teams.access import Action, Actor, may, require
from annotator.teams.models import Project


def queue(*, actor: Actor, project: Project, state: str = "SUBMITTED") -> QuerySet[Submission]:
    """The latest submissions whose assignment is in `state`, the oldest first, without snapshots and texts."""
    require(actor, Action.VIEW_SUBMISSIONS, project)
    return (
        Submission.objects.latest_of_each()
        .filter(assignment__document__project=project, assignment__document__archived_at=None, assignment__state=state)
        .select_related("assignment__document", "assignment__user")
        .defer("snapshot", "assignment__document__text", "assignment__document__metadata")
        .order_by("at", "id")
    )


def submission_for(*, actor: Actor, submission_id: int) -> Submission:
    """A submission with its document; one's own, or any for those who review. Raises Missing otherwise.

    On a document in the bin it is there only for those who may bring that back.
    """
    found = (
        Submission.objects.select_related("assignment__document__project", "assignment__user", "set__author")
        .filter(pk=submission_id)
        .first()
    )
    if found is None:
        raise Missing()
    document = found.assignment.document
    require(actor, Action.VIEW, document.project)
    if found.assignment.user_id != actor.user.pk and not may(actor, Action.VIEW_SUBMISSIONS, document.project):
        raise Missing()
    if document.archived_at is not None and not may(actor, Action.ARCHIVE_DOCUMENT, document.project):
        raise Missing()
    return found


def reviews_of(*, submission: Submission) -> QuerySet[Review]:
    return Review.objects.filter(submission__set=submission.set_id).select_related("reviewer").order_by("-id")


def last_note(*, document: Document, user_id: int) -> Review | None:
    """Why the person's work on the document came back, the latest word."""
    return (
        Review.objects.filter(submission__assignment__document=document, submission__assignment__user_id=user_id)
        .exclude(verdict=Review.Verdict.ACCEPTED)
        .select_related("reviewer")
        .order_by("-id")
        .first()
    )


def compare(*, a: Submission, b: Submission) -> list[Difference]:
    """The places where two submissions on the same document agree and differ. Raises Missing for different documents."""
    if a.assignment.document_id != b.assignment.document_id:
        raise Missing()
    return differences(a.snapshot["spans"], b.snapshot["spans"])
