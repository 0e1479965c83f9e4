"""Who coded what: assignments, annotation sets, spans, relations and the edits they come from."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from annotator.corpus.models import CodebookVersion, Document
from annotator.registry.models import Entity
from annotator.teams.models import Project


class Assignment(models.Model):
    """One person's task to code one document."""

    class State(models.TextChoices):
        OPEN = "OPEN", _("Not started")
        ACTIVE = "ACTIVE", _("In progress")
        SUBMITTED = "SUBMITTED", _("Submitted")
        RETURNED = "RETURNED", _("Returned")
        ACCEPTED = "ACCEPTED", _("Accepted")
        DECLINED = "DECLINED", _("Declined")
        EXPIRED = "EXPIRED", _("Expired")
        REVOKED = "REVOKED", _("Revoked")
        IRRELEVANT = "IRRELEVANT", _("Irrelevant")

    WRITABLE = ("OPEN", "ACTIVE", "RETURNED")
    HANDED_IN = ("SUBMITTED", "ACCEPTED", "RETURNED")  # the last submission counts; neither withdrawn nor taken away

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="assignments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    # The state that comes back when "irrelevant" is taken back.
    resumes = models.CharField(max_length=10, blank=True, default="", db_default="")
    # Why it was put aside, given back or called irrelevant, in the person's words.
    reason = models.TextField(blank=True, default="", db_default="")
    put_aside_at = models.DateTimeField(null=True, blank=True)  # still the person's, behind all else in the queue
    due_at = models.DateTimeField(null=True, blank=True)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "user"], name="assignment_once"),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "OPEN",
                        "ACTIVE",
                        "SUBMITTED",
                        "RETURNED",
                        "ACCEPTED",
                        "DECLINED",
                        "EXPIRED",
                        "REVOKED",
                        "IRRELEVANT",
                    ]
                ),
                name="assignment_state",
            ),
        ]
        indexes = [models.Index(fields=["user", "state"], name="assignment_of_user")]

    def __str__(self) -> str:
        return f"{self.document_id} · {self.user_id} · {self.state}"

    @property
    def is_writable(self) -> bool:
        return self.state in self.WRITABLE


class ActiveTime(models.Model):
    """A stretch in which the person was at work on the document, as their browser measured it; counted once by its id."""

    id = models.UUIDField(primary_key=True, editable=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="active_times")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    round = models.PositiveIntegerField(default=1)  # of the set
    seconds = models.PositiveIntegerField()
    at = models.DateTimeField(
        default=timezone.now
    )  # its end by the server's clock; stretches of a person never overlap

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(seconds__gt=0), name="active_time_passes")]
        indexes = [models.Index(fields=["user", "-at"], name="active_time_of_user")]

    def __str__(self) -> str:
        return f"{self.assignment_id} {self.seconds} s"


class AnnotationSetQuerySet(models.QuerySet["AnnotationSet"]):
    def of_person(self, user_id: int) -> AnnotationSetQuerySet:
        return self.filter(origin=AnnotationSet.Origin.HUMAN, author_id=user_id)

    def gold(self) -> AnnotationSetQuerySet:
        """The gold sets in force: of each document the latest round."""
        newer = AnnotationSet.objects.filter(
            document_id=models.OuterRef("document_id"),
            origin=AnnotationSet.Origin.GOLD,
            round__gt=models.OuterRef("round"),
        )
        return self.filter(~models.Exists(newer), origin=AnnotationSet.Origin.GOLD)

    def suggesting(self) -> AnnotationSetQuerySet:
        """The model sets in force: of each document and tagger the latest."""
        newer = AnnotationSet.objects.filter(
            document_id=models.OuterRef("document_id"),
            origin=AnnotationSet.Origin.MODEL,
            tagger=models.OuterRef("tagger"),
            pk__gt=models.OuterRef("pk"),
        )
        return self.filter(~models.Exists(newer), origin=AnnotationSet.Origin.MODEL)


