"""Dates as Arabic and English articles write them, as ISO values with their precision.

Gregorian months in every Arabic naming tradition, Hijri months, written ordinals, and what is said relative to the day of
publication (أمس, الشهر الماضي, last June). A vague stretch (أكثر من ثلاث سنوات) has precision APPROX and no value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from analysis.text import hijri

_MONTHS_AR = {
    "يناير": 1, "كانون الثاني": 1, "جانفي": 1, "فبراير": 2, "شباط": 2, "فيفري": 2, "مارس": 3, "آذار": 3, "اذار": 3,
    "أبريل": 4, "إبريل": 4, "ابريل": 4, "نيسان": 4, "أفريل": 4, "مايو": 5, "أيار": 5, "ايار": 5, "ماي": 5, "يونيو": 6,
    "يونيه": 6, "حزيران": 6, "جوان": 6, "يوليو": 7, "يوليه": 7, "يوليوز": 7, "تموز": 7, "جويلية": 7, "أغسطس": 8, "اغسطس": 8,
    "آب": 8, "أوت": 8, "غشت": 8, "سبتمبر": 9, "شتنبر": 9, "أيلول": 9, "ايلول": 9, "أكتوبر": 10, "اكتوبر": 10,
    "تشرين الأول": 10, "تشرين الاول": 10, "نوفمبر": 11, "نونبر": 11, "تشرين الثاني": 11, "ديسمبر": 12, "دجنبر": 12,
    "كانون الأول": 12, "كانون الاول": 12,
}  # fmt: skip
_MONTHS_EN = {
    "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8,
    "september": 9, "october": 10, "november": 11, "december": 12, "jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_UNITS_AR = ("أول", "ثاني", "ثالث", "رابع", "خامس", "سادس", "سابع", "ثامن", "تاسع")
_ORDINALS_AR = {
    **{f"ال{unit}": n for n, unit in enumerate(_UNITS_AR, start=1)}, "العاشر": 10, "الحادي عشر": 11,
    **{f"ال{unit} عشر": n for n, unit in enumerate(_UNITS_AR[1:], start=12)}, "العشرين": 20, "العشرون": 20,
    "الحادي والعشرين": 21, **{f"ال{unit} والعشرين": n for n, unit in enumerate(_UNITS_AR[1:], start=22)},
    "الثلاثين": 30, "الحادي والثلاثين": 31,
}  # fmt: skip
_WEEKDAYS = {
    "الإثنين": 0, "الاثنين": 0, "الثلاثاء": 1, "الأربعاء": 2, "الاربعاء": 2, "الخميس": 3, "الجمعة": 4, "السبت": 5, "الأحد": 6,
    "الاحد": 6, "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6,
}  # fmt: skip
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_D = r"[0-9٠-٩۰-۹]"
_YEAR = rf"(?:(?:1[6-9]|20|١[٦-٩]|٢٠){_D}{{2}})"


def _any(words: dict[str, int]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_AR, _EN, _HIJRI, _ORD = _any(_MONTHS_AR), _any(_MONTHS_EN), _any(hijri.MONTHS), _any(_ORDINALS_AR)
_PART_AR = r"(?:أوائل|اوائل|بداية|مطلع|منتصف|أواسط|أواخر|اواخر|نهاية|شهر)\s{1,3}"
_PART_EN = r"(?:early|mid|late|the\s{1,3}end\s{1,3}of|the\s{1,3}beginning\s{1,3}of|the\s{1,3}start\s{1,3}of)[\s-]{1,3}"
_ABSOLUTE_AR = rf"""
      (?P<iy>{_D}{{4}})[-/](?P<im>{_D}{{1,2}})[-/](?P<id>{_D}{{1,2}})(?!{_D})
    | (?P<hday>{_D}{{1,2}}|{_ORD})\s{{0,3}}[/\s]\s{{0,3}}(?:من\s{{1,3}})?(?:شهر\s{{1,3}})?(?P<hmon>{_HIJRI})\s{{0,3}}[/،,\s]\s{{0,3}}(?:من\s{{1,3}})?(?:عام\s{{1,3}}|سنة\s{{1,3}})?
      (?P<hyear>(?:1[0-4]|١[٠-٤]){_D}{{2}})(?:\s{{0,3}}(?:هجري[اًة]*|هـ|ه))?
    | (?P<day>{_D}{{1,2}}|{_ORD})\s{{0,3}}[/\-\s]\s{{0,3}}(?:من\s{{1,3}})?(?:شهر\s{{1,3}})?(?P<mon>{_AR})(?:\s{{0,3}}[/،,(]\s{{0,3}}(?:{_AR})\)?)?
      (?:\s{{0,3}}[/\-،,\s]\s{{0,3}}(?:من\s{{1,3}})?(?:عام\s{{1,3}}|سنة\s{{1,3}})?(?P<year>{_YEAR}))?(?:\s{{1,3}}(?P<dside>الماضي|المقبل|القادم|الجاري))?
    | (?:{_PART_AR})?(?P<mmon>{_AR})(?:\s{{0,3}}/\s{{0,3}}(?:{_AR}))?,?\s{{1,3}}(?:من\s{{1,3}})?(?:عام\s{{1,3}}|سنة\s{{1,3}})?(?P<myear>{_YEAR})
    | (?P<nd>{_D}{{1,2}})/(?P<nm>{_D}{{1,2}})/(?P<ny>{_YEAR})
    | (?:{_PART_AR})?(?P<smon>{_AR})(?:\s{{0,3}}/\s{{0,3}}(?:{_AR}))?\s{{1,3}}(?P<side>الماضي|المقبل|القادم|الجاري)
    | (?:(?P<part>{_PART_AR})|(?P<prep>(?:في|منذ|خلال|حتى|وحتى|بحلول)\s{{1,3}}))(?P<lone>{_AR})(?:\s{{0,3}}/\s{{0,3}}(?:{_AR}))?
      (?!,?\s{{1,3}}(?:من\s{{1,3}}|عام\s{{1,3}}|سنة\s{{1,3}})*{_YEAR}|\s{{1,3}}(?:الماضي|المقبل|القادم|الجاري))
    | (?:{_PART_AR})?(?:عام|سنة|العام|عامي)\s{{1,3}}(?P<only>{_YEAR})
    | (?P<yprep>(?:منذ|حتى|بحلول|مطلع|نهاية|في|بين)\s{{1,3}})(?P<bare>{_YEAR})(?![/-])"""
_ABSOLUTE_EN = rf"""
      (?P<iy>\d{{4}})[-/](?P<im>\d{{1,2}})[-/](?P<id>\d{{1,2}})(?!\d)
    | (?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s-]{{1,3}}(?:of\s{{1,3}})?(?P<mon>{_EN})(?:\.?,?\s{{1,3}}(?P<year>{_YEAR}))?
    | (?P<emon>{_EN})\.?\s{{1,3}}(?P<eday>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,?\s{{1,3}}(?P<eyear>{_YEAR}))?
    | (?:{_PART_EN})?(?P<mmon>{_EN})\.?,?\s{{1,3}}(?:of\s{{1,3}})?(?P<myear>{_YEAR})
    | (?P<nd>\d{{1,2}})/(?P<nm>\d{{1,2}})/(?P<ny>{_YEAR})
    | (?P<side>last|next|this)\s{{1,3}}(?P<smon>{_EN})
    | (?:(?P<part>{_PART_EN})|(?P<prep>(?:in|since|until|by|during|of)\s{{1,3}}))(?P<lone>{_EN})(?!\.?,?\s{{1,3}}(?:of\s{{1,3}})?\d)
    | (?P<yprep>(?:in|since|by|until|of|from|before|after|between|and|early|late|mid)[\s-]{{1,3}})(?P<bare>{_YEAR})(?![/-])"""
_RELATIVE_AR = r"""
      (?P<days>أول\s{1,3}أمس|أول\s{1,3}من\s{1,3}أمس|أمس|غدًا|غدا)
    | (?P<unit>الأسبوع|الاسبوع|الشهر|العام|السنة)\s{1,3}(?P<rside>الماضي|الماضية|المنصرم|المقبل|المقبلة|القادم|القادمة|الجاري|الحالي)
    | (?:يوم\s{1,3})?(?P<weekday>الإثنين|الاثنين|الثلاثاء|الأربعاء|الاربعاء|الخميس|الجمعة|السبت|الأحد|الاحد)(?:\s{1,3}(?P<wside>الماضي|المقبل))?
    | (?P<vague>مؤخرًا|مؤخرا|الآونة\s{1,3}الأخيرة|السنوات\s{1,3}الأخيرة|الأيام\s{1,3}الأخيرة|الأسابيع\s{1,3}الأخيرة|الأشهر\s{1,3}الأخيرة|الأيام\s{1,3}المقبلة|الأشهر\s{1,3}المقبلة|السنوات\s{1,3}المقبلة)
    | (?:أكثر\s{1,3}من\s{1,3}|نحو\s{1,3}|قرابة\s{1,3}|حوالي\s{1,3}|مرور\s{1,3})?(?P<number>[0-9٠-٩]+|ثلاثة?|أربعة?|خمسة?|ستة?|سبعة?|ثماني(?:ة)?|تسعة?|عشرة?|عشر|بضعة?|عدة|عشرين|ثلاثين)\s{1,3}
      (?:سنوات|سنة|عامًا|عاما|أعوام|أشهر|شهرًا|شهرا|شهور|أسابيع|أسبوعًا|أسبوعا|أيام|يومًا|يوما|عقود|عقدًا|ساعة)
    | (?P<pair>يومين|أسبوعين|شهرين|عامين|سنتين|عقدين)(?:\s{1,3}على\s{1,3}(?:الأكثر|الأقل))?"""
_RELATIVE_EN = r"""
      (?P<days>the\s{1,3}day\s{1,3}before\s{1,3}yesterday|yesterday|tomorrow)
    | (?P<rside>last|next|this)\s{1,3}(?P<unit>week|month|year)
    | (?:(?P<wside>last|next)\s{1,3})?(?P<weekday>monday|tuesday|wednesday|thursday|friday|saturday|sunday)
    | (?P<vague>recently|in\s{1,3}recent\s{1,3}(?:days|weeks|months|years))
    | (?:more\s{1,3}than\s{1,3}|about\s{1,3}|nearly\s{1,3}|almost\s{1,3}|some\s{1,3})?(?P<number>\d+|two|three|four|five|six|seven|eight|nine|ten|several|a\s{1,3}few|a\s{1,3}dozen)\s{1,3}
      (?:years|months|weeks|days|decades|hours)(?:\s{1,3}ago)?
    | (?P<pair>decades\s{1,3}ago|years\s{1,3}ago|a\s{1,3}year\s{1,3}ago|a\s{1,3}month\s{1,3}ago|a\s{1,3}week\s{1,3}ago)"""


def _compiled(pattern: str) -> re.Pattern[str]:
    # و, ف, ب, ل and ك may be written together with what follows.
    return re.compile(rf"(?:(?<![\w/])|(?<=\b[وفبلك]))(?:{pattern})(?!{_D}|\w)", re.IGNORECASE | re.VERBOSE)


_PATTERNS = {
    "ar": (_compiled(_ABSOLUTE_AR), _compiled(_RELATIVE_AR)),
    "en": (_compiled(_ABSOLUTE_EN), _compiled(_RELATIVE_EN)),
}
_PAST = {"الماضي", "الماضية", "المنصرم", "last"}
_AHEAD = {"المقبل", "المقبلة", "القادم", "القادمة", "next"}
_DAYS = {"yesterday": -1, "tomorrow": 1, "أمس": -1, "غدا": 1, "غدًا": 1}


@dataclass(frozen=True, slots=True)
class Found:
    """A date in the text. `value` is ISO, shortened to its precision DAY, MONTH or YEAR; empty for APPROX."""

    start: int
    end: int
    value: str
    precision: str


def find_dates(text: str, published_on: str | None = None, language: str = "") -> list[Found]:
    """All dates, none inside another. What needs the day of publication is left out when that is not known.

    `language` "ar" or "en" looks for one language only.
    """
    anchor = date.fromisoformat(published_on) if published_on else None
    out: list[Found] = []
    for name, (absolute, relative) in _PATTERNS.items():
        if language in ("", name):
            out += _kept(absolute, text, anchor, out)
            out += _kept(relative, text, anchor, out)
    return sorted(out, key=lambda f: f.start)


def _kept(pattern: re.Pattern[str], text: str, anchor: date | None, before: list[Found]) -> Iterator[Found]:
    taken = [(f.start, f.end) for f in sorted(before, key=lambda f: f.start)]
    at = 0
    for m in pattern.finditer(text):
        while at < len(taken) and taken[at][1] <= m.start():
            at += 1
        if at < len(taken) and taken[at][0] < m.end():
            continue
        found = _absolute(m, anchor) if "iy" in m.re.groupindex else _relative(m, anchor)
        if found is not None:
            yield found


def _number(m: re.Match[str], *names: str) -> int | None:
    for name in names:
        if name in m.re.groupindex and m.group(name):
            given = m.group(name).translate(_DIGITS)
            return int(given) if given.isdigit() else _ORDINALS_AR.get(given)
    return None


def _text(m: re.Match[str], *names: str) -> str:
    return next((m.group(name) for name in names if name in m.re.groupindex and m.group(name)), "")


def _absolute(m: re.Match[str], anchor: date | None) -> Found | None:
    start, end = m.span()
    if only := _text(m, "only", "bare"):
        start = m.start("bare") if _text(m, "bare") else start
        return Found(start, end, only.translate(_DIGITS), "YEAR")
    if _text(m, "hmon"):
        return _hijri(m)
    named = _text(m, "mon", "emon", "mmon", "smon", "lone")
    month = (_MONTHS_AR.get(named) or _MONTHS_EN.get(named.lower())) if named else _number(m, "im", "nm")
    day = _number(m, "id", "day", "eday", "nd")
    year = _number(m, "iy", "year", "eyear", "myear", "ny")
    if month is None or not 1 <= month <= 12:
        return None
    if _text(m, "lone"):
        if m.re is _PATTERNS["en"][0] and not named[:1].isupper():
            return None  # may is a verb
        start = m.start("part") if _text(m, "part") else m.start("lone")
    if year is None:
        if anchor is None:
            return None
        year = _near(month, anchor, _text(m, "side", "dside").lower())
    if day is None:
        return Found(start, end, f"{year:04}-{month:02}", "MONTH")
    try:
        return Found(start, end, date(year, month, day).isoformat(), "DAY")
    except ValueError:
        return None


def _hijri(m: re.Match[str]) -> Found | None:
    year, day = _number(m, "hyear"), _number(m, "hday")
    if year is None or day is None:
        return None
    try:
        return Found(*m.span(), hijri.to_gregorian(year, hijri.MONTHS[_text(m, "hmon")], day).isoformat(), "DAY")
    except ValueError:
        return None


def _near(month: int, anchor: date, side: str) -> int:
    """The year that puts the month nearest to the day of publication, on the side that was said."""
    if side in _PAST:
        return anchor.year if month < anchor.month else anchor.year - 1
    if side in _AHEAD:
        return anchor.year if month > anchor.month else anchor.year + 1
    return min((anchor.year + d for d in (0, -1, 1)), key=lambda y: abs((y - anchor.year) * 12 + month - anchor.month))


def _relative(m: re.Match[str], anchor: date | None) -> Found | None:
    start, end = m.span()
    if _text(m, "vague", "number", "pair"):
        return Found(start, end, "", "APPROX")
    if anchor is None:
        return None
    if days := _text(m, "days"):
        return Found(start, end, (anchor + timedelta(_DAYS.get(days.lower(), -2))).isoformat(), "DAY")
    if weekday := _text(m, "weekday"):
        if m.re is _PATTERNS["en"][1] and not weekday[:1].isupper():
            return None
        return Found(start, end, _on(anchor, _WEEKDAYS[weekday.lower()], _text(m, "wside").lower()), "DAY")
    return _unit(start, end, _text(m, "unit").lower(), _text(m, "rside").lower(), anchor)


def _on(anchor: date, weekday: int, side: str) -> str:
    """The last such day up to publication, or the next one when that is said."""
    back = (anchor.weekday() - weekday) % 7
    if side in _AHEAD:
        return (anchor + timedelta((7 - back) or 7)).isoformat()
    return (anchor - timedelta(back or (7 if side in _PAST else 0))).isoformat()


def _unit(start: int, end: int, unit: str, side: str, anchor: date) -> Found:
    step = -1 if side in _PAST else 1 if side in _AHEAD else 0
    if unit in ("العام", "السنة", "year"):
        return Found(start, end, f"{anchor.year + step:04}", "YEAR")
    if unit in ("الشهر", "month"):
        months = anchor.year * 12 + anchor.month - 1 + step
        return Found(start, end, f"{months // 12:04}-{months % 12 + 1:02}", "MONTH")
    return Found(start, end, "", "APPROX")  # a week has no ISO value of these precisions
