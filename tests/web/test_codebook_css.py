"""The style sheet of a codebook version: kept by browsers as long as it is the same, and no longer."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from annotator.corpus.models import Document
from annotator.teams.models import User
from annotator.web import codebook_css as sheets
from annotator.web.templatetags import codebook
from annotator.web.views import workspace
from tests import build

pytestmark = pytest.mark.django_db


def address(client: Client, page: str) -> str:
    found = re.search(r'href="([^"]+\.css\?form=[0-9a-f]{8})"', client.get(page).content.decode())
    assert found
    return found[1]


@pytest.fixture
def annotator() -> User:
    return build.user("amal")


@pytest.fixture
def document(annotator: User) -> Document:
    of = build.project()
    build.member(of, person=annotator)
    document = build.document(of)
    build.assignment(document, annotator)
    return document


def test_browsers_keep_the_sheet_that_a_page_names(client: Client, document: Document, annotator: User) -> None:
    client.force_login(annotator)
    sheet = address(client, reverse("workspace", args=[document.pk]))
    assert sheet == f"{reverse('codebook_css', args=[document.project_id, 1])}?form={sheets.FORM}"
    answer = client.get(sheet)
    assert {"private", "immutable", "max-age=31536000"} == set(answer.headers["Cache-Control"].split(", "))
    assert b"::highlight(ac-actor-0)" in answer.content


@pytest.mark.parametrize("page", ["workspace", "history", "marks", "codebook", "same"])
def test_each_page_asks_for_another_sheet_once_its_form_is_another(
    client: Client, document: Document, annotator: User, monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    client.force_login(annotator)
    build.edit(annotator, document, build.add_span(document, 0, 3))
    project = [document.project_id]
    where = {
        "workspace": reverse("workspace", args=[document.pk]),
        "history": reverse("history", args=[document.pk]),
        "marks": f"{reverse('workspace', args=[document.pk])}?view=marks",
        "codebook": reverse("codebook", args=project),
        "same": reverse("same", args=project),
    }[page]
    before = address(client, where)
    for module in (codebook, workspace):
        monkeypatch.setattr(module, "FORM", "0123abcd")
    assert address(client, where) == before.replace(sheets.FORM, "0123abcd")


@pytest.mark.parametrize("query", ["", "?form=0123abcd", "?form="])
def test_the_sheet_under_the_address_of_another_release_is_not_kept(
    client: Client, document: Document, annotator: User, query: str
) -> None:
    client.force_login(annotator)
    answer = client.get(reverse("codebook_css", args=[document.project_id, 1]) + query)
    assert answer.status_code == 200
    assert "no-cache" in answer.headers["Cache-Control"]
    assert "immutable" not in answer.headers["Cache-Control"]
