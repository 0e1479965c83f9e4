"""What a person chooses for themselves: name, language, colours, how they like to work."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from annotator.errors import Forbidden, Invalid
from annotator.teams.access import Actor
from annotator.teams.log import record
from annotator.teams.models import User
from annotator.teams.services import checked_name


@transaction.atomic
def update_me(*, actor: Actor, name: str | None = None, language: str | None = None, theme: str | None = None) -> User:
    """Change what is given of the actor's own account, leave the rest. No token does it.

    Raises Invalid with errors by field. Only a new name is logged: colours and language concern nobody else.
    """
    if actor.token is not None:
        raise Forbidden(_("No token may do this."), code="scope")
    changes: dict[str, str] = {}
    if name is not None:
        changes["name"] = checked_name(name)
    if language is not None:
        if language not in User.Language.values:
            raise Invalid(errors={"language": [_("Unknown choice.")]})
        changes["language"] = language
    if theme is not None:
        if theme not in User.Theme.values:
            raise Invalid(errors={"theme": [_("Unknown choice.")]})
        changes["theme"] = theme
    user = User.objects.select_for_update().get(pk=actor.user.pk)
    changes = {key: value for key, value in changes.items() if getattr(user, key) != value}
    if changes:
        for key, value in changes.items():
            setattr(user, key, value)
        user.save(update_fields=list(changes))
    if "name" in changes:
        record(project=None, user=user, verb="user.renamed", target=user)
    return user


def _is_keys(value: object) -> bool:
    """Own keys of commands: id -> a few presses such as "Shift+KeyN"."""
    return isinstance(value, dict) and all(
        isinstance(keys, list) and len(keys) <= 4 and all(isinstance(k, str) and len(k) <= 60 for k in keys)
        for keys in value.values()
    )


def _is_favourites(value: object) -> bool:
    """What one marks with, for each project: project id -> [{"label": code, "values": {attribute: code, codes or true}}]."""
    return isinstance(value, dict) and all(
        str(project).isdecimal() and isinstance(choices, list) and len(choices) <= 20 and all(map(_is_choice, choices))
        for project, choices in value.items()
    )


def _is_choice(value: object) -> bool:
    if not isinstance(value, dict) or value.keys() != {"label", "values"} or not isinstance(value["values"], dict):
        return False
    codes = [value["label"], *value["values"]]
    for given in value["values"].values():
        codes += given if isinstance(given, list) else [] if given is True else [given]
    return len(codes) <= 20 and all(isinstance(code, str) and 0 < len(code) <= 40 for code in codes)


def _is_reading(value: object) -> bool:
    """How the text is set, as templates/workspace/type.html offers it."""
    offered = {
        "size": range(1, 8),
        "leading": ("close", "normal", "wide"),
        "measure": ("narrow", "normal", "wide", "full"),
    }
    return (
        isinstance(value, dict)
        and value.keys() == {*offered, "numbers"}
        and isinstance(value["numbers"], bool)
        and all(type(value[key]) in (int, str) and value[key] in choices for key, choices in offered.items())
    )


def _is_share(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1


def _are_thresholds(value: object) -> bool:
    """The lowest score of suggestions that are shown, by label."""
    return (
        isinstance(value, dict) and len(value) <= 100 and all(len(k) <= 40 and _is_share(v) for k, v in value.items())
    )


def _are_flags(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(flag, bool) for flag in value.values())


# What may be kept, with the question whether a value is one.
WORKSPACE: dict[str, Callable[[object], bool]] = {
    "keys": _is_keys,
    "suggestions": lambda value: isinstance(value, bool),  # whether they show in the text
    "threshold": _is_share,
    "thresholds": _are_thresholds,
    "reading": _is_reading,
    "same": _are_flags,  # which forms of words are the same, where not as they come
    "guide": lambda value: isinstance(value, bool),
    "favourites": _is_favourites,
    "timer": lambda value: isinstance(value, bool),  # whether the active time shows
}
LARGEST = 32_000  # characters of JSON in all


@transaction.atomic
def update_workspace(*, actor: Actor, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Change what is given of how the actor likes to work, leave the rest; None forgets it. No token does it.

    Raises Invalid with errors by key.
    """
    if actor.token is not None:
        raise Forbidden(_("No token may do this."), code="scope")
    wrong = [
        key for key, value in changes.items() if key not in WORKSPACE or not (value is None or WORKSPACE[key](value))
    ]
    if wrong:
        raise Invalid(errors={key: [_("Unknown choice.")] for key in wrong})
    user = User.objects.select_for_update(no_key=True).get(pk=actor.user.pk)
    kept = {key: value for key, value in {**user.workspace, **changes}.items() if value is not None}
    if len(json.dumps(kept)) > LARGEST:
        raise Invalid(errors={key: [_("This is too much to keep.")] for key in changes})
    if kept != user.workspace:
        user.workspace = kept
        user.save(update_fields=["workspace"])
    return kept
