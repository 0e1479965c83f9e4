"""Words, numbers and sentences of both languages, each with its place in the text."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.text.tokens import sentences, tokens

ANY = st.text(
    st.sampled_from("قمةرvsDr. ؟!.؛،\n\t»«()3٥ٌّـ'’-😀U") | st.characters(exclude_categories=["Cs"]), max_size=80
)


@given(ANY, st.integers(0, 50))
def test_tokens_stand_where_they_say_and_leave_out_only_space(text: str, offset: int):
    found = tokens(text, offset)
    at = 0
    for token in found:
        start, end = token.start - offset, token.end - offset
        assert text[start:end] == token.text
        assert start >= at
        at = end
    covered = {i for t in found for i in range(t.start - offset, t.end - offset)}
    assert all(text[i].isspace() or not text[i].isprintable() or i in covered or text[i].isnumeric() or not text[i].isalpha()
               for i in range(len(text)))  # fmt: skip


@given(ANY)
def test_sentences_are_in_order_and_hold_all_that_is_not_space(text: str):
    found = list(sentences(text))
    covered = {i for start, end in found for i in range(start, end)}
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(found))
    assert all(text[i].isspace() for i in range(len(text)) if i not in covered)
    assert all(not text[start].isspace() and not text[end - 1].isspace() for start, end in found)


def test_marks_stay_in_the_word_and_quotation_marks_outside():
    assert [t.text for t in tokens("«القِمّة» لـ30/مايو")] == ["«", "القِمّة", "»", "لـ", "30", "/", "مايو"]
    assert [t.text for t in tokens("Iran's $5bn")] == ["Iran's", "$", "5", "bn"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("انتهت القمة. وبدأ المؤتمر؟ نعم!", ["انتهت القمة.", "وبدأ المؤتمر؟", "نعم!"]),
        ("بلغت 3.5 مليون. ثم زادت.", ["بلغت 3.5 مليون.", "ثم زادت."]),
        ("Mr. Smith met Gen. Lee. They spoke.", ["Mr. Smith met Gen. Lee.", "They spoke."]),
        ("قال «انتهى.» ثم مضى", ["قال «انتهى.»", "ثم مضى"]),
        ("عنوان\nفقرة أولى؛ ثم أخرى", ["عنوان", "فقرة أولى؛", "ثم أخرى"]),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_says_so(text: str, expected: list[str]):
    assert [text[a:b] for a, b in sentences(text)] == expected


def test_a_million_points_are_no_trouble():
    assert len(list(sentences("." * 1_000_000 + "a"))) == 1
