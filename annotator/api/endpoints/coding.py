"""Annotations: reading sets, editing one's own, deciding suggestions."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotator.api.base import Endpoint, In, choice_param, operation
from annotator.coding import blind
from annotator.coding.edits import apply_edits
from annotator.coding.models import SuggestionDecision
from annotator.coding.payload import MAX_EDITS, OPS, read_edits
from annotator.coding.queries import WHICH, annotation_sets, suggestion_document
from annotator.errors import TooLarge

# For the schema only: `coding.payload` reads edits, and names each wrong place.
_UUID = {"type": "string", "format": "uuid"}
_END = {
    "type": "object",
    "description": "Either a span of the set or an entry of the registry.",
    "properties": {"span": _UUID, "entity": {"type": "integer"}},
    "additionalProperties": False,
}
_SPAN = {
    "type": "object",
    "required": ["id"],
    "additionalProperties": False,
    "properties": {
        "id": _UUID,
        "label": {"type": "string", "maxLength": 40},
        "start": {"type": "integer", "minimum": 0, "description": "Code points; half-open with `end`."},
        "end": {"type": "integer", "minimum": 1},
        "quote": {"type": "string", "description": "Exactly what stands from `start` to `end`."},
        "fragments": {"type": ["array", "null"], "items": {"type": "array", "items": {"type": "integer"}}},
        "attributes": {"type": "object", "additionalProperties": True},
        "entity": {"type": ["integer", "null"]},
        "note": {"type": "string", "maxLength": 4000},
        "confidence": {"type": ["integer", "null"], "minimum": 1, "maximum": 3},
    },
}
_RELATION = {
    "type": "object",
    "required": ["id"],
    "additionalProperties": False,
    "properties": {
        "id": _UUID,
        "type": {"type": "string", "maxLength": 40},
        "from": _END,
        "to": _END,
        "attributes": {"type": "object", "additionalProperties": True},
        "note": {"type": "string", "maxLength": 4000},
    },
}
EDITS_BODY = {
    "application/json": {
        "type": "object",
        "required": ["edits"],
        "additionalProperties": False,
        "properties": {
            "edits": {
                "type": "array",
                "maxItems": MAX_EDITS,
                "items": {
                    "type": "object",
                    "required": ["id", "op"],
                    "additionalProperties": False,
                    "properties": {
                        "id": {**_UUID, "description": "Made by you. The same edit sent again does nothing."},
                        "op": {"type": "string", "enum": sorted(OPS)},
                        "group": {**_UUID, "description": "Edits of one act, undone together."},
                        "base_version": {
                            "type": "integer",
                            "minimum": 1,
                            "description": "For updates, deletes and restoring.",
                        },
                        "span": _SPAN,
                        "relation": _RELATION,
                        "suggestion": _UUID,
                        "as_of": {
                            **_UUID,
                            "description": "For restore_span: the edit that left the span as it shall be.",
                        },
                        "ms": {
                            "type": "integer",
                            "minimum": 0,
                            "description": "How long the suggestion was looked at.",
                        },
                        "surface": {"type": "string", "enum": SuggestionDecision.Surface.values},
                    },
                },
            }
        },
    }
}


class SetState(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    version = serializers.IntegerField(help_text="Grows with each edit.")
    state = serializers.CharField(allow_null=True, help_text="Of the assignment.")


class EditsOut(serializers.Serializer[Any]):
    set = SetState()
    edits = serializers.ListField(child=serializers.DictField(), help_text="What each edit changed.")


class SetOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    origin = serializers.ChoiceField(choices=["HUMAN", "MODEL", "GOLD"])
    author = serializers.EmailField(allow_null=True)
    version = serializers.IntegerField()
    round = serializers.IntegerField()
    tagger = serializers.CharField(allow_null=True)
    tagger_version = serializers.CharField(allow_null=True)
    codebook_version = serializers.IntegerField()
    state = serializers.CharField(allow_null=True)
    spans = serializers.ListField(child=serializers.DictField())
    relations = serializers.ListField(child=serializers.DictField())


class SetsOut(serializers.Serializer[Any]):
    sets = SetOut(many=True)


class AcceptSuggestionIn(In):
    edit = serializers.UUIDField(required=False, help_text="The id of the edit, so that a repetition does nothing.")
    span = serializers.DictField(required=False, help_text="What you correct: any fields of a span.")


class RejectSuggestionIn(In):
    edit = serializers.UUIDField(required=False, help_text="The id of the edit, so that a repetition does nothing.")


class DecideSuggestionsIn(In):
    accept = serializers.ListField(child=serializers.UUIDField(), required=False)
    reject = serializers.ListField(child=serializers.UUIDField(), required=False)
    group = serializers.UUIDField(required=False, help_text="With it, sending the same again does nothing.")


class Annotations(Endpoint):
    @operation(
        "The annotation sets of a document",
        query=[choice_param("set", "Which sets.", WHICH, "mine")],
        answer=SetsOut,
    )
    def get(self, request: Request, document_id: int) -> Response:
        """Your own set; gold; suggestions of the taggers; or all, with what others submitted if you review."""
        return Response({"sets": annotation_sets(actor=self.actor, document_id=document_id, which=self.query["set"])})


class RevealOut(serializers.Serializer[Any]):
    shown = serializers.BooleanField(help_text="False when they were not hidden.")


class Reveal(Endpoint):
    @operation("Show yourself the suggestions of a document", answer=RevealOut, refusals=[409])
    def post(self, request: Request, document_id: int) -> Response:
        """Where the project has people code without suggestions first they are in no answer until then; when is kept."""
        return Response(blind.reveal(actor=self.actor, document_id=document_id))


class Edits(Endpoint):
    @operation("Change your own set", body=EDITS_BODY, answer=EditsOut)
    def post(self, request: Request, document_id: int) -> Response:
        """All or nothing, in order, at most 200.

        A repeated id with the same payload answers 200 and does nothing; with another payload 409 `id_reused`.
        A `base_version` that is not the current one: 409 `stale` with `current` and `yours`. A set that is not open:
        409 `state`. Offsets, quote, label or attributes that are wrong: 422 with `errors` by path.
        """
        edits = read_edits(request.data)
        return Response(apply_edits(actor=self.actor, document_id=document_id, edits=edits))


def _accept(suggestion: uuid.UUID, edit_id: uuid.UUID, span: dict[str, Any] | None = None) -> dict[str, Any]:
    # The id of the span follows from that of the edit, so that a repetition is the same payload.
    new = {"id": str(uuid.uuid5(edit_id, "span")), **(span or {})}
    return {"id": str(edit_id), "op": "accept_suggestion", "suggestion": str(suggestion), "span": new}


def _reject(suggestion: uuid.UUID, edit_id: uuid.UUID) -> dict[str, Any]:
    return {"id": str(edit_id), "op": "reject_suggestion", "suggestion": str(suggestion)}


class DecideSuggestions(Endpoint):
    max_body = 1 << 20

    @operation("Accept or reject many suggestions in one act", body=DecideSuggestionsIn, answer=EditsOut)
    def post(self, request: Request, document_id: int) -> Response:
        given = self.body(DecideSuggestionsIn)
        accepted, rejected = given.get("accept", []), given.get("reject", [])
        if len(accepted) + len(rejected) > MAX_EDITS:
            raise TooLarge(_("At most %(most)s edits at a time.") % {"most": MAX_EDITS})
        group = given.get("group") or uuid.uuid4()
        edits = [_accept(s, uuid.uuid5(group, f"accept/{s}")) for s in accepted]
        edits += [_reject(s, uuid.uuid5(group, f"reject/{s}")) for s in rejected]
        read = read_edits({"edits": [{**edit, "group": str(group)} for edit in edits]})
        return Response(apply_edits(actor=self.actor, document_id=document_id, edits=read))


class AcceptSuggestion(Endpoint):
    @operation("Accept a suggestion, as it is or corrected", body=AcceptSuggestionIn, answer=EditsOut)
    def post(self, request: Request, suggestion_id: uuid.UUID) -> Response:
        """Copies it into your own set with its provenance; the suggestion itself stays as the tagger made it."""
        document_id = suggestion_document(actor=self.actor, suggestion_id=suggestion_id)
        given = self.body(AcceptSuggestionIn)
        edit = _accept(suggestion_id, given.get("edit") or uuid.uuid4(), given.get("span"))
        return Response(apply_edits(actor=self.actor, document_id=document_id, edits=read_edits({"edits": [edit]})))


class RejectSuggestion(Endpoint):
    @operation("Reject a suggestion", body=RejectSuggestionIn, answer=EditsOut)
    def post(self, request: Request, suggestion_id: uuid.UUID) -> Response:
        """For you; others decide on their own."""
        document_id = suggestion_document(actor=self.actor, suggestion_id=suggestion_id)
        edit = _reject(suggestion_id, self.body(RejectSuggestionIn).get("edit") or uuid.uuid4())
        return Response(apply_edits(actor=self.actor, document_id=document_id, edits=read_edits({"edits": [edit]})))
