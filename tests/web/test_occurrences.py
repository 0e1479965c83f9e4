"""The page of what a person marked in many documents at once: one's own only, and taken back from it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotator.activity.models import Job
from annotator.coding.models import Span
from annotator.corpus.models import Document
from annotator.jobs import same
from annotator.teams.access import Actor
from annotator.teams.models import Project, Role, User
from tests import build
from tests.api.world import mark_all
from tests.jobs.helpers import perform

pytestmark = pytest.mark.django_db


@pytest.fixture
def of() -> Project:
    return build.project()


@pytest.fixture
def amal(of: Project) -> User:
    return build.member(of)


@pytest.fixture
def document(of: Project, amal: User) -> Document:
    made = build.document(of, "زار وفد المدينة، وغادر الوفد أمس.")
    build.assignment(made, amal)
    return made


def page(person: User, of: Project, query: str = "", **headers: str) -> Any:
    client = Client()
    client.force_login(person)
    return client.get(reverse("same", args=[of.pk]) + query, headers=headers)


def undo(person: User, job: Job) -> Any:
    client = Client()
    client.force_login(person)
    return client.post(reverse("same_undo", args=[job.pk]), follow=True)


def test_an_act_is_listed_with_what_it_did_and_can_be_taken_back(of: Project, amal: User, document: Document) -> None:
    job = perform(mark_all(of, amal, document))
    html = page(amal, of).content.decode()
    assert "وفد" in html
    assert reverse("same_undo", args=[job.pk]) in html
    assert Span.objects.filter(set__author=amal).count() == 1
    answer = undo(amal, job)
    assert answer.redirect_chain == [(reverse("same", args=[of.pk]), 302)]
    back = Job.objects.get(kind=same.UNDO_KIND)
    assert 'hx-trigger="every 1s"' in page(amal, of).content.decode(), "it is watched while it goes on"
    perform(back)
    html = page(amal, of).content.decode()
    assert 'hx-trigger="every 1s"' not in html
    assert reverse("same_undo", args=[job.pk]) not in html
    assert not Span.objects.filter(set__author=amal).exists()


def test_what_was_kept_can_be_taken_back_later(of: Project, amal: User, document: Document) -> None:
    job = perform(mark_all(of, amal, document))
    span = Span.objects.get(set__author=amal)
    change = {"id": build.new_id(), "op": "update_span", "base_version": 1, "span": {"id": str(span.pk), "note": "!"}}
    build.edit(amal, document, change)
    undo(amal, job)
    perform(Job.objects.get(kind=same.UNDO_KIND))
    assert reverse("same_undo", args=[job.pk]) in page(amal, of).content.decode()


def test_the_list_is_ones_own(of: Project, amal: User, document: Document) -> None:
    job = perform(mark_all(of, amal, document))
    for person in (of.created_by, build.member(of), build.member(of, Role.VIEWER)):
        assert "وفد" not in page(person, of).content.decode()
        assert undo(person, job).status_code == 404
    stranger = build.user()
    assert page(stranger, of).status_code == 404
    assert undo(stranger, job).status_code == 404
    assert Span.objects.filter(set__author=amal).count() == 1


def test_in_a_frozen_project_the_list_is_shown_and_nothing_taken_back(
    of: Project, amal: User, document: Document
) -> None:
    job = perform(mark_all(of, amal, document))
    Project.objects.filter(pk=of.pk).update(state="FROZEN")
    assert page(amal, of).status_code == 200
    assert undo(amal, job).status_code == 200
    assert not Job.objects.filter(kind=same.UNDO_KIND).exists()


def test_looking_changes_nothing_and_only_posting_takes_back(of: Project, amal: User, document: Document) -> None:
    job = perform(mark_all(of, amal, document))
    client = Client()
    client.force_login(amal)
    assert client.get(reverse("same_undo", args=[job.pk])).status_code == 405
    assert client.post(reverse("same", args=[of.pk])).status_code == 405


def test_htmx_gets_the_list_alone(of: Project, amal: User, document: Document) -> None:
    perform(mark_all(of, amal, document))
    part = page(amal, of, **{"HX-Request": "true"}).content.decode()
    assert part.strip().startswith("<section")
    assert "<html" not in part


def test_twenty_acts_cost_as_many_queries_as_ten(of: Project, amal: User, document: Document) -> None:
    counts = []
    for size in (9, 19):
        while Job.objects.filter(kind=same.KIND).count() < size:
            job = perform(mark_all(of, amal, document))
            perform(same.request_undo(actor=Actor(amal), job=job))
        with CaptureQueriesContext(connection) as queries:
            assert page(amal, of).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
