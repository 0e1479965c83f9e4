"""Who may do what: the one table. Code, the page that explains it and the tests all read it.

A token holds the intersection of its maker's current role, its scopes and its project.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from annotator.errors import Conflict, Forbidden, Missing
from annotator.teams.models import ApiToken, Membership, Project, Role, User


class Scope(StrEnum):
    READ = "read"
    ANNOTATE = "annotate"
    REVIEW = "review"
    IMPORT = "import"
    EXPORT = "export"
    JOBS = "jobs"
    MANAGE = "manage"
    ADMIN = "admin"


class Action(StrEnum):
    VIEW = "view"  # the project, its codebook, its registry
    VIEW_ALL_DOCUMENTS = "view_all_documents"
    VIEW_SUBMISSIONS = "view_submissions"
    ANNOTATE = "annotate"  # in one's own set
    SUBMIT = "submit"
    REVIEW = "review"  # return, accept
    COMMENT = "comment"  # in threads that one reads
    REOPEN_GOLD = "reopen_gold"  # open accepted work again
    ASSIGN = "assign"
    IMPORT = "import"
    PRETAG = "pretag"
    EXPORT = "export"
    EDIT_REGISTRY = "edit_registry"
    ADD_ACTOR = "add_actor"
    EDIT_CODEBOOK = "edit_codebook"
    EDIT_SETTINGS = "edit_settings"
    VIEW_MEMBERS = "view_members"
    EDIT_MEMBERS = "edit_members"
    VIEW_ACTIVITY = "view_activity"
    FREEZE = "freeze"
    ARCHIVE_DOCUMENT = "archive_document"


_O, _M, _R, _A, _V = Role.OWNER, Role.MANAGER, Role.REVIEWER, Role.ANNOTATOR, Role.VIEWER
_ALL = frozenset({_O, _M, _R, _A, _V})

# action: (roles that may, token scope that is needed (None: no token may), whether it goes on in a frozen project)
MATRIX: dict[Action, tuple[frozenset[Role], Scope | None, bool]] = {
    Action.VIEW: (_ALL, Scope.READ, True),
    Action.VIEW_ALL_DOCUMENTS: (frozenset({_O, _M, _R, _V}), Scope.READ, True),
    Action.VIEW_SUBMISSIONS: (frozenset({_O, _M, _R}), Scope.READ, True),
    Action.ANNOTATE: (frozenset({_O, _M, _R, _A}), Scope.ANNOTATE, False),
    Action.SUBMIT: (frozenset({_O, _M, _R, _A}), Scope.ANNOTATE, False),
    Action.REVIEW: (frozenset({_O, _M, _R}), Scope.REVIEW, False),
    Action.COMMENT: (frozenset({_O, _M, _R, _A}), Scope.ANNOTATE, False),
    Action.REOPEN_GOLD: (frozenset({_O, _M}), None, False),
    Action.ASSIGN: (frozenset({_O, _M}), Scope.MANAGE, False),
    Action.IMPORT: (frozenset({_O, _M}), Scope.IMPORT, False),
    Action.PRETAG: (frozenset({_O, _M}), Scope.JOBS, False),
    Action.EXPORT: (frozenset({_O, _M, _R}), Scope.EXPORT, True),
    Action.EDIT_REGISTRY: (frozenset({_O, _M, _R}), Scope.MANAGE, False),
    Action.ADD_ACTOR: (frozenset({_O, _M, _R, _A}), Scope.ANNOTATE, False),
    Action.EDIT_CODEBOOK: (frozenset({_O, _M}), Scope.ADMIN, False),
    Action.EDIT_SETTINGS: (frozenset({_O, _M}), Scope.ADMIN, False),
    Action.VIEW_MEMBERS: (_ALL, Scope.READ, True),
    Action.EDIT_MEMBERS: (frozenset({_O, _M}), Scope.ADMIN, True),
    Action.VIEW_ACTIVITY: (frozenset({_O, _M}), None, True),
    Action.FREEZE: (frozenset({_O}), None, True),
    Action.ARCHIVE_DOCUMENT: (frozenset({_O, _M}), Scope.MANAGE, False),
}


@dataclass(frozen=True)
class Actor:
    """Who acts: a person, or a program with that person's token."""

    user: User
    token: ApiToken | None = None
    _roles: dict[int, Role | None] = field(default_factory=dict, compare=False, repr=False)

    @property
    def project_id(self) -> int | None:
        """The one project a bound token may touch, None for a person or an unbound token."""
        return self.token.project_id if self.token else None

    def role_in(self, project_id: int) -> Role | None:
        """The role now, asked from the database once per request; None for a stranger."""
        if project_id not in self._roles:
            if self.project_id not in (None, project_id):
                self._roles[project_id] = None
            else:
                found = Membership.objects.filter(project_id=project_id, user_id=self.user.pk).values_list(
                    "role", flat=True
                )
                self._roles[project_id] = Role(found[0]) if found else None
        return self._roles[project_id]

    def knows_role(self, project_id: int, role: Role) -> None:
        """Note a role that a query has just brought along, to save asking again."""
        if self.project_id in (None, project_id):
            self._roles[project_id] = role

    def has_scope(self, scope: Scope | None) -> bool:
        return self.token is None or (scope is not None and scope.value in self.token.scopes)


def may(actor: Actor, action: Action, project: Project) -> bool:
    """Whether the table and the state of the project allow it."""
    roles, scope, when_frozen = MATRIX[action]
    role = actor.role_in(project.pk)
    if role is None or role not in roles or not actor.has_scope(scope):
        return False
    return when_frozen or project.state == Project.State.ACTIVE


def require_scope(actor: Actor, scope: Scope | None) -> None:
    """Return for a person, and for a token that has the scope; None is what no token may. Raises Forbidden otherwise."""
    if not actor.has_scope(scope):
        if scope is None:
            raise Forbidden(_("No token may do this."), code="scope")
        raise Forbidden(_("This token lacks the scope “%(scope)s”.") % {"scope": scope.value}, code="scope")


def require(actor: Actor, action: Action, project: Project) -> None:
    """Return when allowed. Raises Missing for strangers, Forbidden for members, Conflict in a frozen project."""
    roles, scope, when_frozen = MATRIX[action]
    role = actor.role_in(project.pk)
    if role is None:
        raise Missing()
    if role not in roles:
        raise Forbidden(_("Your role in this project does not allow this."))
    require_scope(actor, scope)
    if not when_frozen and project.state != Project.State.ACTIVE:
        raise Conflict(
            _("The project is frozen: nothing can be changed until its owner opens it again."), code="frozen"
        )
