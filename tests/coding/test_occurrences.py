"""Finding all the same in a document and in a project: who sees what, what is marked there already, what it costs."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from analysis.text.matching import Forms, Needle
from annotator.coding import occurrences
from annotator.coding.assignments import decline, submit
from annotator.coding.models import Assignment
from annotator.coding.occurrences import Page, in_document, in_project
from annotator.corpus.models import Document
from annotator.errors import Conflict, Forbidden, Invalid, Missing
from annotator.teams.access import Actor
from annotator.teams.models import Membership, Project, Role, User
from tests import build

pytestmark = pytest.mark.django_db
RUSSIA = Needle("روسيا")


@pytest.fixture
def of() -> Project:
    return build.project()


@pytest.fixture
def amal(of: Project) -> User:
    return build.member(of)


def given(of: Project, person: User, text: str) -> Document:
    document = build.document(of, text)
    build.assignment(document, person)
    return document


def everywhere(person: User, of: Project, needle: Needle = RUSSIA, **wishes: object) -> list[Page]:
    """All pages, one after the other."""
    pages = [in_project(actor=Actor(person), project=of, needle=needle, **wishes)]  # type: ignore[arg-type]
    while pages[-1].after is not None:
        pages.append(
            in_project(actor=Actor(person), project=of, needle=needle, after=pages[-1].after, **wishes)  # type: ignore[arg-type]
        )
    return pages


def seen(pages: list[Page]) -> list[int]:
    return [found.document.pk for page in pages for found in page.documents]


# -- in a document


def test_each_occurrence_comes_with_its_line(of: Project, amal: User) -> None:
    document = given(of, amal, f"عنوان\nوصل الوفد من روسيا ظهرًا.\n{'كلمة ' * 30}بروسيا {'كلمة ' * 30}\nبيلاروسيا")
    found = in_document(actor=Actor(amal), document_id=document.pk, needle=RUSSIA)
    first, second = found.occurrences
    assert (first.before, first.quote, first.after) == ("وصل الوفد من ", "روسيا", " ظهرًا.")
    assert second.quote == "روسيا"
    assert second.before.startswith("…كلمة ")
    assert second.before.endswith("كلمة ب")
    assert second.after.endswith("كلمة…")
    assert document.text[first.hit.start : first.hit.end] == "روسيا"
    assert not found.more


def test_only_the_own_marks_are_told_and_whether_they_are_at_the_same_place(of: Project, amal: User) -> None:
    document = given(of, amal, "زار بروسيا وفد. وقال وزير روسيا.")
    other = build.member(of)
    build.edit_first(document, other)
    build.edit(other, document, build.add_span(document, 5, 10))
    build.edit(amal, document, build.add_span(document, 4, 10), build.add_span(document, 21, 31, "EVENT"))
    first, second = in_document(actor=Actor(amal), document_id=document.pk, needle=RUSSIA).occurrences
    assert [(label, same) for _id, label, same in first.marks] == [("ACTOR", True)], "with its attached letter"
    assert [(label, same) for _id, label, same in second.marks] == [("EVENT", False)]


def test_very_many_are_cut_off_and_that_is_said(of: Project, amal: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(occurrences, "MOST", 3)
    document = given(of, amal, "روسيا " * 4)
    found = in_document(actor=Actor(amal), document_id=document.pk, needle=RUSSIA)
    assert (len(found.occurrences), found.more) == (3, True)


def test_strangers_and_people_without_the_document_find_nothing(of: Project, amal: User) -> None:
    document = given(of, amal, "روسيا")
    for person in (build.user(), build.member(of)):
        with pytest.raises(Missing):
            in_document(actor=Actor(person), document_id=document.pk, needle=RUSSIA)


# -- in a project


def test_only_documents_that_the_person_may_write_in_are_searched(of: Project, amal: User) -> None:
    mine = given(of, amal, "في روسيا 1")
    submitted, declined, revoked, archived = (given(of, amal, f"في روسيا {n}") for n in range(2, 6))
    build.edit(amal, submitted, build.add_span(submitted, 0, 2))
    submit(actor=Actor(amal), document_id=submitted.pk)
    decline(actor=Actor(amal), assignment=Assignment.objects.get(document=declined), reason="no")
    Assignment.objects.filter(document=revoked).update(state="REVOKED")
    Document.objects.filter(pk=archived.pk).update(archived_at=timezone.now())
    build.document(of, "روسيا لا أحد")
    given(of, build.member(of), "روسيا لغيرها")
    elsewhere = build.project()
    build.member(elsewhere, person=amal)
    given(elsewhere, amal, "روسيا في مشروع آخر")
    pages = everywhere(amal, of, unassigned=True)
    assert seen(pages) == [mine.pk]
    assert (pages[-1].read, pages[-1].total) == (1, 1)


@pytest.mark.parametrize(
    ("role", "open_documents", "wants", "found"),
    [
        (Role.ANNOTATOR, False, True, False),
        (Role.ANNOTATOR, True, True, True),
        (Role.ANNOTATOR, True, False, False),
        (Role.REVIEWER, False, True, False),
        (Role.MANAGER, False, True, True),
        (Role.MANAGER, False, False, False),
        (Role.OWNER, False, True, True),
    ],
)
def test_documents_of_nobody_are_searched_for_those_who_may_begin_and_ask_for_it(
    of: Project, role: Role, open_documents: bool, wants: bool, found: bool
) -> None:
    Project.objects.filter(pk=of.pk).update(open_documents=open_documents)
    of.refresh_from_db()
    person = build.member(of, role)
    document = build.document(of, "في روسيا")
    assert seen(everywhere(person, of, unassigned=wants)) == ([document.pk] if found else [])


def test_viewers_strangers_and_frozen_projects_are_refused(of: Project, amal: User) -> None:
    given(of, amal, "روسيا")
    with pytest.raises(Forbidden):
        everywhere(build.member(of, Role.VIEWER), of)
    with pytest.raises(Missing):
        everywhere(build.user(), of)
    Project.objects.filter(pk=of.pk).update(state="FROZEN")
    of.refresh_from_db()
    with pytest.raises(Conflict):
        everywhere(amal, of)
    Membership.objects.filter(user=amal).delete()
    with pytest.raises(Missing):
        everywhere(amal, of)


def test_a_single_letter_is_too_little_and_nothing_finds_nothing(of: Project, amal: User) -> None:
    given(of, amal, "و و و")
    with pytest.raises(Invalid):
        everywhere(amal, of, Needle("و"))
    assert everywhere(amal, of, Needle("،")) == [Page([], None, 0, 0)]


def test_pages_follow_each_other_without_gap_or_repetition(
    of: Project, amal: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(occurrences, "_CHUNK", 3)
    monkeypatch.setattr(occurrences, "_LINES", 4)
    documents = [given(of, amal, f"{n} " + ("روسيا وروسيا" if n % 3 else "بيلاروسيا")) for n in range(1, 14)]
    wanted = [d.pk for d in documents if "بيلا" not in d.text]
    current = wanted[4]
    pages = everywhere(amal, of, first=current)
    assert seen(pages) == [current, *(pk for pk in wanted if pk != current)]
    assert [page.total for page in pages] == [13] * len(pages)
    assert [page.read for page in pages] == sorted(page.read for page in pages)
    assert len(pages) > 3
    assert pages[-1].read == 13


def test_very_many_in_the_first_document_leave_none_of_the_others_out(
    of: Project, amal: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(occurrences, "_LINES", 3)
    documents = [given(of, amal, f"{n} " + "روسيا " * 5) for n in range(4)]
    pks = [d.pk for d in documents]
    assert seen(everywhere(amal, of, first=pks[2])) == [pks[2], pks[0], pks[1], pks[3]]


def test_a_slow_search_answers_with_what_it_has(of: Project, amal: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(occurrences, "_CHUNK", 2)
    monkeypatch.setattr(occurrences, "_PATIENCE", 0)
    for n in range(5):
        given(of, amal, f"نص {n} بلا اسم")
    pages = everywhere(amal, of)
    assert [(page.documents, page.read, page.total) for page in pages] == [([], 2, 5), ([], 4, 5), ([], 5, 5)]


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("روسيا", "\u202bﺑﺮﻭﺳﻴﺎ\u202c"),
        ("القمة", "وبالقِمَّــةِ"),
        ("لا", "ﻻ"),
        ("2022", "عام٢٠٢٢"),
        ("Erdogan", "ERDOĞAN’s"),
        ("الأمم المتحدة", "للأمم\nالمتّحدة"),
        ("İzmir", "izmir"),
        ("أعداء", "أعدائهم"),
        ("policies", "policy"),
        ("كمبيوتر" * 28, "كمبيوتر" * 28),
    ],
)
def test_the_database_lets_through_what_the_matcher_finds(of: Project, amal: User, words: str, text: str) -> None:
    document = given(of, amal, f"قال: {text}، ثم سكت.")
    needle = Needle(words, Forms(suffix=True, plural=True))
    assert needle.find(document.text)
    assert seen(everywhere(amal, of, needle)) == [document.pk]


def test_more_documents_cost_no_more_queries(of: Project, amal: User) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            in_project(actor=Actor(amal), project=of, needle=RUSSIA)
        return len(queries)

    for n in range(10):
        document = given(of, amal, f"{n} روسيا وروسيا")
        build.edit(amal, document, build.add_span(document, 2, 7))
    ten = cost()
    for n in range(10, 20):
        given(of, amal, f"{n} روسيا وروسيا")
    assert cost() == ten <= 5
