"""Who calls: a program with a token, or a person's browser with its session."""

from __future__ import annotations

from django.utils.translation import gettext as _
from rest_framework import authentication, exceptions
from rest_framework.request import Request

from annotator.teams.access import Actor
from annotator.teams.models import User
from annotator.teams.services import actor_for_key

_LONGEST_KEY = 200


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer <token>`. A key that is not good is refused with 401, whatever else comes along."""

    def authenticate(self, request: Request) -> tuple[User, Actor] | None:
        scheme, _space, key = request.META.get("HTTP_AUTHORIZATION", "").strip().partition(" ")
        if scheme.lower() != "bearer":
            return None
        key = key.strip()
        actor = actor_for_key(key) if key and len(key) <= _LONGEST_KEY else None
        if actor is None:
            # One sentence for unknown, expired and revoked keys: a thief learns nothing from it.
            raise exceptions.AuthenticationFailed(_("This token is not valid."), code="token")
        return actor.user, actor

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Dalala"'


class SessionAuthentication(authentication.SessionAuthentication):
    """The session of a logged-in person. Every request that may change something needs the CSRF token."""

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied:
            raise exceptions.PermissionDenied(
                _("The CSRF token is missing or wrong: send it as X-CSRFToken, or use a bearer token."), code="csrf"
            ) from None


def actor_of(request: Request) -> Actor:
    """The one who acts in this request; raises NotAuthenticated without one."""
    if isinstance(request.auth, Actor):
        return request.auth
    if not isinstance(request.user, User):
        raise exceptions.NotAuthenticated
    actor: Actor | None = getattr(request, "_actor", None)
    if actor is None:
        actor = Actor(request.user)
        request._actor = actor  # type: ignore[attr-defined]  # roles are asked once a request
    return actor
