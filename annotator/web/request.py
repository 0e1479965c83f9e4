"""The request as the pages see it: somebody is logged in, htmx may have asked."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from annotator.teams.access import Actor
from annotator.teams.models import User


class Request(HttpRequest):
    user: User  # LoginRequiredMiddleware stands before the views
    htmx: HtmxDetails


def actor_of(request: HttpRequest) -> Actor:
    """Who acts. Only called behind the log-in."""
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied("Only people who are logged in act.")
    return Actor(user)


def back(request: HttpRequest, fallback: str = "/") -> HttpResponseRedirect:
    """Where the form said it came from, if that is one of our pages."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(target if safe and target.startswith("/") else fallback)


def ids_in(values: Iterable[str]) -> list[int]:
    """The row ids among what a form sent; anything else is left out."""
    return [int(v) for v in values if v.isascii() and v.isdigit() and len(v) < 19]


def plain(value: str, longest: int = 200) -> str:
    """Typed search words as PostgreSQL can take them."""
    return value.replace("\0", "")[:longest]
