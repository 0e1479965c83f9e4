"""Attacks with a request of their own: foreign ids in bodies, markup in every field, keys in logs, floods of jobs."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from annotator.activity.models import Job
from annotator.coding.models import AnnotationSet, Assignment, Edit, Relation, Span
from annotator.corpus.models import Document
from annotator.corpus.queries import codebook_of
from annotator.corpus.services import write_codebook
from annotator.registry.models import Entity
from annotator.registry.services import add_entity
from annotator.review.comments import start_thread
from annotator.teams.access import Actor
from annotator.teams.models import ApiToken, Membership, Project, Role, User
from annotator.teams.services import create_token
from tests import build
from tests.api.world import name, small_project
from tests.jobs.helpers import imported
from tests.security.routes import all_routes

pytestmark = pytest.mark.django_db


class Two:
    """Two projects of two owners, a document in each, and two annotators on the first."""

    def __init__(self) -> None:
        self.owner, self.enemy = build.user("owner"), build.user("enemy")
        self.project, self.foreign = small_project(self.owner), small_project(self.enemy)
        self.article, self.theirs = build.document(self.project), build.document(self.foreign)
        self.anna, self.bader = build.member(self.project), build.member(self.project)
        for person in (self.anna, self.bader):
            build.edit_first(self.article, person)
        build.edit(self.enemy, self.theirs, build.add_span(self.theirs, 0, 3, note="their secret"))
        self.entity, self.their_entity = (
            add_entity(actor=Actor(o), project=p, kind="ORG", names=[name("House")])
            for o, p in ((self.owner, self.project), (self.enemy, self.foreign))
        )

    def ask(self, person: User, method: str, path: str, body: Any = None) -> Any:
        client = Client()
        client.force_login(person)
        return client.generic(method, f"/api/v1/{path}", json.dumps(body or {}), content_type="application/json")

    def edit(self, person: User, *edits: dict[str, Any], of: Document | None = None) -> Any:
        return self.ask(person, "POST", f"documents/{(of or self.article).pk}/edits/", {"edits": list(edits)})

    def span_of(self, person: User) -> Span:
        return Span.objects.get(set__author=person, set__origin="HUMAN")


@pytest.fixture
def two() -> Two:
    return Two()


def _fingerprint() -> list[Any]:
    return [
        list(model.objects.order_by("pk").values_list())  # type: ignore[attr-defined]
        for model in (Span, Relation, Edit, AnnotationSet, Assignment, Membership, Entity, Project)
    ]


def _relation(source: Any, target: Any) -> dict[str, Any]:
    relation = {"id": build.new_id(), "type": "SUBEVENT_OF", "from": source, "to": target}
    return {"id": build.new_id(), "op": "add_relation", "relation": relation}


def test_foreign_things_in_a_body_are_as_if_they_did_not_exist(two: Two) -> None:
    """A03 and A04: spans, entities and documents of other people and projects, in every place of a body."""
    mine, other, foreign = two.span_of(two.anna), two.span_of(two.bader), two.span_of(two.enemy)
    before = _fingerprint()
    answers: dict[str, list[Any]] = {"there": [], "nowhere": []}
    for kind, spans, entity in (
        ("there", [str(other.pk), str(foreign.pk)], two.their_entity.pk),
        ("nowhere", [build.new_id(), build.new_id()], 10**9),
    ):
        for span in spans:
            update = {"id": build.new_id(), "op": "update_span", "base_version": 1, "span": {"id": span, "note": "x"}}
            delete = {"id": build.new_id(), "op": "delete_span", "base_version": 1, "span": {"id": span}}
            answers[kind] += [
                two.edit(two.anna, _relation({"span": str(mine.pk)}, {"span": span})),
                two.edit(two.anna, _relation({"span": span}, {"span": str(mine.pk)})),
                two.edit(two.anna, update),
                two.edit(two.anna, delete),
            ]
        linked = build.add_span(two.article, 4, 7, entity=entity)
        answers[kind] += [
            two.edit(two.anna, linked),
            two.edit(two.anna, _relation({"span": str(mine.pk)}, {"entity": entity})),
            two.ask(two.owner, "POST", f"actors/{two.entity.pk}/merge/", {"into": entity}),
        ]
    for there, nowhere in zip(answers["there"], answers["nowhere"], strict=True):
        assert there.status_code == nowhere.status_code
        assert there.status_code in (404, 409, 422)
        for answer in (there, nowhere):
            assert "secret" not in answer.content.decode()
        assert there.json()["code"] == nowhere.json()["code"]
        assert there.json().get("errors") == nowhere.json().get("errors")
    assert _fingerprint() == before


def test_the_ids_of_spans_and_edits_of_others_cannot_be_taken(two: Two) -> None:
    """A04: ids are made by clients, so one may guess, or have seen, those of others."""
    other = two.span_of(two.bader)
    taken = Edit.objects.filter(set__author=two.bader).get()
    before = _fingerprint()
    for person, article in ((two.anna, two.article), (two.enemy, two.theirs)):
        span = build.add_span(article, 4, 7)
        span["span"]["id"] = str(other.pk)
        edit = {**build.add_span(article, 4, 7), "id": str(taken.pk)}
        for sent in (span, edit):
            answer = two.edit(person, sent, of=article)
            assert (answer.status_code, answer.json()["code"]) == (409, "id_reused")
            assert {"current", "yours"}.isdisjoint(answer.json())
    assert _fingerprint() == before


def test_assigning_and_tagging_reach_only_the_own_project(two: Two) -> None:
    before = _fingerprint()
    body = {"document": two.theirs.pk, "user": two.anna.email}
    assert two.ask(two.owner, "POST", f"projects/{two.project.pk}/assignments/", body).status_code in (404, 422)
    assert two.ask(two.enemy, "POST", f"projects/{two.foreign.pk}/assignments/", body).status_code == 422
    tagging = two.ask(two.owner, "POST", f"projects/{two.project.pk}/pretag/", {"documents": [two.theirs.pk]})
    assert tagging.status_code in (404, 422)
    assert _fingerprint() == before
    assert not Job.objects.filter(project__in=[two.project, two.foreign]).exists()


@pytest.mark.parametrize(
    "extra",
    [
        {"version": 7},
        {"set": 1},
        {"author": 1},
        {"origin": "ACCEPTED"},
        {"tagger": "me"},
        {"score": 1.0},
        {"project": 1},
        {"created_at": "2020-01-01"},
    ],
)
def test_nothing_is_set_that_is_not_offered(two: Two, extra: dict[str, Any]) -> None:
    """A05"""
    before = _fingerprint()
    edit = build.add_span(two.article, 4, 7)
    edit["span"] |= extra
    answer = two.edit(two.anna, edit)
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [f"edits.0.span.{next(iter(extra))}"]
    assert _fingerprint() == before


def test_blind_coding_tells_nothing_of_the_others(two: Two) -> None:
    """A07: what one annotator hears does not change by what another one does."""

    def heard() -> list[Any]:
        out = []
        for path in (
            f"documents/{two.article.pk}/",
            f"documents/{two.article.pk}/annotations/?set=all",
            f"projects/{two.project.pk}/documents/",
            f"projects/{two.project.pk}/assignments/",
            f"projects/{two.project.pk}/",
        ):
            answer = two.ask(two.anna, "GET", path)
            out.append((answer.status_code, answer.json(), answer.headers.get("ETag")))
        assert two.ask(two.anna, "GET", f"documents/{two.article.pk}/conflicts/").status_code in (403, 404)
        client = Client()
        client.force_login(two.anna)
        pages = [reverse(page, args=[two.project.pk]) for page in ("project", "documents")]
        return out + [_Text.of(client.get(page).content.decode()) for page in pages]

    before = heard()
    build.edit(two.bader, two.article, *[build.add_span(two.article, i, i + 2, "PLACE") for i in range(5)])
    two.ask(two.bader, "POST", f"documents/{two.article.pk}/submit/")
    assert Assignment.objects.get(user=two.bader).state == "SUBMITTED"
    assert heard() == before


def test_after_the_submit_nothing_is_written(two: Two) -> None:
    """A08"""
    two.ask(two.anna, "POST", f"documents/{two.article.pk}/submit/")
    before = _fingerprint()
    for op in (build.add_span(two.article, 4, 7), {"id": build.new_id(), "op": "undo"}):
        answer = two.edit(two.anna, op)
        assert (answer.status_code, answer.json()["code"], answer.json()["state"]) == (409, "state", "SUBMITTED")
    assert _fingerprint() == before


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (-1, 3),
        (0, 10**6),
        (5, 5),
        (5, 2),
        (0, 2**31),
        (0, 10**400),
        ("0", 3),
        (0, 3.0),
        (True, 3),
        (None, 3),
        ("٠", "٣"),
    ],
)
def test_no_offset_leads_out_of_the_text(two: Two, start: Any, end: Any) -> None:
    """A55"""
    edit = build.add_span(two.article, 0, 3)
    edit["span"] |= {"start": start, "end": end}
    before = _fingerprint()
    assert two.edit(two.anna, edit).status_code in (400, 422)
    assert _fingerprint() == before


def test_a_key_never_reaches_a_log_or_a_list(two: Two, caplog: pytest.LogCaptureFixture) -> None:
    """A29"""
    _row, key = create_token(actor=Actor(two.owner), name="laptop", scopes=["read"])
    bad = key[:-4] + "AAAA"
    client = Client(raise_request_exception=False)
    with caplog.at_level(logging.DEBUG):
        for sent in (key, bad):
            for path in (
                "projects/",
                f"projects/{two.project.pk}/",
                "projects/999999/",
                "nothing/",
                f"jobs/{build.new_id()}/",
            ):
                answer = client.get(f"/api/v1/{path}", headers={"Authorization": f"Bearer {sent}"})
                assert key.encode() not in answer.content
            client.post(
                "/api/v1/projects/", b"{", content_type="application/json", headers={"Authorization": f"Bearer {sent}"}
            )
    for secret in (key, bad, key[10:]):
        assert secret not in caplog.text
    person = Client()
    person.force_login(two.owner)
    made = person.post(reverse("account"), {"token_name": "once", "scopes": ["read"]})
    shown = made.context["key"] if made.context and made.context.get("key") else None
    page = person.get(reverse("account")).content.decode()
    assert ApiToken.objects.filter(user=two.owner).count() == 2
    assert key not in page
    assert shown is None or shown not in page


def test_a_flood_of_jobs_is_stopped(two: Two) -> None:
    """A58: each wish differs, so none is taken for a repetition."""
    articles = [build.document(two.project) for _n in range(25)]
    statuses = [
        two.ask(two.owner, "POST", f"projects/{two.project.pk}/pretag/", {"documents": [a.pk]}).status_code
        for a in articles
    ]
    assert statuses == [202] * 20 + [429] * 5
    assert Job.objects.filter(project=two.project).count() == 20
    same = [two.ask(two.enemy, "POST", f"projects/{two.foreign.pk}/pretag/").status_code for _n in range(30)]
    assert set(same) == {202}
    assert Job.objects.filter(project=two.foreign).count() == 1


# -- A40: markup is shown as the letters it is made of

PAYLOADS = [
    "<script>alert(1)</script>",
    "</script><script>alert(2)</script>",
    '"><img src=x onerror=alert(3)>',
    "'><svg onload=alert(4)>",
    "</textarea><iframe src=//evil.example>",
    "{{ 7|add:7 }}{% debug %}",
    "javascript:alert(5)",
    "<!--<script>",
    "&lt;script&gt;",
    "</title><style>*{display:none}</style>",
    "\u2028</script>",
    "<a href=javascript:alert(6)>x</a>",
]


class _Text(HTMLParser):
    """The elements, attributes and words of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.values: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.values += [v or "" for _k, v in attrs]

    def handle_data(self, data: str) -> None:
        if not (self.elements and self.elements[-1][0] in ("script", "style")):
            self.words.append(data)

    @classmethod
    def read(cls, page: str) -> _Text:
        parser = cls()
        parser.feed(page)
        parser.close()
        return parser

    @classmethod
    def of(cls, page: str) -> str:
        return " ".join(" ".join(cls.read(page).words).split())


