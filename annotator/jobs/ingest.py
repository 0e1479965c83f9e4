"""Bringing in files. Good items are stored, bad ones reported by file, line and field; nothing is half stored."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.db import transaction
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
from annotator.jobs.bulk import Bulk
from annotator.teams.access import Action, Actor, require
from annotator.teams.models import Project

KIND = "import"
LINES_A_BATCH = 500


def request(
    *,
    actor: Actor,
    project: Project,
    files: Sequence[tuple[str, IO[bytes], int]],
    format: str = "auto",  # noqa: A002
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
    for name, _stream, size in files:
        limit = settings.MAX_IMPORT_BYTES if _kind(name, format) == "jsonl" else settings.MAX_TEXT_BYTES
        if size > limit:
            raise TooLarge(
                _("“%(name)s” is too large: at most %(most)s MB.") % {"name": name[:100], "most": limit >> 20},
                errors={"file": [_("At most %(most)s MB.") % {"most": limit >> 20}]},
            )
        if size == 0:
            raise Invalid(errors={"file": [_("“%(name)s” is empty.") % {"name": name[:100]}]})
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


def _kind(name: str, chosen: str) -> str:
    if chosen != "auto":
        return chosen
    return "jsonl" if name.lower().endswith((".jsonl", ".ndjson")) else "txt"


def work(lease: Lease) -> None:
    """Read file after file. A rerun goes on behind the last stored line."""
    job = lease.job
    batch = ImportBatch.objects.select_related("project", "created_by").get(job=job)
    actor = Actor(batch.created_by)
    lease.errors.extend(job.errors)
    files = list(batch.files.order_by("number"))
    for file in files:
        if file.state != ImportFile.State.WAITING:
            continue
        reader = _read_jsonl if _kind(file.name, batch.format) == "jsonl" else _read_text
        reader(lease, actor, batch, file)
        lease.beat(done=file.number, total=len(files))
    counts = {
        "imported": sum(f.imported for f in files),
        "duplicates": sum(f.duplicates for f in files),
        "failed": sum(f.failed for f in files),
    }
    with transaction.atomic():
        follow = None
        if counts["imported"] and batch.project.pretag_on_import:
            ids = list(Document.objects.filter(batch=batch).values_list("pk", flat=True)[:1001])
            follow = pretag.plan(actor=actor, project=batch.project, documents=ids if len(ids) <= 1000 else None)
        lease.finish({**counts, "batch": batch.pk, "pretag_job": str(follow.pk) if follow else None})
        record(project=batch.project, user=batch.created_by, verb="import.done", target=batch, **counts)


def _read_text(lease: Lease, actor: Actor, batch: ImportBatch, file: ImportFile) -> None:
    with file.file.open("rb") as stream:
        raw = stream.read()
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


def _complain(lease: Lease, item: str, line: int | None, error: DomainError) -> None:
    if not error.errors:
        lease.complain(item=item, line=line, code=error.code, detail=str(error))
    for field, details in error.errors.items():
        for detail in details:
            lease.complain(item=item, line=line, field=field, code=error.code, detail=detail)


def _read_jsonl(lease: Lease, actor: Actor, batch: ImportBatch, file: ImportFile) -> None:
    with file.file.open("rb") as stream:
        lines: Iterator[tuple[int, bytes]] = enumerate(stream, start=1)
        for _done in itertools.islice(lines, file.lines_done):
            pass
        while chunk := list(itertools.islice(lines, LINES_A_BATCH)):
            bulk = Bulk(actor=actor, batch=batch)
            for number, line in chunk:
                if not line.strip():
                    continue
                try:
                    bulk.add(number, line)
                except DomainError as error:
                    file.failed += 1
                    _complain(lease, file.name, number, error)
            with transaction.atomic():
                lease.hold()
                stored = bulk.store()
                for number, title in stored.duplicates:
                    detail = _("This text is in the project already: “%(title)s”.") % {"title": title}
                    lease.complain(item=file.name, line=number, code="duplicate", detail=detail)
                file.imported += stored.imported
                file.duplicates += len(stored.duplicates)
                file.lines_done = chunk[-1][0]
                file.save()
            lease.beat()
    file.state = ImportFile.State.DONE if file.imported or file.duplicates else ImportFile.State.FAILED
    if not (file.imported or file.duplicates or file.failed):
        file.failed = 1
        lease.complain(item=file.name, code="empty", detail=_("The file holds no documents."))
    file.save()


def report(job: Job) -> dict[str, Any]:
    """What the progress page shows of an import: files with their counts."""
    batch = ImportBatch.objects.filter(job=job).first()
    files = batch.files.order_by("number") if batch else ImportFile.objects.none()
    return {"files": list(files.values("name", "size", "state", "imported", "duplicates", "failed"))}