class AnnotationSet(models.Model):
    """All spans and relations of one author on one document in one round.

    HUMAN: one a person. MODEL: one a tagger version; its spans are suggestions. GOLD: what was accepted.
    """

    class Origin(models.TextChoices):
        HUMAN = "HUMAN", _("Person")
        MODEL = "MODEL", _("Tagger")
        GOLD = "GOLD", _("Gold")

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="sets")
    codebook_version = models.ForeignKey(CodebookVersion, on_delete=models.PROTECT, related_name="+")
    origin = models.CharField(max_length=5, choices=Origin)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="annotation_sets"
    )
    tagger = models.CharField(max_length=80, blank=True)
    tagger_version = models.CharField(max_length=80, blank=True)
    round = models.PositiveIntegerField(default=1)
    version = models.PositiveIntegerField(default=0)  # grows with each edit
    made_from = models.ForeignKey(
        "Submission", null=True, blank=True, on_delete=models.PROTECT, related_name="gold_sets"
    )
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = AnnotationSetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["document", "author", "round"], condition=Q(origin="HUMAN"), name="set_once_a_person"
            ),
            models.UniqueConstraint(
                fields=["document", "tagger", "tagger_version"], condition=Q(origin="MODEL"), name="set_once_a_tagger"
            ),
            models.UniqueConstraint(
                fields=["document", "round"], condition=Q(origin="GOLD"), name="set_once_a_gold_round"
            ),
            models.CheckConstraint(
                condition=(Q(origin="HUMAN", author__isnull=False) & Q(tagger=""))
                | (Q(origin="MODEL") & ~Q(tagger=""))
                | Q(origin="GOLD"),
                name="set_has_its_author",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.origin} {self.document_id}"


class SpanOrigin(models.TextChoices):
    MANUAL = "MANUAL", _("Marked by hand")
    ACCEPTED = "ACCEPTED", _("Accepted suggestion")
    CORRECTED = "CORRECTED", _("Corrected suggestion")
    IMPORTED = "IMPORTED", _("Imported")
    TAGGER = "TAGGER", _("Suggested by a tagger")


