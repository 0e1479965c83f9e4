"""Making projects with their registry, and changing the registry."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from analysis.events.actors import seed_entities, seed_places
from analysis.events.codebook import political_codebook
from analysis.text.normalise import norm_key
from annotator.activity.services import record
from annotator.corpus.services import write_codebook
from annotator.errors import Conflict, Forbidden, Invalid
from annotator.registry.models import Entity, EntityName
from annotator.teams.access import Action, Actor, Scope, require
from annotator.teams.models import Membership, Project, Role
from annotator.teams.services import checked_name, checked_text

Name = Mapping[str, str]
MAX_NAMES = 100


@transaction.atomic
def create_project(
    *, actor: Actor, name: str, description: str = "", codebook: Mapping[str, Any] | None = None
) -> Project:
    """A new project with the actor as owner, the built-in political codebook unless another is given, and a full registry."""
    if actor.token is not None and (actor.token.project_id or not actor.has_scope(Scope.ADMIN)):
        raise Forbidden(_("This token cannot make projects."), code="scope")
    project = Project.objects.create(
        name=checked_name(name), description=checked_text(description, "description"), created_by=actor.user
    )
    Membership.objects.create(project=project, user=actor.user, role=Role.OWNER)
    actor.knows_role(project.pk, Role.OWNER)
    write_codebook(actor=actor, project=project, body=codebook or political_codebook())
    seed_registry(project)
    record(project=project, user=actor.user, verb="project.created", target=project)
    return project


@lru_cache(maxsize=1)
def _seed() -> str:
    """The seed as one JSON array, with its norm keys, worked out once a process."""
    return json.dumps(
        [
            {
                "key": entity.key,
                "kind": entity.kind,
                "country": entity.country or "",
                "sectors": list(entity.sectors),
                "wikidata": entity.wikidata_id or "",
                "note": entity.note or "",
                "names": [[n.lang, n.form, n.role, norm_key(n.form, n.lang)[:200]] for n in entity.names],
            }
            for entity in (*seed_entities(), *seed_places())
        ],
        ensure_ascii=False,
    )


# One statement for 1,100 entries and 5,600 names: made row by row in Python they cost five times as much.
_PLANT = """
    WITH seed AS (
        SELECT * FROM jsonb_to_recordset(%(seed)s::jsonb)
            AS x(key text, kind text, country text, sectors text[], wikidata text, note text, names jsonb)
    ), made AS (
        INSERT INTO registry_entity
            (project_id, key, kind, country, sectors, wikidata_id, note, seeded, created_at)
        SELECT %(project)s, key, kind, country, sectors, wikidata, note, true, %(now)s FROM seed
        ON CONFLICT ON CONSTRAINT entity_key_once DO NOTHING
        RETURNING id, key
    ), named AS (
        INSERT INTO registry_entityname (entity_id, project_id, lang, form, role, norm_key)
        SELECT made.id, %(project)s, name->>0, name->>1, name->>2, name->>3
        FROM made JOIN seed USING (key), jsonb_array_elements(seed.names) AS name
    )
    SELECT count(*) FROM made
