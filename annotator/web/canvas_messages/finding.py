"""Finding in the document."""

from __future__ import annotations

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    return {
        "find_at": _("{at} of {n}"),
        "find_none": _("Not found"),
        "cmd_find": _("Find in the text"),
    }
