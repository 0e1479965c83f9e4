"""The built-in codebook is complete, bilingual and readable on paper, light and dark."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from analysis.events.bodies import validate_body
from analysis.events.codebook import Codebook, political_codebook

PAPER = {"light": "#fbfaf7", "dark": "#16181c"}
INK = {"light": "#1f2328", "dark": "#e8e6e1"}
TINT = 0.18
BODY = political_codebook()
LABELS = {label["code"]: label for label in BODY["labels"]}
PLOVER = [
    "AGREE",
    "CONSULT",
    "SUPPORT",
    "CONCEDE",
    "COOPERATE",
    "AID",
    "RETREAT",
    "REQUEST",
    "ACCUSE",
    "REJECT",
    "THREATEN",
    "PROTEST",
    "SANCTION",
    "MOBILIZE",
    "COERCE",
    "ASSAULT",
]


def attribute(label: str, code: str) -> dict[str, Any]:
    return next(a for a in LABELS[label]["attributes"] if a["code"] == code)


def codes(label: str, code: str) -> list[str]:
    return [option["code"] for option in attribute(label, code)["options"]]


def texts(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """All bilingual texts below a node."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("name", "help", "guideline", "message"):
                yield f"{path}.{key}", value
            else:
                yield from texts(value, f"{path}.{key}")
    elif isinstance(node, list):
        for i, item in enumerate(node):
            yield from texts(item, f"{path}.{i}")


def is_arabic(char: str) -> bool:
    return "\u0621" <= char <= "\u064a"


def test_it_is_a_valid_body():
    assert validate_body(BODY) == []


def test_the_caller_of_body_gets_a_copy_of_its_own():
    from analysis.events.political import body

    body()["labels"][0]["name"]["en"] = "changed"
    assert political_codebook()["labels"][0]["name"]["en"] == "Actor"


def test_everything_that_people_read_is_there_in_both_languages():
    found = list(texts(BODY))
    assert len(found) > 200
    for path, names in found:
        assert set(names) == {"ar", "en"}, path
        assert any(c.isascii() and c.isalnum() for c in names["en"]), path
        # The help of likelihood and of dates is in figures.
        assert any(is_arabic(c) or c.isdigit() for c in names["ar"]), path


def test_english_names_hold_no_arabic():
    for path, names in texts(BODY):
        if not path.endswith("guideline"):  # those quote the particles
            assert not any(is_arabic(c) for c in names["en"]), path


def test_every_label_has_a_key_of_its_own_and_a_guideline():
    keys = [label["key"] for label in BODY["labels"]]
    assert keys == ["Digit1", "Digit2", "Digit3", "Digit4", "Digit5"]
    assert list(LABELS) == ["ACTOR", "EVENT", "IMPLICATION", "PLACE", "TIME"]
    for label in LABELS.values():
        for text in label["guideline"].values():
            assert len(text.split("\n")) >= 2


def test_no_two_options_of_a_question_read_alike():
    for label in BODY["labels"]:
        for one in label["attributes"]:
            by_group: dict[str, list[dict[str, str]]] = {}
            for option in one.get("options", []):
                for group in option.get("when", [""]):
                    by_group.setdefault(group, []).append(option["name"])
            for names in by_group.values():
                for lang in ("ar", "en"):
                    shown = [name[lang] for name in names]
                    assert len(shown) == len(set(shown)), (label["code"], one["code"], lang)


def test_events_are_coded_with_the_types_of_plover_and_two_of_ours():
    assert codes("EVENT", "type") == [*PLOVER, "STATEMENT", "OTHER"]
    assert len(codes("EVENT", "contexts")) == 37


def test_modes_belong_to_their_types():
    by_type: dict[str, set[str]] = {}
    for option in attribute("EVENT", "modes")["options"]:
        by_type.setdefault(option["when"][0], set()).add(option["code"])
    assert set(PLOVER) - set(by_type) == {"AGREE", "SUPPORT", "CONCEDE", "COOPERATE", "AID"}
    assert by_type["SANCTION"] == {"convict", "expel", "withdraw", "discontinue"}
    assert by_type["CONSULT"] == {"visit", "third-party", "multilateral", "phone"}
    assert {kind: len(found) for kind, found in by_type.items()} == {
        "CONSULT": 4, "RETREAT": 6, "REQUEST": 4, "REJECT": 4, "ACCUSE": 3, "THREATEN": 6, "PROTEST": 7, "SANCTION": 4,
        "MOBILIZE": 4, "COERCE": 10, "ASSAULT": 16,
    }  # fmt: skip


def test_scores_agree_with_the_quad_class():
    """Cooperation scores above nought, conflict not above it; what has no score has no conflict either."""
    for option in attribute("EVENT", "type")["options"]:
        if option["quad"] in (1, 2):
            assert option["score"] > 0, option
        elif option["quad"] in (3, 4):
            assert option["score"] <= 0, option
        else:
            assert "score" not in option


