"""Every call of the API, asked by everybody who may and may not."""

from __future__ import annotations

import pytest
from django.db import transaction

from annotator.teams.models import Project
from tests.api.world import CALLS, MEMBERS, SCOPES, Call, World, problem, say

each_call = pytest.mark.parametrize("call", CALLS, ids=str)
each_call_about_something = pytest.mark.parametrize("call", [call for call in CALLS if "{" in call.path], ids=str)
CODES = {403: "forbidden", 404: "not_found"}


@each_call
def test_each_role_gets_what_the_table_says(world: World, call: Call) -> None:
    got = {}
    for role in MEMBERS:
        with transaction.atomic():
            answer = call.on(world, role)
            got[role] = answer.status_code
            if answer.status_code in CODES:
                problem(answer, answer.status_code, CODES[answer.status_code])
            transaction.set_rollback(True)
    assert got == {role: call.expected(role) for role in MEMBERS}


@each_call_about_something
def test_a_stranger_hears_the_same_as_about_what_does_not_exist(world: World, call: Call) -> None:
    refused = call.on(world, "outsider")
    problem(refused, 404, "not_found")
    for who in ("outsider", call.somebody()):
        nothing = call.on(world, who, world.missing)
        assert nothing.status_code == 404
        assert nothing.content == refused.content
        assert _headers(nothing) == _headers(refused)


def _headers(answer: object) -> dict[str, str]:
    return {k: v for k, v in answer.headers.items() if k != "Content-Security-Policy"}  # type: ignore[attr-defined]


@each_call
def test_nobody_gets_anything_without_a_token(world: World, call: Call) -> None:
    answer = call.on(world, None)
    problem(answer, 401, "unauthenticated")
    assert answer["WWW-Authenticate"].startswith("Bearer")
    problem(call.on(world, "owner", key="dal_wrong"), 401, "token")


@each_call
def test_a_token_needs_the_scope(world: World, call: Call) -> None:
    who = call.somebody()
    others = tuple(scope for scope in SCOPES if scope != call.scope)
    with transaction.atomic():
        problem(call.on(world, who, key=world.key(who, others)), 403, "scope")
        enough = tuple({"read", call.scope})
        assert call.on(world, who, key=world.key(who, enough)).status_code == call.ok
        transaction.set_rollback(True)


@each_call
def test_a_token_of_another_project_sees_nothing(world: World, call: Call) -> None:
    key = world.key("owner", bound_to=world.elsewhere)
    if "{" in call.path:
        problem(call.on(world, "owner", key=key), 404, "not_found")
    elif call.method == "GET":
        assert [row["id"] for row in say(call.on(world, "owner", key=key))["results"]] == [world.elsewhere.pk]
    else:
        problem(call.on(world, "owner", key=key), 403, "scope")


@each_call
def test_what_is_not_offered_is_refused(world: World, call: Call) -> None:
    who = call.somebody()
    refused = problem(call.on(world, who, query="?owner__password__startswith=p"), 400, "query")
    assert list(refused["errors"]) == ["owner__password__startswith"]
    body = call.body(world) if call.body else None
    if isinstance(body, dict):
        path = call.path.format(**world.ids)
        refused = problem(world.ask(who, call.method, path, {**body, "is_staff": True}), 422, "invalid")
        assert [key.removeprefix("body.") for key in refused["errors"]] == ["is_staff"]


@each_call
def test_a_frozen_project_can_be_read_but_not_changed(world: World, call: Call) -> None:
    Project.objects.filter(pk=world.project.pk).update(state="FROZEN")
    answer = call.on(world, call.somebody())
    if call.goes_on:
        assert answer.status_code == call.ok
    else:
        problem(answer, 409, "frozen")


@each_call
def test_another_method_is_refused(world: World, call: Call) -> None:
    path = call.path.format(**world.ids)
    refused = world.ask("owner", "TRACE", path)
    problem(refused, 405, "method_not_allowed")
    assert call.method in refused["Allow"]
    options = world.ask("owner", "OPTIONS", path)
    assert (options.status_code, options.content) == (204, b"")


@each_call
def test_answers_are_private_json(world: World, call: Call) -> None:
    answer = call.on(world, call.somebody())
    assert answer.status_code == call.ok
    assert answer["Cache-Control"] == "no-store"
    assert "Authorization" in answer["Vary"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    if call.ok == 204:
        assert answer.content == b""
    elif not call.path.endswith(("export/", "download/")):
        assert answer["Content-Type"] == "application/json"
        assert say(answer)
