"""The built-in political codebook. Event types, modes, contexts and sectors follow PLOVER 2.0 (codes are facts,
the wording is ours); STATEMENT, OTHER, modality and the implication layer are our own.
"""

from __future__ import annotations

from typing import Any

from analysis.events import political_tables as tables
from analysis.events.political_guidelines import GUIDELINES

Node = dict[str, Any]


def _name(entry: str) -> dict[str, str]:
    """The names of an entry of the tables."""
    english, arabic = (part.strip() for part in entry.split("|")[:2])
    return {"en": english, "ar": arabic}


def _node(code: str, entry: str, **more: Any) -> Node:
    """Code, names and, where the entry has it, help."""
    parts = [part.strip() for part in entry.split("|")]
    help_text = {"help": {"en": parts[2], "ar": parts[3]}} if len(parts) == 4 else {}
    return {"code": code, "name": _name(entry), **help_text, **more}


def _options(table: dict[str, str]) -> list[Node]:
    return [_node(code, entry) for code, entry in table.items()]


def _choice(code: str, entry: str, table: dict[str, str], *, many: bool = False, **more: Any) -> Node:
    kind = "choices" if many else "choice"
    return _node(code, entry, type=kind, options=_options(table), **more)


def _type_option(code: str) -> Node:
    quad, score, entry = tables.EVENT_TYPES[code]
    return _node(code, entry, quad=quad, **({} if score is None else {"score": score}))


def _mode_option(kind: str, code: str, entry: str) -> Node:
    score = tables.MODE_SCORES.get(kind, {}).get(code)
    quad = tables.MODE_QUADS.get(kind, {}).get(code)
    more: Node = {"when": [kind]}
    if score is not None:
        more["score"] = score
    if quad is not None:
        more["quad"] = quad
    return _node(code, entry, **more)


def _event_attributes() -> list[Node]:
    types = [_type_option(code) for code in tables.EVENT_TYPES]
    modes = [_mode_option(kind, code, entry) for kind, table in tables.MODES.items() for code, entry in table.items()]
    by_kind = tables.KINDS_OF_EVENT_ATTRIBUTES
    return [
        _node("type", "Type | النوع", type="choice", required=True, options=types),
        _node("modes", "Mode | الكيفية", type="choices", depends_on="type", options=modes),
        _choice("contexts", "Context | السياق", tables.CONTEXTS, many=True),
        _choice("polarity", "Polarity | الإثبات والنفي", by_kind["polarity"], default="POS"),
        _choice("modality", "Modality | حالة الوقوع", by_kind["modality"], default="ASSERTED"),
        _choice("tense", "Tense | الزمن", by_kind["tense"]),
        _choice("flags", "Remarks | علامات إضافية", by_kind["flags"], many=True),
        _node(
            "support",
            "Support verb | الفعل المساند | The verb that carries an event noun | الفعل الذي يحمل اسم الحدث",
            type="extent",
        ),
    ]


def _implication_attributes() -> list[Node]:
    return [
        _choice("kind", "Kind | النوع", tables.IMPLICATION["kind"], required=True),
        _choice("domains", "Domains | المجالات", tables.IMPLICATION["domains"], many=True),
        _choice("direction", "Direction | الاتجاه", tables.IMPLICATION["direction"]),
        _choice("horizon", "Horizon | المدى الزمني", tables.IMPLICATION["horizon"]),
        _choice("explicitness", "Explicitness | مدى التصريح", tables.IMPLICATION["explicitness"], default="STATED"),
        _choice("holder", "Holder | صاحب القول", tables.IMPLICATION["holder"], default="AUTHOR"),
        _choice("likelihood", "Likelihood | الاحتمال", tables.IMPLICATION["likelihood"]),
        _choice("analyst_confidence", "Analyst's confidence | ثقة المحلل", tables.IMPLICATION["analyst_confidence"]),
        _node("gloss", "In your words | بعبارتك | One sentence | جملة واحدة", type="text"),
        _node(
            "signal",
            "Signal words | لفظ الدلالة | The wording that introduces it | اللفظ الذي يمهّد لها",
            type="extent",
        ),
        _node("umbrella", "Announces several | تعلن عدة دلالات", type="flag"),
    ]


def _relations() -> list[Node]:
    attributes = {
        "ARG": [_choice("role", "Role | الدور", tables.ROLES, required=True)],
        "AFFECTED": [_choice("valence", "Effect | الأثر", tables.VALENCE, required=True)],
        "JUSTIFIES": [_choice("holder", "Holder | صاحب القول", tables.IMPLICATION["holder"])],
    }
    return [
        _node(
            code,
            entry,
            **{"from": [label for label in source.split() if label != "entity"]},
            to=[label for label in target.split() if label != "entity"],
            from_entity="entity" in source.split(),
            to_entity="entity" in target.split(),
            attributes=attributes.get(code, []),
        )
        for code, (source, target, entry) in tables.RELATIONS.items()
    ]


def _label(code: str, entry: str, light: str, dark: str, line: str, key: str, **more: Any) -> Node:
    return {
        "code": code,
        "name": _name(entry),
        "color": {"light": light, "dark": dark},
        "line": line,
        "key": key,
        "guideline": GUIDELINES[code],
        "entity": False,
        "attributes": [],
        **more,
    }


def _labels() -> list[Node]:
    actor = [
        _choice("mention", "Mention | صيغة الذكر", tables.ACTOR["mention"], default="NAM"),
        _choice("reading", "Reading | القراءة", tables.ACTOR["reading"], default="ACT"),
        _choice("metonymy", "Stands for | الكناية", tables.ACTOR["metonymy"]),
    ]
    time = [
        _node("value", "Date | التاريخ | 2022-05-16, 2022-05 or 2022 | 2022-05-16 أو 2022-05 أو 2022", type="text"),
        _choice("precision", "Precision | الدقة", tables.TIME_PRECISION),
    ]
    return [
        _label("ACTOR", "Actor | فاعل", "#1d5fbf", "#82b1ff", "solid", "Digit1", entity=True, attributes=actor),
        _label("EVENT", "Event | حدث", "#9a5600", "#f2b366", "double", "Digit2", attributes=_event_attributes()),
        _label(
            "IMPLICATION", "Implication | دلالة", "#97228f", "#e79be0", "dashed", "Digit3",
            attributes=_implication_attributes(),
        ),
        _label("PLACE", "Place | مكان", "#0f766e", "#6cd0c6", "solid", "Digit4", entity=True),
        _label("TIME", "Time | زمان", "#5b6472", "#b3bcc9", "wavy", "Digit5", attributes=time),
    ]  # fmt: skip


def body() -> Node:
    """A fresh codebook body."""
    inferred = "An inferred implication needs your own words. | الدلالة المستنتجة تحتاج إلى صياغتك."
    return {
        "name": _name("Political codebook | دليل الترميز السياسي"),
        "labels": _labels(),
        "relations": _relations(),
        "rules": [
            {
                "label": "IMPLICATION",
                "if": {"explicitness": ["INFERRED"]},
                "require": ["gloss"],
                "level": "submit",
                "message": _name(inferred),
            },
        ],
    }
