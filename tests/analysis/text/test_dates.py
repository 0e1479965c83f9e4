"""Dates of both languages in the ways newspapers write them."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.text.dates import find_dates
from analysis.text.hijri import to_gregorian

PUBLISHED = "2023-04-10"  # a Monday


def read(text: str, published_on: str | None = PUBLISHED) -> list[tuple[str, str, str]]:
    return [(text[f.start : f.end], f.value, f.precision) for f in find_dates(text, published_on)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("في 10 مارس 2023 وقّعا", ("10 مارس 2023", "2023-03-10", "DAY")),
        ("في العاشر من مارس 2023", ("العاشر من مارس 2023", "2023-03-10", "DAY")),
        ("في الثاني والعشرين من تموز 2022", ("الثاني والعشرين من تموز 2022", "2022-07-22", "DAY")),
        ("يوم ٥ تشرين الأول/أكتوبر ٢٠٢١", ("٥ تشرين الأول/أكتوبر ٢٠٢١", "2021-10-05", "DAY")),
        ("فجر 17 كانون الثاني 1991", ("17 كانون الثاني 1991", "1991-01-17", "DAY")),
        ("يوم 3 جويلية 2020", ("3 جويلية 2020", "2020-07-03", "DAY")),
        ("يوم 20 غشت 1953", ("20 غشت 1953", "1953-08-20", "DAY")),
        ("بتاريخ 30/5/2022", ("30/5/2022", "2022-05-30", "DAY")),
        ("بتاريخ 2022/05/30", ("2022/05/30", "2022-05-30", "DAY")),
        ("صدر 2022-05-30 البيان", ("2022-05-30", "2022-05-30", "DAY")),
        ("في 30/مايو/2022", ("30/مايو/2022", "2022-05-30", "DAY")),
        ("منذ أواخر فبراير", ("أواخر فبراير", "2023-02", "MONTH")),
        ("في يناير 2016", ("يناير 2016", "2016-01", "MONTH")),
        ("في ديسمبر الماضي", ("ديسمبر الماضي", "2022-12", "MONTH")),
        ("في ديسمبر", ("ديسمبر", "2022-12", "MONTH")),
        ("في يوليو المقبل", ("يوليو المقبل", "2023-07", "MONTH")),
        ("تأسس عام 1981", ("عام 1981", "1981", "YEAR")),
        ("منذ 2011", ("2011", "2011", "YEAR")),
        ("العام الماضي", ("العام الماضي", "2022", "YEAR")),
        ("الشهر المقبل", ("الشهر المقبل", "2023-05", "MONTH")),
        ("قال أمس إن", ("أمس", "2023-04-09", "DAY")),
        ("زارها الخميس", ("الخميس", "2023-04-06", "DAY")),
        ("يوم الجمعة المقبل", ("يوم الجمعة المقبل", "2023-04-14", "DAY")),
        ("وبعد أكثر من ثلاث سنوات", ("أكثر من ثلاث سنوات", "", "APPROX")),
        ("في غضون شهرين على الأكثر", ("شهرين على الأكثر", "", "APPROX")),
        ("في 1 رمضان 1444 هـ", ("1 رمضان 1444 هـ", "2023-03-23", "DAY")),
        ("يوم 9 ذي الحجة 1443", ("9 ذي الحجة 1443", "2022-07-09", "DAY")),  # proclaimed a day earlier
        ("on 4 April 2023", ("4 April 2023", "2023-04-04", "DAY")),
        ("on May 3rd, 2021,", ("May 3rd, 2021", "2021-05-03", "DAY")),
        ("on 27 March", ("27 March", "2023-03-27", "DAY")),
        ("in early March 2020", ("early March 2020", "2020-03", "MONTH")),
        ("last June", ("last June", "2022-06", "MONTH")),
        ("in July", ("July", "2023-07", "MONTH")),
        ("founded in 1949", ("1949", "1949", "YEAR")),
        ("said yesterday", ("yesterday", "2023-04-09", "DAY")),
        ("on Thursday", ("Thursday", "2023-04-06", "DAY")),
        ("two years ago", ("two years ago", "", "APPROX")),
    ],
)
def test_a_date_is_read_with_its_precision(text: str, expected: tuple[str, str, str]):
    assert read(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "مارس ضغوطًا على الحكومة",
        "he may go",
        "march on",
        "رؤية 2030",
        "31 أبريل 2023",
        "12345/12/2000",
        "في 2022/99/99",
        "من 5 إلى 7",
    ],
)
def test_what_only_looks_like_a_date_is_left_alone(text: str):
    assert read(text) == []


def test_without_a_day_of_publication_only_full_dates_are_read():
    assert read("أمس، وفي مارس، وفي 5 مايو 2020", None) == [("5 مايو 2020", "2020-05-05", "DAY")]


def test_a_proclitic_stays_outside():
    assert read("وأبريل 2022") == [("أبريل 2022", "2022-04", "MONTH")]


def test_one_language_can_be_asked_for():
    assert [f.value for f in find_dates("5 May 2020 ثم 6 مايو 2020", language="ar")] == ["2020-05-06"]


@given(st.text(st.sampled_from("0123456789٠٥/-. ماريوينعمفالسبتMayJunelast\n\t"), max_size=60))
def test_dates_lie_in_the_text_apart_and_in_order(text: str):
    found = find_dates(text, PUBLISHED)
    assert all(0 <= f.start < f.end <= len(text) for f in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    for f in found:
        assert bool(f.value) == (f.precision != "APPROX")
        if f.precision == "DAY":
            date.fromisoformat(f.value)


@pytest.mark.parametrize(
    ("year", "month", "day", "expected"),
    [
        (1, 1, 1, date(622, 7, 19)),
        (1400, 1, 1, date(1979, 11, 21)),
        (1445, 1, 1, date(2023, 7, 19)),
        (1444, 9, 1, date(2023, 3, 23)),
    ],
)
def test_hijri_days_are_converted_by_the_tabular_calendar(year: int, month: int, day: int, expected: date):
    assert to_gregorian(year, month, day) == expected


@pytest.mark.parametrize(("year", "month", "day"), [(0, 1, 1), (1444, 13, 1), (1444, 1, 31)])
def test_what_is_no_hijri_date_is_refused(year: int, month: int, day: int):
    with pytest.raises(ValueError, match="no Hijri date"):
        to_gregorian(year, month, day)
