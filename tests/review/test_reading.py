"""Who sees which submissions, and what two of them look like side by side. Deciding is in coding/test_assignments."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction

from annotator.coding.assignments import submit, withdraw
from annotator.coding.models import Assignment, Submission
from annotator.corpus.services import archive_document
from annotator.errors import Forbidden, Missing
from annotator.review.models import Review
from annotator.review.queries import compare, last_note, queue, reviews_of, submission_for
from annotator.review.services import return_
from annotator.teams.access import Actor
from annotator.teams.models import Role
from annotator.teams.services import actor_for_key, remove_member
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> SimpleNamespace:
    """One article with the submitted work of two annotators, who agree on one of three marks."""
    project = build.project()
    article = build.document(project)
    a, b = build.member(project), build.member(project)
    build.assignment(article, a)
    build.assignment(article, b)
    build.edit(a, article, build.add_span(article, 0, 3), build.add_span(article, 4, 7))
    build.edit(b, article, build.add_span(article, 0, 3), build.add_span(article, 4, 7, "PLACE"))
    first, second = (submit(actor=Actor(who), document_id=article.pk) for who in (a, b))
    return SimpleNamespace(
        project=project, article=article, a=a, b=b, first=first, second=second,
        reviewer=build.member(project, Role.REVIEWER), viewer=build.member(project, Role.VIEWER),
    )  # fmt: skip


def test_the_queue_is_for_those_who_review(world: SimpleNamespace) -> None:
    assert list(queue(actor=Actor(world.reviewer), project=world.project)) == [world.first, world.second]
    for who in (world.a, world.viewer):
        with pytest.raises(Forbidden):
            queue(actor=Actor(who), project=world.project)
    with pytest.raises(Missing):
        queue(actor=Actor(build.user()), project=world.project)


def test_the_queue_shows_only_the_latest_of_each_and_nothing_from_the_bin(world: SimpleNamespace) -> None:
    reviewer = Actor(world.reviewer)
    withdraw(actor=Actor(world.a), document_id=world.article.pk)
    assert list(queue(actor=reviewer, project=world.project)) == [world.second]
    again = submit(actor=Actor(world.a), document_id=world.article.pk)
    assert list(queue(actor=reviewer, project=world.project)) == [world.second, again]
    archive_document(actor=build.owner_of(world.project), document=world.article)
    assert not queue(actor=reviewer, project=world.project).exists()


def test_a_submission_is_seen_by_its_author_and_by_those_who_review(world: SimpleNamespace) -> None:
    for who in (world.a, world.reviewer, build.owner_of(world.project).user):
        assert submission_for(actor=Actor(who), submission_id=world.first.pk) == world.first
    for stranger in (world.b, world.viewer, build.user()):
        with pytest.raises(Missing):
            submission_for(actor=Actor(stranger), submission_id=world.first.pk)
    with pytest.raises(Missing):
        submission_for(actor=Actor(world.reviewer), submission_id=10**9)


def test_on_a_document_in_the_bin_a_submission_is_there_only_for_those_who_may_bring_it_back(
    world: SimpleNamespace,
) -> None:
    owner = build.owner_of(world.project)
    archive_document(actor=owner, document=world.article)
    assert submission_for(actor=owner, submission_id=world.first.pk) == world.first
    for who in (world.a, world.reviewer):
        with pytest.raises(Missing):
            submission_for(actor=Actor(who), submission_id=world.first.pk)


def test_who_left_the_project_sees_not_even_the_own_submission(world: SimpleNamespace) -> None:
    remove_member(actor=Actor(world.a), membership=world.a.memberships.select_related("project").get())
    with pytest.raises(Missing):
        submission_for(actor=Actor(world.a), submission_id=world.first.pk)


def test_a_token_needs_to_read_to_see_a_submission(world: SimpleNamespace) -> None:
    blind = actor_for_key(build.token(world.reviewer, ["annotate"]))
    assert blind is not None
    with pytest.raises(Forbidden):
        submission_for(actor=blind, submission_id=world.first.pk)


def test_the_note_of_a_return_reaches_its_author_and_the_history_keeps_it(world: SimpleNamespace) -> None:
    note = "المقطع الثالث ناقص"
    return_(actor=Actor(world.reviewer), submission=world.first, note=note)
    told = last_note(document=world.article, user_id=world.a.pk)
    assert told is not None
    assert (told.note, told.reviewer) == (note, world.reviewer)
    assert last_note(document=world.article, user_id=world.b.pk) is None
    submit(actor=Actor(world.a), document_id=world.article.pk)
    assert [r.note for r in reviews_of(submission=Submission.objects.latest("pk"))] == [note]
    assert Assignment.objects.get(user=world.a).state == "SUBMITTED"


def test_the_database_wants_a_reason_for_a_return(world: SimpleNamespace) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(submission=world.first, reviewer=world.reviewer, verdict="RETURNED", note="")


def test_differences_between_two_submissions(world: SimpleNamespace) -> None:
    found = compare(a=world.first, b=world.second)
    assert [(d.kind, d.start, d.end) for d in found] == [("agree", 0, 3), ("label", 4, 7)]
    elsewhere = build.document(world.project)
    build.edit_first(elsewhere, world.a)
    with pytest.raises(Missing):
        compare(a=world.first, b=submit(actor=Actor(world.a), document_id=elsewhere.pk))
