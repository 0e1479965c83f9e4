"""Many documents with their annotations at once: checked line by line, stored by COPY."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from analysis.events.codebook import Codebook, validate_attributes, validate_relation
from annotator.coding.desk import codebook, current_codebook_id
from annotator.coding.models import AnnotationSet, SpanOrigin
from annotator.corpus.models import Document, ImportBatch
from annotator.corpus.problems import say
from annotator.corpus.services import NewDocument, new_document
from annotator.errors import Invalid
from annotator.registry.imported import NewEntry, add_imported, read_entry
from annotator.registry.models import Entity
from annotator.teams.access import Actor

MAX_DEPTH = 32
_ABOUT = ("title", "author", "source", "source_url", "external_id", "language")
_SPAN_KEYS = {
    "id",
    "label",
    "start",
    "end",
    "quote",
    "attributes",
    "entity",
    "note",
    "confidence",
    "fragments",
    "provenance",
}


@dataclass
class _Line:
    number: int
    document: NewDocument
    spans: list[dict[str, Any]] = field(default_factory=list)
    relations: list[dict[str, Any]] = field(default_factory=list)
    entries: dict[str, NewEntry] = field(default_factory=dict)  # registry entries the project lacks, by key


@dataclass
class Stored:
    imported: int = 0
    duplicates: list[tuple[int, str]] = field(default_factory=list)  # (line, title of the document that is there)


class Bulk:
    """Collects good lines, then writes them in one go inside the caller's transaction."""

    def __init__(self, *, actor: Actor, batch: ImportBatch) -> None:
        self.actor = actor
        self.batch = batch
        self.lines: list[_Line] = []
        self._version_id = current_codebook_id(batch.project_id)
        self._codebook: Codebook = codebook(self._version_id)
        self._entities: dict[str, int] | None = None

    @property
    def entities(self) -> dict[str, int]:
        """Registry keys of the project, asked once and only when a line links something."""
        if self._entities is None:
            rows = Entity.objects.filter(project_id=self.batch.project_id).values_list("key", "id")
            self._entities = dict(rows)
        return self._entities

    def add(self, number: int, raw: bytes) -> None:
        """Check one line. Raises Invalid with errors by field; then the line is left out."""
        data = read_line(raw)
        about = {key: _string(data, key) for key in _ABOUT}
        published = data.get("published_on") or data.get("published_at")
        document = new_document(
            text=_string(data, "text"),
            **about,
            published_on=_date(published),
            body_start=_whole(data, "body_start"),
            metadata=_object(data, "metadata"),
        )
        line = _Line(number, document)
        self._read_entries(line, data)
        self._read_spans(line, data)
        self.lines.append(line)

    def _read_entries(self, line: _Line, data: Mapping[str, Any]) -> None:
        """Registry entries that travel with the document. One whose key is known is not looked at: it stays as it is."""
        errors: dict[str, list[str]] = {}
        for key, given in _object(data, "entities").items():
            if key in self.entities:
                continue
            try:
                line.entries[key] = read_entry(key, given)
            except Invalid as error:
                errors.update({f"entities.{key[:40]}.{path}".rstrip("."): why for path, why in error.errors.items()})
        if errors:
            raise Invalid(_("Some values are not right."), errors=errors)

    def _read_spans(self, line: _Line, data: Mapping[str, Any]) -> None:
        text: str = line.document.fields["text"]
        errors: dict[str, list[str]] = {}
        labels: dict[str, str] = {}
        for i, span in enumerate(_objects(data, "spans")):
            try:
                good = self._span(span, text, line.entries)
            except Invalid as error:
                errors.update({f"spans.{i}.{path}": why for path, why in error.errors.items()})
                continue
            if good["id"] in labels:
                errors[f"spans.{i}.id"] = [_("The same value stands twice.")]
            labels[good["id"]] = good["label"]
            line.spans.append(good)
        for i, relation in enumerate(_objects(data, "relations")):
            try:
                line.relations.append(self._relation(relation, labels, line.entries))
            except Invalid as error:
                errors.update({f"relations.{i}.{path}": why for path, why in error.errors.items()})
        if errors:
            raise Invalid(_("Some values are not right."), errors=errors)

    def _span(self, span: Mapping[str, Any], text: str, entries: Mapping[str, NewEntry]) -> dict[str, Any]:
        if (
            unknown := span.keys()
            - _SPAN_KEYS
            - {"version", "origin", "score", "suggestion", "tagger", "tagger_version"}
        ):
            raise Invalid(errors={sorted(unknown)[0]: [_("Unknown field.")]})
        label, start, end = span.get("label"), span.get("start"), span.get("end")
        if self._codebook.label(label) is None:
            raise Invalid(errors={"label": [_("The codebook has no label “%(code)s”.") % {"code": str(label)[:40]}]})
        if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
            raise Invalid(errors={"end": [_("Start and end must be whole numbers inside the text, start before end.")]})
        quote = text[start:end]
        if span.get("quote", quote) != quote:
            raise Invalid(errors={"quote": [_("At these offsets the text says “%(there)s”.") % {"there": quote[:80]}]})
        attributes = span.get("attributes") or {}
        if wrong := validate_attributes(self._codebook, str(label), attributes, text):
            raise Invalid(errors={f"attributes.{p.path}".rstrip("."): [say(p)] for p in wrong})
        return {
            "id": _uuid(span.get("id"), "id"),
            "label": label,
            "start": start,
            "end": end,
            "quote": quote,
            "attributes": attributes,
            "entity": self._entity(span.get("entity"), "entity", entries),
            "note": _string(span, "note")[:4000],
            "confidence": span.get("confidence") if span.get("confidence") in (1, 2, 3) else None,
            "fragments": _fragments(span.get("fragments"), start, end),
        }

    def _entity(self, key: object, path: str, entries: Mapping[str, NewEntry]) -> str | None:
        """The key, if the registry or the line itself has an entry with it."""
        if key is None or key == "":
            return None
        if not isinstance(key, str) or not (key in self.entities or key in entries):
            raise Invalid(
                errors={path: [_("The registry has no entry with the key “%(key)s”.") % {"key": str(key)[:40]}]}
            )
        return key

    def _relation(
        self, relation: Mapping[str, Any], labels: Mapping[str, str], entries: Mapping[str, NewEntry]
    ) -> dict[str, Any]:
        ends: dict[str, tuple[str | None, str | None]] = {}  # a span's id, or an entry's key
        for side in ("from", "to"):
            end = _object(relation, side)
            if end.get("span"):
                span_id = _uuid(end["span"], side)
                if span_id not in labels:
                    raise Invalid(errors={side: [_("There is no span with this id in the line.")]})
                ends[side] = (span_id, None)
            else:
                entity = self._entity(end.get("entity"), side, entries)
                if entity is None:
                    raise Invalid(errors={side: [_("Either a span or an entity is needed.")]})
                ends[side] = (None, entity)
        attributes = relation.get("attributes") or {}
        sides = [labels[ends[s][0] or ""] if ends[s][0] else None for s in ("from", "to")]
        wrong = validate_relation(self._codebook, relation.get("type"), sides[0], sides[1], attributes)
        if wrong:
            raise Invalid(errors={p.path: [say(p)] for p in wrong})
        return {
            "id": _uuid(relation.get("id"), "id"),
            "type": relation["type"],
            "from": ends["from"],
            "to": ends["to"],
            "attributes": attributes,
            "note": _string(relation, "note")[:4000],
        }

    # -- writing

    def store(self) -> Stored:
        """Write all collected lines. Texts that are there already, or twice in the file, are reported instead."""
        stored = Stored()
        fresh = self._without_duplicates(stored)
        if not fresh:
            return stored
        new = {key: entry for line in fresh for key, entry in line.entries.items() if key not in self.entities}
        self.entities.update(add_imported(actor=self.actor, project=self.batch.project, entries=new))
        with connection.cursor() as cursor:
            ids = _next_ids(cursor, "corpus_document", len(fresh))
            with_spans = [(pk, line) for pk, line in zip(ids, fresh, strict=True) if line.spans]
            set_ids = _next_ids(cursor, "coding_annotationset", len(with_spans))
            now = timezone.now()
            _copy(cursor, "corpus_document", _DOCUMENT, (
                self._document_row(pk, line.document, now) for pk, line in zip(ids, fresh, strict=True)
            ))  # fmt: skip
            _copy(cursor, "corpus_documentsource", ("document_id", "raw", "raw_sha256", "encoding", "filename"), (
                (pk, line.document.raw, line.document.raw_sha256, line.document.encoding, line.document.filename)
                for pk, line in zip(ids, fresh, strict=True)
            ))  # fmt: skip
            _copy(cursor, "coding_annotationset", _SET, (
                self._set_row(set_id, pk, now) for set_id, (pk, _line) in zip(set_ids, with_spans, strict=True)
            ))  # fmt: skip
            _copy(cursor, "coding_span", _SPAN, self._span_rows(set_ids, with_spans))
            _copy(cursor, "coding_relation", _RELATION, self._relation_rows(set_ids, with_spans))
        stored.imported = len(fresh)
        return stored

    def _without_duplicates(self, stored: Stored) -> list[_Line]:
        hashes = [line.document.fields["text_sha256"] for line in self.lines]
        there = dict(
            Document.objects.filter(project_id=self.batch.project_id, text_sha256__in=hashes).values_list(
                "text_sha256", "title"
            )
        )
        fresh: list[_Line] = []
        for line, sha in zip(self.lines, hashes, strict=True):
            if sha in there:
                stored.duplicates.append((line.number, there[sha]))
            else:
                there[sha] = line.document.fields["title"]
                fresh.append(line)
        return fresh

    def _document_row(self, pk: int, new: NewDocument, now: Any) -> tuple[Any, ...]:
        f = new.fields
        return (
            pk, self.batch.project_id, f["external_id"], f["title"], f["author"], f["source"], f["source_url"],
            f["published_on"], f["language"], f["direction"], f["text"], f["length"], f["words"], f["body_start"],
            f["text_sha256"], json.dumps(f["metadata"], ensure_ascii=False), self.batch.pk, self.actor.user.pk, now, None,
        )  # fmt: skip

    def _set_row(self, pk: int, document_id: int, now: Any) -> tuple[Any, ...]:
        gold = self.batch.annotations == ImportBatch.Annotations.GOLD
        origin = AnnotationSet.Origin.GOLD if gold else AnnotationSet.Origin.MODEL
        tagger = "" if gold else f"import-{self.batch.pk}"
        return (
            pk, self.batch.project_id, document_id, self._version_id, origin.value, None, tagger, "" if gold else "1",
            1, 0, None, now, now,
        )  # fmt: skip

    def _span_rows(self, set_ids: list[int], lines: list[tuple[int, _Line]]) -> Iterable[tuple[Any, ...]]:
        gold = self.batch.annotations == ImportBatch.Annotations.GOLD
        origin = SpanOrigin.IMPORTED.value if gold else SpanOrigin.TAGGER.value
        for set_id, (document_id, line) in zip(set_ids, lines, strict=True):
            for s in line.spans:
                attributes = json.dumps(s["attributes"], ensure_ascii=False) if s["attributes"] else "{}"
                fragments = json.dumps(s["fragments"]) if s["fragments"] else None
                yield (
                    _own(s["id"], document_id), set_id, s["label"], s["start"], s["end"], fragments, s["quote"], attributes,
                    self.entities[s["entity"]] if s["entity"] else None, s["note"], s["confidence"], 1, origin, None, "", "", None, None,
                )  # fmt: skip

    def _relation_rows(self, set_ids: list[int], lines: list[tuple[int, _Line]]) -> Iterable[tuple[Any, ...]]:
        for set_id, (document_id, line) in zip(set_ids, lines, strict=True):
            for r in line.relations:
                (from_span, from_key), (to_span, to_key) = r["from"], r["to"]
                from_entity, to_entity = (self.entities[k] if k else None for k in (from_key, to_key))
                yield (
                    _own(r["id"], document_id), set_id, r["type"], _own(from_span, document_id), from_entity,
                    _own(to_span, document_id), to_entity, json.dumps(r["attributes"], ensure_ascii=False), r["note"], 1,
                )  # fmt: skip


