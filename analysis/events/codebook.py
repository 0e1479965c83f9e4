"""A codebook: labels, their attributes, relation types and rules; and the checking of codes against it.

Attribute values: choice is a code, choices a list of codes, text a string, flag a bool, extent
{"start", "end", "quote"} in code points.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from analysis.events import political

Body = Mapping[str, Any]
TYPES = ("choice", "choices", "text", "flag", "extent")
MAX_TEXT = 2000
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong and where. `code` is stable; whoever shows it words it from `code` and `params`."""

    path: str
    code: str
    params: tuple[tuple[str, str], ...] = ()


def problem(path: str, code: str, **params: object) -> Problem:
    """A problem fit to be sent out as UTF-8, whatever was in the value."""
    clean = tuple((k, _UNSTORABLE.sub("\ufffd", str(v))) for k, v in params.items())
    return Problem(_UNSTORABLE.sub("\ufffd", path), code, clean)


class Codebook:
    """Fast look-ups over a valid, frozen body."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self._labels = {label["code"]: label for label in body["labels"]}
        self._attributes = {
            code: {a["code"]: Attribute(a) for a in label.get("attributes", ())} for code, label in self._labels.items()
        }
        self._relations = {r["code"]: r for r in body.get("relations", ())}
        self._relation_attributes = {
            code: {a["code"]: Attribute(a) for a in r.get("attributes", ())} for code, r in self._relations.items()
        }

    @property
    def labels(self) -> Sequence[str]:
        return tuple(self._labels)

    def label(self, code: object) -> Mapping[str, Any] | None:
        return self._labels.get(code) if isinstance(code, str) else None

    def relation(self, code: object) -> Mapping[str, Any] | None:
        return self._relations.get(code) if isinstance(code, str) else None

    def attributes_of(self, label: str) -> Mapping[str, Attribute]:
        return self._attributes.get(label, {})

    def relation_attributes_of(self, code: str) -> Mapping[str, Attribute]:
        return self._relation_attributes.get(code, {})

    @cached_property
    def rules(self) -> Sequence[Mapping[str, Any]]:
        return tuple(self.body.get("rules", ()))

    @cached_property
    def required(self) -> Mapping[str, Sequence[str]]:
        """The required attributes of each label that has any."""
        by_label = self._attributes.items()
        found = {label: tuple(a.code for a in known.values() if a.required) for label, known in by_label}
        return {label: codes for label, codes in found.items() if codes}


class Attribute:
    """One attribute, its options as a look-up."""

    __slots__ = ("body", "code", "depends_on", "options", "required", "type")

    def __init__(self, body: Body) -> None:
        self.body = body
        self.code: str = body["code"]
        self.type: str = body["type"]
        self.required: bool = bool(body.get("required"))
        self.depends_on: str | None = body.get("depends_on")
        self.options: dict[str, frozenset[str] | None] = {}
        for option in body.get("options", ()):
            when = frozenset(option["when"]) if option.get("when") else None
            known = self.options.get(option["code"], frozenset())
            # The same code may stand under several types (withdraw: RETREAT and SANCTION).
            self.options[option["code"]] = None if when is None or known is None else known | when

    def check(self, value: object, attributes: Mapping[str, Any]) -> Problem | None:
        if self.type == "choice":
            return self._check_option(value, attributes)
        if self.type == "choices":
            if not isinstance(value, list) or len(value) > 50:
                return problem(self.code, "list_needed")
            for item in value:
                if wrong := self._check_option(item, attributes):
                    return wrong
            return problem(self.code, "twice") if len(value) != len(set(value)) else None
        if self.type == "text":
            if not isinstance(value, str):
                return problem(self.code, "text_needed")
            if len(value) > MAX_TEXT:
                return problem(self.code, "too_long", longest=MAX_TEXT)
            return problem(self.code, "bad_character") if _UNSTORABLE.search(value) else None
        if self.type == "flag":
            return None if isinstance(value, bool) else problem(self.code, "flag_needed")
        return self._check_extent(value)

    def _check_option(self, value: object, attributes: Mapping[str, Any]) -> Problem | None:
        if not isinstance(value, str) or value not in self.options:
            return problem(self.code, "unknown_option", value=str(value)[:40])
        when = self.options[value]
        if when is not None and self.depends_on:
            chosen = attributes.get(self.depends_on)
            several = chosen if isinstance(chosen, list) else [chosen]
            if not any(isinstance(one, str) and one in when for one in several):
                return problem(self.code, "option_not_here", value=value, depends_on=self.depends_on)
        return None

    def _check_extent(self, value: object) -> Problem | None:
        if not isinstance(value, Mapping) or value.keys() != {"start", "end", "quote"}:
            return problem(self.code, "extent_needed")
        start, end, quote = value["start"], value["end"], value["quote"]
        good = type(start) is int and type(end) is int and isinstance(quote, str)
        if not good or not 0 <= start < end < 2**31 or len(quote) != end - start:
            return problem(self.code, "extent_needed")
        return problem(self.code, "bad_character") if _UNSTORABLE.search(quote) else None


def validate_attributes(
    codebook: Codebook, label: object, attributes: object, text: str | None = None
) -> list[Problem]:
    """What is wrong with the attributes of a span; extents are compared with the text if there is one. Never raises."""
    if attributes == {}:
        return []
    known = codebook.attributes_of(label) if isinstance(label, str) else {}
    return _validate(known, attributes, text)


def _validate(known: Mapping[str, Attribute], attributes: object, text: str | None) -> list[Problem]:
    if type(attributes) is not dict and not isinstance(attributes, Mapping):
        return [problem("", "object_needed")]
    problems: list[Problem] = []
    for code, value in attributes.items():
        attribute = known.get(code)
        if attribute is None:
            problems.append(problem(str(code)[:40], "unknown_attribute"))
        elif wrong := attribute.check(value, attributes):
            problems.append(wrong)
        elif attribute.type == "extent" and text is not None and not _quotes(text, value):
            problems.append(problem(code, "quote_differs"))
    return problems


def _quotes(text: str, extent: Mapping[str, Any]) -> bool:
    start, end = extent["start"], extent["end"]
    return bool(end <= len(text) and text[start:end] == extent["quote"])


def validate_relation(
    codebook: Codebook, code: object, source: str | None, target: str | None, attributes: object
) -> list[Problem]:
    """What is wrong with a relation. `source` and `target` are labels, None for a registry entity. Never raises."""
    relation = codebook.relation(code)
    if relation is None:
        return [problem("type", "unknown_relation", value=str(code)[:40])]
    problems: list[Problem] = []
    for end, label, entity_key in (("from", source, "from_entity"), ("to", target, "to_entity")):
        if label is None:
            if not relation.get(entity_key):
                problems.append(problem(end, "entity_not_allowed", relation=code))
        elif label not in relation[end]:
            problems.append(problem(end, "end_not_allowed", relation=code, label=label))
    wrong = _validate(codebook.relation_attributes_of(str(code)), attributes, None)
    problems += [Problem(f"attributes.{p.path}".rstrip("."), p.code, p.params) for p in wrong]
    return problems


def missing(codebook: Codebook, label: str, attributes: Mapping[str, Any], level: str = "submit") -> list[Problem]:
    """What must still be filled in before the work can be submitted: required attributes and rules of that level.

    With the level "warn" only what the codebook would like to see, which blocks nothing.
    """
    out: list[Problem] = []
    if level == "submit":
        out += [problem(a, "required") for a in codebook.required.get(label, ()) if _is_empty(attributes.get(a))]
    for rule in codebook.rules:
        if rule.get("level", "submit") != level or rule["label"] != label:
            continue
        if all(_holds(attributes.get(a), values) for a, values in rule["if"].items()):
            out += [problem(a, "required_by_rule") for a in rule["require"] if _is_empty(attributes.get(a))]
    return out


def _is_empty(value: object) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def _holds(value: object, wanted: Sequence[str]) -> bool:
    """Whether a chosen value, or one of several, is among those the rule speaks of."""
    return any(one in wanted for one in value) if isinstance(value, list) else value in wanted


@lru_cache(maxsize=1)
def political_codebook() -> dict[str, Any]:
    """The built-in political codebook; treat it as read-only."""
    return political.body()
