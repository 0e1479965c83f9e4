"""Two projects with a unique string in every field that a person fills, and who may read each of them."""

from __future__ import annotations

import itertools
import uuid
from dataclasses import dataclass, field
from typing import Any

from allauth.account.models import EmailAddress
from django.test import Client

from analysis import types
from annotator.coding.assignments import decline, submit
from annotator.coding.models import Assignment, Span, Submission
from annotator.coding.suggestions import store
from annotator.corpus.models import Document
from annotator.corpus.queries import codebook_of
from annotator.corpus.services import archive_document, write_codebook
from annotator.exports.models import Export
from annotator.jobs import export, pretag
from annotator.registry.services import add_entity
from annotator.review.comments import reply, start_thread
from annotator.review.models import Comment, Thread
from annotator.review.services import accept, return_
from annotator.teams.access import Actor, Scope
from annotator.teams.models import ApiToken, Membership, Project, Role, User
from annotator.teams.services import add_member, create_token, update_project
from tests import build
from tests.api.world import mark_all, name, small_project
from tests.jobs.helpers import imported, perform

STAFF = frozenset({"owner", "manager", "reviewer"})
MANAGERS = frozenset({"owner", "manager"})
WIDE = STAFF | {"viewer"}
MEMBERS = WIDE | {"anna", "bader"}
EVERY_SCOPE = [s.value for s in Scope]


@dataclass
class Estate:
    """`ids` holds every value that a route parameter can take, `canaries` who may read which string."""

    canaries: dict[str, tuple[str, frozenset[str]]] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    ids: dict[str, list[Any]] = field(default_factory=dict)
    tokens: dict[str, tuple[str, str]] = field(default_factory=dict)  # actor: (whose, key)
    _count: itertools.count[int] = field(default_factory=lambda: itertools.count(100))

    def plant(self, what: str, seers: frozenset[str] | set[str]) -> str:
        text = f"qnr{next(self._count)}z"
        self.canaries[text] = (what, frozenset(seers))
        return text

    def seen_in(self, body: bytes) -> set[str]:
        return {text for text in self.canaries if text.encode() in body}

    def client(self, actor: str) -> tuple[Client, dict[str, str]]:
        """A browser, and the headers it sends: a session for people, a bearer token for programs."""
        client = Client(raise_request_exception=True)
        if actor in self.tokens:
            return client, {"Authorization": f"Bearer {self.tokens[actor][1]}"}
        if actor != "anonymous":
            client.force_login(self.people[actor])
        return client, {}


PEOPLE = ("outsider", "viewer", "anna", "bader", "reviewer", "manager", "owner")
TOKENS = ("owner's token", "anna's token", "viewer's reading token", "owner's token elsewhere", "owner's blind token")
ACTORS = ("anonymous", *PEOPLE, *TOKENS)


def who_is(actor: str) -> str:
    """The person whose rights count; nobody for tokens that may not read here."""
    if actor in ("owner's token elsewhere", "owner's blind token"):
        return "nobody"
    return actor.partition("'")[0]


