"""Saving, what was refused, undo."""

from __future__ import annotations

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    return {
        "saved": _("Saved"),
        "log_in": _("Log in"),
        "not_reached": _("The server cannot be reached."),
        "stale_title": _("This was changed meanwhile"),
        "mine": _("Yours"),
        "theirs": _("The other version"),
        "keep_mine": _("Keep mine"),
        "take_theirs": _("Take the other"),
        "compare": _("Compare"),
        "op_add_span": _("Mark"),
        "op_update_span": _("Change of a mark"),
        "op_delete_span": _("Removal of a mark"),
        "op_add_relation": _("New link"),
        "op_update_relation": _("Change of a link"),
        "op_delete_relation": _("Removal of a link"),
        "op_accept_suggestion": _("Accepted suggestion"),
        "op_reject_suggestion": _("Rejected suggestion"),
        "op_undo": _("Undo"),
        "op_redo": _("Redo"),
        "saving": _("Saving…"),
        "waiting": _("{n} waiting"),
        "offline": _("Offline: {n} kept on this device"),
        "login": _("Please log in again: {n} are kept here"),
        "rejected": _("{n} could not be saved"),
        "rejected_title": _("These changes could not be saved"),
        "dismiss": _("Discard"),
        "retry": _("Try again"),
        "mismatch": _("The text in this page differs from the stored one. Reload the page; nothing can be marked now."),
        "marks_waiting": _("The marks of this part cannot be fetched now. It is tried again."),
        "marks_coming": _("Fetching all marks: {n} %"),
        "leave": _("Some changes are not saved yet."),
        "undo": _("Undo"),
        "redo": _("Redo"),
        "logged_out": _("Please log in again in another tab; what you wrote stays here."),
        "failed": _("That did not work. Try again."),
        "reload": _("Reload"),
        "closed_elsewhere": _("This work was closed somewhere else. Nothing can be changed here any more."),
        "fragile": _("This browser keeps no changes on this device. Do not close the page before it says “Saved”."),
        "fragile_short": _("not kept on this device"),
        "undo_later": _("It will be undone when the server answers."),
        "redo_later": _("It will be redone when the server answers."),
    }
