"""Plain builders for the tests: people, projects, documents, spans. They go through the services, as people do."""

from __future__ import annotations

import itertools
import uuid
from typing import Any

from annotator.coding.assignments import assign
from annotator.coding.edits import apply_edits
from annotator.coding.models import Assignment
from annotator.coding.payload import read_edits
from annotator.corpus.models import Document
from annotator.corpus.services import add_document
from annotator.registry.services import create_project
from annotator.teams.access import Actor, Scope
from annotator.teams.models import Membership, Project, Role, User
from annotator.teams.services import create_token

_count = itertools.count(1)
PASSWORD = "correct-horse-battery"
TEXT = "زار وفد من القاهرة العاصمة بغداد أمس. والتقى الوفد وزير الخارجية، وبحث الجانبان الأمن والتجارة."


def user(name: str = "", **fields: Any) -> User:
    number = next(_count)
    name = name or f"person{number}"
    return User.objects.create_user(f"{name}.{number}@example.org", PASSWORD, name=name, **fields)


def actor(person: User | None = None) -> Actor:
    return Actor(person or user())


def project(owner: User | None = None, **fields: Any) -> Project:
    made = create_project(actor=Actor(owner or user("owner")), name=fields.pop("name", f"Project {next(_count)}"))
    if fields:
        Project.objects.filter(pk=made.pk).update(**fields)
        made.refresh_from_db()
    return made


def owner_of(of: Project) -> Actor:
    return Actor(of.created_by)


def member(of: Project, role: Role = Role.ANNOTATOR, person: User | None = None) -> User:
    person = person or user(role.value.lower())
    Membership.objects.create(project=of, user=person, role=role)
    return person


def document(of: Project, text: str | None = None, **about: Any) -> Document:
    return add_document(
        actor=owner_of(of),
        project=of,
        text=text or f"{TEXT} {next(_count)}",
        title=about.pop("title", "خبر"),
        body_start=0,
        **about,
    )


def assignment(of: Document, person: User) -> Assignment:
    return assign(actor=owner_of(of.project), document=of, email=person.email)


def new_id() -> str:
    return str(uuid.uuid4())


def add_span(of: Document, start: int, end: int, label: str = "ACTOR", **more: Any) -> dict[str, Any]:
    """An add_span edit with the right quote."""
    quote = Document.objects.values_list("text", flat=True).get(pk=of.pk)[start:end]
    span = {"id": new_id(), "label": label, "start": start, "end": end, "quote": quote, **more}
    return {"id": new_id(), "op": "add_span", "span": span}


def apply(by: Actor, of: Document, *edits: dict[str, Any]) -> dict[str, Any]:
    return apply_edits(actor=by, document_id=of.pk, edits=read_edits({"edits": list(edits)}))


def edit(person: User, of: Document, *edits: dict[str, Any]) -> dict[str, Any]:
    return apply(Actor(person), of, *edits)


def token(person: User, scopes: list[str] | None = None, of: Project | None = None) -> str:
    _row, key = create_token(actor=Actor(person), name="test", scopes=scopes or [s.value for s in Scope], project=of)
    return key


def edit_first(of: Document, person: User) -> dict[str, Any]:
    """The person is assigned and has marked the first word."""
    assignment(of, person)
    return edit(person, of, add_span(of, 0, 3))
