"""The life of an assignment: every state, every event, every role; and what a submission is."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from annotator.activity.models import Activity
from annotator.coding import assignments, outcomes
from annotator.coding.models import AnnotationSet, Assignment, Relation, Span, Submission
from annotator.coding.queries import annotation_sets, assignments_page, my_work
from annotator.coding.sheet import sheet
from annotator.coding.wire import digest
from annotator.corpus.models import Document
from annotator.corpus.services import archive_document
from annotator.errors import Conflict, DomainError, Forbidden, Invalid, Missing
from annotator.review.services import accept, reopen, return_
from annotator.teams.access import Actor
from annotator.teams.models import Project, Role, User
from annotator.teams.services import actor_for_key, set_frozen, update_project
from tests import build

pytestmark = pytest.mark.django_db
State = Assignment.State

Do = Callable[[Actor, Assignment, Submission], Any]
_MANAGING = {"owner", "manager"}
_REVIEWING = {"owner", "manager", "reviewer"}
_MINE = {"assignee"}

# The table of what may happen: event -> (how, who may, from -> to).
EVENTS: dict[str, tuple[Do, set[str], dict[str, str]]] = {
    "assign": (
        lambda actor, a, s: assignments.assign(actor=actor, document=a.document, email=a.user.email),
        _MANAGING,
        dict.fromkeys((State.REVOKED, State.DECLINED, State.EXPIRED, State.IRRELEVANT), State.OPEN),
    ),
    "edit": (
        lambda actor, a, s: build.edit(actor.user, a.document, build.add_span(a.document, 4, 7)),
        _MINE,
        {State.OPEN: State.ACTIVE, State.ACTIVE: State.ACTIVE, State.RETURNED: State.RETURNED},
    ),
    "submit": (
        lambda actor, a, s: assignments.submit(actor=actor, document_id=a.document_id),
        _MINE,
        {State.ACTIVE: State.SUBMITTED, State.RETURNED: State.SUBMITTED},
    ),
    "withdraw": (
        lambda actor, a, s: assignments.withdraw(actor=actor, document_id=a.document_id),
        _MINE,
        {State.SUBMITTED: State.ACTIVE},
    ),
    "decline": (
        lambda actor, a, s: assignments.decline(actor=actor, assignment=a, reason="not political"),
        _MINE,
        {State.OPEN: State.DECLINED, State.ACTIVE: State.DECLINED},
    ),
    "return": (
        lambda actor, a, s: return_(actor=actor, submission=s, note="the third actor"),
        _REVIEWING,
        {State.SUBMITTED: State.RETURNED},
    ),
    "accept": (
        lambda actor, a, s: accept(actor=actor, submission=s),
        _REVIEWING,
        {State.SUBMITTED: State.ACCEPTED},
    ),
    "reopen": (
        lambda actor, a, s: reopen(actor=actor, submission=s, note="new sources"),
        _MANAGING,
        {State.ACCEPTED: State.RETURNED},
    ),
    "revoke": (
        lambda actor, a, s: assignments.revoke(actor=actor, assignment=a),
        _MANAGING,
        dict.fromkeys(
            (State.OPEN, State.ACTIVE, State.SUBMITTED, State.RETURNED, State.EXPIRED, State.IRRELEVANT), State.REVOKED
        ),
    ),
    "irrelevant": (
        lambda actor, a, s: outcomes.call_irrelevant(actor=actor, document_id=a.document_id, reason="sport"),
        _MINE,
        dict.fromkeys((State.OPEN, State.ACTIVE, State.RETURNED), State.IRRELEVANT),
    ),
    "relevant": (
        lambda actor, a, s: outcomes.call_relevant(actor=actor, document_id=a.document_id),
        _MINE,
        {State.IRRELEVANT: State.OPEN},
    ),
    "put_aside": (
        lambda actor, a, s: outcomes.put_aside(actor=actor, document_id=a.document_id, reason="which capital?"),
        _MINE,
        {state: state for state in (State.OPEN, State.ACTIVE, State.RETURNED)},
    ),
}
WHO = ("owner", "manager", "reviewer", "assignee", "colleague", "viewer", "outsider")


@pytest.fixture
def world() -> SimpleNamespace:
    project = build.project()
    article = build.document(project)
    people = {
        "owner": build.owner_of(project).user,
        "manager": build.member(project, Role.MANAGER),
        "reviewer": build.member(project, Role.REVIEWER),
        "assignee": build.member(project),
        "colleague": build.member(project),
        "viewer": build.member(project, Role.VIEWER),
        "outsider": build.user("outsider"),
    }
    build.edit_first(article, people["assignee"])
    submission = assignments.submit(actor=Actor(people["assignee"]), document_id=article.pk)
    return SimpleNamespace(project=project, article=article, people=people, submission=submission)


def _try(event: str, world: SimpleNamespace, who: str, state: str) -> tuple[str, str]:
    """What comes of it, (status or "done", state afterwards), with nothing left of it."""
    do, _who, _moves = EVENTS[event]
    point = transaction.savepoint()
    try:
        Assignment.objects.update(state=state)
        assignment = Assignment.objects.select_related("document__project", "user").get()
        submission = Submission.objects.select_related("assignment__document__project", "assignment__user", "set").get()
        try:
            with transaction.atomic():
                do(Actor(world.people[who]), assignment, submission)
            outcome = "done"
        except DomainError as refusal:
            outcome = str(refusal.status)
        return outcome, Assignment.objects.get(user=world.people["assignee"]).state
    finally:
        transaction.savepoint_rollback(point)


@pytest.mark.parametrize("event", EVENTS)
def test_every_state_event_and_role_is_as_the_table_says(world: SimpleNamespace, event: str) -> None:
    _do, allowed, moves = EVENTS[event]
    wrong = []
    for state in State.values:
        for who in WHO:
            outcome, now = _try(event, world, who, state)
            if who in allowed and state in moves:
                good = (outcome, now) == ("done", moves[state])
            elif who in allowed:
                # Who has given a document back does not see it any more.
                gone = state in (State.REVOKED, State.DECLINED) and who == "assignee" and event != "decline"
                good = (outcome, now) == ("404" if gone else "409", state)
            elif who == "outsider":
                good = (outcome, now) == ("404", state)
            else:
                # Managers may code too: then it is a set of their own, and this assignment is untouched.
                own = event == "edit" and who in _MANAGING
                good = now == state and (outcome in ("403", "404", "409") or own)
            if not good:
                wrong.append((state, who, outcome, now))
    assert not wrong


@pytest.mark.parametrize("event", EVENTS)
def test_nothing_moves_in_a_frozen_project(world: SimpleNamespace, event: str) -> None:
    set_frozen(actor=Actor(world.people["owner"]), project=world.project, frozen=True)
    _do, allowed, moves = EVENTS[event]
    for state in set(moves) - {State.REVOKED, State.DECLINED}:
        for who in allowed:
            assert _try(event, world, who, state) == ("409", state)


@pytest.mark.parametrize("event", sorted(set(EVENTS) - {"edit", "put_aside"}))
def test_twice_is_refused_and_logged_once(world: SimpleNamespace, event: str) -> None:
    do, allowed, moves = EVENTS[event]
    state = next(iter(moves))
    Assignment.objects.update(state=state)
    actor = Actor(world.people[sorted(allowed)[0]])
    logged = Activity.objects.count()
    for n in range(2):
        assignment = Assignment.objects.select_related("document__project", "user").get()
        submission = Submission.objects.select_related("assignment__document__project", "set").order_by("-pk")[0]
        if n == 0:
            do(actor, assignment, submission)
        else:
            with pytest.raises(Conflict), transaction.atomic():
                do(actor, assignment, submission)
    assert Activity.objects.count() == logged + 1


def test_nobody_reviews_their_own_work_unless_the_project_says_so(world: SimpleNamespace) -> None:
    owner, reviewer = Actor(world.people["owner"]), Actor(world.people["reviewer"])
    article = build.document(world.project)
    build.edit_first(article, reviewer.user)
    own = assignments.submit(actor=reviewer, document_id=article.pk)
    for act in (
        lambda s: accept(actor=reviewer, submission=s),
        lambda s: return_(actor=reviewer, submission=s, note="x"),
    ):
        with pytest.raises(Forbidden) as refusal:
            act(own)
        assert refusal.value.code == "own_work"
    update_project(actor=owner, project=world.project, self_review=True)
    accept(actor=reviewer, submission=Submission.objects.select_related("assignment__document__project").get(pk=own.pk))


def test_gold_is_what_was_handed_in_not_what_stands_there_now(world: SimpleNamespace) -> None:
    reviewer = Actor(world.people["reviewer"])
    Span.objects.filter(set__origin="HUMAN").update(note="changed behind everybody's back")
    gold = accept(actor=reviewer, submission=world.submission)
    span = Span.objects.get(set=gold)
    assert span.note == ""
    assert (span.start, span.end, span.quote) == (0, 3, world.article.text[:3])
    assert gold.made_from_id == world.submission.pk
    assert gold.author == world.people["assignee"]


def test_gold_carries_relations_under_ids_of_its_own(world: SimpleNamespace) -> None:
    article, person = build.document(world.project), world.people["assignee"]
    build.assignment(article, person)
    event = build.add_span(article, 0, 3, "EVENT", attributes={"type": "CONSULT"})
    who = build.add_span(article, 4, 7)
    relation = {
        "id": build.new_id(), "type": "ARG", "from": {"span": event["span"]["id"]}, "to": {"span": who["span"]["id"]},
        "attributes": {"role": "ACTOR"},
    }  # fmt: skip
    build.edit(person, article, event, who, {"id": build.new_id(), "op": "add_relation", "relation": relation})
    submission = assignments.submit(actor=Actor(person), document_id=article.pk)
    gold = accept(actor=Actor(world.people["reviewer"]), submission=submission)
    copied = Relation.objects.get(set=gold)
    assert {copied.source_span.label, copied.target_span.label} == {"EVENT", "ACTOR"}  # type: ignore[union-attr]
    assert str(copied.pk) != relation["id"]
    assert set(Span.objects.filter(set=gold).values_list("pk", flat=True)).isdisjoint(
        Span.objects.exclude(set=gold).values_list("pk", flat=True)
    )


def test_a_second_gold_must_be_asked_for_and_the_first_is_kept(world: SimpleNamespace) -> None:
    reviewer, colleague = Actor(world.people["reviewer"]), world.people["colleague"]
    first = accept(actor=reviewer, submission=world.submission)
    build.edit_first(world.article, colleague)
    other = assignments.submit(actor=Actor(colleague), document_id=world.article.pk)
    with pytest.raises(Conflict) as refusal:
        accept(actor=reviewer, submission=other)
    assert refusal.value.code == "gold_exists"
    assert Assignment.objects.get(user=colleague).state == State.SUBMITTED
    second = accept(actor=reviewer, submission=other, replace=True)
    assert AnnotationSet.objects.gold().get(document=world.article) == second
    assert (first.round, second.round) == (1, 2)
    assert Span.objects.filter(set=first).count() == 1


def test_what_was_superseded_is_not_accepted(world: SimpleNamespace) -> None:
    person, reviewer = Actor(world.people["assignee"]), Actor(world.people["reviewer"])
    assignments.withdraw(actor=person, document_id=world.article.pk)
    build.edit(person.user, world.article, build.add_span(world.article, 4, 7))
    newer = assignments.submit(actor=person, document_id=world.article.pk)
    assert (world.submission.number, newer.number) == (1, 2)
    for act in (accept, lambda **kw: return_(note="x", **kw)):
        with pytest.raises(Conflict) as refusal, transaction.atomic():
            act(actor=reviewer, submission=world.submission)
        assert refusal.value.code == "newer"
    assert Assignment.objects.get().state == State.SUBMITTED
    assert not AnnotationSet.objects.filter(origin="GOLD").exists()


def test_a_submission_is_a_snapshot_with_its_hash_that_nobody_changes(world: SimpleNamespace) -> None:
    assert digest(world.submission.snapshot) == world.submission.sha256
    assert json.loads(json.dumps(world.submission.snapshot)) == world.submission.snapshot
    for change in (
        lambda: Submission.objects.update(number=7),
        lambda: Submission.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_submit_asks_for_what_the_codebook_requires_and_names_the_span(world: SimpleNamespace) -> None:
    article, person = build.document(world.project), world.people["assignee"]
    build.assignment(article, person)
    event = build.add_span(article, 0, 3, "EVENT")
    build.edit(person, article, event)
    with pytest.raises(Invalid) as refusal:
        assignments.submit(actor=Actor(person), document_id=article.pk)
    assert refusal.value.code == "incomplete"
    assert list(refusal.value.errors) == [f"spans.{event['span']['id']}.attributes.type"]
    assert Assignment.objects.get(document=article).state == State.ACTIVE


def test_before_the_first_edit_there_is_nothing_to_submit(world: SimpleNamespace) -> None:
    article, person = build.document(world.project), world.people["assignee"]
    build.assignment(article, person)
    with pytest.raises(Conflict) as refusal:
        assignments.submit(actor=Actor(person), document_id=article.pk)
    assert refusal.value.code == "empty"
    with pytest.raises(Conflict):
        assignments.submit(actor=Actor(world.people["reviewer"]), document_id=article.pk)


@pytest.mark.parametrize("note", ["", "  ", "a\0b", "x" * 4001, "\ud800"])
def test_a_return_says_why_in_words_that_can_be_stored(world: SimpleNamespace, note: str) -> None:
    with pytest.raises(Invalid) as refusal:
        return_(actor=Actor(world.people["reviewer"]), submission=world.submission, note=note)
    assert "note" in refusal.value.errors
    Assignment.objects.update(state=State.ACCEPTED)
    with pytest.raises(Invalid):
        reopen(actor=Actor(world.people["owner"]), submission=world.submission, note=note)
    Assignment.objects.update(state=State.ACTIVE)
    with pytest.raises(Invalid):
        assignments.decline(actor=Actor(world.people["assignee"]), assignment=Assignment.objects.get(), reason=note)


def test_documents_in_the_bin_are_not_worked_on(world: SimpleNamespace) -> None:
    person, reviewer = world.people["assignee"], Actor(world.people["reviewer"])
    archive_document(actor=Actor(world.people["owner"]), document=world.article)
    binned = Document.objects.select_related("project").get(pk=world.article.pk)
    with pytest.raises(Missing):
        build.edit(person, binned, build.add_span(binned, 4, 7))
    with pytest.raises(Missing):
        assignments.withdraw(actor=Actor(person), document_id=binned.pk)
    with pytest.raises(Missing):
        sheet(actor=Actor(person), document_id=binned.pk)
    assert sheet(actor=Actor(world.people["owner"]), document_id=binned.pk).editable is False
    with pytest.raises(Conflict):
        assignments.assign(actor=Actor(world.people["owner"]), document=binned, email=world.people["colleague"].email)
    with pytest.raises(Conflict):
        accept(actor=reviewer, submission=world.submission)
    assert _give(world, [binned], [world.people["colleague"]]) == 0
    assert not my_work(actor=Actor(person)).exists()


def _give(world: SimpleNamespace, documents: list[Document], people: list[User], who: str = "manager") -> int:
    return assignments.assign_many(
        actor=Actor(world.people[who]),
        project=world.project,
        document_ids=[d.pk for d in documents],
        user_ids=[p.pk for p in people],
    )


def test_giving_many_counts_only_what_is_new(world: SimpleNamespace) -> None:
    articles = [build.document(world.project) for _n in range(3)]
    foreign = build.document(build.project())
    people = [world.people[n] for n in ("assignee", "colleague", "viewer", "outsider")]
    assert _give(world, [*articles, foreign], people) == 6
    assert _give(world, articles, people) == 0
    Assignment.objects.filter(document=articles[0], user=people[0]).update(state=State.DECLINED)
    Assignment.objects.filter(document=articles[1], user=people[0]).update(state=State.SUBMITTED)
    assert _give(world, articles, people) == 1
    assert Assignment.objects.get(document=articles[1], user=people[0]).state == State.SUBMITTED
    assert not Assignment.objects.filter(document=foreign).exists()
    for who in ("reviewer", "assignee", "viewer"):
        with pytest.raises(Forbidden):
            _give(world, articles, people, who)
    with pytest.raises(Missing):
        _give(world, articles, people, "outsider")


def test_assign_refuses_strangers_viewers_and_the_locked_out(world: SimpleNamespace) -> None:
    owner = Actor(world.people["owner"])
    User.objects.filter(pk=world.people["colleague"].pk).update(is_active=False)
    for who in ("outsider", "viewer", "colleague"):
        with pytest.raises(Invalid) as refusal:
            assignments.assign(actor=owner, document=world.article, email=world.people[who].email)
        assert "user" in refusal.value.errors
    due = timezone.now() + timedelta(days=3)
    made = assignments.assign(
        actor=owner, document=world.article, email=f" {world.people['reviewer'].email.upper()} ", due_at=due
    )
    assert made.due_at == due


def test_a_person_who_is_taken_out_gives_open_work_back_and_keeps_what_was_submitted(world: SimpleNamespace) -> None:
    person = world.people["assignee"]
    article = build.document(world.project)
    build.edit_first(article, person)
    assignments.take_out(
        actor=Actor(world.people["manager"]), membership=person.memberships.select_related("project").get()
    )
    states = dict(Assignment.objects.filter(user=person).values_list("document_id", "state"))
    assert states == {world.article.pk: State.SUBMITTED, article.pk: State.REVOKED}
    assert Span.objects.filter(set__author=person).count() == 2
    with pytest.raises(Missing):
        build.edit(person, article, build.add_span(article, 4, 7))


def test_assignments_are_shown_to_whom_they_concern(world: SimpleNamespace) -> None:
    article = build.document(world.project)
    build.assignment(article, world.people["colleague"])
    seen = {
        who: assignments_page(actor=Actor(world.people[who]), project=world.project).count()
        for who in ("owner", "manager", "reviewer", "assignee", "viewer")
    }
    assert seen == {"owner": 2, "manager": 2, "reviewer": 2, "assignee": 1, "viewer": 0}
    theirs = Assignment.objects.get(user=world.people["colleague"])
    for who in ("assignee", "viewer", "outsider"):
        with pytest.raises(Missing):
            assignments.assignment_for(actor=Actor(world.people[who]), assignment_id=theirs.pk)
    assert assignments.assignment_for(actor=Actor(world.people["reviewer"]), assignment_id=theirs.pk) == theirs


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("owner", {"MODEL", "GOLD", "HUMAN ACCEPTED"}),
        ("reviewer", {"MODEL", "GOLD", "HUMAN ACCEPTED"}),
        ("assignee", {"MODEL", "HUMAN ACCEPTED"}),
        ("colleague", {"MODEL", "HUMAN ACTIVE"}),
        ("viewer", {"MODEL", "GOLD"}),
    ],
)
def test_who_sees_which_sets(world: SimpleNamespace, who: str, expected: set[str]) -> None:
    from annotator.coding.suggestions import store

    store(project_id=world.project.pk, document_id=world.article.pk, tagger="names", version="1", spans=[], entities={})
    accept(actor=Actor(world.people["reviewer"]), submission=world.submission)
    build.edit_first(world.article, world.people["colleague"])
    sets = annotation_sets(actor=Actor(world.people[who]), document_id=world.article.pk, which="all")
    assert {f"{s['origin']} {s['state'] or ''}".strip() for s in sets} == expected
    with pytest.raises(Missing):
        annotation_sets(actor=Actor(world.people["outsider"]), document_id=world.article.pk)
    with pytest.raises(Invalid):
        annotation_sets(actor=Actor(world.people[who]), document_id=world.article.pk, which="everything")


def test_neither_a_smaller_token_nor_a_frozen_project_shows_an_annotator_more(world: SimpleNamespace) -> None:
    accept(actor=Actor(world.people["reviewer"]), submission=world.submission)
    build.edit_first(world.article, world.people["colleague"])
    reading = actor_for_key(build.token(world.people["colleague"], ["read"]))
    assert reading is not None
    assert annotation_sets(actor=reading, document_id=world.article.pk, which="gold") == []
    set_frozen(actor=build.owner_of(world.project), project=world.project, frozen=True)
    colleague = Actor(world.people["colleague"])
    assert annotation_sets(actor=colleague, document_id=world.article.pk, which="gold") == []


def test_an_open_project_lets_annotators_take_documents_themselves() -> None:
    project = build.project(open_documents=True)
    article, person = build.document(project), build.member(project)
    assert sheet(actor=Actor(person), document_id=article.pk).editable
    build.edit(person, article, build.add_span(article, 0, 3))
    assert Assignment.objects.get().assigned_by == person
    Project.objects.filter(pk=project.pk).update(open_documents=False)
    other = build.document(project)
    with pytest.raises(Missing):
        build.edit(person, other, build.add_span(other, 0, 3))
