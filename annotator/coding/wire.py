"""Spans and relations as plain data: what edits keep, what REST answers, what a snapshot holds. One shape everywhere."""

from __future__ import annotations

import hashlib
import json
import uuid
from typing import Any

from annotator.coding.models import AnnotationSet, Relation, Span, SuggestionDecision

Data = dict[str, Any]


def span_data(span: Span) -> Data:
    return {
        "id": str(span.pk),
        "label": span.label,
        "start": span.start,
        "end": span.end,
        "fragments": span.fragments,
        "quote": span.quote,
        "attributes": span.attributes,
        "entity": span.entity_id,
        "note": span.note,
        "confidence": span.confidence,
        "version": span.version,
        "origin": span.origin,
        "suggestion": str(span.suggestion_id) if span.suggestion_id else None,
        "tagger": span.tagger,
        "tagger_version": span.tagger_version,
        "score": span.score,
    }


def suggestion_data(span: Span, status: str = "OPEN") -> Data:
    """A span of a MODEL set as a suggestion: with its reason and with what this person decided."""
    return {**span_data(span), "reason": span.reason or {}, "status": status}


def span_from_data(data: Data, set_id: int) -> Span:
    """The unsaved row that `span_data` came from."""
    return Span(
        id=uuid.UUID(data["id"]),
        set_id=set_id,
        label=data["label"],
        start=data["start"],
        end=data["end"],
        fragments=data["fragments"],
        quote=data["quote"],
        attributes=data["attributes"],
        entity_id=data["entity"],
        note=data["note"],
        confidence=data["confidence"],
        version=data["version"],
        origin=data["origin"],
        suggestion_id=uuid.UUID(data["suggestion"]) if data["suggestion"] else None,
        tagger=data["tagger"],
        tagger_version=data["tagger_version"],
        score=data["score"],
    )


def _end(span_id: uuid.UUID | None, entity_id: int | None) -> Data:
    return {"span": str(span_id)} if span_id else {"entity": entity_id}


def relation_data(relation: Relation) -> Data:
    return {
        "id": str(relation.pk),
        "type": relation.type,
        "from": _end(relation.source_span_id, relation.source_entity_id),
        "to": _end(relation.target_span_id, relation.target_entity_id),
        "attributes": relation.attributes,
        "note": relation.note,
        "version": relation.version,
    }


def relation_from_data(data: Data, set_id: int) -> Relation:
    """The unsaved row that `relation_data` came from."""
    source, target = data["from"], data["to"]
    return Relation(
        id=uuid.UUID(data["id"]),
        set_id=set_id,
        type=data["type"],
        source_span_id=uuid.UUID(source["span"]) if source.get("span") else None,
        source_entity_id=source.get("entity"),
        target_span_id=uuid.UUID(target["span"]) if target.get("span") else None,
        target_entity_id=target.get("entity"),
        attributes=data["attributes"],
        note=data["note"],
        version=data["version"],
    )


def decision_data(decision: SuggestionDecision) -> Data:
    return {
        "suggestion": str(decision.suggestion_id),
        "status": decision.status,
        "span": str(decision.span_id) if decision.span_id else None,
        "ms": decision.ms,
        "surface": decision.surface,
    }


def set_data(annotation_set: AnnotationSet, state: str | None = None) -> Data:
    return {
        "id": annotation_set.pk,
        "origin": annotation_set.origin,
        "round": annotation_set.round,
        "version": annotation_set.version,
        "tagger": annotation_set.tagger or None,
        "tagger_version": annotation_set.tagger_version or None,
        "codebook_version": annotation_set.codebook_version_id,
        "state": state,
    }


def canonical_json(value: object) -> bytes:
    """One spelling for equal values: sorted keys, no spaces, UTF-8. Hashes are taken over it."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")


def digest(value: object) -> str:
    return hashlib.sha256(canonical_json(value)).hexdigest()
