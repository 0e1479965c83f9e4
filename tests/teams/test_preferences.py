"""How a person likes to work: what may be kept, and that it is theirs."""

from __future__ import annotations

from typing import Any

import pytest

from annotator.errors import Forbidden, Invalid
from annotator.teams.access import Actor
from annotator.teams.models import ApiToken
from annotator.teams.preferences import update_workspace
from tests import build

pytestmark = pytest.mark.django_db
CHOICE = {"label": "EVENT", "values": {"type": "SANCTION", "modes": ["embargo"], "umbrella": True}}


def test_keys_and_favourites_are_kept_and_forgotten() -> None:
    actor = build.actor()
    keys = {"keys": {"accept": ["Shift+KeyA"], "link": []}}
    assert update_workspace(actor=actor, changes=keys) == keys
    both = update_workspace(actor=actor, changes={"favourites": {"7": [CHOICE], "8": []}})
    assert both == {**keys, "favourites": {"7": [CHOICE], "8": []}}
    assert update_workspace(actor=actor, changes={"keys": None}) == {"favourites": {"7": [CHOICE], "8": []}}
    actor.user.refresh_from_db()
    assert actor.user.workspace == {"favourites": {"7": [CHOICE], "8": []}}


@pytest.mark.parametrize(
    "changes",
    [
        {"favourites": []},
        {"favourites": {"a": []}},
        {"favourites": {"7": [{"label": "EVENT"}]}},
        {"favourites": {"7": [{"label": 3, "values": {}}]}},
        {"favourites": {"7": [{"label": "", "values": {}}]}},
        {"favourites": {"7": [{"label": "EVENT", "values": {"type": {"deep": 1}}}]}},
        {"favourites": {"7": [{"label": "EVENT", "values": {"type": False}}]}},
        {"favourites": {"7": [{"label": "E" * 41, "values": {}}]}},
        {"favourites": {"7": [CHOICE] * 21}},
        {"favourites": {"7": [{**CHOICE, "more": 1}]}},
        {"keys": {"accept": "KeyA"}},
        {"keys": {"accept": ["KeyA"] * 5}},
        {"unknown": 1},
    ],
)
def test_what_does_not_belong_there_is_refused(changes: dict[str, Any]) -> None:
    actor = build.actor()
    with pytest.raises(Invalid) as refused:
        update_workspace(actor=actor, changes=changes)
    assert list(refused.value.errors) == list(changes)
    actor.user.refresh_from_db()
    assert actor.user.workspace == {}


def test_no_more_than_a_page_can_need() -> None:
    actor = build.actor()
    many = {str(i): [CHOICE] * 20 for i in range(40)}
    with pytest.raises(Invalid):
        update_workspace(actor=actor, changes={"favourites": many})


def test_no_token_changes_them() -> None:
    person = build.user()
    build.token(person)
    with pytest.raises(Forbidden):
        update_workspace(actor=Actor(person, ApiToken.objects.get()), changes={"keys": {}})
