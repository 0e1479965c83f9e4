"""Actors and links between marks."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def words() -> dict[str, str]:
    return {
        "links_in_the_way": _("Its links do not fit this label. Remove them first."),
        "actor": _("Linked to"),
        "find_actor": _("Type a name in Arabic or English"),
        "no_actor": _("Not linked"),
        "unlink": _("Take the link off"),
        "name": _("Name"),
        "add": _("Add"),
        "create_actor": _("Add “{q}” as a new actor"),
        "kind": _("Kind"),
        "links": _("Links"),
        "add_link": _("Add a link"),
        "link_kind": _("Kind of link"),
        "choose_link": _("Choose…"),
        "incoming": _("{link} (from the other end)"),
        "not_an_end": _("This cannot be the other end."),
        "pick_target": _("Now click the other mark, or choose it below. Esc stops."),
        "choose_target": _("Choose a mark…"),
        "implicit": _("or an actor the text leaves out"),
        "no_links": _("No links yet"),
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
