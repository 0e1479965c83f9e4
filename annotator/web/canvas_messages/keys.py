"""Keys and commands: a command is called cmd_<id> here, a group group_<name>."""

from __future__ import annotations

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    return {
        "keys": _("Keys"),
        "key_esc": _("Give up what is going on"),
        "group_marking": _("Marking"),
        "group_moving": _("Moving in the text"),
        "group_suggestions": _("Suggestions"),
        "group_relations": _("Links and actors"),
        "group_reading": _("Reading"),
        "group_talk": _("Comments and history"),
        "group_other": _("Other"),
        "cmd_forward_word": _("Next word"),
        "cmd_back_word": _("Previous word"),
        "cmd_extend_forward_word": _("Extend by a word"),
        "cmd_extend_back_word": _("Shrink or extend back by a word"),
        "cmd_forward_clitic": _("Next stop at attached letters"),
        "cmd_back_clitic": _("Previous stop at attached letters"),
        "cmd_extend_forward_clitic": _("Extend to the next attached letters"),
        "cmd_extend_back_clitic": _("Shrink or extend back to the attached letters"),
        "cmd_forward_grapheme": _("Next letter"),
        "cmd_back_grapheme": _("Previous letter"),
        "cmd_extend_forward_grapheme": _("Extend by a letter"),
        "cmd_extend_back_grapheme": _("Shrink or extend back by a letter"),
        "cmd_next_paragraph": _("Next paragraph"),
        "cmd_previous_paragraph": _("Previous paragraph"),
        "cmd_next_suggestion": _("Next suggestion"),
        "cmd_previous_suggestion": _("Previous suggestion"),
        "cmd_accept": _("Accept the suggestion"),
        "cmd_correct": _("Correct the suggestion"),
        "cmd_reject": _("Reject the suggestion"),
        "cmd_link": _("Link the mark to another"),
        "cmd_move_extent": _("Move the mark to the selection"),
        "cmd_remove": _("Remove the mark"),
        "cmd_form": _("Go to the form"),
        "cmd_undo": _("Undo"),
        "cmd_redo": _("Redo"),
        "cmd_help": _("Show all keys"),
    }
