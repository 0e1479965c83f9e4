"""Irrelevant, put aside, what comes next, and how long people were active. Who may in which state: test_assignments."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from annotator.activity.models import Activity
from annotator.coding.active_time import Stretch, add_active_time, read_stretches, seconds_on
from annotator.coding.assignments import assign, assign_many, decline, submit
from annotator.coding.models import ActiveTime, Assignment
from annotator.coding.outcomes import aside, call_irrelevant, call_relevant, next_of_queue, put_aside, take_up, tally
from annotator.coding.queries import my_work, submissions_of
from annotator.corpus.models import Document
from annotator.errors import Conflict, Invalid, Missing
from annotator.teams.access import Actor
from annotator.teams.models import Project, User
from annotator.teams.services import set_frozen
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def amal() -> User:
    return build.user("amal")


@pytest.fixture
def project(amal: User) -> Project:
    project = build.project()
    build.member(project, person=amal)
    return project


@pytest.fixture
def queue(project: Project, amal: User) -> list[Document]:
    """Three documents that wait for Amal, in the order of her queue."""
    documents = [build.document(project) for _n in range(3)]
    for document in documents:
        build.assignment(document, amal)
    return documents


def task(document: Document, person: User) -> Assignment:
    return Assignment.objects.get(document=document, user=person)


# -- irrelevant


def test_what_is_irrelevant_goes_on_where_it_was_when_that_is_taken_back(queue: list[Document], amal: User) -> None:
    opened, begun, _rest = queue
    build.edit(amal, begun, build.add_span(begun, 0, 3))
    for document, state in ((opened, "OPEN"), (begun, "ACTIVE")):
        call_irrelevant(actor=Actor(amal), document_id=document.pk, reason=" sport ")
        assert (task(document, amal).state, task(document, amal).reason) == ("IRRELEVANT", "sport")
        with pytest.raises(Conflict):
            build.edit(amal, document, build.add_span(document, 4, 7))
        with pytest.raises(Conflict):
            call_irrelevant(actor=Actor(amal), document_id=document.pk)
        call_relevant(actor=Actor(amal), document_id=document.pk)
        assert (task(document, amal).state, task(document, amal).reason) == (state, "")
        with pytest.raises(Conflict):
            call_relevant(actor=Actor(amal), document_id=document.pk)
    build.edit(amal, begun, build.add_span(begun, 4, 7))
    verbs = Activity.objects.filter(target_type="assignment").order_by("id").values_list("verb", flat=True)
    assert list(verbs)[-4:] == ["assignment.irrelevant", "assignment.relevant"] * 2


def test_irrelevant_work_counts_nowhere(queue: list[Document], amal: User) -> None:
    article = queue[0]
    build.edit(amal, article, build.add_span(article, 0, 3))
    submit(actor=Actor(amal), document_id=article.pk)
    Assignment.objects.filter(document=article).update(state="RETURNED")
    assert submissions_of(article).count() == 1
    call_irrelevant(actor=Actor(amal), document_id=article.pk)
    assert submissions_of(article).count() == 0
    call_relevant(actor=Actor(amal), document_id=article.pk)
    assert task(article, amal).state == "RETURNED"
    assert submissions_of(article).count() == 1


def test_a_manager_opens_it_again_by_assigning_it_but_not_by_assigning_everything(
    project: Project, queue: list[Document], amal: User
) -> None:
    call_irrelevant(actor=Actor(amal), document_id=queue[0].pk, reason="sport")
    owner = build.owner_of(project)
    ids = [d.pk for d in queue]
    assert assign_many(actor=owner, project=project, document_ids=ids, user_ids=[amal.pk]) == 0
    assert task(queue[0], amal).state == "IRRELEVANT"
    assign(actor=owner, document=queue[0], email=amal.email)
    assert (task(queue[0], amal).state, task(queue[0], amal).reason) == ("OPEN", "")


def test_without_a_task_there_is_no_outcome(project: Project, amal: User) -> None:
    article = build.document(project)
    Project.objects.filter(pk=project.pk).update(open_documents=True)
    for do in (call_irrelevant, call_relevant, take_up):
        with pytest.raises(Conflict):
            do(actor=Actor(amal), document_id=article.pk)
        with pytest.raises(Missing):
            do(actor=build.actor(), document_id=article.pk)


# -- put aside


def test_what_is_put_aside_stands_last_until_it_is_worked_on(
    project: Project, queue: list[Document], amal: User
) -> None:
    first, second, third = queue
    put_aside(actor=Actor(amal), document_id=first.pk, reason="which capital?")
    put_aside(actor=Actor(amal), document_id=second.pk, reason="a translation?")
    shown = [(t.document_id, t.reason) for t in my_work(actor=Actor(amal))]
    assert shown == [(third.pk, ""), (first.pk, "which capital?"), (second.pk, "a translation?")]
    put_aside(actor=Actor(amal), document_id=first.pk, reason="which capital?")  # again: to the very end
    assert [t.document_id for t in my_work(actor=Actor(amal))] == [third.pk, second.pk, first.pk]
    assert [t.document_id for t in aside(actor=Actor(amal), project=project)] == [second.pk, first.pk]
    build.edit(amal, first, build.add_span(first, 0, 3))
    assert (task(first, amal).put_aside_at, task(first, amal).reason) == (None, "")
    take_up(actor=Actor(amal), document_id=second.pk)
    assert task(second, amal).state == "OPEN"
    assert {t.document_id for t in my_work(actor=Actor(amal))} == {d.pk for d in queue}
    with pytest.raises(Conflict):
        take_up(actor=Actor(amal), document_id=second.pk)


def test_putting_aside_needs_a_reason_that_can_be_stored(queue: list[Document], amal: User) -> None:
    for reason in ("", "  ", "x" * 1001, "a\0b"):
        with pytest.raises(Invalid) as refused:
            put_aside(actor=Actor(amal), document_id=queue[0].pk, reason=reason)
        assert list(refused.value.errors) == ["reason"]
    assert task(queue[0], amal).put_aside_at is None


def test_in_a_frozen_project_nothing_of_it_is_done(project: Project, queue: list[Document], amal: User) -> None:
    set_frozen(actor=build.owner_of(project), project=project, frozen=True)
    with pytest.raises(Conflict):
        put_aside(actor=Actor(amal), document_id=queue[0].pk, reason="later")
    with pytest.raises(Conflict):
        call_irrelevant(actor=Actor(amal), document_id=queue[0].pk)
    with pytest.raises(Conflict):
        add_active_time(actor=Actor(amal), document_id=queue[0].pk, stretches=[stretch(5)])


def test_the_queue_offers_what_is_open_and_says_when_all_is_done(
    project: Project, queue: list[Document], amal: User
) -> None:
    first, second, third = queue
    elsewhere = build.project()
    build.member(elsewhere, person=amal)
    build.assignment(build.document(elsewhere), amal)
    me = Actor(amal)

    def upcoming(after: Document) -> int | None:
        found = next_of_queue(actor=me, project=project, after=after.pk)
        return found.document_id if found else None

    assert upcoming(first) == second.pk
    call_irrelevant(actor=me, document_id=first.pk)
    put_aside(actor=me, document_id=second.pk, reason="later")
    assert upcoming(first) == third.pk
    build.edit(amal, third, build.add_span(third, 0, 3))
    submit(actor=me, document_id=third.pk)
    assert upcoming(third) is None
    assert tally(actor=me, project=project) == {"done": 2, "aside": 1, "open": 0}


def test_the_reason_of_giving_back_is_kept_with_the_task(queue: list[Document], amal: User) -> None:
    decline(actor=Actor(amal), assignment=task(queue[0], amal), reason="I wrote it")
    assert task(queue[0], amal).reason == "I wrote it"


# -- active time


def stretch(seconds: int, ago: int = 0) -> Stretch:
    return Stretch(uuid.uuid4(), seconds, ago)


def test_time_is_counted_once_for_each_stretch(queue: list[Document], amal: User) -> None:
    now = timezone.now()
    first, second = stretch(30, 40), stretch(30)
    send = {"actor": Actor(amal), "document_id": queue[0].pk}
    assert add_active_time(**send, stretches=[first], now=now) == 30
    assert add_active_time(**send, stretches=[first, second, second], now=now) == 60
    assert add_active_time(**send, stretches=[second], now=now + timedelta(minutes=5)) == 60
    assert ActiveTime.objects.count() == 2
    assert seconds_on(task(queue[0], amal)) == 60


def test_nobody_is_active_for_longer_than_the_clock_goes(queue: list[Document], amal: User) -> None:
    now = timezone.now()
    me = Actor(amal)
    add_active_time(actor=me, document_id=queue[0].pk, stretches=[stretch(60)], now=now)
    for n in range(20):  # a second browser at another document, and a page that lies
        add_active_time(actor=me, document_id=queue[1].pk, stretches=[stretch(60), stretch(120)], now=now)
        add_active_time(
            actor=me, document_id=queue[1].pk, stretches=[stretch(60)], now=now + timedelta(seconds=10 * (n + 1))
        )
    whole = sum(ActiveTime.objects.values_list("seconds", flat=True))
    assert whole <= 60 + 5 + 200
    assert whole >= 200


def test_a_colleague_is_active_at_the_same_time(queue: list[Document], project: Project, amal: User) -> None:
    other = build.member(project)
    build.assignment(queue[0], other)
    for person in (amal, other):
        add_active_time(actor=Actor(person), document_id=queue[0].pk, stretches=[stretch(60)])
    assert [seconds_on(task(queue[0], person)) for person in (amal, other)] == [60, 60]


def test_what_waited_over_a_dead_network_is_counted_in_full(queue: list[Document], amal: User) -> None:
    kept = [stretch(30, 30 * n) for n in range(20)]
    assert add_active_time(actor=Actor(amal), document_id=queue[0].pk, stretches=kept) == 600


def test_time_on_a_document_without_a_task_is_not_kept(project: Project, amal: User) -> None:
    article = build.document(project)
    Project.objects.filter(pk=project.pk).update(open_documents=True)
    assert add_active_time(actor=Actor(amal), document_id=article.pk, stretches=[stretch(9)]) == 0
    with pytest.raises(Missing):
        add_active_time(actor=build.actor(), document_id=article.pk, stretches=[stretch(9)])
    assert not ActiveTime.objects.exists()


@pytest.mark.parametrize(
    "rows",
    [
        None,
        {},
        "[]",
        [7],
        [{"id": "x", "seconds": 5, "ago": 0}],
        [{"id": str(uuid.uuid4()), "seconds": True, "ago": 0}],
        [{"id": str(uuid.uuid4()), "seconds": 121, "ago": 0}],
        [{"id": str(uuid.uuid4()), "seconds": 0, "ago": 0}],
        [{"id": str(uuid.uuid4()), "seconds": 5, "ago": -1}],
        [{"id": str(uuid.uuid4()), "seconds": 5, "ago": 0.5}],
        [{"id": 5, "seconds": 5, "ago": 0}],
        [{"id": str(uuid.uuid4()), "seconds": 5}],
        [{"id": str(uuid.uuid4()), "seconds": 1, "ago": 0}] * 501,
    ],
)
def test_what_is_not_a_stretch_is_refused(rows: object) -> None:
    with pytest.raises(Invalid):
        read_stretches(rows)