"""


def seed_registry(project: Project) -> int:
    """Give a project the seeded actors and places it does not have yet. Returns how many were added."""
    with connection.cursor() as cursor:
        cursor.execute(_PLANT, {"seed": _seed(), "project": project.pk, "now": timezone.now()})
        return int(cursor.fetchone()[0])


def checked_names(names: Iterable[Name]) -> list[dict[str, str]]:
    """Names with language, form and role, each once, at most 100. Raises Invalid with errors by path."""
    names = list(names)
    if len(names) > MAX_NAMES:
        raise Invalid(errors={"names": [_("At most %(most)s names.") % {"most": MAX_NAMES}]})
    out: list[dict[str, str]] = []
    errors: dict[str, list[str]] = {}
    canonical: set[str] = set()
    for i, given in enumerate(names):
        lang, role = given.get("lang", ""), given.get("role", "ALIAS")
        try:
            form = checked_name(given.get("form", ""), f"names.{i}.form", 200)
        except Invalid as error:
            errors.update(error.errors)
            continue
        if lang not in ("ar", "en"):
            errors[f"names.{i}.lang"] = [_("Choose Arabic or English.")]
        if role not in EntityName.Role.values:
            errors[f"names.{i}.role"] = [_("Unknown kind of name.")]
        if role == EntityName.Role.CANONICAL:
            if lang in canonical:
                errors[f"names.{i}.role"] = [_("A language has one canonical name.")]
            canonical.add(lang)
        entry = {"lang": lang, "form": form, "role": role}
        if entry not in out:
            out.append(entry)
    if not canonical and not errors:
        errors["names"] = [_("A canonical name is needed.")]
    if errors:
        raise Invalid(_("Some values are not right."), errors=errors)
    return out


def checked_codes(kind: str, country: str, sectors: Iterable[str]) -> list[str]:
    """The sectors, each once, if kind, country and sectors are codes. Raises Invalid by field."""
    errors: dict[str, list[str]] = {}
    if kind not in Entity.Kind.values:
        errors["kind"] = [_("Unknown kind.")]
    if country and not (len(country) == 3 and country.isascii() and country.isupper() and country.isalpha()):
        errors["country"] = [_("A code of three capital letters is needed.")]
    codes = list(dict.fromkeys(sectors))
    if any(not (len(c) == 3 and c.isascii() and c.isupper()) for c in codes):
        errors["sectors"] = [_("Sectors are codes of three capital letters.")]
    if errors:
        raise Invalid(_("Some values are not right."), errors=errors)
    return codes


def _write_names(entity: Entity, names: Iterable[Name]) -> None:
    EntityName.objects.bulk_create(
        EntityName(
            entity=entity,
            project_id=entity.project_id,
            lang=n["lang"],
            form=n["form"],
            role=n["role"],
            norm_key=norm_key(n["form"], n["lang"])[:200],
        )
        for n in names
    )


@transaction.atomic
def add_entity(
    *,
    actor: Actor,
    project: Project,
    kind: str,
    names: Iterable[Name],
    country: str = "",
    sectors: Iterable[str] = (),
    note: str = "",
) -> Entity:
    """A new entry made by the team. Raises Conflict `exists` when its canonical name is one already."""
    require(actor, Action.ADD_ACTOR, project)
    good = checked_names(names)
    codes = checked_codes(kind, country, sectors)
    for name in good:
        if name["role"] == EntityName.Role.CANONICAL:
            same = EntityName.objects.filter(
                project=project, role="CANONICAL", lang=name["lang"], form=name["form"], entity__merged_into=None
            ).first()
            if same is not None:
                raise Conflict(
                    _("The registry has “%(name)s” already.") % {"name": name["form"]},
                    code="exists",
                    extra={"entity": same.entity_id},
                )
    entity = Entity.objects.create(
        project=project,
        key=f"X{secrets.token_hex(5).upper()}",
        kind=kind,
        country=country,
        sectors=codes,
        note=checked_text(note, "note"),
    )
    _write_names(entity, good)
    record(project=project, user=actor.user, verb="entity.added", target=entity)
    return entity


@transaction.atomic
def update_entity(
    *,
    actor: Actor,
    entity: Entity,
    kind: str | None = None,
    names: Iterable[Name] | None = None,
    country: str | None = None,
    sectors: Iterable[str] | None = None,
    note: str | None = None,
) -> Entity:
    """Change what is given; `names`, when given, replaces all names."""
    require(actor, Action.EDIT_REGISTRY, entity.project)
    entity = Entity.objects.select_for_update().get(pk=entity.pk)
    if entity.merged_into_id:
        raise Conflict(_("This entry was merged into another one."), code="merged")
    entity.kind = entity.kind if kind is None else kind
    entity.country = entity.country if country is None else country
    entity.sectors = checked_codes(entity.kind, entity.country, entity.sectors if sectors is None else sectors)
    entity.note = entity.note if note is None else checked_text(note, "note")
    entity.save(update_fields=["kind", "country", "sectors", "note"])
    if names is not None:
        good = checked_names(names)
        old = [{"lang": n.lang, "form": n.form, "role": n.role} for n in entity.names.all()]
        entity.names.all().delete()
        _write_names(entity, good)
        record(project=entity.project, user=actor.user, verb="entity.renamed", target=entity, old=old)
    record(project=entity.project, user=actor.user, verb="entity.changed", target=entity)
    return entity


@transaction.atomic
def merge_entities(*, actor: Actor, source: Entity, target: Entity) -> Entity:
    """Let `source` point to `target`. Mentions keep their link and are read through the redirect; nothing is deleted."""
    require(actor, Action.EDIT_REGISTRY, target.project)
    if source.project_id != target.project_id or source.pk == target.pk:
        raise Invalid(errors={"target": [_("Choose another entry of the same project.")]})
    both = {e.pk: e for e in Entity.objects.select_for_update().filter(pk__in=[source.pk, target.pk]).order_by("pk")}
    source, target = both[source.pk], both[target.pk]
    if source.merged_into_id == target.pk:
        return target
    if source.merged_into_id or target.merged_into_id:
        raise Conflict(_("This entry was merged into another one."), code="merged")
    try:
        with transaction.atomic():
            Entity.objects.filter(merged_into=source).update(merged_into=target)
            Entity.objects.filter(pk=source.pk).update(merged_into=target)
    except IntegrityError as error:
        raise Conflict(_("These entries cannot be merged."), code="merged") from error
    record(project=target.project, user=actor.user, verb="entity.merged", target=source, into=target.pk)
    return target


@transaction.atomic
def archive_entity(*, actor: Actor, entity: Entity) -> None:
    """Take an entry out of lists and suggestions; its mentions keep their link."""
    require(actor, Action.EDIT_REGISTRY, entity.project)
    if Entity.objects.filter(pk=entity.pk, archived_at=None).update(archived_at=timezone.now()):
        record(project=entity.project, user=actor.user, verb="entity.archived", target=entity)
