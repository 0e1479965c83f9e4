"""The sample articles keep the rules that people are asked to keep when they code."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections import Counter
from datetime import date
from typing import Any

import pytest

from analysis.events.actors import seed_entities, seed_places
from analysis.events.codebook import Codebook, missing, political_codebook, validate_attributes, validate_relation
from analysis.text.header import read_header
from analysis.text.normalise import norm_key
from annotator.jobs import sample

Article = dict[str, Any]
Node = dict[str, Any]

ARTICLES = sample.load()
CODED = [a for a in ARTICLES if "spans" in a]
each = pytest.mark.parametrize("article", ARTICLES, ids=lambda a: a["external_id"])
each_coded = pytest.mark.parametrize("article", CODED, ids=lambda a: a["external_id"])
FINAL = ".,;:!?،؛؟…«»“”\"'()"
FROM_EVENT = {"LEADS_TO", "SIGNALS", "AIMS_AT", "MOTIVATES", "JUSTIFIES", "CONTRASTS"}


@pytest.fixture(scope="module")
def codebook() -> Codebook:
    return Codebook(political_codebook())


def _spans(article: Article, *labels: str) -> list[Node]:
    return [s for s in article["spans"] if not labels or s["label"] in labels]


def _extents(article: Article) -> list[Node]:
    return [s["attributes"][a] for s in article["spans"] for a in ("support", "signal") if a in s["attributes"]]


def _links(article: Article, span: Node, side: str) -> list[Node]:
    return [r for r in article["relations"] if r[side].get("span") == span["id"]]


def _fails(bad: list[Any]) -> None:
    assert not bad, bad


# -- the articles


def test_three_arabic_and_two_english_articles_are_there():
    assert Counter(a["language"] for a in ARTICLES) == {"ar": 3, "en": 2}
    assert Counter(a["language"] for a in CODED) == {"ar": 2, "en": 1}
    assert all(a["direction"] == ("rtl" if a["language"] == "ar" else "ltr") for a in ARTICLES)


def test_path_names_the_file_that_load_reads():
    raw = sample.path().read_bytes()
    assert raw.count(b"\n") == len(ARTICLES)
    assert "السعودية".encode() in raw, "Arabic is kept readable, not escaped"
    assert not raw.startswith(b"\xef\xbb\xbf")


def test_load_gives_fresh_copies():
    sample.load()[0]["text"] = ""
    assert sample.load()[0]["text"]


@each
def test_an_article_has_400_to_900_words(article: Article):
    body = article["text"][article["body_start"] :]
    assert 400 <= len(body.split()) <= 900


@each
def test_the_fingerprint_is_that_of_the_text(article: Article):
    assert article["text_sha256"] == hashlib.sha256(article["text"].encode()).hexdigest()


@each
def test_the_text_is_stored_as_the_site_stores_texts(article: Article):
    text = article["text"]
    assert "\r" not in text
    assert not re.search(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\u00a0]|[ \t]\n|  ", text)
    assert not re.search(r"[\[\]{}|<>]", text)


@each
def test_title_date_and_author_are_those_of_the_header(article: Article):
    header = read_header(article["text"])
    told = (article["title"], article["published_on"], article["author"], article["body_start"])
    assert (header.title, header.published_on, header.author, header.body_start) == told
    assert date.fromisoformat(article["published_on"]) < date(2024, 1, 1)


@each
def test_the_weekday_in_the_date_line_is_right(article: Article):
    arabic = ("الإثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد")
    english = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    names = arabic if article["language"] == "ar" else english
    assert names[date.fromisoformat(article["published_on"]).weekday()] in article["text"].split("\n")[1]


def test_every_id_stands_once():
    ids = [a["id"] for a in ARTICLES] + [n["id"] for a in CODED for n in (*a["spans"], *a["relations"])]
    _fails([i for i, n in Counter(ids).items() if n > 1 or str(uuid.UUID(i)) != i])
    assert len({a["external_id"] for a in ARTICLES}) == len({a["text_sha256"] for a in ARTICLES}) == len(ARTICLES)


@each
def test_an_article_says_that_it_is_a_sample(article: Article):
    assert article["format"] == "dalala-jsonl/1"
    assert article["metadata"] == {"sample": True}
    assert "spans" not in article or article["set"]["origin"] == "GOLD"


# -- spans


@each_coded
def test_quotes_are_what_stands_at_the_offsets(article: Article):
    text = article["text"]
    _fails([s for s in (*article["spans"], *_extents(article)) if text[s["start"] : s["end"]] != s["quote"]])
    assert all(0 <= s["start"] < s["end"] <= len(text) for s in article["spans"])


@each_coded
def test_spans_begin_and_end_with_a_letter_or_digit(article: Article):
    bad = [s["quote"] for s in article["spans"] if s["quote"] != s["quote"].strip()]
    bad += [
        s["quote"] for s in article["spans"] if s["quote"][0] in FINAL or s["quote"][-1] in FINAL or "\n" in s["quote"]
    ]
    _fails(bad)


@each_coded
def test_a_span_may_start_inside_a_word_only_behind_proclitics_and_never_ends_inside_one(article: Article):
    text = article["text"]
    bad = []
    for s in article["spans"]:
        before = re.search(r"\w*$", text[: s["start"]])
        proclitics = before.group() if before else ""
        if proclitics and (article["language"] != "ar" or not re.fullmatch("[وف]?[بكل]?", proclitics)):
            bad.append((proclitics, s["quote"]))
        if re.match(r"\w", text[s["end"] :]):
            bad.append((s["quote"], text[s["end"] : s["end"] + 5]))
    _fails(bad)


@each_coded
def test_no_actor_span_takes_a_proclitic_along(article: Article):
    names = {norm_key(n.form, n.lang) for e in seed_entities() for n in e.names if n.lang == article["language"]}
    bad = []
    for s in _spans(article, "ACTOR") if article["language"] == "ar" else []:
        quote = s["quote"]
        stripped = norm_key(quote[1:], "ar")
        if quote[0] in "وفبك" and stripped in names and norm_key(quote, "ar") not in names:
            bad.append(quote)
        if quote[0] == "ل" and not quote.startswith("لل") and stripped in names and norm_key(quote, "ar") not in names:
            bad.append(quote)
    _fails(bad)


@each_coded
def test_spans_nest_but_do_not_cross(article: Article):
    spans = sorted(_spans(article), key=lambda s: (s["start"], -s["end"]))
    bad = [
        (a["quote"], b["quote"])
        for i, a in enumerate(spans)
        for b in spans[i + 1 :]
        if a["start"] < b["start"] < a["end"] < b["end"]
        or (a["start"], a["end"], a["label"]) == (b["start"], b["end"], b["label"])
    ]
    _fails(bad)


def test_the_arabic_coding_shows_what_is_hard_in_arabic():
    for article in CODED:
        if article["language"] == "ar":
            spans = article["spans"]
            text = article["text"]
            inside_words = [s for s in spans if s["start"] and text[s["start"] - 1].isalpha()]
            nested = [
                s for s in spans
                if any(o is not s and o["start"] <= s["start"] and s["end"] <= o["end"] for o in spans)
            ]  # fmt: skip
            assert len(inside_words) >= 10
            assert len(nested) >= 20
            assert any(s["quote"].startswith("لل") for s in spans if s["label"] == "ACTOR")
            assert any(s["attributes"].get("mention") == "NISBA" for s in spans)
            assert any(s["attributes"].get("metonymy") == "CAPITAL" for s in spans)
            assert any("support" in s["attributes"] for s in spans)


@each_coded
def test_a_coding_is_large_enough_to_learn_from(article: Article):
    counts = Counter(s["label"] for s in article["spans"])
    assert counts["ACTOR"] >= 40
    assert counts["EVENT"] >= 25
    assert counts["IMPLICATION"] >= 15
    assert counts["TIME"] >= 5
    assert counts["PLACE"] >= 1
    assert sum(counts.values()) >= 60
    assert len({s["attributes"]["kind"] for s in _spans(article, "IMPLICATION")}) >= 6


# -- codes


@each_coded
def test_attributes_are_codes_of_the_codebook(article: Article, codebook: Codebook):
    bad = [
        (s["quote"], problem)
        for s in article["spans"]
        for problem in (
            *validate_attributes(codebook, s["label"], s["attributes"], article["text"]),
            *missing(codebook, s["label"], s["attributes"]),
        )
    ]
    _fails(bad)


@each_coded
def test_relations_join_what_the_codebook_lets_them_join(article: Article, codebook: Codebook):
    labels = {s["id"]: s["label"] for s in article["spans"]}
    bad: list[Any] = []
    for r in article["relations"]:
        assert all(len(r[side]) == 1 and r[side].keys() <= {"span", "entity"} for side in ("from", "to"))
        ends = [labels[r[side]["span"]] if "span" in r[side] else None for side in ("from", "to")]
        bad += [(r, p) for p in validate_relation(codebook, r["type"], ends[0], ends[1], r["attributes"])]
        if r["from"] == r["to"]:
            bad.append(r)
    _fails(bad)


@each_coded
def test_no_relation_stands_twice(article: Article):
    same = Counter(
        (r["type"], str(r["from"]), str(r["to"]), str(sorted(r["attributes"].items()))) for r in article["relations"]
    )
    _fails([key for key, n in same.items() if n > 1])


@each_coded
def test_every_entity_is_in_the_registry_or_described_in_the_line(article: Article):
    seeded = {e.key for e in (*seed_entities(), *seed_places())}
    described = set(article["entities"])
    used = {s["entity"] for s in article["spans"] if s["entity"]}
    used |= {r[side]["entity"] for r in article["relations"] for side in ("from", "to") if "entity" in r[side]}
    assert not used - seeded - described
    assert not described - used
    assert not described & seeded
    for entity in article["entities"].values():
        assert sorted(n["lang"] for n in entity["names"] if n["role"] == "CANONICAL") == ["ar", "en"]


def test_articles_agree_on_the_actors_they_describe():
    for article in CODED:
        for key, entity in article["entities"].items():
            assert sample.entities()[key] == entity


@each_coded
def test_names_in_the_text_lead_to_the_actor_the_registry_has_under_that_name(article: Article):
    """A name or nisba adjective that is one seeded name exactly must not be linked to somebody else."""
    owners: dict[str, set[str]] = {}
    for e in seed_entities():
        for n in e.names:
            if n.lang == article["language"]:
                owners.setdefault(norm_key(n.form, n.lang), set()).add(e.key)
    bad = []
    for s in _spans(article, "ACTOR"):
        quote = "ا" + s["quote"] if s["quote"].startswith("لل") else s["quote"]
        known = owners.get(norm_key(quote, article["language"]))
        if known and s["attributes"]["mention"] in ("NAM", "NISBA") and s["entity"] not in known:
            bad.append((s["quote"], s["entity"], known))
    _fails(bad)


# -- completeness


@each_coded
def test_every_event_has_an_actor_or_says_why_not(article: Article):
    bad = []
    for event in _spans(article, "EVENT"):
        roles = {r["attributes"].get("role") for r in _links(article, event, "from") if r["type"] == "ARG"}
        if "ACTOR" not in roles and not event["note"]:
            bad.append(event["quote"])
    _fails(bad)


@each_coded
def test_every_implication_comes_from_an_event(article: Article):
    """Directly, or through the announcement it elaborates."""
    labels = {s["id"]: s["label"] for s in article["spans"]}
    bad = []
    for implication in _spans(article, "IMPLICATION"):
        into = [r for r in _links(article, implication, "to") if r["type"] in FROM_EVENT]
        if not any(labels.get(r["from"].get("span", "")) == "EVENT" for r in into):
            bad.append(implication["quote"])
    _fails(bad)


@each_coded
def test_goals_have_somebody_who_pursues_them_and_attributed_claims_somebody_who_makes_them(article: Article):
    bad = []
    for implication in _spans(article, "IMPLICATION"):
        into = {r["type"] for r in _links(article, implication, "to")}
        a = implication["attributes"]
        if a["kind"] == "INTENT" and "INTENDS" not in into:
            bad.append(implication["quote"])
        if (a["holder"] == "ACTOR") != ("HOLDS" in into) or (a["holder"] == "ACTOR") != (
            a["explicitness"] == "ATTRIBUTED"
        ):
            bad.append(implication["quote"])
    _fails(bad)


@each_coded
def test_other_is_explained(article: Article):
    _fails([s["quote"] for s in _spans(article, "EVENT") if s["attributes"]["type"] == "OTHER" and not s["note"]])


@each_coded
def test_a_name_marked_once_is_marked_everywhere_in_the_body(article: Article):
    text = article["text"]
    names = {s["quote"] for s in _spans(article, "ACTOR") if s["attributes"]["mention"] == "NAM"}
    covered = [(s["start"], s["end"]) for s in _spans(article, "ACTOR", "PLACE")]
    bad = [
        (name, text[max(0, m.start() - 20) : m.end() + 20])
        for name in names
        for m in re.finditer(re.escape(name) + r"\b", text)
        if m.start() >= article["body_start"] and not any(a <= m.start() and m.end() <= b for a, b in covered)
    ]
    _fails(bad)


@each_coded
def test_times_are_as_exact_as_they_say(article: Article):
    shapes = {"DAY": r"\d{4}-\d\d-\d\d", "MONTH": r"\d{4}-\d\d", "YEAR": r"\d{4}"}
    for s in _spans(article, "TIME"):
        precision = s["attributes"]["precision"]
        assert precision in shapes or "value" not in s["attributes"], s
        if precision in shapes:
            assert re.fullmatch(shapes[precision], s["attributes"]["value"]), s
