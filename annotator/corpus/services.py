"""Documents and codebooks come in here. Texts are stored as decoded and never change."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from analysis.events.bodies import validate_body
from analysis.text.decode import TextError, canonical
from analysis.text.direction import direction_of, language_of
from analysis.text.header import read_header
from annotator.activity.services import record
from annotator.corpus.models import CodebookVersion, Document, DocumentSource, ImportBatch
from annotator.corpus.problems import say, say_text
from annotator.errors import Conflict, Invalid, TooLarge
from annotator.teams.access import Action, Actor, require
from annotator.teams.models import Project
from annotator.teams.services import checked_text

_WORD = re.compile(r"\w+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")  # BCP 47, as far as it is used for texts
_LIMITS = {"title": 500, "author": 200, "source": 200, "source_url": 1000, "external_id": 200, "language": 12}


@dataclass
class NewDocument:
    """A checked document that only has to be stored."""

    fields: dict[str, Any]
    raw: bytes | None
    raw_sha256: str
    encoding: str
    filename: str


def new_document(
    *,
    text: str,
    title: str = "",
    raw: bytes | None = None,
    encoding: str = "utf-8",
    filename: str = "",
    language: str = "",
    source_url: str = "",
    published_on: date | None = None,
    author: str = "",
    source: str = "",
    external_id: str = "",
    metadata: Mapping[str, Any] | None = None,
    body_start: int | None = None,
) -> NewDocument:
    """Check and complete a document without touching the database.

    What is not given (title, date, author, where the body starts, language) is read from the text.
    Raises Invalid with errors by field, TooLarge for an article over the limit.
    """
    errors: dict[str, list[str]] = {}
    try:
        text = canonical(text)
    except TextError as error:
        raise Invalid(errors={"text": [say_text(error)]}, code=f"text_{error.code}") from error
    encoded = text.encode()
    if len(encoded) > settings.MAX_TEXT_BYTES:
        raise TooLarge(_("One article may have at most %(most)s MB.") % {"most": settings.MAX_TEXT_BYTES >> 20})
    header = None
    if body_start is None and not title:
        header = read_header(text)
        title, body_start = header.title, header.body_start
        author = author or header.author
        if published_on is None and header.published_on:
            published_on = date.fromisoformat(header.published_on)
    given = {
        "title": title, "author": author, "source": source, "source_url": source_url,
        "external_id": external_id, "language": language,
    }  # fmt: skip
    for field, value in given.items():
        try:
            given[field] = checked_text(value.strip(), field, _LIMITS[field])
        except Invalid as error:
            errors.update(error.errors)
    if given["source_url"] and not given["source_url"].startswith(("http://", "https://")):
        errors["source_url"] = [_("The address must begin with http:// or https://.")]
    if given["language"] and not _LANGUAGE.fullmatch(given["language"]):
        errors["language"] = [_("A language code such as ar or en is needed.")]
    start = body_start or 0
    if not 0 <= start < len(text):
        errors["body_start"] = [_("The body must begin inside the text.")]
    if errors:
        raise Invalid(_("Some values are not right."), errors=errors)
    sha = hashlib.sha256(encoded).hexdigest()
    as_text = raw is None or raw == encoded
    return NewDocument(
        fields={
            **given,
            "title": given["title"] or _first_words(text),
            "language": given["language"] or language_of(text),
            "direction": direction_of(text),
            "published_on": published_on,
            "text": text,
            "length": len(text),
            "words": len(_WORD.findall(text)),
            "body_start": start,
            "text_sha256": sha,
            "metadata": dict(metadata or {}),
        },
        raw=None if as_text else raw,
        raw_sha256=sha if as_text or raw is None else hashlib.sha256(raw).hexdigest(),
        encoding=encoding,
        filename=filename[:255],
    )


def _first_words(text: str) -> str:
    line = next((s for s in (line.strip() for line in text.split("\n")) if s), "")
    return line if len(line) <= 120 else line[:117].rsplit(" ", 1)[0] + "…"


def add_document(
    *, actor: Actor, project: Project, text: str, batch: ImportBatch | None = None, **about: Any
) -> Document:
    """Store one document. Raises Conflict `duplicate` with the id of the one that has the same text."""
    require(actor, Action.IMPORT, project)
    new = new_document(text=text, **about)
    try:
        with transaction.atomic():
            document = Document.objects.create(project=project, created_by=actor.user, batch=batch, **new.fields)
            DocumentSource.objects.create(
                document=document, raw=new.raw, raw_sha256=new.raw_sha256, encoding=new.encoding, filename=new.filename
            )
            record(project=project, user=actor.user, verb="document.imported", target=document)
    except IntegrityError as error:
        same = (
            Document.objects.filter(project=project, text_sha256=new.fields["text_sha256"])
            .only("id", "title", "archived_at")
            .first()
        )
        if same is None:
            raise
        raise Conflict(
            is_there_already(same.title, in_bin=same.archived_at is not None),
            code="duplicate",
            extra={"document": same.pk},
        ) from error
    return document


def is_there_already(title: str, *, in_bin: bool) -> str:
    """One sentence for people about a text that is in the project, or in its bin."""
    if in_bin:
        return _("This text lies in the bin of the project: “%(title)s”.") % {"title": title}
    return _("This text is in the project already: “%(title)s”.") % {"title": title}


def suggest_header(text: str) -> dict[str, Any]:
    """What the paste form offers for correction: title, date, author, body start, language, direction, words.

    Raises Invalid for a text that cannot be stored.
    """
    fields = new_document(text=text).fields
    return {
        key: fields[key]
        for key in ("title", "published_on", "author", "body_start", "language", "direction", "words", "length")
    }


@transaction.atomic
def archive_document(*, actor: Actor, document: Document) -> None:
    """Put a document in the bin, from where it can be brought back. Twice is the same as once."""
    require(actor, Action.ARCHIVE_DOCUMENT, document.project)
    if Document.objects.filter(pk=document.pk, archived_at=None).update(archived_at=timezone.now()):
        record(project=document.project, user=actor.user, verb="document.archived", target=document)


@transaction.atomic
def restore_document(*, actor: Actor, document: Document) -> None:
    require(actor, Action.ARCHIVE_DOCUMENT, document.project)
    if Document.objects.filter(pk=document.pk).exclude(archived_at=None).update(archived_at=None):
        record(project=document.project, user=actor.user, verb="document.restored", target=document)


@transaction.atomic
def put_codebook(*, actor: Actor, project: Project, body: Mapping[str, Any], note: str = "") -> CodebookVersion:
    """Make the next version. The same body as now makes none. Raises Invalid with errors by path."""
    require(actor, Action.EDIT_CODEBOOK, project)
    return write_codebook(actor=actor, project=project, body=body, note=note)


def write_codebook(*, actor: Actor, project: Project, body: Mapping[str, Any], note: str = "") -> CodebookVersion:
    """`put_codebook` without asking who may; for a project that is just being made."""
    errors: dict[str, list[str]] = {}
    for problem in validate_body(body):
        errors.setdefault(problem.path, []).append(say(problem))
    if errors:
        raise Invalid(_("The codebook is not right."), errors=errors)
    Project.objects.select_for_update().get(pk=project.pk)
    latest = CodebookVersion.objects.filter(project=project).order_by("-number").first()
    if latest is not None and latest.body == body:
        return latest
    version = CodebookVersion.objects.create(
        project=project, number=latest.number + 1 if latest else 1, body=dict(body), note=note, created_by=actor.user
    )
    record(project=project, user=actor.user, verb="codebook.changed", target=version, number=version.number)
    return version
