"""Whatever people do, and however often it is sent: the rows are what the edits add up to, exactly once."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
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

_places = st.tuples(st.integers(0, len(TEXT) - 1), st.integers(1, 12)).map(
    lambda p: (p[0], min(p[0] + p[1], len(TEXT)))
)
_acts = st.one_of(
    st.tuples(st.just("add"), _places, st.sampled_from(["ACTOR", "EVENT", "IMPLICATION", "PLACE", "TIME"])),
    st.tuples(
        st.just("note"), st.integers(0, 9), st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
    ),
    st.tuples(st.just("delete"), st.integers(0, 9)),
    st.tuples(st.just("link"), st.integers(0, 9), st.integers(0, 9)),
    st.tuples(st.just("undo")),
    st.tuples(st.just("redo")),
    st.tuples(st.just("again"), st.integers(0, 30)),
    st.tuples(st.just("stale"), st.integers(0, 9)),
)


@pytest.fixture
def desk() -> tuple[Document, User]:
    article = build.document(build.project(), TEXT)
    return article, build.owner_of(article.project).user


def _as_edit(act: tuple[Any, ...], spans: list[Span]) -> dict[str, Any] | None:
    """The edit that a tab would send for the act, knowing these spans."""
    kind, edit_id = act[0], build.new_id()
    if kind == "add":
        (start, end), label = act[1], act[2]
        attributes = {"type": "CONSULT"} if label == "EVENT" else {}
        span = {
            "id": build.new_id(),
            "label": label,
            "start": start,
            "end": end,
            "quote": TEXT[start:end],
            "attributes": attributes,
        }
        return {"id": edit_id, "op": "add_span", "span": span}
    if kind in ("undo", "redo"):
        return {"id": edit_id, "op": kind}
    if not spans:
        return None
    span_row = spans[act[1] % len(spans)] if kind != "again" else spans[0]
    base = span_row.version + (1 if kind == "stale" else 0)
    if kind in ("note", "stale"):
        note = act[2] if kind == "note" else "too late"
        return {
            "id": edit_id,
            "op": "update_span",
            "base_version": base,
            "span": {"id": str(span_row.pk), "note": note},
        }
    if kind == "delete":
        return {"id": edit_id, "op": "delete_span", "base_version": base, "span": {"id": str(span_row.pk)}}
    other = spans[act[2] % len(spans)]
    ends = {"from": {"span": str(span_row.pk)}, "to": {"span": str(other.pk)}}
    return {"id": edit_id, "op": "add_relation", "relation": {"id": build.new_id(), "type": "SUBEVENT_OF", **ends}}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(_acts, max_size=25))
def test_edits_add_up_to_the_rows(desk: tuple[Document, User], acts: list[tuple[Any, ...]]) -> None:
    article, person = desk
    sent: list[dict[str, Any]] = []
    point = transaction.savepoint()
    try:
        for act in acts:
            if act[0] == "again":
                edit = sent[act[1] % len(sent)] if sent else None
            else:
                edit = _as_edit(
                    act, list(Span.objects.filter(set__document=article, set__author=person).order_by("start", "id"))
                )
            if edit is None:
                continue
            before = Edit.objects.filter(set__document=article).count()
            try:
                answer = build.edit(person, article, edit)
            except DomainError:
                assert Edit.objects.filter(set__document=article).count() == before
                continue
            known = any(edit is old for old in sent)
            assert answer["edits"][0]["replayed"] is known
            assert Edit.objects.filter(set__document=article).count() == before + (not known)
            sent.append(edit)
        _check(article, person)
    finally:
        transaction.savepoint_rollback(point)


def _check(article: Document, person: User) -> None:
    edits = list(Edit.objects.filter(set__document=article, set__author=person).order_by("seq"))
    assert [e.seq for e in edits] == list(range(1, len(edits) + 1))
    _before, after = net(edits)
    spans = {str(s.pk): span_data(s) for s in Span.objects.filter(set__document=article, set__author=person)}
    relations = {
        str(r.pk): relation_data(r) for r in Relation.objects.filter(set__document=article, set__author=person)
    }
    assert {k: v for k, v in after["spans"].items() if v} == spans
    assert {k: v for k, v in after["relations"].items() if v} == relations
    assert all(TEXT[s["start"] : s["end"]] == s["quote"] for s in spans.values())
