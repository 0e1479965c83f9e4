"""The lines under marks: as many as can be told apart without colour, the same in the text and beside a label's name."""

from __future__ import annotations

import re

import pytest

from analysis.events.political import body
from annotator.web.codebook_css import LANES, LINES, codebook_css, strokes


def test_labels_of_the_default_codebook_differ_in_their_lines() -> None:
    css = codebook_css(body())
    drawn = re.findall(r"\.label-\w+\{[^}]*--line-style:(\w+);--line-width:(\d)px;", css)
    assert drawn == [("solid", "2"), ("double", "2"), ("dashed", "2"), ("solid", "4"), ("wavy", "2")]


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (["wavy", "solid"], [("wavy", 2), ("solid", 2)]),
        (["double", "double"], [("double", 2), ("double", 1)]),
        # The third takes no line that a later label has for its own.
        (["solid", "solid", "solid", "double"], [("solid", 2), ("solid", 4), ("dashed", 2), ("double", 2)]),
        (["dotted"], [("solid", 2)]),
    ],
)
def test_a_label_keeps_its_line_as_long_as_it_can(lines: list[str], wanted: list[tuple[str, int]]) -> None:
    assert strokes(lines) == wanted


@pytest.mark.parametrize("line", LINES)
def test_eight_labels_differ_whatever_lines_they_ask_for_and_more_have_one_too(line: str) -> None:
    assert len(set(strokes([line] * 8))) == 8
    assert strokes([line] * 9)[8] == (line, 2)


def test_the_marks_of_a_label_have_the_line_its_swatch_is_told() -> None:
    css = codebook_css(body())
    told = dict(re.findall(r"\.label-(\w+)\{[^}]*(--line-style:\w+;--line-width:\dpx);", css))
    assert len(told) == len(body()["labels"])
    for name, stroke in told.items():
        for lane in range(LANES):
            rule = re.search(rf"::highlight\(ac-{name}-{lane}\)\{{([^}}]+)\}}", css)
            assert rule
            style, width = re.findall(r"text-decoration-(?:style|thickness):(\w+)", rule[1])
            assert stroke == f"--line-style:{style};--line-width:{width}"
