"""The measure itself, on cases that can be counted by hand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analysis.tagging.evaluation import Tally, evaluate, pair
from analysis.types import Span


def span(start: int, end: int, label: str = "ACTOR", entity: str | None = None, **attributes: str) -> Span:
    return Span(f"{label}{start}-{end}", label, start, end, "x" * (end - start), attributes, entity)


def test_exact_and_overlap_are_counted_apart():
    gold = [span(0, 5), span(10, 20), span(30, 35)]
    found = [span(0, 5), span(12, 20), span(50, 55)]
    tally = evaluate([(gold, found)])["ACTOR"]
    assert (tally.gold, tally.found, tally.exact, tally.overlap) == (3, 3, 1, 2)
    assert tally.figures(tally.exact) == (1 / 3, 1 / 3, 1 / 3)
    assert tally.figures(tally.overlap)[2] == 2 / 3


def test_one_long_span_stands_for_one_only():
    assert len(pair([span(0, 2), span(3, 5), span(6, 8)], [span(0, 8)])) == 1
    assert len(pair([span(0, 8)], [span(0, 2), span(3, 5)])) == 1


def test_the_larger_share_is_paired_first():
    gold = [span(0, 10), span(0, 30)]
    assert pair(gold, [span(0, 29)]) == [(gold[1], span(0, 29))]


def test_labels_do_not_mix_and_documents_add_up():
    tallies = evaluate([([span(0, 5)], [span(0, 5, "PLACE")]), ([span(1, 2)], [span(1, 2)])])
    assert (tallies["ACTOR"].gold, tallies["ACTOR"].found, tallies["ACTOR"].exact) == (2, 1, 1)
    assert tallies["PLACE"].figures(0) == (0.0, 0.0, 0.0)


def test_attributes_are_compared_over_pairs():
    gold = [span(0, 5, "EVENT", type="AID"), span(8, 9, "EVENT", type="AGREE"), span(20, 25, entity="RUS")]
    found = [span(1, 5, "EVENT", type="AID"), span(8, 9, "EVENT", type="AID"), span(20, 25, entity="BLR")]
    tallies = evaluate([(gold, found)])
    assert tallies["EVENT"].agreement("type") == 0.5
    assert tallies["ACTOR"].agreement("entity") == 0
    assert tallies["ACTOR"].agreement("unknown") == 0


def test_nothing_against_nothing_is_no_figure():
    assert evaluate([([], [])]) == {}
    assert Tally().figures(0) == (0.0, 0.0, 0.0)


EXTENTS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 8)).map(lambda t: (t[0], t[0] + t[1])), unique=True, max_size=12
)


@given(EXTENTS, EXTENTS)
def test_figures_are_shares_and_exact_never_beats_overlap(gold: list[tuple[int, int]], found: list[tuple[int, int]]):
    for tally in evaluate([([span(*e) for e in gold], [span(*e) for e in found])]).values():
        assert 0 <= tally.exact <= tally.overlap <= min(tally.gold, tally.found)
        assert all(0 <= figure <= 1 for figure in tally.figures(tally.overlap))


@given(EXTENTS)
def test_a_perfect_answer_has_perfect_figures(gold: list[tuple[int, int]]):
    spans = [span(*e) for e in gold]
    for tally in evaluate([(spans, spans)]).values():
        assert tally.figures(tally.exact) == tally.figures(tally.overlap) == (1.0, 1.0, 1.0)
