"""The reading view: marks as elements, where they begin and end in words, whatever way they overlap."""

from __future__ import annotations

import random
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from annotator.corpus.models import Document
from annotator.teams.models import Role, User
from annotator.web.marked import Shown, marked_html, shown_labels
from tests import build

LABELS = [Shown("ACTOR", "Actor"), Shown("EVENT", "Event"), Shown("GOAL", "Goal")]


class Reader(HTMLParser):
    """Reads the HTML back: the text, which characters each open mark covers, and what is said."""

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.lines: list[str] = []
        self.covered: list[list[tuple[str, ...]]] = []
        self.said: list[str] = []
        self.deepest = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "p":
            self.lines.append("")
            self.covered.append([])
        self.stack.append(given["title"] or "" if tag == "mark" else tag)

    def handle_endtag(self, tag: str) -> None:
        self.stack.pop()

    def handle_data(self, data: str) -> None:
        if self.stack[-1] == "span":
            self.said.append(data)
            return
        over = tuple(sorted(name for name in self.stack if name not in ("p", "span")))
        self.lines[-1] += data
        self.covered[-1] += [over] * len(data)


def read(text: str, spans: list[dict[str, Any]], body_start: int = 0) -> Reader:
    reader = Reader()
    reader.feed(marked_html(text, spans, LABELS, body_start))
    assert reader.stack == [], "every element is closed"
    return reader


def test_nested_marks_are_elements_in_each_other_and_said_in_order() -> None:
    html = marked_html(
        "زار وفد <b>", [{"label": "ACTOR", "start": 4, "end": 7}, {"label": "EVENT", "start": 0, "end": 7}], LABELS
    )
    assert html == (
        '<p data-n="1"><span class="spoken">[Event: </span><mark class="label-event lane-1" title="Event">زار '
        '<span class="spoken">[Actor: </span><mark class="label-actor lane-0" title="Actor">وفد</mark>'
        '<span class="spoken"> end of Actor]</span></mark><span class="spoken"> end of Event]</span> &lt;b&gt;</p>'
    )


def test_a_mark_in_pieces_is_said_to_go_on() -> None:
    found = read("one two three", [{"label": "ACTOR", "start": 0, "end": 13, "fragments": [[0, 3], [8, 13]]}])
    assert found.said == ["[Actor: ", " Actor stops here]", "[Actor goes on: ", " end of Actor]"]
    assert "".join("x" if c else "." for c in found.covered[0]) == "xxx.....xxxxx"


def test_a_mark_over_lines_is_said_once() -> None:
    found = read("one\n\ntwo three", [{"label": "GOAL", "start": 0, "end": 8}])
    assert found.lines == ["one", "two three"]
    assert found.said == ["[Goal: ", " end of Goal]"]


def test_the_title_is_told_from_the_body() -> None:
    html = marked_html("A title\nA source\nThe body", [], LABELS, body_start=17)
    assert html == '<p class="title">A title</p><p class="meta">A source</p><p data-n="1">The body</p>'


def test_any_overlap_covers_what_it_should() -> None:
    chance = random.Random(3)
    for _ in range(300):
        text = "".join(chance.choice("ab <&\nلا😀") for _ in range(40))
        spans = []
        for _ in range(chance.randrange(7)):
            start = chance.randrange(len(text) - 1)
            end = chance.randrange(start + 1, len(text) + 1)
            fragments = None
            if end - start > 4 and chance.random() < 0.3:
                fragments = [[start, start + 2], [start + 3, end]]
            spans.append({"label": chance.choice(LABELS).code, "start": start, "end": end, "fragments": fragments})
        found = read(text, spans)
        names = {label.code: label.name for label in LABELS}
        wanted: list[tuple[str, ...]] = []
        for at in range(len(text)):
            over = [
                names[s["label"]]
                for s in spans
                if any(a <= at < b for a, b in s["fragments"] or [[s["start"], s["end"]]])
            ]
            wanted.append(tuple(sorted(over)))
        lines = [m for m in re.finditer(r"[^\n]+", text) if m[0].strip()]
        assert found.lines == [m[0] for m in lines]
        assert found.covered == [wanted[m.start() : m.end()] for m in lines]


def test_only_labels_with_marks_are_in_the_legend() -> None:
    labels = [
        {"code": "A", "name": {"ar": "أ", "en": "a"}, "line": "solid"},
        {"code": "B", "name": {}, "line": "dashed"},
    ]
    assert shown_labels(labels, {"A": 2}, "ar") == [Shown("A", "أ", 2)]
    assert shown_labels(labels, {"B": 1}, "ar") == [Shown("B", "B", 1)]


@pytest.fixture
def annotator() -> User:
    return build.user("amal")


@pytest.fixture
def document(annotator: User) -> Document:
    of = build.project()
    build.member(of, Role.ANNOTATOR, person=annotator)
    document = build.document(of, "زار وفد من بغداد أمس.", title="خبر")
    build.assignment(document, annotator)
    return document


@pytest.mark.django_db
def test_the_view_shows_ones_own_marks_to_oneself_alone(document: Document, annotator: User) -> None:
    build.edit(annotator, document, build.add_span(document, 4, 7, "ACTOR"))
    client = Client()
    client.force_login(annotator)
    page = client.get(f"/documents/{document.pk}/?view=marks").content.decode()
    assert '<mark class="label-actor lane-0" title="' in page
    other = build.member(document.project, Role.ANNOTATOR)
    build.assignment(document, other)
    client.force_login(other)
    page = client.get(f"/documents/{document.pk}/?view=marks").content.decode()
    assert "<mark" not in page
    client.force_login(build.user("stranger"))
    assert client.get(f"/documents/{document.pk}/?view=marks").status_code == 404