_DOCUMENT = (
    "id", "project_id", "external_id", "title", "author", "source", "source_url", "published_on", "language",
    "direction", "text", "length", "words", "body_start", "text_sha256", "metadata", "batch_id", "created_by_id",
    "created_at", "archived_at",
)  # fmt: skip
_SET = (
    "id", "project_id", "document_id", "codebook_version_id", "origin", "author_id", "tagger", "tagger_version",
    "round", "version", "made_from_id", "created_at", "changed_at",
)  # fmt: skip
_SPAN = (
    "id", "set_id", "label", "start", "end", "fragments", "quote", "attributes", "entity_id", "note", "confidence",
    "version", "origin", "suggestion_id", "tagger", "tagger_version", "score", "reason",
)  # fmt: skip
_RELATION = (
    "id", "set_id", "type", "source_span_id", "source_entity_id", "target_span_id", "target_entity_id", "attributes",
    "note", "version",
)  # fmt: skip


def _own(span_id: str | None, document_id: int) -> uuid.UUID | None:
    """An id of our own for an imported span: the same file may be brought into two projects."""
    if span_id is None:
        return None
    return uuid.UUID(int=(uuid.UUID(span_id).int ^ (document_id * 0x9E3779B97F4A7C15F39CC0605CEDC835)) % (1 << 128))


