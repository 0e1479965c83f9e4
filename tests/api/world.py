"""A project with somebody in every role and something behind every address, and the table of all REST calls."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from analysis import types
from analysis.events.codebook import political_codebook
from annotator.activity.models import Job
from annotator.activity.services import claim
from annotator.coding.assignments import submit
from annotator.coding.models import Assignment, Span
from annotator.coding.suggestions import store
from annotator.corpus.services import write_codebook
from annotator.jobs import export, pretag, same
from annotator.registry.services import add_entity
from annotator.teams.access import Actor, Scope
from annotator.teams.models import Membership, Project, Role, User
from annotator.teams.services import add_member, create_token
from tests import build

BASE = "/api/v1/"
MEMBERS = ("owner", "manager", "reviewer", "annotator", "viewer")
SCOPES = tuple(scope.value for scope in Scope)


def small_project(owner: User) -> Project:
    """A project without the thousand seeded registry entries."""
    made = Project.objects.create(name="Small", created_by=owner)
    Membership.objects.create(project=made, user=owner, role=Role.OWNER)
    write_codebook(actor=Actor(owner), project=made, body=political_codebook())
    return made


def name(form: str, lang: str = "en", role: str = "CANONICAL") -> dict[str, str]:
    return {"lang": lang, "form": form, "role": role}


def suggest(document: Any, start: int, end: int, tagger: str = "gazetteer") -> str:
    """Store one suggestion of an ACTOR and return its id."""
    span = types.Span("", "ACTOR", start, end, document.text[start:end], score=0.9, reason={"rule": "test"})
    store(
        project_id=document.project_id,
        document_id=document.pk,
        tagger=tagger,
        version="1",
        spans=[span],
        entities={},
    )
    return str(Span.objects.get(set__document=document, set__tagger=tagger, start=start, end=end).pk)


def mark_all(of: Project, person: User, document: Any, words: str = "وفد") -> Job:
    """Ask for the words to be marked in the person's set of a document."""
    places = {document.pk: [max(0, document.text.find(words))]}
    span = {"label": "ACTOR"}
    return same.request(
        actor=Actor(person), project=of, act_id=uuid.uuid4(), words=words, forms=same.Forms(), span=span, places=places
    )


class World:
    """Everything a call of the table may be about; `ids` fills the placeholders of paths."""

    def __init__(self) -> None:
        self.people = {role: build.user(role) for role in (*MEMBERS, "colleague", "outsider")}
        owner = self.people["owner"]
        self.project = small_project(owner)
        for role in MEMBERS[1:]:
            build.member(self.project, Role(role.upper()), self.people[role])
        colleague = build.member(self.project, Role.ANNOTATOR, self.people["colleague"])
        annotator = self.people["annotator"]
        self.document = build.document(self.project)
        self.fresh = build.document(self.project)
        self.handed_in = build.document(self.project)
        for document, person in (
            (self.document, annotator),
            (self.document, colleague),
            (self.handed_in, annotator),
        ):
            build.assignment(document, person)
            build.edit(person, document, build.add_span(document, 4, 7))
        submit(actor=Actor(colleague), document_id=self.document.pk)
        submit(actor=Actor(annotator), document_id=self.handed_in.pk)
        acting = Actor(owner)
        actors = [
            add_entity(actor=acting, project=self.project, kind="IGO", names=[name(form)]) for form in ("One", "Two")
        ]
        self.target = actors[1].pk
        job = export.request(actor=acting, project=self.project, format="jsonl")
        lease = claim(job.pk)
        assert lease is not None
        export.work(lease)
        self.ids: dict[str, Any] = {
            "project": self.project.pk,
            "document": self.document.pk,
            "handed_in": self.handed_in.pk,
            "member": Membership.objects.get(project=self.project, user=colleague).pk,
            "invitation": add_member(actor=acting, project=self.project, email="new@example.org", role="VIEWER").pk,
            "actor": actors[0].pk,
            "export": job.params["export"],
            "job": pretag.request(actor=acting, project=self.project).pk,
            "act": mark_all(self.project, annotator, self.document).pk,
            "suggestion": suggest(self.document, 0, 3),
        }
        self.second_suggestion = suggest(self.document, 8, 10)
        self.client = Client()
        self.elsewhere = small_project(owner)
        self._keys: dict[tuple[str, tuple[str, ...], int | None], str] = {}

    @property
    def missing(self) -> dict[str, Any]:
        """Ids like those in `ids`, of things that do not exist."""
        return {key: 987654321 if isinstance(value, int) else uuid.uuid4() for key, value in self.ids.items()}

    def key(self, who: str, scopes: tuple[str, ...] = SCOPES, bound_to: Project | None = None) -> str:
        wanted = (who, scopes, bound_to.pk if bound_to else None)
        if wanted not in self._keys:
            actor = Actor(self.people[who])
            self._keys[wanted] = create_token(actor=actor, name="test", scopes=scopes, project=bound_to)[1]
        return self._keys[wanted]

    def ask(self, who: str | None, method: str, path: str, body: Any = None, **more: Any) -> Any:
        """The answer to one request; a streamed one has been read to its end into `whole`."""
        answer = self._send(who, method, path, body, **more)
        if answer.streaming:
            answer.whole = answer.getvalue()
        return answer

    def _send(
        self,
        who: str | None,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = None,
        content_type: str = "application/json",
        **headers: str,
    ) -> Any:
        """`body` is sent as JSON, bytes as they are, and files as a form."""
        extra = dict(headers)
        if who is not None:
            extra["HTTP_AUTHORIZATION"] = f"Bearer {key or self.key(who)}"
        url = path.removeprefix("http://testserver") if path.startswith(("/", "http")) else BASE + path
        if isinstance(body, Mapping) and isinstance(body.get("file"), SimpleUploadedFile | list):
            return self.client.post(url, dict(body), **extra)
        data: Any = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body)
        return self.client.generic(method, url, data, content_type if body is not None else "", **extra)


