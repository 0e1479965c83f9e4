"""The workspace page: who sees what, what the canvas finds in it, the ways out of it, what it costs."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from analysis import types
from annotator.activity.models import Job
from annotator.coding.models import AnnotationSet, Assignment
from annotator.coding.sheet import sheet
from annotator.coding.suggestions import store
from annotator.corpus.models import Document
from annotator.registry.models import Entity
from annotator.teams.models import Project, Role, User
from annotator.web.codebook_css import codebook_css, slug
from annotator.web.paper import canvas_html
from tests import build

pytestmark = pytest.mark.django_db
MARKUP = re.compile(r'<script id="canvas-state" type="application/json">(.*?)</script>', re.DOTALL)


@pytest.fixture
def of() -> Project:
    return build.project()


@pytest.fixture
def document(of: Project) -> Document:
    return build.document(of, "زار وفد من بغداد أمس.\nقال </script> & 😀 ثم سكت.", title="خبر")


@pytest.fixture
def annotator(of: Project, document: Document) -> User:
    person = build.member(of, Role.ANNOTATOR)
    build.assignment(document, person)
    return person


def page(person: User, document: Document, query: str = "") -> Any:
    client = Client()
    client.force_login(person)
    return client.get(reverse("workspace", args=[document.pk]) + query)


def act(person: User, name: str, pk: int, **data: str) -> Any:
    client = Client()
    client.force_login(person)
    return client.post(reverse(name, args=[pk]), data)


def state_of(response: Any) -> dict[str, Any]:
    found = MARKUP.search(response.content.decode())
    assert found is not None
    state: dict[str, Any] = json.loads(found.group(1))
    return state


def suggest(document: Document, *extents: tuple[int, int], version: str = "1") -> list[str]:
    text = document.text
    spans = [types.Span("x", "ACTOR", s, e, text[s:e], score=0.9, reason={"rule": "cue"}) for s, e in extents]
    store(
        project_id=document.project_id,
        document_id=document.pk,
        tagger="events",
        version=version,
        spans=spans,
        entities={},
    )
    latest = AnnotationSet.objects.suggesting().get(document=document)
    return [str(pk) for pk in latest.spans.order_by("start").values_list("pk", flat=True)]


# -- who


@pytest.mark.parametrize(
    ("role", "open_documents", "status", "editable"),
    [
        (Role.OWNER, False, 200, True),
        (Role.MANAGER, False, 200, True),
        (Role.REVIEWER, False, 200, False),
        (Role.VIEWER, False, 200, False),
        (Role.ANNOTATOR, False, 404, False),
        (Role.ANNOTATOR, True, 200, True),
        (Role.VIEWER, True, 200, False),
        (None, True, 404, False),
    ],
)
def test_who_sees_it_and_who_may_write_without_an_assignment(
    document: Document, role: Role | None, open_documents: bool, status: int, editable: bool
) -> None:
    Project.objects.filter(pk=document.project_id).update(open_documents=open_documents)
    person = build.member(document.project, role) if role else build.user()
    response = page(person, document)
    assert response.status_code == status
    if status == 200:
        assert state_of(response)["set"]["editable"] is editable


def test_a_person_sees_only_the_own_marks(document: Document, annotator: User) -> None:
    other = build.member(document.project)
    build.edit_first(document, other)
    assert state_of(page(annotator, document))["spans"] == []
    assert len(state_of(page(other, document))["spans"]) == 1


def test_in_the_bin_it_is_there_for_managers_and_only_to_read(document: Document, annotator: User) -> None:
    Document.objects.filter(pk=document.pk).update(archived_at="2026-01-01T00:00Z")
    assert page(annotator, document).status_code == 404
    shown = page(document.project.created_by, document)
    assert shown.status_code == 200
    assert state_of(shown)["set"]["editable"] is False


# -- what the canvas finds


def test_the_text_stands_in_the_page_exactly_and_nothing_can_end_the_script(
    document: Document, annotator: User
) -> None:
    build.edit(annotator, document, build.add_span(document, 0, 3, note="</script><b>"))
    response = page(annotator, document)
    html = response.content.decode()
    assert "قال &lt;/script&gt; &amp; 😀 ثم سكت." in html
    assert "</script><b>" not in html
    state = state_of(response)
    assert state["spans"][0][8] == "</script><b>"
    assert state["document"]["length"] == len(document.text)


def test_rows_are_in_the_order_that_the_canvas_reads(document: Document, annotator: User) -> None:
    entity = Entity.objects.filter(project=document.project).order_by("id")[0]
    one = build.add_span(document, 0, 3, "ACTOR", entity=entity.pk, attributes={"mention": "NAM"})
    two = build.add_span(document, 4, 7, "EVENT")
    link = {
        "id": build.new_id(),
        "op": "add_relation",
        "relation": {
            "id": build.new_id(), "type": "ARG", "attributes": {"role": "ACTOR"},
            "from": {"span": two["span"]["id"]}, "to": {"span": one["span"]["id"]},
        },
    }  # fmt: skip
    build.edit(annotator, document, one, two, link)
    state = state_of(page(annotator, document))
    first = state["spans"][0]
    assert first[:6] == [one["span"]["id"], "ACTOR", 0, 3, 1, "MANUAL"]
    assert first[6:] == [{"mention": "NAM"}, entity.pk, "", None, None, None, None]
    [relation] = state["relations"]
    assert relation["from"] == {"span": two["span"]["id"]}
    assert relation["to"] == {"span": one["span"]["id"]}
    assert state["entities"][str(entity.pk)]["name"]["en"] == entity.name("en")


def test_open_suggestions_leave_out_what_was_decided_or_marked_already(document: Document, annotator: User) -> None:
    accepted, rejected, marked, still = suggest(document, (0, 3), (4, 7), (8, 10), (11, 16))
    build.edit(
        annotator,
        document,
        {"id": build.new_id(), "op": "accept_suggestion", "suggestion": accepted, "span": {"id": build.new_id()}},
        {"id": build.new_id(), "op": "reject_suggestion", "suggestion": rejected},
        build.add_span(document, 8, 10, "ACTOR"),
    )
    assert [row[0] for row in state_of(page(annotator, document))["suggestions"]] == [still]
    other = build.member(document.project)
    build.assignment(document, other)
    everything = [accepted, rejected, marked, still]
    assert [row[0] for row in state_of(page(other, document))["suggestions"]] == everything


def test_what_an_older_run_offered_and_was_rejected_does_not_come_back(document: Document, annotator: User) -> None:
    [old] = suggest(document, (0, 3))
    build.edit(annotator, document, {"id": build.new_id(), "op": "reject_suggestion", "suggestion": old})
    _same, new = suggest(document, (0, 3), (4, 7), version="2")
    assert [row[0] for row in state_of(page(annotator, document))["suggestions"]] == [new]


def test_it_costs_the_same_with_ten_spans_and_with_forty(document: Document, annotator: User) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert page(annotator, document).status_code == 200
        return len(seen)

    ids = list(Entity.objects.filter(project=document.project).values_list("pk", flat=True)[:40])

    def mark(numbers: range) -> None:
        build.edit(annotator, document, *[build.add_span(document, n, n + 1, entity=ids[n]) for n in numbers])

    mark(range(10))
    suggest(document, *[(n, n + 2) for n in range(10)])
    page(annotator, document)
    few = cost()
    mark(range(10, 40))
    suggest(document, *[(n, n + 2) for n in range(40)], version="2")
    assert cost() == few


# -- the small answers beside it


def test_tagging_is_shown_to_who_may_not_see_the_job(document: Document, annotator: User) -> None:
    client = Client()
    client.force_login(annotator)
    address = reverse("workspace_tagging", args=[document.pk])
    assert client.get(address).json() == {"running": False, "done": 0, "total": 0, "newest": 0}
    job = Job.objects.create(
        kind="pretag",
        project=document.project,
        params={"documents": None},
        requested_by=document.created_by,
        done=1,
        total=3,
    )
    assert client.get(address).json() == {"running": True, "done": 1, "total": 3, "newest": 0}
    assert state_of(page(annotator, document))["tagging"] is True
    job.params = {"documents": [document.pk + 1]}
    job.save()
    assert client.get(address).json()["running"] is False


def test_names_of_actors_are_given_for_the_own_project_only(document: Document, annotator: User) -> None:
    own = Entity.objects.filter(project=document.project).order_by("id")[0]
    foreign = Entity.objects.filter(project=build.project()).order_by("id")[0]
    client = Client()
    client.force_login(annotator)
    address = reverse("workspace_cards", args=[document.pk])
    assert list(client.get(address, {"ids": f"{own.pk},{foreign.pk},x,"}).json()) == [str(own.pk)]


def test_the_session_says_whose_it_is(annotator: User) -> None:
    client = Client()
    assert client.get(reverse("session")).json()["user"] is None
    client.force_login(annotator)
    answer = client.get(reverse("session"))
    assert answer.json()["user"] == annotator.pk
    assert answer.json()["csrf"]
    assert "no-store" in answer["Cache-Control"]


# -- the ways out


def test_submit_withdraw_submit(document: Document, annotator: User) -> None:
    build.edit(annotator, document, build.add_span(document, 0, 3))
    assignment = Assignment.objects.get(document=document, user=annotator)
    for name, state in (("submit", "SUBMITTED"), ("withdraw", "ACTIVE"), ("submit", "SUBMITTED")):
        assert act(annotator, name, document.pk).status_code == 302
        assignment.refresh_from_db()
        assert assignment.state == state
    html = page(annotator, document).content.decode()
    assert reverse("withdraw", args=[document.pk]) in html
    assert reverse("submit", args=[document.pk]) not in html


def test_submit_with_something_missing_leads_to_it(document: Document, annotator: User) -> None:
    ids = ["ffffffff-0000-4000-8000-000000000000", "00000000-0000-4000-8000-000000000000"]
    first, second = build.add_span(document, 0, 3, "EVENT"), build.add_span(document, 4, 7, "EVENT")
    for edit, pk in zip((first, second), ids, strict=True):
        edit["span"]["id"] = pk
        build.edit(annotator, document, edit)
    client = Client()
    client.force_login(annotator)
    answer = client.post(reverse("submit", args=[document.pk]))
    assert answer["Location"].endswith(f"#incomplete-{ids[0]}")  # the first in the text, not the first by its id
    told, later = (client.get(answer["Location"]).content.decode() for _time in range(2))
    assert 'data-part="lacking"' in told
    assert 'data-part="lacking"' not in later  # once, with its message
    assert Assignment.objects.get(document=document, user=annotator).state == "ACTIVE"


def test_submit_twice_says_so_and_changes_nothing(document: Document, annotator: User) -> None:
    build.edit(annotator, document, build.add_span(document, 0, 3))
    act(annotator, "submit", document.pk)
    act(annotator, "submit", document.pk)
    assert Assignment.objects.get(document=document, user=annotator).submissions.count() == 1


def test_giving_it_back_needs_a_reason_and_ends_the_work(document: Document, annotator: User) -> None:
    assignment = Assignment.objects.get(document=document, user=annotator)
    assert act(annotator, "decline", assignment.pk, reason=" ").status_code == 422
    assert act(build.member(document.project), "decline", assignment.pk, reason="no").status_code == 404
    assert act(annotator, "decline", assignment.pk, reason="خارج اختصاصي").status_code == 302
    assignment.refresh_from_db()
    assert assignment.state == "DECLINED"
    assert page(annotator, document).status_code == 404


@pytest.mark.parametrize("name", ["submit", "withdraw"])
def test_a_stranger_can_neither_submit_nor_withdraw(document: Document, annotator: User, name: str) -> None:
    assert act(build.user(), name, document.pk).status_code == 404


# -- the pieces


def test_the_paragraphs_joined_are_the_text() -> None:
    text = 'العنوان\nالتاريخ\n\nفقرة <b> & "اقتباس"\n' + "\n".join(f"س {n}" for n in range(40)) + "\n"
    html = canvas_html(text, body_start=text.index("فقرة"))
    assert html.count("<section") == 3
    assert html.count('class="title"') == html.count('class="meta"') == 1
    paragraphs = re.findall(r"<p[^>]*>(.*?)</p>", html, re.DOTALL)
    plain = [
        p.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&") for p in paragraphs
    ]
    assert "\n".join(plain) == text
    for found in re.finditer(r'<section data-offset="(\d+)"><p[^>]*>([^<]+)', html):
        assert text[int(found[1]) :].startswith(found[2])


def test_a_codebook_cannot_smuggle_anything_into_the_style_sheet(of: Project) -> None:
    body = {"labels": [{"code": "A", "color": {"light": "#112233", "dark": "#445566"}, "line": "x;}"}]}
    css = codebook_css(body)
    assert "text-decoration-style:solid" in css
    assert "--label-a:light-dark(#112233,#445566)" in css
    body["labels"][0]["color"] = {"light": "red}", "dark": "#445566"}
    with pytest.raises(ValueError, match="rrggbb"):
        codebook_css(body)
    with pytest.raises(ValueError, match="style sheet"):
        slug("a b")


def test_neighbours_are_those_of_the_own_queue(document: Document, annotator: User) -> None:
    between = build.document(document.project)
    after = build.document(document.project)
    build.assignment(after, annotator)
    found = sheet(actor=build.actor(annotator), document_id=document.pk)
    assert (found.previous_id, found.next_id) == (None, after.pk)
    found = sheet(actor=build.owner_of(document.project), document_id=between.pk)
    assert (found.previous_id, found.next_id) == (document.pk, after.pk)
