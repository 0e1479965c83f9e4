"""Every address of the site, from the resolver itself. A parameter or pattern that is not known here stops the tests."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

# What cannot be put together from ids: patterns with a grammar of their own, by name.
SAMPLES = {
    "account_confirm_email": ["accounts/confirm-email/nothing/"],
    "account_reset_password_from_key": [
        "accounts/password/reset/key/1-set-password/",
        "accounts/password/reset/key/1-x/",
    ],
    "api:nowhere": ["api/v1/nothing/here/"],
}
# Views of a page that only show with a query.
QUERIES = {
    "documents": ["?bin=1", "?q=a", "?state=gold", "?state=annotating"],
    "review": ["?state=RETURNED", "?state=ACCEPTED"],
    "actors": ["?q=qnr", "?kind=ORG"],
    "actor_new": ["?name=x"],
    "actor_pick": ["?q=qnr"],
    "workspace": ["?view=marks"],
    "workspace_cards": ["?ids={entities}"],
    "sweep": ["?label=ACTOR", "?label=EVENT&kind=SUPPORT"],
    "sweep_cards": ["?label=ACTOR", "?label=EVENT&kind=SUPPORT", "?label=ACTOR&after=nan,x"],
    "workspace_marks": ["?from=0&to=100000"],
    "codebook": ["?version=1"],
    "talk": ["?stamp=x"],
    "history": ["?part=1"],
    "compare": ["?kind=agree"],
    "workspace_actors": ["?q=qnr", "?q=qnr&label=ACTOR"],
    "api:annotations": ["?set=mine", "?set=gold", "?set=suggestions", "?set=all"],
    "api:export": [
        f"?format={f}&set={w}"
        for f in ("jsonl", "events_csv", "spans_csv")
        for w in ("gold", "submitted", "mine", "suggestions", "all")
    ],
    "api:actors": ["?q=qnr"],
    "api:occurrences": ["?q=زار", "?q=زار&unassigned=yes"],
    "api:document_occurrences": ["?q=زار"],
    "api:documents": ["?q=qnr", "?language=ar"],
}
FRAGMENTS = {"documents", "actors", "job", "workspace_tagging", "actor_pick", "review"}  # which answer htmx otherwise


@dataclass(frozen=True)
class Route:
    name: str
    route: str
    parameters: tuple[str, ...]

    @property
    def is_api(self) -> bool:
        return self.name.startswith("api:")

    def addresses(self, ids: dict[str, list[Any]]) -> Iterator[str]:
        if self.name in SAMPLES:
            yield from (f"/{path}" for path in SAMPLES[self.name])
            return
        for values in itertools.product(*(ids[p] for p in self.parameters)):
            path = self.route
            for parameter, value in zip(self.parameters, values, strict=True):
                start = path.index("<")
                end = path.index(">", start)
                assert path[start:end].endswith(parameter)
                path = f"{path[:start]}{value}{path[end + 1 :]}"
            yield f"/{path}"

    def queries(self, ids: dict[str, list[Any]]) -> list[str]:
        entities = ",".join(map(str, ids["entity_id"]))
        return ["", *(q.format(entities=entities) for q in QUERIES.get(self.name, []))]


def all_routes() -> list[Route]:
    found = list(_walk(get_resolver().url_patterns, "", ""))
    assert len({r.name for r in found}) == len(found), "two routes have one name"
    return found


def _walk(patterns: list[Any], before: str, space: str) -> Iterator[Route]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(
                pattern.url_patterns, route, f"{space}{pattern.namespace}:" if pattern.namespace else space
            )
            continue
        assert isinstance(pattern, URLPattern)
        name = f"{space}{pattern.name}"
        assert pattern.name, f"{route} has no name"
        if name not in SAMPLES:
            assert isinstance(pattern.pattern, RoutePattern), f"{name}: give examples of this pattern in SAMPLES"
        yield Route(name, route, tuple(pattern.pattern.converters))
