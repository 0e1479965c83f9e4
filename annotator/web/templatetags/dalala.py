"""Tags of our own: the import map, icons, names in any direction."""

from __future__ import annotations

import json
import re
from datetime import date
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html, format_html_join, json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from annotator.review.mentions import parts
from annotator.review.models import Comment
from annotator.teams.models import Role
from annotator.web.bundles import file_of, modules
from annotator.web.keycaps import cap
from annotator.web.words import ATTRIBUTE_TYPES, FIELDS

register = template.Library()
LONG = 200_000
WAYS_BACK = ("withdraw", "relevant", "take_up")


@lru_cache(maxsize=2)
def _module_urls(bundled: bool) -> dict[str, dict[str, str]]:  # noqa: FBT001
    """The address of each module, by step."""
    return {
        step: {name: static(file_of(name, step, bundled=bundled)) for name in names}
        for step, names in modules().items()
    }


@register.simple_tag(takes_context=True)
def import_map(context: Context) -> SafeString:
    """The hashed names of our modules, and a preload for each that paints, so that no import waits for another."""
    urls = _module_urls(settings.CANVAS_BUNDLED)
    imports = {f"#annotator/{name}": url for found in urls.values() for name, url in found.items()}
    text = json.dumps({"imports": imports}).replace("<", "\\u003c")
    nonce = str(context["request"].csp_nonce)
    head = format_html('<script type="importmap" nonce="{}">{}</script>', nonce, SafeString(text))
    return head + _preloads("paint", "high")


@register.simple_tag(takes_context=True)
def canvas_script(context: Context) -> SafeString:
    """The module that begins."""
    url = _module_urls(settings.CANVAS_BUNDLED)["paint"]["canvas.js"]
    return format_html('<script src="{}" type="module" nonce="{}"></script>', url, context["request"].csp_nonce)


@register.simple_tag
def late_modules(length: int) -> SafeString:
    """Preloads of the modules that are wanted once the text is painted, behind everything else.

    A text of more than LONG code points needs the line and the cores until then: each step asks for the next.
    """
    if length > LONG:
        return SafeString()
    return _preloads("core", "low") + _preloads("desk", "low")


def _preloads(step: str, priority: str) -> SafeString:
    files = dict.fromkeys(_module_urls(settings.CANVAS_BUNDLED)[step].values())
    rows = ((url, priority) for url in files)
    return format_html_join("", '<link rel="modulepreload" href="{}" fetchpriority="{}">', rows)


@lru_cache(maxsize=1)
def _icons() -> dict[str, str]:
    """What is drawn for each icon."""
    sheet = (settings.BASE_DIR / "templates" / "icons.svg").read_text(encoding="utf-8")
    return dict(re.findall(r'<symbol id="([\w-]+)" viewBox="0 0 24 24">\s*(.*?)\s*</symbol>', sheet, re.DOTALL))


@register.simple_tag
def icon(name: str, mirrored: object = "") -> SafeString:
    """An icon of the sheet, drawn in the page itself: a sheet elsewhere would be one more document to fetch and build
    before the first paint. Decoration only, so it is hidden from readers. A second word turns it round in Arabic.
    Raises KeyError for one that is not there."""
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        "icon mirrored" if mirrored else "icon",
        SafeString(_icons()[name]),
    )


@register.filter
def isolated(value: Any) -> SafeString:
    """A name that somebody gave, in whatever direction, kept from mixing with the text around it."""
    return format_html('<bdi dir="auto">{}</bdi>', value)


@register.filter
def initial(name: Any) -> str:
    """The letter that stands for a person."""
    return next((c.upper() for c in str(name) if c.isalnum()), "?")


@register.filter
def as_json(value: Any, element_id: str) -> SafeString:
    return json_script(value, element_id)


@register.filter
def percent(value: float) -> int:
    """A share from 0 to 1 in whole percent."""
    return round(100 * (value or 0))


@register.filter
def at(mapping: dict[str, Any] | None, key: Any) -> Any:
    """The value of a mapping under a key that is a variable."""
    return (mapping or {}).get(str(key), "")


@register.filter
def named(names: dict[str, str] | None, language: str) -> str:
    """The name of a code in the page's language, else in whichever there is."""
    names = names or {}
    return names.get(language) or next(iter(names.values()), "")


@register.filter
def role_name(code: str) -> str:
    return str(Role(code).label)


@register.filter
def job_name(kind: str) -> str:
    names = {
        "import": _("Import"),
        "pretag": _("Pre-tagging"),
        "export": _("Export"),
        "same": _("Marking all the same"),
        "same_undo": _("Taking marks back"),
    }
    return names.get(kind, kind)


@register.filter
def keyname(code: str) -> str:
    """What stands on a key: Digit1 -> 1, KeyQ -> Q."""
    return cap(code or "")


@register.filter
def attribute_type(code: str) -> str:
    return str(ATTRIBUTE_TYPES.get(code, code))


@register.filter
def field_name(path: str) -> str:
    """What a form calls the field of an error: `names.2.form` -> Names."""
    return str(FIELDS.get(path.split(".")[0], path))


@register.filter
def iso_day(value: Any) -> str:
    """A date as a date field takes it; what somebody typed stays."""
    return value.isoformat() if isinstance(value, date) else str(value or "")


@register.filter
def minutes(seconds: int | None) -> str:
    """A time of work, in minutes."""
    return _("%(n)s min") % {"n": round((seconds or 0) / 60)}


@register.filter
def said(comment: Comment) -> str:
    """What a comment says, on one line, with the names of those it names. Their rows were fetched with it."""
    named = [mention.user for mention in comment.mentions.all()]
    return " ".join("".join(part.text for part in parts(comment.body, named)).split())


@register.filter
def way_back(tags: str) -> str:
    """The address that takes back what the message with these tags tells: `back:take_up:7`."""
    found = next((tag for tag in (tags or "").split() if tag.startswith("back:")), "")
    _back, _sep, rest = found.partition(":")
    name, _sep, pk = rest.partition(":")
    return reverse(name, args=[int(pk)]) if name in WAYS_BACK and pk.isdigit() else ""


@register.filter
def undo_ids(tags: str) -> list[str]:
    """The documents that the message with these tags can bring back."""
    found = next((tag for tag in (tags or "").split() if tag.startswith("undo:")), "")
    return [pk for pk in found.removeprefix("undo:").split(",") if pk]
