"""The articles to measure by are coded as the codebook and its guidelines ask. What taggers make of them is not shown here."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from analysis.events.codebook import Codebook, political_codebook, validate_attributes
from tests.gold import CODED, Article, read, unseen

each = pytest.mark.parametrize("article", unseen(), ids=lambda a: a.name)


@each
def test_marks_are_words_of_the_text(article: Article) -> None:
    for span in article.spans:
        assert article.text[span.start : span.end] == span.quote
        assert re.fullmatch(r"\w(?:.*\w)?", span.quote), span.quote  # no signs and no spaces at the edges
        # Only attached letters stand between a mark and the beginning of its word.
        before = re.search(r"\w*$", article.text[: span.start])
        assert before is not None
        assert re.fullmatch(r"[وفبلكس]{0,2}", before[0]), before[0] + span.quote
        assert not article.text[span.end : span.end + 1].isalnum(), span.quote
    assert "{" not in article.text
    assert "}" not in article.text


@each
def test_marks_are_coded_by_the_codebook(article: Article) -> None:
    book = Codebook(political_codebook())
    for span in article.spans:
        problems = validate_attributes(book, span.label, span.attributes)
        assert not list(problems), (span.quote, problems)
        assert (span.label in CODED) == bool(span.attributes), span.quote


@each
def test_marks_lie_inside_one_another_or_apart(article: Article) -> None:
    for a in article.spans:
        for b in article.spans:
            assert not a.start < b.start < a.end < b.end, (a.quote, b.quote)
    extents = [(s.label, s.start, s.end) for s in article.spans]
    assert len(extents) == len(set(extents))


@each
def test_each_article_has_all_that_is_measured(article: Article) -> None:
    assert {"ACTOR", "EVENT", "IMPLICATION"} <= {s.label for s in article.spans}
    assert date.fromisoformat(article.published_on)
    assert {"ar": r"[\u0621-\u064a]", "en": r"[a-z]"}[article.language]
    assert len(article.text.split()) >= 120


@pytest.mark.parametrize("marked", ["{A|one", "one}", "{A|one}}", "{A|{P|one}"])
def test_a_brace_too_many_or_too_few_is_said(tmp_path: Path, marked: str) -> None:
    path = tmp_path / "wrong.txt"
    path.write_text(f"language: en\npublished: 2024-01-01\n\n{marked}", encoding="utf-8")
    with pytest.raises(ValueError, match=r"wrong\.txt"):
        read(path)


def test_marks_inside_marks(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("language: en\npublished: 2024-01-01\n\n{I.RISK|{A|They} fear} it", encoding="utf-8")
    found = read(path)
    assert found.text == "They fear it"
    assert [(s.label, s.quote) for s in found.spans] == [("ACTOR", "They"), ("IMPLICATION", "They fear")]
