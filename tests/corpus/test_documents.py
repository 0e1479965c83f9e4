"""Single documents: what is read from a pasted text, what is refused, and what can never change."""

from __future__ import annotations

import hashlib
import json
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from annotator.activity.models import Activity
from annotator.corpus.models import CodebookVersion, Document
from annotator.corpus.queries import documents_page
from annotator.corpus.services import (
    add_document,
    archive_document,
    new_document,
    put_codebook,
    restore_document,
    suggest_header,
)
from annotator.errors import Conflict, Forbidden, Invalid, Missing, TooLarge
from annotator.teams.access import Actor
from annotator.teams.models import Project, Role
from tests import build

BODY = "قالت مصادر مطلعة إن الجانبين اتفقا على استئناف المحادثات في مسقط الأسبوع المقبل، بعد توقف دام شهرين كاملين."


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (
            "محادثات مسقط تستأنف الأسبوع المقبل\nالإثنين 30/مايو/2022 - 05:40 م\nنور الخطيب\n\n",
            ("محادثات مسقط تستأنف الأسبوع المقبل", date(2022, 5, 30), "نور الخطيب"),
        ),
        (
            "محادثات مسقط تستأنف الأسبوع المقبل\nبقلم: نور الخطيب\nنشر في: 30 مايو 2022\n\n",
            ("محادثات مسقط تستأنف الأسبوع المقبل", date(2022, 5, 30), "نور الخطيب"),
        ),
        ("محادثات مسقط تستأنف الأسبوع المقبل\n\n", ("محادثات مسقط تستأنف الأسبوع المقبل", None, "")),
    ],
)
def test_title_date_and_byline_of_a_pasted_article(head: str, expected: tuple[str, date | None, str]) -> None:
    found = suggest_header(head + BODY)
    assert (found["title"], found["published_on"], found["author"]) == expected
    assert (head + BODY)[found["body_start"] :] == BODY
    assert (found["language"], found["direction"]) == ("ar", "rtl")


def test_a_text_without_a_header_is_given_its_first_words() -> None:
    found = suggest_header(BODY + "\n" + BODY)
    assert found["body_start"] == 0
    assert BODY.startswith(found["title"].rstrip("…"))
    assert found["published_on"] is None


def test_what_the_person_says_stands() -> None:
    fields = new_document(text=f"عنوان\n\n{BODY}", title="كما أريد", author="أنا", published_on=date(2020, 1, 1)).fields
    assert (fields["title"], fields["author"], fields["published_on"]) == ("كما أريد", "أنا", date(2020, 1, 1))
    assert fields["body_start"] == 0


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "text_empty"), (" \n\t", "text_empty"), ("a\0", "text_nul"), ("\ud800", "text_lone_surrogate")],
)
def test_texts_that_cannot_be_stored(text: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        new_document(text=text)
    assert (refused.value.code, list(refused.value.errors)) == (code, ["text"])


def test_ten_megabytes_are_enough() -> None:
    new_document(text="ا" * (5 * 1024 * 1024), title="x")
    with pytest.raises(TooLarge):
        new_document(text="ا" * (5 * 1024 * 1024 + 1), title="x")


TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1).filter(str.strip)


@given(TEXTS)
def test_nothing_but_line_ends_and_one_leading_bom_changes(text: str) -> None:
    stored = new_document_or_none(text)
    expected = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if stored is None:
        assert not expected.strip()
        return
    assert stored["text"] == expected
    assert stored["length"] == len(expected)
    assert stored["text_sha256"] == hashlib.sha256(expected.encode()).hexdigest()
    assert 0 <= stored["body_start"] < len(expected)


def new_document_or_none(text: str) -> dict[str, object] | None:
    try:
        return new_document(text=text).fields
    except Invalid:
        return None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    ["text = 'x'", "text_sha256 = 'x'", "length = 1", "project_id = project_id + 1"],
)
def test_the_database_refuses_to_change_a_text(change: str) -> None:
    document = build.document(build.project())
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE corpus_document SET {change} WHERE id = %s", [document.pk])
    Document.objects.filter(pk=document.pk).update(title="عنوان آخر")  # what is not the text may change
    assert Document.objects.get(pk=document.pk).text == document.text


@pytest.mark.django_db
def test_a_text_is_there_once_and_the_refusal_names_the_document() -> None:
    project = build.project()
    first = build.document(project, BODY)
    with pytest.raises(Conflict) as refused:
        build.document(project, BODY.replace("\n", "\r\n"))
    assert (refused.value.code, refused.value.extra) == ("duplicate", {"document": first.pk})
    assert Activity.objects.filter(verb="document.imported").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_who_may_add_and_archive(role: Role) -> None:
    project = build.project()
    document = build.document(project)
    actor = Actor(project.created_by if role == Role.OWNER else build.member(project, role))
    if role in (Role.OWNER, Role.MANAGER):
        assert add_document(actor=actor, project=project, text=BODY).pk
        archive_document(actor=actor, document=document)
        return
    with pytest.raises(Forbidden):
        add_document(actor=actor, project=project, text=BODY)
    with pytest.raises(Forbidden):
        archive_document(actor=actor, document=document)


@pytest.mark.django_db
def test_a_stranger_adds_nothing() -> None:
    project = build.project()
    with pytest.raises(Missing):
        add_document(actor=build.actor(), project=project, text=BODY)


@pytest.mark.django_db
def test_the_bin_and_back() -> None:
    project = build.project()
    document, owner = build.document(project), build.owner_of(project)
    for _twice in range(2):
        archive_document(actor=owner, document=document)
    assert list(documents_page(actor=owner, project=project)) == []
    assert list(documents_page(actor=owner, project=project, archived=True)) == [document]
    for _twice in range(2):
        restore_document(actor=owner, document=document)
    assert list(documents_page(actor=owner, project=project)) == [document]
    verbs = Activity.objects.filter(verb__in=["document.archived", "document.restored"]).values_list("verb", flat=True)
    assert sorted(verbs) == ["document.archived", "document.restored"]


@pytest.mark.django_db
def test_an_annotator_sees_only_what_is_assigned() -> None:
    project = build.project()
    mine, _other = build.document(project), build.document(project)
    annotator = build.member(project)
    build.assignment(mine, annotator)
    assert list(documents_page(actor=Actor(annotator), project=project)) == [mine]
    assert list(documents_page(actor=build.actor(), project=project)) == []
    Project.objects.filter(pk=project.pk).update(open_documents=True)
    assert documents_page(actor=Actor(annotator), project=project).count() == 2


@pytest.mark.django_db
def test_a_codebook_changes_by_new_versions() -> None:
    project = build.project()
    owner = build.owner_of(project)
    first = CodebookVersion.objects.get(project=project)
    assert put_codebook(actor=owner, project=project, body=first.body) == first
    body = json.loads(json.dumps(first.body))
    body["labels"][0]["name"]["en"] = "Somebody"
    second = put_codebook(actor=owner, project=project, body=body, note="name")
    assert (second.number, second.body) == (2, body)
    assert CodebookVersion.objects.get(pk=first.pk).body != body
    body["labels"][0]["code"] = "no code!"
    with pytest.raises(Invalid) as refused:
        put_codebook(actor=owner, project=project, body=body)
    assert "labels.0.code" in refused.value.errors
    with pytest.raises(Forbidden):
        put_codebook(actor=Actor(build.member(project, Role.REVIEWER)), project=project, body=first.body)
