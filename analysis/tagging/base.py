"""What a tagger is, and the view of a document that all of them share."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Protocol

from analysis.text.normalise import normalise
from analysis.text.tokens import sentences, tokens
from analysis.types import Document, Span, Tagging

_NAMESPACE = uuid.UUID("0f3e1b0a-2a57-4b2e-9b63-3c5e0c3b8d11")
_LONGEST_WORD = 60  # no word of either language is longer; what is, is noise and never looked up


@lru_cache(maxsize=1 << 16)
def normal_word(text: str) -> tuple[str, tuple[int, ...]]:
    """The normal form of one word and where its letters stood; kept, because texts repeat their words."""
    normal = normalise(text)
    return normal.text, normal.starts


@dataclass(frozen=True, slots=True)
class Word:
    """A word or number. `norm` is its normal form, in lower case; `joined` says that only a space divides it from the next."""

    start: int
    end: int
    text: str
    norm: str
    joined: bool

    def at(self, index: int) -> int:
        """The offset in the text of letter `index` of the normal form."""
        return self.start + normal_word(self.text)[1][index]


class View:
    """A document with what taggers compute from it, worked out once: words and sentences."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text
        self.language = "ar" if document.language == "ar" else "en"

    @cached_property
    def words(self) -> list[Word]:
        found = [t for t in tokens(self.text) if t.is_word or t.text.isdigit()]
        out = []
        for i, token in enumerate(found):
            gap = self.text[token.end : found[i + 1].start] if i + 1 < len(found) else "\n"
            norm = normal_word(token.text)[0] if len(token.text) <= _LONGEST_WORD else ""
            out.append(Word(token.start, token.end, token.text, norm.lower(), gap in (" ", "\u00a0", "  ", "-", "")))
        return out

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        return list(sentences(self.text))


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
