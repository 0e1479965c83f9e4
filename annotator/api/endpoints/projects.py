"""Projects and their codebooks."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotator.api.base import PAGING, Endpoint, Flag, In, Text, operation, page_of
from annotator.corpus.models import CodebookVersion
from annotator.corpus.queries import codebook_for
from annotator.corpus.services import put_codebook
from annotator.registry.services import create_project
from annotator.teams.access import Action
from annotator.teams.models import Project, Role
from annotator.teams.queries import projects_of
from annotator.teams.services import update_project


class ProjectIn(In):
    name = Text(max_length=120)
    description = Text(required=False, allow_blank=True, max_length=10_000)
    codebook = serializers.DictField(required=False, help_text="The built-in political codebook when none is given.")


class ProjectPatch(In):
    name = Text(required=False, max_length=120)
    description = Text(required=False, allow_blank=True, max_length=10_000)
    pretag_on_import = Flag(required=False)
    open_documents = Flag(required=False, help_text="Annotators see all documents, not only those assigned to them.")
    self_review = Flag(required=False, help_text="People may review what they submitted themselves.")
    open_talk = Flag(required=False, help_text="Annotators read each other's comments on documents.")
    suggestions = serializers.ChoiceField(
        choices=Project.Suggestions.values, required=False, help_text="When those who code see the taggers' proposals."
    )


class ProjectOut(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    description = serializers.CharField()
    state = serializers.ChoiceField(choices=Project.State.choices)
    role = serializers.ChoiceField(choices=Role.choices, help_text="Your role in it.")
    pretag_on_import = serializers.BooleanField()
    open_documents = serializers.BooleanField()
    self_review = serializers.BooleanField()
    open_talk = serializers.BooleanField()
    suggestions = serializers.ChoiceField(choices=Project.Suggestions.values)
    created_at = serializers.DateTimeField()


class CodebookIn(In):
    body = serializers.DictField()
    note = Text(required=False, allow_blank=True, max_length=2000)


class CodebookOut(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    note = serializers.CharField()
    body = serializers.DictField(help_text="Labels with their attributes, relation types and rules.")


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
        "open_talk": project.open_talk,
        "suggestions": project.suggestions,
        "created_at": project.created_at,
    }


class Projects(Endpoint):
    @operation("Your projects", query=PAGING, answer=page_of(ProjectOut))
    def get(self, request: Request) -> Response:
        return self.page(projects_of(actor=self.actor), lambda p: project_data(p, p.my_role))

    @operation("Make a project", body=ProjectIn, answer=ProjectOut, status=201)
    def post(self, request: Request) -> Response:
        """You become its owner. It starts with a registry of states, organisations and places."""
        project = create_project(actor=self.actor, **self.body(ProjectIn))
        data = project_data(project, self.actor.role_in(project.pk))
        return self.created(data, reverse("api:project", args=[project.pk]))


class ProjectDetail(Endpoint):
    @operation("One project", answer=ProjectOut)
    def get(self, request: Request, project_id: int) -> Response:
        project = self.project(project_id)
        return Response(project_data(project, self.actor.role_in(project.pk)))

    @operation("Change a project", body=ProjectPatch, answer=ProjectOut)
    def patch(self, request: Request, project_id: int) -> Response:
        project = self.project(project_id, Action.EDIT_SETTINGS)
        changed = update_project(actor=self.actor, project=project, **self.body(ProjectPatch))
        return Response(project_data(changed, self.actor.role_in(project.pk)))


def codebook_data(version: CodebookVersion) -> dict[str, Any]:
    return {
        "version": version.number,
        "created_at": version.created_at,
        "note": version.note,
        "body": version.body,
    }


class Codebook(Endpoint):
    @operation("The codebook in force", answer=CodebookOut)
    def get(self, request: Request, project_id: int) -> Response:
        return Response(codebook_data(codebook_for(actor=self.actor, project=self.project(project_id))))

    @operation("Put a new codebook in force", body=CodebookIn, answer=CodebookOut)
    def put(self, request: Request, project_id: int) -> Response:
        """Makes a new version; older work keeps the version it was begun with. The same body as now makes none."""
        project = self.project(project_id, Action.EDIT_CODEBOOK)
        return Response(codebook_data(put_codebook(actor=self.actor, project=project, **self.body(CodebookIn))))
