"""Actors, links between marks, the cards of events and implications."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def words() -> dict[str, str]:
    return {**_actors(), **_links(), **_cards()}


def _actors() -> dict[str, str]:
    return {
        "cmd_link_actor": _("Say who it is"),
        "actor": _("Linked to"),
        "find_actor": _("Type a name in Arabic or English"),
        "no_actor": _("Not linked"),
        "no_actor_here": _("Select a mark of an actor or a place first."),
        "linked_to": _("Linked to {name}"),
        "unlink": _("Take the link off"),
        "unlinked": _("No longer linked to {name}"),
        "change": _("Change"),
        "known_name": _("Is it"),
        "named_before": _("Named before"),
        "used_here": _("in this text: {n}"),
        "used_project": _("in the project: {n}"),
        "by_ALIAS": _("alias"),
        "by_ABBREV": _("abbreviation"),
        "by_NISBA": _("relational adjective"),
        "by_METONYM": _("metonym"),
        "by_TITLE": pgettext("name", "title"),
        "by_CANONICAL": _("name"),
        "add": _("Add"),
        "create_actor": _("Add “{q}” as a new actor"),
        "new_actor": _("New actor"),
        "name_ar": _("Name in Arabic"),
        "name_en": _("Name in English"),
        "name_needed": _("Give a name in one language at least."),
        "already_there": _("There is already"),
        "use_it": _("Use it"),
        "kind": _("Kind"),
        "country": _("Country"),
        "sector": _("Sector"),
        "period": _("Period"),
        "not_given": _("not given"),
        "loading": _("Loading…"),
        "mentions_here": _("In this text: {n}"),
        "mentions_elsewhere": _("All mentions you may see: {n}, in {d} documents"),
        "actor_page": _("Page of the actor"),
        "kind_STATE": pgettext("actor", "State"),
        "kind_IGO": _("Organisation of governments"),
        "kind_NGO": _("Non-governmental organisation"),
        "kind_ORG": _("Other organisation"),
        "kind_GROUP": _("Organised group"),
        "kind_PERSON": _("Person"),
        "kind_COLLECTIVE": _("Defined plural"),
        "kind_BLOC": _("Bloc"),
        "kind_INDEF": _("Unnamed"),
        "kind_IDEOLOGY": _("Ideology"),
        "kind_PLACE": _("Place"),
    }


def _links() -> dict[str, str]:
    return {
        "links": _("Links"),
        "no_links": _("No links yet"),
        "add_link": _("Add a link"),
        "links_in_the_way": _("Its links do not fit this label. Remove them first."),
        "link_kind": _("Kind of link"),
        "link_this": _("{link} this"),
        "role_in": _("{role} in"),
        "link_made": _("{from} · {link} · {to}"),
        "link_removed": _("Link removed"),
        "linked_already": _("They are linked like that already."),
        "remove_link": _("Remove the link: {link}"),
        "pick_target": _("Click the other end in the text, or type here."),
        "other_end": _("The other end"),
        "find_end": _("Words of a mark"),
        "find_end_or_actor": _("Words of a mark, or an actor"),
        "left_out": _("Not in the text"),
        "not_an_end": _("This cannot be the other end."),
    }


def _cards() -> dict[str, str]:
    return {
        "cmd_cards": _("Cards of events and implications"),
        "cards": _("Cards"),
        "cards_filter": _("Which cards"),
        "all_cards": _("All"),
        "open_cards": _("Incomplete"),
        "no_cards": _("No card yet. Each mark of these labels gets one: {labels}."),
        "no_cards_so": _("No card like that."),
        "or": _("or"),
        "comma": _(", "),
        "edit_card": _("Edit"),
        "show_card": _("Details"),
        "fill_slot": _("{role}: add"),
        "lacks": _("Still needed: {what}"),
        "no_arguments": _("Nobody takes part in it yet"),
        "no_explanation": _("Linked to no {labels}"),
        "no_holder": _("Attributed to an actor, but nobody is linked as holding it"),
        "inferred_only": _("Inferred: the text does not say it; the quote is the evidence"),
    }
