"""Running the taggers over documents. Each document is its own transaction; what is there already is left out."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from functools import lru_cache

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.utils.translation import gettext as _

from analysis import types
from analysis.tagging.gazetteer import Name
from analysis.tagging.registry import NAMES, Taggers
from annotator.activity.models import Job
from annotator.activity.services import Lease, open_job, record
from annotator.coding.suggestions import documents_without, store
from annotator.corpus.models import Document
from annotator.errors import Invalid
from annotator.jobs.bells import bell
from annotator.registry.models import Entity, EntityName
from annotator.teams.access import Action, Actor, require
from annotator.teams.models import Project

log = logging.getLogger(__name__)
KIND = "pretag"


def request(
    *, actor: Actor, project: Project, taggers: Sequence[str] | None = None, documents: Sequence[int] | None = None
) -> Job:
    """Ask for the taggers to run, all of them and over all documents unless some are named."""
    require(actor, Action.PRETAG, project)
    return plan(actor=actor, project=project, taggers=taggers, documents=documents)


def plan(
    *, actor: Actor, project: Project, taggers: Sequence[str] | None = None, documents: Sequence[int] | None = None
) -> Job:
    """`request` without asking who may; for the run that follows an import."""
    wanted = list(taggers) if taggers else list(NAMES)
    if unknown := [t for t in wanted if t not in NAMES]:
        raise Invalid(errors={"taggers": [_("There is no tagger “%(name)s”.") % {"name": unknown[0]}]})
    ids = None
    if documents is not None:
        ids = sorted(set(documents))
        known = Document.objects.visible_to(actor).filter(project=project, pk__in=ids).count()
        if known < len(ids):
            raise Invalid(errors={"documents": [_("Some of these documents are not in this project.")]})
    key = f"{','.join(sorted(wanted))}:{'all' if ids is None else ','.join(map(str, ids))}"
    job = open_job(
        actor=actor,
        project=project,
        kind=KIND,
        params={"taggers": wanted, "documents": ids},
        ring=bell(KIND),
        dedupe_key=key if len(key) <= 120 else "",
    )
    record(project=project, user=actor.user, verb="pretag.requested", target=job, taggers=wanted)
    return job


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
