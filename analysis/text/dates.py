"""Dates as Arabic and English articles write them, as ISO values with their precision."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_MONTHS_AR = {
    "يناير": 1, "كانون الثاني": 1, "جانفي": 1, "فبراير": 2, "شباط": 2, "فيفري": 2, "مارس": 3, "آذار": 3, "اذار": 3,
    "أبريل": 4, "إبريل": 4, "ابريل": 4, "نيسان": 4, "أفريل": 4, "مايو": 5, "أيار": 5, "ايار": 5, "ماي": 5, "يونيو": 6,
    "يونيه": 6, "حزيران": 6, "جوان": 6, "يوليو": 7, "يوليه": 7, "تموز": 7, "جويلية": 7, "أغسطس": 8, "اغسطس": 8, "آب": 8,
    "أوت": 8, "سبتمبر": 9, "أيلول": 9, "ايلول": 9, "أكتوبر": 10, "اكتوبر": 10, "تشرين الأول": 10, "نوفمبر": 11,
    "تشرين الثاني": 11, "ديسمبر": 12, "كانون الأول": 12,
}  # fmt: skip
_MONTHS_EN = {
    "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8,
    "september": 9, "october": 10, "november": 11, "december": 12, "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_D = r"[0-9٠-٩۰-۹]"
_AR = "|".join(sorted(map(re.escape, _MONTHS_AR), key=len, reverse=True))
_EN = "|".join(sorted(_MONTHS_EN, key=len, reverse=True))
_DATE = re.compile(
    rf"""(?<![\w/])(?:
      (?P<iy>{_D}{{4}})-(?P<im>{_D}{{1,2}})-(?P<id>{_D}{{1,2}})(?!{_D})
    | (?P<day>{_D}{{1,2}})(?:st|nd|rd|th)?\s*[/\-\s]\s*(?:من\s+)?(?:شهر\s+)?(?P<mon>{_AR}|{_EN})(?:\s*[/،,]\s*(?:{_AR}))?
      (?:\s*[/\-،,\s]\s*(?:من\s+)?(?:عام\s+|سنة\s+)?(?P<year>(?:1[6-9]|20|١[٦-٩]|٢٠){_D}{{2}}))?
    | (?P<emon>{_EN})\.?\s+(?P<eday>{_D}{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<eyear>(?:1[6-9]|20){_D}{{2}}))?
    | (?P<mmon>{_AR}|{_EN})(?:\s*/\s*(?:{_AR}))?,?\s+(?:من\s+)?(?:عام\s+|سنة\s+|of\s+)?(?P<myear>(?:1[6-9]|20|١[٦-٩]|٢٠){_D}{{2}})
    | (?P<nd>{_D}{{1,2}})/(?P<nm>{_D}{{1,2}})/(?P<ny>(?:1[6-9]|20|١[٦-٩]|٢٠){_D}{{2}})
    | (?:عام|سنة|العام|in|since|by|of)\s+(?P<only>(?:1[6-9]|20|١[٦-٩]|٢٠){_D}{{2}})
    )(?!{_D}|\w)""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Found:
    """A date in the text. `value` is ISO, shortened to its precision: DAY, MONTH or YEAR."""

    start: int
    end: int
    value: str
    precision: str


def _month(name: str) -> int:
    return _MONTHS_AR.get(name) or _MONTHS_EN[name.lower()]


def find_dates(text: str, published_on: str | None = None) -> list[Found]:
    """All dates; one without a year takes the year of publication, and is left out when that is not known."""
    out: list[Found] = []
    for m in _DATE.finditer(text):
        found = _read(m, published_on)
        if found is not None:
            out.append(found)
    return out


def _number(m: re.Match[str], *names: str) -> int | None:
    for name in names:
        if m.group(name):
            return int(m.group(name).translate(_DIGITS))
    return None


def _read(m: re.Match[str], published_on: str | None) -> Found | None:
    start, end = m.span()
    if m.group("only"):
        start = m.start("only") if m.group()[0].isascii() else start
        return Found(start, end, m.group("only").translate(_DIGITS), "YEAR")
    year = _number(m, "iy", "year", "eyear", "myear", "ny")
    named = m.group("mon") or m.group("emon") or m.group("mmon")
    month = _month(named) if named else _number(m, "im", "nm")
    day = _number(m, "id", "day", "eday", "nd")
    if year is None and published_on:
        year = int(published_on[:4])
    if year is None or month is None:
        return None
    if day is None:
        return Found(start, end, f"{year:04}-{month:02}", "MONTH")
    try:
        return Found(start, end, date(year, month, day).isoformat(), "DAY")
    except ValueError:
        return None
