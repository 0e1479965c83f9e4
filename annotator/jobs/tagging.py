"""Running the taggers over documents. Each document is its own transaction; what is there already is left out.

Only the worker comes here: the web never loads a tagger.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from functools import lru_cache

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.utils.translation import gettext as _

from analysis import types
from analysis.tagging.gazetteer import Name
from analysis.tagging.registry import Taggers
from annotator.activity.services import Lease, record
from annotator.coding.suggestions import documents_without, store
from annotator.corpus.models import Document
from annotator.registry.models import Entity, EntityName

log = logging.getLogger(__name__)


def work(lease: Lease) -> None:
    """Tag document by document. A run that died is gone on with where it stopped: stored sets are found again."""
    job = lease.job
    taggers, entities = _taggers(job.project_id)
    wanted: list[str] = job.params["taggers"]
    versions = dict(taggers.versions(wanted))
    todo = documents_without(job.project_id, job.params["documents"], versions)
    total = max(job.total, job.done + len(todo))
    added = int(job.result.get("suggestions", 0))
    lease.beat(done=total - len(todo), total=total)
    for before, document_id in enumerate(todo):
        document = Document.objects.only("text", "language", "title", "published_on", "project_id").get(pk=document_id)
        found = _tag(lease, document, taggers, wanted)
        with transaction.atomic():
            lease.hold()  # a runner that was taken over must not write
            added += _store(document, found, versions, entities)
            lease.beat(done=total - len(todo) + before + 1, result={"suggestions": added})
            lease.keep_errors()
    with transaction.atomic():
        lease.finish({"documents": total, "suggestions": added, "taggers": versions})
        record(project=job.project, user=job.requested_by, verb="pretag.done", target=job, suggestions=added)


def _tag(lease: Lease, row: Document, taggers: Taggers, wanted: Sequence[str]) -> Mapping[str, types.Tagging]:
    """What the taggers say. One document that breaks a tagger must not keep the others from being read."""
    day = row.published_on.isoformat() if row.published_on else None
    try:
        return taggers.tag(types.Document(row.text, row.language, row.title, day), wanted)
    except SoftTimeLimitExceeded:
        raise
    except Exception:
        log.exception("the taggers broke on document %s", row.pk)
        detail = _("The taggers could not read this document. The error was logged.")
        lease.complain(item=row.title, code="tagger", detail=detail)
        return {}


def _store(
    row: Document, found: Mapping[str, types.Tagging], versions: Mapping[str, str], entities: Mapping[str, int]
) -> int:
    return sum(
        store(
            project_id=row.project_id,
            document_id=row.pk,
            tagger=name,
            version=versions[name],
            spans=[s for s in tagging.spans if s.fits(row.text)],
            entities=entities,
        )
        for name, tagging in found.items()
    )


def _taggers(project_id: int) -> tuple[Taggers, dict[str, int]]:
    """The project's taggers and entity ids by key; built again only when its registry has changed."""
    names = tuple(
        EntityName.objects.filter(project_id=project_id, entity__merged_into=None, entity__archived_at=None)
        .order_by("id")
        .values_list("form", "lang", "role", "entity__key", "entity__kind")
    )
    entities = dict(Entity.objects.filter(project_id=project_id).values_list("key", "id"))
    return _build(names), entities


@lru_cache(maxsize=4)
def _build(names: tuple[tuple[str, str, str, str, str], ...]) -> Taggers:
    return Taggers(Name(*name) for name in names)
