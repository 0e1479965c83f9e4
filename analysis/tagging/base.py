"""What a tagger is, and the view of a document that all of them share."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Protocol

from analysis.text.normalise import Normalised, normalise
from analysis.text.tokens import Token, sentences, tokens
from analysis.types import Document, Span, Tagging

_NAMESPACE = uuid.UUID("0f3e1b0a-2a57-4b2e-9b63-3c5e0c3b8d11")


class View:
    """A document with what taggers compute from it, worked out once: tokens, sentences, normal form."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text
        self.language = document.language

    @cached_property
    def tokens(self) -> list[Token]:
        return tokens(self.text)

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        return list(sentences(self.text))

    @cached_property
    def normal(self) -> Normalised:
        return normalise(self.text)


class Tagger(Protocol):
    """Same document, same version: same answer. `version` changes whenever the answer may change."""

    name: str
    version: str
    languages: tuple[str, ...]

    def tag(self, view: View) -> Tagging: ...


def make_span(
    view: View,
    label: str,
    start: int,
    end: int,
    *,
    score: float,
    reason: Mapping[str, Any],
    attributes: Mapping[str, Any] | None = None,
    entity: str | None = None,
) -> Span:
    """A suggested span with its quote and an id that depends on nothing but its content."""
    quote = view.text[start:end]
    span_id = str(uuid.uuid5(_NAMESPACE, f"{label}/{start}/{end}/{entity}/{quote}"))
    return Span(span_id, label, start, end, quote, dict(attributes or {}), entity, score, dict(reason))
