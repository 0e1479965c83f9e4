"""Keys and commands (a command is called cmd_<id> here, a group group_<name>), forms, the palette, the list of marks."""

from __future__ import annotations

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    return {**_keys(), **_form(), **_palette(), **_list()}


def _keys() -> dict[str, str]:
    return {
        "keys": _("Keys"),
        "key_esc": _("Cancel what is going on"),
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
        "cmd_choose_label": _("Choose a label or a value"),
        "cmd_find_command": _("Find a command"),
        "cmd_same_as_last": _("Same values as last time"),
        "keys_place": _(
            "Press a key here to give another one. Keys are known by their place, so they work on an Arabic layout, too."
        ),
        "keys_back": _("All keys as they were"),
        "key_back": _("As it was"),
        "no_key": _("no key"),
        "named": _("“{name}”"),
        "change": _("Change"),
        "change_key": _("Change the key: {name}"),
        "press_key": _("Press the new key"),
        "press_key_hint": _("With Ctrl, Alt or Shift if you like. Esc leaves it as it is."),
        "key_reserved": _("{key} belongs to the browser. Press another one."),
        "key_taken": _("is the key of: {name}"),
        "key_take": _("Use it here"),
    }


def _form() -> dict[str, str]:
    return {
        "recommended": _("recommended"),
        "various": _("various"),
        "type_to_find": _("Type to find"),
        "nothing_found": _("Nothing found."),
        "same_as_last": _("As last time"),
        "several": _("{n} marks"),
        "several_labels": _("Marks of one label can be given values together. Choose a label for all of them first."),
        "several_left": _("{n} kept their label, because their links do not fit the new one."),
        "several_removed": _("{n} marks removed"),
        "remove_all": _("Remove all"),
    }


def _palette() -> dict[str, str]:
    return {
        "find_label": _("Label or value, in Arabic or English"),
        "find_command": _("What do you want to do?"),
        "favourites": _("On the number keys"),
        "favourite": _("Favourite"),
        "move_favourite": _("Move it up or down"),
        "used_lately": _("Used lately"),
        "values_of": _("Values: {label}"),
        "each_selection": _("For each selection from now on"),
        "choose": _("Choose"),
    }


def _list() -> dict[str, str]:
    return {
        "annotations": _("Annotations"),
        "find_in_marks": _("Find in the marks"),
        "filter_state": _("Completeness"),
        "any_state": _("Complete or not"),
        "incomplete": _("Something is needed"),
        "complete": _("Complete"),
        "filter_origin": _("Origin"),
        "any_origin": _("Any origin"),
        "origin_own": _("Marked by hand"),
        "origin_as_suggested": _("Accepted suggestion"),
        "origin_changed": _("Corrected suggestion"),
        "sort_by": _("Order"),
        "by_place": _("By place"),
        "by_label": _("By label"),
        "by_time": _("By time"),
        "n_marks": _("Marks: {n}"),
        "n_of_marks": _("{n} of {all}"),
        "pick_all": _("Pick all of these"),
        "far_marks": _("The other marks of this long text are on their way…"),
    }
