"""The palette in both themes, by the contrast formula of WCAG 2.2; axe does not look at Arabic letters."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from analysis.events.codebook import political_codebook

THEMES = ("light", "dark")
CSS = Path(settings.BASE_DIR) / "static" / "css"
PAIR = re.compile(r"light-dark\(\s*(#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\s*\)")


def tokens() -> dict[str, tuple[str, str]]:
    """Each colour token with its two values."""
    found = re.findall(r"--([\w-]+):\s*light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)", (CSS / "base.css").read_text())
    return {name: (light, dark) for name, light, dark in found}


def channels(color: str) -> list[float]:
    return [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]


def luminance(rgb: list[float]) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: list[float], b: list[float]) -> float:
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mixed(color: str, ground: str, share: float) -> list[float]:
    """`color-mix(in srgb, color share, transparent)` lying on the ground."""
    return [share * c + (1 - share) * g for c, g in zip(channels(color), channels(ground), strict=True)]


def test_the_formula_is_right() -> None:
    assert contrast(channels("#000000"), channels("#ffffff")) == pytest.approx(21)
    assert contrast(channels("#777777"), channels("#ffffff")) == pytest.approx(4.48, abs=0.01)


GROUNDS = ("paper", "surface", "raised", "sunken")
TEXT_ON = [
    *[(ink, ground) for ink in ("ink", "muted", "accent") for ground in GROUNDS],
    *[(state, ground) for state in ("ok", "warn", "bad") for ground in ("paper", "surface")],
    ("on-accent", "accent"), ("on-accent", "accent-strong"),
    ("accent", "accent-soft"), ("ink", "accent-soft"), ("muted", "accent-soft"),
    ("ok", "ok-soft"), ("warn", "warn-soft"), ("bad", "bad-soft"),
    ("ink", "ok-soft"), ("ink", "warn-soft"), ("ink", "bad-soft"), ("paper", "ink"),
    ("ink", "find"), ("ink", "found"),
]  # fmt: skip


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT_ON)
def test_words_can_be_read(theme: str, ink: str, ground: str) -> None:
    at = THEMES.index(theme)
    found = tokens()
    assert contrast(channels(found[ink][at]), channels(found[ground][at])) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_edges_of_fields_and_the_focus_can_be_seen(theme: str) -> None:
    at = THEMES.index(theme)
    found = tokens()
    for edge in ("line-strong", "accent"):
        for ground in ("paper", "surface"):
            assert contrast(channels(found[edge][at]), channels(found[ground][at])) >= 3


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("label", political_codebook()["labels"], ids=lambda label: str(label["code"]))
def test_labels_can_be_read_on_their_own_tint_and_words_on_marks(theme: str, label: dict[str, dict[str, str]]) -> None:
    found = {name: values[THEMES.index(theme)] for name, values in tokens().items()}
    color = label["color"][theme]
    assert contrast(channels(color), mixed(color, found["surface"], 0.13)) >= 4.5
    for ground in ("paper", "surface"):
        assert contrast(channels(color), channels(found[ground])) >= 3
        assert contrast(channels(found["ink"]), mixed(color, found[ground], 0.15)) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_classes_of_differences_can_be_read(theme: str) -> None:
    found = {name: values[THEMES.index(theme)] for name, values in tokens().items()}
    rules = re.findall(r"\.differs-(\w+) \{ --c: ([^;]+);", (CSS / "pages.css").read_text())
    assert [kind for kind, _value in rules] == ["agree", "trivial", "boundary", "label", "attribute", "missing"]
    for _kind, value in rules:
        pair = PAIR.fullmatch(value)
        color = pair[1 + THEMES.index(theme)] if pair else found[value.removeprefix("var(--").removesuffix(")")]
        assert contrast(channels(color), mixed(color, found["surface"], 0.15)) >= 4.5
        assert contrast(channels(found["ink"]), mixed(color, found["paper"], 0.16)) >= 4.5


def test_every_class_of_differences_has_a_sign_of_its_own() -> None:
    signs = re.findall(r"\.differs-\w+ \{[^}]*--sign: \"([^\"]+)\"", (CSS / "pages.css").read_text())
    assert len(signs) == len(set(signs)) == 6


@pytest.mark.parametrize("sheet", sorted(path.name for path in CSS.glob("*.css")))
def test_pages_are_right_in_both_directions(sheet: str) -> None:
    """No property speaks of left and right; what turns with the page needs no second rule."""
    css = re.sub(r"/\*.*?\*/", "", (CSS / sheet).read_text(), flags=re.DOTALL)
    physical = (
        r"(?:margin|padding|border)-(?:left|right)\b|(?:^|[;{\s])(?:left|right)\s*:|text-align:\s*(?:left|right)|float:"
    )
    assert re.findall(physical, css) == []
