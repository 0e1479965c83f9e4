"""The marks of a long text by stretches: what the page holds, what is fetched, that nothing is lost between the two."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotator.coding.marks import INLINED, WIDTH
from annotator.corpus.models import Document
from annotator.registry.models import Entity
from annotator.teams.models import Role, User
from tests import build
from tests.web.test_workspace import page, state_of, suggest

pytestmark = pytest.mark.django_db
LINE = "وقّع قادة دول المجلس بيانًا في مدينة العُلا أمس. " * 6


@pytest.fixture
def long() -> Document:
    return build.document(
        build.project(), "\n".join(f"{n} {LINE}" for n in range(WIDTH * 3 // len(LINE))), title="طويل"
    )


@pytest.fixture
def annotator(long: Document) -> User:
    person = build.member(long.project, Role.ANNOTATOR)
    build.assignment(long, person)
    return person


def ask(person: User, document: Document, query: str = "") -> Any:
    client = Client()
    client.force_login(person)
    return client.get(reverse("workspace_marks", args=[document.pk]) + query)


def mark(person: User, document: Document, starts: range, label: str = "ACTOR", **more: Any) -> list[dict[str, Any]]:
    edits = [build.add_span(document, at, at + 4, label, **more) for at in starts]
    for first in range(0, len(edits), 200):
        build.edit(person, document, *edits[first : first + 200])
    return [edit["span"] for edit in edits]


def test_an_ordinary_text_has_all_its_marks_in_the_page(long: Document, annotator: User) -> None:
    made = mark(annotator, long, range(3, long.length - 10, long.length // 60))
    state = state_of(page(annotator, long))
    assert state["far"] is None
    assert {row[0] for row in state["spans"]} == {span["id"] for span in made}


def test_a_text_with_many_marks_has_those_of_its_beginning_and_counts_of_all(long: Document, annotator: User) -> None:
    step = long.length // (INLINED + 50)
    made = mark(annotator, long, range(3, long.length - 10, step))
    suggest(long, (WIDTH + 10, WIDTH + 20), (5, 9))
    events = mark(annotator, long, range(WIDTH * 2, WIDTH * 2 + 30, 10), "EVENT")
    response = page(annotator, long)
    state = state_of(response)
    here = {span["id"] for span in made if span["start"] < WIDTH}
    assert {row[0] for row in state["spans"]} == here
    assert len(state["suggestions"]) == 1
    far = state["far"]
    assert (far["width"], far["loaded"]) == (WIDTH, [0])
    assert sum(found.get("ACTOR", 0) for found in far["spans"].values()) == len(made)
    assert far["spans"]["2"]["EVENT"] == len(events)
    assert far["suggestions"] == {"0": 1, "1": 1}
    assert f'<span class="n" data-count>{len(made)}</span>' in response.content.decode(), "the palette counts all"
    rest = [
        row[0]
        for n in (1, 2, 3)
        for row in ask(annotator, long, f"?from={n * WIDTH}&to={(n + 1) * WIDTH}").json()["spans"]
    ]
    assert here | set(rest) == {span["id"] for span in [*made, *events]}


def test_a_stretch_has_what_reaches_into_it_and_the_other_ends_of_its_links(long: Document, annotator: User) -> None:
    entity = Entity.objects.filter(project=long.project).order_by("id")[0]
    over = build.add_span(long, WIDTH - 5, WIDTH + 5, "EVENT")
    far = build.add_span(long, 3 * WIDTH - 400, 3 * WIDTH - 390, "ACTOR", entity=entity.pk)
    alone = build.add_span(long, 20, 24)
    link = {
        "id": build.new_id(), "op": "add_relation",
        "relation": {"id": build.new_id(), "type": "ARG", "attributes": {"role": "ACTOR"},
                     "from": {"span": over["span"]["id"]}, "to": {"span": far["span"]["id"]}},
    }  # fmt: skip
    build.edit(annotator, long, over, far, alone, link)
    first = ask(annotator, long, f"?from=0&to={WIDTH}").json()
    ids = {row[0] for row in first["spans"]}
    assert ids == {over["span"]["id"], far["span"]["id"], alone["span"]["id"]}
    assert [relation["id"] for relation in first["relations"]] == [link["relation"]["id"]]
    assert first["entities"][str(entity.pk)]["name"]["en"] == entity.name("en")
    second = ask(annotator, long, f"?from={WIDTH}&to={WIDTH + 4}").json()
    assert {row[0] for row in second["spans"]} == ids - {alone["span"]["id"]}
    between = ask(annotator, long, f"?from={WIDTH + 5}&to={WIDTH + 50}").json()
    assert (between["spans"], between["relations"]) == ([], [])
    assert between["counts"]["spans"] == {"0": {"ACTOR": 1, "EVENT": 1}, "2": {"ACTOR": 1}}


def test_only_ones_own_marks_and_only_for_those_who_see_the_document(long: Document, annotator: User) -> None:
    mark(annotator, long, range(0, 100, 10))
    other = build.member(long.project, Role.REVIEWER)
    answer = ask(other, long).json()
    assert (answer["spans"], answer["counts"]["spans"]) == ([], {})
    assert ask(build.user(), long).status_code == 404
    assert ask(build.member(long.project, Role.ANNOTATOR), long).status_code == 404
    assert Client().get(reverse("workspace_marks", args=[long.pk])).status_code == 302


@pytest.mark.parametrize("query", ["?from=x", "?from=-1&to=4", "?from=9&to=3", f"?from=0&to={2**40}", "?to=1e3"])
def test_places_that_are_none_are_refused(long: Document, annotator: User, query: str) -> None:
    assert ask(annotator, long, query).status_code == 422


def test_it_costs_the_same_with_ten_marks_and_with_forty(long: Document, annotator: User) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert ask(annotator, long).status_code == 200
        return len(seen)

    ids = list(Entity.objects.filter(project=long.project).values_list("pk", flat=True)[:40])
    build.edit(annotator, long, *[build.add_span(long, n, n + 1, entity=ids[n]) for n in range(10)])
    suggest(long, (0, 3))
    few = cost()
    build.edit(annotator, long, *[build.add_span(long, n, n + 1, entity=ids[n]) for n in range(10, 40)])
    suggest(long, *[(n, n + 2) for n in range(40)], version="2")
    assert cost() == few


def test_the_answer_is_json_whatever_stands_in_it(long: Document, annotator: User) -> None:
    mark(annotator, long, range(0, 1), note='</script> "\\ \u2028')
    response = ask(annotator, long)
    assert response["Content-Type"] == "application/json"
    assert json.loads(response.content)["spans"][0][8] == '</script> "\\ \u2028'
