"""Who belongs to a project, and the places kept for people without an account."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from annotator.api.base import PAGING, Choice, Endpoint, In, Text, operation, page_of
from annotator.coding.assignments import take_out
from annotator.teams.access import Action
from annotator.teams.models import Invitation, Membership, Role
from annotator.teams.queries import invitation_for, invitations_of, members, membership_for
from annotator.teams.services import add_member, change_role, withdraw_invitation


class MemberIn(In):
    email = Text(max_length=254)
    role = Choice(choices=Role.choices)


class MemberPatch(In):
    role = Choice(choices=Role.choices)


class MemberOut(serializers.Serializer[Any]):
    id = serializers.IntegerField(help_text="Of the membership, or of the invitation.")
    email = serializers.EmailField()
    name = serializers.CharField()
    role = serializers.ChoiceField(choices=Role.choices)
    invited = serializers.BooleanField(help_text="There is no account with this address yet: the place is kept.")


def member_data(member: Membership) -> dict[str, Any]:
    user = member.user
    return {"id": member.pk, "email": user.email, "name": user.name, "role": member.role, "invited": False}


def invitation_data(invitation: Invitation) -> dict[str, Any]:
    return {"id": invitation.pk, "email": invitation.email, "name": "", "role": invitation.role, "invited": True}


class Members(Endpoint):
    @operation("The people of a project", query=PAGING, answer=page_of(MemberOut))
    def get(self, request: Request, project_id: int) -> Response:
        rows = members(actor=self.actor, project=self.project(project_id))
        return self.page(rows, member_data, newest_first=False)

    @operation("Take a person in", body=MemberIn, answer=MemberOut, status=201)
    def post(self, request: Request, project_id: int) -> Response:
        """Without an account under that address a place is kept for it instead: then `invited` is true."""
        project = self.project(project_id, Action.EDIT_MEMBERS)
        made = add_member(actor=self.actor, project=project, **self.body(MemberIn))
        if isinstance(made, Invitation):
            return self.created(invitation_data(made), reverse("api:invitation", args=[project.pk, made.pk]))
        return self.created(member_data(made), reverse("api:member", args=[project.pk, made.pk]))


class Member(Endpoint):
    def membership(self, project_id: int, member_id: int) -> Membership:
        return membership_for(actor=self.actor, project=self.project(project_id), membership_id=member_id)

    @operation("One person of a project", answer=MemberOut)
    def get(self, request: Request, project_id: int, member_id: int) -> Response:
        return Response(member_data(self.membership(project_id, member_id)))

    @operation("Give another role", body=MemberPatch, answer=MemberOut)
    def patch(self, request: Request, project_id: int, member_id: int) -> Response:
        """The last owner keeps the role: 409 `last_owner`."""
        found = self.membership(project_id, member_id)
        return Response(
            member_data(change_role(actor=self.actor, membership=found, role=self.body(MemberPatch)["role"]))
        )

    @operation("Take a person out", status=204, refusals=[409])
    def delete(self, request: Request, project_id: int, member_id: int) -> Response:
        """What the person made stays; open work is given back."""
        take_out(actor=self.actor, membership=self.membership(project_id, member_id))
        return Response(status=204)


class Invitations(Endpoint):
    @operation("Places kept for people without an account", query=PAGING, answer=page_of(MemberOut))
    def get(self, request: Request, project_id: int) -> Response:
        rows = invitations_of(actor=self.actor, project=self.project(project_id, Action.EDIT_MEMBERS))
        return self.page(rows, invitation_data, newest_first=False)


class InvitationDetail(Endpoint):
    @operation("One kept place", answer=MemberOut)
    def get(self, request: Request, project_id: int, invitation_id: int) -> Response:
        return Response(invitation_data(self.invitation(project_id, invitation_id)))

    @operation("Give up a kept place", status=204)
    def delete(self, request: Request, project_id: int, invitation_id: int) -> Response:
        withdraw_invitation(actor=self.actor, invitation=self.invitation(project_id, invitation_id))
        return Response(status=204)

    def invitation(self, project_id: int, invitation_id: int) -> Invitation:
        project = self.project(project_id, Action.EDIT_MEMBERS)
        return invitation_for(actor=self.actor, project=project, invitation_id=invitation_id)
