"""Reading comments: the threads of a document, what is new in them, who named me."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Exists, F, Max, OuterRef, Prefetch, Q, QuerySet
from django.db.models.expressions import Combinable
from django.utils import timezone

from annotator.coding.models import Span
from annotator.corpus.models import Document
from annotator.review.models import Comment, CommentVersion, Mention, TalkSeen, Thread, ThreadQuerySet
from annotator.teams.access import Actor
from annotator.teams.models import User

UNDO_FOR = timedelta(days=1)
MOST = 200  # threads of a document that are shown


def threads_of(*, actor: Actor, document: Document, work_of: User | None = None) -> list[Thread]:
    """The threads of a document that the actor reads, with their comments: open ones first, in the order of the text.

    With `work_of` without those on the work of others. What somebody deleted still comes for its author, for a day.
    """
    said = Comment.objects.filter(_shown(actor)).select_related("author").order_by("id")
    said = said.prefetch_related(
        Prefetch("mentions", Mention.objects.select_related("user").order_by("id")),
        Prefetch("versions", CommentVersion.objects.order_by("id")),
    )
    rows = _threads(actor, document)
    if work_of is not None:
        rows = rows.filter(Q(work_of=work_of) | Q(work_of=None))
    rows = rows.select_related("work_of", "resolved_by").prefetch_related(Prefetch("comments", said))
    return list(rows.order_by(F("resolved_at").desc(nulls_first=True), F("start").asc(nulls_first=True), "id")[:MOST])


def _shown(actor: Actor) -> Q:
    lately = timezone.now() - UNDO_FOR
    return Q(archived_at=None) | Q(author=actor.user, archived_at__gt=lately)


def _threads(actor: Actor, document: Document) -> ThreadQuerySet:
    rows = Thread.objects.visible_to(actor).filter(document=document)
    return rows.filter(Exists(Comment.objects.filter(_shown(actor), thread=OuterRef("pk"))))


def gone(*, actor: Actor, threads: list[Thread]) -> set[int]:
    """Those on marks of the actor that are no more. Of the marks of others nothing is told."""
    mine = {thread.span_id for thread in threads if thread.span_id and thread.work_of_id == actor.user.pk}
    there = set(Span.objects.filter(pk__in=mine).values_list("pk", flat=True)) if mine else set()
    return {thread.pk for thread in threads if thread.span_id in mine and thread.span_id not in there}


@dataclass(frozen=True)
class Talk:
    """What a page asks again and again: whether anything changed, and how much the person has not read."""

    stamp: str
    unread: int
    open: int


def talk(*, actor: Actor, document: Document) -> Talk:
    rows = _threads(actor, document)
    found = rows.aggregate(n=Count("id"), changed=Max("changed_at"))
    stamp = f"{found['n']}-{found['changed'].timestamp():.6f}" if found["n"] else "0"
    seen = last_read(actor=actor, document=document)
    new = Comment.objects.filter(thread__in=rows, archived_at=None, pk__gt=seen).exclude(author=actor.user)
    return Talk(stamp, new.count(), rows.alive().filter(resolved_at=None).count())


def last_read(*, actor: Actor, document: Document) -> int:
    """The id of the comment up to which the actor has read."""
    found = TalkSeen.objects.filter(user=actor.user, document=document).values_list("last", flat=True)
    return found.first() or 0


def _named(actor: Actor) -> QuerySet[Mention]:
    visible = Thread.objects.visible_to(actor)
    return Mention.objects.filter(user=actor.user, comment__archived_at=None, comment__thread__in=visible)


def _unread(actor: Actor) -> Combinable:
    read = TalkSeen.objects.filter(
        user=actor.user, document=OuterRef("comment__thread__document"), last__gte=OuterRef("comment_id")
    )
    return ~Exists(read)


def mentions_of(*, actor: Actor) -> QuerySet[Mention]:
    """Where the actor was named, in threads that the actor still reads, the newest first; `unread` says what is new."""
    return (
        _named(actor)
        .annotate(unread=_unread(actor))
        .prefetch_related(Prefetch("comment__mentions", Mention.objects.select_related("user")))
        .select_related("comment__author", "comment__thread__document__project")
        .defer("comment__thread__document__text", "comment__thread__document__metadata")
        .order_by("-comment_id")
    )


def unread_mentions(*, actor: Actor) -> int:
    return _named(actor).filter(_unread(actor)).count()