def build_estate() -> Estate:
    e = Estate()
    for who in PEOPLE:
        seers = {"outsider"} if who == "outsider" else MEMBERS
        e.people[who] = User.objects.create_user(
            f"{e.plant(f'address of {who}', seers)}@example.org", build.PASSWORD, name=e.plant(f"name of {who}", seers)
        )
        EmailAddress.objects.create(user=e.people[who], email=e.people[who].email, verified=True, primary=True)
    owner = Actor(e.people["owner"])
    project = small_project(e.people["owner"])
    for who in ("viewer", "reviewer", "manager"):
        build.member(project, Role(who.upper()), e.people[who])
    for who in ("anna", "bader"):
        build.member(project, Role.ANNOTATOR, e.people[who])
    update_project(
        actor=owner,
        project=project,
        name=e.plant("project name", MEMBERS),
        description=e.plant("project description", MEMBERS),
    )
    project = Project.objects.get(pk=project.pk)
    book = codebook_of(project=project).body
    book["labels"][0]["name"]["en"] = e.plant("codebook", MEMBERS)
    write_codebook(actor=owner, project=project, body=book, note="")
    entities = [
        add_entity(
            actor=owner,
            project=project,
            kind="ORG",
            names=[name(e.plant("entity", MEMBERS)), name(e.plant("alias", MEMBERS), role="ALIAS")],
            note=e.plant("registry note", MEMBERS),
        )
        for _n in range(2)
    ]
    invitation = add_member(
        actor=owner, project=project, email=f"{e.plant('invited address', MANAGERS)}@example.org", role="VIEWER"
    )
    documents = _documents(e, project, entities[0].pk)
    jobs, exports, draft = _jobs(e, project)
    documents.append(draft)
    _tokens(e, project)
    secrets = [u.password for u in e.people.values()] + list(ApiToken.objects.values_list("digest", flat=True))
    e.canaries |= dict.fromkeys(secrets, ("a secret", frozenset()))

    elsewhere = small_project(e.people["outsider"])
    Project.objects.filter(pk=elsewhere.pk).update(name=e.plant("other project", {"outsider"}))
    foreign = build.document(
        elsewhere, f"Foreign {e.plant('other text', {'outsider'})}", title=e.plant("other title", {"outsider"})
    )
    other_entity = add_entity(
        actor=Actor(e.people["outsider"]),
        project=elsewhere,
        kind="ORG",
        names=[name(e.plant("other entity", {"outsider"}))],
    )
    e.ids = {
        "project_id": [project.pk, elsewhere.pk],
        "document_id": [*(d.pk for d in documents), foreign.pk],
        "version": [1, 2],
        "membership_id": list(Membership.objects.filter(project=project).values_list("pk", flat=True)[:2]),
        "invitation_id": [invitation.pk],
        "assignment_id": list(Assignment.objects.values_list("pk", flat=True)[:3]),
        "submission_id": list(Submission.objects.values_list("pk", flat=True)),
        "entity_id": [*(x.pk for x in entities), other_entity.pk],
        "token_id": list(ApiToken.objects.values_list("pk", flat=True)[:2]),
        "job_id": jobs,
        "export_id": exports,
        "suggestion_id": list(Span.objects.filter(set__origin="MODEL").values_list("pk", flat=True)),
    }
    e.ids["thread_id"] = list(Thread.objects.values_list("pk", flat=True))
    e.ids["comment_id"] = list(Comment.objects.values_list("pk", flat=True))
    e.ids["member_id"] = e.ids["membership_id"]
    return e


def _document(e: Estate, project: Project, seers: frozenset[str] | set[str]) -> Document:
    return build.document(
        project,
        f"زار وفد المدينة أمس {e.plant('text', seers)}",
        title=e.plant("title", seers),
        author=e.plant("byline", seers),
        source=e.plant("source", seers),
        external_id=e.plant("external id", seers),
        source_url=f"https://example.org/{e.plant('address', seers)}",
        metadata={"k": e.plant("metadata", seers)},
    )


def _documents(e: Estate, project: Project, entity_id: int) -> list[Document]:
    anna, bader, owner = e.people["anna"], e.people["bader"], Actor(e.people["owner"])
    reviewer = Actor(e.people["reviewer"])
    shared = _document(e, project, MEMBERS)
    for person, who in ((anna, "anna"), (bader, "bader")):
        build.assignment(shared, person)
        build.edit(
            person,
            shared,
            build.add_span(shared, 0, 3, note=e.plant(f"draft of {who}", {who}), entity=entity_id),
        )
    unassigned = _document(e, project, WIDE)
    binned = _document(e, project, MANAGERS)
    build.assignment(binned, bader)
    build.edit(bader, binned, build.add_span(binned, 0, 3, note=e.plant("work of bader on what is binned", MANAGERS)))
    submit(actor=Actor(bader), document_id=binned.pk)
    archive_document(actor=owner, document=binned)
    handed_in, returned, gold = (_document(e, project, MEMBERS) for _n in range(3))
    _talk(e, shared)
    submissions = []
    for article, what in ((handed_in, "submitted"), (returned, "returned"), (gold, "gold")):
        build.assignment(article, anna)
        build.assignment(article, bader)
        seers = STAFF | {"bader"} | ({"viewer"} if what == "gold" else set())
        build.edit(bader, article, build.add_span(article, 0, 3, note=e.plant(f"{what} work of bader", seers)))
        submissions.append(submit(actor=Actor(bader), document_id=article.pk))
    return_(actor=reviewer, submission=submissions[1], note=e.plant("review note", STAFF | {"bader"}))
    accept(actor=reviewer, submission=submissions[2])
    declined = _document(e, project, WIDE)
    decline(
        actor=Actor(bader),
        assignment=build.assignment(declined, bader),
        reason=e.plant("reason of declining", MANAGERS),
    )
    for article, seers in ((shared, MEMBERS), (unassigned, WIDE)):
        span = types.Span(
            "",
            "ACTOR",
            4,
            6,
            article.text[4:6],
            score=0.9,
            reason={"rule": e.plant("suggestion", seers), "matched": "x"},
        )
        store(project_id=project.pk, document_id=article.pk, tagger="gazetteer", version="1", spans=[span], entities={})
    return [shared, unassigned, binned, handed_in, returned, gold, declined]


