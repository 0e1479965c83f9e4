"""The request as the pages see it: somebody is logged in, htmx may have asked."""

from __future__ import annotations

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from annotator.teams.access import Actor
from annotator.teams.models import User


class Request(HttpRequest):
    user: User  # type: ignore[assignment]  # LoginRequiredMiddleware stands before the views
    htmx: HtmxDetails


def actor_of(request: HttpRequest) -> Actor:
    """Who acts. Only called behind the log-in."""
    assert isinstance(request.user, User)
    return Actor(request.user)
