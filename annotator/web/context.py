"""What every page needs to know."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_bidi

from annotator.web.middleware import theme_of


def page(request: HttpRequest) -> dict[str, Any]:
    language = get_language() or settings.LANGUAGE_CODE
    return {
        "page_language": language,
        "page_direction": "rtl" if get_language_bidi() else "ltr",
        "other_language": "en" if language == "ar" else "ar",
        "theme": theme_of(request) if hasattr(request, "user") else "system",
        "demo": settings.DEMO,
    }