def say(answer: Any) -> Any:
    """The JSON of an answer."""
    return json.loads(answer.content)


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    """Check that the answer is this refusal as a problem document, and return it."""
    assert answer.status_code == status, (answer.status_code, answer.content[:500])
    assert answer["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = say(answer)
    assert body["status"] == status
    assert body["code"] == code, body
    assert body["type"] == "about:blank"
    assert body["title"]
    assert body["detail"]
    return body


@dataclass(frozen=True)
class Call:
    """One operation: who may call it with which answer, and which scope a token needs for it."""

    method: str
    path: str
    ok: int
    may: str
    scope: str
    body: Callable[[World], Any] | None = None
    otherwise: int = 403
    special: Mapping[str, int] = field(default_factory=dict)
    in_frozen: bool | None = None  # goes on in a frozen project; None: reading does, changing does not

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def goes_on(self) -> bool:
        return self.method == "GET" if self.in_frozen is None else self.in_frozen

    def expected(self, role: str) -> int:
        return self.ok if role in self.may.split() else self.special.get(role, self.otherwise)

    def somebody(self) -> str:
        return self.may.split()[-1]

    def on(
        self, world: World, who: str | None, ids: Mapping[str, Any] | None = None, query: str = "", **more: Any
    ) -> Any:
        path = self.path.format(**(ids or world.ids)) + query
        return world.ask(who, self.method, path, self.body(world) if self.body else None, **more)


ALL = "owner manager reviewer annotator viewer"
REVIEWERS = "owner manager reviewer"
MANAGERS = "owner manager"
WRITERS = "owner manager annotator"  # a reviewer writes where somebody assigned the document
UNASSIGNED = {"reviewer": 409}

CALLS = [
    Call("GET", "projects/", 200, ALL, "read"),
    Call("POST", "projects/", 201, ALL, "admin", lambda w: {"name": "Mine"}, in_frozen=True),
    Call("GET", "projects/{project}/", 200, ALL, "read"),
    Call("PATCH", "projects/{project}/", 200, MANAGERS, "admin", lambda w: {"description": "About it"}),
    Call("GET", "projects/{project}/codebook/", 200, ALL, "read"),
    Call(
        "PUT", "projects/{project}/codebook/", 200, MANAGERS, "admin",
        lambda w: {"body": political_codebook(), "note": "the same"},
    ),
    Call("GET", "projects/{project}/members/", 200, ALL, "read"),
    Call(
        "POST", "projects/{project}/members/", 201, MANAGERS, "admin",
        lambda w: {"email": w.people["outsider"].email, "role": "VIEWER"}, in_frozen=True,
    ),
    Call("GET", "projects/{project}/members/{member}/", 200, ALL, "read"),
    Call(
        "PATCH", "projects/{project}/members/{member}/", 200, MANAGERS, "admin",
        lambda w: {"role": "REVIEWER"}, in_frozen=True,
    ),
    Call("DELETE", "projects/{project}/members/{member}/", 204, MANAGERS, "admin", in_frozen=True),
    Call("GET", "projects/{project}/invitations/", 200, MANAGERS, "admin"),
    Call("GET", "projects/{project}/invitations/{invitation}/", 200, MANAGERS, "admin"),
    Call("DELETE", "projects/{project}/invitations/{invitation}/", 204, MANAGERS, "admin", in_frozen=True),
    Call("GET", "projects/{project}/assignments/", 200, ALL, "read"),
    Call(
        "POST", "projects/{project}/assignments/", 201, MANAGERS, "manage",
        lambda w: {"document": w.fresh.pk, "user": w.people["annotator"].email},
    ),
    Call("GET", "projects/{project}/documents/", 200, ALL, "read"),
    Call("POST", "projects/{project}/documents/", 201, MANAGERS, "import", lambda w: {"text": "نص جديد تمامًا"}),
    Call(
        "POST", "projects/{project}/imports/", 202, MANAGERS, "import",
        lambda w: {"file": SimpleUploadedFile("a.txt", b"News of the day")},
    ),
    Call("POST", "projects/{project}/pretag/", 202, MANAGERS, "jobs", lambda w: {"documents": [w.fresh.pk]}),
    Call("GET", "projects/{project}/actors/", 200, ALL, "read"),
    Call(
        "POST", "projects/{project}/actors/", 201, "owner manager reviewer annotator", "annotate",
        lambda w: {"kind": "IGO", "names": [name("Three")]},
    ),
    Call("GET", "projects/{project}/exports/", 200, REVIEWERS, "export"),
    Call(
        "POST", "projects/{project}/exports/", 202, REVIEWERS, "export",
        lambda w: {"format": "jsonl", "set": "gold", "filters": {"language": "ar"}}, in_frozen=True,
    ),
    Call("GET", "projects/{project}/export/", 200, REVIEWERS, "export"),
    Call("GET", "documents/{document}/", 200, ALL, "read"),
    Call("GET", "documents/{document}/annotations/", 200, ALL, "read"),
    Call(
        "POST", "documents/{document}/edits/", 200, WRITERS, "annotate",
        lambda w: {"edits": [build.add_span(w.document, 0, 3)]}, special=UNASSIGNED,
    ),
    Call(
        "POST", "documents/{document}/suggestions/", 200, WRITERS, "annotate",
        lambda w: {"accept": [w.ids["suggestion"]], "reject": [w.second_suggestion]}, special=UNASSIGNED,
    ),
    Call(
        "POST", "documents/{document}/submit/", 201, "annotator", "annotate",
        special={"owner": 409, "manager": 409, "reviewer": 409},
    ),
    Call(
        "POST", "documents/{handed_in}/withdraw/", 200, "annotator", "annotate",
        special={"owner": 409, "manager": 409, "reviewer": 409},
    ),
    Call("POST", "documents/{document}/reveal/", 200, f"{WRITERS} reviewer", "annotate"),
    Call("POST", "documents/{document}/return/", 200, REVIEWERS, "review", lambda w: {"note": "Look again"}),
    Call("POST", "documents/{document}/accept/", 200, REVIEWERS, "review", lambda w: {}),
    Call("GET", "documents/{document}/conflicts/", 200, REVIEWERS, "read"),
    Call("POST", "suggestions/{suggestion}/accept/", 200, WRITERS, "annotate", lambda w: {}, special=UNASSIGNED),
    Call("POST", "suggestions/{suggestion}/reject/", 200, WRITERS, "annotate", lambda w: {}, special=UNASSIGNED),
    Call("GET", "documents/{document}/occurrences/", 200, ALL, "read"),
    Call(
        "GET", "projects/{project}/occurrences/", 200, "owner manager reviewer annotator", "annotate", in_frozen=False,
    ),
    Call(
        "POST", "projects/{project}/occurrences/", 202, WRITERS, "annotate",
        lambda w: {
            "id": build.new_id(), "q": "وفد", "span": {"label": "ACTOR"},
            "documents": [{"document": w.document.pk, "starts": [4]}],
        },
        special={"reviewer": 422},
    ),
    Call(
        "POST", "jobs/{act}/undo/", 202, "annotator", "annotate",
        special={"owner": 404, "manager": 404, "reviewer": 404, "viewer": 404},
    ),
    Call("GET", "actors/{actor}/", 200, ALL, "read"),
    Call("PATCH", "actors/{actor}/", 200, REVIEWERS, "manage", lambda w: {"note": "Founded once"}),
    Call("POST", "actors/{actor}/merge/", 200, REVIEWERS, "manage", lambda w: {"into": w.target}),
    Call("GET", "exports/{export}/", 200, REVIEWERS, "export"),
    Call("GET", "exports/{export}/download/", 200, REVIEWERS, "export"),
    Call("GET", "jobs/{job}/", 200, "owner manager reviewer viewer", "read", special={"annotator": 404}),
    Call("POST", "jobs/{job}/cancel/", 200, MANAGERS, "jobs", special={"annotator": 404}, in_frozen=True),
]  # fmt: skip


def assignment_state(world: World, who: str, document: Any) -> str:
    return Assignment.objects.values_list("state", flat=True).get(document=document, user=world.people[who])
