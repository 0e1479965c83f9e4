"""Ending a task: the next document opens, there is a way back, and managers see why and how long."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotator.coding.models import Assignment
from annotator.corpus.models import Document
from annotator.review.comments import start_thread
from annotator.teams.access import Actor
from annotator.teams.models import Role, User
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def amal() -> User:
    return build.user("amal", language="en")


@pytest.fixture
def queue(amal: User) -> list[Document]:
    project = build.project()
    build.member(project, person=amal)
    documents = [build.document(project, title=f"News {n}") for n in range(3)]
    for document in documents:
        build.assignment(document, amal)
    return documents


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def do(client: Client, what: str, document: Document, **data: Any) -> tuple[str, str]:
    """Where it leads, and what is read there."""
    answer = client.post(reverse(what, args=[document.pk]), data, follow=True)
    return answer.redirect_chain[-1][0], answer.content.decode()


def state(document: Document) -> str:
    return Assignment.objects.get(document=document).state


def test_the_next_document_opens_with_a_word_and_a_way_back(queue: list[Document], amal: User) -> None:
    first, second, third = queue
    client = browser(amal)
    where, text = do(client, "irrelevant", first, reason="sport")
    assert where == reverse("workspace", args=[second.pk])
    assert "“News 0” is marked as irrelevant." in text
    assert f'action="{reverse("relevant", args=[first.pk])}"' in text
    where, text = do(client, "put_aside", second, reason="which capital?")
    assert where == reverse("workspace", args=[third.pk])
    assert f'action="{reverse("take_up", args=[second.pk])}"' in text
    build.edit(amal, third, build.add_span(third, 0, 3))
    where, text = do(client, "submit", third)
    assert where == reverse("all_done", args=[first.project_id])
    assert "Only what you put aside is left" in text
    assert "which capital?" in text
    where, _text = do(client, "withdraw", third)
    assert where == reverse("workspace", args=[third.pk])
    where, _text = do(client, "relevant", first)
    assert where == reverse("workspace", args=[first.pk])
    assert [state(d) for d in queue] == ["OPEN", "OPEN", "ACTIVE"]


def test_all_done_is_said_when_nothing_is_left(queue: list[Document], amal: User) -> None:
    client = browser(amal)
    for document in queue:
        where, text = do(client, "irrelevant", document)
    assert where == reverse("all_done", args=[queue[0].project_id])
    assert "All done" in text
    assert "You have finished 3 documents" in text


def test_what_cannot_be_done_is_said_where_one_is(queue: list[Document], amal: User) -> None:
    client = browser(amal)
    where, text = do(client, "put_aside", queue[0], reason=" ")
    assert where == reverse("workspace", args=[queue[0].pk])
    assert "Please say why." in text
    do(client, "irrelevant", queue[0])
    for what in ("irrelevant", "put_aside", "take_up"):
        where, text = do(client, what, queue[0], reason="again")
        assert where == reverse("workspace", args=[queue[0].pk])
        assert "message error" in text
    assert state(queue[0]) == "IRRELEVANT"
    assert "It is relevant after all" in text
    assert 'data-outcome="irrelevant"' not in text


def test_managers_see_why_and_how_long(queue: list[Document], amal: User) -> None:
    client, manager = browser(amal), browser(build.member(queue[0].project, Role.MANAGER, build.user(language="en")))
    do(client, "put_aside", queue[0], reason="which capital?")
    do(client, "irrelevant", queue[1], reason="sport")
    stretches = [{"id": str(uuid.uuid4()), "seconds": 100, "ago": 100 * n} for n in range(3)]
    answer = client.post(reverse("active_time", args=[queue[0].pk]), {"stretches": json.dumps(stretches)})
    assert answer.json() == {"seconds": 300}
    text = manager.get(reverse("documents", args=[queue[0].project_id])).content.decode()
    for said in ("which capital?", "sport", "5 min", "state-irrelevant"):
        assert said in text
    only = manager.get(reverse("documents", args=[queue[0].project_id]) + "?state=irrelevant").content.decode()
    assert "News 1" in only
    assert "News 0" not in only
    colleague = browser(build.member(queue[0].project))
    text = colleague.get(reverse("documents", args=[queue[0].project_id])).content.decode()
    assert "which capital?" not in text


def test_time_that_is_no_time_is_refused(queue: list[Document], amal: User) -> None:
    for wrong in ("", "{", "7", '[{"id": 1}]'):
        answer = browser(amal).post(reverse("active_time", args=[queue[0].pk]), {"stretches": wrong})
        assert answer.status_code == 422


def test_who_is_named_finds_it_at_home_until_it_is_read(queue: list[Document], amal: User) -> None:
    article = queue[0]
    reviewer = build.member(article.project, Role.REVIEWER)
    said = start_thread(actor=Actor(reviewer), document_id=article.pk, key=uuid.uuid4(), body="@amal, which capital?")
    client = browser(amal)
    text = client.get("/").content.decode()
    assert f"{reverse('workspace', args=[article.pk])}#thread-{said.thread_id}" in text
    assert "@amal, which capital?" in text
    assert 'class="unread"' in text
    client.post(reverse("talk_read", args=[article.pk]), {"last": said.pk})
    text = client.get("/").content.decode()
    assert "which capital?" in text
    assert 'class="unread"' not in text


@pytest.mark.parametrize("page", ["history", "talk", "home"])
def test_long_lists_cost_as_many_queries_as_short_ones(queue: list[Document], amal: User, page: str) -> None:
    article = queue[0]
    reviewer = build.member(article.project, Role.REVIEWER)
    client = browser(amal)
    address = "/" if page == "home" else reverse(page, args=[article.pk])
    counts = []
    for _round in range(2):
        for n in range(5):
            edit = build.add_span(article, n, n + 3)
            build.edit(amal, article, edit)
            removal = {"id": build.new_id(), "op": "delete_span", "base_version": 1, "span": {"id": edit["span"]["id"]}}
            build.edit(amal, article, removal)
            start_thread(actor=Actor(reviewer), document_id=article.pk, key=uuid.uuid4(), body=f"@amal {n}")
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_talk_is_answered_in_short_while_nothing_changed(queue: list[Document], amal: User) -> None:
    client = browser(amal)
    address = reverse("talk", args=[queue[0].pk])
    assert client.get(address + "?stamp=0").status_code == 204
    said = client.post(address, {"body": "Who is this?", "key": build.new_id()})
    assert said.status_code == 201
    stamp = client.get(reverse("pulse", args=[queue[0].pk])).json()["talk"]["stamp"]
    assert client.get(f"{address}?stamp={stamp}").status_code == 204
    assert "Who is this?" in client.get(address + "?stamp=0").content.decode()
    refused = client.post(address, {"body": " ", "key": build.new_id()})
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid")
    assert client.post(address, {"body": "x", "key": "x"}).status_code == 404
    assert client.get(address + "?submission=999").status_code == 404


def test_the_history_says_in_words_what_changed(queue: list[Document], amal: User) -> None:
    article = queue[0]
    edit = build.add_span(article, 0, 3, "ACTOR")
    build.edit(amal, article, edit)
    span = {"id": edit["span"]["id"], "label": "PLACE", "note": "a <city>"}
    build.edit(amal, article, {"id": build.new_id(), "op": "update_span", "base_version": 1, "span": span})
    client = browser(amal)
    text = client.get(reverse("history", args=[article.pk])).content.decode()
    for said in ("Marked", "Changed a mark", "Actor", "Place", "a &lt;city&gt;", edit["span"]["quote"]):
        assert said in text
    one = client.get(reverse("history", args=[article.pk]) + f"?span={span['id']}").content.decode()
    assert "As it was then" in one
    build.edit(
        amal, article, {"id": build.new_id(), "op": "delete_span", "base_version": 2, "span": {"id": span["id"]}}
    )
    text = client.get(reverse("history", args=[article.pk])).content.decode()
    assert "Removed marks" in text
    data = {"span": span["id"], "as_of": edit["id"]}
    assert client.post(reverse("history_restore", args=[article.pk]), data).status_code == 302
    assert "Removed marks" not in client.get(reverse("history", args=[article.pk])).content.decode()
