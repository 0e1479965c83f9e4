"""Documents: listed without their texts, read one by one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotator.api.base import PAGING, Endpoint, In, Text, Whole, operation, page_of, text_param
from annotator.corpus.models import Document
from annotator.corpus.queries import document_for, document_rows
from annotator.jobs.paste import paste
from annotator.teams.access import Action

_DATES = ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z"]
_ROW = (
    "id", "external_id", "title", "author", "source", "source_url", "published_on", "language", "direction", "length",
    "words", "text_sha256", "created_at",
)  # fmt: skip


class Day(serializers.DateField):
    """A day, or a moment of which the day is taken."""

    def to_internal_value(self, value: Any) -> date:
        if not isinstance(value, str):
            self.fail("invalid", format="YYYY-MM-DD")
        return super().to_internal_value(value)


class DocumentIn(In):
    title = Text(required=False, allow_blank=True, max_length=500, help_text="Read from the text when left out.")
    text = Text(allow_blank=True, trim_whitespace=False)
    language = Text(required=False, allow_blank=True, max_length=12, help_text="Recognised when left out.")
    source_url = Text(required=False, allow_blank=True, max_length=1000)
    published_at = Day(required=False, allow_null=True, input_formats=_DATES)
    author = Text(required=False, allow_blank=True, max_length=200)
    source = Text(required=False, allow_blank=True, max_length=200)  # type: ignore[assignment]
    external_id = Text(required=False, allow_blank=True, max_length=200)
    metadata = serializers.DictField(required=False)
    body_start = Whole(required=False, min_value=0, help_text="Code point where the body begins.")


class DocumentRow(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    external_id = serializers.CharField()
    title = serializers.CharField()
    author = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    source_url = serializers.CharField()
    published_on = serializers.DateField(allow_null=True)
    language = serializers.CharField()
    direction = serializers.ChoiceField(choices=Document.Direction.choices)
    length = serializers.IntegerField(help_text="Code points.")
    words = serializers.IntegerField()
    text_sha256 = serializers.CharField()
    created_at = serializers.DateTimeField()


class DocumentOut(DocumentRow):
    project = serializers.IntegerField()
    text = serializers.CharField()
    body_start = serializers.IntegerField()
    metadata = serializers.DictField()


def document_data(document: Document) -> dict[str, Any]:
    return {
        **{name: getattr(document, name) for name in _ROW},
        "project": document.project_id,
        "text": document.text,
        "body_start": document.body_start,
        "metadata": document.metadata,
    }


class Documents(Endpoint):
    @operation(
        "The documents of a project, without their texts",
        query=[
            *PAGING,
            text_param("q", "Stands in the title."),
            text_param("language", "Such as `ar`.", 12),
            text_param("external_id", "Your own id of the document."),
        ],
        answer=page_of(DocumentRow),
    )
    def get(self, request: Request, project_id: int) -> Response:
        asked = {key: self.query[key] for key in ("q", "language", "external_id")}
        rows = document_rows(actor=self.actor, project=self.project(project_id), **asked)
        return self.page(rows.values(*_ROW), dict)

    @operation("Add a document", body=DocumentIn, answer=DocumentOut, status=201)
    def post(self, request: Request, project_id: int) -> Response:
        """The text is stored as it is and never changes. One that is there already: 409 `duplicate` with its id.

        The taggers read it soon, unless the settings of the project say otherwise.
        """
        project = self.project(project_id, Action.IMPORT)
        given = self.body(DocumentIn)
        given["published_on"] = given.pop("published_at", None)
        document, _tagging = paste(actor=self.actor, project=project, **given)
        return self.created(document_data(document), reverse("api:document", args=[document.pk]))


class DocumentDetail(Endpoint):
    @operation("One document with its text", answer=DocumentOut)
    def get(self, request: Request, document_id: int) -> Response:
        document = document_for(actor=self.actor, document_id=document_id, with_text=True)
        return Response(document_data(document), headers={"ETag": f'"{document.text_sha256}"'})
