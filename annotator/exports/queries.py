"""What an export holds, and which exports there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import QuerySet

from annotator.coding.models import Assignment
from annotator.errors import Missing
from annotator.exports.models import Export
from annotator.exports.sql import statement
from annotator.registry.models import Entity
from annotator.teams.access import Action, Actor, require
from annotator.teams.models import Project

_FETCH = 1 << 20  # characters
_PARTS = {
    "gold": ("gold",),
    "mine": ("mine",),
    "suggestions": ("suggestions",),
    "submitted": ("submitted",),
    "all": ("gold", "mine", "suggestions", "submitted"),
}


def json_lines(*, actor: Actor, project: Project, which: str, filters: Mapping[str, Any]) -> Iterator[str]:
    """One JSON text a document and set, in a fixed order. For gold and mine, documents without such a set come too.

    All of it is one moment of the database, however long the reading takes.
    """
    require(actor, Action.EXPORT, project)
    return _json_lines(actor, project, which, filters)


def _json_lines(actor: Actor, project: Project, which: str, filters: Mapping[str, Any]) -> Iterator[str]:
    params = {
        "project": project.pk,
        "author": actor.user.pk,
        "handed_in": list(Assignment.HANDED_IN),
        "language": filters.get("language"),
        "documents": list(filters.get("documents") or []),
    }
    entities = Entity.objects.filter(project=project, seeded=False).exists()
    alone = not connection.in_atomic_block
    with transaction.atomic():
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for part in _PARTS[which]:
            only_coded = which not in ("gold", "mine")
            with connection.chunked_cursor() as cursor:
                cursor.execute(statement(part, filters, only_coded=only_coded, entities=entities), params)
                yield from _few_at_a_time(cursor)


def _few_at_a_time(cursor: CursorWrapper) -> Iterator[str]:
    """The first column of all rows. As many are fetched at once as are about a megabyte, going by the ones before."""
    count = 1
    while rows := cursor.fetchmany(count):
        size = sum(len(row[0]) for row in rows)
        count = max(1, min(500, 2 * count, _FETCH * len(rows) // size))
        for row in rows:
            yield row[0]


def exports_of(*, actor: Actor, project: Project) -> QuerySet[Export]:
    """The exports of the project the actor may fetch, the newest first."""
    require(actor, Action.EXPORT, project)
    rows = Export.objects.visible_to(actor).filter(project=project)
    return rows.select_related("job", "created_by").order_by("-id")


def export_for(*, actor: Actor, export_id: int) -> Export:
    """The export if the actor may export there now. Raises Missing for strangers."""
    found = Export.objects.visible_to(actor).select_related("project", "job").filter(pk=export_id).first()
    if found is None:
        raise Missing()
    require(actor, Action.EXPORT, found.project)
    return found
