"""What is offered to whom: blind first, decided before, how right the taggers were, and sweeps over many documents."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from analysis import types
from annotator.activity.models import Activity
from annotator.coding import blind, sweep
from annotator.coding.assignments import submit
from annotator.coding.models import Span, SuggestionDecision, SuggestionReveal
from annotator.coding.offers import offers, precision, withheld
from annotator.coding.queries import annotation_sets
from annotator.coding.suggestions import store
from annotator.coding.sweep import Topic
from annotator.corpus.models import Document
from annotator.errors import Conflict, Forbidden, Invalid, Missing
from annotator.registry.models import Entity
from annotator.teams.access import Actor
from annotator.teams.models import Project, Role, User
from annotator.teams.preferences import update_workspace
from annotator.teams.services import set_frozen, update_project
from tests import build

pytestmark = pytest.mark.django_db
TEXT = "زار وفد من القاهرة العاصمة بغداد أمس. والتقى الوفد وزير الخارجية، وبحث الجانبان الأمن والتجارة."


def suggest(
    document: Document, *what: tuple[str, str, float], version: str = "1", tagger: str = "gazetteer", **more: Any
) -> None:
    """Suggestions of a tagger: (label, quote, score); `entity` and `attributes` hold for all."""
    spans = []
    for label, quote, score in what:
        at = document.text.index(quote)
        spans.append(
            types.Span(
                "x",
                label,
                at,
                at + len(quote),
                quote,
                more.get("attributes", {}),
                entity=more.get("entity"),
                score=score,
            )
        )
    ids = dict(Entity.objects.filter(project=document.project).values_list("key", "id"))
    store(
        project_id=document.project_id,
        document_id=document.pk,
        tagger=tagger,
        version=version,
        spans=spans,
        entities=ids,
    )


def open_quotes(person: User, document: Document) -> list[str]:
    found = offers(actor=Actor(person), document_id=document.pk)
    ids = [row[0] for row in json.loads(found.rows)]
    return list(Span.objects.filter(pk__in=ids).order_by("start").values_list("quote", flat=True))


def decide(person: User, document: Document, quote: str, verdict: str = "accept", **more: Any) -> str:
    found = Span.objects.filter(set__document=document, set__origin="MODEL", quote=quote).latest("set_id")
    edit: dict[str, Any] = {
        "id": build.new_id(), "op": f"{verdict}_suggestion", "suggestion": str(found.pk), **more,
    }  # fmt: skip
    if verdict == "accept":
        edit["span"] = {"id": build.new_id(), **more.pop("span", {})}
    build.edit(person, document, edit)
    return str(edit["id"])


@pytest.fixture
def project(db: None) -> Project:
    return build.project()


@pytest.fixture
def amal(project: Project) -> User:
    return build.member(project)


@pytest.fixture
def document(project: Project, amal: User) -> Document:
    made = build.document(project, TEXT)
    build.assignment(made, amal)
    return made


# -- what is offered


def test_what_was_rejected_is_not_offered_again_by_a_newer_version(amal: User, document: Document) -> None:
    suggest(document, ("ACTOR", "القاهرة", 0.9), ("ACTOR", "بغداد", 0.8))
    decide(amal, document, "القاهرة", "reject")
    assert open_quotes(amal, document) == ["بغداد"]
    suggest(document, ("ACTOR", "القاهرة", 0.95), ("ACTOR", "بغداد", 0.8), version="2")
    assert open_quotes(amal, document) == ["بغداد"]


def test_a_rejected_one_comes_again_when_it_says_something_else(amal: User, document: Document) -> None:
    suggest(document, ("ACTOR", "القاهرة", 0.9))
    decide(amal, document, "القاهرة", "reject")
    suggest(document, ("ACTOR", "القاهرة", 0.9), version="2", entity="EGY")
    assert open_quotes(amal, document) == ["القاهرة"]
    suggest(document, ("EVENT", "زار", 0.9), tagger="events", attributes={"type": "CONSULT"})
    decide(amal, document, "زار", "reject")
    suggest(document, ("EVENT", "زار", 0.9), tagger="events", version="2", attributes={"type": "CONSULT"})
    assert "زار" not in open_quotes(amal, document)
    suggest(document, ("EVENT", "زار", 0.9), tagger="events", version="3", attributes={"type": "SUPPORT"})
    assert "زار" in open_quotes(amal, document)


def test_an_accepted_one_is_not_offered_again_though_its_mark_was_removed(amal: User, document: Document) -> None:
    suggest(document, ("ACTOR", "القاهرة", 0.9))
    decide(amal, document, "القاهرة")
    [span] = Span.objects.filter(set__origin="HUMAN")
    gone = {"id": build.new_id(), "op": "delete_span", "base_version": 1, "span": {"id": str(span.pk)}}
    build.edit(amal, document, gone)
    suggest(document, ("ACTOR", "القاهرة", 0.9), version="2", entity="EGY")
    assert open_quotes(amal, document) == []


def test_another_person_is_asked_anew(project: Project, amal: User, document: Document) -> None:
    suggest(document, ("ACTOR", "القاهرة", 0.9))
    decide(amal, document, "القاهرة", "reject")
    badr = build.member(project)
    build.assignment(document, badr)
    assert open_quotes(badr, document) == ["القاهرة"]


def test_why_something_is_not_offered(amal: User, document: Document) -> None:
    suggest(
        document,
        ("ACTOR", "القاهرة", 0.9), ("ACTOR", "بغداد", 0.8), ("ACTOR", "الوفد", 0.4), ("ACTOR", "وفد", 0.5),
        ("ACTOR", "وزير الخارجية", 0.7),
    )  # fmt: skip
    decide(amal, document, "القاهرة", "reject")
    decide(amal, document, "وفد")
    at = TEXT.index("بغداد")
    build.edit(amal, document, build.add_span(document, at, at + 5))
    suggest(document, ("ACTOR", "القاهرة", 0.9), ("ACTOR", "بغداد", 0.8), ("ACTOR", "وزير الخارجية", 0.7), version="2")
    found = {row["quote"]: row["why"] for row in withheld(actor=Actor(amal), document_id=document.pk)}
    assert found == {"القاهرة": "BEFORE", "بغداد": "MARKED", "الوفد": "OLDER", "وفد": "ACCEPTED"}
    with pytest.raises(Missing):
        withheld(actor=Actor(build.user()), document_id=document.pk)


# -- how it was decided


def test_a_decision_keeps_its_time_and_place_through_undo_and_redo(amal: User, document: Document) -> None:
    suggest(document, ("ACTOR", "القاهرة", 0.9), ("ACTOR", "بغداد", 0.9))
    decide(amal, document, "القاهرة", "reject", ms=1830, surface="sweep")
    for op in ("undo", "redo"):
        build.edit(amal, document, {"id": build.new_id(), "op": op})
    decide(amal, document, "بغداد", ms=9_000_000, surface="text")
    kept = SuggestionDecision.objects.order_by("ms").values_list("status", "ms", "surface")
    assert list(kept) == [("REJECTED", 1830, "sweep"), ("ACCEPTED", 600_000, "text")]


@pytest.mark.parametrize(
    "wrong", [{"ms": -1}, {"ms": 1.5}, {"ms": "3"}, {"ms": True}, {"surface": "moon"}, {"surface": []}]
)
def test_a_wrong_time_or_place_is_refused(amal: User, document: Document, wrong: dict[str, Any]) -> None:
    suggest(document, ("ACTOR", "القاهرة", 0.9))
    with pytest.raises(Invalid) as refusal:
        decide(amal, document, "القاهرة", "reject", **wrong)
    assert list(refusal.value.errors) == [f"edits.0.{next(iter(wrong))}"]


def test_a_decision_without_time_and_place_is_as_good(amal: User, document: Document) -> None:
    suggest(document, ("ACTOR", "القاهرة", 0.9))
    decide(amal, document, "القاهرة", "reject")
    kept = SuggestionDecision.objects.get()
    assert (kept.ms, kept.surface) == (None, "")


def test_only_decisions_on_suggestions_take_a_time(amal: User, document: Document) -> None:
    with pytest.raises(Invalid):
        build.edit(amal, document, {**build.add_span(document, 0, 3), "ms": 5})


def test_how_right_the_taggers_were(project: Project, amal: User, document: Document) -> None:
    suggest(
        document, ("ACTOR", "القاهرة", 0.93), ("ACTOR", "بغداد", 0.95), ("ACTOR", "الوفد", 0.6), ("PLACE", "أمس", 1)
    )
    decide(amal, document, "القاهرة", surface="text")
    decide(amal, document, "بغداد", "reject", surface="text")
    decide(amal, document, "الوفد", surface="bulk")  # nobody looked at it
    decide(amal, document, "أمس", span={"label": "ACTOR"})
    elsewhere = build.project()
    other = build.member(elsewhere)
    far = build.document(elsewhere, TEXT)
    build.assignment(far, other)
    suggest(far, ("ACTOR", "القاهرة", 0.93))
    decide(other, far, "القاهرة", "reject")
    rows = precision(actor=Actor(amal), document_id=document.pk)
    assert rows == [
        ["gazetteer", "ACTOR", 18, 1, 1],
        ["gazetteer", "ACTOR", 19, 0, 1],
        ["gazetteer", "PLACE", 20, 0, 1],
    ]
    with pytest.raises(Missing):
        precision(actor=Actor(other), document_id=document.pk)


# -- blind first


def hide(project: Project, mode: str = "BLIND") -> None:
    update_project(actor=build.owner_of(project), project=project, suggestions=mode)
    project.refresh_from_db()


def page_data(person: User, document: Document) -> str:
    client = Client()
    client.force_login(person)
    return client.get(f"/documents/{document.pk}/").content.decode()


def test_blind_first_hides_from_every_door(project: Project, amal: User, document: Document) -> None:
    suggest(document, ("ACTOR", "القاهرة", 0.9), entity="EGY")
    hidden = str(Span.objects.get(set__origin="MODEL").pk)
    assert hidden in page_data(amal, document)
    hide(project)
    assert hidden not in page_data(amal, document)
    assert '"EGY"' not in page_data(amal, document)
    client = Client()
    client.force_login(amal)
    for address in (
        f"/documents/{document.pk}/offers/",
        f"/documents/{document.pk}/offers/withheld/",
        f"/documents/{document.pk}/marks/",
        f"/api/v1/documents/{document.pk}/annotations/?set=suggestions",
        f"/api/v1/documents/{document.pk}/annotations/?set=all",
        f"/projects/{project.pk}/sweep/cards/?label=ACTOR",
        f"/projects/{project.pk}/sweep/",
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert hidden not in answer.content.decode(), address
        assert "القاهرة" not in answer.content.decode(), address
    answer = client.get(f"/documents/{document.pk}/offers/").json()
    assert (answer["hidden"], answer["blind"], answer["newest"], answer["suggestions"]) == (True, True, 0, [])


def test_revealing_is_recorded_once_with_what_there_was_by_then(
    project: Project, amal: User, document: Document
) -> None:
    suggest(document, ("ACTOR", "القاهرة", 0.9), ("ACTOR", "بغداد", 0.8))
    hide(project)
    for quote in ("القاهرة", "الوفد"):
        at = TEXT.index(quote)
        build.edit(amal, document, build.add_span(document, at, at + len(quote)))
    assert blind.reveal(actor=Actor(amal), document_id=document.pk) == {"shown": True}
    build.edit(amal, document, build.add_span(document, 0, 3))
    assert blind.reveal(actor=Actor(amal), document_id=document.pk) == {"shown": False}
    kept = SuggestionReveal.objects.get()
    assert (kept.user, kept.version) == (amal, 2)
    assert Activity.objects.filter(verb="suggestions.shown", user=amal).count() == 1
    found = offers(actor=Actor(amal), document_id=document.pk)
    assert (found.hidden, found.blind) == (False, True)
    assert open_quotes(amal, document) == ["بغداد"]
    same = Span.objects.get(set__origin="HUMAN", quote="القاهرة")
    assert found.same == [str(same.pk)]
    sets = annotation_sets(actor=Actor(amal), document_id=document.pk, which="suggestions")
    assert len(sets[0]["spans"]) == 2


def test_only_shared_documents_are_blind_where_the_project_says_so(
    project: Project, amal: User, document: Document
) -> None:
    suggest(document, ("ACTOR", "القاهرة", 0.9))
    hide(project, "BLIND_SHARED")
    assert open_quotes(amal, document) == ["القاهرة"]
    badr = build.member(project)
    second = build.assignment(document, badr)
    assert open_quotes(amal, document) == []
    assert open_quotes(badr, document) == []
    assert sweep.topics(actor=Actor(amal), project=project) == []
    second.state = "REVOKED"
    second.save()
    assert open_quotes(amal, document) == ["القاهرة"]


def test_who_has_decided_some_has_seen_them(project: Project, amal: User, document: Document) -> None:
    suggest(document, ("ACTOR", "القاهرة", 0.9), ("ACTOR", "بغداد", 0.9))
    decide(amal, document, "القاهرة", "reject")
    hide(project)
    assert open_quotes(amal, document) == ["بغداد"]
    assert blind.reveal(actor=Actor(amal), document_id=document.pk) == {"shown": False}


def test_a_viewer_sees_them_and_need_not_ask(project: Project, amal: User, document: Document) -> None:
    suggest(document, ("ACTOR", "القاهرة", 0.9))
    hide(project)
    viewer = build.member(project, Role.VIEWER)
    assert open_quotes(viewer, document) == ["القاهرة"]
    with pytest.raises(Forbidden):
        blind.reveal(actor=Actor(viewer), document_id=document.pk)


def test_strangers_and_frozen_projects_reveal_nothing(project: Project, amal: User, document: Document) -> None:
    hide(project)
    with pytest.raises(Missing):
        blind.reveal(actor=Actor(build.user()), document_id=document.pk)
    with pytest.raises(Missing):
        blind.reveal(actor=Actor(build.member(project)), document_id=document.pk)  # not assigned
    set_frozen(actor=build.owner_of(project), project=project, frozen=True)
    with pytest.raises(Conflict):
        blind.reveal(actor=Actor(amal), document_id=document.pk)
    assert not SuggestionReveal.objects.exists()


def test_handed_in_work_may_be_compared_too(project: Project, amal: User, document: Document) -> None:
    suggest(document, ("ACTOR", "القاهرة", 0.9))
    hide(project)
    build.edit(amal, document, build.add_span(document, 0, 3, "PLACE"))
    submit(actor=Actor(amal), document_id=document.pk)
    assert open_quotes(amal, document) == []
    blind.reveal(actor=Actor(amal), document_id=document.pk)
    assert open_quotes(amal, document) == ["القاهرة"]


def test_the_choice_of_the_project(project: Project, amal: User) -> None:
    owner = build.owner_of(project)
    with pytest.raises(Invalid):
        update_project(actor=owner, project=project, suggestions="ALWAYS")
    with pytest.raises(Forbidden):
        update_project(actor=Actor(amal), project=project, suggestions="BLIND")
    client = Client()
    client.force_login(owner.user)
    form = {"name": "x", "description": "", "suggestions": "BLIND_SHARED"}
    assert client.post(f"/projects/{project.pk}/settings/", form).status_code == 302
    project.refresh_from_db()
    assert project.suggestions == "BLIND_SHARED"
    page = client.get(f"/projects/{project.pk}/settings/").content.decode()
    assert 'value="BLIND_SHARED" checked' in page
    answer = client.patch(
        f"/api/v1/projects/{project.pk}/", {"suggestions": "CORRECT"}, content_type="application/json"
    )
    assert answer.json()["suggestions"] == "CORRECT"


@pytest.mark.parametrize(
    ("key", "right", "wrong"),
    [
        ("suggestions", [True, False], [1, "yes", []]),
        ("threshold", [0, 0.85, 1], [True, -0.1, 1.01, "0.5", float("nan"), float("inf")]),
        ("thresholds", [{}, {"ACTOR": 0.5}], [{"ACTOR": 2}, {"ACTOR": None}, [0.5], {"x" * 41: 0.5}]),
    ],
)
def test_what_a_person_prefers_to_be_shown(amal: User, key: str, right: list[Any], wrong: list[Any]) -> None:
    for value in right:
        assert update_workspace(actor=Actor(amal), changes={key: value}) == {key: value}
    for value in wrong:
        with pytest.raises(Invalid):
            update_workspace(actor=Actor(amal), changes={key: value})


def test_programs_ask_to_be_shown_them_too(project: Project, amal: User, document: Document) -> None:
    suggest(document, ("ACTOR", "القاهرة", 0.9))
    hide(project)
    reader = {"authorization": f"Bearer {build.token(amal, ['read'])}"}
    coder = {"authorization": f"Bearer {build.token(amal, ['read', 'annotate'])}"}
    client, address = Client(), f"/api/v1/documents/{document.pk}"
    suggested = f"{address}/annotations/?set=suggestions"
    assert client.get(suggested, headers=reader).json() == {"sets": []}
    assert client.post(f"{address}/reveal/", headers=reader).status_code == 403
    assert client.get(suggested, headers=reader).json() == {"sets": []}
    assert client.post(f"{address}/reveal/", headers=coder).json() == {"shown": True}
    assert client.post(f"{address}/reveal/", headers=coder).json() == {"shown": False}
    assert len(client.get(suggested, headers=reader).json()["sets"]) == 1
    stranger = {"authorization": f"Bearer {build.token(build.user())}"}
    assert client.post(f"{address}/reveal/", headers=stranger).status_code == 404


# -- sweeps


def swept(person: User, project: Project, topic: Topic) -> list[str]:
    """All quotes of a sweep, page by page."""
    found: list[str] = []
    after = None
    while page := sweep.cards(actor=Actor(person), project=project, topic=topic, after=after):
        found += [card["quote"] for card in page]
        distance, last = page[-1]["at"]
        after = (distance, uuid.UUID(last))
    return found


def test_a_sweep_begins_with_the_least_certain(project: Project, amal: User, document: Document) -> None:
    suggest(
        document, ("ACTOR", "القاهرة", 0.95), ("ACTOR", "بغداد", 0.45), ("ACTOR", "الوفد", 0.7), ("PLACE", "أمس", 0.5)
    )
    assert swept(amal, project, Topic("ACTOR")) == ["بغداد", "الوفد", "القاهرة"]
    decide(amal, document, "بغداد", "reject")
    assert swept(amal, project, Topic("ACTOR")) == ["الوفد", "القاهرة"]


def test_a_sweep_shows_the_sentence(project: Project, amal: User, document: Document) -> None:
    suggest(document, ("ACTOR", "الوفد", 0.95), entity="EGY")
    [card] = sweep.cards(actor=Actor(amal), project=project, topic=Topic("ACTOR"))
    assert card["before"] == "والتقى "
    assert card["after"] == " وزير الخارجية، وبحث الجانبان الأمن والتجارة."
    assert (card["document"], card["title"], card["language"]) == (document.pk, document.title, "ar")
    assert card["entity"]["en"] == "Egypt"


def test_long_sentences_are_cut_between_words(project: Project, amal: User) -> None:
    text = "كلمة " * 200 + "بغداد" + " كلمة" * 200
    document = build.document(project, text)
    build.assignment(document, amal)
    suggest(document, ("ACTOR", "بغداد", 0.5))
    [card] = sweep.cards(actor=Actor(amal), project=project, topic=Topic("ACTOR"))
    assert set(card["before"].split()) == set(card["after"].split()) == {"كلمة"}
    assert text[card["start"] - len(card["before"]) : card["end"] + len(card["after"])] == (
        card["before"] + "بغداد" + card["after"]
    )
    assert len(card["before"]) <= sweep.AROUND


def test_a_sweep_by_kind(project: Project, amal: User, document: Document) -> None:
    suggest(document, ("EVENT", "زار", 0.9), tagger="events", attributes={"type": "CONSULT"})
    suggest(document, ("EVENT", "بحث", 0.6), tagger="other", attributes={"type": "SUPPORT"})
    suggest(document, ("ACTOR", "بغداد", 0.6))
    found = sweep.topics(actor=Actor(amal), project=project)
    assert found == [
        (Topic("ACTOR"), 1), (Topic("EVENT"), 2), (Topic("EVENT", "CONSULT"), 1), (Topic("EVENT", "SUPPORT"), 1),
    ]  # fmt: skip
    assert swept(amal, project, Topic("EVENT", "CONSULT")) == ["زار"]
    with pytest.raises(Invalid):
        sweep.cards(actor=Actor(amal), project=project, topic=Topic("NOTHING", "x"))


def test_only_documents_one_may_write_in_are_swept(project: Project, amal: User, document: Document) -> None:
    theirs = build.document(project, TEXT + " غيره")
    for one in (document, theirs):
        suggest(one, ("ACTOR", "بغداد", 0.6))
    assert len(swept(amal, project, Topic("ACTOR"))) == 1
    manager = build.member(project, Role.MANAGER)
    assert len(swept(manager, project, Topic("ACTOR"))) == 2  # who assigns may assign themselves
    reviewer = build.member(project, Role.REVIEWER)
    assert swept(reviewer, project, Topic("ACTOR")) == []
    update_project(actor=build.owner_of(project), project=project, open_documents=True)
    project.refresh_from_db()
    assert len(swept(amal, project, Topic("ACTOR"))) == 2
    document.assignments.update(state="SUBMITTED")
    assert len(swept(amal, project, Topic("ACTOR"))) == 1
    Document.objects.filter(pk=theirs.pk).update(archived_at="2026-01-01T00:00Z")
    assert swept(amal, project, Topic("ACTOR")) == []


def test_who_may_sweep(project: Project, amal: User, document: Document) -> None:
    with pytest.raises(Missing):
        sweep.topics(actor=build.actor(), project=project)
    viewer = build.member(project, Role.VIEWER)
    for ask in (
        lambda: sweep.topics(actor=Actor(viewer), project=project),
        lambda: sweep.cards(actor=Actor(viewer), project=project, topic=Topic("ACTOR")),
    ):
        with pytest.raises(Forbidden):
            ask()
    set_frozen(actor=build.owner_of(project), project=project, frozen=True)
    project.refresh_from_db()
    with pytest.raises(Conflict):
        sweep.topics(actor=Actor(amal), project=project)


def test_the_pages_of_a_sweep(project: Project, amal: User, document: Document) -> None:
    suggest(document, ("EVENT", "زار", 0.9), tagger="events", attributes={"type": "CONSULT"})
    suggest(document, ("EVENT", "بحث", 0.6), tagger="other", attributes={"type": "SUPPORT"})
    client = Client(headers={"accept-language": "en"})
    client.force_login(amal)
    page = client.get(f"/projects/{project.pk}/sweep/").content.decode()
    assert "?label=EVENT&amp;kind=CONSULT" in page
    page = client.get(f"/projects/{project.pk}/sweep/?label=EVENT&kind=CONSULT").content.decode()
    assert 'id="sweep-state"' in page
    assert client.get(f"/projects/{project.pk}/sweep/?label=NOTHING").status_code == 200
    assert client.get(f"/projects/{project.pk}/sweep/cards/?label=EVENT&after=nan,x").status_code == 422
    answer = client.get(f"/projects/{project.pk}/sweep/cards/?label=EVENT").json()
    assert [card["quote"] for card in answer["cards"]] == ["بحث", "زار"]
    stranger = Client()
    stranger.force_login(build.user())
    assert stranger.get(f"/projects/{project.pk}/sweep/").status_code == 404
    assert stranger.get(f"/projects/{project.pk}/sweep/cards/?label=EVENT").status_code == 404
    viewer = Client()
    viewer.force_login(build.member(project, Role.VIEWER))
    assert viewer.get(f"/projects/{project.pk}/sweep/").status_code == 403


def many(project: Project, person: User, documents: int, each: int) -> None:
    """Suggestions straight into the tables: 100,000 through the service would take minutes."""
    for number in range(documents):
        text = f"{documents}/{number} " + "كلمة " * each
        document = build.document(project, text)
        build.assignment(document, person)
        spans = [
            types.Span("x", "ACTOR", at, at + 4, "كلمة", {}, score=(i * 7919 % 1000) / 1000)
            for i, at in enumerate(range(text.index(" ") + 1, len(text), 5))
        ]
        store(project_id=project.pk, document_id=document.pk, tagger="gazetteer", version="1", spans=spans, entities={})


def test_a_sweep_costs_the_same_however_many_there_are(project: Project, amal: User) -> None:
    client = Client()
    client.force_login(amal)
    counts: list[int] = []
    for documents in (1, 3):
        many(project, amal, documents, 30)
        for address in ("sweep/", "sweep/?label=ACTOR", "sweep/cards/?label=ACTOR"):
            client.get(f"/projects/{project.pk}/{address}")
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"/projects/{project.pk}/{address}").status_code == 200
            counts.append(len(queries))
    assert counts[:3] == counts[3:]
    found = swept(amal, project, Topic("ACTOR"))
    assert len(found) == 120


def test_a_thousand_pages_hold_each_suggestion_once(project: Project, amal: User) -> None:
    many(project, amal, 3, 100)
    seen: list[Any] = []
    after = None
    while page := sweep.cards(actor=Actor(amal), project=project, topic=Topic("ACTOR"), after=after):
        seen += [(card["at"][0], card["id"]) for card in page]
        after = (page[-1]["at"][0], uuid.UUID(page[-1]["at"][1]))
    assert len(seen) == len(set(seen)) == 300
    assert seen == sorted(seen, key=lambda at: (at[0], uuid.UUID(at[1]).int))
