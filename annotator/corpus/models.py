"""The texts, how they came in, and the codebook they are coded with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from annotator.activity.models import Job
from annotator.teams.access import MATRIX, Action
from annotator.teams.models import Membership, Project

if TYPE_CHECKING:
    from annotator.teams.access import Actor


class CodebookVersion(models.Model):
    """Labels, attributes, relation types and rules, frozen: a change makes the next version."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="codebook_versions")
    number = models.PositiveIntegerField()
    body = models.JSONField()
    note = models.TextField(blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="codebook_number_once")]

    def __str__(self) -> str:
        return f"{self.project} · {self.number}"


class ImportBatch(models.Model):
    """One act of bringing in documents. Its job reads the files, one after the other, and reports by file and line."""

    class Format(models.TextChoices):
        AUTO = "auto", _("Recognise the format")
        TEXT = "txt", _("Plain text, one article a file")
        JSONL = "jsonl", _("Dalala JSONL, one document a line")

    class Annotations(models.TextChoices):
        GOLD = "gold", _("take them as accepted (gold)")
        SUGGESTIONS = "suggestions", _("show them as suggestions")

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="imports")
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="import_batch")
    format = models.CharField(max_length=8, choices=Format, default=Format.AUTO)
    annotations = models.CharField(max_length=11, choices=Annotations, default=Annotations.GOLD)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"import {self.pk}"


def import_path(instance: ImportFile, _filename: str) -> str:
    """A name of ours: what the person called the file is kept in a column, never in a path."""
    return f"imports/{instance.batch_id}/{instance.number}"


class ImportFile(models.Model):
    class State(models.TextChoices):
        WAITING = "WAITING", _("Waiting")
        DONE = "DONE", _("Done")
        FAILED = "FAILED", _("Failed")

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="files")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=255)
    file = models.FileField(upload_to=import_path, max_length=255)
    size = models.PositiveBigIntegerField()  # bytes
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    lines_done = models.PositiveIntegerField(default=0)  # where a rerun goes on
    imported = models.PositiveIntegerField(default=0)
    duplicates = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="import_file_once")]

    def __str__(self) -> str:
        return self.name


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, actor: Actor) -> DocumentQuerySet:
        """All documents for those who see the whole project, else those assigned to the actor.

        One filter over subqueries, never chained joins: a join could pair one project's role with another's document.
        """
        wide = MATRIX[Action.VIEW_ALL_DOCUMENTS][0]
        belongs = Membership.objects.filter(user_id=actor.user.pk)
        everything = belongs.filter(Q(role__in=wide) | Q(project__open_documents=True)).values("project_id")
        assignment = self.model._meta.get_field("assignments").related_model
        assigned = assignment._default_manager.filter(document_id=OuterRef("pk"), user_id=actor.user.pk).exclude(
            state__in=["REVOKED", "DECLINED"]
        )
        rows = self.filter(
            Q(project_id__in=everything) | (Q(project_id__in=belongs.values("project_id")) & Exists(assigned))
        )
        return rows.filter(project_id=actor.project_id) if actor.project_id else rows

    def present(self) -> DocumentQuerySet:
        """Without those in the bin."""
        return self.filter(archived_at=None)


class Document(models.Model):
    """One article. `text` never changes; a trigger in the database refuses it."""

    class Direction(models.TextChoices):
        RTL = "rtl", _("Right to left")
        LTR = "ltr", _("Left to right")

    # No index of its own: two below begin with the project.
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="documents", db_index=False)
    external_id = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=500)
    author = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=200, blank=True)
    source_url = models.CharField(max_length=1000, blank=True)
    published_on = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=12, default="und")
    direction = models.CharField(max_length=3, choices=Direction, default=Direction.LTR)
    text = models.TextField()
    length = models.PositiveIntegerField()  # code points
    words = models.PositiveIntegerField(default=0)
    body_start = models.PositiveIntegerField(default=0)  # code point where the body begins after title, date and byline
    text_sha256 = models.CharField(max_length=64)
    metadata = models.JSONField(default=dict)
    batch = models.ForeignKey(ImportBatch, null=True, blank=True, on_delete=models.PROTECT, related_name="documents")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "text_sha256"], name="document_text_once"),
            models.CheckConstraint(condition=Q(length__gt=0), name="document_not_empty"),
            models.CheckConstraint(condition=Q(body_start__lt=F("length")), name="document_body_inside"),
        ]
        indexes = [models.Index(fields=["project", "-id"], name="document_project")]

    def __str__(self) -> str:
        return self.title


class DocumentSource(models.Model):
    """The bytes a document came in as. Empty `raw` means: exactly the text in UTF-8."""

    document = models.OneToOneField(Document, on_delete=models.CASCADE, primary_key=True, related_name="origin")
    raw = models.BinaryField(null=True)
    raw_sha256 = models.CharField(max_length=64)
    encoding = models.CharField(max_length=20, default="utf-8")
    filename = models.CharField(max_length=255, blank=True)

    def __str__(self) -> str:
        return self.filename or self.raw_sha256[:12]
