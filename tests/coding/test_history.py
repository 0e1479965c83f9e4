"""Whatever people do in two tabs, and however often it is sent: the rows are what a plain model says, exactly once."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from annotator.coding.history import net
from annotator.coding.models import Edit, Relation, Span
from annotator.coding.wire import relation_data, span_data
from annotator.corpus.models import Document
from annotator.errors import DomainError
from annotator.teams.models import User
from tests import build

pytestmark = pytest.mark.django_db
TEXT = "🌍 وزارت الحكومةُ بغدادَ، ثم قالت إن الأمن أولًا. 👩‍👩‍👧 The lam-alef: الاتحاد، للأمن، بلا."
LABELS = ["ACTOR", "EVENT", "IMPLICATION", "PLACE", "TIME"]
Content = dict[str, Any]


class Model:
    """What an editor should do, with nothing but dictionaries: no versions, no locks, undo by keeping every state."""

    def __init__(self) -> None:
        self.spans: dict[str, Content] = {}
        self.relations: dict[str, Content] = {}
        self.changed: dict[str, int] = {}  # when each thing was last changed
        self.clock = 0
        self.undo: list[tuple[Any, Any]] = []
        self.redo: list[tuple[Any, Any]] = []

    def state(self) -> tuple[dict[str, Content], dict[str, Content]]:
        return copy.deepcopy((self.spans, self.relations))

    def apply(self, edit: dict[str, Any], seen: dict[str, int]) -> str:
        """The code of the refusal, or "done". `seen` is when the tab last saw each thing."""
        before = self.state()
        op = edit["op"]
        if op in ("undo", "redo"):
            return self._turn(self.undo, self.redo, 0) if op == "undo" else self._turn(self.redo, self.undo, 1)
        thing = edit.get("span") or edit["relation"]
        if op in ("update_span", "delete_span"):
            if thing["id"] not in self.spans:
                return "gone"
            if seen.get(thing["id"]) != self.changed[thing["id"]]:
                return "stale"
        if op == "add_relation":
            ends = [thing[key]["span"] for key in ("from", "to")]
            if ends[0] == ends[1] or any(self.spans.get(e, {}).get("label") != "EVENT" for e in ends):
                return "invalid"
            self.relations[thing["id"]] = {"from": ends[0], "to": ends[1]}
        elif op == "add_span":
            self.spans[thing["id"]] = {key: thing[key] for key in ("label", "start", "end", "quote")} | {"note": ""}
        elif op == "update_span":
            self.spans[thing["id"]]["note"] = thing["note"]
        else:
            del self.spans[thing["id"]]
            self.relations = {k: r for k, r in self.relations.items() if thing["id"] not in r.values()}
        self.undo.append((before, self.state()))
        self.redo.clear()
        self._note(before)
        return "done"

    def _turn(self, source: list[Any], target: list[Any], goal: int) -> str:
        if not source:
            return "nothing"
        before = self.state()
        act = source.pop()
        target.append(act)
        self.spans, self.relations = copy.deepcopy(act[goal])
        self._note(before)
        return "done"

    def _note(self, before: tuple[dict[str, Content], dict[str, Content]]) -> None:
        self.clock += 1
        for was, now in ((before[0], self.spans), (before[1], self.relations)):
            for key in was.keys() | now.keys():
                if was.get(key) != now.get(key):
                    self.changed[key] = self.clock


class Tab:
    """What one browser tab believes: the version of each thing it saw, and when that was by the model's clock."""

    def __init__(self) -> None:
        self.versions: dict[str, int] = {}
        self.seen: dict[str, int] = {}

    def look(self, article: Document, person: User, model: Model) -> None:
        spans = Span.objects.filter(set__document=article, set__author=person)
        self.versions = {str(s.pk): s.version for s in spans}
        self.seen = {key: model.changed[key] for key in self.versions}

    def hear(self, answer: dict[str, Any], model: Model) -> None:
        for span in answer["spans"]:
            self.versions[span["id"]] = span["version"]
            self.seen[span["id"]] = model.changed[span["id"]]


_places = st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, 12)).map(
    lambda p: (p[0], min(p[0] + p[1], len(TEXT)))
)
_notes = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
_which = st.integers(0, 9)
_acts = st.one_of(
    st.tuples(st.just("add"), _places, st.sampled_from(LABELS)),
    st.tuples(st.just("add"), _places, st.just("EVENT")),
    st.tuples(st.just("note"), _which, _notes.filter(bool)),
    st.tuples(st.just("delete"), _which),
    st.tuples(st.just("link"), _which, _which),
    st.tuples(st.just("undo")),
    st.tuples(st.just("redo")),
    st.tuples(st.just("look")),
)
# Which tab, what, and after it perhaps: the same request again, alone or together with something new.
_steps = st.tuples(st.integers(0, 1), _acts, st.sampled_from(["", "", "again", "in part"]), st.integers(0, 30))


