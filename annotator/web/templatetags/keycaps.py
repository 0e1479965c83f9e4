"""Tags for keys: where a command lies for the person who looks at the page."""

from __future__ import annotations

from django import template
from django.template import Context
from django.utils.html import format_html

from annotator.web.canvas_messages import canvas_messages
from annotator.web.keycaps import KEYS, cap, first_press

register = template.Library()


@register.simple_tag(takes_context=True)
def keycap(context: Context, command: str, css: str = "") -> str:
    """The first key of a command, hidden where it has none; static/annotator/caps.js keeps it up to date.

    Raises KeyError for a command that keycaps.KEYS does not list.
    """
    shown = cap(_press(context, command))
    classes = format_html(' class="{}"', css) if css else ""
    element = '<kbd{} data-cap="{}">{}</kbd>' if shown else '<kbd{} data-cap="{}" hidden>{}</kbd>'
    return format_html(element, classes, command, shown)


@register.simple_tag(takes_context=True)
def key_of(context: Context, command: str) -> str:
    """What one presses for a command, to stand in a sentence: its first key, else its name for the list of commands."""
    press = _press(context, command)
    if press:
        return format_html("<kbd>{}</kbd>", cap(press))
    words = canvas_messages()
    return words["named"].format(name=words[f"cmd_{command}"])


def _press(context: Context, command: str) -> str:
    return first_press(context["user"].workspace.get("keys"), command, KEYS[command])
