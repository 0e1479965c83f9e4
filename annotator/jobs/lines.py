"""Reading one line of Dalala JSONL strictly. Nothing here asks the database, so that lines are read beside its work."""

from __future__ import annotations

import json
import math
import re
import uuid
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from analysis.events.codebook import Codebook, Problem, validate_attributes, validate_relation
from annotator.corpus.problems import say
from annotator.corpus.services import NewDocument, new_document
from annotator.errors import DomainError, Invalid
from annotator.registry.imported import NewEntry, read_entry

FORMAT = "dalala-jsonl/1"
MAX_DEPTH = 32
MAX_DIGITS = 19
MAX_NOTE = 4000
_ABOUT = ("title", "author", "source", "source_url", "external_id", "language")
_SPAN_KEYS = {
    "id", "label", "start", "end", "quote", "attributes", "entity", "note", "confidence", "fragments", "provenance",
    # What REST and older exports add; it says nothing that an import could keep.
    "version", "origin", "score", "suggestion", "tagger", "tagger_version",
}  # fmt: skip
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


@dataclass(slots=True)
class SpanIn:
    """A checked span. `id` is the number of the UUID it has in the file; `entity` a key of the registry."""

    id: int
    label: str
    start: int
    end: int
    quote: str
    attributes: Mapping[str, Any]
    entity: str | None
    note: str
    confidence: int | None
    fragments: list[list[int]] | None
    tagger: str
    tagger_version: str
    score: float | None


@dataclass(slots=True)
class End:
    """One end of a relation: the number of a span's UUID, or a key of the registry."""

    span: int | None = None
    entity: str | None = None


@dataclass(slots=True)
class RelationIn:
    id: int
    type: str
    source: End
    target: End
    attributes: Mapping[str, Any]
    note: str


@dataclass(slots=True)
class Line:
    number: int
    document: NewDocument
    spans: list[SpanIn] = field(default_factory=list)
    relations: list[RelationIn] = field(default_factory=list)
    entries: dict[str, NewEntry] = field(default_factory=dict)  # registry entries the project lacks, by key
    is_coded: bool = False  # also where the coder found nothing to mark


