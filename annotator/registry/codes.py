"""Codes of actors beside their kind."""

from __future__ import annotations

from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from analysis.events.actors import seed_entities

# The sectors of PLOVER in our own words.
SECTORS: tuple[tuple[str, str | Promise], ...] = (
    ("GOV", _("Executive")),
    ("MIL", _("Armed forces of the state")),
    ("COP", _("Police")),
    ("SPY", _("State intelligence")),
    ("LEG", _("Parliament")),
    ("JUD", _("Courts")),
    ("PTY", _("Political party")),
    ("OPP", _("Political opposition")),
    ("REB", _("Armed opposition")),
    ("PRM", _("Pro-government paramilitary")),
    ("UAF", _("Unidentified armed group")),
    ("ELI", _("Former officials")),
    ("CVL", _("Civilians")),
    ("SOC", _("Civil society")),
    ("JRN", _("Press and media")),
    ("REL", _("Religious body")),
    ("EDU", _("Education and research")),
    ("MED", _("Health")),
    ("BUS", _("Business")),
    ("LAB", _("Workers and unions")),
    ("AGR", _("Farm workers")),
    ("REF", _("Refugees and displaced")),
    ("CRM", _("Criminals")),
    ("PRE", _("Partially recognised entity")),
    ("UNK", _("Unidentified")),
)


@lru_cache(maxsize=1)
def capitals() -> frozenset[str]:
    """The names of capitals, in both languages: with one of them a text may mean the state."""
    return frozenset(n.form for e in seed_entities() if e.kind == "STATE" for n in e.names if n.role == "METONYM")
