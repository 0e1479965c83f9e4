"""Imports, pre-tagging, exports, jobs, and the registry."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import FileResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings

from annotator.activity.models import Job
from annotator.activity.services import cancel
from annotator.api import shapes
from annotator.api.base import View, job_data
from annotator.errors import Forbidden, Invalid, Missing
from annotator.exports.models import Export
from annotator.exports.queries import export_for, exports_of
from annotator.exports.services import CONTENT_TYPE, SUFFIX, open_file, stream
from annotator.jobs import export, ingest, pretag
from annotator.registry.queries import entities_page, entity_data, entity_for, search
from annotator.registry.services import add_entity, merge_entities
from annotator.teams.access import Action, may, require


class Imports(View):
    parser_classes = [MultiPartParser]

    @extend_schema(
        request={
            "multipart/form-data": {
                "type": "object",
                "properties": {
                    "file": {"type": "array", "items": {"type": "string", "format": "binary"}},
                    "format": {"type": "string", "enum": ["auto", "txt", "jsonl"]},
                    "annotations": {"type": "string", "enum": ["gold", "suggestions"]},
                },
                "required": ["file"],
            }
        },
        responses={202: shapes.JobOut},
    )
    def post(self, request: Request, project_id: int) -> Response:
        project = self.project(project_id)
        require(self.actor, Action.IMPORT, project)
        if unknown := set(request.data) - {"file", "format", "annotations"}:
            raise Invalid(errors={sorted(unknown)[0]: [_("Unknown field.")]})
        uploads = request.FILES.getlist("file")
        if not uploads:
            raise Invalid(errors={"file": [_("Choose at least one file.")]})
        job = ingest.request(
            actor=self.actor,
            project=project,
            files=[(f.name or "file", f, f.size or 0) for f in uploads],
            format=str(request.data.get("format") or "auto"),
            annotations=str(request.data.get("annotations") or "gold"),
        )
        return self.accepted(job)


class Pretag(View):
    @extend_schema(request=shapes.PretagIn, responses={202: shapes.JobOut})
    def post(self, request: Request, project_id: int) -> Response:
        project = self.project(project_id)
        return self.accepted(pretag.request(actor=self.actor, project=project, **self.read(shapes.PretagIn)))


class JobDetail(View):
    @extend_schema(responses=shapes.JobOut)
    def get(self, request: Request, job_id: uuid.UUID) -> Response:
        return Response(job_data(self.job(job_id)))

    def job(self, job_id: uuid.UUID) -> Job:
        found = Job.objects.visible_to(self.actor).select_related("project").filter(pk=job_id).first()
        if found is None:
            raise Missing()
        require(self.actor, Action.VIEW, found.project)
        return found


class JobCancel(JobDetail):
    http_method_names = ["post", "options"]

    @extend_schema(request=None, responses=shapes.JobOut)
    def post(self, request: Request, job_id: uuid.UUID) -> Response:
        job = self.job(job_id)
        if job.requested_by_id != self.actor.user.pk and not may(self.actor, Action.PRETAG, job.project):
            raise Forbidden(_("Only who asked for a job, or a manager, can stop it."))
        return Response(job_data(cancel(actor=self.actor, job=job)))


def export_data(row: Export) -> dict[str, Any]:
    return {
        "id": row.pk,
        "format": row.format,
        "set": row.which,
        "state": row.job.state.lower(),
        "size": row.size,
        "rows": row.rows,
        "sha256": row.sha256,
        "job": str(row.job_id),
        "download": f"/api/v1/exports/{row.pk}/download/" if row.file else None,
        "created_at": row.created_at.isoformat(),
    }


class Exports(View):
    @extend_schema(responses=shapes.ExportOut(many=True))
    def get(self, request: Request, project_id: int) -> Response:
        return self.page(exports_of(actor=self.actor, project=self.project(project_id)), export_data)

    @extend_schema(request=shapes.ExportIn, responses={202: shapes.JobOut})
    def post(self, request: Request, project_id: int) -> Response:
        project = self.project(project_id)
        require(self.actor, Action.EXPORT, project)
        given = self.read(shapes.ExportIn)
        job = export.request(
            actor=self.actor,
            project=project,
            format=given["format"],
            which=given.get("set", "gold"),
            filters=given.get("filters"),
        )
        return self.accepted(job, export=job.params["export"])


class ExportDownload(View):
    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, export_id: int) -> FileResponse:
        row = export_for(actor=self.actor, export_id=export_id)
        name = f"dalala-{row.project_id}-{row.which}-{row.pk}.{SUFFIX[row.format]}"
        response = FileResponse(
            open_file(export=row), as_attachment=True, filename=name, content_type=CONTENT_TYPE[row.format]
        )
        response["Content-Security-Policy"] = "sandbox"
        return response


class DirectExport(View):
    params = ("format", "set", "language")
    # `format` is ours here: DRF must not read it as the name of a renderer.
    content_negotiation_class = type(
        "PlainNegotiation",
        (api_settings.DEFAULT_CONTENT_NEGOTIATION_CLASS,),
        {"select_renderer": lambda self, request, renderers, suffix=None: (renderers[0], renderers[0].media_type)},
    )

    @extend_schema(
        parameters=[
            OpenApiParameter("format", enum=list(SUFFIX)),
            OpenApiParameter("set", enum=Export.Which.values),
            OpenApiParameter("language"),
        ],
        responses={(200, "application/x-ndjson"): OpenApiTypes.STR},
    )
    def get(self, request: Request, project_id: int) -> StreamingHttpResponse:
        kind = self.param("format", "jsonl")
        filters = {"language": self.param("language")} if self.param("language") else {}
        pieces = stream(
            actor=self.actor,
            project=self.project(project_id),
            format=kind,
            which=self.param("set", "gold"),
            filters=filters,
        )
        response = StreamingHttpResponse(pieces, content_type=f"{CONTENT_TYPE[kind]}; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="dalala-{project_id}.{SUFFIX[kind]}"'
        return response


class Actors(View):
    params = ("q", "kind")

    @extend_schema(parameters=[OpenApiParameter("q"), OpenApiParameter("kind")], responses=shapes.ActorOut(many=True))
    def get(self, request: Request, project_id: int) -> Response:
        project = self.project(project_id)
        if q := self.param("q"):
            limit = self.param("page_size", "8")
            if not limit.isascii() or not limit.isdigit():
                raise Invalid(errors={"page_size": [_("A whole number is needed.")]})
            found = search(project=project, q=q[:200], limit=min(max(int(limit[:4]), 1), 50))
            return Response({"next": None, "previous": None, "results": [entity_data(e) for e in found]})
        rows = entities_page(actor=self.actor, project=project, kind=self.param("kind"))
        return self.page(rows, entity_data, "id")

    @extend_schema(request=shapes.ActorIn, responses={201: shapes.ActorOut})
    def post(self, request: Request, project_id: int) -> Response:
        entity = add_entity(actor=self.actor, project=self.project(project_id), **self.read(shapes.ActorIn))
        return Response(entity_data(entity_for(actor=self.actor, entity_id=entity.pk)), status=201)


class ActorMerge(View):
    @extend_schema(request=shapes.MergeIn, responses=shapes.ActorOut)
    def post(self, request: Request, entity_id: int) -> Response:
        source = entity_for(actor=self.actor, entity_id=entity_id)
        target = entity_for(actor=self.actor, entity_id=self.read(shapes.MergeIn)["into"])
        if target.project_id != source.project_id:
            raise Missing()
        merge_entities(actor=self.actor, source=source, target=target)
        return Response(entity_data(entity_for(actor=self.actor, entity_id=target.pk)))