def _as_edit(act: tuple[Any, ...], tab: Tab) -> dict[str, Any] | None:
    """The edit that a tab would send for the act, knowing what it knows."""
    kind, edit_id = act[0], build.new_id()
    if kind == "add":
        (start, end), label = act[1], act[2]
        attributes = {"type": "CONSULT"} if label == "EVENT" else {}
        span = {"id": build.new_id(), "label": label, "start": start, "end": end, "quote": TEXT[start:end]}
        return {"id": edit_id, "op": "add_span", "span": {**span, "attributes": attributes}}
    if kind in ("undo", "redo"):
        return {"id": edit_id, "op": kind}
    known = sorted(tab.versions)
    if not known:
        return None
    span_id = known[act[1] % len(known)]
    if kind == "link":
        ends = {"from": {"span": span_id}, "to": {"span": known[act[2] % len(known)]}}
        return {
            "id": edit_id,
            "op": "add_relation",
            "relation": {"id": build.new_id(), "type": "SUBEVENT_OF", **ends},
        }
    span = {"id": span_id, "note": act[2]} if kind == "note" else {"id": span_id}
    op = "update_span" if kind == "note" else "delete_span"
    return {"id": edit_id, "op": op, "base_version": tab.versions[span_id], "span": span}


def _send(person: User, article: Document, *edits: dict[str, Any]) -> tuple[str, list[dict[str, Any]]]:
    try:
        return "done", build.edit(person, article, *edits)["edits"]
    except DomainError as refusal:
        return refusal.code, []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(_steps, max_size=18))
@example(
    steps=[
        (0, ("add", (0, 3), "EVENT"), "", 0),
        (0, ("note", 0, "x"), "", 0),
        (1, ("look",), "", 0),
        (0, ("undo",), "", 0),
        (0, ("undo",), "", 0),
        (0, ("redo",), "", 0),
        (0, ("redo",), "", 0),
        (1, ("note", 0, "y"), "", 0),
    ]
)
def test_two_tabs_and_a_plain_model_agree(desk: tuple[Document, User], steps: list[tuple[Any, ...]]) -> None:
    article, person = desk
    point = transaction.savepoint()
    try:
        model, tabs, sent = Model(), (Tab(), Tab()), []
        for which, act, then, n in steps:
            tab = tabs[which]
            if act[0] == "look":
                tab.look(article, person, model)
                continue
            edit = _as_edit(act, tab)
            if edit is None:
                continue
            code, answers = _send(person, article, edit)
            assert code == model.apply(edit, tab.seen), edit
            if code == "done":
                assert answers[0]["replayed"] is False
                tab.hear(answers[0], model)
                sent.append((edit, answers[0]))
            if sent and then == "again":
                _again(person, article, *sent[n % len(sent)])
            if sent and then == "in part":
                fresh = _as_edit(("add", (n, n + 2), "PLACE"), tab)
                assert fresh is not None
                code, answers = _send(person, article, sent[n % len(sent)][0], fresh)
                assert code == model.apply(fresh, tab.seen) == "done"
                assert [a["replayed"] for a in answers] == [True, False]
                tab.hear(answers[1], model)
                sent.append((fresh, answers[1]))
            check(article, person, model)
        walk(article, person, model)
    finally:
        transaction.savepoint_rollback(point)


def _again(person: User, article: Document, edit: dict[str, Any], answer: dict[str, Any]) -> None:
    before = Edit.objects.filter(set__document=article).count()
    code, answers = _send(person, article, edit)
    assert code == "done"
    assert answers == [{**answer, "replayed": True}]
    assert Edit.objects.filter(set__document=article).count() == before


def check(article: Document, person: User, model: Model | None = None) -> None:
    """The rows are what the edits add up to and what the model says; offsets hold; no version was given twice."""
    edits = list(Edit.objects.filter(set__document=article, set__author=person).order_by("seq"))
    assert [e.seq for e in edits] == list(range(1, len(edits) + 1))
    _before, after = net(edits)
    spans = {str(s.pk): span_data(s) for s in Span.objects.filter(set__document=article, set__author=person)}
    relations = {
        str(r.pk): relation_data(r) for r in Relation.objects.filter(set__document=article, set__author=person)
    }
    assert {k: v for k, v in after["spans"].items() if v} == spans
    assert {k: v for k, v in after["relations"].items() if v} == relations
    assert all(article.text[s["start"] : s["end"]] == s["quote"] for s in spans.values())
    versions = [(row["id"], row["version"]) for e in edits for kind in ("spans", "relations") for row in e.after[kind]]
    assert len(versions) == len(set(versions))
    if model is not None:
        shown = {k: {f: s[f] for f in ("label", "start", "end", "quote", "note")} for k, s in spans.items()}
        assert shown == model.spans
        assert {k: {e: r[e]["span"] for e in ("from", "to")} for k, r in relations.items()} == model.relations


def walk(article: Document, person: User, model: Model) -> None:
    """All the way back to the empty set, and forth again to what was."""
    last, length = model.state(), len(model.undo)
    for op in ("undo", "redo"):
        for _n in range(length):
            edit = {"id": build.new_id(), "op": op}
            assert _send(person, article, edit)[0] == model.apply(edit, {}) == "done"
            check(article, person, model)
        assert bool(model.spans) <= (op == "redo")
    assert model.state() == last


@pytest.fixture
def desk() -> tuple[Document, User]:
    article = build.document(build.project(), TEXT)
    return article, build.owner_of(article.project).user
