"""Exports: as a stream at once, or as a file that a job writes."""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from analysis.formats import tables
from annotator.activity.services import Lease, record
from annotator.errors import Invalid, Missing
from annotator.exports.models import Export
from annotator.exports.queries import json_lines
from annotator.teams.access import Action, Actor, require
from annotator.teams.models import Project

SUFFIX = {"jsonl": "jsonl", "events_csv": "csv", "spans_csv": "csv"}
CONTENT_TYPE = {"jsonl": "application/x-ndjson", "events_csv": "text/csv", "spans_csv": "text/csv"}
_FILTERS: dict[str, Callable[[Any], bool]] = {
    "language": lambda value: isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9-]{1,12}", value) is not None,
    "documents": lambda value: isinstance(value, list) and all(type(v) is int and 0 < v < 2**63 for v in value),
}
_CHUNK = 128 * 1024


def checked(format: str, which: str, filters: Mapping[str, Any] | None) -> dict[str, Any]:
    """The filters, if format, choice and filters are known ones. Raises Invalid by field."""
    errors: dict[str, list[str]] = {}
    if format not in Export.Format.values:
        errors["format"] = [_("Unknown format.")]
    if which not in Export.Which.values:
        errors["set"] = [_("Unknown choice.")]
    good: dict[str, Any] = {}
    for key, value in (filters or {}).items():
        if _FILTERS.get(key, lambda _value: False)(value):
            good[key] = value
        else:
            errors[f"filters.{key}"] = [_("Unknown filter.")]
    if errors:
        raise Invalid(_("Some values are not right."), errors=errors)
    return good


def stream(
    *, actor: Actor, project: Project, format: str, which: str = "gold", filters: Mapping[str, Any] | None = None
) -> Iterator[bytes]:
    """The export in pieces of bytes; rights and choices are checked before the first piece."""
    require(actor, Action.EXPORT, project)
    good = checked(format, which, filters)
    lines = json_lines(actor=actor, project=project, which=which, filters=good)
    return _in_pieces(_parts(format, lines))


def _parts(kind: str, lines: Iterator[str]) -> Iterator[str]:
    if kind == "jsonl":
        return (line + "\n" for line in lines)
    records = (json.loads(line) for line in lines)
    if kind == "spans_csv":
        return tables.write(tables.SPAN_COLUMNS, tables.span_rows(records))
    return tables.write(tables.EVENT_COLUMNS, tables.event_rows(records))


def _in_pieces(parts: Iterator[str]) -> Iterator[bytes]:
    gathered: list[bytes] = []
    size = 0
    for part in parts:
        gathered.append(part.encode())
        size += len(gathered[-1])
        if size >= _CHUNK:
            yield b"".join(gathered)
            gathered, size = [], 0
    if gathered:
        yield b"".join(gathered)


def write_file(*, lease: Lease, export: Export) -> None:
    """Write the file of an export and end its job. Running it again leaves one file."""
    actor = Actor(export.created_by)
    pieces = stream(
        actor=actor, project=export.project, format=export.format, which=export.which, filters=export.filters
    )
    sha = hashlib.sha256()
    # A cell may hold line feeds, but texts have no carriage returns.
    end, rows = (b"\n" if export.format == "jsonl" else b"\r\n"), 0
    # The reading is one long transaction of this connection, so that the heart beats on another one.
    with tempfile.TemporaryFile() as file, lease.beating_beside() as beat:
        for piece in pieces:
            file.write(piece)
            sha.update(piece)
            rows += piece.count(end)
            beat(rows)
        size = file.tell()
        file.seek(0)
        name = f"exports/{export.pk}.{SUFFIX[export.format]}"
        storage = Export._meta.get_field("file").storage
        with transaction.atomic():
            lease.hold()
            if storage.exists(name):
                storage.delete(name)
            export.file.name = storage.save(name, File(file))
            export.size, export.sha256 = size, sha.hexdigest()
            export.rows = rows if export.format == "jsonl" else max(rows - 1, 0)
            export.save(update_fields=["file", "size", "sha256", "rows"])
            lease.finish({"export": export.pk, "rows": export.rows, "size": size, "sha256": export.sha256})
            record(project=export.project, user=export.created_by, verb="export.done", target=export, rows=export.rows)


def open_file(*, export: Export) -> File[bytes]:
    """The finished file for reading. Raises Missing while there is none."""
    if not export.file:
        raise Missing(_("The file is not ready yet."))
    return export.file.open("rb")
