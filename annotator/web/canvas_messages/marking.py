"""Selecting, labelling, the form of a mark."""

from __future__ import annotations

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    return {
        "close": _("Close"),
        "nothing_selected": _("Select some text, or click a mark."),
        "choose_label": _("Choose a label"),
        "state_ACTIVE": _("In progress"),
        "select_first": _("Select some text first."),
        "armed": _("{label}: each selection is marked at once. Esc stops."),
        "new_extent": _("Move the mark to the selection"),
        "remove": _("Remove"),
        "removed": _("Removed"),
        "removed_with": _("Removed, with {n} links"),
        "note": _("Note"),
        "cancel": _("Cancel"),
        "add_option": _("Add…"),
        "from_selection": _("From the selection"),
        "clear": _("Clear"),
        "same_place": _("Also here"),
        "required": _("still needed"),
    }
