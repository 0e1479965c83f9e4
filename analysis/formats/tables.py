"""CSV tables for spreadsheets: a span a row, an event a row. RFC 4180, UTF-8 with BOM, header always."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Record = Mapping[str, Any]
# A cell that begins so would run as a formula in a spreadsheet; a leading apostrophe shows it as text.
_FORMULA = tuple("=+-@\t\r＝＋－＠")

SPAN_COLUMNS = (
    "document_id", "external_id", "title", "published_on", "language", "set", "author", "tagger", "span_id", "label",
    "start", "end", "quote", "entity", "attributes", "note", "origin", "score",
)  # fmt: skip
EVENT_COLUMNS = (
    "document_id", "external_id", "title", "published_on", "set", "author", "event_id", "start", "end", "trigger",
    "type", "modes", "contexts", "polarity", "modality", "tense", "actors", "actor_texts", "recipients",
    "recipient_texts", "places", "times", "implications", "note",
)  # fmt: skip


def safe(value: object) -> str:
    """The cell as text that no spreadsheet will take for a formula."""
    if value is None:
        return ""
    text = str(value)
    return "'" + text if text.startswith(_FORMULA) and not isinstance(value, int | float) else text


def write(columns: Iterable[str], rows: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """The table as pieces of text, BOM and header first."""
    names = list(columns)
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow(names)
    for row in rows:
        writer.writerow([safe(row.get(name)) for name in names])
        if buffer.tell() > 60_000:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _about(record: Record) -> dict[str, object]:
    of = record.get("set") or {}
    return {
        "document_id": record["id"],
        "external_id": record["external_id"],
        "title": record["title"],
        "published_on": record["published_on"],
        "language": record["language"],
        "set": of.get("origin", ""),
        "author": of.get("author") or "",
        "tagger": of.get("tagger") or "",
    }


def span_rows(records: Iterable[Record]) -> Iterator[dict[str, object]]:
    """One row a span."""
    for record in records:
        about = _about(record)
        for span in record["spans"]:
            made = span.get("provenance") or span
            attributes = "; ".join(f"{code}={_value(value)}" for code, value in sorted(span["attributes"].items()))
            yield {
                **about, "span_id": span["id"], "label": span["label"], "start": span["start"], "end": span["end"],
                "quote": span["quote"], "entity": span.get("entity") or "", "attributes": attributes,
                "note": span.get("note", ""), "origin": made.get("origin", ""), "score": made.get("score"),
            }  # fmt: skip


def _value(value: object) -> str:
    if isinstance(value, list):
        return ",".join(map(str, value))
    if isinstance(value, Mapping):
        return str(value.get("quote", value))
    return str(value)


def event_rows(records: Iterable[Record]) -> Iterator[dict[str, object]]:
    """One row an EVENT span with its arguments and the implications it is linked to."""
    for record in records:
        about = _about(record)
        spans = {span["id"]: span for span in record["spans"]}
        for span in record["spans"]:
            if span["label"] != "EVENT":
                continue
            roles: dict[str, list[tuple[str, str]]] = {}
            implications: list[str] = []
            for relation in record["relations"]:
                if relation["from"].get("span") != span["id"]:
                    continue
                target = spans.get(relation["to"].get("span") or "")
                if relation["type"] == "ARG":
                    key = (target or {}).get("entity") or relation["to"].get("entity") or ""
                    text = target["quote"] if target else ""
                    roles.setdefault(relation["attributes"].get("role", ""), []).append((key, text))
                elif target is not None and target["label"] == "IMPLICATION":
                    implications.append(f"{relation['type']}: {target['quote']}")
            attributes = span["attributes"]
            yield {
                **about, "event_id": span["id"], "start": span["start"], "end": span["end"], "trigger": span["quote"],
                **{key: attributes.get(key, "") for key in ("type", "polarity", "modality", "tense")},
                "modes": ",".join(attributes.get("modes", [])), "contexts": ",".join(attributes.get("contexts", [])),
                "actors": _keys(roles, "ACTOR"), "actor_texts": _texts(roles, "ACTOR"),
                "recipients": _keys(roles, "RECIPIENT"), "recipient_texts": _texts(roles, "RECIPIENT"),
                "places": _texts(roles, "PLACE"), "times": _texts(roles, "TIME"),
                "implications": " | ".join(implications), "note": span.get("note", ""),
            }  # fmt: skip


def _keys(roles: Mapping[str, list[tuple[str, str]]], role: str) -> str:
    return ";".join(key for key, _text in roles.get(role, []) if key)


def _texts(roles: Mapping[str, list[tuple[str, str]]], role: str) -> str:
    return ";".join(text for _key, text in roles.get(role, []) if text)
