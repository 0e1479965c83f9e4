"""Storing a pasted article and having it read by the taggers, in one go."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from annotator.corpus.models import Document
from annotator.corpus.services import add_document
from annotator.errors import TooMany
from annotator.jobs import pretag
from annotator.teams.access import Actor
from annotator.teams.models import Project


@transaction.atomic
def paste(*, actor: Actor, project: Project, text: str, **about: Any) -> tuple[Document, bool]:
    """Store one document, as `add_document` does. Returns it and whether the taggers were asked to read it."""
    document = add_document(actor=actor, project=project, text=text, **about)
    if not project.pretag_on_import:
        return document, False
    try:
        with transaction.atomic():
            pretag.plan(actor=actor, project=project, documents=[document.pk])
    except TooMany:  # too many runs wait: the article is worth keeping all the same
        return document, False
    return document, True
