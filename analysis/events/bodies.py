"""Checking codebooks that people write or upload, before anything is coded with them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from analysis.events.codebook import MAX_TEXT, TYPES, Attribute, Problem, problem

LINES = ("solid", "double", "dashed", "wavy")  # dotted belongs to suggestions
LEVELS = ("submit", "warn")
_COLOR = re.compile(r"#[0-9a-f]{6}")
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")
_OPTION_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]{0,39}")
_KEY = re.compile(r"Digit[0-9]|Key[A-Z]")  # values of KeyboardEvent.code
_JOINERS = "\u200c\u200d"  # needed to write Persian names; all other invisible characters are refused
_MOST = {"labels": 50, "attributes": 50, "options": 500, "relations": 100, "rules": 100}
_GUIDELINE = 8000

_FIELDS = {
    "body": {"name", "labels", "relations", "rules"},
    "label": {"code", "name", "color", "line", "key", "guideline", "entity", "attributes"},
    "relation": {"code", "name", "from", "to", "from_entity", "to_entity", "color", "attributes", "help"},
    "attribute": {"code", "name", "type", "required", "default", "options", "depends_on", "help"},
    "option": {"code", "name", "help", "when", "score", "quad"},
    "rule": {"label", "if", "require", "level", "message"},
}


def validate_body(body: object) -> list[Problem]:
    """What is wrong with a codebook that somebody made; with an empty list `Codebook(body)` works. Never raises."""
    try:
        return _problems(body)
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError):
        return [problem("", "shape")]


def _problems(body: Any) -> list[Problem]:
    """May raise on a shape that is wholly wrong."""
    if not isinstance(body, Mapping) or not body.get("labels"):
        return [problem("labels", "list_needed")]
    for part in ("labels", "relations", "rules"):
        if wrong := _size(part, part, body.get(part, [])):
            return [wrong]
    out = _unknown("", "body", body) + _texts("name", body.get("name"))
    codes = _codes("labels", body["labels"], out)
    keys: set[str] = set()
    for i, label in enumerate(body["labels"]):
        out += _label(f"labels.{i}", label, keys)
    _codes("relations", body.get("relations", []), out)
    for i, relation in enumerate(body.get("relations", [])):
        out += _relation(f"relations.{i}", relation, codes)
    if not out:  # rules speak of attributes, so these have to be right
        for i, rule in enumerate(body.get("rules", [])):
            out += _rule(f"rules.{i}", rule, body["labels"])
    return out


def _label(at: str, label: Mapping[str, Any], keys: set[str]) -> list[Problem]:
    out = _unknown(at, "label", label) + _texts(f"{at}.name", label.get("name"))
    out += _color(f"{at}.color", label.get("color"))
    if label.get("line") not in LINES:
        out.append(problem(f"{at}.line", "unknown_option", value=str(label.get("line"))[:40]))
    key = label.get("key")
    if key is not None and key != "":
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            out.append(problem(f"{at}.key", "key_needed"))
        elif key in keys:
            out.append(problem(f"{at}.key", "twice"))
        keys.add(str(key))
    if "guideline" in label:
        out += _texts(f"{at}.guideline", label["guideline"], longest=_GUIDELINE, lines=True)
    if not isinstance(label.get("entity", False), bool):
        out.append(problem(f"{at}.entity", "flag_needed"))
    return out + _attributes(f"{at}.attributes", label.get("attributes", []))


def _relation(at: str, relation: Mapping[str, Any], labels: set[str]) -> list[Problem]:
    out = _unknown(at, "relation", relation) + _texts(f"{at}.name", relation.get("name"))
    for end in ("from", "to"):
        ends = relation.get(end)
        by_entity = relation.get(f"{end}_entity", False)
        if not isinstance(by_entity, bool):
            out.append(problem(f"{at}.{end}_entity", "flag_needed"))
        if not isinstance(ends, list) or not set(ends) <= labels:
            out.append(problem(f"{at}.{end}", "unknown_label"))
        elif not ends and by_entity is not True:
            out.append(problem(f"{at}.{end}", "list_needed"))
    if relation.get("color") is not None:
        out += _color(f"{at}.color", relation["color"])
    if "help" in relation:
        out += _texts(f"{at}.help", relation["help"], longest=MAX_TEXT, lines=True)
    return out + _attributes(f"{at}.attributes", relation.get("attributes", []))


def _rule(at: str, rule: Mapping[str, Any], labels: Iterable[Mapping[str, Any]]) -> list[Problem]:
    out = _unknown(at, "rule", rule)
    label = next((one for one in labels if one["code"] == rule["label"]), None)
    if label is None:
        return [*out, problem(f"{at}.label", "unknown_label")]
    known = {a["code"]: Attribute(a) for a in label.get("attributes", [])}
    if not isinstance(rule["if"], Mapping) or not isinstance(rule["require"], list) or not rule["require"]:
        return [*out, problem(at, "shape")]
    for code, values in rule["if"].items():
        if code not in known:
            out.append(problem(f"{at}.if.{code[:40]}", "unknown_attribute"))
        elif not isinstance(values, list) or not values:
            out.append(problem(f"{at}.if.{code}", "list_needed"))
        else:
            unknown = [v for v in values if not isinstance(v, str) or v not in known[code].options]
            out += [problem(f"{at}.if.{code}", "unknown_option", value=str(v)[:40]) for v in unknown]
    out += [problem(f"{at}.require", "unknown_attribute") for code in rule["require"] if code not in known]
    if rule.get("level", "submit") not in LEVELS:
        out.append(problem(f"{at}.level", "unknown_option", value=str(rule.get("level"))[:40]))
    if "message" in rule:
        out += _texts(f"{at}.message", rule["message"], longest=MAX_TEXT)
    return out


def _attributes(path: str, attributes: Any) -> list[Problem]:
    if wrong := _size(path, "attributes", attributes):
        return [wrong]
    out: list[Problem] = []
    _codes(path, attributes, out)
    by_code = {a["code"]: a for a in attributes if isinstance(a.get("code"), str)}
    for i, attribute in enumerate(attributes):
        at = f"{path}.{i}"
        found = _unknown(at, "attribute", attribute) + _texts(f"{at}.name", attribute.get("name"))
        if attribute.get("type") not in TYPES:
            found.append(problem(f"{at}.type", "unknown_option", value=str(attribute.get("type"))[:40]))
        if not isinstance(attribute.get("required", False), bool):
            found.append(problem(f"{at}.required", "flag_needed"))
        if "help" in attribute:
            found += _texts(f"{at}.help", attribute["help"], longest=MAX_TEXT, lines=True)
        parent = attribute.get("depends_on")
        if parent is not None and (parent not in by_code or parent == attribute.get("code")):
            found.append(problem(f"{at}.depends_on", "unknown_attribute"))
        elif attribute.get("type") in ("choice", "choices"):
            found += _options(f"{at}.options", attribute.get("options"), by_code.get(parent))
        elif attribute.get("options"):
            found.append(problem(f"{at}.options", "unknown_key"))
        if not found and attribute.get("default") is not None:
            # A default is put into new spans, so it has to stand without any other value.
            wrong = Attribute(attribute).check(attribute["default"], {})
            found += [Problem(f"{at}.default", wrong.code, wrong.params)] if wrong else []
        out += found
    return out


def _options(path: str, options: Any, parent: Mapping[str, Any] | None) -> list[Problem]:
    if not options:
        return [problem(path, "list_needed")]
    if wrong := _size(path, "options", options):
        return [wrong]
    out: list[Problem] = []
    allowed = {o["code"] for o in parent.get("options") or []} if parent else set()
    seen: set[tuple[str, str | None]] = set()
    for i, option in enumerate(options):
        at = f"{path}.{i}"
        out += _unknown(at, "option", option) + _texts(f"{at}.name", option.get("name"))
        if "help" in option:
            out += _texts(f"{at}.help", option["help"], longest=MAX_TEXT, lines=True)
        code, when = option.get("code"), option.get("when")
        if not isinstance(code, str) or not _OPTION_CODE.fullmatch(code):
            out.append(problem(f"{at}.code", "code_needed"))
            continue
        if when is not None and (not isinstance(when, list) or not when or not set(when) <= allowed):
            out.append(problem(f"{at}.when", "unknown_option", value=str(when)[:40]))
            continue
        places = {(code, one) for one in when or [None]}
        if places & seen or (code, None) in seen or (when is None and any(code == c for c, _ in seen)):
            out.append(problem(f"{at}.code", "twice"))
        seen |= places
        out += [problem(f"{at}.{k}", "shape") for k in ("score", "quad") if not _is_number(option.get(k, 0))]
    return out


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 100


def _size(path: str, part: str, items: object) -> Problem | None:
    if not isinstance(items, list):
        return problem(path, "list_needed")
    return problem(path, "too_many", most=_MOST[part]) if len(items) > _MOST[part] else None


def _unknown(path: str, kind: str, node: Mapping[str, Any]) -> list[Problem]:
    if not isinstance(node, Mapping):
        raise TypeError(kind)
    return [problem(f"{path}.{str(key)[:40]}".lstrip("."), "unknown_key") for key in node if key not in _FIELDS[kind]]


def _codes(path: str, items: Any, out: list[Problem]) -> set[str]:
    codes: set[str] = set()
    for i, item in enumerate(items):
        code = item.get("code")
        if not isinstance(code, str) or not _CODE.fullmatch(code):
            out.append(problem(f"{path}.{i}.code", "code_needed"))
        elif code in codes:
            out.append(problem(f"{path}.{i}.code", "twice"))
        codes.add(str(code))
    return codes


def _color(path: str, color: Any) -> list[Problem]:
    """Only #rrggbb: the value goes into style sheets."""
    themes = color if isinstance(color, Mapping) else {}
    wrong = [t for t in ("light", "dark") if not isinstance(themes.get(t), str) or not _COLOR.fullmatch(themes[t])]
    return [problem(f"{path}.{theme}", "color_needed") for theme in wrong]


def _texts(path: str, texts: Any, *, longest: int = 120, lines: bool = False) -> list[Problem]:
    """Words in Arabic, English or both, without control or direction characters."""
    if not isinstance(texts, Mapping) or not texts or not texts.keys() <= {"ar", "en"}:
        return [problem(path, "name_needed")]
    free = _JOINERS + "\n" if lines else _JOINERS
    out: list[Problem] = []
    for lang, text in texts.items():
        if not isinstance(text, str) or not text.strip() or not all(c.isprintable() or c in free for c in text):
            out.append(problem(f"{path}.{lang}", "name_needed"))
        elif len(text) > longest:
            out.append(problem(f"{path}.{lang}", "too_long", longest=longest))
    return out
