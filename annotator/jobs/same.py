"""Marking all the same throughout a project, and taking that back. Each document is its own transaction."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from analysis.text.matching import Forms, Needle
from annotator.activity.models import Job
from annotator.activity.services import Lease, open_job, record, stop
from annotator.coding.occurrences import writable_documents
from annotator.coding.same_marks import Act, checked_span, mark, take_back
from annotator.corpus.models import Document
from annotator.errors import Conflict, DomainError, Invalid, Missing, TooLarge
from annotator.jobs.bells import bell
from annotator.teams.access import Action, Actor, require
from annotator.teams.models import Project

KIND = "same"
UNDO_KIND = "same_undo"
T = TypeVar("T")
MOST_MARKS = 20_000
MOST_WORDS = 200  # code points


def request(
    *,
    actor: Actor,
    project: Project,
    act_id: uuid.UUID,
    words: str,
    forms: Forms,
    span: Mapping[str, Any],
    places: Mapping[int, Sequence[int]],
) -> Job:
    """Ask for marks at the occurrences that begin at `places`, document -> starts, in the actor's own sets.

    One act, undone as one. Asking again with the same id gives the same job. Raises Missing, Forbidden, Conflict in a
    frozen project, TooLarge, and Invalid where something is not right or a document is not the actor's to write in.
    """
    require(actor, Action.ANNOTATE, project)
    mine = Job.objects.filter(project=project, kind=KIND, requested_by=actor.user)
    if (same := mine.filter(params__act=str(act_id)).first()) is not None:
        return same
    count = sum(map(len, places.values()))
    if count > MOST_MARKS:
        raise TooLarge(_("At most %(most)s marks at a time.") % {"most": MOST_MARKS})
    if not count:
        raise Invalid(errors={"documents": [_("Choose at least one place.")]})
    if Needle(words, forms).is_empty or len(words) > MOST_WORDS:
        raise Invalid(errors={"q": [_("Words are needed, at most %(most)s characters.") % {"most": MOST_WORDS}]})
    documents = writable_documents(actor=actor, project=project, unassigned=True).filter(pk__in=places)
    if documents.count() < len(places):
        raise Invalid(errors={"documents": [_("In some of these documents you may not mark anything now.")]})
    act = Act(act_id, words, forms, checked_span(project=project, span=span))
    with transaction.atomic():
        job = open_job(
            actor=actor,
            project=project,
            kind=KIND,
            params={**act.data(), "places": [[pk, sorted(set(starts))] for pk, starts in sorted(places.items())]},
            ring=bell(KIND),
            dedupe_key=f"{actor.user.pk}/{act_id}",
            total=len(places),
        )
        record(project=project, user=actor.user, verb="same.requested", target=job)
    return job


def request_undo(*, actor: Actor, job: Job) -> Job:
    """Ask for the marks of an act to be taken away where they are as it made them; an act under way is stopped first.

    Raises Missing for what is not an act of the actor's own.
    """
    if job.kind != KIND or job.requested_by_id != actor.user.pk:
        raise Missing()
    require(actor, Action.ANNOTATE, job.project)
    with transaction.atomic():
        stop(job)
        undo = open_job(
            actor=actor,
            project=job.project,
            kind=UNDO_KIND,
            params={"of": str(job.pk), "act": job.params["act"], "documents": [pk for pk, _s in job.params["places"]]},
            ring=bell(UNDO_KIND),
            dedupe_key=str(job.pk),
            total=job.total,
        )
        record(project=job.project, user=actor.user, verb="same.undo_requested", target=job)
    return undo


def work(lease: Lease) -> None:
    act = Act.from_data(lease.job.params)
    actor = Actor(lease.job.requested_by)
    places = [(pk, frozenset(starts)) for pk, starts in lease.job.params["places"]]

    def one(place: tuple[int, frozenset[int]]) -> dict[str, int]:
        marks, left = mark(actor=actor, document_id=place[0], act=act, starts=place[1])
        return {"marks": marks, "left": left, "documents": int(marks > 0)}

    _each(lease, places, lambda place: place[0], one, {"marks": 0, "left": 0, "documents": 0}, "same.done")


def work_undo(lease: Lease) -> None:
    params = lease.job.params
    actor = Actor(lease.job.requested_by)
    act_id, undo_id = uuid.UUID(params["act"]), uuid.uuid5(lease.job.pk, "undo")

    def one(document_id: int) -> dict[str, int]:
        removed, kept = take_back(actor=actor, document_id=document_id, act_id=act_id, undo_id=undo_id)
        return {"removed": removed, "kept": kept, "documents": int(removed > 0)}

    _each(lease, params["documents"], int, one, {"removed": 0, "kept": 0, "documents": 0}, "same.undone")


def _each(
    lease: Lease,
    items: Sequence[T],
    document_of: Callable[[T], int],
    one: Callable[[T], dict[str, int]],
    nothing: dict[str, int],
    verb: str,
) -> None:
    """Do `one` for each document and add up what it says; who takes over goes on behind the last that was written.

    A document whose work is closed meanwhile is complained of, the others go on. A project that is frozen, or a right
    that is gone, ends the job.
    """
    job = lease.job
    result = {**nothing, **job.result}
    for n in range(job.done, len(items)):
        with transaction.atomic():
            lease.hold()  # a runner that was taken over, or stopped, must not write
            try:
                with transaction.atomic():
                    said = one(items[n])
            except (Conflict, Invalid, Missing) as refusal:
                if refusal.code == "frozen":
                    raise
                said = {}
                _complain(lease, document_of(items[n]), refusal)
            result = {key: value + said.get(key, 0) for key, value in result.items()}
            lease.beat(done=n + 1, result=result)
            lease.keep_errors()
    with transaction.atomic():
        lease.finish(result)
        record(project=job.project, user=job.requested_by, verb=verb, target=job, **result)


def _complain(lease: Lease, document_id: int, refusal: DomainError) -> None:
    title = Document.objects.filter(pk=document_id).values_list("title", flat=True).first() or str(document_id)
    why = " ".join(dict.fromkeys(why for reasons in refusal.errors.values() for why in reasons)) or str(refusal)
    lease.complain(item=title, code=refusal.code, detail=why)
