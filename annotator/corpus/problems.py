"""The language room's problems in the words of the page's language."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analysis.events.codebook import Problem
from analysis.text.decode import TextError

_PROBLEMS = {
    "unknown_attribute": gettext_lazy("The codebook has no such attribute for this label."),
    "unknown_option": gettext_lazy("The codebook has no such value: “%(value)s”."),
    "option_not_here": gettext_lazy("“%(value)s” does not go with the chosen “%(depends_on)s”."),
    "unknown_relation": gettext_lazy("The codebook has no relation type “%(value)s”."),
    "entity_not_allowed": gettext_lazy("A registry entry cannot stand at this end of “%(relation)s”."),
    "end_not_allowed": gettext_lazy("“%(label)s” cannot stand at this end of “%(relation)s”."),
    "list_needed": gettext_lazy("A list is needed."),
    "object_needed": gettext_lazy("An object is needed."),
    "text_needed": gettext_lazy("A text is needed."),
    "flag_needed": gettext_lazy("Yes or no is needed."),
    "extent_needed": gettext_lazy("An extent with start, end and quote is needed."),
    "quote_differs": gettext_lazy("The quote is not what stands at these offsets."),
    "too_long": gettext_lazy("The text is longer than %(longest)s characters."),
    "bad_character": gettext_lazy("The text contains characters that cannot be stored."),
    "twice": gettext_lazy("The same value stands twice."),
    "required": gettext_lazy("This must be filled in before you submit."),
    "required_by_rule": gettext_lazy("The codebook asks for this with the values you chose."),
    "color_needed": gettext_lazy("A colour such as #1d5fbf is needed."),
    "key_needed": gettext_lazy("A key such as Digit1 or KeyQ is needed."),
    "code_needed": gettext_lazy("A code of Latin letters, digits, - and _ is needed."),
    "name_needed": gettext_lazy("A name without control characters is needed."),
    "unknown_label": gettext_lazy("There is no such label."),
    "unknown_key": gettext_lazy("Unknown field."),
    "shape": gettext_lazy("This does not have the shape of a codebook."),
}

_TEXTS = {
    "empty": gettext_lazy("The text is empty."),
    "nul": gettext_lazy("The text contains a NUL character at position %(position)s."),
    "lone_surrogate": gettext_lazy("The text contains half of a character at position %(position)s."),
    "undecodable": gettext_lazy(
        "The encoding was not recognised (first odd byte: %(position)s). Save the file as UTF-8 and try again."
    ),
    "binary": gettext_lazy("This is not a text file."),
}


def say(problem: Problem) -> str:
    """One sentence for people about a `Problem` of the codebook."""
    template = _PROBLEMS.get(problem.code)
    return str(template) % dict(problem.params) if template else _("This value is not right.")


def say_text(error: TextError) -> str:
    """One sentence for people about a text that cannot be stored."""
    return str(_TEXTS[error.code]) % {"position": error.position}
