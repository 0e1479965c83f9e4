"""Bytes become the text their writer saw, or are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.text.decode import TextError, canonical, decode
from analysis.text.direction import direction_of, language_of

ARABIC = "قال الوزير في مؤتمر صحفي إن القمة انتهت، وإن الوفود غادرت المدينة من دون بيان ختامي."


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16-le"), ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"), ("cp1256", "windows-1256"), ("iso8859_6", "iso-8859-6"),
    ],
)  # fmt: skip
def test_arabic_is_read_in_any_of_its_encodings(codec: str, name: str):
    found = decode(ARABIC.encode(codec))
    assert (found.text, found.encoding) == (ARABIC, name)


def test_a_big_endian_mark_is_seen():
    assert decode(b"\xfe\xff" + ARABIC.encode("utf-16-be")).text == ARABIC


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "empty"), (b" \r\n\t ", "empty"), (b"\xef\xbb\xbf", "empty"), (b"a\x00b", "nul"), (b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe\x81", "binary"),
        (b"\xff\xfe\x00", "undecodable"), (b"caf\xe9 d\xe9j\xe0 vu au caf\xe9", "undecodable"),
    ],
)  # fmt: skip
def test_what_is_no_text_is_refused_with_a_code(raw: bytes, code: str):
    with pytest.raises(TextError) as refused:
        decode(raw)
    assert refused.value.code == code


@pytest.mark.parametrize("text", ["", " \n\u00a0", "\u202e \u202c", "\u200f", "\u200b\u200d\ufeff", "\u2067\u2069"])
def test_a_text_without_anything_to_see_is_empty(text: str):
    with pytest.raises(TextError) as refused:
        canonical(text)
    assert refused.value.code == "empty"
    assert canonical(f"{text}أ").endswith("أ")


def test_line_ends_become_one_and_nothing_else_changes():
    assert canonical("\ufeffأ\r\nب\rج\u200f\tد ") == "أ\nب\nج\u200f\tد "


def test_a_lone_surrogate_is_refused_with_its_place():
    with pytest.raises(TextError) as refused:
        canonical("ab\ud800c")
    assert (refused.value.code, refused.value.position) == ("lone_surrogate", 2)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1).filter(str.strip))
def test_utf8_comes_back_as_it_was_but_for_line_ends(text: str):
    try:
        expected = canonical(text)
    except TextError:
        return
    assert decode(text.encode()).text == expected


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes):
    try:
        found = decode(raw)
    except TextError:
        return
    assert found.text.strip()
    assert canonical(found.text) == found.text


@pytest.mark.parametrize(
    ("text", "language", "direction"),
    [
        (ARABIC, "ar", "rtl"), ("The ministers met in the capital and talked.", "en", "ltr"),
        ("Les ministres se sont réunis hier soir", "und", "ltr"), ("123 456", "und", "ltr"),
        ("قمة NATO في فيلنيوس", "ar", "rtl"), ("السلام", "ar", "rtl"), ("שלום לכולם", "und", "rtl"),
    ],
)  # fmt: skip
def test_language_and_direction_follow_the_letters(text: str, language: str, direction: str):
    assert (language_of(text), direction_of(text)) == (language, direction)
