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
        "cursor_at": _("{text}, {labels}"),
    }
