"""Lists cost the same number of queries at 10 rows and at 20, and have a stable order over their pages."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotator.activity.models import Job
from annotator.coding.assignments import submit
from annotator.coding.models import Span
from annotator.jobs import export, pretag
from annotator.registry.models import Entity
from annotator.registry.services import add_entity
from annotator.review.services import return_
from annotator.teams.access import Actor
from annotator.teams.models import Role
from annotator.teams.services import add_member, create_token
from tests import build
from tests.api.world import name, small_project
from tests.web.site import Site


def _documents(site: Site, count: int) -> None:
    for n in range(count):
        document = build.document(site.project)
        build.assignment(document, site.people["annotator"])
        if n % 2:
            build.assignment(document, site.people["colleague"])


def _submissions(site: Site, count: int) -> None:
    for _ in range(count):
        document = build.document(site.project)
        for who in ("annotator", "colleague"):
            build.edit_first(document, site.people[who])
            submit(actor=Actor(site.people[who]), document_id=document.pk)


def _feedback(site: Site, count: int) -> None:
    for _ in range(count):
        document = build.document(site.project)
        build.edit_first(document, site.people["annotator"])
        handed_in = submit(actor=Actor(site.people["annotator"]), document_id=document.pk)
        return_(actor=Actor(site.people["reviewer"]), submission=handed_in, note="Again")


def _members(site: Site, count: int) -> None:
    for _ in range(count):
        build.member(site.project, Role.VIEWER)
        add_member(
            actor=Actor(site.people["owner"]), project=site.project, email=f"{build.new_id()}@a.org", role="VIEWER"
        )


def _actors(site: Site, count: int) -> None:
    for _ in range(count):
        forms = [name(build.new_id()), name("قمة", "ar", "ALIAS")]
        add_entity(actor=Actor(site.people["owner"]), project=site.project, kind="IGO", names=forms)


def _mentions(site: Site, count: int) -> None:
    entity = Entity.objects.get(pk=site.ids["actor"])
    for _ in range(count):
        document = build.document(site.project)
        build.edit_first(document, site.people["owner"])
        Span.objects.filter(set__document=document).update(entity=entity)


def _exports(site: Site, count: int) -> None:
    for _ in range(count):
        export.request(actor=Actor(site.people["owner"]), project=site.project, format="jsonl")
        Job.objects.update(state=Job.State.DONE)


def _runs(site: Site, count: int) -> None:
    for _ in range(count):
        pretag.request(actor=Actor(site.people["owner"]), project=site.project)
        Job.objects.update(state=Job.State.DONE)


def _projects(site: Site, count: int) -> None:
    for _ in range(count):
        small_project(site.people["owner"])


def _tokens(site: Site, count: int) -> None:
    for _ in range(count):
        create_token(actor=Actor(site.people["owner"]), name="test", scopes=["read"], project=site.project)


LISTS: list[tuple[str, str, str, Callable[[Site, int], None]]] = [
    ("owner", "home", "", _projects),
    ("annotator", "home", "", _documents),
    ("annotator", "home", "", _feedback),
    ("owner", "account", "", _tokens),
    ("owner", "project", "project", _documents),
    ("owner", "project", "project", _members),
    ("owner", "documents", "project", _documents),
    ("annotator", "documents", "project", _documents),
    ("owner", "documents", "project", _submissions),
    ("owner", "import", "project", _documents),
    ("reviewer", "review", "project", _submissions),
    ("reviewer", "submission", "submission", _submissions),
    ("owner", "actors", "project", _actors),
    ("owner", "actor", "actor", _mentions),
    ("owner", "pretagging", "project", _runs),
    ("owner", "exports", "project", _exports),
    ("owner", "members", "project", _members),
    ("owner", "activity", "project", _documents),
]


@pytest.mark.parametrize(("who", "page_name", "args", "more"), LISTS, ids=lambda x: getattr(x, "__name__", str(x)))
def test_twice_the_rows_cost_no_query_more(
    site: Site, who: str, page_name: str, args: str, more: Callable[[Site, int], None]
) -> None:
    address = reverse(page_name, args=[site.ids[key] for key in args.split()])
    with transaction.atomic():
        more(site, 10)
        site.go(who, "GET", address)  # whatever is looked up once a process
        with CaptureQueriesContext(connection) as ten:
            assert site.go(who, "GET", address).status_code == 200
        more(site, 10)
        with CaptureQueriesContext(connection) as twenty:
            assert site.go(who, "GET", address).status_code == 200
        transaction.set_rollback(True)
    assert len(twenty) <= len(ten), "\n".join(q["sql"][:200] for q in twenty.captured_queries)
    assert len(ten) <= 26


def test_all_documents_are_on_exactly_one_page(site: Site) -> None:
    with transaction.atomic():
        _documents(site, 65)
        seen: list[str] = []
        for number in (1, 2, 3):
            address = reverse("documents", args=[site.project.pk]) + f"?page={number}"
            seen += re.findall(r'name="documents" value="(\d+)"', site.go("owner", "GET", address).content.decode())
        assert len(seen) == len(set(seen)) == 68
        transaction.set_rollback(True)


def test_a_list_answers_htmx_with_its_rows_only(site: Site) -> None:
    for page_name in ("documents", "actors"):
        address = reverse(page_name, args=[site.project.pk]) + "?q=خبر"
        text = site.go("owner", "GET", address, HTTP_HX_REQUEST="true").content.decode()
        assert "<html" not in text
        assert 'id="rows"' in text


@pytest.mark.parametrize(
    "query", ["?q=%00", "?who=abc&state=x&language=%00", "?page=-1", "?page=abc", "?who=99999999999"]
)
def test_strange_questions_are_answered(site: Site, query: str) -> None:
    for page_name in ("documents", "actors", "members", "activity", "review", "codebook"):
        assert site.go("owner", "GET", reverse(page_name, args=[site.project.pk]) + query).status_code == 200
