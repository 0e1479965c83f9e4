"""Files made for other tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from annotator.activity.models import Job
from annotator.teams.models import Project

if TYPE_CHECKING:
    from annotator.teams.access import Actor


class ExportQuerySet(models.QuerySet["Export"]):
    def visible_to(self, actor: Actor) -> ExportQuerySet:
        """Those of the actor's projects; what holds somebody's own unsubmitted sets is only theirs."""
        private = [Export.Which.MINE, Export.Which.ALL]
        return self.filter(
            ~models.Q(which__in=private) | models.Q(created_by_id=actor.user.pk),
            project__in=Project.objects.visible_to(actor),
        )


class Export(models.Model):
    """One file that a job writes. It leaves only through a view that asks again who may have it."""

    class Format(models.TextChoices):
        JSONL = "jsonl", _("Dalala JSONL (lossless)")
        EVENTS_CSV = "events_csv", _("Event table (CSV)")
        SPANS_CSV = "spans_csv", _("Span table (CSV)")

    class Which(models.TextChoices):
        GOLD = "gold", _("Gold: what was accepted")
        SUBMITTED = "submitted", _("All submitted sets")
        MINE = "mine", _("My own sets")
        SUGGESTIONS = "suggestions", _("Suggestions of the taggers")
        ALL = "all", _("All of these")

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="exports")
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="export")
    format = models.CharField(max_length=10, choices=Format)
    which = models.CharField(max_length=11, choices=Which, default=Which.GOLD)
    filters = models.JSONField(default=dict)
    file = models.FileField(max_length=255, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    rows = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = ExportQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.format} {self.pk}"
