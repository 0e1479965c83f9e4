"""Reading edits as they come from outside: strict shapes, exact types, and errors that name the place."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from annotator.coding.models import SuggestionDecision
from annotator.coding.wire import digest
from annotator.errors import Invalid, TooLarge

MAX_EDITS = 200
MAX_NOTE = 4000
MAX_OFFSET = 2**31 - 1

SPAN_OPS = {"add_span", "update_span", "delete_span"}
RELATION_OPS = {"add_relation", "update_relation", "delete_relation"}
SUGGESTION_OPS = {"accept_suggestion", "reject_suggestion"}
HISTORY_OPS = {"undo", "redo"}
VERSIONED_OPS = {"update_span", "delete_span", "update_relation", "delete_relation"}
RESTORE = "restore_span"
OPS = SPAN_OPS | RELATION_OPS | SUGGESTION_OPS | HISTORY_OPS | {RESTORE}

_SPAN_KEYS = {"id", "label", "start", "end", "fragments", "quote", "attributes", "entity", "note", "confidence"}
_RELATION_KEYS = {"id", "type", "from", "to", "attributes", "note"}


@dataclass
class EditIn:
    """One edit, read and typed, not yet checked against the document."""

    path: str
    id: uuid.UUID
    op: str
    group: uuid.UUID
    payload_hash: str
    base_version: int | None = None
    span: dict[str, Any] = field(default_factory=dict)
    relation: dict[str, Any] = field(default_factory=dict)
    suggestion: uuid.UUID | None = None
    as_of: uuid.UUID | None = None  # the edit that left the span as it is to be again
    ms: int | None = None
    surface: str = ""


class Reader:
    """Collects what is wrong, by path, so that the person sees all of it at once."""

    def __init__(self) -> None:
        self.errors: dict[str, list[str]] = {}

    def wrong(self, path: str, why: str) -> None:
        self.errors.setdefault(path, []).append(why)

    def finish(self) -> None:
        if self.errors:
            raise Invalid(_("Some values are not right."), errors=self.errors)

    def uuid(self, path: str, value: object) -> uuid.UUID | None:
        if isinstance(value, str):
            try:
                return uuid.UUID(value)
            except ValueError:
                pass
        self.wrong(path, _("A UUID is needed."))
        return None

    def integer(self, path: str, value: object, low: int = 0, high: int = MAX_OFFSET) -> int | None:
        if type(value) is int and low <= value <= high:
            return value
        self.wrong(path, _("A whole number from %(low)s to %(high)s is needed.") % {"low": low, "high": high})
        return None

    def text(self, path: str, value: object, longest: int) -> str | None:
        if not isinstance(value, str):
            self.wrong(path, _("A text is needed."))
        elif len(value) > longest:
            self.wrong(path, _("The text is longer than %(longest)s characters.") % {"longest": longest})
        elif "\0" in value or any("\ud800" <= c <= "\udfff" for c in value):
            self.wrong(path, _("The text contains characters that cannot be stored."))
        else:
            return value
        return None

    def mapping(self, path: str, value: object, keys: set[str] | None = None) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            self.wrong(path, _("An object is needed."))
            return {}
        for key in value:
            if keys is not None and key not in keys:
                self.wrong(f"{path}.{key}", _("Unknown field."))
        return dict(value)


def read_edits(body: object) -> list[EditIn]:
    """The edits of a request body, at least one. Raises Invalid with errors by path, TooLarge for more than 200."""
    read = Reader()
    top = read.mapping("body", body, {"edits"})
    edits = top.get("edits")
    if not isinstance(edits, Sequence) or isinstance(edits, str):
        raise Invalid(_("Some values are not right."), errors={"edits": [_("A list is needed.")]})
    if not edits:
        read.wrong("edits", _("At least one edit is needed."))
    if len(edits) > MAX_EDITS:
        raise TooLarge(_("At most %(most)s edits at a time.") % {"most": MAX_EDITS})
    out: list[EditIn] = []
    seen: set[uuid.UUID] = set()
    for i, raw in enumerate(edits):
        edit = _read_edit(read, f"edits.{i}", raw)
        if edit is None:
            continue
        if edit.id in seen:
            read.wrong(f"{edit.path}.id", _("The same edit stands twice in this request."))
        seen.add(edit.id)
        out.append(edit)
    read.finish()
    return out


def _keys_of(op: str) -> set[str]:
    keys = {"base_version"} if op in VERSIONED_OPS else set()
    if op in SPAN_OPS or op == "accept_suggestion":
        keys.add("span")
    if op in RELATION_OPS:
        keys.add("relation")
    if op == RESTORE:
        keys |= {"span", "as_of", "base_version"}
    if op in SUGGESTION_OPS:
        keys |= {"suggestion", "ms", "surface"}
    return keys


def _read_edit(read: Reader, path: str, raw: object) -> EditIn | None:
    if not isinstance(raw, Mapping):
        read.wrong(path, _("An object is needed."))
        return None
    op = raw.get("op")
    if not isinstance(op, str) or op not in OPS:
        read.wrong(f"{path}.op", _("Unknown operation."))
        return None
    data = read.mapping(path, raw, {"id", "op", "group"} | _keys_of(op))
    edit_id = read.uuid(f"{path}.id", data.get("id"))
    if edit_id is None:
        return None
    group = read.uuid(f"{path}.group", data["group"]) if "group" in data else edit_id
    edit = EditIn(path, edit_id, op, group or edit_id, digest(data))
    if op in VERSIONED_OPS:
        edit.base_version = read.integer(f"{path}.base_version", data.get("base_version"), 1)
    if op in SPAN_OPS or (op == "accept_suggestion"):
        edit.span = _read_span(read, f"{path}.span", data.get("span"), op)
    if op == RESTORE:
        edit.span = _read_span(read, f"{path}.span", data.get("span"), op)
        edit.as_of = read.uuid(f"{path}.as_of", data.get("as_of"))
        if "base_version" in data:  # of a span that is there; one that was removed has none
            edit.base_version = read.integer(f"{path}.base_version", data["base_version"], 1)
    if op in RELATION_OPS:
        edit.relation = _read_relation(read, f"{path}.relation", data.get("relation"), op)
    if op in SUGGESTION_OPS:
        edit.suggestion = read.uuid(f"{path}.suggestion", data.get("suggestion"))
        if data.get("ms") is not None:
            took = read.integer(f"{path}.ms", data["ms"], high=2**53)
            edit.ms = None if took is None else min(took, SuggestionDecision.MAX_MS)
        if (surface := data.get("surface")) is not None:
            if surface not in SuggestionDecision.Surface.values:
                read.wrong(f"{path}.surface", _("Unknown choice."))
            edit.surface = str(surface)
    return edit


def _read_span(read: Reader, path: str, raw: object, op: str) -> dict[str, Any]:
    span = read.mapping(path, raw, _SPAN_KEYS)
    out: dict[str, Any] = {"id": read.uuid(f"{path}.id", span.get("id"))}
    if op in ("delete_span", RESTORE):
        return out
    if op == "add_span":
        for key in ("label", "start", "end", "quote"):
            if key not in span:
                read.wrong(f"{path}.{key}", _("This field is needed."))
    elif {"start", "end", "fragments"} & span.keys() and not {"start", "end", "quote"} <= span.keys():
        read.wrong(path, _("A new extent needs start, end and quote together."))
    if "label" in span:
        out["label"] = read.text(f"{path}.label", span["label"], 40)
    for key in ("start", "end"):
        if key in span:
            out[key] = read.integer(f"{path}.{key}", span[key])
    if "quote" in span:
        out["quote"] = read.text(f"{path}.quote", span["quote"], 10_000_000)
    if "attributes" in span:
        out["attributes"] = read.mapping(f"{path}.attributes", span["attributes"])
    if "entity" in span:
        out["entity"] = None if span["entity"] is None else read.integer(f"{path}.entity", span["entity"], 1, 2**63 - 1)
    if "note" in span:
        out["note"] = read.text(f"{path}.note", span["note"], MAX_NOTE)
    if "confidence" in span:
        value = span["confidence"]
        out["confidence"] = None if value is None else read.integer(f"{path}.confidence", value, 1, 3)
    if "fragments" in span:
        out["fragments"] = _read_fragments(read, f"{path}.fragments", span["fragments"], out)
    if out.get("start") is not None and out.get("end") is not None and out["start"] >= out["end"]:
        read.wrong(f"{path}.end", _("The end must lie behind the start."))
    return out


def _read_fragments(read: Reader, path: str, raw: object, span: Mapping[str, Any]) -> list[list[int]] | None:
    if raw is None:
        return None
    good = isinstance(raw, list) and 2 <= len(raw) <= 50
    previous = -1
    for part in raw if good and isinstance(raw, list) else []:
        if not (isinstance(part, list) and len(part) == 2 and all(type(x) is int for x in part)):
            good = False
            break
        if not previous < part[0] < part[1]:
            good = False
            break
        previous = part[1]
    if not good or not isinstance(raw, list) or raw[0][0] != span.get("start") or raw[-1][1] != span.get("end"):
        read.wrong(path, _("Fragments are at least two [start, end] pairs in order that begin and end with the span."))
        return None
    return raw


def _read_relation(read: Reader, path: str, raw: object, op: str) -> dict[str, Any]:
    relation = read.mapping(path, raw, _RELATION_KEYS)
    out: dict[str, Any] = {"id": read.uuid(f"{path}.id", relation.get("id"))}
    if op == "delete_relation":
        return out
    if op == "add_relation":
        for key in ("type", "from", "to"):
            if key not in relation:
                read.wrong(f"{path}.{key}", _("This field is needed."))
    if "type" in relation:
        out["type"] = read.text(f"{path}.type", relation["type"], 40)
    for key in ("from", "to"):
        if key in relation:
            out[key] = _read_end(read, f"{path}.{key}", relation[key])
    if "attributes" in relation:
        out["attributes"] = read.mapping(f"{path}.attributes", relation["attributes"])
    if "note" in relation:
        out["note"] = read.text(f"{path}.note", relation["note"], MAX_NOTE)
    return out


def _read_end(read: Reader, path: str, raw: object) -> dict[str, Any]:
    end = read.mapping(path, raw, {"span", "entity"})
    given = [key for key in ("span", "entity") if end.get(key) is not None]
    if len(given) != 1:
        read.wrong(path, _("Either a span or an entity is needed."))
        return {}
    if given[0] == "span":
        found = read.uuid(f"{path}.span", end["span"])
        return {"span": str(found)} if found else {}
    return {"entity": read.integer(f"{path}.entity", end["entity"], 1, 2**63 - 1)}
