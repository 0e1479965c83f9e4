"""The site as everybody sees it: a world with something behind every address, and the tables of pages and actions."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from annotator.coding.models import Assignment, Submission
from annotator.registry.models import Entity
from annotator.review.comments import start_thread
from annotator.teams.access import Actor
from annotator.teams.models import ApiToken, Membership
from annotator.teams.services import add_member
from tests import build
from tests.api.world import World

ALL = "owner manager reviewer annotator viewer"
REVIEWERS = "owner manager reviewer"
MANAGERS = "owner manager"
LOGGED_IN = f"{ALL} outsider"


class Site(World):
    """The world of the API with a browser for everybody."""

    def __init__(self) -> None:
        super().__init__()
        people = self.people
        owner = Actor(people["owner"])
        submissions = Submission.objects.order_by("id")
        invitation = add_member(actor=owner, project=self.project, email=people["outsider"].email, role="VIEWER")
        Membership.objects.filter(pk=invitation.pk, user=people["outsider"]).delete()
        self.key("owner")
        said = start_thread(
            actor=Actor(people["annotator"]), document_id=self.document.pk, key=uuid.uuid4(), body="Is it an actor?"
        )
        self.ids |= {
            "version": 1,
            "colleagues": submissions.get(assignment__user=people["colleague"]).pk,
            "submission": submissions.get(assignment__user=people["annotator"]).pk,
            "assignment": Assignment.objects.get(document=self.document, user=people["annotator"]).pk,
            "token": ApiToken.objects.get(user=people["owner"]).pk,
            "membership": Membership.objects.get(project=self.project, user=people["colleague"]).pk,
            "fresh": self.fresh.pk,
            "thread": said.thread_id,
            "comment": said.pk,
            "target_key": Entity.objects.get(pk=self.target).key,
        }
        self.browsers = {who: Client() for who in people}
        for who, browser in self.browsers.items():
            browser.force_login(people[who])
        self.browsers["nobody"] = Client()

    def go(self, who: str, method: str, address: str, data: Mapping[str, Any] | None = None, **headers: str) -> Any:
        """The answer to one request of a person's browser; a file has been read to its end."""
        browser = self.browsers[who]
        call = browser.get if method == "GET" else browser.post
        answer = call(address, dict(data or {}), **headers)
        if answer.streaming:
            answer.whole = b"".join(answer.streaming_content)
        return answer


