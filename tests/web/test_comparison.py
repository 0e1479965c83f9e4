"""Two submissions side by side: marked in the text, worded for both people."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from analysis.agreement.differences import differences
from analysis.events.codebook import political_codebook
from annotator.coding.assignments import submit
from annotator.coding.models import Submission
from annotator.corpus.models import Document
from annotator.registry.services import add_entity
from annotator.teams.access import Actor
from annotator.teams.models import Role, User
from annotator.web.comparison import Names, Paragraph, Place, paragraphs, places
from tests import build
from tests.api.world import name, small_project

TEXT = "وقّع القادة بيانًا في العُلا.\n\nورحّبت الأمم المتحدة بالاتفاق."


def span(quote: str, label: str = "ACTOR", entity: int | None = None, **attributes: Any) -> dict[str, Any]:
    start = TEXT.index(quote)
    return {"label": label, "start": start, "end": start + len(quote), "quote": quote, "attributes": attributes,
            "entity": entity}  # fmt: skip


def names(language: str = "en") -> Names:
    card = {"name": {"ar": "الأمم المتحدة", "en": "United Nations"}, "key": "UNO"}
    return Names(political_codebook(), language, {"7": card})


def seen(a: list[dict[str, Any]], b: list[dict[str, Any]], language: str = "en") -> list[Place]:
    return places(differences(a, b), names(language))


def test_each_place_says_what_both_people_chose() -> None:
    a = [span("وقّع", "EVENT", type="AGREE"), span("الأمم المتحدة", entity=7)]
    b = [span("وقّع", "EVENT", type="CONSULT"), span("الأمم المتحدة")]
    event, actor = seen(a, b)
    assert event.kind == actor.kind == "attribute"
    (value,) = event.values
    assert value.differs
    assert value.a != value.b
    assert "AGREE" not in value.a
    assert actor.a is not None
    assert actor.b is not None
    assert (actor.a.actor, actor.b.actor) == ("United Nations", "")
    assert actor.a.differs == {"actor"}


def test_words_are_in_the_language_of_the_page() -> None:
    a, b = [span("وقّع", "EVENT", type="AGREE")], [span("وقّع", "EVENT", type="CONSULT")]
    (english,), (arabic,) = seen(a, b), seen(a, b, "ar")
    assert english.values[0].name != arabic.values[0].name
    assert english.a is not None
    assert arabic.a is not None
    assert re.search("[ء-ي]", arabic.a.label)
    assert not re.search("[ء-ي]", english.a.label)


def test_other_boundaries_and_labels_are_pointed_at() -> None:
    (boundary,) = seen([span("الأمم المتحدة")], [span("الأمم")])
    (label,) = seen([span("العُلا", "PLACE")], [span("العُلا", "ACTOR")])
    (missing,) = seen([span("القادة")], [])
    assert (boundary.kind, label.kind, missing.kind) == ("boundary", "label", "missing")
    assert boundary.a is not None
    assert boundary.a.differs == {"extent"}
    assert label.b is not None
    assert label.b.differs == {"label"}
    assert label.values == []
    assert missing.b is None


def marked(found: list[Paragraph]) -> list[str]:
    return [re.sub("<[^>]+>", "", re.sub(r'<a class="spot".*?</a>', "", p.html)) for p in found]


def test_only_paragraphs_with_something_in_them_are_shown_and_their_words_stay_whole() -> None:
    found = paragraphs(TEXT, seen([span("الأمم المتحدة")], [span("الأمم")]))
    assert [p.number for p in found] == [2]
    assert marked(found) == [TEXT.split("\n")[2]]


def test_overlapping_places_each_have_their_number() -> None:
    a = [span("القادة بيانًا في العُلا", "IMPLICATION"), span("القادة"), span("العُلا", "PLACE")]
    found = paragraphs(TEXT, seen(a, []))
    assert marked(found) == [TEXT.split("\n")[0]]
    assert re.findall(r'href="#place-(\d)"', found[0].html) == ["1", "2", "3"] or set(
        re.findall(r'href="#place-(\d)"', found[0].html)
    ) == {"1", "2", "3"}
    assert len(found[0].places) == 3


def test_a_place_that_runs_over_a_paragraph_is_marked_in_both_and_listed_once() -> None:
    long = {
        **span("العُلا"),
        "end": TEXT.index("ورحّبت") + 6,
        "quote": TEXT[TEXT.index("العُلا") : TEXT.index("ورحّبت") + 6],
    }
    found = paragraphs(TEXT, seen([long], []))
    assert [len(p.places) for p in found] == [1]


def test_text_is_escaped() -> None:
    place = Place(1, "missing", "", 0, 3, None, None, [])
    (paragraph,) = paragraphs("<b>x", [place])
    assert "<b>" not in paragraph.html
    assert "&lt;b&gt;" in paragraph.html


@pytest.fixture
def article(db: None) -> Document:
    return build.document(small_project(build.user("owner")))


def hand_in(article: Document, person: User, *edits: dict[str, Any]) -> Submission:
    build.assignment(article, person)
    build.edit(person, article, *edits)
    return submit(actor=Actor(person), document_id=article.pk)


def test_the_page_shows_both_and_filters_by_class(article: Document) -> None:
    amal, bader = build.member(article.project), build.member(article.project)
    reviewer = build.member(article.project, Role.REVIEWER)
    owner = Actor(article.project.created_by)
    entity = add_entity(actor=owner, project=article.project, kind="IGO", names=[name("One")])
    first = hand_in(article, amal, build.add_span(article, 0, 3), build.add_span(article, 4, 7, entity=entity.pk))
    second = hand_in(article, bader, build.add_span(article, 0, 3), build.add_span(article, 4, 7))
    page = Client(headers={"accept-language": "en"})
    page.force_login(reviewer)
    address = reverse("compare", args=[article.pk])
    text = page.get(address).content.decode()
    assert "differs-attribute" in text
    assert 'id="place-2"' in text
    assert 'id="place-1"' not in text  # the one they agree on
    everything = page.get(address, {"a": second.pk, "b": first.pk, "kind": "all"}).content.decode()
    assert 'id="place-1"' in everything
    assert "No place of this kind" in page.get(address, {"kind": "label"}).content.decode()
    assert page.get(address, {"a": "x", "b": second.pk, "kind": "x"}).status_code == 200


def test_one_submission_is_not_compared_with_itself(article: Document) -> None:
    amal = build.member(article.project)
    only = hand_in(article, amal, build.add_span(article, 0, 3))
    page = Client(headers={"accept-language": "en"})
    page.force_login(article.project.created_by)
    text = page.get(reverse("compare", args=[article.pk]), {"a": only.pk, "b": only.pk}).content.decode()
    assert "Two people must have submitted" in text
