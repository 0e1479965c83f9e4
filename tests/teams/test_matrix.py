"""The one table of rights against what the rooms really let people do."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import transaction

from annotator.coding.assignments import assign, submit
from annotator.coding.models import Submission
from annotator.corpus.queries import codebook_of, document_for
from annotator.corpus.services import add_document, archive_document, put_codebook
from annotator.errors import DomainError
from annotator.exports.queries import exports_of
from annotator.jobs import export, pretag
from annotator.registry.models import Entity
from annotator.registry.services import add_entity, update_entity
from annotator.review.comments import start_thread
from annotator.review.queries import queue
from annotator.review.services import accept, reopen, return_
from annotator.teams.access import MATRIX, Action, Actor, Scope, may
from annotator.teams.models import ApiToken, Project, Role
from annotator.teams.queries import members, project_for
from annotator.teams.services import actor_for_key, add_member, create_token, set_frozen, update_project
from tests import build

pytestmark = pytest.mark.django_db
ROLES = tuple(Role)


@pytest.fixture
def world() -> SimpleNamespace:
    """A project with one person of each role, each with work of their own, and a colleague whose work is handed in."""
    project = build.project()
    people = {role: build.member(project, role) for role in Role if role != Role.OWNER}
    people[Role.OWNER] = build.owner_of(project).user
    mine = {}
    for role, person in people.items():
        mine[role] = build.document(project)
        if role != Role.VIEWER:
            build.edit_first(mine[role], person)
    submissions = []
    for _n in range(2):
        colleague, article = build.member(project), build.document(project)
        build.edit_first(article, colleague)
        submissions.append(submit(actor=Actor(colleague), document_id=article.pk).pk)
    accept(actor=Actor(people[Role.REVIEWER]), submission=_submission(submissions[1]))
    return SimpleNamespace(
        project=project, people=people, mine=mine, waiting=submissions[0], accepted=submissions[1],
        spare=build.document(project), entity=Entity.objects.filter(project=project)[0],
    )  # fmt: skip


def _submission(pk: int) -> Submission:
    return Submission.objects.select_related("assignment__document__project", "assignment__user", "set").get(pk=pk)


Do = Callable[[Actor, SimpleNamespace, Project, Any], Any]
# One real act for each line of the table.
ACTS: dict[Action, Do] = {
    Action.VIEW: lambda a, w, p, r: project_for(actor=a, project_id=p.pk),
    Action.VIEW_ALL_DOCUMENTS: lambda a, w, p, r: document_for(actor=a, document_id=w.spare.pk),
    Action.VIEW_SUBMISSIONS: lambda a, w, p, r: list(queue(actor=a, project=p)),
    Action.ANNOTATE: lambda a, w, p, r: build.apply(a, w.mine[r], build.add_span(w.mine[r], 4, 7)),
    Action.SUBMIT: lambda a, w, p, r: submit(actor=a, document_id=w.mine[r].pk),
    Action.REVIEW: lambda a, w, p, r: return_(actor=a, submission=_submission(w.waiting), note="see line 3"),
    Action.COMMENT: lambda a, w, p, r: start_thread(
        actor=a, document_id=w.mine[r].pk, key=uuid.uuid4(), body="Is this an actor?"
    ),
    Action.REOPEN_GOLD: lambda a, w, p, r: reopen(actor=a, submission=_submission(w.accepted), note="new sources"),
    Action.ASSIGN: lambda a, w, p, r: assign(actor=a, document=w.spare, email=w.people[Role.ANNOTATOR].email),
    Action.IMPORT: lambda a, w, p, r: add_document(actor=a, project=p, text="اجتمع الوزراء اليوم."),
    Action.PRETAG: lambda a, w, p, r: pretag.request(actor=a, project=p),
    Action.EXPORT: lambda a, w, p, r: (
        export.request(actor=a, project=p, format="jsonl"),
        list(exports_of(actor=a, project=p)),
    ),
    Action.EDIT_REGISTRY: lambda a, w, p, r: update_entity(actor=a, entity=w.entity, note="x"),
    Action.ADD_ACTOR: lambda a, w, p, r: add_entity(
        actor=a, project=p, kind="ORG", names=[{"lang": "en", "form": "New House", "role": "CANONICAL"}]
    ),
    Action.EDIT_CODEBOOK: lambda a, w, p, r: put_codebook(actor=a, project=p, body=codebook_of(project=p).body),
    Action.EDIT_SETTINGS: lambda a, w, p, r: update_project(actor=a, project=p, description="x"),
    Action.VIEW_MEMBERS: lambda a, w, p, r: list(members(actor=a, project=p)),
    Action.EDIT_MEMBERS: lambda a, w, p, r: add_member(actor=a, project=p, email="new@example.org", role="VIEWER"),
    Action.VIEW_ACTIVITY: lambda a, w, p, r: project_for(actor=a, project_id=p.pk, action=Action.VIEW_ACTIVITY),
    Action.FREEZE: lambda a, w, p, r: set_frozen(actor=a, project=p, frozen=p.state == Project.State.ACTIVE),
    Action.ARCHIVE_DOCUMENT: lambda a, w, p, r: archive_document(actor=a, document=w.spare),
}


def _try(action: Action, actor: Actor, world: SimpleNamespace, role: Role) -> str:
    """ "done", or status and code of the refusal; nothing is left of it."""
    project = Project.objects.get(pk=world.project.pk)
    world.entity.project = world.spare.project = project
    for article in world.mine.values():
        article.project = project
    point = transaction.savepoint()
    try:
        ACTS[action](actor, world, project, role)
        return "done"
    except DomainError as refusal:
        return f"{refusal.status} {refusal.code}"
    finally:
        transaction.savepoint_rollback(point)


def test_each_line_of_the_table_has_an_act() -> None:
    assert set(ACTS) == set(Action) == set(MATRIX)


@pytest.mark.parametrize("action", Action)
def test_each_role_may_what_the_table_says(world: SimpleNamespace, action: Action) -> None:
    roles, _scope, when_frozen = MATRIX[action]
    for state in (Project.State.ACTIVE, Project.State.FROZEN):
        Project.objects.filter(pk=world.project.pk).update(state=state)
        for role in ROLES:
            actor = Actor(world.people[role])
            outcome = _try(action, actor, world, role)
            if role not in roles:
                hidden = action == Action.VIEW_ALL_DOCUMENTS  # what one may not see does not exist
                expected = "404 not_found" if hidden else "403 forbidden"
            else:
                expected = "done" if state == Project.State.ACTIVE or when_frozen else "409 frozen"
            assert outcome == expected, (state, role)
            assert may(actor, action, Project.objects.get(pk=world.project.pk)) == (outcome == "done")


@pytest.mark.parametrize("action", Action)
def test_for_an_outsider_nothing_exists(world: SimpleNamespace, action: Action) -> None:
    outsider = Actor(build.user("outsider"))
    assert _try(action, outsider, world, Role.OWNER) == "404 not_found"
    assert not may(outsider, action, world.project)


@pytest.mark.parametrize("action", Action)
def test_a_token_needs_the_scope_of_the_line_and_its_makers_role(world: SimpleNamespace, action: Action) -> None:
    roles, scope, _frozen = MATRIX[action]
    role = Role.OWNER if Role.OWNER in roles else next(iter(roles))
    person = Actor(world.people[role])
    every = [s.value for s in Scope]
    if scope is None:
        assert _try(action, _with_token(person, every), world, role) == "403 scope"
        return
    assert _try(action, _with_token(person, [scope.value, Scope.READ.value]), world, role) == "done"
    if action != Action.VIEW_ALL_DOCUMENTS or scope != Scope.READ:
        without = _with_token(person, [s for s in every if s != scope.value])
        assert _try(action, without, world, role) == "403 scope"
    elsewhere = _with_token(person, every, build.project(world.people[role]))
    assert _try(action, elsewhere, world, role) == "404 not_found"
    # The role counts that the person has now, not the one at the making of the token.
    token = _with_token(person, every)
    world.people[role].memberships.filter(project=world.project).delete()
    assert _try(action, Actor(token.user, token.token), world, role) == "404 not_found"


def _with_token(person: Actor, scopes: list[str], bound: Project | None = None) -> Actor:
    row, key = create_token(actor=Actor(person.user), name="t", scopes=scopes, project=bound)
    actor = actor_for_key(key)
    assert actor is not None
    assert isinstance(row, ApiToken)
    return actor
