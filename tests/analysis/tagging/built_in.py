"""The built-in names, and all that taggers say in one list."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.events.actors import seed_entities, seed_places
from analysis.tagging.gazetteer import Name
from analysis.types import Span, Tagging


def built_in_names() -> list[Name]:
    entities = (*seed_entities(), *seed_places())
    return [Name(n.form, n.lang, n.role, e.key, e.kind) for e in entities for n in e.names]


def every(found: Mapping[str, Tagging]) -> list[Span]:
    return [s for tagging in found.values() for s in tagging.spans]
