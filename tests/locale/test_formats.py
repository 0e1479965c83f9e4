"""Dates and figures as readers of each language write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils import formats
from django.utils.translation import override

DAY = date(2026, 11, 3)
MOMENT = datetime(2026, 11, 3, 9, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "day", "short_moment"),
    [("ar", "3 نوفمبر 2026", "3 نوفمبر 2026، 09:05"), ("en", "3 November 2026", "3 Nov 2026, 09:05")],
)
def test_the_month_has_its_name_and_the_day_comes_first(language: str, day: str, short_moment: str) -> None:
    with override(language):
        assert formats.date_format(DAY) == day
        assert formats.date_format(MOMENT, "SHORT_DATETIME_FORMAT") == short_moment
        assert Template("{{ day }}").render(Context({"day": DAY})) == day


@pytest.mark.parametrize("language", ["ar", "en"])
def test_figures_read_the_same_in_both_languages(language: str) -> None:
    with override(language):
        assert formats.number_format(0.85, decimal_pos=2) == "0.85"
        assert formats.number_format(12345, force_grouping=True) == "12,345"
        assert Template("{{ n }} {{ share|floatformat:2 }}").render(Context({"n": 12345, "share": 0.5})) == "12345 0.50"
