"""What people say about documents and marks: threads, answers, mentions.

Who reads what (`Thread.visible_to`): a thread on somebody's work is read by that person and by those who review; a
thread on the document by everybody who reads the document. Coding is blind: while annotators do not talk to each other
(`Project.open_talk`), what an annotator says about a document is a thread on the own work too, and threads for everybody
are started and answered by those who review. Viewers read what is for everybody and write nothing.
Nothing is lost: a change keeps what was said before, deleting is archiving and can be taken back.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from annotator.activity.services import record
from annotator.coding.models import AnnotationSet, Span
from annotator.corpus.models import Document
from annotator.corpus.queries import document_for
from annotator.errors import Conflict, Forbidden, Invalid, Missing
from annotator.review.mentions import encode, mentionable
from annotator.review.models import Comment, CommentVersion, Mention, TalkSeen, Thread
from annotator.review.queries import submission_for
from annotator.teams.access import MATRIX, Action, Actor, require
from annotator.teams.models import Project, User
from annotator.teams.services import checked_text

LONGEST = 4000
CHANGEABLE_FOR = timedelta(hours=24)


def reviews(actor: Actor, project: Project) -> bool:
    """Whether the actor is one of those who review, by role: a frozen project or a token's scopes do not matter."""
    return actor.role_in(project.pk) in MATRIX[Action.VIEW_SUBMISSIONS][0]


def may_answer(actor: Actor, thread: Thread) -> bool:
    """Whether what the actor says in the thread is read by nobody who must not read it."""
    project = thread.document.project
    return thread.work_of_id is not None or project.open_talk or reviews(actor, project)


def is_changeable(comment: Comment) -> bool:
    """Whether its author may still say it otherwise."""
    return comment.archived_at is None and timezone.now() - comment.at <= CHANGEABLE_FOR


def thread_for(*, actor: Actor, thread_id: int) -> Thread:
    """A thread the actor reads. Raises Missing otherwise."""
    rows = Thread.objects.visible_to(actor).select_related("document__project")
    found = rows.defer("document__text", "document__metadata").filter(pk=thread_id).first()
    if found is None:
        raise Missing()
    return found


def comment_for(*, actor: Actor, comment_id: int) -> Comment:
    """A comment of the actor. Raises Missing for threads the actor does not read, Forbidden for what others said."""
    found = Comment.objects.filter(pk=comment_id).first()
    if found is None:
        raise Missing()
    found.thread = thread_for(actor=actor, thread_id=found.thread_id)
    require(actor, Action.COMMENT, found.thread.document.project)
    if found.author_id != actor.user.pk:
        raise Forbidden(_("Only who said it can change it."), code="not_yours")
    return found


@transaction.atomic
def start_thread(
    *,
    actor: Actor,
    document_id: int,
    key: uuid.UUID,
    body: str,
    span_id: uuid.UUID | None = None,
    submission_id: int | None = None,
) -> Comment:
    """Say something about a document, about a mark of one's own, or about submitted work and a mark in it.

    `key` is made by the page; the same key again answers with the same comment.
    """
    document = document_for(actor=actor, document_id=document_id, action=Action.COMMENT)
    about = _about(actor, document, span_id, submission_id)
    thread = Thread(document=document, work_of=about.work_of, span_id=span_id)
    if span_id is not None:
        thread.start, thread.end, thread.quote = about.start, about.end, about.quote
    return _say(actor, thread, key, body)


@dataclass(frozen=True)
class _About:
    work_of: User | None
    start: int = 0
    end: int = 0
    quote: str = ""


def _about(actor: Actor, document: Document, span_id: uuid.UUID | None, submission_id: int | None) -> _About:
    if submission_id is not None:
        submission = submission_for(actor=actor, submission_id=submission_id)
        if submission.assignment.document_id != document.pk:
            raise Missing()
        work_of: User | None = submission.assignment.user
        rows = submission.snapshot["spans"] if span_id else []
        spans = [(s["start"], s["end"], s["quote"]) for s in rows if s["id"] == str(span_id)]
    else:
        openly = document.project.open_talk or reviews(actor, document.project)
        work_of = None if openly and span_id is None else actor.user
        own = AnnotationSet.objects.of_person(actor.user.pk).filter(document=document)
        found = Span.objects.filter(pk__in=[span_id] if span_id else [], set__in=own)
        spans = list(found.values_list("start", "end", "quote"))
    if span_id is None:
        return _About(work_of)
    if not spans:
        raise Invalid(errors={"span": [_("There is no such mark.")]})
    return _About(work_of, *spans[0])


@transaction.atomic
def reply(*, actor: Actor, thread_id: int, key: uuid.UUID, body: str) -> Comment:
    """Say something in a thread. Raises Forbidden where an annotator would break the blindness of others."""
    thread = thread_for(actor=actor, thread_id=thread_id)
    _check_answer(actor, thread)
    return _say(actor, thread, key, body)


def _check_answer(actor: Actor, thread: Thread) -> None:
    require(actor, Action.COMMENT, thread.document.project)
    if not may_answer(actor, thread):
        raise Forbidden(_("This is for everybody; only those who review answer here."), code="blind")


