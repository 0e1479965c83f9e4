"""What reviewers said about submissions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from annotator.coding.models import Submission


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
