"""Title, date line and byline of an article as people paste it. When in doubt it sees nothing: people correct less than they type."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analysis.text.dates import find_dates


@dataclass(frozen=True, slots=True)
class Header:
    """What was recognised; empty strings and None where nothing was. `body_start` is a code point."""

    title: str = ""
    published_on: str | None = None
    author: str = ""
    body_start: int = 0


_BY = re.compile(
    r"^(?:by|written by|كتب|كتبت|كتبه|بقلم|إعداد|تقرير|تحرير)\s*[:/\-–]?\s+(?P<name>[^\d.!?؟:]{3,60})$", re.IGNORECASE
)
_NAME = re.compile(r"^[^\W\d_]+(?:[\s\-'.][^\W\d_]+){1,4}$")
_DATE_LINE_REST = re.compile(
    r"(?:الإثنين|الاثنين|الثلاثاء|الأربعاء|الاربعاء|الخميس|الجمعة|السبت|الأحد|الاحد|monday|tuesday|wednesday|thursday|friday"
    r"|saturday|sunday|am|pm|gmt|utc|updated|published|posted|نشر|تاريخ|النشر|آخر|تحديث|في|صباحا|صباحًا|مساء|مساءً|بتوقيت|ص|م"
    r"|[\d٠-٩:،,./|\-–\s])*",
    re.IGNORECASE,
)
# «الرياض، 5 يناير 2021», "LONDON, 5 May 2021 –": a place of up to four words before the date.
_PLACE = re.compile(r"^[^\W\d_]+(?:[ \-'][^\W\d_]+){0,3}\s*[،,:\-–—]\s*")
# What stands between the date and the first sentence: «رويترز -», "(Reuters) –".
_OPENING_END = re.compile(r"^\s*(?:[(/][^()/]{2,30}[)/])?\s*[:\-–—]")
_MAX_OPENING = 80
_MAX_TITLE = 250


def read_header(text: str) -> Header:
    """Read the lines before the first paragraph: a short first line is the title, then date line and byline in any order.

    A title alone is believed only when a blank line or a much longer paragraph follows. Where no line is a date, the one
    that the first paragraph opens with counts: "LIMA, 9 May 2023 - …".
    """
    lines = _lines(text, most=8)
    if not lines:
        return Header()
    return _titled(text, lines) or Header(published_on=_opening_date(lines[0][1]))


def _titled(text: str, lines: list[tuple[int, str]]) -> Header | None:
    """The header whose title is the first line; None where that is no title."""
    start, first = lines[0]
    if len(lines) < 2 or len(first) > _MAX_TITLE or first.endswith((".", "،", ",", "؛", ";")):
        return None
    published_on: str | None = None
    author = ""
    used = 1
    for _at, line in lines[1:4]:
        day = _date_line(line) if published_on is None else None
        if day:
            published_on = day
        elif not author and (name := _byline(line, after_date=published_on is not None)):
            author = name
        else:
            break
        used += 1
    if used >= len(lines):
        return None
    body_start, body = lines[used]
    blank_between = "\n\n" in text[start + len(first) : body_start].replace("\r", "")
    if used == 1 and not blank_between and len(body) < 2 * len(first):
        return None
    return Header(first, published_on or _opening_date(body), author, body_start)


def _lines(text: str, most: int) -> list[tuple[int, str]]:
    out: list[tuple[int, str]] = []
    at = 0
    for line in text.split("\n"):
        if line.strip():
            out.append((at + len(line) - len(line.lstrip()), line.strip()))
            if len(out) == most:
                break
        at += len(line) + 1
    return out


def _date_line(line: str) -> str | None:
    """The date when the line holds one and next to nothing else."""
    if len(line) > 80:
        return None
    dates = [d for d in find_dates(line) if d.precision == "DAY"]
    if len(dates) != 1:
        return None
    rest = _PLACE.sub("", line[: dates[0].start]) + " " + line[dates[0].end :]
    return dates[0].value if _DATE_LINE_REST.fullmatch(rest.strip()) else None


def _opening_date(paragraph: str) -> str | None:
    """The date that a paragraph opens with, behind a place or by itself, when a dash or a colon follows."""
    opening = paragraph[:_MAX_OPENING]
    found = next(iter(find_dates(opening)), None)
    if found is None or found.precision != "DAY" or not _OPENING_END.match(opening[found.end :]):
        return None
    return found.value if not _PLACE.sub("", opening[: found.start], count=1).strip() else None


def _byline(line: str, *, after_date: bool) -> str:
    """The name in "By …", "بقلم …", or, right after a date line, a line that is nothing but two to five words."""
    if m := _BY.match(line):
        return m.group("name").strip()
    return line if after_date and len(line) <= 50 and _NAME.match(line) else ""
