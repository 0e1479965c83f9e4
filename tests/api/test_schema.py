"""The description of the API says what there is, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, get_resolver
from drf_spectacular.validation import validate_schema

from annotator.api import urls
from annotator.api.schema import Nowhere
from tests import build
from tests.api.world import BASE, CALLS, World, problem, say

VERBS = ("get", "post", "put", "patch", "delete")


@pytest.fixture(scope="module")
def description() -> dict[str, object]:
    answer = Client().get(f"{BASE}schema/")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/vnd.oai.openapi+json"
    return say(answer)  # type: ignore[no-any-return]


def _routes() -> Iterator[tuple[str, str]]:
    for pattern in urls.urlpatterns:
        assert isinstance(pattern, URLPattern)
        view = pattern.callback.cls  # type: ignore[attr-defined]
        if view is Nowhere:
            continue
        path = BASE + re.sub(r"<\w+:(\w+)>", r"{\1}", str(pattern.pattern))
        for verb in VERBS:
            if hasattr(view, verb):
                yield verb, path


def _operations(description: dict) -> set[tuple[str, str]]:  # type: ignore[type-arg]
    return {(verb, path) for path, item in description["paths"].items() for verb in item if verb in VERBS}


def test_it_is_valid_openapi_without_a_warning(tmp_path) -> None:  # type: ignore[no-untyped-def]
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))


def test_it_is_openapi_3_1(description) -> None:  # type: ignore[no-untyped-def]
    assert description["openapi"].startswith("3.1")
    validate_schema(description)


def test_each_route_has_an_operation_and_each_operation_a_route(description) -> None:  # type: ignore[no-untyped-def]
    assert _operations(description) == set(_routes())


def test_the_table_of_the_tests_leaves_no_operation_out(description) -> None:  # type: ignore[no-untyped-def]
    def shape(path: str) -> str:
        return re.sub(r"\{\w+\}", "{}", path)

    tested = {(call.method.lower(), BASE + shape(call.path)) for call in CALLS} | {("get", f"{BASE}schema/")}
    assert tested == {(verb, shape(path)) for verb, path in _operations(description)}


def test_operations_say_what_they_do_and_which_refusals_there_are(description) -> None:  # type: ignore[no-untyped-def]
    names = []
    for path, item in description["paths"].items():
        for verb, about in item.items():
            names.append(about["operationId"])
            assert about["summary"], (verb, path)
            assert "The base of all endpoints" not in about.get("description", "")
            if path == f"{BASE}schema/":
                continue
            assert about["security"] == [{"token": []}, {"session": []}]
            for status in ("400", "401", "403", "404"):
                assert "application/problem+json" in about["responses"][status]["content"], (verb, path)
            if "requestBody" in about:
                assert {"413", "415", "422"} <= about["responses"].keys(), (verb, path)
    assert len(names) == len(set(names))


def test_lists_are_described_as_pages(description) -> None:  # type: ignore[no-untyped-def]
    shapes = description["components"]["schemas"]
    page = shapes["DocumentRowPage"]["properties"]
    assert page.keys() == {"next", "previous", "results"}
    listing = description["paths"][f"{BASE}projects/{{project_id}}/documents/"]["get"]
    assert {p["name"] for p in listing["parameters"]} == {
        "project_id", "cursor", "page_size", "q", "language", "external_id",
    }  # fmt: skip


@pytest.mark.parametrize("path", ["nothing/", "projects", "documents/abc/", "projects/1/edits/", ""])
def test_an_address_that_does_not_exist_answers_as_a_problem(world: World, path: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        problem(world.ask("owner", method, path), 404, "not_found")
    problem(world.ask(None, "GET", path), 401, "unauthenticated")


def test_huge_ids_are_only_missing(world: World) -> None:
    edits = {"edits": [build.add_span(world.document, 0, 3)]}
    for number in (2**31, 2**63, 10**400):
        for path in ("projects/{}/", "documents/{}/", "actors/{}/", "exports/{}/"):
            problem(world.ask("owner", "GET", path.format(number)), 404, "not_found")
        problem(world.ask("owner", "POST", f"documents/{number}/edits/", edits), 404, "not_found")
        problem(world.ask("owner", "POST", f"documents/{number}/submit/"), 404, "not_found")


def test_only_the_named_routes_are_in_the_resolver() -> None:
    for pattern in get_resolver("annotator.api.urls").url_patterns:
        assert pattern.name, pattern
