"""Actors as the workspace asks for them: found by what was typed or marked, with mentions of nobody else's work."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotator.coding.mentions import actor_card, find_actors, known_actors
from annotator.corpus.models import Document
from annotator.errors import Missing
from annotator.registry.models import Entity
from annotator.registry.services import add_entity, merge_entities
from annotator.teams.access import Actor
from annotator.teams.models import Project, Role, User
from tests import build

pytestmark = pytest.mark.django_db

TEXT = "قالت روسيا إنها ترحب بروسيا جديدة، وزار وفد من الكرملين بغداد."


@pytest.fixture
def project() -> Project:
    return build.project()


@pytest.fixture
def amal(project: Project) -> User:
    return build.member(project)


def entity(project: Project, key: str) -> Entity:
    return Entity.objects.get(project=project, key=key)


def article(project: Project, person: User, text: str = TEXT) -> Document:
    made = build.document(project, text)
    build.assignment(made, person)
    return made


def mention(person: User, of: Document, quote: str, key: str, label: str = "ACTOR") -> str:
    text = Document.objects.get(pk=of.pk).text
    at = text.index(quote)
    edit = build.add_span(of, at, at + len(quote), label, entity=entity(of.project, key).pk)
    build.edit(person, of, edit)
    span_id: str = edit["span"]["id"]
    return span_id


def found(person: User, of: Document, q: str, label: str = "ACTOR") -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = find_actors(actor=Actor(person), document_id=of.pk, q=q, label=label)["results"]
    return results


@pytest.mark.parametrize(
    ("marked", "key", "reading"),
    [
        ("بروسيا", "RUS", "روسيا"), ("وروسيا", "RUS", "روسيا"), ("ولروسيا", "RUS", "روسيا"), ("للسعودية", "SAU", "السعودية"),
        ("بيلاروسيا", "BLR", "بيلاروسيا"), ("رُوسِيَّا", "RUS", "رُوسِيَّا"), ("روســيا", "RUS", "روســيا"), ("والأمم المتحدة", "UN", "الأمم المتحدة"),
        ("الروسيه", "RUS", "الروسيه"), ("Russia", "RUS", "Russia"),
    ],
)  # fmt: skip
def test_a_mark_is_understood_without_attached_letters(
    project: Project, amal: User, marked: str, key: str, reading: str
):
    answer = find_actors(actor=Actor(amal), document_id=article(project, amal).pk, q=marked, label="ACTOR")
    assert (answer["results"][0]["key"], answer["q"]) == (key, reading)


def test_it_says_by_which_name_somebody_was_found(project: Project, amal: User):
    of = article(project, amal)
    assert found(amal, of, "روسيا")[0]["matched"] is None
    assert found(amal, of, "الروسية")[0]["matched"]["role"] == "NISBA"
    moscow = found(amal, of, "موسكو")[0]
    assert (moscow["key"], moscow["matched"], moscow["capital"]) == (
        "RUS", {"form": "موسكو", "role": "METONYM"}, True,
    )  # fmt: skip


def test_a_place_is_offered_first_for_a_place(project: Project, amal: User):
    of = article(project, amal)
    names = [{"lang": "ar", "form": "النهر الكبير", "role": "CANONICAL"}]
    owner = build.owner_of(project)
    add_entity(actor=owner, project=project, kind="ORG", names=names)
    alias = [
        {"lang": "en", "form": "Big River", "role": "CANONICAL"},
        {"lang": "ar", "form": "النهر الكبير", "role": "CANONICAL"},
    ]
    Entity.objects.filter(names__form="النهر الكبير").first().names.update(form="النهر الكبير ")  # type: ignore[union-attr]
    add_entity(actor=owner, project=project, kind="PLACE", names=alias)
    assert [one["kind"] for one in found(amal, of, "النهر الكبير", "PLACE")] == ["PLACE", "ORG"]
    assert [one["kind"] for one in found(amal, of, "النهر الكبير", "ACTOR")] == ["ORG", "PLACE"]


def test_of_equal_names_those_of_the_document_come_first_then_those_of_the_project(project: Project, amal: User):
    names = ["حزب النور", "حزب النهضة", "حزب النخيل"]
    owner = build.owner_of(project)
    keys = [
        add_entity(actor=owner, project=project, kind="ORG", names=[{"lang": "ar", "form": n, "role": "CANONICAL"}]).key
        for n in names
    ]
    here, elsewhere = article(project, amal), article(project, amal, f"{TEXT} أخرى")
    assert [one["key"] for one in found(amal, here, "حزب الن")] == keys
    mention(amal, elsewhere, "وفد", keys[1])
    mention(amal, elsewhere, "روسيا", keys[1])
    mention(amal, here, "وفد", keys[2])
    assert [(one["key"], one["here"], one["project"]) for one in found(amal, here, "حزب الن")] == [
        (keys[2], 1, 1), (keys[1], 0, 2), (keys[0], 0, 0),
    ]  # fmt: skip


@pytest.mark.parametrize("q", ["%", "_", "ـ", "...", "لا يوجد اسم كهذا"])
def test_nobody_is_found_by_what_names_nobody(project: Project, amal: User, q: str):
    assert find_actors(actor=Actor(amal), document_id=article(project, amal).pk, q=q)["results"] == []


def test_the_page_knows_whom_its_work_mentions_with_all_names(project: Project, amal: User):
    of = article(project, amal)
    mention(amal, of, "الكرملين", "RUS")
    [known] = known_actors(actor=Actor(amal), document_id=of.pk)
    assert (known["key"], known["here"], known["project"]) == ("RUS", 1, 1)
    assert ["روسية", "NISBA"] in known["names"]
    assert known["names"][0] == ["روسيا", "CANONICAL"]


# -- the card


def test_a_card_shows_the_other_documents_with_the_words_around(project: Project, amal: User):
    here, there = article(project, amal), article(project, amal, "في البداية وصل وفد روسيا إلى المدينة ثم عاد.")
    mention(amal, here, "روسيا", "RUS")
    span_id = mention(amal, there, "روسيا", "RUS")
    card = actor_card(actor=Actor(amal), document_id=here.pk, entity_id=entity(project, "RUS").pk)
    assert (card["mentions"], card["documents"], card["country"]) == (2, 2, "RUS")
    [one] = card["elsewhere"]
    assert (str(one["id"]), one["document"]) == (span_id, there.pk)
    assert (one["before"], one["quote"], one["after"]) == ("في البداية وصل وفد ", "روسيا", " إلى المدينة ثم عاد.")


def test_the_words_around_are_cut_by_code_points(project: Project, amal: User):
    there = article(project, amal, "🙂" * 60 + " روسيا " + "🙂" * 60)
    mention(amal, there, "روسيا", "RUS")
    here = article(project, amal)
    card = actor_card(actor=Actor(amal), document_id=here.pk, entity_id=entity(project, "RUS").pk)
    [one] = card["elsewhere"]
    assert (one["before"], one["after"]) == ("🙂" * 47 + " ", " " + "🙂" * 47)


def test_blind_work_of_others_is_nowhere(project: Project, amal: User):
    basma = build.member(project)
    here = article(project, amal)
    build.assignment(here, basma)
    mention(basma, here, "روسيا", "RUS")
    of_her_own = article(project, basma, f"{TEXT} لبسمة")
    mention(basma, of_her_own, "روسيا", "RUS")
    russia = entity(project, "RUS").pk
    card = actor_card(actor=Actor(amal), document_id=here.pk, entity_id=russia)
    assert (card["mentions"], card["documents"], card["elsewhere"]) == (0, 0, [])
    assert next((one["here"], one["project"]) for one in found(amal, here, "روسيا")) == (0, 0)
    assert known_actors(actor=Actor(amal), document_id=here.pk) == []
    reviewer = Actor(build.member(project, Role.REVIEWER))
    assert actor_card(actor=reviewer, document_id=here.pk, entity_id=russia)["mentions"] == 0


def test_what_was_merged_counts_for_the_one_that_stays(project: Project, amal: User):
    here = article(project, amal)
    mention(amal, here, "الكرملين", "KREMLIN")
    source = entity(project, "KREMLIN")
    russia = entity(project, "RUS")
    merge_entities(actor=build.owner_of(project), source=source, target=russia)
    for entity_id in (source.pk, russia.pk):
        card = actor_card(actor=Actor(amal), document_id=here.pk, entity_id=entity_id)
        assert (card["key"], card["mentions"]) == ("RUS", 1)
    assert found(amal, here, "روسيا")[0]["here"] == 1


def test_strangers_find_nothing_and_one_project_knows_nothing_of_another(project: Project, amal: User):
    of = article(project, amal)
    russia = entity(project, "RUS").pk
    for actor in (build.actor(), Actor(build.member(build.project()))):
        for ask in (
            lambda a: find_actors(actor=a, document_id=of.pk, q="روسيا"),
            lambda a: known_actors(actor=a, document_id=of.pk),
            lambda a: actor_card(actor=a, document_id=of.pk, entity_id=russia),
        ):
            with pytest.raises(Missing):
                ask(actor)
    foreign = entity(build.project(), "RUS").pk
    with pytest.raises(Missing):
        actor_card(actor=Actor(amal), document_id=of.pk, entity_id=foreign)


def test_ten_and_twenty_mentions_cost_the_same(project: Project, amal: User):
    here = article(project, amal)
    russia = entity(project, "RUS").pk
    costs = []
    for n in range(20):
        mention(amal, article(project, amal, f"وصلت روسيا إلى اتفاق رقم {n}."), "روسيا", "RUS")
        if n not in (9, 19):
            continue
        with CaptureQueriesContext(connection) as asked:
            actor = Actor(amal)
            actor_card(actor=actor, document_id=here.pk, entity_id=russia)
            find_actors(actor=actor, document_id=here.pk, q="روس")
            known_actors(actor=actor, document_id=here.pk)
        costs.append(len(asked))
    assert costs[0] == costs[1] <= 24