class Span(models.Model):
    """A labelled stretch of a document: code points, half-open, with its quote. Current state; its history is in `Edit`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # No index of its own: two below begin with the set, and a span is what is written most.
    set = models.ForeignKey(AnnotationSet, on_delete=models.PROTECT, related_name="spans", db_index=False)
    label = models.CharField(max_length=40)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    fragments = models.JSONField(null=True, blank=True)
    quote = models.TextField()
    attributes = models.JSONField(default=dict)
    entity = models.ForeignKey(Entity, null=True, blank=True, on_delete=models.PROTECT, related_name="mentions")
    note = models.TextField(blank=True)
    confidence = models.PositiveSmallIntegerField(null=True, blank=True)  # the person's own, 1 to 3
    version = models.PositiveIntegerField(default=1)
    origin = models.CharField(max_length=9, choices=SpanOrigin, default=SpanOrigin.MANUAL)
    suggestion_id = models.UUIDField(null=True, blank=True)  # the span of a MODEL set it was made from
    tagger = models.CharField(max_length=80, blank=True)
    tagger_version = models.CharField(max_length=80, blank=True)
    score = models.FloatField(null=True, blank=True)  # share 0-1, of the tagger
    reason = models.JSONField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="span_not_empty"),
            models.CheckConstraint(condition=Q(confidence=None) | Q(confidence__range=(1, 3)), name="span_confidence"),
            models.CheckConstraint(condition=Q(score=None) | Q(score__range=(0.0, 1.0)), name="span_score_share"),
            models.UniqueConstraint(fields=["set", "id"], name="span_of_set"),  # what relations refer to
        ]
        indexes = [models.Index(fields=["set", "start", "id"], name="span_in_order")]

    def __str__(self) -> str:
        return f"{self.label} {self.start}-{self.end}"


class Relation(models.Model):
    """A typed link between two spans of a set, or between a span and a registry entity the text leaves implicit."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    set = models.ForeignKey(AnnotationSet, on_delete=models.PROTECT, related_name="relations")
    type = models.CharField(max_length=40)
    source_span = models.ForeignKey(Span, null=True, blank=True, on_delete=models.PROTECT, related_name="relations_out")
    source_entity = models.ForeignKey(Entity, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    target_span = models.ForeignKey(Span, null=True, blank=True, on_delete=models.PROTECT, related_name="relations_in")
    target_entity = models.ForeignKey(Entity, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    attributes = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(source_span=None, source_entity__isnull=False)
                | Q(source_span__isnull=False, source_entity=None),
                name="relation_one_source",
            ),
            models.CheckConstraint(
                condition=Q(target_span=None, target_entity__isnull=False)
                | Q(target_span__isnull=False, target_entity=None),
                name="relation_one_target",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.id}"


class Edit(models.Model):
    """One change to a set, for ever. Spans and relations are what the edits add up to.

    `before` and `after` hold {"spans": […], "relations": […], "decisions": […]}: the touched rows
    as they were and as they became. An undo is an edit of its own with `inverts`.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    set = models.ForeignKey(AnnotationSet, on_delete=models.PROTECT, related_name="edits", db_index=False)
    seq = models.PositiveIntegerField()
    verb = models.CharField(max_length=20)
    group = models.UUIDField()  # edits that one act made, undone together
    inverts = models.UUIDField(null=True, blank=True)  # the group that this undo or redo turned back
    before = models.JSONField()
    after = models.JSONField()
    payload_hash = models.CharField(max_length=64)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["set", "seq"], name="edit_seq_once")]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb}"


class SuggestionDecision(models.Model):
    """What one person decided about one suggestion; another person decides anew."""

    class Status(models.TextChoices):
        ACCEPTED = "ACCEPTED", _("Accepted")
        CORRECTED = "CORRECTED", _("Corrected")
        REJECTED = "REJECTED", _("Rejected")

    class Surface(models.TextChoices):
        """Where it was decided."""

        TEXT = "text", _("in the text")
        LIST = "list", _("in the list")
        SWEEP = "sweep", _("in a sweep")
        BULK = "bulk", _("with many others")

    MAX_MS = 600_000  # who takes longer has done something else meanwhile

    set = models.ForeignKey(AnnotationSet, on_delete=models.PROTECT, related_name="decisions")  # the person's
    suggestion = models.ForeignKey(Span, on_delete=models.PROTECT, related_name="decisions")
    status = models.CharField(max_length=9, choices=Status)
    span_id = models.UUIDField(null=True, blank=True)  # what it became
    ms = models.PositiveIntegerField(null=True, blank=True)  # from when it was looked at until it was decided
    surface = models.CharField(max_length=5, choices=Surface, blank=True)  # empty: a program
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["set", "suggestion"], name="decision_once")]

    def __str__(self) -> str:
        return f"{self.suggestion_id} {self.status}"


class SuggestionReveal(models.Model):
    """The moment a person was shown what the taggers propose, where the project has them code without it first.

    What they had by then is their own: the set as its edits up to `version` make it.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()  # of the own set; 0 when nothing had been done
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "user"], name="reveal_once")]

    def __str__(self) -> str:
        return f"{self.document_id} · {self.user_id}"


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def latest_of_each(self) -> SubmissionQuerySet:
        newer = Submission.objects.filter(set_id=models.OuterRef("set_id"), number__gt=models.OuterRef("number"))
        return self.filter(~models.Exists(newer))


class Submission(models.Model):
    """An immutable snapshot of a set, made at each submit. Review, agreement and gold read nothing else."""

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="submissions")
    set = models.ForeignKey(AnnotationSet, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveIntegerField()
    snapshot = models.JSONField()  # {"spans": […], "relations": […]}
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["set", "number"], name="submission_number_once")]

    def __str__(self) -> str:
        return f"{self.set_id} #{self.number}"
