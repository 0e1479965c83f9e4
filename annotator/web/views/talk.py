"""Comments beside the text, and what a page asks again and again. The pages' script is static/annotator/talk.js."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from annotator.coding.models import AnnotationSet, Assignment, Submission
from annotator.corpus.models import Document
from annotator.corpus.queries import document_for
from annotator.errors import DomainError, Missing
from annotator.review import comments, talk
from annotator.review.mentions import decode, handles, mentionable, parts
from annotator.review.models import Thread
from annotator.review.queries import submission_for
from annotator.teams.access import Action, Actor, may
from annotator.teams.models import User
from annotator.web.request import Request, actor_of, ids_in

View = Callable[..., HttpResponse]


def answers_json(view: View) -> View:
    """A refusal becomes JSON: the script shows it in its place."""

    @wraps(view)
    def wrapped(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except DomainError as refusal:
            why = [one for reasons in refusal.errors.values() for one in reasons]
            body = {"code": refusal.code, "detail": " ".join(why) or str(refusal)}
            return JsonResponse(body, status=refusal.status)

    return wrapped


def _submission(request: Request, actor: Actor, document: Document) -> Submission | None:
    """The submission that the page shows, if it shows one."""
    asked = ids_in([request.GET.get("submission", "")])
    if not asked:
        return None
    found = submission_for(actor=actor, submission_id=asked[0])
    if found.assignment.document_id != document.pk:
        raise Missing
    return found


@never_cache
@answers_json
def threads(request: Request, document_id: int) -> HttpResponse:
    """The threads of a document as a piece of a page; 204 while they are as `stamp` says. POST starts one."""
    actor = actor_of(request)
    document = document_for(actor=actor, document_id=document_id)
    submission = _submission(request, actor, document)
    if request.method == "POST":
        span = request.POST.get("span", "")
        comment = comments.start_thread(
            actor=actor,
            document_id=document_id,
            key=_uuid(request.POST.get("key", "")),
            body=request.POST.get("body", ""),
            span_id=_uuid(span) if span else None,
            submission_id=submission.pk if submission else None,
        )
        return JsonResponse({"thread": comment.thread_id, "comment": comment.pk}, status=201)
    now = talk.talk(actor=actor, document=document)
    if request.GET.get("stamp") == now.stamp:
        return HttpResponse(status=204)
    work_of = submission.assignment.user if submission else None
    found = talk.threads_of(actor=actor, document=document, work_of=work_of)
    read = talk.last_read(actor=actor, document=document)
    may_write = may(actor, Action.COMMENT, document.project)
    gone = talk.gone(actor=actor, threads=found)
    context = {
        "document": document,
        "now": now,
        "threads": [
            {**_shown(thread, document, actor, read=read, may_write=may_write), "gone": thread.pk in gone}
            for thread in found
        ],
        "may_write": may_write,
        "last": max((c.pk for thread in found for c in thread.comments.all()), default=0),
        "audience": _audience(actor, document, submission),
    }
    return render(request, "workspace/talk.html", context)


def _uuid(value: str) -> uuid.UUID:
    try:
        return uuid.UUID(value)
    except ValueError:
        raise Missing from None


def _audience(actor: Actor, document: Document, submission: Submission | None) -> str:
    """Who will read a new thread on the document: staff with one person, or everybody."""
    openly = document.project.open_talk or comments.reviews(actor, document.project)
    return "everybody" if openly and submission is None else "reviewers"


def _shown(thread: Thread, document: Document, actor: Actor, *, read: int, may_write: bool) -> dict[str, Any]:
    thread.document = document
    said = []
    for comment in thread.comments.all():
        named = [mention.user for mention in comment.mentions.all()]
        mine = comment.author_id == actor.user.pk
        said.append(
            {
                "comment": comment,
                "parts": parts(comment.body, named),
                "typed": decode(comment.body, named, named) if mine else "",
                "versions": [(version, parts(version.body, named)) for version in comment.versions.all()],
                "mine": mine and may_write,
                "changeable": mine and may_write and comments.is_changeable(comment),
                "new": not mine and comment.pk > read,
            }
        )
    answerable = may_write and comments.may_answer(actor, thread)
    return {
        "thread": thread,
        "said": said,
        "answerable": answerable,
        "new": any(one["new"] for one in said),
        "others": thread.work_of_id is not None and thread.work_of_id != actor.user.pk,
        "everybody": thread.work_of_id is None,
    }


@require_POST
@answers_json
def reply(request: Request, thread_id: int) -> HttpResponse:
    comment = comments.reply(
        actor=actor_of(request),
        thread_id=thread_id,
        key=_uuid(request.POST.get("key", "")),
        body=request.POST.get("body", ""),
    )
    return JsonResponse({"thread": thread_id, "comment": comment.pk}, status=201)


@require_POST
@answers_json
def resolve(request: Request, thread_id: int) -> HttpResponse:
    resolved = request.POST.get("resolved") == "1"
    comments.resolve(actor=actor_of(request), thread_id=thread_id, resolved=resolved)
    return HttpResponse(status=204)


@require_POST
@answers_json
def change(request: Request, comment_id: int) -> HttpResponse:
    comments.change_comment(actor=actor_of(request), comment_id=comment_id, body=request.POST.get("body", ""))
    return HttpResponse(status=204)


@require_POST
@answers_json
def archive(request: Request, comment_id: int) -> HttpResponse:
    comments.archive_comment(actor=actor_of(request), comment_id=comment_id)
    return HttpResponse(status=204)


@require_POST
@answers_json
def restore(request: Request, comment_id: int) -> HttpResponse:
    comments.restore_comment(actor=actor_of(request), comment_id=comment_id)
    return HttpResponse(status=204)


@require_POST
@answers_json
def read(request: Request, document_id: int) -> HttpResponse:
    """The person has the comments in sight."""
    last = ids_in([request.POST.get("last", "")])
    comments.mark_read(actor=actor_of(request), document_id=document_id, last=last[0] if last else 0)
    return HttpResponse(status=204)


@require_GET
@never_cache
@answers_json
def people(request: Request, document_id: int) -> HttpResponse:
    """Who can be named with @: in a thread, or in a new one on the document."""
    actor = actor_of(request)
    document = document_for(actor=actor, document_id=document_id, action=Action.COMMENT)
    asked = ids_in([request.GET.get("thread", "")])
    if asked:
        thread = comments.thread_for(actor=actor, thread_id=asked[0])
    else:
        submission = _submission(request, actor, document)
        openly = _audience(actor, document, submission) == "everybody" and not request.GET.get("span")
        author = submission.assignment.user if submission else actor.user
        thread = Thread(document=document, work_of=None if openly else author)
    found = mentionable(thread, but=actor.user)
    called: dict[int, str] = {}
    for handle, person in handles(found).items():
        called.setdefault(person.pk, handle)
    return JsonResponse({"people": [_person(person, called[person.pk]) for person in found]})


def _person(person: User, handle: str) -> dict[str, Any]:
    return {"id": person.pk, "name": str(person), "email": person.email, "handle": handle}


@require_safe
@never_cache
@answers_json
def pulse(request: Request, document_id: int) -> HttpResponse:
    """What may have changed elsewhere: the version of one's own set, the state of the task, the comments."""
    actor = actor_of(request)
    document = document_for(actor=actor, document_id=document_id)
    own = AnnotationSet.objects.of_person(actor.user.pk).filter(document=document).order_by("-round")
    task = Assignment.objects.filter(user=actor.user, document=document)
    now = talk.talk(actor=actor, document=document)
    return JsonResponse(
        {
            "version": own.values_list("version", flat=True).first() or 0,
            "state": task.values_list("state", flat=True).first(),
            "talk": {"stamp": now.stamp, "unread": now.unread, "open": now.open},
        }
    )
