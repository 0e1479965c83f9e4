"""Exports: as a file that a job writes, or as a stream at once."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, StreamingHttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotator.activity.models import Job
from annotator.api.base import PAGING, Choice, Endpoint, In, choice_param, operation, page_of, text_param
from annotator.api.endpoints.jobs import JobOut, accepted
from annotator.exports.models import Export
from annotator.exports.queries import export_for, exports_of
from annotator.exports.services import CONTENT_TYPE, SUFFIX, open_file, stream
from annotator.jobs import export
from annotator.teams.access import Action


class ExportIn(In):
    format = Choice(choices=Export.Format.choices)
    set = Choice(choices=Export.Which.choices, required=False, help_text="`gold` when left out.")
    filters = serializers.DictField(required=False, help_text="`language`, or `documents` with a list of ids.")


class ExportOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    format = serializers.ChoiceField(choices=Export.Format.choices)
    set = serializers.ChoiceField(choices=Export.Which.choices)
    state = serializers.ChoiceField(choices=[value.lower() for value in Job.State.values])
    size = serializers.IntegerField(help_text="Bytes.")
    rows = serializers.IntegerField()
    sha256 = serializers.CharField()
    job = serializers.UUIDField()
    download = serializers.CharField(allow_null=True, help_text="Where the file is, once it is written.")
    created_at = serializers.DateTimeField()


class ExportJobOut(JobOut):
    export = serializers.IntegerField(help_text="The id of the export.")


def export_data(row: Export) -> dict[str, Any]:
    return {
        "id": row.pk,
        "format": row.format,
        "set": row.which,
        "state": row.job.state.lower(),
        "size": row.size,
        "rows": row.rows,
        "sha256": row.sha256,
        "job": row.job_id,
        "download": reverse("api:export_download", args=[row.pk]) if row.file else None,
        "created_at": row.created_at,
    }


class Exports(Endpoint):
    @operation("The exports of a project", query=PAGING, answer=page_of(ExportOut))
    def get(self, request: Request, project_id: int) -> Response:
        return self.page(exports_of(actor=self.actor, project=self.project(project_id, Action.EXPORT)), export_data)

    @operation("Ask for an export", body=ExportIn, answer=ExportJobOut, status=202)
    def post(self, request: Request, project_id: int) -> Response:
        """`Location` is the job; its file is at `exports/{export}/download/` when it is done."""
        project = self.project(project_id, Action.EXPORT)
        given = self.body(ExportIn)
        job = export.request(
            actor=self.actor,
            project=project,
            format=given["format"],
            which=given.get("set", "gold"),
            filters=given.get("filters"),
        )
        return accepted(self, job, export=job.params["export"])


class ExportDetail(Endpoint):
    @operation("One export", answer=ExportOut)
    def get(self, request: Request, export_id: int) -> Response:
        return Response(export_data(export_for(actor=self.actor, export_id=export_id)))


class ExportDownload(Endpoint):
    @operation("The file of an export", answer={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, export_id: int) -> FileResponse:
        row = export_for(actor=self.actor, export_id=export_id)
        response = FileResponse(
            open_file(export=row),
            as_attachment=True,
            filename=f"dalala-{row.project_id}-{row.which}-{row.pk}.{SUFFIX[row.format]}",
            content_type=CONTENT_TYPE[row.format],
        )
        response["Content-Security-Policy"] = "sandbox"
        return response


class DirectExport(Endpoint):
    @operation(
        "Export at once, as a stream",
        query=[
            choice_param("format", "Which format.", Export.Format.values, "jsonl"),
            choice_param("set", "Which annotation sets.", Export.Which.values, "gold"),
            text_param("language", "Only documents in this language.", 12),
        ],
        answer={(200, "application/x-ndjson"): OpenApiTypes.STR, (200, "text/csv"): OpenApiTypes.STR},
    )
    def get(self, request: Request, project_id: int) -> StreamingHttpResponse:
        kind = self.query["format"]
        pieces = stream(
            actor=self.actor,
            project=self.project(project_id, Action.EXPORT),
            format=kind,
            which=self.query["set"],
            filters={"language": self.query["language"]} if self.query["language"] else {},
        )
        response = StreamingHttpResponse(pieces, content_type=f"{CONTENT_TYPE[kind]}; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="dalala-{project_id}.{SUFFIX[kind]}"'
        return response