def _say(actor: Actor, thread: Thread, key: uuid.UUID, body: str) -> Comment:
    body, people = encode(_checked(body), mentionable(thread, but=actor.user))
    try:
        with transaction.atomic():
            fresh = thread.pk is None
            thread.changed_at = timezone.now()
            thread.save() if fresh else thread.save(update_fields=["changed_at"])
            comment = Comment.objects.create(thread=thread, key=key, author=actor.user, body=body)
    except IntegrityError:
        return _same(actor, thread, key, body)
    Mention.objects.bulk_create(Mention(comment=comment, user=person) for person in people)
    record(project=thread.document.project, user=actor.user, verb="comment.made", target=thread)
    return comment


def _same(actor: Actor, thread: Thread, key: uuid.UUID, body: str) -> Comment:
    """The comment that was made under this key before. Raises Conflict when it is another one."""
    found = Comment.objects.select_related("thread").filter(key=key, author=actor.user).first()
    if found is None or found.thread.document_id != thread.document_id or found.body != body:
        raise Conflict(_("This id is taken by something else."), code="id_reused")
    return found


def _checked(body: str) -> str:
    body = checked_text(body.replace("\r\n", "\n").strip(), "body", LONGEST)
    if not body:
        raise Invalid(errors={"body": [_("Please write something.")]})
    return body


@transaction.atomic
def change_comment(*, actor: Actor, comment_id: int, body: str) -> Comment:
    """Say it otherwise, within a day; what was said before is kept and can be read by all who read the thread."""
    comment = comment_for(actor=actor, comment_id=comment_id)
    comment = Comment.objects.select_for_update(no_key=True, of=("self",)).select_related("thread__document__project").get(
        pk=comment.pk
    )  # fmt: skip
    if comment.archived_at is not None:
        raise Conflict(_("This was deleted."), code="archived")
    if timezone.now() - comment.at > CHANGEABLE_FOR:
        raise Conflict(_("A comment can be changed for one day. Answer it instead."), code="too_late")
    body, people = encode(_checked(body), mentionable(comment.thread, but=actor.user))
    if body == comment.body:
        return comment
    CommentVersion.objects.create(comment=comment, body=comment.body)
    Comment.objects.filter(pk=comment.pk).update(body=body)
    Mention.objects.filter(comment=comment).exclude(user__in=people).delete()
    Mention.objects.bulk_create([Mention(comment=comment, user=p) for p in people], ignore_conflicts=True)
    _touch(comment.thread)
    record(project=comment.thread.document.project, user=actor.user, verb="comment.changed", target=comment.thread)
    comment.body = body
    return comment


@transaction.atomic
def archive_comment(*, actor: Actor, comment_id: int) -> None:
    """Delete what one said; it can be brought back. A thread in which nothing is left is not shown."""
    comment = comment_for(actor=actor, comment_id=comment_id)
    if not Comment.objects.filter(pk=comment.pk, archived_at=None).update(archived_at=timezone.now()):
        raise Conflict(_("This was deleted."), code="archived")
    _touch(comment.thread)
    record(project=comment.thread.document.project, user=actor.user, verb="comment.deleted", target=comment.thread)


@transaction.atomic
def restore_comment(*, actor: Actor, comment_id: int) -> None:
    """Bring back what one deleted."""
    comment = comment_for(actor=actor, comment_id=comment_id)
    if not Comment.objects.filter(pk=comment.pk, archived_at__isnull=False).update(archived_at=None):
        raise Conflict(_("This was not deleted."), code="not_archived")
    _touch(comment.thread)
    record(project=comment.thread.document.project, user=actor.user, verb="comment.restored", target=comment.thread)


@transaction.atomic
def resolve(*, actor: Actor, thread_id: int, resolved: bool = True) -> Thread:
    """Close a thread that is settled, or open it again. Whoever may answer may do it. Raises Conflict when it is so already."""
    thread = thread_for(actor=actor, thread_id=thread_id)
    _check_answer(actor, thread)
    now = timezone.now()
    moved = Thread.objects.filter(pk=thread.pk, resolved_at__isnull=resolved).update(
        resolved_at=now if resolved else None, resolved_by=actor.user if resolved else None, changed_at=now
    )
    if not moved:
        raise Conflict(_("Somebody else did this first."), code="state", extra={"resolved": not resolved})
    verb = "thread.resolved" if resolved else "thread.reopened"
    record(project=thread.document.project, user=actor.user, verb=verb, target=thread)
    return thread


def _touch(thread: Thread) -> None:
    Thread.objects.filter(pk=thread.pk).update(changed_at=timezone.now())


@transaction.atomic
def mark_read(*, actor: Actor, document_id: int, last: int) -> None:
    """The actor has read the comments on the document up to the one with the id `last`. It never goes back."""
    document = document_for(actor=actor, document_id=document_id)
    visible = Thread.objects.visible_to(actor).filter(document=document)
    newest = Comment.objects.filter(thread__in=visible).aggregate(id=Max("id"))["id"] or 0
    last = min(last, newest)
    seen, _new = TalkSeen.objects.get_or_create(user=actor.user, document=document)
    TalkSeen.objects.filter(pk=seen.pk, last__lt=last).update(last=last)
