"""What Django itself refuses before any view is asked, as pages of ours."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """413 with a way on when too much was sent at once, else 400 without a word about why."""
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        detail, status = _("This is more than a form takes at once. Upload it as a file, or in parts."), 413
    else:
        detail, status = (
            _("The browser sent something that cannot be read. Go back, reload the page and try again."),
            400,
        )
    context = {"title": _("This did not work"), "detail": detail}
    return render(request, "problem.html", context, status=status)
