"""Marking all the same throughout a project: one act, exactly once, in the person's own open work only, and back again."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import transaction

from analysis.text.matching import Forms
from annotator.activity.models import Activity, Job
from annotator.activity.services import Lease, cancel
from annotator.coding import same_marks
from annotator.coding.assignments import submit
from annotator.coding.history import acts
from annotator.coding.models import AnnotationSet, Assignment, Edit, Span
from annotator.coding.occurrences import in_project
from annotator.corpus.models import Document
from annotator.errors import Conflict, Forbidden, Invalid, Missing, TooLarge
from annotator.jobs import same
from annotator.registry.models import Entity
from annotator.teams.access import Actor
from annotator.teams.models import Membership, Project, Role, User
from tests import build
from tests.jobs.helpers import perform

pytestmark = pytest.mark.django_db
TEXTS = ("زار وفد روسيا. وبحث مع روسيا.", "غادر بروسيا أمس.", "في بيلاروسيا وروسيا.")


@pytest.fixture
def of() -> Project:
    return build.project()


@pytest.fixture
def amal(of: Project) -> User:
    return build.member(of)


@pytest.fixture
def documents(of: Project, amal: User) -> list[Document]:
    made = [build.document(of, text) for text in TEXTS]
    for document in made:
        build.assignment(document, amal)
    return made


def places_of(person: User, of: Project, words: str = "روسيا", **wishes: Any) -> dict[int, list[int]]:
    needle = same.Needle(words)
    page = in_project(actor=Actor(person), project=of, needle=needle, **wishes)
    assert page.after is None
    return {f.document.pk: [o.hit.start for o in f.occurrences] for f in page.documents}


def ask(person: User, of: Project, places: dict[int, list[int]] | None = None, **wishes: Any) -> Job:
    given: dict[str, Any] = {
        "act_id": uuid.uuid4(), "words": "روسيا", "forms": Forms(), "span": {"label": "ACTOR"}, **wishes,
    }  # fmt: skip
    return same.request(
        actor=Actor(person), project=of, places=places_of(person, of) if places is None else places, **given
    )


def undo(person: User, job: Job) -> Job:
    return perform(same.request_undo(actor=Actor(person), job=job))


def marks(person: User) -> list[str]:
    rows = Span.objects.filter(set__author=person, set__origin="HUMAN").order_by("set__document_id", "start")
    texts = dict(Document.objects.values_list("pk", "text"))
    assert all(texts[s.set.document_id][s.start : s.end] == s.quote for s in rows.select_related("set"))
    return [s.quote for s in rows]


def state(document: Document, person: User) -> str:
    return Assignment.objects.values_list("state", flat=True).get(document=document, user=person)


# -- marking


def test_all_the_same_are_marked_in_one_act(of: Project, amal: User, documents: list[Document]) -> None:
    entity = Entity.objects.filter(project=of).first()
    assert entity is not None
    span = {"label": "ACTOR", "attributes": {"mention": "NAM"}, "entity": entity.pk, "note": "انظر"}
    job = perform(ask(amal, of, span=span))
    assert job.state == "DONE"
    assert job.result == {"marks": 4, "left": 0, "documents": 3}
    assert marks(amal) == ["روسيا"] * 4
    assert [state(d, amal) for d in documents] == ["ACTIVE"] * 3
    for row in Span.objects.filter(set__author=amal):
        assert (row.label, row.attributes, row.entity_id, row.note) == ("ACTOR", {"mention": "NAM"}, entity.pk, "انظر")
        assert row.origin == "MANUAL"
    assert len(set(Edit.objects.values_list("group", flat=True))) == 1
    first = AnnotationSet.objects.get(document=documents[0], author=amal)
    assert len(acts(first.pk)[0]) == 1, "in each document it is undone by one key"
    assert list(Activity.objects.filter(verb__startswith="same.").values_list("verb", flat=True)) == [
        "same.requested", "same.done"
    ]  # fmt: skip


def test_only_the_places_that_were_chosen_are_marked(of: Project, amal: User, documents: list[Document]) -> None:
    places = places_of(amal, of)
    places = {documents[0].pk: places[documents[0].pk][1:], documents[1].pk: [0, 1, 2, *places[documents[1].pk]]}
    job = perform(ask(amal, of, places))
    assert job.result == {"marks": 2, "left": 3, "documents": 2}, "what is no occurrence is not marked"
    assert marks(amal) == ["روسيا", "روسيا"]
    assert state(documents[2], amal) == "OPEN"


def test_attached_letters_and_forms_are_as_asked(of: Project, amal: User, documents: list[Document]) -> None:
    perform(ask(amal, of, {documents[1].pk: [5]}, forms=Forms(attached=True)))
    assert marks(amal) == ["بروسيا"]


def test_what_is_marked_with_the_label_already_is_left(of: Project, amal: User, documents: list[Document]) -> None:
    build.edit(amal, documents[1], build.add_span(documents[1], 5, 11), build.add_span(documents[1], 6, 11, "EVENT"))
    build.edit(amal, documents[0], build.add_span(documents[0], 8, 13, "EVENT"))
    job = perform(ask(amal, of))
    assert job.result == {"marks": 3, "left": 1, "documents": 2}
    assert Span.objects.filter(set__document=documents[1]).count() == 2


def test_asking_again_with_the_same_id_is_the_same_job(of: Project, amal: User, documents: list[Document]) -> None:
    act = uuid.uuid4()
    job = ask(amal, of, act_id=act)
    places = dict(job.params["places"])
    assert ask(amal, of, places, act_id=act).pk == job.pk
    perform(job)
    assert ask(amal, of, places, act_id=act).pk == job.pk
    assert len(marks(amal)) == 4
    other = build.member(of)
    build.assignment(documents[0], other)
    assert perform(ask(other, of, act_id=act)).pk != job.pk, "an id of somebody else is no way to their job"
    assert len(marks(amal)) == 4


# -- who may, and where


def test_nobody_marks_where_they_may_not_write(of: Project, amal: User, documents: list[Document]) -> None:
    places = places_of(amal, of)
    bader = build.member(of)
    build.assignment(documents[0], bader)
    with pytest.raises(Invalid):
        ask(bader, of, places)
    with pytest.raises(Forbidden):
        ask(build.member(of, Role.VIEWER), of, places)
    with pytest.raises(Missing):
        ask(build.user(), of, places)
    elsewhere = build.project()
    foreign = build.document(elsewhere, "روسيا")
    with pytest.raises(Invalid):
        ask(amal, of, {foreign.pk: [0]})
    Project.objects.filter(pk=of.pk).update(state="FROZEN")
    of.refresh_from_db()
    with pytest.raises(Conflict):
        ask(amal, of, places)
    assert marks(amal) == marks(bader) == []


def test_a_manager_takes_documents_of_nobody_by_marking_in_them(of: Project) -> None:
    document = build.document(of, "في روسيا")
    owner = of.created_by
    perform(ask(owner, of, places_of(owner, of, unassigned=True)))
    assert marks(owner) == ["روسيا"]
    assert state(document, owner) == "ACTIVE"


def test_work_that_is_closed_meanwhile_is_told_of_and_the_rest_goes_on(
    of: Project, amal: User, documents: list[Document]
) -> None:
    build.edit(amal, documents[0], build.add_span(documents[0], 0, 3, "PLACE"))
    job = ask(amal, of)
    submit(actor=Actor(amal), document_id=documents[0].pk)
    Assignment.objects.filter(document=documents[1], user=amal).update(state="REVOKED")
    perform(job)
    assert job.state == "DONE"
    assert job.result == {"marks": 1, "left": 0, "documents": 1}
    assert [(e["item"], e["code"]) for e in job.errors] == [("خبر", "state"), ("خبر", "not_found")]
    assert marks(amal) == ["زار", "روسيا"]


def test_a_project_that_is_frozen_meanwhile_ends_it(of: Project, amal: User, documents: list[Document]) -> None:
    job = ask(amal, of)
    Project.objects.filter(pk=of.pk).update(state="FROZEN")
    assert perform(job).state == "FAILED"
    assert marks(amal) == []


def test_somebody_who_was_taken_out_marks_nothing_more(of: Project, amal: User, documents: list[Document]) -> None:
    job = ask(amal, of)
    Membership.objects.filter(user=amal).delete()
    assert perform(job).result["marks"] == 0
    assert marks(amal) == []


@pytest.mark.parametrize(
    ("wishes", "path"),
    [
        ({"span": {"label": "NOTHING"}}, "span.label"),
        ({"span": {"label": "ACTOR", "attributes": {"mention": "WRONG"}}}, "span.attributes.mention"),
        ({"span": {"label": "ACTOR", "attributes": {"nothing": 1}}}, "span.attributes.nothing"),
        ({"span": {"label": "ACTOR", "entity": 987654321}}, "span.entity"),
        ({"span": {"label": "EVENT", "entity": 1}}, "span.entity"),
        ({"span": {"label": "ACTOR", "note": "x" * 4001}}, "span.note"),
        ({"words": "،"}, "q"),
        ({"words": "و" * 201}, "q"),
        ({"places": {}}, "documents"),
    ],
)
def test_what_is_wrong_is_said_before_anything_happens(
    of: Project, amal: User, documents: list[Document], wishes: dict[str, Any], path: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        ask(amal, of, **wishes)
    assert list(refusal.value.errors) == [path]
    assert not Job.objects.filter(kind="same").exists()


def test_too_many_at_once_are_refused(of: Project, amal: User, documents: list[Document]) -> None:
    with pytest.raises(TooLarge):
        ask(amal, of, {documents[0].pk: list(range(20_001))})


def test_other_people_do_not_see_the_job(of: Project, amal: User, documents: list[Document]) -> None:
    job = perform(ask(amal, of))
    for person in (of.created_by, build.member(of, Role.REVIEWER), build.member(of, Role.VIEWER), build.member(of)):
        assert not Job.objects.visible_to(Actor(person)).filter(pk=job.pk).exists()
        with pytest.raises(Missing):
            same.request_undo(actor=Actor(person), job=job)
    assert Job.objects.visible_to(Actor(amal)).filter(pk=job.pk).exists()


# -- killed, stopped


class Killed(Exception):
    pass


def killed_at(monkeypatch: pytest.MonkeyPatch, name: str, number: int) -> None:
    """The process dies when something is done for the n-th time."""
    real = getattr(same, name)
    calls = iter(range(1, 100))

    def die(**given: Any) -> Any:
        if next(calls) == number:
            raise Killed
        return real(**given)

    monkeypatch.setattr(same, name, die)


def expire(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until="2020-01-01T00:00Z")


def test_killed_in_the_middle_it_goes_on_without_doubles(
    of: Project, amal: User, documents: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = ask(amal, of)
    with monkeypatch.context() as patch:
        killed_at(patch, "mark", 2)
        assert perform(job).state == "RUNNING"
    assert (job.done, len(marks(amal))) == (1, 2)
    assert Job.objects.filter(pk=job.pk).exists()
    expire(job)
    assert perform(job).state == "DONE"
    assert job.result == {"marks": 4, "left": 0, "documents": 3}
    assert len(marks(amal)) == 4
    assert Edit.objects.count() == 4


def test_killed_between_marking_and_saying_so_leaves_nothing_of_that_document(
    of: Project, amal: User, documents: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = ask(amal, of)
    with monkeypatch.context() as patch:

        def die(self: Lease, **_given: Any) -> None:
            raise Killed

        patch.setattr(Lease, "beat", die)
        perform(job)
    assert marks(amal) == []
    expire(job)
    assert perform(job).result["marks"] == 4


def test_the_same_document_twice_changes_nothing(of: Project, amal: User, documents: list[Document]) -> None:
    job = perform(ask(amal, of))
    act = same_marks.Act.from_data(job.params)
    before = list(Span.objects.order_by("pk").values())
    again = same_marks.mark(actor=Actor(amal), document_id=documents[0].pk, act=act, starts={8, 23})
    assert again == (2, 0)
    assert list(Span.objects.order_by("pk").values()) == before
    assert Edit.objects.count() == 4


def test_stopped_in_the_middle_it_keeps_what_is_done_and_that_can_be_undone(
    of: Project, amal: User, documents: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = ask(amal, of)
    with monkeypatch.context() as patch:
        killed_at(patch, "mark", 2)
        perform(job)
    cancel(actor=Actor(amal), job=job)
    expire(job)
    assert perform(job).state == "CANCELLED"
    assert len(marks(amal)) == 2
    assert undo(amal, job).result == {"removed": 2, "kept": 0, "documents": 1}
    assert marks(amal) == []


def test_undone_while_it_waits_it_marks_nothing(of: Project, amal: User, documents: list[Document]) -> None:
    job = ask(amal, of)
    assert undo(amal, job).result == {"removed": 0, "kept": 0, "documents": 0}
    assert perform(job).state == "CANCELLED"
    assert marks(amal) == []


# -- back


def test_one_click_takes_all_of_them_back(of: Project, amal: User, documents: list[Document]) -> None:
    build.edit(amal, documents[0], build.add_span(documents[0], 0, 3, "PLACE"))
    job = perform(ask(amal, of))
    back = undo(amal, job)
    assert back.result == {"removed": 4, "kept": 0, "documents": 3}
    assert marks(amal) == ["زار"]
    assert undo(amal, job).result == {"removed": 0, "kept": 0, "documents": 0}, "twice is once"
    first = AnnotationSet.objects.get(document=documents[0], author=amal)
    build.edit(amal, documents[0], {"id": build.new_id(), "op": "undo"})
    assert Span.objects.filter(set=first).count() == 3, "and in a document the taking back is an act like others"


def test_what_was_changed_or_linked_since_is_kept_and_counted(
    of: Project, amal: User, documents: list[Document]
) -> None:
    job = perform(ask(amal, of))
    noted, linked, _third, gone = Span.objects.filter(set__author=amal).order_by("set__document_id", "start")
    change = {"id": build.new_id(), "op": "update_span", "base_version": 1, "span": {"id": str(noted.pk), "note": "!"}}
    trigger = build.add_span(documents[0], 0, 3, "EVENT", attributes={"type": "CONSULT"})
    relation = {
        "id": build.new_id(), "type": "ARG", "from": {"span": trigger["span"]["id"]}, "to": {"span": str(linked.pk)}, "attributes": {"role": "ACTOR"},
    }  # fmt: skip
    build.edit(amal, documents[0], change, trigger, {"id": build.new_id(), "op": "add_relation", "relation": relation})
    removal = {"id": build.new_id(), "op": "delete_span", "base_version": 1, "span": {"id": str(gone.pk)}}
    build.edit(amal, documents[2], removal)
    assert undo(amal, job).result == {"removed": 1, "kept": 2, "documents": 1}
    assert set(Span.objects.filter(set__author=amal).values_list("pk", flat=True)) == {
        noted.pk, linked.pk, uuid.UUID(trigger["span"]["id"])
    }  # fmt: skip


def test_marks_that_were_undone_and_redone_are_as_they_were(of: Project, amal: User, documents: list[Document]) -> None:
    job = perform(ask(amal, of))
    for op in ("undo", "redo"):
        build.edit(amal, documents[0], {"id": build.new_id(), "op": op})
    assert undo(amal, job).result == {"removed": 4, "kept": 0, "documents": 3}


def test_handed_in_work_is_not_touched_and_can_be_taken_back_later(
    of: Project, amal: User, documents: list[Document]
) -> None:
    job = perform(ask(amal, of, span={"label": "ACTOR", "attributes": {"mention": "NAM", "reading": "ACT"}}))
    submit(actor=Actor(amal), document_id=documents[0].pk)
    back = undo(amal, job)
    assert back.result == {"removed": 2, "kept": 0, "documents": 2}
    assert [e["code"] for e in back.errors] == ["state"]
    Assignment.objects.filter(document=documents[0]).update(state="RETURNED")
    assert undo(amal, job).result == {"removed": 2, "kept": 0, "documents": 1}


def test_taking_back_is_killed_and_goes_on(
    of: Project, amal: User, documents: list[Document], monkeypatch: pytest.MonkeyPatch
) -> None:
    job = perform(ask(amal, of))
    back = same.request_undo(actor=Actor(amal), job=job)
    assert same.request_undo(actor=Actor(amal), job=job).pk == back.pk, "one at a time"
    with monkeypatch.context() as patch:
        killed_at(patch, "take_back", 3)
        perform(back)
    assert len(marks(amal)) == 1
    expire(back)
    assert perform(back).result == {"removed": 4, "kept": 0, "documents": 3}


def test_only_such_an_act_can_be_taken_back(of: Project, amal: User, documents: list[Document]) -> None:
    job = perform(ask(amal, of))
    back = undo(amal, job)
    with pytest.raises(Missing):
        same.request_undo(actor=Actor(amal), job=back)


def test_a_mark_in_between_waits_for_the_other(of: Project, amal: User, documents: list[Document]) -> None:
    """Both look at the set under its lock: what one has marked the other leaves."""
    act = same_marks.Act(
        uuid.uuid4(), "روسيا", Forms(), {"label": "ACTOR", "attributes": {}, "entity": None, "note": ""}
    )
    with transaction.atomic():
        build.edit(amal, documents[1], build.add_span(documents[1], 6, 11))
        assert same_marks.mark(actor=Actor(amal), document_id=documents[1].pk, act=act, starts={6}) == (0, 1)
