"""The six classes of difference, as reviewers look at them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.agreement.differences import KINDS, differences

TEXT = "زار وفد من القاهرة العاصمة بغداد أمس. وبالقمة انتهى اليوم، وللغرب رأي."


def span(quote: str, label: str = "ACTOR", **more: Any) -> dict[str, Any]:
    start = TEXT.index(quote)
    made = {"label": label, "start": start, "end": start + len(quote), "quote": quote, "attributes": {}, "entity": None}
    return made | more


def classes(a: list[dict[str, Any]], b: list[dict[str, Any]]) -> list[str]:
    return [d.kind for d in differences(a, b)]


@pytest.mark.parametrize(
    ("a", "b", "kind"),
    [
        (span("القاهرة"), span("القاهرة"), "agree"),
        (span("القاهرة"), span("قاهرة"), "trivial"),  # the article
        (span("وبالقمة"), span("القمة"), "trivial"),  # particles
        (span("بالقمة"), span("القمة"), "trivial"),
        (span("وللغرب"), span("للغرب"), "trivial"),
        (span("أمس."), span("أمس"), "trivial"),  # the full stop
        (span("بغداد "), span("بغداد"), "trivial"),  # a space
        (span("العاصمة بغداد"), span("بغداد"), "boundary"),
        (span("وفد من القاهرة"), span("القاهرة العاصمة"), "boundary"),
        (span("بغداد"), span("بغداد", "PLACE"), "label"),
        (span("بغداد"), span("بغداد", attributes={"mention": "NOM"}), "attribute"),
        (span("بغداد", entity="IRQ"), span("بغداد"), "attribute"),
    ],
)
def test_a_pair_has_one_class_from_either_side(a: dict[str, Any], b: dict[str, Any], kind: str):
    assert classes([a], [b]) == [kind]
    assert classes([b], [a]) == [kind]


def test_what_only_one_has_is_missing_with_its_side_empty():
    (found,) = differences([span("بغداد")], [])
    assert (found.kind, found.a and found.a["quote"], found.b) == ("missing", "بغداد", None)
    (found,) = differences([], [span("بغداد")])
    assert (found.kind, found.a, found.b and found.b["quote"]) == ("missing", None, "بغداد")


def test_overlap_with_another_label_is_no_pair():
    assert classes([span("العاصمة بغداد")], [span("بغداد", "PLACE")]) == ["missing", "missing"]


def test_the_same_extent_wins_over_a_larger_overlap():
    inner, outer = span("بغداد"), span("العاصمة بغداد")
    assert classes([inner, outer], [outer, inner]) == ["agree", "agree"]


def test_nested_spans_are_paired_one_to_one():
    assert sorted(classes([span("العاصمة بغداد"), span("بغداد")], [span("العاصمة بغداد")])) == ["agree", "missing"]


def test_places_come_in_order_of_the_text():
    found = differences([span("أمس"), span("القاهرة")], [span("بغداد")])
    assert [d.start for d in found] == sorted(d.start for d in found)


def test_nothing_and_nothing_differ_in_nothing():
    assert differences([], []) == []


SPANS = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 12), st.sampled_from(["ACTOR", "EVENT"])).map(
        lambda t: {
            "label": t[2], "start": t[0], "end": min(t[0] + t[1], len(TEXT)), "quote": TEXT[t[0] : t[0] + t[1]], "attributes": {},
        }
    ),
    max_size=8,
)  # fmt: skip


@given(SPANS, SPANS)
def test_every_span_is_accounted_for_once(a: list[dict[str, Any]], b: list[dict[str, Any]]):
    found = differences(a, b)
    assert sum(d.a is not None for d in found) == len(a)
    assert sum(d.b is not None for d in found) == len(b)
    assert {d.kind for d in found} <= set(KINDS)
    assert all(d.start == min(s["start"] for s in (d.a, d.b) if s) for d in found)


@given(SPANS)
def test_a_set_agrees_with_itself(spans: list[dict[str, Any]]):
    assert {d.kind for d in differences(spans, spans)} <= {"agree"}


@given(SPANS, SPANS)
def test_both_sides_see_the_same_classes(a: list[dict[str, Any]], b: list[dict[str, Any]]):
    assert sorted(classes(a, b)) == sorted(classes(b, a))
