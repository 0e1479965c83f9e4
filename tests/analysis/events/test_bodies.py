"""Codebooks that people write: what is refused, and that an accepted one can be used."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.events.bodies import validate_body
from analysis.events.codebook import Codebook, political_codebook

Body = dict[str, Any]


@pytest.fixture
def body() -> Body:
    """A small codebook such as a team would write."""
    return {
        "name": {"en": "Claims", "ar": "ادعاءات"},
        "labels": [
            {
                "code": "CLAIM", "name": {"en": "Claim", "ar": "ادعاء"}, "color": {"light": "#1d5fbf", "dark": "#82b1ff"},
                "line": "solid", "key": "KeyC", "guideline": {"en": "Mark it.\nAll of it."}, "entity": False,
                "attributes": [
                    {"code": "stance", "name": {"en": "Stance"}, "type": "choice", "default": "pro", "options": [
                        {"code": "pro", "name": {"en": "For"}}, {"code": "con", "name": {"en": "Against"}, "score": -1.5}]},
                    {"code": "how", "name": {"en": "How"}, "type": "choices", "depends_on": "stance", "options": [
                        {"code": "loud", "name": {"en": "Loudly"}, "when": ["pro"]},
                        {"code": "loud", "name": {"en": "Shouting"}, "when": ["con"]}]},
                    {"code": "words", "name": {"en": "Words"}, "type": "text", "required": True},
                ],
            },
            {"code": "SPEAKER", "name": {"ar": "متكلم"}, "color": {"light": "#0f766e", "dark": "#6cd0c6"}, "line": "wavy"},
        ],
        "relations": [{"code": "SAYS", "name": {"en": "Says"}, "from": ["SPEAKER"], "to": ["CLAIM"], "from_entity": True}],
        "rules": [{"label": "CLAIM", "if": {"stance": ["con"]}, "require": ["how"], "level": "warn"}],
    }  # fmt: skip


def test_a_good_codebook_passes(body: Body):
    assert validate_body(body) == []
    assert Codebook(body).labels == ("CLAIM", "SPEAKER")


def test_relations_and_rules_may_be_left_out(body: Body):
    del body["relations"], body["rules"]
    assert validate_body(body) == []


def at(*path: str | int) -> Callable[[Body, Any], None]:
    def put(body: Body, value: Any) -> None:
        node: Any = body
        for step in path[:-1]:
            node = node[step]
        node[path[-1]] = value

    return put


CLAIM = ("labels", 0)
STANCE = (*CLAIM, "attributes", 0)
HOW = (*CLAIM, "attributes", 1)
RLO = "\u202e"


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        (("name",), {}, ("name", "name_needed")),
        (("name",), {"fr": "Non"}, ("name", "name_needed")),
        (("name",), {"en": " "}, ("name.en", "name_needed")),
        (("name",), {"en": "x" * 121}, ("name.en", "too_long")),
        (("name",), {"en": f"a{RLO}b"}, ("name.en", "name_needed")),
        (("name",), {"en": "a\nb"}, ("name.en", "name_needed")),
        (("name",), {"ar": "أ\0"}, ("name.ar", "name_needed")),
        (("script",), "alert(1)", ("script", "unknown_key")),
        ((*CLAIM, "css"), "x", ("labels.0.css", "unknown_key")),
        ((*CLAIM, "code"), "SPEAKER", ("labels.1.code", "twice")),
        ((*CLAIM, "name"), {"en": "\u2067Claim"}, ("labels.0.name.en", "name_needed")),
        ((*CLAIM, "color"), {"light": "#1d5fbf"}, ("labels.0.color.dark", "color_needed")),
        ((*CLAIM, "color", "light"), "red", ("labels.0.color.light", "color_needed")),
        ((*CLAIM, "color", "light"), "#1d5fbf;background:url(x)", ("labels.0.color.light", "color_needed")),
        ((*CLAIM, "color", "light"), "#1d5fbf\n", ("labels.0.color.light", "color_needed")),
        ((*CLAIM, "color", "light"), "#FFF", ("labels.0.color.light", "color_needed")),
        ((*CLAIM, "line"), "dotted", ("labels.0.line", "unknown_option")),
        ((*CLAIM, "key"), "Escape", ("labels.0.key", "key_needed")),
        ((*CLAIM, "key"), 5, ("labels.0.key", "key_needed")),
        ((*CLAIM, "entity"), "yes", ("labels.0.entity", "flag_needed")),
        ((*CLAIM, "guideline"), {"en": f"a{RLO}b"}, ("labels.0.guideline.en", "name_needed")),
        ((*CLAIM, "guideline"), {"en": "x" * 8001}, ("labels.0.guideline.en", "too_long")),
        ((*CLAIM, "attributes"), {}, ("labels.0.attributes", "list_needed")),
        ((*STANCE, "type"), "number", ("labels.0.attributes.0.type", "unknown_option")),
        ((*STANCE, "default"), "maybe", ("labels.0.attributes.0.default", "unknown_option")),
        ((*STANCE, "required"), "no", ("labels.0.attributes.0.required", "flag_needed")),
        ((*HOW, "options"), [], ("labels.0.attributes.1.options", "list_needed")),
        ((*HOW, "options", 0, "when"), ["perhaps"], ("labels.0.attributes.1.options.0.when", "unknown_option")),
        ((*HOW, "options", 0, "when"), [], ("labels.0.attributes.1.options.0.when", "unknown_option")),
        ((*HOW, "options", 0, "when"), ["con"], ("labels.0.attributes.1.options.1.code", "twice")),
        ((*HOW, "options", 0, "score"), "high", ("labels.0.attributes.1.options.0.score", "shape")),
        ((*HOW, "options", 0, "score"), float("nan"), ("labels.0.attributes.1.options.0.score", "shape")),
        ((*HOW, "options", 0, "code"), "<b>", ("labels.0.attributes.1.options.0.code", "code_needed")),
        ((*HOW, "options", 0, "color"), "#ffffff", ("labels.0.attributes.1.options.0.color", "unknown_key")),
        ((*HOW, "depends_on"), "mood", ("labels.0.attributes.1.depends_on", "unknown_attribute")),
        ((*HOW, "depends_on"), "how", ("labels.0.attributes.1.depends_on", "unknown_attribute")),
        ((*CLAIM, "attributes", 2, "options"), [1], ("labels.0.attributes.2.options", "unknown_key")),
        (("relations", 0, "to"), ["CLAIMS"], ("relations.0.to", "unknown_label")),
        (("relations", 0, "to"), [], ("relations.0.to", "list_needed")),
        (("relations", 0, "from_entity"), 1, ("relations.0.from_entity", "flag_needed")),
        (("relations", 0, "code"), "2nd", ("relations.0.code", "code_needed")),
        (("relations", 0, "color"), {"light": "#1d5fbf", "dark": "blue"}, ("relations.0.color.dark", "color_needed")),
        (("relations",), {}, ("relations", "list_needed")),
        (("rules", 0, "label"), "NOBODY", ("rules.0.label", "unknown_label")),
        (("rules", 0, "if"), {"mood": ["con"]}, ("rules.0.if.mood", "unknown_attribute")),
        (("rules", 0, "if"), {"stance": "con"}, ("rules.0.if.stance", "list_needed")),
        (("rules", 0, "if"), {"stance": [7]}, ("rules.0.if.stance", "unknown_option")),
        (("rules", 0, "require"), ["mood"], ("rules.0.require", "unknown_attribute")),
        (("rules", 0, "require"), [], ("rules.0", "shape")),
        (("rules", 0, "level"), "shout", ("rules.0.level", "unknown_option")),
        (("rules", 0, "then"), 1, ("rules.0.then", "unknown_key")),
    ],
)
def test_a_bad_codebook_is_refused(body: Body, path: tuple[str | int, ...], value: Any, problem: tuple[str, str]):
    at(*path)(body, value)
    assert problem in [(p.path, p.code) for p in validate_body(body)]


def test_two_labels_cannot_share_a_key(body: Body):
    body["labels"][1]["key"] = "KeyC"
    assert [(p.path, p.code) for p in validate_body(body)] == [("labels.1.key", "twice")]


def test_labels_may_have_no_key(body: Body):
    body["labels"][0]["key"] = None
    body["labels"][1]["key"] = ""
    assert validate_body(body) == []


@pytest.mark.parametrize(
    "what", [None, [], "x", 5, {}, {"labels": []}, {"labels": {}}, {"labels": [5]}, {"labels": [[]]}]
)
def test_what_is_no_codebook_at_all_is_refused(what: Any):
    assert validate_body(what)


def test_a_codebook_without_measure_is_refused_before_it_is_read(body: Body):
    body["labels"] *= 100
    assert [(p.path, p.code) for p in validate_body(body)] == [("labels", "too_many")]


def test_joiners_are_kept_since_persian_names_need_them(body: Body):
    body["name"]["ar"] = "نام\u200cها"
    assert validate_body(body) == []


def paths(node: Any, above: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    below: list[tuple[str | int, ...]] = [above] if above else []
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in pairs:
        below += paths(value, (*above, key))
    return below


SMALL: Body = {**political_codebook(), "labels": political_codebook()["labels"][:1], "relations": [], "rules": []}
SCRAP = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.just([[]])
    | st.just([{}])
    | st.just({})
)


@given(path=st.sampled_from(paths(SMALL)), value=SCRAP)
def test_whatever_passes_can_be_used(path: tuple[str | int, ...], value: Any):
    broken = copy.deepcopy(SMALL)
    at(*path)(broken, value)
    if not validate_body(broken):
        book = Codebook(broken)
        for label in book.labels:
            assert book.attributes_of(label) is not None
