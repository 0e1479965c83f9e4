"""What every tagger promises: quotes that fit, the same answer twice, no text that stops it; and how good they are."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.events.codebook import Codebook, political_codebook, validate_attributes
from analysis.tagging.evaluation import evaluate
from analysis.tagging.gazetteer import Gazetteer, Name
from analysis.tagging.registry import NAMES, Taggers
from analysis.types import Document, Span
from annotator.jobs import sample
from tests.analysis.tagging.built_in import every

PIECES = st.sampled_from(
    [
        "روسيا", "وبروسيا", "للغرب", "القِمّة", "وبالقمة", "الرئيس", "الصيني", "وزير", "الخارجية", "محمد", "بن", "المنظمة", "دول",
        "تسعى", "إلى", "أن", "قد", "يتعثر", "من", "المتوقع", "مما يعني أن", "لم", "يوقع", "فرض", "العقوبات", "5 مايو 2020", "أمس", "ﻻ",
        "\u202bقال\u202c", "😀", "🏳️‍🌈", "ﷺ", "العـــراق", "بـ«القمة»", "President", "Iran's", "should", "likely to", "the alliance",
        "attacked", "in order to", "U.S.", "Xi Jinping", ".", "،", "؛", "\n", "\n\n", "  ", "\u200f", "«", "»", "(", "ب", "و", "ال", "لل",
    ]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=25).map(" ".join) | st.text(st.characters(exclude_categories=["Cs"]), max_size=120)
CODEBOOK = Codebook(political_codebook())


@settings(deadline=None, max_examples=150)
@given(text=TEXTS, language=st.sampled_from(["ar", "en"]))
def test_every_quote_is_what_stands_there_and_every_attribute_a_code(taggers: Taggers, text: str, language: str):
    for span in every(taggers.tag(Document(text, language, published_on="2024-02-29"))):
        assert span.fits(text), span
        assert span.quote.strip() == span.quote != ""
        assert validate_attributes(CODEBOOK, span.label, dict(span.attributes), text) == [], span
        assert 0 < (span.score or 0) < 1


@settings(deadline=None, max_examples=40)
@given(text=TEXTS, language=st.sampled_from(["ar", "en"]))
def test_the_same_text_gets_the_same_answer_also_from_another_process_of_mind(
    taggers: Taggers, names: list[Name], text: str, language: str
):
    document = Document(text, language, published_on="2024-02-29")
    assert taggers.tag(document) == taggers.tag(document)


def test_the_order_of_names_does_not_matter(names: list[Name]):
    text = "قال الرئيس الروسي إن منظمة معاهدة الأمن الجماعي في بيلاروسيا وعُمان"
    one, two = Taggers(names), Taggers(reversed(names))
    assert one.versions() == two.versions()
    assert one.tag(Document(text)) == two.tag(Document(text))


def test_a_change_of_names_changes_the_version_of_all_that_names_bear_on(names: list[Name]):
    more = [*names, Name("حركة النجمة", "ar", "CANONICAL", "XSTAR", "ORG")]
    before, after = Taggers(names).versions(), Taggers(more).versions()
    assert before["gazetteer"] != after["gazetteer"]
    assert before["events"] != after["events"], "what is a name is no trigger"
    assert before["implications"] == after["implications"]
    assert all(len(version) <= 40 for version in after.values())


def test_a_name_that_the_team_added_is_found():
    gazetteer = Taggers([Name("حركة النجمة الخضراء", "ar", "CANONICAL", "XSTAR", "ORG")])
    (span,) = gazetteer.tag(Document("ورحبت حركة النجمة الخضراء بالقرار"), ["gazetteer"])["gazetteer"].spans
    assert (span.quote, span.entity) == ("حركة النجمة الخضراء", "XSTAR")


def test_no_span_is_suggested_twice(taggers: Taggers):
    for article in sample.load():
        spans = every(taggers.tag(Document(article["text"], article["language"], "", article["published_on"])))
        assert len({s.id for s in spans}) == len(spans)
        assert len({(s.label, s.start, s.end) for s in spans}) == len(spans)


def test_only_what_was_asked_for_is_answered_and_unknown_names_are_an_error(taggers: Taggers):
    document = Document("رحبت روسيا بالقمة")
    assert set(taggers.tag(document, ["events"])) == {"events"}
    assert set(taggers.tag(document)) == set(NAMES)
    with pytest.raises(KeyError):
        taggers.versions(["oracle"])


@pytest.mark.parametrize("text", ["", " ", "\n\n", ".", "ال", "و", "😀", "\u202e", "a"])
def test_next_to_nothing_gets_nothing(taggers: Taggers, text: str):
    for language in ("ar", "en"):
        assert every(taggers.tag(Document(text, language))) == []


def test_a_language_that_nobody_reads_here_gets_nothing(taggers: Taggers):
    assert every(taggers.tag(Document("Moscou a réagi hier", "und"))) == []


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000, "5" + " " * 100_000, "." * 100_000 + "a", "ب" + "\u064b" * 100_000, "\u202e\u2066" * 50_000, "قد يفتح " * 12_000,
        "President " * 10_000, "الرئيس " * 14_000, "قال إن " * 14_000, "في 5 مايو " * 10_000, "should " * 14_000, "محمد " * 20_000,
    ],
    ids=["one word", "spaces", "points", "marks", "bidi", "cues", "titles", "offices", "speech", "dates", "duties", "names"],
)  # fmt: skip
def test_no_text_of_100_000_characters_takes_long(taggers: Taggers, text: str):
    for language in ("ar", "en"):
        started = time.process_time()
        assert all(s.fits(text) for s in every(taggers.tag(Document(text, language, "", "2024-01-01"))))
        assert time.process_time() - started < 4


def test_an_article_takes_some_hundredths_of_a_second(taggers: Taggers):
    articles = [Document(a["text"], a["language"], "", a["published_on"]) for a in sample.load()]
    for article in articles:
        taggers.tag(article)
    started = time.process_time()
    for article in articles * 4:
        taggers.tag(article)
    words = sum(len(a.text.split()) for a in articles) * 4
    assert words / 500 / (time.process_time() - started) > 20, "we mean to reach 50 on an idle core"


def _read(taggers: Taggers, language: str) -> list[tuple[list[Span], list[Span]]]:
    out = []
    for a in sample.load():
        if a["language"] == language and "spans" in a:
            gold = [
                Span(s["id"], s["label"], s["start"], s["end"], s["quote"], s["attributes"], s["entity"])
                for s in a["spans"]
            ]
            out.append((gold, every(taggers.tag(Document(a["text"], language, "", a["published_on"])))))
    return out


@pytest.mark.parametrize(
    ("language", "label", "least"),
    [
        ("ar", "ACTOR", 0.75), ("ar", "EVENT", 0.5), ("ar", "IMPLICATION", 0.4), ("ar", "TIME", 0.6), ("ar", "PLACE", 0.6),
        ("en", "ACTOR", 0.75), ("en", "EVENT", 0.5), ("en", "IMPLICATION", 0.4), ("en", "TIME", 0.6),
    ],
)  # fmt: skip
def test_suggestions_are_good_enough_to_start_from(taggers: Taggers, language: str, label: str, least: float):
    tally = evaluate(_read(taggers, language))[label]
    assert tally.figures(tally.overlap)[2] >= least
    if label in ("EVENT", "IMPLICATION"):
        assert tally.agreement("type" if label == "EVENT" else "kind") >= 0.75


def test_one_gazetteer_can_be_asked_from_its_names_alone(names: list[Name]):
    assert Gazetteer(names).version == Taggers(names).versions()["gazetteer"]
