"""What a person chooses for themselves: name, language, colours."""

from __future__ import annotations

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
