"""Work that is done later: imports, pre-tagging, and how far a job is."""

from __future__ import annotations

import uuid
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotator.activity.models import Job
from annotator.activity.queries import job_for
from annotator.activity.services import cancel
from annotator.api.base import Endpoint, In, Text, Whole, operation
from annotator.api.http import UploadParser
from annotator.corpus.models import ImportBatch
from annotator.errors import Invalid
from annotator.jobs import ingest, pretag
from annotator.teams.access import Action

_IMPORT_FIELDS = {"file", "format", "annotations"}
IMPORT_BODY = {
    "multipart/form-data": {
        "type": "object",
        "required": ["file"],
        "additionalProperties": False,
        "properties": {
            "file": {"type": "array", "items": {"type": "string", "format": "binary"}},
            "format": {"type": "string", "enum": ImportBatch.Format.values, "default": "auto"},
            "annotations": {"type": "string", "enum": ImportBatch.Annotations.values, "default": "gold"},
        },
    }
}


class PretagIn(In):
    taggers = serializers.ListField(child=Text(max_length=40), required=False, max_length=20)
    documents = serializers.ListField(child=Whole(), required=False, max_length=10_000)


class Progress(serializers.Serializer[Any]):
    done = serializers.IntegerField()
    total = serializers.IntegerField()


class JobError(serializers.Serializer[Any]):
    item = serializers.CharField(help_text="Such as the name of the file.")
    line = serializers.IntegerField(allow_null=True)
    field = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class JobOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    project = serializers.IntegerField()
    state = serializers.ChoiceField(choices=[value.lower() for value in Job.State.values])
    progress = Progress()
    errors = JobError(many=True, help_text="One an item that was refused; the others went on.")  # type: ignore[assignment]
    result = serializers.DictField(help_text="What a finished job made.")
    failure = serializers.CharField(help_text="Why a failed job failed.")
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)


def job_data(job: Job) -> dict[str, Any]:
    return {
        "id": job.pk,
        "kind": job.kind,
        "project": job.project_id,
        "state": job.state.lower(),
        "progress": {"done": job.done, "total": job.total},
        "errors": job.errors,
        "result": job.result,
        "failure": job.failure,
        "created_at": job.created_at,
        "started_at": job.started_at,
        "finished_at": job.finished_at,
    }


def accepted(endpoint: Endpoint, job: Job, **more: Any) -> Response:
    """The answer to a request that a job will fulfil."""
    return endpoint.created({**job_data(job), **more}, reverse("api:job", args=[job.pk]), status=202)


class Imports(Endpoint):
    parser_classes = [UploadParser]

    @operation("Import files", body=IMPORT_BODY, answer=JobOut, status=202)
    def post(self, request: Request, project_id: int) -> Response:
        """Plain text (one article a file) or Dalala JSONL (one document a line). `Location` is the job."""
        project = self.project(project_id, Action.IMPORT)
        given = request.POST  # what the parser of this view has read
        errors = {name: [_("Unknown field.")] for name in (*given, *request.FILES) if name not in _IMPORT_FIELDS}
        uploads = request.FILES.getlist("file")
        if not uploads:
            errors["file"] = [_("Choose at least one file.")]
        if errors:
            raise Invalid(_("Some values are not right."), errors=errors)
        job = ingest.request(
            actor=self.actor,
            project=project,
            files=[(f.name or "file", f, f.size or 0) for f in uploads],
            format=given.get("format") or "auto",
            annotations=given.get("annotations") or "gold",
        )
        return accepted(self, job)


class Pretag(Endpoint):
    @operation("Let the taggers suggest", body=PretagIn, answer=JobOut, status=202)
    def post(self, request: Request, project_id: int) -> Response:
        """All taggers over all documents unless some are named. `Location` is the job."""
        project = self.project(project_id, Action.PRETAG)
        return accepted(self, pretag.request(actor=self.actor, project=project, **self.body(PretagIn)))


class JobDetail(Endpoint):
    @operation("How far a job is", answer=JobOut)
    def get(self, request: Request, job_id: uuid.UUID) -> Response:
        return Response(job_data(job_for(actor=self.actor, job_id=job_id)))


class JobCancel(Endpoint):
    @operation("Stop a job", answer=JobOut, refusals=[409])
    def post(self, request: Request, job_id: uuid.UUID) -> Response:
        """What it has done so far stays."""
        return Response(job_data(cancel(actor=self.actor, job=job_for(actor=self.actor, job_id=job_id))))
