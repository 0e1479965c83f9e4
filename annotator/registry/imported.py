"""Registry entries that come along with imported documents, under the keys they had where they come from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from analysis.text.normalise import norm_key
from annotator.activity.services import record
from annotator.errors import Invalid
from annotator.registry.models import Entity, EntityName
from annotator.registry.services import checked_codes, checked_names
from annotator.teams.access import Action, Actor, require
from annotator.teams.models import Project
from annotator.teams.services import checked_text

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,39}")
_FIELDS = {"kind", "country", "sectors", "note", "names"}


@dataclass(frozen=True)
class NewEntry:
    """A checked entry that only has to be stored if its key is free."""

    key: str
    kind: str
    country: str
    sectors: tuple[str, ...]
    note: str
    names: tuple[tuple[str, str, str], ...]  # (language, form, role)


def read_entry(key: str, given: object) -> NewEntry:
    """Check the description of an entry as it stands in a file. Raises Invalid with errors by path."""
    if not _KEY.fullmatch(key):
        raise Invalid(errors={"": [_("A key is at most 40 Latin letters, digits and _ . : -")]})
    if not isinstance(given, Mapping):
        raise Invalid(errors={"": [_("An object is needed.")]})
    if unknown := given.keys() - _FIELDS:
        raise Invalid(errors={str(min(unknown)): [_("Unknown field.")]})
    kind, country, note = (_text(given, field) for field in ("kind", "country", "note"))
    sectors, names = given.get("sectors") or [], given.get("names") or []
    if not isinstance(sectors, list) or not all(isinstance(s, str) for s in sectors):
        raise Invalid(errors={"sectors": [_("A list of texts is needed.")]})
    if not isinstance(names, list) or not all(isinstance(n, dict) for n in names):
        raise Invalid(errors={"names": [_("A list of objects is needed.")]})
    for i, name in enumerate(names):
        for field in name:
            if field not in ("lang", "form", "role") or not isinstance(name[field], str):
                raise Invalid(errors={f"names.{i}.{field}": [_("A text is needed.")]})
    codes = checked_codes(kind, country, sectors)
    good = checked_names(names)
    return NewEntry(
        key,
        kind,
        country,
        tuple(codes),
        checked_text(note, "note"),
        tuple((n["lang"], n["form"], n["role"]) for n in good),
    )


def _text(given: Mapping[str, Any], field: str) -> str:
    value = given.get(field)
    if value is None or isinstance(value, str):
        return value or ""
    raise Invalid(errors={field: [_("A text is needed.")]})


@transaction.atomic
def add_imported(*, actor: Actor, project: Project, entries: Mapping[str, NewEntry]) -> dict[str, int]:
    """Store the entries whose key the project does not have; those it has stay as they are. Returns the new ids by key."""
    require(actor, Action.IMPORT, project)
    if not entries:
        return {}
    # Two imports may bring the same key: whoever comes second finds the row of the first.
    Entity.objects.bulk_create(
        (
            Entity(
                project=project, key=e.key, kind=e.kind, country=e.country, sectors=list(e.sectors), note=e.note
            )
            for e in sorted(entries.values(), key=lambda e: e.key)
        ),
        ignore_conflicts=True,
    )  # fmt: skip
    rows = list(Entity.objects.filter(project=project, key__in=list(entries)).order_by("key"))
    named = set(EntityName.objects.filter(entity__in=rows).values_list("entity_id", flat=True))
    EntityName.objects.bulk_create(
        EntityName(entity=row, project=project, lang=lang, form=form, role=role, norm_key=norm_key(form, lang)[:200])
        for row in rows
        if row.pk not in named
        for lang, form, role in entries[row.key].names
    )
    record(project=project, user=actor.user, verb="entities.imported", count=len(rows), keys=sorted(entries)[:50])
    return {row.key: row.pk for row in rows}
