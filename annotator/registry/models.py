"""The actors and places that mentions are linked to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from annotator.teams.access import Actor
from annotator.teams.models import Project

if TYPE_CHECKING:
    from annotator.registry.queries import Match


class EntityQuerySet(models.QuerySet["Entity"]):
    def visible_to(self, actor: Actor) -> EntityQuerySet:
        return self.filter(project__in=Project.objects.visible_to(actor))

    def current(self) -> EntityQuerySet:
        """Neither merged into another nor put in the bin."""
        return self.filter(merged_into=None, archived_at=None)


class Entity(models.Model):
    """Somebody or something that can act, or a place. A merge leaves a redirect; nothing is deleted."""

    class Kind(models.TextChoices):
        STATE = "STATE", pgettext_lazy("actor", "State")
        IGO = "IGO", _("Organisation of governments")
        NGO = "NGO", _("Non-governmental organisation")
        ORG = "ORG", _("Other organisation")
        GROUP = "GROUP", _("Organised group")
        PERSON = "PERSON", _("Person")
        COLLECTIVE = "COLLECTIVE", _("Defined plural")
        BLOC = "BLOC", _("Bloc")
        INDEF = "INDEF", _("Unnamed")
        IDEOLOGY = "IDEOLOGY", _("Ideology")
        PLACE = "PLACE", _("Place")

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="entities")
    key = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=Kind)
    country = models.CharField(max_length=3, blank=True)
    sectors = ArrayField(models.CharField(max_length=3), default=list, blank=True)
    wikidata_id = models.CharField(max_length=16, blank=True)
    note = models.TextField(blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    seeded = models.BooleanField(default=False)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")
    created_at = models.DateTimeField(default=timezone.now)
    archived_at = models.DateTimeField(null=True, blank=True)

    matched: Match | None = None  # the name that a search found it by

    objects = EntityQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "key"], name="entity_key_once"),
            models.CheckConstraint(condition=~Q(merged_into=models.F("id")), name="entity_not_into_itself"),
        ]

    def __str__(self) -> str:
        return self.name()

    def name(self, language: str | None = None) -> str:
        """The canonical name in that language, the page's by default, else in the other one, else the key.

        Reads `names.all()`: prefetch it.
        """
        wanted = (language or get_language() or "en")[:2]
        canonical = [n for n in self.names.all() if n.role == EntityName.Role.CANONICAL]
        for n in canonical:
            if n.lang == wanted:
                return n.form
        return canonical[0].form if canonical else self.key


class EntityName(models.Model):
    class Role(models.TextChoices):
        CANONICAL = "CANONICAL", _("Canonical name")
        ALIAS = "ALIAS", _("Alias")
        ABBREV = "ABBREV", _("Abbreviation")
        NISBA = "NISBA", _("Nisba or demonym")
        METONYM = "METONYM", _("Metonym")
        TITLE = "TITLE", pgettext_lazy("name", "Title")

    entity = models.ForeignKey(Entity, on_delete=models.CASCADE, related_name="names")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")  # for the index
    lang = models.CharField(max_length=2)
    form = models.CharField(max_length=200)
    role = models.CharField(max_length=9, choices=Role, default=Role.ALIAS)
    norm_key = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entity", "lang", "form", "role"], name="entity_name_once"),
            models.UniqueConstraint(
                fields=["entity", "lang"], condition=Q(role="CANONICAL"), name="entity_one_canonical_name"
            ),
        ]
        indexes = [
            models.Index(
                fields=["project", "norm_key"], name="entity_name_norm", opclasses=["int8_ops", "varchar_pattern_ops"]
            ),
        ]

    def __str__(self) -> str:
        return self.form
