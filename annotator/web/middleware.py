"""Language and theme of the person; refusals of the rooms as pages."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from annotator.errors import DomainError

Handler = Callable[[HttpRequest], HttpResponse]
THEME_COOKIE = "theme"
THEMES = ("system", "light", "dark")


def language_of(request: HttpRequest) -> str:
    """The person's choice, else the cookie's, else what the browser prefers; one of ours in any case."""
    known = dict(settings.LANGUAGES)
    chosen = getattr(request.user, "language", "") or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen in known:
        return chosen
    asked = translation.get_language_from_request(request)
    return asked if asked in known else settings.LANGUAGE_CODE


def theme_of(request: HttpRequest) -> str:
    chosen = getattr(request.user, "theme", "") or request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else "system"


class PreferencesMiddleware:
    """Speak the person's language for this request."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            # HX-Request: going back must not show the piece of a page that htmx fetched from the same address.
            patch_vary_headers(response, ("Accept-Language", "Cookie", "HX-Request"))
            response.headers.setdefault("Content-Language", language)
            return response


class DomainErrorMiddleware:
    """A DomainError becomes a page that says what is wrong, or a short message for htmx."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, DomainError):
            return None
        if exception.status == 404:
            return render(request, "404.html", status=404)
        details = [why for reasons in exception.errors.values() for why in reasons]
        context = {
            "title": _("This did not work"),
            "detail": str(exception),
            "details": details,
            "code": exception.code,
        }
        template = "partials/problem.html" if getattr(request, "htmx", False) else "problem.html"
        return render(request, template, context, status=exception.status)
