"""The taggers over the built-in registry, and short ways to ask what they say."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from analysis.tagging.gazetteer import Name
from analysis.tagging.registry import Taggers
from analysis.types import Document, Span
from tests.analysis.tagging.built_in import built_in_names

Ask = Callable[..., list[Span]]


@pytest.fixture(scope="session")
def names() -> list[Name]:
    return built_in_names()


@pytest.fixture(scope="session")
def taggers(names: list[Name]) -> Taggers:
    return Taggers(names)


@pytest.fixture(scope="session")
def ask(taggers: Taggers) -> Ask:
    """Suggestions of one label: ask("ACTOR", text)."""

    def asked(label: str, text: str, language: str = "ar") -> list[Span]:
        found = taggers.tag(Document(text, language, published_on="2024-03-14"))
        return [s for tagging in found.values() for s in tagging.spans if s.label == label]

    return asked
