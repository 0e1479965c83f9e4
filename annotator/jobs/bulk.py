"""Many checked lines at once into the database, by COPY inside the caller's transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import connection
from django.utils import timezone

from annotator.coding.desk import codebook, current_codebook_id
from annotator.coding.models import AnnotationSet, SpanOrigin
from annotator.corpus.models import Document, ImportBatch
from annotator.corpus.services import is_there_already
from annotator.jobs.lines import End, Line, LineReader
from annotator.registry.imported import add_imported
from annotator.registry.models import Entity
from annotator.teams.access import Actor

_ONE_AT_A_TIME = 4242002  # names the lock; with it goes the project

Row = tuple[Any, ...]
Pair = tuple[int, Line]  # the new id of the document, or of its set


@dataclass
class Stored:
    imported: int = 0
    duplicates: list[tuple[int, str]] = field(default_factory=list)  # (line, what to tell about it)


class Bulk:
    """Reads and stores the lines of one import. `reader` may work in another thread, `store` asks the database."""

    def __init__(self, *, actor: Actor, batch: ImportBatch) -> None:
        self.actor = actor
        self.batch = batch
        self.gold = batch.annotations == ImportBatch.Annotations.GOLD
        self.version_id = current_codebook_id(batch.project_id)
        self.entities: dict[str, int] = dict(
            Entity.objects.filter(project_id=batch.project_id).values_list("key", "id")
        )

    @cached_property
    def reader(self) -> LineReader:
        # The keys of the start: what a line may refer to must not depend on how far the storing is.
        return LineReader(codebook(self.version_id), frozenset(self.entities))

    def store(self, lines: Sequence[Line]) -> Stored:
        """Write the lines. Texts that are there already, or twice among the lines, are reported instead."""
        stored = Stored()
        with connection.cursor() as cursor:
            # Two imports of the same texts would run into each other's rows at every chunk, or lock them crosswise.
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_ONE_AT_A_TIME, self.batch.project_id])
        fresh = self._without_duplicates(lines, stored)
        if not fresh:
            return stored
        # Backwards, so that of two descriptions of one key the first stands.
        new = {key: e for line in reversed(fresh) for key, e in line.entries.items() if key not in self.entities}
        known = self.entities | add_imported(actor=self.actor, project=self.batch.project, entries=new)
        now = timezone.now()
        with connection.cursor() as cursor:
            documents = list(zip(_next_ids(cursor, "corpus_document", len(fresh)), fresh, strict=True))
            coded = [(pk, line) for pk, line in documents if line.is_coded]
            set_ids = _next_ids(cursor, "coding_annotationset", len(coded))
            _copy(cursor, "corpus_document", _DOCUMENT, (self._document_row(pk, line, now) for pk, line in documents))
            _copy(cursor, "corpus_documentsource", _SOURCE, (_source_row(pk, line) for pk, line in documents))
            _copy(
                cursor,
                "coding_annotationset",
                _SET,
                (self._set_row(set_id, pk, now) for set_id, (pk, _line) in zip(set_ids, coded, strict=True)),
            )
            _copy(cursor, "coding_span", _SPAN, self._span_rows(set_ids, coded, known))
            _copy(cursor, "coding_relation", _RELATION, _relation_rows(set_ids, coded, known))
        stored.imported = len(fresh)
        return stored

    def remember(self, lines: Sequence[Line]) -> None:
        """Once the caller's transaction stands: look up the entries that came with the lines."""
        new = {key for line in lines for key in line.entries} - self.entities.keys()
        if new:
            rows = Entity.objects.filter(project_id=self.batch.project_id, key__in=new)
            self.entities.update(rows.values_list("key", "id"))

    def _without_duplicates(self, lines: Sequence[Line], stored: Stored) -> list[Line]:
        hashes = [line.document.fields["text_sha256"] for line in lines]
        rows = Document.objects.filter(project_id=self.batch.project_id, text_sha256__in=hashes)
        there = {sha: (title, gone) for sha, title, gone in rows.values_list("text_sha256", "title", "archived_at")}
        fresh: list[Line] = []
        for line, sha in zip(lines, hashes, strict=True):
            if sha in there:
                title, archived_at = there[sha]
                stored.duplicates.append((line.number, is_there_already(title, in_bin=archived_at is not None)))
            else:
                there[sha] = (line.document.fields["title"], None)
                fresh.append(line)
        return fresh

    def _document_row(self, pk: int, line: Line, now: datetime) -> Row:
        f = line.document.fields
        return (
            pk, self.batch.project_id, f["external_id"], f["title"], f["author"], f["source"], f["source_url"],
            f["published_on"], f["language"], f["direction"], f["text"], f["length"], f["words"], f["body_start"],
            f["text_sha256"], _json(f["metadata"]), self.batch.pk, self.actor.user.pk, now, None,
        )  # fmt: skip

    def _set_row(self, pk: int, document_id: int, now: datetime) -> Row:
        origin = AnnotationSet.Origin.GOLD if self.gold else AnnotationSet.Origin.MODEL
        tagger = "" if self.gold else f"import-{self.batch.pk}"
        return (
            pk, self.batch.project_id, document_id, self.version_id, origin.value, None, tagger,
            "" if self.gold else "1", 1, 0, None, now, now,
        )  # fmt: skip

    def _span_rows(self, set_ids: list[int], coded: list[Pair], entities: dict[str, int]) -> Iterable[Row]:
        origin = (SpanOrigin.IMPORTED if self.gold else SpanOrigin.TAGGER).value
        for set_id, (document_id, line) in zip(set_ids, coded, strict=True):
            own = _own(document_id)
            for s in line.spans:
                yield (
                    f"{s.id ^ own:032x}", set_id, s.label, s.start, s.end, _json(s.fragments) if s.fragments else None,
                    s.quote, _json(s.attributes), entities[s.entity] if s.entity else None, s.note, s.confidence, 1,
                    origin, None, s.tagger, s.tagger_version, s.score, None,
                )  # fmt: skip


