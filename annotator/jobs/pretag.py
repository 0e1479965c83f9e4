"""Asking for the taggers to run."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from analysis.tagging import NAMES
from annotator.activity.models import Job
from annotator.activity.services import open_job, record
from annotator.corpus.models import Document
from annotator.errors import Invalid
from annotator.jobs.bells import bell
from annotator.teams.access import Action, Actor, require
from annotator.teams.models import Project

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
