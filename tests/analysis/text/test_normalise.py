"""Normal forms make spellings equal, and every stretch of them leads back to a stretch of the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.text.normalise import norm_key, normalise

# What breaks offset maps: marks, tatweel, joiners, bidi controls, ligatures and presentation forms, astral characters.
TRICKY = st.text(
    st.sampled_from("ابوفلكسعقأإآٱىيئؤةه ًَُِّْٰـ\u200c\u200d\u200e\u202b\u2067\u2069\ufeffﻻﷲﷺﺴﻼ﷽😀𝒜🏳️‍🌈eéİßﬁ١٢۳4.،\n")
    | st.characters(exclude_categories=["Cs"]),
    max_size=60,
)


@given(TRICKY)
def test_the_map_is_total_and_never_goes_back(text: str):
    normal = normalise(text)
    assert len(normal.starts) == len(normal.text)
    assert list(normal.starts) == sorted(normal.starts)
    assert all(0 <= at < len(text) for at in normal.starts)
    assert normal.source_length == len(text)


@given(TRICKY, st.data())
def test_every_stretch_leads_back_to_one_that_has_the_same_normal_form_in_it(text: str, data: st.DataObject):
    normal = normalise(text)
    if not normal.text:
        return
    start = data.draw(st.integers(0, len(normal.text) - 1))
    end = data.draw(st.integers(start + 1, len(normal.text)))
    from_, to = normal.source_range(start, end)
    assert 0 <= from_ < to <= len(text)
    assert normal.text[start:end] in normalise(text[from_:to]).text


@given(TRICKY)
def test_neighbouring_stretches_do_not_overlap_unless_they_share_a_ligature(text: str):
    normal = normalise(text)
    for i in range(1, len(normal.text)):
        if normal.starts[i - 1] != normal.starts[i]:
            assert normal.source_range(i - 1, i)[1] <= normal.source_range(i, i + 1)[0]


@given(TRICKY)
def test_a_normal_form_is_its_own_normal_form(text: str):
    once = normalise(text).text
    assert normalise(once).text == once


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("القِمَّةُ", "القمه"),
        ("إلـــى", "الي"),
        ("مسؤول شؤون الرئاسة", "مسوول شوون الرياسه"),
        ("ﻻ", "لا"),
        ("کرکوک", "كركوك"),
        ("٢٠٢٣ و۱۹", "2023 و19"),
        ("أ\u200fب", "اب"),
        ("Erdoğan", "erdogan"),
        ("Élysée", "elysee"),
    ],
)
def test_spellings_that_people_mix_up_become_one(written: str, normal: str):
    assert normalise(written).text == normal


def test_marks_on_the_last_letter_belong_to_the_stretch():
    text = "في القمّةِ الأولى"
    normal = normalise(text)
    at = normal.text.index("القمه")
    assert text[slice(*normal.source_range(at, at + 5))] == "القمّةِ"


def test_half_of_a_ligature_is_the_whole_of_it():
    normal = normalise("ﻻجئ")
    assert normal.source_range(0, 1) == (0, 1)
    assert normal.source_range(1, 2) == (0, 1)


@pytest.mark.parametrize(("start", "end"), [(0, 0), (-1, 2), (2, 1), (0, 9)])
def test_a_stretch_outside_is_refused(start: int, end: int):
    with pytest.raises(ValueError, match="not in a text"):
        normalise("قمة").source_range(start, end)


def test_keys_of_names_have_no_article_and_no_case():
    assert norm_key("الأُمَم  المتّحدة", "ar") == norm_key("أمم متحدة", "ar") == "امم متحده"
    assert norm_key("United-Nations", "en") == norm_key("UNITED nations", "en")
    assert norm_key("  ", "ar") == ""
    assert norm_key("آل", "ar") == "ال", "two letters are no article before nothing"
