"""Changing projects, memberships and tokens."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from annotator.errors import Conflict, Forbidden, Invalid, Missing
from annotator.teams.access import Action, Actor, Scope, may, require
from annotator.teams.log import record
from annotator.teams.models import ApiToken, Invitation, Membership, Project, Role, User

KEY_PREFIX = "dal_"
MAX_EMAIL = 254
_JOINER = re.compile("(?<=[^\\s\u200c\u200d])[\u200c\u200d](?=[^\\s\u200c\u200d])")


def checked_name(value: str, field: str = "name", longest: int = 120) -> str:
    """A name in composed form, without line breaks, controls or direction marks that could make it look like another.

    Joiners stand only inside a word, where Persian and emoji need them. Raises Invalid for `field`.
    """
    value = unicodedata.normalize("NFC", " ".join(value.split()))
    if not value:
        raise Invalid(errors={field: [_("This field is needed.")]})
    if len(value) > longest:
        raise Invalid(errors={field: [_("At most %(longest)s characters.") % {"longest": longest}]})
    if not _JOINER.sub("", value).isprintable():
        raise Invalid(errors={field: [_("Invisible control characters are not allowed here.")]})
    return value


def checked_text(value: str, field: str, longest: int = 10_000) -> str:
    """Running text that PostgreSQL can hold. Raises Invalid for `field`."""
    if len(value) > longest:
        raise Invalid(errors={field: [_("At most %(longest)s characters.") % {"longest": longest}]})
    if "\0" in value or any("\ud800" <= c <= "\udfff" for c in value):
        raise Invalid(errors={field: [_("The text contains characters that cannot be stored.")]})
    return value


@transaction.atomic
def update_project(
    *,
    actor: Actor,
    project: Project,
    name: str | None = None,
    description: str | None = None,
    pretag_on_import: bool | None = None,
    open_documents: bool | None = None,
    self_review: bool | None = None,
    open_talk: bool | None = None,
    suggestions: str | None = None,
) -> Project:
    """Change what is given, leave the rest. Raises Invalid with errors by field."""
    actor, project = _lock(actor, project)
    require(actor, Action.EDIT_SETTINGS, project)
    changes: dict[str, object] = {}
    if name is not None:
        changes["name"] = checked_name(name)
    if description is not None:
        changes["description"] = checked_text(description, "description")
    if suggestions is not None:
        if suggestions not in Project.Suggestions.values:
            raise Invalid(errors={"suggestions": [_("Unknown choice.")]})
        changes["suggestions"] = suggestions
    flags = {
        "pretag_on_import": pretag_on_import,
        "open_documents": open_documents,
        "self_review": self_review,
        "open_talk": open_talk,
    }
    changes |= {key: value for key, value in flags.items() if value is not None}
    changes = {key: value for key, value in changes.items() if getattr(project, key) != value}
    for key, value in changes.items():
        setattr(project, key, value)
    if changes:
        project.save(update_fields=list(changes))
        record(project=project, user=actor.user, verb="project.changed", target=project, **changes)
    return project


@transaction.atomic
def set_frozen(*, actor: Actor, project: Project, frozen: bool) -> Project:
    """Stop or allow all changes. Doing it twice is the same as once. An archived project stays as it is."""
    require(actor, Action.FREEZE, project)
    old, new = (Project.State.ACTIVE, Project.State.FROZEN) if frozen else (Project.State.FROZEN, Project.State.ACTIVE)
    moved = Project.objects.filter(pk=project.pk, state=old).update(state=new)
    if moved:
        record(project=project, user=actor.user, verb="project.frozen" if frozen else "project.opened", target=project)
    project.refresh_from_db()
    return project


def _lock(actor: Actor, project: Project) -> tuple[Actor, Project]:
    """The project, locked, and the actor with rights to be asked anew: two owners must not demote each other at once."""
    found = Project.objects.select_for_update(no_key=True).filter(pk=project.pk).first()
    if found is None:
        raise Missing()
    return Actor(actor.user, actor.token), found


def _check_grant(actor: Actor, project: Project, role: Role) -> None:
    """Managers give roles up to reviewer; only owners make managers and owners."""
    mine = actor.role_in(project.pk)
    if mine != Role.OWNER and role in (Role.OWNER, Role.MANAGER):
        raise Forbidden(_("Only an owner may give this role."))


def checked_role(value: str) -> Role:
    try:
        return Role(value)
    except ValueError:
        raise Invalid(errors={"role": [_("Unknown role.")]}) from None


@transaction.atomic
def add_member(*, actor: Actor, project: Project, email: str, role: str) -> Membership | Invitation:
    """Take a person in. Without an account under that address a place is kept for it instead.

    Raises Conflict when the person belongs to the project already.
    """
    actor, project = _lock(actor, project)
    require(actor, Action.EDIT_MEMBERS, project)
    wanted = checked_role(role)
    _check_grant(actor, project, wanted)
    email = email.strip().lower()
    try:
        validate_email(email)
        if len(email) > MAX_EMAIL:
            raise ValidationError("")
    except ValidationError:
        raise Invalid(errors={"email": [_("This is not an e-mail address.")]}) from None
    user = User.objects.filter(email=email, is_active=True).first()
    if user is None:
        earlier = Invitation.objects.filter(project=project, email=email).first()
        if earlier is not None:
            _check_grant(actor, project, Role(earlier.role))
        invitation, _new = Invitation.objects.update_or_create(
            project=project, email=email, defaults={"role": wanted, "invited_by": actor.user}
        )
        record(project=project, user=actor.user, verb="member.invited", target=invitation, role=wanted)
        return invitation
    membership, new = Membership.objects.get_or_create(project=project, user=user, defaults={"role": wanted})
    if not new:
        raise Conflict(_("This person belongs to the project already."), code="exists")
    record(project=project, user=actor.user, verb="member.added", target=membership, role=wanted, member=user.pk)
    return membership


@transaction.atomic
def change_role(*, actor: Actor, membership: Membership, role: str) -> Membership:
    """Give another role. Raises Conflict when the project would be left without an owner."""
    actor, project = _lock(actor, membership.project)
    require(actor, Action.EDIT_MEMBERS, project)
    wanted = checked_role(role)
    membership = _current(membership)
    _check_grant(actor, project, wanted)
    _check_grant(actor, project, Role(membership.role))
    if membership.role == Role.OWNER and wanted != Role.OWNER:
        _keep_an_owner(membership)
    if membership.role != wanted:
        record(project=project, user=actor.user, verb="member.role", target=membership, old=membership.role, new=wanted)
        membership.role = wanted
        membership.save(update_fields=["role"])
    return membership


@transaction.atomic
def remove_member(*, actor: Actor, membership: Membership) -> None:
    """Take somebody out; what they made stays. Everybody may leave on their own.

    Raises Missing when that has happened already. Callers above use `coding.assignments.take_out`, which also gives
    open work back.
    """
    actor, project = _lock(actor, membership.project)
    if membership.user_id != actor.user.pk:
        require(actor, Action.EDIT_MEMBERS, project)
        membership = _current(membership)
        _check_grant(actor, project, Role(membership.role))
    elif actor.token is not None:
        raise Missing()
    else:
        membership = _current(membership)
    if membership.role == Role.OWNER:
        _keep_an_owner(membership)
    record(
        project=project, user=actor.user, verb="member.removed", target=membership, member=membership.user_id,
        role=membership.role,
    )  # fmt: skip
    membership.delete()


def _current(membership: Membership) -> Membership:
    """The membership as it is under the lock."""
    found = Membership.objects.select_related("project", "user").filter(pk=membership.pk).first()
    if found is None:
        raise Missing()
    return found


@transaction.atomic
def withdraw_invitation(*, actor: Actor, invitation: Invitation) -> None:
    """Give the kept place up. Twice is the same as once."""
    require(actor, Action.EDIT_MEMBERS, invitation.project)
    _check_grant(actor, invitation.project, Role(invitation.role))
    if Invitation.objects.filter(pk=invitation.pk).delete()[0]:
        record(project=invitation.project, user=actor.user, verb="member.uninvited", email=invitation.email)


def _keep_an_owner(membership: Membership) -> None:
    others = Membership.objects.filter(project_id=membership.project_id, role=Role.OWNER).exclude(pk=membership.pk)
    if not others.exists():
        raise Conflict(_("A project needs an owner: make somebody else owner first."), code="last_owner")


@transaction.atomic
def accept_invitation(*, actor: Actor, invitation: Invitation) -> Membership:
    """Take the kept place. Only the account with that very address may; for others it does not exist."""
    if invitation.email != actor.user.email or actor.token is not None:
        raise Missing()
    invitation = _taken(invitation)
    membership, _new = Membership.objects.get_or_create(
        project_id=invitation.project_id, user=actor.user, defaults={"role": invitation.role}
    )
    record(project=invitation.project, user=actor.user, verb="member.joined", target=membership, role=membership.role)
    return membership


def _taken(invitation: Invitation) -> Invitation:
    """The invitation as it is now, used up. Raises Missing when it was withdrawn or used before."""
    found = Invitation.objects.select_for_update().filter(pk=invitation.pk).first()
    if found is None:
        raise Missing()
    Invitation.objects.filter(pk=found.pk).delete()
    return found


def create_token(
    *,
    actor: Actor,
    name: str,
    scopes: Iterable[str],
    project: Project | None = None,
    expires_at: datetime | None = None,
) -> tuple[ApiToken, str]:
    """A new token and its key, which is shown this once only. No token makes tokens."""
    if actor.token is not None:
        raise Forbidden(_("A token cannot make tokens."))
    wanted = sorted(set(scopes))
    if not wanted or not set(wanted) <= {s.value for s in Scope}:
        raise Invalid(errors={"scopes": [_("Choose at least one known scope.")]})
    if expires_at is not None and expires_at <= timezone.now():
        raise Invalid(errors={"expires_at": [_("The day must lie ahead.")]})
    if project is not None and not may(actor, Action.VIEW, project):
        raise Missing()
    key = KEY_PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        token = ApiToken.objects.create(
            user=actor.user,
            name=checked_name(name, longest=80),
            prefix=key[:10],
            digest=_digest(key),
            scopes=wanted,
            project=project,
            expires_at=expires_at,
        )
        record(project=project, user=actor.user, verb="token.created", target=token, scopes=wanted)
    return token, key


@transaction.atomic
def revoke_token(*, actor: Actor, token: ApiToken) -> None:
    """The key stops working at once. Twice is the same as once."""
    if token.user_id != actor.user.pk or actor.token is not None:
        raise Missing()
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
        record(project=token.project, user=actor.user, verb="token.revoked", target=token)


def actor_for_key(key: str) -> Actor | None:
    """Who a key stands for, in one query; None when it is unknown, revoked, expired or its maker is locked out."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(_key_query(), [_digest(key), now])
        row = cursor.fetchone()
    if row is None:
        return None
    tokens, users = (model._meta.concrete_fields for model in (ApiToken, User))
    token = ApiToken.from_db(connection.alias, [f.attname for f in tokens], row[: len(tokens)])
    token.user = User.from_db(connection.alias, [f.attname for f in users], row[len(tokens) :])
    if token.last_used_at is None or now - token.last_used_at > timedelta(minutes=10):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return Actor(token.user, token)


@cache
def _key_query() -> str:
    """Every call of a program begins with this, so it is written once: building it anew takes longer than running it."""
    columns = [f'{a}."{f.column}"' for a, m in (("t", ApiToken), ("u", User)) for f in m._meta.concrete_fields]
    return (
        f"SELECT {', '.join(columns)} FROM teams_apitoken t JOIN teams_user u ON u.id = t.user_id"  # noqa: S608
        " WHERE t.digest = %s AND t.revoked_at IS NULL AND u.is_active AND (t.expires_at IS NULL OR t.expires_at > %s)"
    )


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
