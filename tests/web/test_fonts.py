"""The Arabic face that comes with the pages."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from fontTools.ttLib import TTFont

from tests.browser.ink import own_words

LARGEST = 65_000  # bytes a page loads for one weight


@pytest.mark.parametrize("weight", [400, 700])
def test_a_weight_is_small_and_has_every_letter_of_our_texts(weight: int) -> None:
    path = finders.find(f"fonts/noto-sans-arabic-{weight}.woff2")
    assert path is not None
    assert Path(path).stat().st_size < LARGEST
    font = TTFont(path)
    assert "fvar" not in font, "one weight only"
    assert font["OS/2"].usWeightClass == weight
    missing = {c for word in own_words() for c in word} - {chr(code) for code in font.getBestCmap()}
    assert not missing
    assert "Open Font License" in str(font["name"].getDebugName(13))


def test_it_is_made_once() -> None:
    name = "fonts/noto-sans-arabic-400.woff2"
    path = finders.find(name)
    assert path is not None
    before = Path(path).stat().st_mtime_ns
    assert finders.find(name) == path
    assert Path(path).stat().st_mtime_ns == before
    Path(path).unlink()
    assert Path(finders.find(name) or "").stat().st_size > 0, "made again when it is gone"


def test_other_names_are_not_found() -> None:
    assert finders.find("fonts/noto-sans-arabic-500.woff2") is None
