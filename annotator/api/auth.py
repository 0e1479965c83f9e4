"""Who calls: a program with a token, or a person with a session and a CSRF token."""

from __future__ import annotations

from django.utils.translation import gettext as _
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from annotator.teams.access import Actor
from annotator.teams.models import ApiToken, User
from annotator.teams.services import actor_for_key


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer <key>`."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        header = request.META.get("HTTP_AUTHORIZATION", "")
        scheme, _space, key = header.partition(" ")
        if scheme.lower() != "bearer":
            return None
        actor = actor_for_key(key.strip()) if key.isascii() else None
        if actor is None or actor.token is None:
            raise exceptions.AuthenticationFailed(_("This token is not valid."))
        return actor.user, actor.token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class SessionAuthentication(authentication.SessionAuthentication):
    """The session of the pages; every change needs the CSRF token."""


def actor_of(request: Request) -> Actor:
    """Who acts. Only called behind IsAuthenticated."""
    assert isinstance(request.user, User)
    token = request.auth if isinstance(request.auth, ApiToken) else None
    return Actor(request.user, token)
