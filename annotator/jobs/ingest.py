"""Bringing in files. Good items are stored, bad ones reported by file, line and field; nothing is half stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import IO, Any

import psycopg
from django.conf import settings
from django.core.files import File
from django.db import DatabaseError, transaction
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from analysis.text.decode import TextError, decode
from annotator.activity.models import Job
from annotator.activity.services import Lease, open_job, record
from annotator.corpus.models import Document, ImportBatch, ImportFile
from annotator.corpus.problems import say_text
from annotator.corpus.services import add_document
from annotator.errors import Conflict, DomainError, Invalid, TooLarge
from annotator.jobs import pretag
from annotator.jobs.bells import bell
from annotator.jobs.bulk import Bulk, Stored
from annotator.jobs.lines import Line, LineReader
from annotator.teams.access import Action, Actor, require
from annotator.teams.models import Project
from annotator.teams.queries import project_for

KIND = "import"
LINES_A_CHUNK = 250
BYTES_A_CHUNK = 4 << 20
LONGEST_LINE = 64 << 20  # bytes: the longest article with every letter escaped
PRETAG_BY_NAME = 1000  # above it the following run takes all documents that lack suggestions
_TRIES = 3


def request(
    *,
    actor: Actor,
    project: Project,
    files: Sequence[tuple[str, IO[bytes], int]],
    format: str = "auto",
    annotations: str = "gold",
) -> Job:
    """Keep the files and ask for their import. `files` are (name, stream, bytes).

    Raises Invalid without a file or with an unknown format, TooLarge with the file's name.
    """
    require(actor, Action.IMPORT, project)
    if not files:
        raise Invalid(errors={"file": [_("Choose at least one file.")]})
    if format not in ImportBatch.Format.values:
        raise Invalid(errors={"format": [_("Unknown format.")]})
    if annotations not in ImportBatch.Annotations.values:
        raise Invalid(errors={"annotations": [_("Unknown choice.")]})
    for name, stream, size in files:
        limit = settings.MAX_IMPORT_BYTES if _kind(name, format, stream) == "jsonl" else settings.MAX_TEXT_BYTES
        if size > limit:
            raise TooLarge(
                _("“%(name)s” is too large: at most %(most)s MB.") % {"name": _clean(name)[:100], "most": limit >> 20},
                errors={"file": [_("At most %(most)s MB.") % {"most": limit >> 20}]},
            )
        if size == 0:
            raise Invalid(errors={"file": [_("“%(name)s” is empty.") % {"name": _clean(name)[:100]}]})
    with transaction.atomic():
        job = open_job(actor=actor, project=project, kind=KIND, params={}, ring=bell(KIND), total=len(files))
        batch = ImportBatch.objects.create(
            project=project, job=job, format=format, annotations=annotations, created_by=actor.user
        )
        for number, (name, stream, size) in enumerate(files, start=1):
            row = ImportFile(batch=batch, number=number, name=_clean(name), size=size)
            row.file.save("", File(stream), save=False)
            row.save()
        record(project=project, user=actor.user, verb="import.requested", target=batch, files=len(files))
    return job


def _clean(name: str) -> str:
    return "".join(c for c in name.replace("\\", "/").rsplit("/", 1)[-1] if c.isprintable())[:255] or "file"


def _kind(name: str, chosen: str, stream: IO[bytes]) -> str:
    """`jsonl` or `txt`: as chosen, else by the name, else by whether the file begins like a line of ours."""
    if chosen != "auto":
        return chosen
    if name.lower().endswith((".jsonl", ".ndjson")):
        return "jsonl"
    head = stream.read(4096)
    stream.seek(0)
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return "jsonl" if head.startswith(b"{") and b'"text"' in head else "txt"


def work(lease: Lease) -> None:
    """Read file after file. A rerun goes on behind the last stored line.

    Raises Missing, Forbidden or Conflict when the person who asked loses the right, or the project is frozen, while
    it runs; what is stored by then stays.
    """
    batch = ImportBatch.objects.select_related("project", "created_by").get(job=lease.job)
    actor = Actor(batch.created_by)
    bulk: Bulk | None = None
    files = list(batch.files.order_by("number"))
    for file in files:
        if file.state != ImportFile.State.WAITING:
            continue
        _still_may(batch)
        with file.file.open("rb") as stream:
            if _kind(file.name, batch.format, stream) == "jsonl":
                bulk = bulk or Bulk(actor=actor, batch=batch)
                _read_jsonl(lease, bulk, file, stream)
            else:
                _read_text(lease, actor, batch, file, stream.read())
        lease.beat(done=file.number, total=len(files))
    counts = {
        "imported": sum(f.imported for f in files),
        "duplicates": sum(f.duplicates for f in files),
        "failed": sum(f.failed for f in files),
    }
    with transaction.atomic():
        follow = None
        if counts["imported"] and batch.project.pretag_on_import:
            ids = list(Document.objects.filter(batch=batch).values_list("pk", flat=True)[: PRETAG_BY_NAME + 1])
            named = ids if len(ids) <= PRETAG_BY_NAME else None
            try:
                with transaction.atomic():
                    follow = pretag.plan(actor=actor, project=batch.project, documents=named)
            except (
                DomainError
            ):  # such as too many waiting runs: the import is done all the same, and the taggers can be asked later
                follow = None
        lease.finish({**counts, "batch": batch.pk, "pretag_job": str(follow.pk) if follow else None})
        record(project=batch.project, user=batch.created_by, verb="import.done", target=batch, **counts)


def _still_may(batch: ImportBatch) -> None:
    """Ask anew: an import may run for minutes, and an actor remembers the role it had."""
    project_for(actor=Actor(batch.created_by), project_id=batch.project_id, action=Action.IMPORT)


def _read_text(lease: Lease, actor: Actor, batch: ImportBatch, file: ImportFile, raw: bytes) -> None:
    state = ImportFile.State.FAILED
    with transaction.atomic():
        lease.hold()
        try:
            decoded = decode(raw)
            add_document(
                actor=actor, project=batch.project, batch=batch, text=decoded.text, raw=raw,
                encoding=decoded.encoding, filename=file.name,
            )  # fmt: skip
            file.imported, state = 1, ImportFile.State.DONE
        except TextError as error:
            file.failed = 1
            lease.complain(item=file.name, code=f"text_{error.code}", detail=say_text(error), field="text")
        except Conflict as error:
            file.duplicates, state = 1, ImportFile.State.DONE
            lease.complain(item=file.name, code=error.code, detail=str(error))
        except DomainError as error:
            file.failed = 1
            _complain(lease, file.name, None, error)
        file.state = state
        file.save()
        lease.keep_errors()


def _complain(lease: Lease, item: str, line: int | None, error: DomainError) -> None:
    if not error.errors:
        lease.complain(item=item, line=line, code=error.code, detail=str(error))
    for name, details in error.errors.items():
        for detail in details:
            lease.complain(item=item, line=line, field=name, code=error.code, detail=detail)


@dataclass
class _Chunk:
    """Some lines of a file, read. `last` is the number of the last of them."""

    last: int
    good: list[Line] = field(default_factory=list)
    bad: list[tuple[int, DomainError]] = field(default_factory=list)


def _read_jsonl(lease: Lease, bulk: Bulk, file: ImportFile, stream: IO[bytes]) -> None:
    """Read the next chunk in a thread while the database works on this one: it takes about as long."""
    chunks = _chunks(stream, file.lines_done)
    reader, language = bulk.reader, get_language()
    with ThreadPoolExecutor(1, "lines") as pool:
        coming = pool.submit(_next_chunk, chunks, reader, language)
        while chunk := coming.result():
            coming = pool.submit(_next_chunk, chunks, reader, language)
            for number, error in chunk.bad:
                _complain(lease, file.name, number, error)
            _still_may(bulk.batch)
            _store(lease, bulk, file, chunk)
            bulk.remember(chunk.good)
            lease.beat()
    file.state = ImportFile.State.DONE if file.imported or file.duplicates else ImportFile.State.FAILED
    if not (file.imported or file.duplicates or file.failed):
        file.failed = 1
        lease.complain(item=file.name, code="empty", detail=_("The file holds no documents."))
    with transaction.atomic():
        lease.hold()
        file.save()
        lease.keep_errors()


def _numbered(stream: IO[bytes], done: int) -> Iterator[tuple[int, bytes | None]]:
    """The lines behind the first `done` with their numbers from 1; None for one that is too long to be read."""
    number = 0
    while line := stream.readline(LONGEST_LINE + 1):
        number += 1
        too_long = len(line) > LONGEST_LINE
        while too_long and not line.endswith(b"\n") and (line := stream.readline(1 << 20)):
            pass
        if number > done:
            yield number, None if too_long else line


def _chunks(stream: IO[bytes], done: int) -> Iterator[list[tuple[int, bytes | None]]]:
    gathered: list[tuple[int, bytes | None]] = []
    size = 0
    for number, line in _numbered(stream, done):
        gathered.append((number, line))
        size += len(line or b"")
        if len(gathered) >= LINES_A_CHUNK or size >= BYTES_A_CHUNK:
            yield gathered
            gathered, size = [], 0
    if gathered:
        yield gathered


def _next_chunk(
    chunks: Iterator[list[tuple[int, bytes | None]]], reader: LineReader, language: str | None
) -> _Chunk | None:
    lines = next(chunks, None)
    if lines is None:
        return None
    chunk = _Chunk(lines[-1][0])
    with override(language):  # a thread begins with the language of the site
        for number, raw in lines:
            if raw is not None and not raw.strip():
                continue
            try:
                if raw is None:
                    raise TooLarge(_("The line is too long: at most %(most)s MB.") % {"most": LONGEST_LINE >> 20})
                chunk.good.append(reader.read(number, raw))
            except DomainError as error:
                chunk.bad.append((number, error))
    return chunk


def _store(lease: Lease, bulk: Bulk, file: ImportFile, chunk: _Chunk) -> None:
    """Store a chunk with how far the file is. Where somebody else brings the same texts, look again what is there."""
    for left in reversed(range(_TRIES)):
        try:
            with transaction.atomic():
                lease.hold()
                _note(lease, file, chunk, bulk.store(chunk.good))
                return
        except DatabaseError as error:
            raced = isinstance(error.__cause__, psycopg.errors.UniqueViolation | psycopg.errors.DeadlockDetected)
            if not (raced and left):
                raise


def _note(lease: Lease, file: ImportFile, chunk: _Chunk, stored: Stored) -> None:
    for number, why in stored.duplicates:
        lease.complain(item=file.name, line=number, code="duplicate", detail=why)
    file.imported += stored.imported
    file.duplicates += len(stored.duplicates)
    file.failed += len(chunk.bad)
    file.lines_done = chunk.last
    file.save()
    lease.keep_errors()


def report(job: Job) -> dict[str, Any]:
    """What the progress page shows of an import: files with their counts."""
    batch = ImportBatch.objects.filter(job=job).first()
    files = batch.files.order_by("number") if batch else ImportFile.objects.none()
    return {"files": list(files.values("name", "size", "state", "imported", "duplicates", "failed"))}
