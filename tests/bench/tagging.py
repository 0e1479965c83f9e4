"""The taggers without anything learned: how well they find what people marked in articles that no rule was written by,
and how many articles of 500 words one core tags in a second.

F1 are shares from 0 to 1; `events_typed` counts triggers of the right type only.
"""

from __future__ import annotations

import statistics
import time
from typing import Any

from analysis.tagging.evaluation import Tally, evaluate
from analysis.tagging.registry import Taggers
from analysis.types import Document, Span
from tests.analysis.tagging.built_in import built_in_names, every
from tests.gold import Article, unseen

WORDS = 500
ROUNDS = 5


def measure(report: Any) -> None:
    taggers = Taggers(built_in_names())
    articles = unseen()
    for language in ("ar", "en"):
        own = [article for article in articles if article.language == language]
        report(f"articles_{language}", len(own))
        tallies = evaluate([(article.spans, suggested(taggers, article)) for article in own])
        for label, name in (("ACTOR", "actors"), ("EVENT", "events"), ("IMPLICATION", "implications")):
            tally = tallies[label]
            report(f"{name}_{language}_overlap_f1", tally.figures(tally.overlap)[2])
            report(f"{name}_{language}_exact_f1", tally.figures(tally.exact)[2])
        report(f"events_typed_{language}_overlap_f1", typed(tallies["EVENT"]))
        report(f"articles_{language}_per_s_core", speed(taggers, own))


def suggested(taggers: Taggers, article: Article) -> list[Span]:
    return every(taggers.tag(Document(article.text, article.language, "", article.published_on)))


def typed(tally: Tally) -> float:
    return tally.figures(tally.agreeing["type"])[2]


def speed(taggers: Taggers, articles: list[Article]) -> float:
    """Articles of 500 words in a second of one core, the median of some rounds."""
    text = "\n".join(article.text for article in articles)
    words = len(text.split())
    rounds = []
    for _round in range(ROUNDS):
        begun = time.process_time()
        taggers.tag(Document(text, articles[0].language, "", articles[0].published_on))
        rounds.append(words / WORDS / (time.process_time() - begun))
    return statistics.median(rounds)
