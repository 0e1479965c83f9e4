"""Exports: as a stream at once, or as a file that a job writes."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator, Mapping
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
_CHUNK = 256 * 1024


def checked(format: str, which: str, filters: Mapping[str, Any] | None) -> dict[str, Any]:  # noqa: A002
    """The filters, if format, choice and filters are known ones. Raises Invalid by field."""
    errors: dict[str, list[str]] = {}
    if format not in Export.Format.values:
        errors["format"] = [_("Unknown format.")]
    if which not in Export.Which.values:
        errors["set"] = [_("Unknown choice.")]
    good: dict[str, Any] = {}
    for key, value in (filters or {}).items():
        if key == "language" and isinstance(value, str) and len(value) <= 12:
            good[key] = value
        elif key == "documents" and isinstance(value, list) and all(type(v) is int for v in value):
            good[key] = value
        else:
            errors[f"filters.{key}"] = [_("Unknown filter.")]
    if errors:
        raise Invalid(_("Some values are not right."), errors=errors)
    return good


def stream(
    *, actor: Actor, project: Project, format: str, which: str = "gold", filters: Mapping[str, Any] | None = None  # noqa: A002
) -> Iterator[bytes]:
    """The export in pieces of bytes; rights and choices are checked before the first piece."""
    require(actor, Action.EXPORT, project)
    good = checked(format, which, filters)
    return _pieces(actor, project, format, which, good)


def _pieces(actor: Actor, project: Project, kind: str, which: str, filters: Mapping[str, Any]) -> Iterator[bytes]:
    lines = json_lines(actor=actor, project=project, which=which, filters=filters)
    if kind == "jsonl":
        parts = (line + "\n" for line in lines)
    else:
        records = (json.loads(line) for line in lines)
        if kind == "spans_csv":
            parts = tables.write(tables.SPAN_COLUMNS, tables.span_rows(records))
        else:
            parts = tables.write(tables.EVENT_COLUMNS, tables.event_rows(records))
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
    require(actor, Action.EXPORT, export.project)
    sha = hashlib.sha256()
    rows = 0
    with tempfile.TemporaryFile() as file:
        for piece in _pieces(actor, export.project, export.format, export.which, export.filters):
            file.write(piece)
            sha.update(piece)
            rows += piece.count(b"\n")
            lease.beat(done=rows)
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
            record(project=export.project, user=export.created_by, verb="export.done", target=export, rows=rows)


def open_file(*, export: Export) -> File[bytes]:
    """The finished file for reading. Raises Missing while there is none."""
    if not export.file:
        raise Missing(_("The file is not ready yet."))
    return export.file.open("rb")