def _next_ids(cursor: Any, table: str, count: int) -> list[int]:
    if not count:
        return []
    cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
    return [row[0] for row in cursor.fetchall()]


def _copy(cursor: Any, table: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    names = ", ".join(f'"{c}"' for c in columns)
    with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)


# -- reading a line strictly


def read_line(raw: bytes) -> dict[str, Any]:
    """One JSON object. Raises Invalid `json` for anything else, for keys that stand twice and for endless nesting."""
    try:
        data = json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        why = _("The line is not UTF-8 (byte %(position)s).") % {"position": error.start}
        raise Invalid(code="json", errors={"": [why]}) from error
    except (ValueError, RecursionError) as error:
        raise Invalid(
            code="json", errors={"": [_("The line is not JSON: %(why)s.") % {"why": str(error)[:200]}]}
        ) from error
    if not isinstance(data, dict):
        raise Invalid(code="json", errors={"": [_("An object is needed.")]})
    if "text" not in data:
        raise Invalid(errors={"text": [_("This field is needed.")]})
    return data


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out = dict(pairs)
    if len(out) < len(pairs):
        raise ValueError("a key stands twice")
    return out


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _string(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Invalid(errors={key: [_("A text is needed.")]})
    if "\0" in value and key != "text":
        raise Invalid(errors={key: [_("The text contains characters that cannot be stored.")]})
    return value


def _whole(data: Mapping[str, Any], key: str) -> int | None:
    value = data.get(key)
    if value is None or type(value) is int:
        return value
    raise Invalid(errors={key: [_("A whole number is needed.")]})


def _object(data: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = data.get(key) or {}
    if not isinstance(value, dict):
        raise Invalid(errors={key: [_("An object is needed.")]})
    if key == "metadata" and not _storable(value, 0):
        raise Invalid(errors={key: [_("The text contains characters that cannot be stored.")]})
    return value


def _storable(value: object, depth: int) -> bool:
    if depth > MAX_DEPTH:
        return False
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= c <= "\udfff" for c in value)
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


def _uuid(value: object, path: str) -> str:
    if value is None:
        return str(uuid.uuid4())
    try:
        return str(uuid.UUID(str(value)))
    except ValueError:
        raise Invalid(errors={path: [_("A UUID is needed.")]}) from None


def _fragments(value: object, start: int, end: int) -> list[list[int]] | None:
    if not value:
        return None
    good = isinstance(value, list) and all(
        isinstance(p, list) and len(p) == 2 and all(type(x) is int for x in p) and p[0] < p[1] for p in value
    )
    if not good or not isinstance(value, list) or value[0][0] != start or value[-1][1] != end:
        why = _("Fragments are at least two [start, end] pairs in order that begin and end with the span.")
        raise Invalid(errors={"fragments": [why]})
    return value
