"""What the language room takes and gives: frozen dataclasses.

Offsets are Unicode code points of the document's text, half-open. `quote` is always
exactly `text[start:end]`; who builds a `Span` by hand checks it with `Span.fits`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Document:
    """A text to be read. `language` is a BCP 47 primary tag: "ar" or "en"."""

    text: str
    language: str = "ar"
    title: str = ""
    published_on: str | None = None  # ISO date; relative dates are resolved against it


@dataclass(frozen=True, slots=True)
class Span:
    """A labelled stretch of text.

    `score` is the tagger's belief, a share from 0 to 1, None for a person's span.
    `reason` is the evidence a person may ask for: {"rule": …, "matched": …, …}.
    `entity` is the registry key of the actor or place it names, None if unknown.
    """

    id: str
    label: str
    start: int
    end: int
    quote: str
    attributes: Json = field(default_factory=dict)
    entity: str | None = None
    score: float | None = None
    reason: Json | None = None
    fragments: tuple[tuple[int, int], ...] | None = None

    def fits(self, text: str) -> bool:
        """Whether the offsets lie in `text` and the quote is what stands there."""
        return 0 <= self.start < self.end <= len(text) and text[self.start : self.end] == self.quote


@dataclass(frozen=True, slots=True)
class End:
    """One end of a relation: a span of the same set, or a registry entity that the text leaves implicit."""

    span: str | None = None
    entity: str | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """A typed link, e.g. ARG from an EVENT to its actor, SIGNALS from an EVENT to an IMPLICATION."""

    id: str
    type: str
    source: End
    target: End
    attributes: Json = field(default_factory=dict)
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Tagging:
    """What one tagger says about one document."""

    spans: tuple[Span, ...] = ()
    relations: tuple[Relation, ...] = ()
