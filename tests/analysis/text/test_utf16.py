"""Code points and UTF-16 units, there and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.text.utf16 import Utf16Map

TEXT = st.text(st.sampled_from("اب😀𝒜a\u064b") | st.characters(exclude_categories=["Cs"]), max_size=60)


@given(TEXT)
def test_every_offset_goes_there_and_back(text: str):
    across = Utf16Map(text)
    for offset in range(len(text) + 1):
        units = across.to_utf16(offset)
        assert units == len(text[:offset].encode("utf-16-le")) // 2
        assert across.to_code_points(units) == offset


@given(TEXT)
def test_an_offset_inside_a_pair_is_refused(text: str):
    across = Utf16Map(text)
    for offset, char in enumerate(text):
        if ord(char) > 0xFFFF:
            with pytest.raises(ValueError, match="splits a character"):
                across.to_code_points(across.to_utf16(offset) + 1)
