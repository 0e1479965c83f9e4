"""The actors and places every new project starts with.

Names of states are those of Unicode CLDR as Babel ships it; capitals, nisba forms, aliases and everything else
are our own tables in `data/`. A form stands once for each entity and norm key: spellings that are looked up alike
(أفريقيا, إفريقيا) need no second row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel import Locale

from analysis.text.normalise import norm_key

_DATA = Path(__file__).parent / "data"
# Demonyms that are their own plural, beside those in -ese, -ish, -ss, -sh and most in -ch.
_NO_PLURAL = {
    "Basotho", "Burkinabe", "Dutch", "French", "I-Kiribati", "Kyrgyz", "Malagasy", "Ni-Vanuatu", "Seychellois", "Swazi",
}  # fmt: skip


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
    """The forms of a relational adjective without the article: روسي -> روسي, روسية, روسيون, روسيين, ….

    A compound inflects in both words (كوري جنوبي -> كورية جنوبية). A form that does not end in ي, such as a broken
    plural (روس), is left as it is.
    """
    if not masculine.endswith("ي"):
        return [masculine]
    if " " in masculine:
        return [
            masculine,
            *(" ".join(_inflect(word, ending) for word in masculine.split()) for ending in ("ة", "ون", "ين")),
        ]
    return [masculine + ending for ending in ("", "ة", "ون", "ين", "ان", "تان", "تين", "ًا")]


def _inflect(word: str, ending: str) -> str:
    return word + ending if word.endswith("ي") else word


def demonym_forms(demonym: str) -> list[str]:
    """An English demonym and, where it has one of its own, its plural: Russian, Russians; but only Chinese, British."""
    own_plural = demonym in _NO_PLURAL or (demonym.endswith(("ese", "ic", "sh", "ss")))
    return [demonym] if own_plural else [demonym, demonym + "s"]


def _named(lang: str, forms: list[str], role: str = "ALIAS") -> list[SeedName]:
    return [SeedName(lang, form, role) for form in forms]


def _canonical_first(lang: str, alpha2: str, aliases: list[str]) -> list[SeedName]:
    """The better known name first when the table marks one with `!`, else the one of CLDR."""
    ours = [alias[1:] for alias in aliases if alias.startswith("!")]
    known = [alias for alias in aliases if not alias.startswith("!")]
    standard = [] if alpha2 == "-" else [Locale(lang).territories[alpha2]]
    names = [*ours, *standard, *known]
    return [SeedName(lang, names[0], "CANONICAL"), *_named(lang, names[1:])]


def _state(cells: list[str]) -> SeedEntity:
    alpha2, alpha3, capital_ar, capital_en, nisba, demonym, aliases_ar, aliases_en, wikidata, note = cells[:10]
    names = _canonical_first("ar", alpha2, _split(aliases_ar)) + _canonical_first("en", alpha2, _split(aliases_en))
    names += _named("ar", _split(capital_ar), "METONYM") + _named("en", _split(capital_en), "METONYM")
    for masculine in _split(nisba, "/"):
        names += _named("ar", nisba_forms(masculine), "NISBA")
    for form in _split(demonym, "/"):
        names += _named("en", demonym_forms(form), "NISBA")
    return SeedEntity(alpha3, "STATE", alpha3, _unique(names), (), note, wikidata or None)


def _unique(names: list[SeedName]) -> tuple[SeedName, ...]:
    """Each norm key once a language; the first role it came with stays."""
    seen: dict[tuple[str, str], SeedName] = {}
    for name in names:
        seen.setdefault((name.lang, norm_key(name.form, name.lang)), name)
    return tuple(seen.values())


def _both(arabic: str, english: str) -> list[SeedName]:
    names: list[SeedName] = []
    for lang, forms in (("ar", _split(arabic)), ("en", _split(english))):
        names += _named(lang, forms[:1], "CANONICAL") + _named(lang, forms[1:])
    return names


def _organisation(cells: list[str]) -> SeedEntity:
    key, kind, country, sectors, arabic, english, abbreviations, nisba, wikidata, note = cells[:10]
    names = _both(arabic, english) + _named("en", _split(abbreviations), "ABBREV")
    for masculine in _split(nisba, "/"):
        names += _named("ar", nisba_forms(masculine), "NISBA")
    return SeedEntity(key, kind, country, _unique(names), tuple(_split(sectors)), note, wikidata or None)


def seed_entities() -> tuple[SeedEntity, ...]:
    """All states, then historic ones, organisations, blocs and offices. Keys are unique."""
    states = [_state(cells) for cells in _rows("states.tsv", 10)]
    others = [_organisation(cells) for cells in _rows("organisations.tsv", 10)]
    return (*states, *others)


def seed_places() -> tuple[SeedEntity, ...]:
    """Cities that are no capitals, seas and regions; their keys begin with P-."""
    rows = (cells[:4] for cells in _rows("cities.tsv", 4))
    return tuple(
        SeedEntity(f"P-{key}", "PLACE", country, _unique(_both(arabic, english)))
        for key, country, arabic, english in rows
    )
