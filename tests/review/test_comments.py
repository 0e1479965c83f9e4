"""Comments in threads: who reads and writes them, how names are called, and that nothing gets lost."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotator.activity.models import Activity
from annotator.coding.assignments import revoke, submit
from annotator.coding.models import Assignment, Span
from annotator.corpus.services import archive_document
from annotator.errors import Conflict, DomainError, Forbidden, Invalid, Missing
from annotator.review.comments import (
    archive_comment,
    change_comment,
    mark_read,
    reply,
    resolve,
    restore_comment,
    start_thread,
)
from annotator.review.mentions import decode, encode, handles, parts
from annotator.review.models import Comment, Thread
from annotator.review.talk import mentions_of, talk, threads_of
from annotator.teams.access import Actor
from annotator.teams.models import Project, Role, User
from annotator.teams.services import set_frozen
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> SimpleNamespace:
    """Two annotators with a mark each on one document, and people of all other roles."""
    project = build.project()
    article = build.document(project)
    people = {
        "owner": build.owner_of(project).user,
        "manager": build.member(project, Role.MANAGER, build.user("منى المدير")),
        "reviewer": build.member(project, Role.REVIEWER, build.user("Rima Haddad")),
        "amal": build.member(project, person=build.user("أمل الحسن")),
        "bader": build.member(project, person=build.user("Bader")),
        "viewer": build.member(project, Role.VIEWER, build.user("Vera")),
        "outsider": build.user("outsider"),
    }
    marks = {}
    for who in ("amal", "bader"):
        build.edit_first(article, people[who])
        marks[who] = Span.objects.get(set__author=people[who])
    return SimpleNamespace(project=project, article=article, marks=marks, **people)


def say(world: SimpleNamespace, who: str, body: str = "Is this an actor?", **on: Any) -> Comment:
    return start_thread(
        actor=Actor(getattr(world, who)), document_id=world.article.pk, key=uuid.uuid4(), body=body, **on
    )


def answer(world: SimpleNamespace, who: str, thread: Thread, body: str = "Yes.") -> Comment:
    return reply(actor=Actor(getattr(world, who)), thread_id=thread.pk, key=uuid.uuid4(), body=body)


def readers(world: SimpleNamespace, thread: Thread) -> set[str]:
    everybody = ("owner", "manager", "reviewer", "amal", "bader", "viewer", "outsider")
    return {w for w in everybody if thread in Thread.objects.visible_to(Actor(getattr(world, w)))}


STAFF = {"owner", "manager", "reviewer"}


# -- who reads what


def test_a_thread_on_a_mark_is_read_by_its_author_and_by_those_who_review(world: SimpleNamespace) -> None:
    thread = say(world, "amal", span_id=world.marks["amal"].pk).thread
    assert readers(world, thread) == STAFF | {"amal"}
    mark = world.marks["amal"]
    assert (thread.start, thread.end, thread.quote) == (mark.start, mark.end, mark.quote)


def test_what_an_annotator_says_about_a_document_does_not_reach_other_annotators(world: SimpleNamespace) -> None:
    assert readers(world, say(world, "amal").thread) == STAFF | {"amal"}


def test_where_annotators_may_talk_all_readers_of_the_document_read_it(world: SimpleNamespace) -> None:
    Project.objects.update(open_talk=True)
    thread = say(world, "amal").thread
    assert readers(world, thread) == STAFF | {"amal", "bader", "viewer"}
    answer(world, "bader", thread)
    # On a mark it stays between its author and those who review: the mark itself would tell.
    assert readers(world, say(world, "amal", span_id=world.marks["amal"].pk).thread) == STAFF | {"amal"}


def test_what_reviewers_say_about_a_document_all_its_readers_read(world: SimpleNamespace) -> None:
    stranger = build.member(world.project)  # an annotator without this document
    thread = say(world, "reviewer").thread
    assert readers(world, thread) == STAFF | {"amal", "bader", "viewer"}
    assert not Thread.objects.visible_to(Actor(stranger)).exists()


def test_annotators_do_not_answer_where_other_annotators_read(world: SimpleNamespace) -> None:
    thread = say(world, "manager").thread
    answer(world, "reviewer", thread)
    with pytest.raises(Forbidden) as refused:
        answer(world, "amal", thread)
    assert refused.value.code == "blind"
    with pytest.raises(Forbidden):
        resolve(actor=Actor(world.amal), thread_id=thread.pk)


def test_a_reviewer_comments_on_submitted_work(world: SimpleNamespace) -> None:
    handed_in = submit(actor=Actor(world.bader), document_id=world.article.pk)
    mark = world.marks["bader"]
    on_mark = say(world, "reviewer", span_id=mark.pk, submission_id=handed_in.pk).thread
    on_all = say(world, "reviewer", submission_id=handed_in.pk).thread
    for thread in (on_mark, on_all):
        assert readers(world, thread) == STAFF | {"bader"}
    assert on_mark.quote == mark.quote
    with pytest.raises(Missing):
        say(world, "amal", submission_id=handed_in.pk)
    elsewhere = build.document(world.project)
    with pytest.raises(Missing):
        start_thread(
            actor=Actor(world.reviewer), document_id=elsewhere.pk, key=uuid.uuid4(), body="x",
            submission_id=handed_in.pk,
        )  # fmt: skip


def test_a_mark_of_another_person_does_not_exist(world: SimpleNamespace) -> None:
    for who in ("amal", "reviewer", "owner"):
        with pytest.raises(Invalid) as refused:
            say(world, who, span_id=world.marks["bader"].pk)
        assert list(refused.value.errors) == ["span"]


def test_who_lost_the_document_reads_nothing_of_it(world: SimpleNamespace) -> None:
    thread = say(world, "amal").thread
    revoke(actor=Actor(world.owner), assignment=Assignment.objects.get(user=world.amal))
    assert readers(world, thread) == STAFF
    archive_document(actor=Actor(world.owner), document=world.article)
    assert readers(world, thread) == set()


DO: dict[str, Callable[[Actor, Comment], Any]] = {
    "answer": lambda a, c: reply(actor=a, thread_id=c.thread_id, key=uuid.uuid4(), body="x"),
    "resolve": lambda a, c: resolve(actor=a, thread_id=c.thread_id),
    "change": lambda a, c: change_comment(actor=a, comment_id=c.pk, body="x"),
    "delete": lambda a, c: archive_comment(actor=a, comment_id=c.pk),
}


@pytest.mark.parametrize("what", DO)
@pytest.mark.parametrize("who", ["owner", "manager", "reviewer", "amal", "bader", "viewer", "outsider"])
def test_each_role_may_what_it_may(world: SimpleNamespace, who: str, what: str) -> None:
    comment = say(world, "amal", span_id=world.marks["amal"].pk)
    outcome = "done"
    try:
        DO[what](Actor(getattr(world, who)), comment)
    except DomainError as refusal:
        outcome = str(refusal.status)
    if who in ("bader", "viewer", "outsider"):
        assert outcome == "404"
    elif what in ("change", "delete"):
        assert outcome == ("done" if who == "amal" else "403")
    else:
        assert outcome == "done"


def test_viewers_read_and_do_not_write(world: SimpleNamespace) -> None:
    thread = say(world, "owner").thread
    for do in (lambda: say(world, "viewer"), lambda: answer(world, "viewer", thread)):
        with pytest.raises(Forbidden):
            do()
    with pytest.raises(Missing):
        say(world, "outsider")


def test_in_a_frozen_project_nobody_writes(world: SimpleNamespace) -> None:
    comment = say(world, "amal")
    set_frozen(actor=Actor(world.owner), project=world.project, frozen=True)
    for do in DO.values():
        with pytest.raises(Conflict):
            do(Actor(world.amal), comment)
    with pytest.raises(Conflict):
        say(world, "amal")
    assert threads_of(actor=Actor(world.amal), document=world.article)


# -- writing


def test_the_same_key_twice_is_one_comment(world: SimpleNamespace) -> None:
    key = uuid.uuid4()
    send = {"actor": Actor(world.amal), "document_id": world.article.pk, "key": key}
    first = start_thread(**send, body="@Rima Haddad?")
    assert start_thread(**send, body="@Rima Haddad?") == first
    assert (Thread.objects.count(), Comment.objects.count()) == (1, 1)
    assert Activity.objects.filter(verb="comment.made").count() == 1
    with pytest.raises(Conflict):
        start_thread(**send, body="something else")
    with pytest.raises(Conflict):
        start_thread(actor=Actor(world.bader), document_id=world.article.pk, key=key, body="@Rima Haddad?")
    again = uuid.uuid4()
    made = [
        reply(actor=Actor(world.amal), thread_id=first.thread_id, key=again, body="and this?").pk for _n in range(2)
    ]
    assert made[0] == made[1]


@pytest.mark.parametrize("body", ["", " \n ", "x" * 4001, "a\0b", "\ud800"])
def test_what_cannot_be_kept_is_refused(world: SimpleNamespace, body: str) -> None:
    with pytest.raises(Invalid) as refused:
        say(world, "amal", body)
    assert list(refused.value.errors) == ["body"]
    assert not Thread.objects.exists()


def test_a_change_keeps_what_was_said_before_and_has_its_time(world: SimpleNamespace) -> None:
    comment = say(world, "amal", "Is this an actor, @Rima Haddad?")
    me = Actor(world.amal)
    change_comment(actor=me, comment_id=comment.pk, body="Is this a group, @منى المدير?")
    change_comment(actor=me, comment_id=comment.pk, body="Is this a group, @منى المدير?")  # nothing new
    [thread] = threads_of(actor=me, document=world.article)
    [shown] = thread.comments.all()
    assert [v.body for v in shown.versions.all()] == [f"Is this an actor, @{{{world.reviewer.pk}}}?"]
    assert [m.user for m in shown.mentions.all()] == [world.manager]
    Comment.objects.update(at=comment.at - timedelta(hours=25))
    with pytest.raises(Conflict) as refused:
        change_comment(actor=me, comment_id=comment.pk, body="too late")
    assert refused.value.code == "too_late"


def test_what_is_deleted_can_be_brought_back(world: SimpleNamespace) -> None:
    comment = say(world, "amal", "Rima, see @Rima Haddad")
    me, reviewer = Actor(world.amal), Actor(world.reviewer)
    archive_comment(actor=me, comment_id=comment.pk)
    assert threads_of(actor=reviewer, document=world.article) == []
    assert not mentions_of(actor=reviewer).exists()
    [thread] = threads_of(actor=me, document=world.article)
    assert [c.archived_at is None for c in thread.comments.all()] == [False]
    for do in (archive_comment, lambda **k: change_comment(body="x", **k)):
        with pytest.raises(Conflict):
            do(actor=me, comment_id=comment.pk)
    restore_comment(actor=me, comment_id=comment.pk)
    assert [t.pk for t in threads_of(actor=reviewer, document=world.article)] == [thread.pk]
    assert mentions_of(actor=reviewer).count() == 1
    with pytest.raises(Conflict):
        restore_comment(actor=me, comment_id=comment.pk)


def test_a_thread_is_resolved_and_opened_again_once_each(world: SimpleNamespace) -> None:
    thread = say(world, "amal").thread
    for resolved, who in ((True, "reviewer"), (False, "amal")):
        resolve(actor=Actor(getattr(world, who)), thread_id=thread.pk, resolved=resolved)
        with pytest.raises(Conflict):
            resolve(actor=Actor(getattr(world, who)), thread_id=thread.pk, resolved=resolved)
        thread.refresh_from_db()
        assert (thread.resolved_at is not None, thread.resolved_by_id) == (
            resolved,
            world.reviewer.pk if resolved else None,
        )
    verbs = Activity.objects.filter(target_type="thread").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["comment.made", "thread.resolved", "thread.reopened"]


def test_a_thread_outlives_its_mark(world: SimpleNamespace) -> None:
    mark = world.marks["amal"]
    thread = say(world, "amal", span_id=mark.pk).thread
    removal = {"id": build.new_id(), "op": "delete_span", "base_version": 1, "span": {"id": str(mark.pk)}}
    build.edit(world.amal, world.article, removal)
    [kept] = threads_of(actor=Actor(world.amal), document=world.article)
    assert (kept.pk, kept.span_id, kept.quote) == (thread.pk, mark.pk, mark.quote)
    answer(world, "reviewer", thread)


# -- names


def person(name: str, pk: int, email: str = "") -> User:
    return User(pk=pk, name=name, email=email or f"p{pk}@example.org")


@pytest.mark.parametrize(
    ("typed", "stored", "named"),
    [
        ("@Amal?", "@{1}?", [1]),
        ("سؤال إلى @أمل الحسن، شكرًا", "سؤال إلى @{2}، شكرًا", [2]),
        ("و@أمل الحسن", "و@{2}", [2]),
        ("@amal and @AMAL", "@{1} and @{1}", [1]),
        ("@Amal Hasan", "@{3}", [3]),
        ("@Amalia", "@Amalia", []),
        ("write to amal@Amal", "write to amal@Amal", []),
        ("@p1@example.org!", "@{1}!", [1]),
        ("@Twin", "@Twin", []),
        ("@p5@example.org", "@{5}", [5]),
        ("@{1}", "@{1}", []),
        ("no one", "no one", []),
    ],
)
def test_names_behind_an_at_sign(typed: str, stored: str, named: list[int]) -> None:
    people = [person("Amal", 1), person("أمل الحسن", 2), person("Amal Hasan", 3), person("Twin", 4), person("Twin", 5)]
    body, found = encode(typed, people)
    assert (body, [p.pk for p in found]) == (stored, named)
    assert encode(decode(body, found, people), people) == (body, found)


def test_a_typed_mark_is_shown_as_it_was_typed() -> None:
    amal, bader = person("Amal", 1), person("Bader", 2)
    shown = parts("see @{1}, not @{2}", [amal])
    assert [(p.text, p.person) for p in shown] == [("see ", None), ("@Amal", amal), (", not @{2}", None)]
    assert set(handles([amal, bader])) == {"Amal", "Bader", "p1@example.org", "p2@example.org"}


def test_only_who_reads_the_thread_is_told(world: SimpleNamespace) -> None:
    say(world, "amal", "@Bader @Vera @Rima Haddad @أمل الحسن", span_id=world.marks["amal"].pk)
    told = {w for w in ("amal", "bader", "viewer", "reviewer") if mentions_of(actor=Actor(getattr(world, w))).exists()}
    assert told == {"reviewer"}
    say(world, "owner", "@Bader @Vera")
    for who in ("bader", "viewer"):
        [mention] = mentions_of(actor=Actor(getattr(world, who)))
        assert mention.unread


# -- what is new


def test_what_is_unread_is_what_others_said_since(world: SimpleNamespace) -> None:
    me, reviewer = Actor(world.amal), Actor(world.reviewer)
    thread = say(world, "amal", "@Rima Haddad").thread
    assert (talk(actor=me, document=world.article).unread, talk(actor=reviewer, document=world.article).unread) == (
        0,
        1,
    )
    said = answer(world, "reviewer", thread, "Yes, @أمل الحسن")
    assert talk(actor=me, document=world.article).unread == 1
    assert mentions_of(actor=me)[0].unread
    mark_read(actor=me, document_id=world.article.pk, last=said.pk)
    mark_read(actor=me, document_id=world.article.pk, last=1)  # never back
    assert talk(actor=me, document=world.article).unread == 0
    assert not mentions_of(actor=me)[0].unread
    mark_read(actor=me, document_id=world.article.pk, last=10**12)  # never ahead of what there is
    answer(world, "reviewer", thread, "And the next one too.")
    assert talk(actor=me, document=world.article).unread == 1
    with pytest.raises(Missing):
        mark_read(actor=Actor(world.outsider), document_id=world.article.pk, last=1)


def test_the_stamp_changes_with_each_act_and_only_for_who_reads_it(world: SimpleNamespace) -> None:
    def stamps() -> list[str]:
        return [talk(actor=Actor(getattr(world, w)), document=world.article).stamp for w in ("amal", "bader")]

    seen = [stamps()]
    thread = say(world, "amal").thread
    seen.append(stamps())
    comment = answer(world, "reviewer", thread)
    seen.append(stamps())
    resolve(actor=Actor(world.amal), thread_id=thread.pk)
    seen.append(stamps())
    archive_comment(actor=Actor(world.reviewer), comment_id=comment.pk)
    seen.append(stamps())
    assert len({amal for amal, _bader in seen}) == 5
    assert {bader for _amal, bader in seen} == {"0"}


def test_open_threads_stand_first_in_the_order_of_the_text(world: SimpleNamespace) -> None:
    build.edit(world.amal, world.article, build.add_span(world.article, 8, 12))
    late = Span.objects.get(set__author=world.amal, start=8)
    on_late = say(world, "amal", span_id=late.pk).thread
    on_first = say(world, "amal", span_id=world.marks["amal"].pk).thread
    on_all = say(world, "amal").thread
    done = say(world, "amal").thread
    resolve(actor=Actor(world.amal), thread_id=done.pk)
    found = threads_of(actor=Actor(world.amal), document=world.article)
    assert [t.pk for t in found] == [on_all.pk, on_first.pk, on_late.pk, done.pk]
    assert [t.pk for t in threads_of(actor=Actor(world.owner), document=world.article, work_of=world.bader)] == []


def test_many_threads_cost_as_much_as_few(world: SimpleNamespace) -> None:
    counts = []
    for _round in range(2):
        for _n in range(10):
            answer(world, "reviewer", say(world, "amal", "@Rima Haddad").thread, "@أمل الحسن")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            for thread in threads_of(actor=Actor(world.amal), document=world.article):
                [(c.author.name, [m.user.name for m in c.mentions.all()]) for c in thread.comments.all()]
            talk(actor=Actor(world.amal), document=world.article)
            [m.comment.thread.document.title for m in mentions_of(actor=Actor(world.amal))]
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
