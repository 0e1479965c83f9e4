"""Comments, history, outcomes, time."""

from __future__ import annotations

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    return {
        "cmd_comment": _("Comment"),
        "cmd_history": _("History of the mark"),
        "cmd_toggle_timer": _("Show or hide the active time"),
        "cmd_submit": _("Submit"),
        "cmd_put_aside": _("Put aside"),
        "cmd_irrelevant": _("Irrelevant"),
        "cmd_give_back": _("Give it back"),
        "comment": _("Comment"),
        "comment_hint": _("Write a comment; @ names somebody"),
        "comments_n": _("Open comments: {n}"),
        "comments_resolved": _("Resolved comments: {n}"),
        "comment_deleted": _("The comment is deleted."),
        "resolved": _("Resolved."),
        "send": _("Send"),
        "the_document": _("The document"),
        "seen_by_reviewers": _("Read by you and those who review."),
        "seen_by_everybody": _("Read by everybody who reads the document."),
        "unread_n": _("{n} unread"),
        "open_n": _("{n} open"),
        "name_somebody": _("Name somebody"),
        "named_n": _("{n} people fit. Arrow keys choose, Enter takes."),
        "history": _("History"),
        "history_of_mark": _("History of this mark"),
        "history_all": _("All changes"),
        "loading": _("Loading…"),
        "brought_back": _("Brought back"),
        "op_restore_span": _("Bringing back a mark"),
        "active_time": _("Active time"),
        "minutes": _("{n} min"),
        "timer_show": _("Show the active time"),
        "timer_hide": _("Hide the active time"),
    }
