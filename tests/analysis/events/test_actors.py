"""The seed of a registry: complete, bilingual, without two answers to one name."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from analysis.events.actors import SeedEntity, demonym_forms, nisba_forms, seed_entities, seed_places
from analysis.text.normalise import norm_key

ENTITIES, PLACES = seed_entities(), seed_places()
BY_KEY = {e.key: e for e in (*ENTITIES, *PLACES)}
STATES = [e for e in ENTITIES if e.kind == "STATE"]
# The 193 members of the United Nations and its two observers.
MEMBERS = re.findall(
    "[A-Z]{3}",
    """
AFG ALB DZA AND AGO ATG ARG ARM AUS AUT AZE BHS BHR BGD BRB BLR BEL BLZ BEN BTN BOL BIH BWA BRA BRN BGR BFA BDI CPV KHM CMR CAN
CAF TCD CHL CHN COL COM COG COD CRI CIV HRV CUB CYP CZE DNK DJI DMA DOM ECU EGY SLV GNQ ERI EST SWZ ETH FJI FIN FRA GAB GMB GEO
DEU GHA GRC GRD GTM GIN GNB GUY HTI HND HUN ISL IND IDN IRN IRQ IRL ISR ITA JAM JPN JOR KAZ KEN KIR PRK KOR KWT KGZ LAO LVA LBN
LSO LBR LBY LIE LTU LUX MDG MWI MYS MDV MLI MLT MHL MRT MUS MEX FSM MDA MCO MNG MNE MAR MOZ MMR NAM NRU NPL NLD NZL NIC NER NGA
MKD NOR OMN PAK PLW PAN PNG PRY PER PHL POL PRT QAT ROU RUS RWA KNA LCA VCT WSM SMR STP SAU SEN SRB SYC SLE SGP SVK SVN SLB SOM
ZAF SSD ESP LKA SDN SUR SWE CHE SYR TJK TZA THA TLS TGO TON TTO TUN TUR TKM TUV UGA UKR ARE GBR USA URY UZB VUT VEN VNM YEM ZMB
ZWE PSE VAT
""",
)
SECTORS = {
    "GOV", "MIL", "COP", "SPY", "LEG", "JUD", "PTY", "OPP", "REB", "PRM", "UAF", "UNK", "PRE", "AGR", "BUS", "CRM", "CVL", "EDU",
    "ELI", "JRN", "LAB", "MED", "REF", "REL", "SOC",
}  # fmt: skip


def forms(entity: SeedEntity, lang: str, *roles: str) -> list[str]:
    return [n.form for n in entity.names if n.lang == lang and (not roles or n.role in roles)]


def test_every_state_of_the_world_is_there():
    assert len(MEMBERS) == 195
    assert set(MEMBERS) <= {e.key for e in STATES}
    assert {"KOS", "TWN", "SUN"} <= {e.key for e in STATES}


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_every_entry_has_one_canonical_name_in_each_language(lang: str):
    assert [e.key for e in (*ENTITIES, *PLACES) if len(forms(e, lang, "CANONICAL")) != 1] == []


def test_every_state_has_its_capital_and_nearly_all_a_nisba():
    # Nauru has no official capital, the Vatican is its own; of some states Arabic texts know no adjective.
    assert [k for k in MEMBERS if not forms(BY_KEY[k], "ar", "METONYM")] == []
    assert len([k for k in MEMBERS if not forms(BY_KEY[k], "ar", "NISBA")]) <= 40
    for key in ("RUS", "USA", "SAU", "EGY", "CHN", "FRA", "IRN", "TUR", "UKR", "KAZ", "OMN", "MAR"):
        assert len(forms(BY_KEY[key], "ar", "NISBA")) >= 6, key
        assert forms(BY_KEY[key], "en", "NISBA"), key


def test_there_are_organisations_blocs_offices_and_ideologies():
    kinds = Counter(e.kind for e in ENTITIES)
    assert sum(n for kind, n in kinds.items() if kind != "STATE") >= 150
    assert kinds["IGO"] >= 50
    assert kinds["BLOC"] >= 15
    assert kinds["PERSON"] >= 30
    assert min(kinds[k] for k in ("NGO", "ORG", "GROUP", "COLLECTIVE", "INDEF", "IDEOLOGY")) >= 2
    assert len(PLACES) >= 200


def test_the_csto_is_there_with_its_members():
    csto = BY_KEY["CSTO"]
    assert "منظمة الأمن الجماعي" in forms(csto, "ar")
    assert all(key in csto.note for key in ("ARM", "BLR", "KAZ", "KGZ", "RUS", "TJK"))
    assert BY_KEY["CSTOSTATES"].kind == "COLLECTIVE"


def test_keys_are_unique_and_fit_their_column():
    keys = Counter(e.key for e in (*ENTITIES, *PLACES))
    assert [k for k, n in keys.items() if n > 1 or len(k) > 40] == []
    assert all(len(n.form) <= 200 and n.form.strip() == n.form for e in (*ENTITIES, *PLACES) for n in e.names)


def test_codes_are_those_of_the_codebook():
    kinds = {"STATE", "IGO", "NGO", "ORG", "GROUP", "PERSON", "COLLECTIVE", "BLOC", "INDEF", "IDEOLOGY"}
    assert {e.kind for e in ENTITIES} <= kinds
    assert {s for e in ENTITIES for s in e.sectors} <= SECTORS
    countries = {e.key for e in STATES} | {"IGO", "UNO", "EUR", "NGO", "ISM", "IMG", "MNC", ""}
    assert [e.key for e in (*ENTITIES, *PLACES) if e.country not in countries] == []


def test_no_name_stands_twice_in_one_entry():
    for e in (*ENTITIES, *PLACES):
        keys = Counter((n.lang, norm_key(n.form, n.lang)) for n in e.names)
        assert [k for k, n in keys.items() if n > 1] == [], e.key


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_no_two_entries_have_one_canonical_name(lang: str):
    owners = Counter(norm_key(forms(e, lang, "CANONICAL")[0], lang) for e in (*ENTITIES, *PLACES))
    assert [k for k, n in owners.items() if n > 1] == []


def test_arabic_names_are_arabic_and_english_ones_are_not():
    for e in (*ENTITIES, *PLACES):
        for n in e.names:
            arabic = any("\u0600" <= c <= "\u06ff" for c in n.form)
            assert arabic == (n.lang == "ar") or n.form.isascii(), (e.key, n)


def test_a_nisba_is_inflected_and_a_broken_plural_is_not():
    assert nisba_forms("روسي")[:4] == ["روسي", "روسية", "روسيون", "روسيين"]
    assert nisba_forms("روس") == ["روس"]
    assert nisba_forms("كوري جنوبي") == ["كوري جنوبي", "كورية جنوبية", "كوريون جنوبيون", "كوريين جنوبيين"]


@pytest.mark.parametrize(
    ("demonym", "expected"),
    [("Russian", ["Russian", "Russians"]), ("Chinese", ["Chinese"]), ("British", ["British"]), ("Swiss", ["Swiss"])],
)
def test_english_demonyms_have_a_plural_only_where_there_is_one(demonym: str, expected: list[str]):
    assert demonym_forms(demonym) == expected
