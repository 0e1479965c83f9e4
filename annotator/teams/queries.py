"""Fetching and checking in one go: strangers get the same answer as for what does not exist."""

from __future__ import annotations

from django.db.models import Count, F, Q, QuerySet

from annotator.errors import Missing
from annotator.teams.access import Action, Actor, Scope, require, require_scope
from annotator.teams.models import ApiToken, Invitation, Membership, Project, Role


def project_for(*, actor: Actor, project_id: int, action: Action = Action.VIEW) -> Project:
    """The project, if the actor may do `action` there. Raises Missing, Forbidden or Conflict."""
    mine = Membership.objects.select_related("project").filter(user_id=actor.user.pk, project_id=project_id).first()
    if mine is None or actor.project_id not in (None, project_id):
        raise Missing()
    actor.knows_role(project_id, Role(mine.role))
    require(actor, action, mine.project)
    return mine.project


def projects_of(*, actor: Actor) -> QuerySet[Project]:
    """The actor's projects with `my_role` and `n_documents`, the newest first."""
    require_scope(actor, Scope.READ)
    return (
        Project.objects.visible_to(actor)
        .exclude(state=Project.State.ARCHIVED)
        .annotate(my_role=F("memberships__role"))
        .annotate(n_documents=Count("documents", filter=Q(documents__archived_at=None), distinct=True))
        .order_by("-id")
    )


def members(*, actor: Actor, project: Project) -> QuerySet[Membership]:
    require(actor, Action.VIEW_MEMBERS, project)
    return project.memberships.select_related("user").order_by("user__name", "user__email", "id")


def membership_for(*, actor: Actor, project: Project, membership_id: int) -> Membership:
    found = members(actor=actor, project=project).select_related("project").filter(pk=membership_id).first()
    if found is None:
        raise Missing()
    return found


def invitations_of(*, actor: Actor, project: Project) -> QuerySet[Invitation]:
    """Places the project keeps for addresses without an account."""
    require(actor, Action.EDIT_MEMBERS, project)
    return project.invitations.select_related("project").order_by("id")


def invitation_for(*, actor: Actor, project: Project, invitation_id: int) -> Invitation:
    found = invitations_of(actor=actor, project=project).filter(pk=invitation_id).first()
    if found is None:
        raise Missing()
    return found


def invitations_for(*, actor: Actor) -> QuerySet[Invitation]:
    """Places kept for this person's address."""
    return Invitation.objects.filter(email=actor.user.email).select_related("project", "invited_by").order_by("id")


def tokens_of(*, actor: Actor) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(user=actor.user).select_related("project").order_by("-id")