@pytest.fixture(scope="module")
def poisoned(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Any]]:
    """A project where every field that takes text holds markup."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield _poisoned()
        transaction.set_rollback(True)


def _poisoned() -> dict[str, Any]:
    owner = build.user("owner")
    project = small_project(owner)
    Project.objects.filter(pk=project.pk).update(name=PAYLOADS[0], description=" ".join(PAYLOADS))
    User.objects.filter(pk=owner.pk).update(name=PAYLOADS[2])
    owner.refresh_from_db()
    project.refresh_from_db()
    book = codebook_of(project=project).body
    book["labels"][0]["name"] = {"ar": PAYLOADS[1], "en": PAYLOADS[1]}
    write_codebook(actor=Actor(owner), project=project, body=book)
    text = "\n\n".join(PAYLOADS) + "\n\n" + "خبر"
    article = build.document(project, text, title=PAYLOADS[3], author=PAYLOADS[4], source=PAYLOADS[0])
    entity = add_entity(actor=Actor(owner), project=project, kind="ORG", names=[name(PAYLOADS[0])], note=PAYLOADS[1])
    build.edit(
        owner,
        article,
        *[build.add_span(article, i, i + 9, entity=entity.pk, note=PAYLOADS[i % 5]) for i in range(0, 60, 7)],
    )
    member = build.member(project, Role.REVIEWER)
    User.objects.filter(pk=member.pk).update(name=PAYLOADS[0])
    job = imported(project, (f"{PAYLOADS[2]}.txt".replace("/", "_"), b"\x00\x01binary"), actor=Actor(owner))
    create_token(actor=Actor(owner), name=PAYLOADS[0], scopes=["read"])
    thread = start_thread(actor=Actor(owner), document_id=article.pk, key=uuid.uuid4(), body=PAYLOADS[3])
    return {
        "owner": owner,
        "ids": {
            "project_id": [project.pk],
            "document_id": [article.pk],
            "version": [2],
            "entity_id": [entity.pk],
            "job_id": [job.pk],
            "assignment_id": [Assignment.objects.get().pk],
            "submission_id": [1],
            "membership_id": [member.memberships.get().pk],
            "invitation_id": [1],
            "export_id": [1],
            "token_id": [1],
            "thread_id": [thread.thread_id],
            "comment_id": [thread.pk],
        },
    }


PAGES = [r for r in all_routes() if not r.is_api and r.name not in ("healthz", "account_logout")]


@pytest.mark.parametrize("language", ["ar", "en"])
def test_markup_is_shown_and_never_obeyed(poisoned: dict[str, Any], language: str) -> None:
    """A40: on no page does a payload become an element, an attribute that runs, or the end of a script."""
    client = Client(headers={"accept-language": language})
    client.force_login(poisoned["owner"])
    shown: set[str] = set()
    for route in PAGES:
        for query in ("", "?view=marks") if route.name == "workspace" else ("",):
            answer = client.get(next(route.addresses(poisoned["ids"])) + query)
            if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
                continue
            page = answer.content.decode()
            read = _Text.read(page)
            for tag, attributes in read.elements:
                where = (route.name, tag, attributes)
                assert tag not in ("iframe", "object", "embed", "base"), where
                assert not [a for a in attributes if a.startswith("on")], where
                assert "style" not in attributes, where
                if tag in ("script", "style"):
                    # Ours carry the nonce, are files of ours, or data; a planted one is none of that.
                    ours = (attributes.get("src") or "").startswith("/static/")
                    assert ours or attributes.get("nonce") or attributes.get("type") == "application/json", where
                if tag == "img":
                    assert (attributes.get("src") or "").startswith(("/static/", "data:")), where
                for attribute in ("href", "src", "action", "formaction", "hx-get", "hx-post"):
                    value = (attributes.get(attribute) or "").strip().lower()
                    assert not value.startswith(("javascript:", "vbscript:", "//", "data:text")), where
            words = " ".join(read.words + read.values)
            shown |= {p for p in PAYLOADS if p in words}
    assert {PAYLOADS[0], PAYLOADS[1], PAYLOADS[2], PAYLOADS[3]} <= shown


def test_a_planted_name_cannot_break_out_of_the_style_sheet(poisoned: dict[str, Any]) -> None:
    client = Client()
    client.force_login(poisoned["owner"])
    answer = client.get(reverse("codebook_css", args=[poisoned["ids"]["project_id"][0], 2]))
    assert answer.headers["Content-Type"].startswith("text/css")
    assert b"alert" not in answer.content
    assert b"<" not in answer.content


def test_an_article_sent_by_rest_is_read_by_the_taggers_unless_too_many_runs_wait(two: Two) -> None:
    for n in range(22):
        body = {"text": f"اجتمع الوزراء اليوم في العاصمة {n}"}
        assert two.ask(two.owner, "POST", f"projects/{two.project.pk}/documents/", body).status_code == 201
    assert Job.objects.filter(project=two.project, kind="pretag").count() == 20