def _source_row(pk: int, line: Line) -> Row:
    d = line.document
    return (pk, d.raw, d.raw_sha256, d.encoding, d.filename)


def _relation_rows(set_ids: list[int], coded: list[Pair], entities: dict[str, int]) -> Iterable[Row]:
    for set_id, (document_id, line) in zip(set_ids, coded, strict=True):
        own = _own(document_id)

        def end(of: End, own: int = own) -> Row:
            return (
                None if of.span is None else f"{of.span ^ own:032x}",
                None if of.entity is None else entities[of.entity],
            )

        for r in line.relations:
            yield (
                f"{r.id ^ own:032x}", set_id, r.type, *end(r.source), *end(r.target), _json(r.attributes), r.note, 1
            )  # fmt: skip


_DOCUMENT = (
    "id", "project_id", "external_id", "title", "author", "source", "source_url", "published_on", "language",
    "direction", "text", "length", "words", "body_start", "text_sha256", "metadata", "batch_id", "created_by_id",
    "created_at", "archived_at",
)  # fmt: skip
_SOURCE = ("document_id", "raw", "raw_sha256", "encoding", "filename")
_SET = (
    "id", "project_id", "document_id", "codebook_version_id", "origin", "author_id", "tagger", "tagger_version",
    "round", "version", "made_from_id", "created_at", "changed_at",
)  # fmt: skip
_SPAN = (
    "id", "set_id", "label", "start", "end", "fragments", "quote", "attributes", "entity_id", "note", "confidence",
    "version", "origin", "suggestion_id", "tagger", "tagger_version", "score", "reason",
)  # fmt: skip
_RELATION = (
    "id", "set_id", "type", "source_span_id", "source_entity_id", "target_span_id", "target_entity_id", "attributes",
    "note", "version",
)  # fmt: skip


def _own(document_id: int) -> int:
    """What turns an id of the file into one of our own: the same file may be brought into two projects."""
    return (document_id * 0x9E3779B97F4A7C15F39CC0605CEDC835) % (1 << 128)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if value else "{}"


def _next_ids(cursor: Any, table: str, count: int) -> list[int]:
    if not count:
        return []
    cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
    return [row[0] for row in cursor.fetchall()]


def _copy(cursor: Any, table: str, columns: tuple[str, ...], rows: Iterable[Row]) -> None:
    names = ", ".join(f'"{c}"' for c in columns)
    # Django hands `copy` to the driver as it is, with the driver's errors.
    with connection.wrap_database_errors, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)
