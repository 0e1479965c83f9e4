"""Documents, their annotations, edits and the workflow."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from annotator.api import shapes
from annotator.api.base import View
from annotator.coding import assignments
from annotator.coding.edits import apply_edits
from annotator.coding.models import AnnotationSet, Span, Submission
from annotator.coding.payload import read_edits
from annotator.coding.queries import annotation_sets, submissions_of
from annotator.corpus.models import Document
from annotator.corpus.queries import document_for
from annotator.corpus.services import add_document
from annotator.errors import Conflict, Invalid, Missing
from annotator.review import services as review
from annotator.review.queries import compare, submission_for
from annotator.teams.access import Action, require

_ROW = (
    "id", "external_id", "title", "author", "source", "source_url", "published_on", "language", "direction", "length",
    "words", "text_sha256", "created_at",
)  # fmt: skip


def row_data(row: dict[str, Any]) -> dict[str, Any]:
    published = row["published_on"]
    return {
        **row,
        "published_on": published.isoformat() if published else None,
        "created_at": row["created_at"].isoformat(),
    }


def document_data(document: Document) -> dict[str, Any]:
    return {
        **row_data({name: getattr(document, name) for name in _ROW}),
        "project": document.project_id,
        "text": document.text,
        "body_start": document.body_start,
        "metadata": document.metadata,
    }


class Documents(View):
    params = ("q", "language", "external_id")

    @extend_schema(
        parameters=[OpenApiParameter("q"), OpenApiParameter("language"), OpenApiParameter("external_id")],
        responses=shapes.DocumentRow(many=True),
    )
    def get(self, request: Request, project_id: int) -> Response:
        project = self.project(project_id)
        rows = Document.objects.visible_to(self.actor).present().filter(project=project)
        if q := self.param("q"):
            rows = rows.filter(title__icontains=q)
        if language := self.param("language"):
            rows = rows.filter(language=language)
        if external_id := self.param("external_id"):
            rows = rows.filter(external_id=external_id)
        return self.page(rows.values(*_ROW), row_data)

    @extend_schema(request=shapes.DocumentIn, responses={201: shapes.DocumentOut})
    def post(self, request: Request, project_id: int) -> Response:
        project = self.project(project_id)
        require(self.actor, Action.IMPORT, project)
        given = self.read(shapes.DocumentIn)
        given["published_on"] = given.pop("published_at", None)
        if given.get("title") and given.get("body_start") is None:
            given["body_start"] = 0
        document = add_document(actor=self.actor, project=project, **given)
        return Response(document_data(document), status=201, headers={"Location": f"/api/v1/documents/{document.pk}/"})


class DocumentDetail(View):
    @extend_schema(responses=shapes.DocumentOut)
    def get(self, request: Request, document_id: int) -> Response:
        document = document_for(actor=self.actor, document_id=document_id, with_text=True)
        return Response(document_data(document), headers={"ETag": f'"{document.text_sha256}"'})


class Annotations(View):
    params = ("set",)

    @extend_schema(parameters=[OpenApiParameter("set", enum=["mine", "gold", "suggestions", "all"])], responses=dict)
    def get(self, request: Request, document_id: int) -> Response:
        which = self.param("set", "mine")
        return Response({"sets": annotation_sets(actor=self.actor, document_id=document_id, which=which)})


class Edits(View):
    @extend_schema(request=shapes.EditsIn, responses={200: shapes.EditsOut, 409: shapes.ProblemOut, 422: shapes.ProblemOut})
    def post(self, request: Request, document_id: int) -> Response:
        edits = read_edits(request.data)
        return Response(apply_edits(actor=self.actor, document_id=document_id, edits=edits))


class DecideSuggestions(View):
    """Accept or reject many suggestions of a document in one undoable act."""

    @extend_schema(request=shapes.DecideIn, responses=shapes.EditsOut)
    def post(self, request: Request, document_id: int) -> Response:
        given = self.read(shapes.DecideIn)
        group = str(given.get("group") or uuid.uuid4())
        edits = [
            {"id": str(uuid.uuid4()), "op": "accept_suggestion", "suggestion": str(s), "span": {"id": str(uuid.uuid4())}}
            for s in given.get("accept", [])
        ] + [
            {"id": str(uuid.uuid4()), "op": "reject_suggestion", "suggestion": str(s)} for s in given.get("reject", [])
        ]
        read = read_edits({"edits": [{**edit, "group": group} for edit in edits]})
        return Response(apply_edits(actor=self.actor, document_id=document_id, edits=read))


class DecideSuggestion(View):
    accept = True

    @extend_schema(request=shapes.AcceptIn, responses=shapes.EditsOut)
    def post(self, request: Request, suggestion_id: uuid.UUID) -> Response:
        given = self.read(shapes.AcceptIn)
        rows = Span.objects.filter(pk=suggestion_id, set__origin=AnnotationSet.Origin.MODEL)
        document_id = rows.values_list("set__document_id", flat=True).first()
        if document_id is None:
            raise Missing()
        edit: dict[str, Any] = {
            "id": str(given.get("edit") or uuid.uuid4()),
            "op": "accept_suggestion" if self.accept else "reject_suggestion",
            "suggestion": str(suggestion_id),
        }
        if self.accept:
            span = given.get("span") or {}
            edit["span"] = {"id": str(uuid.uuid4()), **span}
        return Response(apply_edits(actor=self.actor, document_id=document_id, edits=read_edits({"edits": [edit]})))


def submission_data(submission: Submission) -> dict[str, Any]:
    assignment = submission.assignment
    return {
        "id": submission.pk,
        "document": assignment.document_id,
        "user": assignment.user.email,
        "number": submission.number,
        "sha256": submission.sha256,
        "state": assignment.state,
        "at": submission.at.isoformat(),
    }


class Submit(View):
    @extend_schema(request=None, responses={201: shapes.SubmissionOut})
    def post(self, request: Request, document_id: int) -> Response:
        submission = assignments.submit(actor=self.actor, document_id=document_id)
        return Response(submission_data(submission), status=201)


class _Reviewing(View):
    def submission(self, document_id: int, given: dict[str, Any]) -> Submission:
        """The submission that is meant: by id, by person, or the only one there is. Raises Conflict when unclear."""
        document = document_for(actor=self.actor, document_id=document_id, action=Action.REVIEW)
        if given.get("submission"):
            found = submission_for(actor=self.actor, submission_id=given["submission"])
            if found.assignment.document_id != document.pk:
                raise Missing()
            return found
        rows = submissions_of(document)
        if given.get("user"):
            rows = rows.filter(assignment__user__email=given["user"].strip().lower())
        waiting = [s for s in rows if s.assignment.state == "SUBMITTED"] or list(rows)
        if not waiting:
            raise Conflict(_("Nothing has been submitted on this document."))
        if len(waiting) > 1:
            raise Invalid(errors={"user": [_("Several people have submitted: say whose work is meant.")]})
        return submission_for(actor=self.actor, submission_id=waiting[0].pk)


class Return(_Reviewing):
    @extend_schema(request=shapes.ReturnIn, responses=shapes.SubmissionOut)
    def post(self, request: Request, document_id: int) -> Response:
        document_for(actor=self.actor, document_id=document_id, action=Action.REVIEW)
        given = self.read(shapes.ReturnIn)
        submission = self.submission(document_id, given)
        review.return_(actor=self.actor, submission=submission, note=given["note"])
        return Response(submission_data(submission))


class Accept(_Reviewing):
    @extend_schema(request=shapes.SubmissionAcceptIn, responses=shapes.SubmissionOut)
    def post(self, request: Request, document_id: int) -> Response:
        document_for(actor=self.actor, document_id=document_id, action=Action.REVIEW)
        given = self.read(shapes.SubmissionAcceptIn)
        submission = self.submission(document_id, given)
        gold = review.accept(actor=self.actor, submission=submission, replace=given.get("replace", False))
        return Response({**submission_data(submission), "gold": gold.pk})


class Conflicts(View):
    """Where the submissions on a document differ, pair by pair."""

    params = ("a", "b")

    @extend_schema(parameters=[OpenApiParameter("a", int), OpenApiParameter("b", int)], responses=dict)
    def get(self, request: Request, document_id: int) -> Response:
        document = document_for(actor=self.actor, document_id=document_id, action=Action.VIEW_SUBMISSIONS)
        rows = list(submissions_of(document))
        wanted = {self.param(name) for name in self.params} - {""}
        if wanted:
            rows = [s for s in rows if str(s.pk) in wanted]
            if len(rows) != len(wanted):
                raise Missing()
        pairs = []
        for i, a in enumerate(rows):
            for b in rows[i + 1 :]:
                found = compare(a=a, b=b)
                pairs.append(
                    {
                        "a": submission_data(a),
                        "b": submission_data(b),
                        "differences": [
                            {"kind": d.kind, "start": d.start, "end": d.end, "a": d.a, "b": d.b}
                            for d in found
                            if d.kind != "agree"
                        ],
                        "agreed": sum(d.kind == "agree" for d in found),
                    }
                )
        return Response({"pairs": pairs})
