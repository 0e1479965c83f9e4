"""Lists: in pages by cursor, at the same number of queries however many rows there are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from annotator.jobs import export
from annotator.registry.services import add_entity
from annotator.teams.access import Actor
from annotator.teams.models import Role
from annotator.teams.services import add_member
from tests import build
from tests.api.world import BASE, World, name, problem, say, small_project, suggest


def _more_documents(world: World, count: int) -> None:
    for _ in range(count):
        build.document(world.project)


def _more_members(world: World, count: int) -> None:
    for _ in range(count):
        build.member(world.project, Role.VIEWER)


def _more_invitations(world: World, count: int) -> None:
    for _ in range(count):
        add_member(
            actor=Actor(world.people["owner"]), project=world.project, email=f"{build.new_id()}@a.org", role="VIEWER"
        )


def _more_assignments(world: World, count: int) -> None:
    for _ in range(count):
        build.assignment(build.document(world.project), build.member(world.project))


def _more_actors(world: World, count: int) -> None:
    for _ in range(count):
        forms = [name(build.new_id()), name("قمة", "ar", "ALIAS")]
        add_entity(actor=Actor(world.people["owner"]), project=world.project, kind="IGO", names=forms)


def _more_exports(world: World, count: int) -> None:
    from annotator.activity.models import Job

    Job.objects.update(state=Job.State.DONE)
    for _ in range(count):
        export.request(actor=Actor(world.people["owner"]), project=world.project, format="jsonl")
        Job.objects.update(state=Job.State.DONE)


def _more_projects(world: World, count: int) -> None:
    for _ in range(count):
        made = small_project(world.people["owner"])
        build.member(made, Role.VIEWER, world.people["viewer"])


def _more_suggestions(world: World, count: int) -> None:
    for i in range(count):
        suggest(world.document, i, i + 2 + count)


def _more_submissions(world: World, count: int) -> None:
    from annotator.coding.assignments import submit

    for _ in range(count):
        person = build.member(world.project)
        build.assignment(world.document, person)
        build.edit(person, world.document, build.add_span(world.document, 4, 7))
        submit(actor=Actor(person), document_id=world.document.pk)


LISTS: list[tuple[str, Callable[[World, int], None], int]] = [
    ("projects/", _more_projects, 2),
    ("projects/{project}/documents/", _more_documents, 3),
    ("projects/{project}/members/", _more_members, 3),
    ("projects/{project}/invitations/", _more_invitations, 3),
    ("projects/{project}/assignments/", _more_assignments, 3),
    ("projects/{project}/actors/", _more_actors, 4),
    ("projects/{project}/actors/?q=قمة", _more_actors, 5),
    ("projects/{project}/exports/", _more_exports, 3),
    ("projects/{project}/occurrences/?q=زار&unassigned=yes", _more_documents, 6),
    ("documents/{document}/annotations/?set=all", _more_suggestions, 9),
    ("documents/{document}/conflicts/", _more_submissions, 4),
]
PAGED = [row for row in LISTS if row[0].startswith("projects/") and "?" not in row[0]]


@pytest.mark.parametrize(("path", "more", "most"), LISTS, ids=[row[0] for row in LISTS])
def test_twenty_rows_cost_as_many_queries_as_ten(
    world: World, path: str, more: Callable[[World, int], None], most: int
) -> None:
    world.key("owner")
    url = path.format(**world.ids)
    counts = []
    for _ in range(2):
        more(world, 10)
        world.ask("owner", "GET", url)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert world.ask("owner", "GET", url).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= most, [q["sql"][:200] for q in queries]


def _ids(page: dict[str, Any]) -> list[int]:
    return [row["id"] for row in page["results"]]


@pytest.mark.parametrize(("path", "more", "_most"), PAGED, ids=[row[0] for row in PAGED])
def test_pages_hold_each_row_once_forwards_and_back(
    world: World, path: str, more: Callable[[World, int], None], _most: int
) -> None:
    more(world, 7)
    url = path.format(**world.ids)
    everything = _ids(say(world.ask("owner", "GET", url)))
    assert len(everything) >= 7
    page = say(world.ask("owner", "GET", f"{url}?page_size=3"))
    seen, back = [_ids(page)], []
    assert page["previous"] is None
    while page["next"]:
        answer = world.ask("owner", "GET", page["next"])
        page = say(answer)
        seen.append(_ids(page))
        assert len(seen) < 20
    assert [i for part in seen for i in part] == everything
    assert all(len(part) == 3 for part in seen[:-1])
    while page["previous"]:
        page = say(world.ask("owner", "GET", page["previous"]))
        back.append(_ids(page))
    assert back == seen[:-1][::-1]


def test_a_page_link_keeps_the_filter(world: World) -> None:
    for _ in range(3):
        build.document(world.project, title="قمة الرياض")
    url = f"projects/{world.project.pk}/documents/"
    first = world.ask("owner", "GET", f"{url}?q=قمة&page_size=2")
    assert first["Link"] == f'<{say(first)["next"]}>; rel="next"'
    second = say(world.ask("owner", "GET", say(first)["next"]))
    assert [row["title"] for row in second["results"]] == ["قمة الرياض"]
    assert second["next"] is None


def test_new_rows_do_not_move_the_next_page(world: World) -> None:
    url = f"projects/{world.project.pk}/documents/"
    first = say(world.ask("owner", "GET", f"{url}?page_size=2"))
    build.document(world.project)
    second = say(world.ask("owner", "GET", first["next"]))
    assert not set(_ids(first)) & set(_ids(second))


def test_lists_carry_no_texts(world: World) -> None:
    answer = world.ask("owner", "GET", f"projects/{world.project.pk}/documents/")
    assert say(answer)["results"][0].keys() == {
        "id", "external_id", "title", "author", "source", "source_url", "published_on", "language", "direction",
        "length", "words", "text_sha256", "created_at",
    }  # fmt: skip
    assert "القاهرة" not in answer.content.decode()


def test_documents_are_found_by_title_language_and_foreign_id(world: World) -> None:
    found = build.document(world.project, "A text in English about peace", title="Peace", external_id="x-1")
    url = f"projects/{world.project.pk}/documents/"
    for query in ("q=peac", "language=en", "external_id=x-1"):
        assert _ids(say(world.ask("owner", "GET", f"{url}?{query}"))) == [found.pk]
    assert _ids(say(world.ask("owner", "GET", f"{url}?q=100%25"))) == []


def test_an_annotator_lists_the_assigned_documents_only(world: World) -> None:
    url = f"projects/{world.project.pk}/documents/"
    assert set(_ids(say(world.ask("annotator", "GET", url)))) == {world.document.pk, world.handed_in.pk}


def test_each_project_shows_the_role_of_who_asks(world: World) -> None:
    for role in ("owner", "viewer", "annotator"):
        rows = {row["id"]: row["role"] for row in say(world.ask(role, "GET", "projects/"))["results"]}
        assert rows[world.project.pk] == role.upper()
    assert say(world.ask("outsider", "GET", "projects/"))["results"] == []


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("cursor=1", "cursor"),
        ("cursor=n1%27", "cursor"),
        ("cursor=n" + "9" * 30, "cursor"),
        ("page_size=0", "page_size"),
        ("page_size=201", "page_size"),
        ("page_size=-1", "page_size"),
        ("page_size=٣", "page_size"),
        ("page_size=1e1", "page_size"),
        ("q=a&q=b", "q"),
        ("q=%00", "q"),
        ("q=" + "a" * 201, "q"),
        ("ordering=created_by__password", "ordering"),
        ("title__regex=.", "title__regex"),
        ("fields=text", "fields"),
        ("project=1", "project"),
        ("format=xml", "format"),
    ],
)
def test_a_wrong_query_parameter_is_named(world: World, query: str, name: str) -> None:
    refused = problem(world.ask("owner", "GET", f"projects/{world.project.pk}/documents/?{query}"), 400, "query")
    assert list(refused["errors"]) == [name]


def test_links_are_whole_addresses(world: World) -> None:
    page = say(world.ask("owner", "GET", f"projects/{world.project.pk}/documents/?page_size=1"))
    assert page["next"].startswith(f"http://testserver{BASE}projects/")
