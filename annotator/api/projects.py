"""Projects, codebooks, members, assignments."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from annotator.api import shapes
from annotator.api.base import View
from annotator.coding.assignments import assign
from annotator.coding.models import Assignment
from annotator.coding.queries import assignments_page
from annotator.corpus.queries import codebook_for, document_for
from annotator.corpus.services import put_codebook
from annotator.errors import Invalid
from annotator.registry.services import create_project
from annotator.teams.models import Invitation, Membership, Project
from annotator.teams.queries import members, projects_of
from annotator.teams.services import add_member, update_project


def project_data(project: Project, role: str | None) -> dict[str, Any]:
    return {
        "id": project.pk,
        "name": project.name,
        "description": project.description,
        "state": project.state,
        "role": role,
        "pretag_on_import": project.pretag_on_import,
        "open_documents": project.open_documents,
        "self_review": project.self_review,
        "created_at": project.created_at.isoformat(),
    }


class Projects(View):
    @extend_schema(responses=shapes.ProjectOut(many=True))
    def get(self, request: Request) -> Response:
        rows = projects_of(actor=self.actor)
        return self.page(rows, lambda p: project_data(p, p.my_role))

    @extend_schema(request=shapes.ProjectIn, responses={201: shapes.ProjectOut})
    def post(self, request: Request) -> Response:
        project = create_project(actor=self.actor, **self.read(shapes.ProjectIn))
        return Response(project_data(project, self.actor.role_in(project.pk)), status=201)


class ProjectDetail(View):
    @extend_schema(responses=shapes.ProjectOut)
    def get(self, request: Request, project_id: int) -> Response:
        project = self.project(project_id)
        return Response(project_data(project, self.actor.role_in(project.pk)))

    @extend_schema(request=shapes.ProjectPatch, responses=shapes.ProjectOut)
    def patch(self, request: Request, project_id: int) -> Response:
        project = self.project(project_id)
        changed = update_project(actor=self.actor, project=project, **self.read(shapes.ProjectPatch))
        return Response(project_data(changed, self.actor.role_in(project.pk)))


class Codebook(View):
    @extend_schema(responses=shapes.CodebookOut)
    def get(self, request: Request, project_id: int) -> Response:
        version = codebook_for(actor=self.actor, project=self.project(project_id))
        return Response({"version": version.number, "created_at": version.created_at.isoformat(), "body": version.body})

    @extend_schema(request=shapes.CodebookIn, responses=shapes.CodebookOut)
    def put(self, request: Request, project_id: int) -> Response:
        given = self.read(shapes.CodebookIn)
        version = put_codebook(actor=self.actor, project=self.project(project_id), **given)
        return Response({"version": version.number, "created_at": version.created_at.isoformat(), "body": version.body})


def member_data(member: Membership | Invitation) -> dict[str, Any]:
    if isinstance(member, Invitation):
        return {"id": member.pk, "email": member.email, "name": "", "role": member.role, "invited": True}
    user = member.user
    return {"id": member.pk, "email": user.email, "name": user.name, "role": member.role, "invited": False}


class Members(View):
    @extend_schema(responses=shapes.MemberOut(many=True))
    def get(self, request: Request, project_id: int) -> Response:
        rows = members(actor=self.actor, project=self.project(project_id))
        return self.page(rows, member_data, "id")

    @extend_schema(request=shapes.MemberIn, responses={201: shapes.MemberOut})
    def post(self, request: Request, project_id: int) -> Response:
        project = self.project(project_id)
        return Response(member_data(add_member(actor=self.actor, project=project, **self.read(shapes.MemberIn))), 201)


def assignment_data(assignment: Assignment) -> dict[str, Any]:
    return {
        "id": assignment.pk,
        "document": assignment.document_id,
        "user": assignment.user.email,
        "state": assignment.state,
        "due_at": assignment.due_at.isoformat() if assignment.due_at else None,
    }


class Assignments(View):
    @extend_schema(responses=shapes.AssignmentOut(many=True))
    def get(self, request: Request, project_id: int) -> Response:
        rows = assignments_page(actor=self.actor, project=self.project(project_id))
        return self.page(rows, assignment_data)

    @extend_schema(request=shapes.AssignmentIn, responses={201: shapes.AssignmentOut})
    def post(self, request: Request, project_id: int) -> Response:
        project = self.project(project_id)
        given = self.read(shapes.AssignmentIn)
        document = document_for(actor=self.actor, document_id=given["document"])
        if document.project_id != project.pk:
            raise Invalid(errors={"document": ["Some of these documents are not in this project."]})
        made = assign(actor=self.actor, document=document, email=given["user"], due_at=given.get("due_at"))
        made = Assignment.objects.select_related("user").get(pk=made.pk)
        return Response(assignment_data(made), status=201)
