"""What may be stored on a span or a relation, and what must be there before the work is handed in."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.events.codebook import (
    MAX_TEXT,
    Codebook,
    Problem,
    missing,
    political_codebook,
    validate_attributes,
    validate_relation,
)

BOOK = Codebook(political_codebook())
TEXT = "تم إرسال قوات حفظ السلام إلى كازاخستان"


def found(problems: list[Problem]) -> list[tuple[str, str]]:
    return [(p.path, p.code) for p in problems]


def check(label: str, attributes: Any, text: str | None = TEXT) -> list[tuple[str, str]]:
    return found(validate_attributes(BOOK, label, attributes, text))


def extent(start: int, end: int, quote: str | None = None) -> dict[str, Any]:
    return {"start": start, "end": end, "quote": TEXT[start:end] if quote is None else quote}


@pytest.mark.parametrize(
    ("label", "attributes"),
    [
        ("EVENT", {}),
        (
            "EVENT",
            {"type": "AID", "contexts": ["peacekeeping", "military"], "modality": "DESIRED", "support": extent(0, 2)},
        ),
        ("EVENT", {"type": "RETREAT", "modes": ["withdraw"]}),
        ("EVENT", {"type": "SANCTION", "modes": ["withdraw"]}),
        ("EVENT", {"type": "STATEMENT", "flags": ["umbrella", "habitual"], "polarity": "NEG"}),
        ("ACTOR", {"mention": "NISBA", "reading": "LOC", "metonymy": "CAPITAL"}),
        ("IMPLICATION", {"kind": "RISK", "domains": [], "umbrella": False, "gloss": "جملة\nثانية 🙂"}),
        ("TIME", {"value": "2022-05", "precision": "MONTH"}),
    ],
)
def test_good_attributes_pass(label: str, attributes: dict[str, Any]):
    assert check(label, attributes) == []


@pytest.mark.parametrize(
    ("label", "attributes", "problem"),
    [
        ("EVENT", {"mood": "AID"}, ("mood", "unknown_attribute")),
        ("PLACE", {"reading": "LOC"}, ("reading", "unknown_attribute")),
        ("NOBODY", {"type": "AID"}, ("type", "unknown_attribute")),
        ("EVENT", {"type": "HELP"}, ("type", "unknown_option")),
        ("EVENT", {"type": ["AID"]}, ("type", "unknown_option")),
        ("EVENT", {"type": None}, ("type", "unknown_option")),
        ("EVENT", {"type": {"code": "AID"}}, ("type", "unknown_option")),
        ("EVENT", {"contexts": "military"}, ("contexts", "list_needed")),
        ("EVENT", {"contexts": ["military", "military"]}, ("contexts", "twice")),
        ("EVENT", {"contexts": ["military", ["legal"]]}, ("contexts", "unknown_option")),
        ("EVENT", {"contexts": ["military"] * 51}, ("contexts", "list_needed")),
        ("EVENT", {"type": "AID", "modes": ["withdraw"]}, ("modes", "option_not_here")),
        ("EVENT", {"modes": ["withdraw"]}, ("modes", "option_not_here")),
        ("EVENT", {"type": "RETREAT", "modes": ["expel"]}, ("modes", "option_not_here")),
        ("EVENT", {"type": "RETREAT", "modes": ["dance"]}, ("modes", "unknown_option")),
        ("IMPLICATION", {"umbrella": "yes"}, ("umbrella", "flag_needed")),
        ("IMPLICATION", {"umbrella": 1}, ("umbrella", "flag_needed")),
        ("IMPLICATION", {"gloss": 7}, ("gloss", "text_needed")),
        ("IMPLICATION", {"gloss": "أ" * (MAX_TEXT + 1)}, ("gloss", "too_long")),
        ("IMPLICATION", {"gloss": "a\0b"}, ("gloss", "bad_character")),
        ("IMPLICATION", {"gloss": "a\ud83d"}, ("gloss", "bad_character")),
        ("EVENT", {"support": [0, 2]}, ("support", "extent_needed")),
        ("EVENT", {"support": {"start": 0, "end": 2}}, ("support", "extent_needed")),
        ("EVENT", {"support": {**extent(0, 2), "label": "x"}}, ("support", "extent_needed")),
        ("EVENT", {"support": extent(2, 2, "")}, ("support", "extent_needed")),
        ("EVENT", {"support": extent(-1, 1, "تم")}, ("support", "extent_needed")),
        ("EVENT", {"support": {"start": True, "end": 2, "quote": "م"}}, ("support", "extent_needed")),
        ("EVENT", {"support": {"start": 0.0, "end": 2, "quote": "تم"}}, ("support", "extent_needed")),
        ("EVENT", {"support": extent(0, 3, "تم")}, ("support", "extent_needed")),
        ("EVENT", {"support": extent(0, 2, "\0م")}, ("support", "bad_character")),
        ("EVENT", {"support": extent(1, 3, "تم")}, ("support", "quote_differs")),
        ("EVENT", [], ("", "object_needed")),
        ("EVENT", None, ("", "object_needed")),
        ("EVENT", "type", ("", "object_needed")),
    ],
)
def test_bad_attributes_are_named(label: str, attributes: Any, problem: tuple[str, str]):
    assert check(label, attributes) == [problem]


def test_text_of_the_greatest_length_passes():
    assert check("IMPLICATION", {"gloss": "أ" * MAX_TEXT}) == []


def test_an_extent_past_the_end_is_refused_although_slicing_would_hide_it():
    end = len(TEXT)
    beyond = {"start": end - 3, "end": end + 1, "quote": TEXT[-3:] + " "}
    assert check("EVENT", {"support": beyond}) == [("support", "quote_differs")]


def test_without_a_text_quotes_are_not_compared():
    assert check("EVENT", {"support": extent(1, 3, "تم")}, None) == []


def test_all_problems_of_a_span_come_at_once():
    attributes = {"type": "HELP", "polarity": "POS", "tense": "SOON", "nothing": 1}
    assert check("EVENT", attributes) == [
        ("type", "unknown_option"),
        ("tense", "unknown_option"),
        ("nothing", "unknown_attribute"),
    ]


def test_a_problem_can_always_be_sent_out():
    attributes = {"type": "\ud83d\0", "\udc00": 1}
    for problem in validate_attributes(BOOK, "EVENT", attributes):
        for words in (problem.path, *(value for _, value in problem.params)):
            words.encode("utf-8")
            assert "\0" not in words


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
KNOWN = st.sampled_from(sorted({a["code"] for label in BOOK.body["labels"] for a in label["attributes"]}))


@given(
    label=st.sampled_from(list(BOOK.labels)) | JSON,
    attributes=JSON | st.dictionaries(KNOWN, JSON, max_size=5),
    text=st.none() | st.just(TEXT),
)
def test_no_json_at_all_makes_the_check_fail(label: Any, attributes: Any, text: str | None):
    for problem in validate_attributes(BOOK, label, attributes, text):
        assert problem.code
        problem.path.encode("utf-8")


@given(
    code=JSON | st.sampled_from(["ARG", "HOLDS"]),
    source=st.none() | st.text(),
    target=st.none() | st.text(),
    attributes=JSON,
)
def test_no_json_at_all_makes_the_check_of_relations_fail(code: Any, source: Any, target: Any, attributes: Any):
    for problem in validate_relation(BOOK, code, source, target, attributes):
        problem.path.encode("utf-8")


@pytest.mark.parametrize(
    ("code", "source", "target", "attributes"),
    [
        ("ARG", "EVENT", "ACTOR", {"role": "RECIPIENT"}),
        ("ARG", "EVENT", None, {"role": "ACTOR"}),
        ("HOLDS", None, "IMPLICATION", {}),
        ("AFFECTED", "ACTOR", "IMPLICATION", {"valence": "HARM"}),
        ("CONTRASTS", "IMPLICATION", "IMPLICATION", {}),
        ("JUSTIFIES", "EVENT", "EVENT", {"holder": "ACTOR"}),
    ],
)
def test_good_relations_pass(code: str, source: str | None, target: str | None, attributes: dict[str, Any]):
    assert validate_relation(BOOK, code, source, target, attributes) == []


@pytest.mark.parametrize(
    ("code", "source", "target", "attributes", "problem"),
    [
        ("LIKES", "EVENT", "ACTOR", {}, ("type", "unknown_relation")),
        (["ARG"], "EVENT", "ACTOR", {}, ("type", "unknown_relation")),
        ("ARG", "ACTOR", "ACTOR", {}, ("from", "end_not_allowed")),
        ("ARG", "EVENT", "IMPLICATION", {}, ("to", "end_not_allowed")),
        ("ARG", None, "ACTOR", {}, ("from", "entity_not_allowed")),
        ("SIGNALS", "EVENT", None, {}, ("to", "entity_not_allowed")),
        ("ARG", "EVENT", "ACTOR", {"role": "GUEST"}, ("attributes.role", "unknown_option")),
        ("SIGNALS", "EVENT", "IMPLICATION", {"role": "ACTOR"}, ("attributes.role", "unknown_attribute")),
        ("SIGNALS", "EVENT", "IMPLICATION", [], ("attributes", "object_needed")),
    ],
)
def test_bad_relations_are_named(
    code: Any, source: str | None, target: str | None, attributes: Any, problem: tuple[str, str]
):
    assert found(validate_relation(BOOK, code, source, target, attributes)) == [problem]


def test_work_cannot_be_handed_in_without_what_is_required():
    assert found(missing(BOOK, "EVENT", {})) == [("type", "required")]
    assert found(missing(BOOK, "EVENT", {"type": ""})) == [("type", "required")]
    assert missing(BOOK, "EVENT", {"type": "AID"}) == []
    assert missing(BOOK, "PLACE", {}) == []


def test_an_inferred_implication_needs_the_analysts_words():
    inferred = {"kind": "RISK", "explicitness": "INFERRED"}
    assert found(missing(BOOK, "IMPLICATION", inferred)) == [("gloss", "required_by_rule")]
    assert found(missing(BOOK, "IMPLICATION", {**inferred, "gloss": " \n"})) == [("gloss", "required_by_rule")]
    assert missing(BOOK, "IMPLICATION", {**inferred, "gloss": "يضعف التحالف"}) == []
    assert missing(BOOK, "IMPLICATION", {"kind": "RISK", "explicitness": "STATED"}) == []


def small_book(**rule: Any) -> Codebook:
    options = [{"code": c, "name": {"en": c}} for c in ("a", "b")]
    label = {
        "code": "CLAIM", "name": {"en": "Claim"}, "color": {"light": "#1d5fbf", "dark": "#82b1ff"}, "line": "solid",
        "attributes": [
            {"code": "several", "name": {"en": "Several"}, "type": "choices", "options": options},
            {"code": "detail", "name": {"en": "Detail"}, "type": "choice", "depends_on": "several",
             "options": [{"code": "x", "name": {"en": "x"}, "when": ["b"]}]},
            {"code": "sure", "name": {"en": "Sure"}, "type": "flag", "required": True},
        ],
    }  # fmt: skip
    rules = [{"label": "CLAIM", "if": {"several": ["b"]}, "require": ["detail"], **rule}]
    return Codebook({"name": {"en": "Small"}, "labels": [label], "rules": rules})


def test_a_rule_sees_into_a_list_of_choices():
    book = small_book()
    assert found(missing(book, "CLAIM", {"sure": True, "several": ["a", "b"]})) == [("detail", "required_by_rule")]
    assert missing(book, "CLAIM", {"sure": True, "several": ["a"]}) == []


def test_a_required_flag_may_be_no():
    assert missing(small_book(), "CLAIM", {"sure": False}) == []


def test_an_option_may_depend_on_one_of_several_choices():
    book = small_book()
    assert validate_attributes(book, "CLAIM", {"several": ["a", "b"], "detail": "x"}) == []
    assert found(validate_attributes(book, "CLAIM", {"several": ["a"], "detail": "x"})) == [
        ("detail", "option_not_here")
    ]


def test_a_wish_of_the_codebook_blocks_nothing():
    book = small_book(level="warn")
    attributes = {"sure": True, "several": ["b"]}
    assert missing(book, "CLAIM", attributes) == []
    assert found(missing(book, "CLAIM", attributes, "warn")) == [("detail", "required_by_rule")]


def test_a_hundred_thousand_spans_are_checked_while_one_waits():
    rich = {
        "type": "RETREAT",
        "modes": ["withdraw"],
        "contexts": ["military"],
        "polarity": "POS",
        "support": extent(0, 2),
    }
    started = time.process_time()
    for _ in range(50_000):
        validate_attributes(BOOK, "EVENT", rich, TEXT)
        validate_attributes(BOOK, "EVENT", {}, TEXT)
    assert time.process_time() - started < 2  # 0.15 s on two cores of 2026; generous for a busy machine
