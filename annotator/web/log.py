"""The lines of the activity log as people read them: what was done, to what, and where that is shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.timezone import localtime

from annotator.activity.models import Activity, Job
from annotator.coding.models import AnnotationSet, Assignment, Submission
from annotator.corpus.models import Document
from annotator.registry.models import Entity
from annotator.review.models import Thread
from annotator.teams.models import Membership, User
from annotator.web.words import VERBS

Found = tuple[str, str]  # what it is called, where it is shown


def described(rows: Sequence[Activity]) -> list[dict[str, Any]]:
    """For each line: day, words, and what it was done to, with its address if there is a page about it.

    Costs one query for each kind of target, however many lines there are.
    """
    wanted: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        wanted[row.target_type].add(row.target_id)
    targets: dict[tuple[str, str], Found] = {}
    for kind, look_up in LOOK_UP.items():
        if ids := wanted.get(kind):
            targets |= {(kind, pk): found for pk, found in look_up(ids)}
    people = User.objects.in_bulk({row.data["member"] for row in rows if isinstance(row.data.get("member"), int)})
    return [
        {
            "row": row,
            "day": localtime(row.at).date(),
            "words": VERBS.get(row.verb, row.verb),
            "about": targets.get((row.target_type, row.target_id)),
            "who": people.get(row.data.get("member", 0)) or row.data.get("email", ""),
            "count": row.data.get("count"),
        }
        for row in rows
    ]


def _documents(ids: Iterable[str]) -> Iterable[tuple[str, Found]]:
    for pk, title in Document.objects.filter(pk__in=ids).values_list("pk", "title"):
        yield str(pk), (title, reverse("workspace", args=[pk]))


def _assignments(ids: Iterable[str]) -> Iterable[tuple[str, Found]]:
    rows = Assignment.objects.filter(pk__in=ids).values_list("pk", "document_id", "document__title")
    for pk, document, title in rows:
        yield str(pk), (title, reverse("workspace", args=[document]))


def _sets(ids: Iterable[str]) -> Iterable[tuple[str, Found]]:
    rows = AnnotationSet.objects.filter(pk__in=ids).values_list("pk", "document_id", "document__title")
    for pk, document, title in rows:
        yield str(pk), (title, reverse("workspace", args=[document]))


def _submissions(ids: Iterable[str]) -> Iterable[tuple[str, Found]]:
    for pk, title in Submission.objects.filter(pk__in=ids).values_list("pk", "assignment__document__title"):
        yield str(pk), (title, reverse("submission", args=[pk]))


def _threads(ids: Iterable[str]) -> Iterable[tuple[str, Found]]:
    for pk, document, title in Thread.objects.filter(pk__in=ids).values_list("pk", "document_id", "document__title"):
        yield str(pk), (title, f"{reverse('workspace', args=[document])}#thread-{pk}")


def _entities(ids: Iterable[str]) -> Iterable[tuple[str, Found]]:
    for entity in Entity.objects.filter(pk__in=ids).prefetch_related("names"):
        yield str(entity.pk), (entity.name(), reverse("actor", args=[entity.pk]))


def _jobs(ids: Iterable[str]) -> Iterable[tuple[str, Found]]:
    for pk in Job.objects.filter(pk__in=ids).values_list("pk", flat=True):
        yield str(pk), ("", reverse("job", args=[pk]))


def _members(ids: Iterable[str]) -> Iterable[tuple[str, Found]]:
    for row in Membership.objects.filter(pk__in=ids).select_related("user"):
        yield str(row.pk), (str(row.user), "")


LOOK_UP = {
    "membership": _members,
    "document": _documents,
    "assignment": _assignments,
    "annotationset": _sets,
    "submission": _submissions,
    "thread": _threads,
    "entity": _entities,
    "job": _jobs,
}