def test_asking_for_help_or_a_meeting_is_no_conflict():
    quads = {(o["when"][0], o["code"]): o.get("quad") for o in attribute("EVENT", "modes")["options"]}
    assert quads["REQUEST", "assist"] == quads["REQUEST", "meet"] == 1
    assert quads["REQUEST", "yield"] is None
    assert quads["REJECT", "assist"] is None


@pytest.mark.parametrize(
    ("kind", "mode", "score"),
    [
        ("CONSULT", "visit", 4),
        ("RETREAT", "ceasefire", 7.5),
        ("ASSAULT", "unconventional", -10),
        ("REQUEST", "meet", 0),
    ],
)
def test_a_mode_may_have_a_score_of_its_own(kind: str, mode: str, score: float):
    options = attribute("EVENT", "modes")["options"]
    assert [o["score"] for o in options if o["code"] == mode and o["when"] == [kind]] == [score]


def test_implications_have_the_attributes_of_the_scheme():
    assert [a["code"] for a in LABELS["IMPLICATION"]["attributes"]] == [
        "kind", "domains", "direction", "horizon", "explicitness", "holder", "likelihood", "analyst_confidence", "gloss",
        "signal", "umbrella",
    ]  # fmt: skip
    assert len(codes("IMPLICATION", "kind")) == 7
    assert codes("IMPLICATION", "domains") == ["MIL", "POL", "ECO", "SOC", "INF", "LEG"]
    assert codes("IMPLICATION", "likelihood")[2:] == [
        "ALMOST_NO_CHANCE", "VERY_UNLIKELY", "UNLIKELY", "EVEN", "LIKELY", "VERY_LIKELY", "ALMOST_CERTAIN",
    ]  # fmt: skip


def test_relations_join_what_the_scheme_says():
    book = Codebook(BODY)
    expected = {
        "ARG": ("EVENT", "ACTOR PLACE TIME EVENT", False, True),
        "SUBEVENT_OF": ("EVENT", "EVENT", False, False),
        "LEADS_TO": ("EVENT", "EVENT IMPLICATION", False, False),
        "SIGNALS": ("EVENT", "IMPLICATION", False, False),
        "AIMS_AT": ("EVENT", "IMPLICATION", False, False),
        "MOTIVATES": ("EVENT", "IMPLICATION EVENT", False, False),
        "JUSTIFIES": ("EVENT", "EVENT IMPLICATION", False, False),
        "CONTRASTS": ("EVENT IMPLICATION", "IMPLICATION", False, False),
        "ELABORATES": ("IMPLICATION", "IMPLICATION", False, False),
        "HOLDS": ("ACTOR", "IMPLICATION", True, False),
        "INTENDS": ("ACTOR", "IMPLICATION", True, False),
        "AFFECTED": ("ACTOR", "IMPLICATION", True, False),
        "MEMBER_OF": ("ACTOR", "ACTOR", False, False),
    }
    assert {r["code"] for r in BODY["relations"]} == set(expected)
    for code, (source, target, from_entity, to_entity) in expected.items():
        relation = book.relation(code)
        assert relation is not None
        assert (relation["from"], relation["to"]) == (source.split(), target.split()), code
        assert (relation["from_entity"], relation["to_entity"]) == (from_entity, to_entity), code
    assert set(book.relation_attributes_of("ARG")["role"].options) == {
        "ACTOR", "RECIPIENT", "HOST", "PLACE", "TIME", "INSTRUMENT", "TOPIC",
    }  # fmt: skip
    assert set(book.relation_attributes_of("AFFECTED")["valence"].options) == {"BENEFIT", "HARM", "MIXED", "UNCLEAR"}
    assert set(book.relation_attributes_of("JUSTIFIES")) == {"holder"}


def channels(color: str) -> tuple[float, float, float]:
    red, green, blue = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue


def luminance(color: tuple[float, float, float]) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def over(color: tuple[float, float, float], ground: tuple[float, float, float]) -> tuple[float, float, float]:
    red, green, blue = (TINT * c + (1 - TINT) * g for c, g in zip(color, ground, strict=True))
    return red, green, blue


def test_contrast_is_reckoned_as_wcag_does():
    assert contrast(channels("#ffffff"), channels("#000000")) == pytest.approx(21)
    assert contrast(channels("#ffffff"), channels("#767676")) == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("code", LABELS)
def test_label_colours_can_be_read_on_paper(code: str, theme: str):
    assert contrast(channels(LABELS[code]["color"][theme]), channels(PAPER[theme])) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_text_can_be_read_under_three_nested_tints(theme: str):
    for nested in itertools.product(LABELS, repeat=3):
        ground = channels(PAPER[theme])
        for code in nested:
            ground = over(channels(LABELS[code]["color"][theme]), ground)
            assert contrast(channels(INK[theme]), ground) >= 4.5, nested


def test_labels_differ_by_more_than_colour():
    """Two labels may share a line only if one of them is never drawn as one: a place has a tint alone."""
    lines = [label["line"] for code, label in LABELS.items() if code != "PLACE"]
    assert len(lines) == len(set(lines))
    assert "dotted" not in lines