class LineReader:
    """Checks lines against a codebook and the keys of a registry."""

    def __init__(self, codebook: Codebook, keys: Container[str]) -> None:
        self.codebook = codebook
        self.keys = keys

    def read(self, number: int, raw: bytes) -> Line:
        """Check one line. Raises Invalid or TooLarge with errors by field; then the line is to be left out."""
        data = read_object(raw)
        about: dict[str, Any] = {key: _string(data, key) for key in _ABOUT}
        line = Line(
            number,
            new_document(
                text=_string(data, "text"),
                **about,
                published_on=_date(data.get("published_on") or data.get("published_at")),
                body_start=_whole(data, "body_start"),
                metadata=_metadata(data),
            ),
        )
        errors: dict[str, list[str]] = {}
        for key, given in _object(data, "entities").items():
            # An entry whose key is known is not looked at: it stays as it is.
            if key not in self.keys:
                with _collect(errors, f"entities.{_UNSTORABLE.sub('?', key)[:40]}"):
                    line.entries[key] = read_entry(key, given)
        labels: dict[int, str] = {}
        for i, given in enumerate(_objects(data, "spans")):
            with _collect(errors, f"spans.{i}"):
                span = self._span(given, line)
                if span.id in labels:
                    raise Invalid(errors={"id": [_("The same value stands twice.")]})
                labels[span.id] = span.label
                line.spans.append(span)
        seen: set[int] = set()
        for i, given in enumerate(_objects(data, "relations")):
            with _collect(errors, f"relations.{i}"):
                relation = self._relation(given, labels, line)
                if relation.id in seen:
                    raise Invalid(errors={"id": [_("The same value stands twice.")]})
                seen.add(relation.id)
                line.relations.append(relation)
        if errors:
            raise Invalid(_("Some values are not right."), errors=errors)
        line.is_coded = bool(line.spans or line.relations or _object(data, "set"))
        return line

    def _span(self, given: Mapping[str, Any], line: Line) -> SpanIn:
        if unknown := given.keys() - _SPAN_KEYS:
            raise Invalid(errors={_UNSTORABLE.sub("?", min(unknown))[:40]: [_("Unknown field.")]})
        text: str = line.document.fields["text"]
        code, start, end = given.get("label"), given.get("start"), given.get("end")
        label = self.codebook.label(code)
        if label is None:
            raise Invalid(errors={"label": [_("The codebook has no label “%(code)s”.") % {"code": _shown(code)}]})
        if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
            why = _("Start and end must be whole numbers inside the text, start before end.")
            raise Invalid(errors={"end": [why]})
        quote = text[start:end]
        if given.get("quote", quote) != quote:
            raise Invalid(errors={"quote": [_("At these offsets the text says “%(there)s”.") % {"there": quote[:80]}]})
        attributes = given.get("attributes") or {}
        _refuse(validate_attributes(self.codebook, str(code), attributes, text), "attributes")
        entity = self._entity(given.get("entity"), "entity", line)
        if entity and not label.get("entity"):
            raise Invalid(errors={"entity": [_("Spans of this label are not linked to the registry.")]})
        provenance = _object(given, "provenance")
        return SpanIn(
            id=_uuid(given, "id"),
            label=str(code),
            start=start,
            end=end,
            quote=quote,
            attributes=attributes,
            entity=entity,
            note=_string(given, "note", MAX_NOTE),
            confidence=_confidence(given),
            fragments=_fragments(given.get("fragments"), start, end),
            tagger=_string(provenance, "tagger", 80),
            tagger_version=_string(provenance, "tagger_version", 80),
            score=_share(provenance, "score"),
        )

    def _entity(self, key: object, path: str, line: Line) -> str | None:
        """The key, if the registry or the line itself has an entry with it."""
        if key is None or key == "":
            return None
        if not isinstance(key, str) or not (key in self.keys or key in line.entries):
            raise Invalid(
                errors={path: [_("The registry has no entry with the key “%(key)s”.") % {"key": _shown(key)}]}
            )
        return key

    def _relation(self, given: Mapping[str, Any], labels: Mapping[int, str], line: Line) -> RelationIn:
        ends: list[End] = []
        for side in ("from", "to"):
            end = _object(given, side)
            if end.get("span"):
                span = _uuid(end, "span", side)
                if span not in labels:
                    raise Invalid(errors={side: [_("There is no span with this id in the line.")]})
                ends.append(End(span=span))
            elif entity := self._entity(end.get("entity"), side, line):
                ends.append(End(entity=entity))
            else:
                raise Invalid(errors={side: [_("Either a span or an entity is needed.")]})
        source, target = ends
        if source == target:
            raise Invalid(errors={"to": [_("A relation needs two different ends.")]})
        attributes = given.get("attributes") or {}
        names = [None if end.span is None else labels[end.span] for end in ends]
        _refuse(validate_relation(self.codebook, given.get("type"), names[0], names[1], attributes))
        return RelationIn(
            _uuid(given, "id"), str(given["type"]), source, target, attributes, _string(given, "note", MAX_NOTE)
        )


class _collect:
    """Turns an Invalid inside the block into errors under a path, so that one line tells all that is wrong with it."""

    def __init__(self, errors: dict[str, list[str]], path: str) -> None:
        self.errors = errors
        self.path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        if not isinstance(error, DomainError) or not error.errors:
            return False
        self.errors.update({f"{self.path}.{path}".rstrip("."): why for path, why in error.errors.items()})
        return True


def _refuse(problems: list[Problem], prefix: str = "") -> None:
    if problems:
        raise Invalid(errors={f"{prefix}.{p.path}".strip("."): [say(p)] for p in problems})


def read_object(raw: bytes) -> dict[str, Any]:
    """One JSON object. Raises Invalid `json` for anything else, for keys that stand twice and for endless nesting."""
    try:
        data = json.loads(
            raw.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_constant, parse_int=_integer
        )
    except UnicodeDecodeError as error:
        why = _("The line is not UTF-8 (byte %(position)s).") % {"position": error.start + 1}
        raise Invalid(why, code="json") from error
    except (ValueError, RecursionError) as error:
        raise Invalid(_("The line is not JSON: %(why)s.") % {"why": _why(error)}, code="json") from error
    if not isinstance(data, dict):
        raise Invalid(_("An object is needed."), code="json")
    if data.get("format", FORMAT) != FORMAT:
        raise Invalid(errors={"format": [_("Only %(format)s can be read.") % {"format": FORMAT}]})
    if "text" not in data:
        raise Invalid(errors={"text": [_("This field is needed.")]})
    return data