@dataclass(frozen=True)
class Page:
    """One address that is read: who sees it, what the others hear."""

    name: str
    args: str = ""
    may: str = ALL
    otherwise: int = 403
    html: bool = True
    query: str = ""
    special: Mapping[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name + self.query

    def address(self, ids: Mapping[str, Any]) -> str:
        return reverse(self.name, args=[ids[key] for key in self.args.split()]) + self.query

    def expected(self, who: str) -> int:
        if who in self.may.split():
            return 200
        if who == "nobody":
            return 302
        if who == "outsider":
            return 404
        return self.special.get(who, self.otherwise)

    def somebody(self) -> str:
        return self.may.split()[0]


PAGES = [
    Page("home", may=f"nobody {LOGGED_IN}"),
    Page("session", may=f"nobody {LOGGED_IN}", html=False),
    Page("account", may=LOGGED_IN),
    Page("access", may=LOGGED_IN),
    Page("project_new", may=LOGGED_IN),
    Page("project", "project"),
    Page("all_done", "project"),
    Page("documents", "project"),
    Page("documents", "project", query="?bin=1"),
    Page("import", "project", MANAGERS),
    Page("review", "project", REVIEWERS),
    Page("review", "project", REVIEWERS, query="?state=ACCEPTED"),
    Page("actors", "project"),
    Page("actor_new", "project", "owner manager reviewer annotator"),
    Page("codebook", "project"),
    Page("codebook_css", "project version", html=False),
    Page("pretagging", "project"),
    Page("exports", "project", REVIEWERS),
    Page("members", "project"),
    Page("activity", "project", MANAGERS),
    Page("settings", "project"),
    Page("workspace", "document"),
    Page("workspace", "document", query="?view=marks"),
    Page("workspace_tagging", "document", html=False),
    Page("workspace_marks", "document", html=False, query="?from=0&to=9"),
    Page("workspace_made", "document", html=False),
    Page("workspace_cards", "document", html=False),
    Page("workspace_offers", "document", html=False),
    Page("workspace_withheld", "document", html=False),
    Page("workspace_precision", "document", html=False),
    Page("same", "project"),
    Page("sweep", "project", "owner manager reviewer annotator"),
    Page("sweep", "project", "owner manager reviewer annotator", query="?label=ACTOR"),
    Page("sweep_cards", "project", "owner manager reviewer annotator", html=False, query="?label=ACTOR"),
    Page("workspace_actors", "document", html=False),
    Page("workspace_actors", "document", html=False, query="?q=Two"),
    Page("workspace_actor", "document actor", html=False),
    Page("actor_codes", "project", html=False),
    Page("history", "document"),
    Page("history", "document", query="?part=1", html=False),
    Page("pulse", "document", html=False),
    Page("talk", "document", html=False),
    Page("talk_people", "document", f"{REVIEWERS} annotator", html=False),
    Page("compare", "document", REVIEWERS),
    Page("submission", "submission", f"{REVIEWERS} annotator", otherwise=404),
    Page("submission", "colleagues", REVIEWERS, otherwise=404),
    Page("actor", "actor"),
    Page("actor_pick", "actor", REVIEWERS, html=False, query="?q=Two"),
    Page("export_file", "export", REVIEWERS, html=False),
    Page("job", "job", f"{REVIEWERS} viewer", special={"annotator": 404}),
]


@dataclass(frozen=True)
class Deed:
    """One thing that is done with a form: who may, what comes of it, and of doing it twice."""

    what: str
    name: str
    args: str
    data: Callable[[Site], Mapping[str, Any]]
    may: str = MANAGERS
    ok: int = 302
    otherwise: int = 403
    again: int = 302
    frozen: int = 409
    special: Mapping[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.what

    def address(self, ids: Mapping[str, Any]) -> str:
        return reverse(self.name, args=[ids[key] for key in self.args.split()])

    def expected(self, who: str) -> int:
        if who in self.may.split():
            return self.ok
        return 404 if who == "outsider" else self.special.get(who, self.otherwise)

    def on(self, site: Site, who: str, ids: Mapping[str, Any] | None = None) -> Any:
        return site.go(who, "POST", self.address(ids or site.ids), self.data(site))


CODERS = "owner manager reviewer annotator"
NAMES = {"name_ar": "هيئة", "name_en": "Board", "kind": "IGO"}

DEEDS = [
    Deed("assign", "documents_act", "project",
         lambda s: {"what": "assign", "documents": s.fresh.pk, "people": s.people["annotator"].pk}),
    Deed("pre-tag some", "documents_act", "project", lambda s: {"what": "pretag", "documents": s.fresh.pk}),
    Deed("bin", "documents_act", "project", lambda s: {"what": "archive", "documents": s.fresh.pk}),
    Deed("unbin", "documents_act", "project", lambda s: {"what": "restore", "documents": s.fresh.pk}),
    Deed("restore", "restore", "fresh", lambda s: {}, special={"annotator": 404}),
    Deed("paste", "import", "project", lambda s: {"text": "عنوان\n\nنص جديد", "title": "عنوان", "store": "1"}, again=409),
    Deed("upload", "import", "project", lambda s: {"file": SimpleUploadedFile("a.txt", b"News of the day")}),
    Deed("take back", "revoke", "assignment", lambda s: {}, again=409, special={"viewer": 404}),
    Deed("accept", "submission", "colleagues", lambda s: {"what": "accept"}, REVIEWERS, again=409, otherwise=404),
    Deed("return", "submission", "colleagues", lambda s: {"what": "return", "note": "Look again"}, REVIEWERS,
         again=409, otherwise=404),
    Deed("pre-tag", "pretagging", "project", lambda s: {"taggers": "events"}),
    Deed("export", "exports", "project", lambda s: {"format": "jsonl", "set": "gold"}, REVIEWERS, frozen=302),
    Deed("stop", "job_cancel", "job", lambda s: {}, again=409, frozen=302, special={"annotator": 404}),
    Deed("invite", "members", "project", lambda s: {"email": "guest@example.org", "role": "VIEWER"}, frozen=302),
    Deed("change role", "member", "project membership", lambda s: {"role": "REVIEWER"}, frozen=302),
    Deed("take out", "member", "project membership", lambda s: {"remove": "1"}, again=404, frozen=302),
    Deed("uninvite", "uninvite", "project invitation", lambda s: {}, again=404, frozen=302),
    Deed("rename", "settings", "project", lambda s: {"name": "New name", "description": ""}),
    Deed("freeze", "settings", "project", lambda s: {"frozen": "1"}, "owner", frozen=302),
    Deed("add actor", "actor_new", "project", lambda s: NAMES, "owner manager reviewer annotator", again=409),
    Deed("change actor", "actor", "actor", lambda s: NAMES, REVIEWERS),
    Deed("merge", "actor_merge", "actor", lambda s: {"into": s.ids["target_key"]}, REVIEWERS),
    Deed("decline", "decline", "assignment", lambda s: {"reason": "I know the author"}, "annotator", again=409,
         otherwise=404),
    Deed("call irrelevant", "irrelevant", "document", lambda s: {"reason": "sport"}, CODERS, frozen=302),
    Deed("call relevant", "relevant", "document", lambda s: {}, CODERS, frozen=302),
    Deed("see suggestions", "workspace_reveal", "document", lambda s: {}, CODERS, ok=200, again=200),
    Deed("put aside", "put_aside", "document", lambda s: {"reason": "which capital?"}, CODERS, frozen=302),
    Deed("take up", "take_up", "document", lambda s: {}, CODERS, frozen=302),
    Deed("tell active time", "active_time", "document", lambda s: {"stretches": "[]"}, CODERS, ok=200, again=200),
    Deed("start a thread", "talk", "document", lambda s: {"body": "Who?", "key": build.new_id()}, CODERS, ok=201,
         again=201),
    Deed("read", "talk_read", "document", lambda s: {"last": s.ids["comment"]}, ALL, ok=204, again=204, frozen=204),
    Deed("answer", "thread_reply", "thread", lambda s: {"body": "Yes", "key": build.new_id()}, CODERS, ok=201,
         again=201, otherwise=404),
    Deed("resolve", "thread_resolve", "thread", lambda s: {"resolved": "1"}, CODERS, ok=204, again=409, otherwise=404),
    Deed("change a comment", "comment_change", "comment", lambda s: {"body": "No"}, "annotator", ok=204, again=204,
         special={"viewer": 404}),
    Deed("delete a comment", "comment_archive", "comment", lambda s: {}, "annotator", ok=204, again=409,
         special={"viewer": 404}),
    Deed("bring a comment back", "comment_restore", "comment", lambda s: {}, "annotator", ok=409, again=409,
         special={"viewer": 404}),
    Deed("bring a mark back", "history_restore", "document",
         lambda s: {"span": build.new_id(), "as_of": build.new_id()}, f"{MANAGERS} annotator", ok=422, again=422,
         special={"reviewer": 409}),
    Deed("submit", "submit", "document", lambda s: {}, "owner manager reviewer annotator"),
    Deed("withdraw", "withdraw", "document", lambda s: {}, "", otherwise=409, special={
        "viewer": 403}),
]  # fmt: skip
# A person's own affairs: test_own_affairs.py, and of what was marked in many documents test_occurrences.py.
OWN = ["set_language", "set_theme", "preferences", "token_revoke", "join", "same_undo"]
WITHOUT_ROLES = ["healthz"]
