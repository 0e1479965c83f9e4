"""What reviewers said about submissions, and what people say to each other about documents and marks."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from annotator.coding.models import Submission
from annotator.corpus.models import Document
from annotator.teams.access import MATRIX, Action, Actor
from annotator.teams.models import Membership


class Review(models.Model):
    """One verdict on one submission. A return must say why."""

    class Verdict(models.TextChoices):
        ACCEPTED = "ACCEPTED", _("Accepted")
        RETURNED = "RETURNED", _("Returned")
        REOPENED = "REOPENED", _("Reopened")

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=8, choices=Verdict)
    note = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(verdict="RETURNED", note=""), name="review_return_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} {self.submission_id}"


class ThreadQuerySet(models.QuerySet["Thread"]):
    def visible_to(self, actor: Actor) -> ThreadQuerySet:
        """Threads on documents the actor sees: those for everybody, those on the actor's own work, all for who reviews.

        So a thread on one annotator's marks never reaches another annotator, and coding stays blind.
        """
        reviewing = Membership.objects.filter(user_id=actor.user.pk, role__in=MATRIX[Action.VIEW_SUBMISSIONS][0])
        documents = Document.objects.visible_to(actor).present()
        mine = Q(work_of=None) | Q(work_of=actor.user) | Q(document__project__in=reviewing.values("project_id"))
        return self.filter(mine, document__in=documents)

    def alive(self) -> ThreadQuerySet:
        """Those in which something is said that was not deleted."""
        return self.filter(models.Exists(Comment.objects.filter(thread=models.OuterRef("pk"), archived_at=None)))


class Thread(models.Model):
    """Comments that belong together: about a document, or about a mark on it.

    `work_of` is the person whose work it is about; nobody else who codes reads it. Without, it is for everybody who reads
    the document. What was marked is kept here, so that the thread outlives the mark.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="threads")
    work_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    span_id = models.UUIDField(null=True, blank=True)  # no key: a mark that was removed leaves its thread
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    quote = models.TextField(blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField(default=timezone.now)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(span_id=None, start=None, end=None)
                | Q(span_id__isnull=False, start__isnull=False, end__gt=models.F("start")),
                name="thread_mark_has_an_extent",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at=None, resolved_by=None)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="thread_resolved_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["document", "id"], name="thread_of_document")]

    def __str__(self) -> str:
        return f"{self.document_id} {self.quote[:40]}"


class Comment(models.Model):
    """What one person said. `@{7}` in the body stands for the person 7, if there is a mention of them."""

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="comments")
    key = models.UUIDField(unique=True, default=uuid.uuid4)  # made by the page: sent again, it is the same comment
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True, blank=True)  # deleted by its author, who may bring it back

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(body=""), name="comment_says_something")]

    def __str__(self) -> str:
        return self.body[:60]


class CommentVersion(models.Model):
    """What a comment said before its author changed it."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="versions")
    body = models.TextField()
    until = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.body[:60]


class Mention(models.Model):
    """A comment that names a person with @."""

    comment = models.ForeignKey(Comment, on_delete=models.PROTECT, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "user"], name="mention_once")]
        indexes = [models.Index(fields=["user", "-comment"], name="mention_of_user")]

    def __str__(self) -> str:
        return f"{self.comment_id} @{self.user_id}"


class TalkSeen(models.Model):
    """How far a person has read the comments on a document: up to a comment id."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    last = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "document"], name="talk_seen_once")]

    def __str__(self) -> str:
        return f"{self.document_id} {self.user_id}"