def _talk(e: Estate, shared: Document) -> None:
    """Comments of an annotator, which reach those who review, and of a reviewer, which reach all readers."""

    def say(who: str, what: str, seers: frozenset[str], **on: Any) -> Comment:
        body = e.plant(what, seers)
        actor = Actor(e.people[who])
        return start_thread(actor=actor, document_id=shared.pk, key=uuid.uuid4(), body=body, **on)

    for who in ("anna", "bader"):
        mark = Span.objects.get(set__author=e.people[who], set__document=shared)
        comment = say(who, f"comment of {who} on a mark", STAFF | {who}, span_id=mark.pk)
        say(who, f"comment of {who} on the document", STAFF | {who})
    reply(
        actor=Actor(e.people["reviewer"]), thread_id=comment.thread_id, key=uuid.uuid4(),
        body=e.plant("answer to bader", STAFF | {"bader"}),
    )  # fmt: skip
    say("reviewer", "comment of the reviewer on the document", MEMBERS)


def _jobs(e: Estate, project: Project) -> tuple[list[Any], list[int], Document]:
    manager, reviewer = Actor(e.people["manager"]), Actor(e.people["reviewer"])
    brought_in = imported(project, (f"{e.plant('file name', WIDE)}.txt", b"\x00\x01\x02binary"), actor=manager)
    tagging = pretag.request(actor=manager, project=project)
    jobs = [brought_in.pk, tagging.pk]
    exports = []
    draft = _document(e, project, WIDE)
    build.assignment(draft, reviewer.user)
    build.edit(reviewer.user, draft, build.add_span(draft, 0, 3, note=e.plant("draft of the reviewer", {"reviewer"})))
    for which in ("mine", "gold"):
        job = perform(export.request(actor=reviewer, project=project, format="jsonl", which=which))
        jobs.append(job.pk)
        exports.append(Export.objects.get(job=job).pk)
    anna = e.people["anna"]
    hers = Assignment.objects.filter(user=anna, state="ACTIVE").select_related("document").earliest("pk").document
    jobs.append(perform(mark_all(project, anna, hers, e.plant("words of anna's act", {"anna"}))).pk)
    unfinished = export.request(actor=reviewer, project=project, format="jsonl")
    exports.append(Export.objects.get(job=unfinished).pk)
    return jobs, exports, draft


def _tokens(e: Estate, project: Project) -> None:
    def make(actor: str, whose: str, scopes: list[str], bound: Project | None = None) -> None:
        named = e.plant(f"name of {actor}", {whose})
        _row, key = create_token(actor=Actor(e.people[whose]), name=named, scopes=scopes, project=bound)
        e.tokens[actor] = (whose, key)
        e.canaries[key] = (f"key of {actor}", frozenset())

    own = small_project(e.people["owner"])
    make("owner's token", "owner", EVERY_SCOPE)
    make("anna's token", "anna", EVERY_SCOPE, project)
    make("viewer's reading token", "viewer", ["read"])
    make("owner's token elsewhere", "owner", EVERY_SCOPE, own)
    make("owner's blind token", "owner", ["annotate"])
