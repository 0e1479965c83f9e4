"""Reading the text and what is marked in it."""

from __future__ import annotations

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    return {
        "read_only_hint": _("Click a mark to see its details."),
        "more": _("{n} more"),
        "no_spans": _("Nothing is marked yet. Select text and press a label key, or walk through the suggestions."),
        "filter_label": _("Show only"),
        "all_labels": _("All labels"),
        "paragraph": _("Paragraph"),
        "type_size": _("Size of the letters: {n} of 7"),
        "no_guideline": _("The codebook says nothing more about this."),
        "cmd_guide": _("Guidelines of the label"),
        "cmd_type_settings": _("Type and paragraphs"),
        "cmd_larger_type": _("Larger letters"),
        "cmd_smaller_type": _("Smaller letters"),
        "cmd_next_document": _("Next document"),
        "cmd_previous_document": _("Previous document"),
        "cmd_back_to_list": _("Back to the list"),
        "cursor_at": _("{text}, {labels}"),
    }
