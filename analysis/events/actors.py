"""The actors and places every new project starts with.

Names of states are those of Unicode CLDR as Babel ships it; capitals, nisba forms, aliases and everything else
are our own tables in `data/`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel import Locale

_DATA = Path(__file__).parent / "data"
_CSTO = "ARM, BLR, KAZ, KGZ, RUS, TJK"


@dataclass(frozen=True, slots=True)
class SeedName:
    """`role` is CANONICAL, ALIAS, ABBREV, NISBA, METONYM or TITLE; `lang` is "ar" or "en"."""

    lang: str
    form: str
    role: str


@dataclass(frozen=True, slots=True)
class SeedEntity:
    key: str
    kind: str
    country: str
    names: tuple[SeedName, ...]
    sectors: tuple[str, ...] = ()
    note: str = ""
    wikidata_id: str | None = None


def _rows(name: str, columns: int) -> Iterator[list[str]]:
    for line in (_DATA / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            cells = line.split("\t")
            yield cells + [""] * (columns - len(cells))


def _split(cell: str, by: str = ";") -> list[str]:
    return [part.strip() for part in cell.split(by) if part.strip()]


def nisba_forms(masculine: str) -> list[str]:
    """The forms of a relational adjective without the article: روسي -> روسي, روسية, روسيون, روسيين, روسيتين.

    A compound inflects in both words: كوري جنوبي -> كورية جنوبية.
    """
    if not masculine.endswith("ي"):
        return [masculine]  # a broken plural such as روس
    if " " in masculine:
        words = masculine.split()
        feminine = " ".join(w + "ة" if w.endswith("ي") else w for w in words)
        return [masculine, feminine]
    return [masculine, masculine + "ة", masculine + "ون", masculine + "ين", masculine + "ان", masculine + "تين"]


def _named(lang: str, forms: list[str], role: str = "ALIAS") -> list[SeedName]:
    return [SeedName(lang, form, role) for form in forms]


def _state(cells: list[str]) -> SeedEntity:
    alpha2, alpha3, capital_ar, capital_en, nisba, demonym, aliases_ar, aliases_en = cells[:8]
    names: list[SeedName] = []
    for lang, aliases in (("ar", aliases_ar), ("en", aliases_en)):
        canonical = Locale(lang).territories[alpha2]
        names.append(SeedName(lang, canonical, "CANONICAL"))
        names += _named(lang, _split(aliases))
    names += _named("ar", _split(capital_ar), "METONYM") + _named("en", _split(capital_en), "METONYM")
    for masculine in _split(nisba, "/"):
        names += _named("ar", nisba_forms(masculine), "NISBA")
    for form in _split(demonym, "/"):
        names += _named("en", [form], "NISBA")
        if not form.endswith(("ese", "ish", "ch", "ss")):
            names += _named("en", [form + "s"], "NISBA")
    return SeedEntity(alpha3, "STATE", alpha3, _unique(names))


def _unique(names: list[SeedName]) -> tuple[SeedName, ...]:
    """Each form once a language and entity; the first role it came with stays."""
    seen: dict[tuple[str, str], SeedName] = {}
    for name in names:
        seen.setdefault((name.lang, name.form), name)
    return tuple(seen.values())


def _organisation(cells: list[str]) -> SeedEntity:
    key, kind, country, sectors, arabic, english, abbreviations = cells[:7]
    names: list[SeedName] = []
    for lang, forms in (("ar", _split(arabic)), ("en", _split(english))):
        names += _named(lang, forms[:1], "CANONICAL") + _named(lang, forms[1:])
    names += _named("en", _split(abbreviations), "ABBREV")
    note = f"Members: {_CSTO}" if key == "CSTO" else ""
    return SeedEntity(key, kind, country, _unique(names), tuple(_split(sectors)), note)


@lru_cache(maxsize=1)
def seed_entities() -> tuple[SeedEntity, ...]:
    """All states, then historic states, organisations, blocs and roles. Keys are unique."""
    states = [_state(cells) for cells in _rows("states.tsv", 8)]
    others = [_organisation(cells) for cells in _rows("organisations.tsv", 7)]
    return (*states, *others)


@lru_cache(maxsize=1)
def seed_places() -> tuple[SeedEntity, ...]:
    """Cities that are no capitals, seas and regions; their keys begin with P-."""
    out = []
    for key, country, arabic, english in (cells[:4] for cells in _rows("cities.tsv", 4)):
        names: list[SeedName] = []
        for lang, forms in (("ar", _split(arabic)), ("en", _split(english))):
            names += _named(lang, forms[:1], "CANONICAL") + _named(lang, forms[1:])
        out.append(SeedEntity(f"P-{key}", "PLACE", country, _unique(names)))
    return tuple(out)
