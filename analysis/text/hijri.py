"""Hijri dates by the tabular calendar: at most a day or two from what a country announces."""

from __future__ import annotations

from datetime import date, timedelta

_EPOCH = date(622, 7, 19)  # 1 Muharram of year 1, civil reckoning, in the Gregorian calendar
MONTHS = {
    "محرم": 1, "المحرم": 1, "محرم الحرام": 1, "صفر": 2, "ربيع الأول": 3, "ربيع الاول": 3, "ربيع الثاني": 4, "ربيع الآخر": 4,
    "جمادى الأولى": 5, "جمادى الاولى": 5, "جمادى الأول": 5, "جمادى الآخرة": 6, "جمادى الثانية": 6, "رجب": 7, "شعبان": 8,
    "رمضان": 9, "شوال": 10, "ذي القعدة": 11, "ذو القعدة": 11, "ذي الحجة": 12, "ذو الحجة": 12,
}  # fmt: skip


def to_gregorian(year: int, month: int, day: int) -> date:
    """The Gregorian day. Raises ValueError for what is no Hijri date."""
    if not (1 <= month <= 12 and 1 <= day <= 30 and 1 <= year <= 1700):
        raise ValueError(f"{year}-{month}-{day} is no Hijri date")
    days = (year - 1) * 354 + (3 + 11 * year) // 30 + (59 * (month - 1) + 1) // 2 + day - 1
    return _EPOCH + timedelta(days=days)
