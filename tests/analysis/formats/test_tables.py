"""The CSV tables: readable by spreadsheets, harmless in them, and complete."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.formats import tables

TEXT = "أدانت مصر الهجوم. وهذا يعني أن الهدنة انتهت."
RECORD: dict[str, Any] = {
    "id": "d1", "external_id": "x-1", "title": "خبر، و«آخر»", "published_on": "2024-03-14", "language": "ar",
    "set": {"origin": "GOLD", "author": "amal@example.org", "tagger": None},
    "spans": [
        {"id": "s1", "label": "EVENT", "start": 0, "end": 5, "quote": "أدانت", "entity": None, "note": "",
         "attributes": {"type": "ACCUSE", "modes": ["disapprove"], "contexts": ["diplomatic", "military"], "polarity": "POS"},
         "provenance": {"origin": "MANUAL"}},
        {"id": "s2", "label": "ACTOR", "start": 6, "end": 9, "quote": "مصر", "entity": "EGY", "note": "=1+1",
         "attributes": {"mention": "NAM"}, "provenance": {"origin": "ACCEPTED", "score": 0.95}},
        {"id": "s3", "label": "IMPLICATION", "start": 31, "end": 43, "quote": "الهدنة انتهت", "entity": None, "note": "",
         "attributes": {"kind": "SIGNIFICANCE", "signal": {"start": 22, "end": 30, "quote": "يعني أن"}},
         "provenance": {"origin": "MANUAL"}},
    ],
    "relations": [
        {"id": "r1", "type": "ARG", "from": {"span": "s1"}, "to": {"span": "s2"}, "attributes": {"role": "ACTOR"}},
        {"id": "r2", "type": "ARG", "from": {"span": "s1"}, "to": {"entity": "UNSC"}, "attributes": {"role": "RECIPIENT"}},
        {"id": "r3", "type": "SIGNALS", "from": {"span": "s1"}, "to": {"span": "s3"}, "attributes": {}},
    ],
}  # fmt: skip


def read(pieces: Any) -> list[dict[str, str]]:
    text = "".join(pieces)
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:])))


def test_a_span_a_row():
    rows = read(tables.write(tables.SPAN_COLUMNS, tables.span_rows([RECORD])))
    assert [r["quote"] for r in rows] == ["أدانت", "مصر", "الهدنة انتهت"]
    assert rows[0]["attributes"] == "contexts=diplomatic,military; modes=disapprove; polarity=POS; type=ACCUSE"
    assert rows[2]["attributes"] == "kind=SIGNIFICANCE; signal=يعني أن"
    assert (rows[1]["entity"], rows[1]["origin"], rows[1]["score"]) == ("EGY", "ACCEPTED", "0.95")
    assert (rows[0]["set"], rows[0]["author"], rows[0]["title"]) == ("GOLD", "amal@example.org", "خبر، و«آخر»")
    assert (rows[0]["start"], rows[0]["end"]) == ("0", "5")


def test_an_event_a_row_with_its_arguments_and_what_it_signals():
    (row,) = read(tables.write(tables.EVENT_COLUMNS, tables.event_rows([RECORD])))
    assert (row["trigger"], row["type"], row["modes"]) == ("أدانت", "ACCUSE", "disapprove")
    assert (row["actors"], row["actor_texts"]) == ("EGY", "مصر")
    assert (row["recipients"], row["recipient_texts"]) == ("UNSC", "")
    assert row["implications"] == "SIGNALS: الهدنة انتهت"
    assert row["tense"] == ""


def test_without_rows_the_header_is_there():
    text = "".join(tables.write(tables.SPAN_COLUMNS, []))
    assert text == "\ufeff" + ",".join(tables.SPAN_COLUMNS) + "\r\n"


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@A1", "\tx", "\rx", "＝1", "＠x"])
def test_no_cell_runs_as_a_formula(cell: str):
    assert tables.safe(cell) == "'" + cell


@pytest.mark.parametrize(
    ("value", "shown"), [(None, ""), (-3, "-3"), (0.5, "0.5"), ("-", "'-"), ("قمة", "قمة"), (0, "0")]
)
def test_numbers_are_numbers(value: object, shown: str):
    assert tables.safe(value) == shown


@given(st.lists(st.fixed_dictionaries({"a": st.text(), "b": st.text()}), max_size=20))
def test_any_text_comes_back_from_the_table(rows: list[dict[str, str]]):
    text = "".join(tables.write(["a", "b"], rows))
    back = list(csv.reader(io.StringIO(text[1:], newline="")))[1:]
    assert back == [[tables.safe(r["a"]), tables.safe(r["b"])] for r in rows]


def test_a_large_table_comes_in_pieces():
    rows = ({"a": "قمة" * 30} for _ in range(5000))
    pieces = list(tables.write(["a"], rows))
    assert len(pieces) > 3
    assert max(map(len, pieces)) < 70_000
    assert len(read(pieces)) == 5000


def test_a_record_without_a_set_is_a_document_nobody_coded():
    bare = {**RECORD, "set": None, "spans": [], "relations": []}
    assert list(tables.span_rows([bare])) == list(tables.event_rows([bare])) == []
