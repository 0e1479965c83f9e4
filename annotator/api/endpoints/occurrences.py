"""Finding all occurrences of some words, clitic-aware, and marking them in one act throughout a project."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from analysis.text.matching import Forms, Needle, cores
from annotator.activity.queries import job_for
from annotator.api.base import (
    Choice,
    Endpoint,
    Flag,
    In,
    Text,
    Whole,
    choice_param,
    number_param,
    operation,
    text_param,
)
from annotator.api.endpoints.jobs import JobOut, accepted
from annotator.coding.occurrences import Found, in_document, in_project, takes_unassigned
from annotator.coding.payload import MAX_NOTE
from annotator.jobs import same
from annotator.teams.access import Action

_YES_NO = ("yes", "no")
_CASES = ("auto", *_YES_NO)
FORMS = (
    text_param("q", "The words. Diacritics, letters that people mix up and what is attached to them do not count.", same.MOST_WORDS),
    choice_param("exact", "Only as written, with nothing attached.", _YES_NO, "no"),
    choice_param("article", "With and without the Arabic article.", _YES_NO, "yes"),
    choice_param("suffix", "Also with a suffix pronoun.", _YES_NO, "no"),
    choice_param("plural", "Also the English plural or singular.", _YES_NO, "no"),
    choice_param("case", "Whether capitals count; `auto`: in what looks like an acronym.", _CASES, "auto"),
    choice_param("attached", "Extents take in attached letters: وبروسيا, not روسيا.", _YES_NO, "no"),
)  # fmt: skip
_FLAGS = ("exact", "article", "suffix", "plural", "attached")


class MarkOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    label = serializers.CharField()  # type: ignore[assignment]
    same_place = serializers.BooleanField(help_text="Give or take attached letters.")


class OccurrenceOut(serializers.Serializer[Any]):
    start = serializers.IntegerField(help_text="Code points; half-open with `end`.")
    end = serializers.IntegerField()
    before = serializers.CharField()
    quote = serializers.CharField()
    after = serializers.CharField()
    core = serializers.ListField(
        child=serializers.IntegerField(), help_text="Start and end without article and suffix."
    )
    whole = serializers.ListField(child=serializers.IntegerField(), help_text="Start and end with attached letters.")
    marks = MarkOut(many=True, help_text="Your own over it.")


class FoundOut(serializers.Serializer[Any]):
    document = serializers.IntegerField()
    title = serializers.CharField()
    language = serializers.CharField()
    direction = serializers.ChoiceField(choices=["rtl", "ltr"])
    more = serializers.BooleanField(help_text="There are more occurrences than are listed.")
    occurrences = OccurrenceOut(many=True)


class InDocumentOut(FoundOut):
    cores = serializers.ListField(
        child=serializers.CharField(),
        help_text="The words without letters that may only be attached to the first of them.",
    )


class InProjectOut(serializers.Serializer[Any]):
    results = FoundOut(many=True)
    after = serializers.IntegerField(
        allow_null=True, help_text="Ask again with it for the documents that follow; null: no more."
    )
    read = serializers.IntegerField(help_text="Documents read so far.")
    total = serializers.IntegerField(help_text="Documents you may write in.")
    unassigned = serializers.BooleanField(
        help_text="Whether you may also ask for documents that nobody assigned to you."
    )


class SpanIn(In):
    label = Text(max_length=40)  # type: ignore[assignment]
    attributes = serializers.DictField(required=False)
    entity = Whole(required=False, allow_null=True)
    note = Text(required=False, allow_blank=True, max_length=MAX_NOTE)


class PlaceIn(In):
    document = Whole()
    starts = serializers.ListField(child=Whole(min_value=0, max_value=2**31 - 1), min_length=1, max_length=500)


class MarkIn(In):
    id = serializers.UUIDField(help_text="Of the act: sending the same again does nothing.")
    q = Text(max_length=same.MOST_WORDS)
    exact = Flag(required=False, default=False)
    article = Flag(required=False, default=True)
    suffix = Flag(required=False, default=False)
    plural = Flag(required=False, default=False)
    case = Choice(_CASES, required=False, default="auto")
    attached = Flag(required=False, default=False)
    span = SpanIn(help_text="What all the marks have in common.")
    documents = serializers.ListField(child=PlaceIn(), min_length=1, max_length=10_000)


def _case(value: str) -> bool | None:
    return None if value == "auto" else value == "yes"


def _forms(query: Mapping[str, Any]) -> Forms:
    return Forms(**{name: query[name] == "yes" for name in _FLAGS}, case=_case(query["case"]))


def _shown(found: Found) -> dict[str, Any]:
    return {
        "document": found.document.pk,
        "title": found.document.title,
        "language": found.document.language,
        "direction": found.document.direction,
        "more": found.more,
        "occurrences": [
            {
                "start": one.hit.start,
                "end": one.hit.end,
                "before": one.before,
                "quote": one.quote,
                "after": one.after,
                "core": [one.hit.core_start, one.hit.core_end],
                "whole": [one.hit.whole_start, one.hit.whole_end],
                "marks": [{"id": pk, "label": label, "same_place": here} for pk, label, here in one.marks],
            }
            for one in found.occurrences
        ],
    }


class InDocument(Endpoint):
    @operation("Find all the same in a document", query=FORMS, answer=InDocumentOut)
    def get(self, request: Request, document_id: int) -> Response:
        """روسيا is found in بروسيا and وروسيا, never in بيلاروسيا. At most 500."""
        needle = Needle(self.query["q"], _forms(self.query))
        found = in_document(actor=self.actor, document_id=document_id, needle=needle)
        return Response({**_shown(found), "cores": cores(self.query["q"])})


class InProject(Endpoint):
    max_body = 1 << 20

    @operation(
        "Find all the same in the documents you may write in",
        query=[
            *FORMS,
            number_param("after", "Go on behind this document; take it from the answer before.", 0, default=0),
            number_param("first", "A document that comes before the others."),
            choice_param("unassigned", "Also documents that nobody assigned, where you may begin with those.", _YES_NO, "no"),
        ],
        answer=InProjectOut,
        refusals=[409, 422],
    )  # fmt: skip
    def get(self, request: Request, project_id: int) -> Response:
        """Some documents at a time; `read` and `total` say how far it is."""
        project = self.project(project_id)
        page = in_project(
            actor=self.actor,
            project=project,
            needle=Needle(self.query["q"], _forms(self.query)),
            after=self.query["after"],
            first=self.query["first"],
            unassigned=self.query["unassigned"] == "yes",
        )
        return Response(
            {
                "results": [_shown(found) for found in page.documents],
                "after": page.after,
                "read": page.read,
                "total": page.total,
                "unassigned": takes_unassigned(self.actor, project),
            }
        )

    @operation("Mark all the same in your own sets", body=MarkIn, answer=JobOut, status=202)
    def post(self, request: Request, project_id: int) -> Response:
        """One act over many documents, which `POST jobs/{id}/undo/` takes back. `Location` is the job."""
        project = self.project(project_id, Action.ANNOTATE)
        given = self.body(MarkIn)
        places: dict[int, list[int]] = {}
        for place in given["documents"]:
            places.setdefault(place["document"], []).extend(place["starts"])
        job = same.request(
            actor=self.actor,
            project=project,
            act_id=given["id"],
            words=given["q"],
            forms=Forms(**{name: given[name] for name in _FLAGS}, case=_case(given["case"])),
            span=given["span"],
            places=places,
        )
        return accepted(self, job)


class TakeBack(Endpoint):
    @operation("Take the marks of such an act back", answer=JobOut, status=202, refusals=[409])
    def post(self, request: Request, job_id: uuid.UUID) -> Response:
        """Those that were changed or linked since are kept and counted. `Location` is a job of its own."""
        job = job_for(actor=self.actor, job_id=job_id)
        return accepted(self, same.request_undo(actor=self.actor, job=job))
