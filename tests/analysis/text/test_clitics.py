"""Candidates for what is written together, and the places where a cursor may stop inside a word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.text.clitics import readings, stops

WORDS = st.text(st.sampled_from("وفبكلسالقمةدرنهيًَُّْـ😀x"), max_size=14)


@given(WORDS)
def test_stops_lie_inside_the_word_in_rising_order(word: str):
    found = stops(word)
    assert found == sorted(set(found))
    assert all(0 < at < len(word) for at in found)


@given(WORDS)
def test_readings_put_together_give_the_word_again(word: str):
    for proclitic, rest in readings(word):
        fused = proclitic + rest if proclitic + rest == word else proclitic + rest[1:]
        assert fused == word or (rest.startswith("ال") and proclitic + "ل" + rest[2:] == word)
    assert readings(word)[0] == ("", word)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("وبالقمة", [("", "وبالقمة"), ("و", "بالقمة"), ("وب", "القمة")]),
        ("للغرب", [("", "للغرب"), ("ل", "الغرب"), ("ل", "لغرب")]),
        ("روسيا", [("", "روسيا")]),
        ("وتم", [("", "وتم"), ("و", "تم")]),
        ("", [("", "")]),
    ],
)
def test_readings_of_well_known_words(word: str, expected: list[tuple[str, str]]):
    assert readings(word) == expected


@pytest.mark.parametrize(
    ("word", "places"),
    [("وبالقمة", [1, 2, 4]), ("حربها", [3]), ("وَبِالقمة", [2, 4, 6]), ("من", []), ("Russia", []), ("123", [])],
)
def test_stops_of_well_known_words(word: str, places: list[int]):
    assert stops(word) == places
