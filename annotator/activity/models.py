"""What happened, and what is to be done later. Both outlive Redis."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from annotator.teams.access import MATRIX, Action, Actor
from annotator.teams.models import Membership, Project


class Activity(models.Model):
    """One line of the log: who did which verb to what. Rows are only ever added."""

    project = models.ForeignKey(Project, null=True, on_delete=models.PROTECT, related_name="activities")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=40)  # noun.verb, such as document.imported
    target_type = models.CharField(max_length=24, blank=True)
    target_id = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["project", "-id"], name="activity_project")]

    def __str__(self) -> str:
        return f"{self.verb} {self.target_type} {self.target_id}"


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, actor: Actor) -> JobQuerySet:
        """Jobs the actor asked for, and all jobs of projects where the actor sees every document.

        A job's errors and results may quote documents, so an annotator must not see other people's jobs; and nobody sees
        those that tell of another person's unfinished work.
        """
        mine = Project.objects.visible_to(actor)
        wide = MATRIX[Action.VIEW_ALL_DOCUMENTS][0]
        seeing_all = Membership.objects.filter(user_id=actor.user.pk, role__in=wide).values("project_id")
        seen = Q(project__in=seeing_all) & ~Q(kind__in=Job.PERSONAL)
        return self.filter(Q(requested_by_id=actor.user.pk) | seen, project__in=mine)

    def pending(self) -> JobQuerySet:
        return self.filter(state__in=[Job.State.QUEUED, Job.State.RUNNING])


class Job(models.Model):
    """Work to be done later. The row is the truth, a Celery message is only a bell.

    A runner claims it with a fresh `lease_token`; effects and DONE are written in one transaction
    that checks the token, so a runner that was thought dead can change nothing any more.
    """

    class State(models.TextChoices):
        QUEUED = "QUEUED", _("Queued")
        RUNNING = "RUNNING", _("Running")
        DONE = "DONE", _("Done")
        FAILED = "FAILED", _("Failed")
        CANCELLED = "CANCELLED", _("Cancelled")

    PERSONAL = ("same", "same_undo")  # kinds that change a person's own sets

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="jobs")
    params = models.JSONField(default=dict)
    dedupe_key = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=5)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    errors = models.JSONField(default=list)  # one entry an item: {"item", "line", "field", "code", "detail"}
    result = models.JSONField(default=dict)
    failure = models.TextField(blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    rung_at = models.DateTimeField(default=timezone.now)  # when the bell was last rung
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "kind", "dedupe_key"],
                condition=Q(state__in=["QUEUED", "RUNNING"]) & ~Q(dedupe_key=""),
                name="job_once_while_pending",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "lease_until"], condition=Q(state__in=["QUEUED", "RUNNING"]), name="job_due"),
            models.Index(fields=["project", "kind", "-created_at"], name="job_project"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id} {self.state}"

    @property
    def is_over(self) -> bool:
        return self.state in (Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED)

    @property
    def share(self) -> float:
        """How much is done, a share from 0 to 1."""
        if self.state == Job.State.DONE:
            return 1.0
        return min(1.0, self.done / self.total) if self.total else 0.0
