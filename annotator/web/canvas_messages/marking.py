"""Selecting, edges, pieces, labelling, the form of a mark; the commands of all these are called cmd_<id>."""

from __future__ import annotations

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    return {**_marking(), **_selecting(), **_moving()}


def _marking() -> dict[str, str]:
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


def _selecting() -> dict[str, str]:
    return {
        "several_picked": _("{n} marks picked, the last one is {text}"),
        "add_piece": _("Add as a piece of the mark"),
        "piece_added": _("The mark now says: {text}"),
        "pieces": _("Pieces of the mark"),
        "remove_piece": _("Take this piece out"),
        "edge_start": _("Start moved: {text}"),
        "edge_end": _("End moved: {text}"),
        "no_known": _("No marked words stand elsewhere unmarked."),
        "known_here": _("“{text}” is marked elsewhere: {like}"),
        "cmd_next_known": _("Next place with words marked elsewhere"),
        "cmd_mark_same": _("Mark it the same way"),
        "cmd_add_piece": _("Add the selection as a piece of the mark"),
        "cmd_next_mark": _("Next mark"),
        "cmd_previous_mark": _("Previous mark"),
        "cmd_next_lacking": _("Next mark that lacks something"),
        "none_lacks": _("No mark lacks anything."),
        "cmd_also_next_mark": _("Pick the next mark, too"),
        "cmd_also_previous_mark": _("Pick the previous mark, too"),
        "cmd_pick_here": _("Pick the mark at the cursor"),
        "cmd_pick_next_here": _("Pick the next mark at the same place"),
        "cmd_start_out_clitic": _("Start of the mark: further out"),
        "cmd_start_in_clitic": _("Start of the mark: further in"),
        "cmd_end_out_clitic": _("End of the mark: further out"),
        "cmd_end_in_clitic": _("End of the mark: further in"),
        "cmd_start_out_grapheme": _("Start of the mark: a letter out"),
        "cmd_start_in_grapheme": _("Start of the mark: a letter in"),
        "cmd_end_out_grapheme": _("End of the mark: a letter out"),
        "cmd_end_in_grapheme": _("End of the mark: a letter in"),
        "cmd_start_out_word": _("Start of the mark: a word out"),
        "cmd_start_in_word": _("Start of the mark: a word in"),
        "cmd_end_out_word": _("End of the mark: a word out"),
        "cmd_end_in_word": _("End of the mark: a word in"),
    }


def _moving() -> dict[str, str]:
    return {
        "cmd_next_line": _("Line below"),
        "cmd_previous_line": _("Line above"),
        "cmd_next_sentence": _("This sentence, then the next"),
        "cmd_previous_sentence": _("This sentence, then the previous"),
        "cmd_line_start": _("Beginning of the line"),
        "cmd_line_end": _("End of the line"),
        "cmd_text_start": _("Beginning of the text"),
        "cmd_text_end": _("End of the text"),
        "cmd_extend_next_line": _("Extend to the line below"),
        "cmd_extend_previous_line": _("Extend to the line above"),
        "cmd_extend_next_sentence": _("Extend to the next comma or full stop"),
        "cmd_extend_previous_sentence": _("Extend back to the previous comma or full stop"),
        "cmd_extend_next_paragraph": _("Extend to the end of the paragraph"),
        "cmd_extend_previous_paragraph": _("Extend to the beginning of the paragraph"),
        "cmd_extend_line_start": _("Extend to the beginning of the line"),
        "cmd_extend_line_end": _("Extend to the end of the line"),
        "cmd_extend_text_start": _("Extend to the beginning of the text"),
        "cmd_extend_text_end": _("Extend to the end of the text"),
    }
