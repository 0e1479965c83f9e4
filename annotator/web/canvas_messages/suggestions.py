"""Open suggestions and what was decided about them."""

from __future__ import annotations

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    return {
        "walk": _("Walk through the suggestions: {n}"),
        "offered": _("Suggestion: {label}, {text}"),
        "why": _("Why"),
        "accept": _("Accept"),
        "correct": _("Correct"),
        "reject": _("Reject"),
        "correcting": _("Change the selection if need be, then press a label. Esc stops."),
        "accepted_n": _("{n} accepted"),
        "arrived": _("{n} new suggestions"),
        "more_before": _("{n} before"),
        "tagging": _("Taggers are reading…"),
        "tagging_n": _("Taggers are reading: {done} of {total} documents"),
        "tagging_done": _("The taggers have read it."),
        "origin_accepted": _("Accepted suggestion: {tagger}"),
        "origin_corrected": _("Corrected suggestion: {tagger}"),
        "tagger_gazetteer": _("Names and dates"),
        "tagger_events": _("Events"),
        "tagger_implications": _("Implications"),
        "accept_all": _("Accept all from {n} on"),
        "threshold": _("Confidence from"),
        "shown": _("{n} shown"),
        "below": _("{n} below this confidence"),
        "no_suggestions": _("No open suggestions."),
        "rule_registry_name": _("Name in the registry: {matched}"),
        "rule_date": _("Recognised as a date: {matched}"),
        "rule_event_lexicon": _("In the event lexicon: {matched}"),
        "rule_cue": _("Follows “{matched}”"),
    }