def _why(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return _("something is wrong at character %(position)s") % {"position": error.pos + 1}
    if isinstance(error, RecursionError):
        return _("it is nested too deeply")
    return str(error)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out = dict(pairs)
    if len(out) < len(pairs):
        raise ValueError(_("a key stands twice"))
    return out


def _integer(digits: str) -> int:
    if len(digits.lstrip("-")) > MAX_DIGITS:
        raise Invalid(_("A number is too large."), code="json")
    return int(digits)


def _no_constant(name: str) -> None:
    raise ValueError(_("%(name)s is not a number of JSON") % {"name": name})


def _shown(value: object) -> str:
    return _UNSTORABLE.sub("?", str(value)[:40])


def _string(data: Mapping[str, Any], key: str, longest: int | None = None) -> str:
    """A text; with `longest` it must also be storable. Texts without it are checked by `new_document`."""
    value = data.get(key)
    if not value and (value is None or value == ""):
        return ""
    if not isinstance(value, str):
        raise Invalid(errors={key: [_("A text is needed.")]})
    if longest is not None:
        if len(value) > longest:
            raise Invalid(errors={key: [_("At most %(longest)s characters.") % {"longest": longest}]})
        if _UNSTORABLE.search(value):
            raise Invalid(errors={key: [_("The text contains characters that cannot be stored.")]})
    return value


def _whole(data: Mapping[str, Any], key: str) -> int | None:
    value = data.get(key)
    if value is None or type(value) is int:
        return value
    raise Invalid(errors={key: [_("A whole number is needed.")]})


def _confidence(data: Mapping[str, Any]) -> int | None:
    value = data.get("confidence")
    if value is None or (type(value) is int and 1 <= value <= 3):
        return value
    why = _("A whole number from %(low)s to %(high)s is needed.") % {"low": 1, "high": 3}
    raise Invalid(errors={"confidence": [why]})


def _share(data: Mapping[str, Any], key: str) -> float | None:
    value = data.get(key)
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1:
        return float(value)
    raise Invalid(errors={f"provenance.{key}": [_("A number from 0 to 1 is needed.")]})


def _object(data: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = data.get(key) or {}
    if not isinstance(value, dict):
        raise Invalid(errors={key: [_("An object is needed.")]})
    return value


def _metadata(data: Mapping[str, Any]) -> dict[str, Any]:
    value = _object(data, "metadata")
    if value and not _storable(value, 0):
        raise Invalid(errors={"metadata": [_("The text contains characters that cannot be stored.")]})
    return value


def _storable(value: object, depth: int) -> bool:
    if depth > MAX_DEPTH:
        return False
    if isinstance(value, str):
        return _UNSTORABLE.search(value) is None
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, dict):
        return all(_storable(k, depth + 1) and _storable(v, depth + 1) for k, v in value.items())
    if isinstance(value, list):
        return all(_storable(v, depth + 1) for v in value)
    return True


def _objects(data: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    value = data.get(key) or []
    if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
        raise Invalid(errors={key: [_("A list of objects is needed.")]})
    return value


def _date(value: object) -> date | None:
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise Invalid(errors={"published_on": [_("A date such as 2022-05-30 is needed.")]}) from None


def _uuid(data: Mapping[str, Any], key: str, path: str = "") -> int:
    """The number of the UUID; a fresh one when there is none."""
    value = data.get(key)
    if value is None:
        return uuid.uuid4().int
    if isinstance(value, str) and len(value) == 36 and value.isascii():
        # Ten times as fast as uuid.UUID, which takes braces and prefixes as well.
        plain = value.replace("-", "")
        if len(plain) == 32 and plain.isalnum():
            try:
                return int(plain, 16)
            except ValueError:
                pass
    raise Invalid(errors={path or key: [_("A UUID is needed.")]})


def _fragments(value: object, start: int, end: int) -> list[list[int]] | None:
    if not value:
        return None
    good = isinstance(value, list) and 2 <= len(value) <= 50
    previous = -1
    for part in value if isinstance(value, list) and good else ():
        good = good and isinstance(part, list) and len(part) == 2 and all(type(x) is int for x in part)
        good = good and previous < part[0] < part[1]
        if not good:
            break
        previous = part[1]
    if not good or not isinstance(value, list) or value[0][0] != start or value[-1][1] != end:
        why = _("Fragments are at least two [start, end] pairs in order that begin and end with the span.")
        raise Invalid(errors={"fragments": [why]})
    return value
