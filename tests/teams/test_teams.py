"""People come, get roles, make tokens, and go; a project always keeps an owner."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from annotator.activity.models import Activity
from annotator.errors import Conflict, DomainError, Forbidden, Invalid, Missing
from annotator.teams.access import Actor, Scope
from annotator.teams.models import ApiToken, Invitation, Membership, Project, Role, User
from annotator.teams.queries import invitations_for, membership_for, project_for, projects_of, tokens_of
from annotator.teams.services import (
    accept_invitation,
    actor_for_key,
    add_member,
    change_role,
    checked_name,
    create_token,
    remove_member,
    revoke_token,
    set_frozen,
    update_project,
    withdraw_invitation,
)
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def project() -> Project:
    return build.project()


def _seat(of: Project, person: User) -> Membership:
    return Membership.objects.select_related("project", "user").get(project=of, user=person)


# -- members


def test_a_person_with_an_account_is_in_at_once_and_only_once(project: Project) -> None:
    owner, amal = build.owner_of(project), build.user("amal")
    made = add_member(actor=owner, project=project, email=f"  {amal.email.upper()} ", role="REVIEWER")
    assert (made.role, _seat(project, amal).role) == ("REVIEWER", "REVIEWER")
    with pytest.raises(Conflict) as refusal:
        add_member(actor=owner, project=project, email=amal.email, role="VIEWER")
    assert refusal.value.code == "exists"
    assert _seat(project, amal).role == "REVIEWER"


@pytest.mark.parametrize(
    "email", ["", "amal", "amal@", "a b@example.org", "a\0@example.org", f"{'a' * 250}@example.org"]
)
def test_what_is_no_address_is_refused_by_field(project: Project, email: str) -> None:
    with pytest.raises(Invalid) as refusal:
        add_member(actor=build.owner_of(project), project=project, email=email, role="VIEWER")
    assert "email" in refusal.value.errors


@pytest.mark.parametrize("role", ["", "owner", "KING", "OWNER "])
def test_an_unknown_role_is_refused_by_field(project: Project, role: str) -> None:
    with pytest.raises(Invalid) as refusal:
        add_member(actor=build.owner_of(project), project=project, email="x@example.org", role=role)
    assert "role" in refusal.value.errors


def test_managers_give_roles_up_to_reviewer_and_nobody_promotes_themselves(project: Project) -> None:
    manager, amal = build.member(project, Role.MANAGER), build.member(project)
    for role in (Role.OWNER, Role.MANAGER):
        for act in (
            lambda r=role: change_role(actor=Actor(manager), membership=_seat(project, amal), role=r),
            lambda r=role: change_role(actor=Actor(manager), membership=_seat(project, manager), role=r),
            lambda r=role: add_member(actor=Actor(manager), project=project, email="x@example.org", role=r),
            lambda r=role: change_role(actor=Actor(amal), membership=_seat(project, amal), role=r),
        ):
            with pytest.raises(Forbidden):
                act()
    change_role(actor=Actor(manager), membership=_seat(project, amal), role=Role.REVIEWER)
    owner_seat = _seat(project, build.owner_of(project).user)
    for act in (
        lambda: change_role(actor=Actor(manager), membership=owner_seat, role=Role.VIEWER),
        lambda: remove_member(actor=Actor(manager), membership=owner_seat),
    ):
        with pytest.raises(Forbidden):
            act()
    assert sorted(Membership.objects.filter(project=project).values_list("role", flat=True)) == [
        "MANAGER", "OWNER", "REVIEWER",
    ]  # fmt: skip


def test_the_last_owner_stays(project: Project) -> None:
    owner = build.owner_of(project)
    seat = _seat(project, owner.user)
    for act in (
        lambda: remove_member(actor=owner, membership=seat),
        lambda: change_role(actor=owner, membership=seat, role=Role.MANAGER),
    ):
        with pytest.raises(Conflict) as refusal:
            act()
        assert (refusal.value.status, refusal.value.code) == (409, "last_owner")
    other = build.member(project)
    change_role(actor=owner, membership=_seat(project, other), role=Role.OWNER)
    remove_member(actor=owner, membership=seat)
    with pytest.raises(Conflict):
        remove_member(actor=Actor(other), membership=_seat(project, other))


def test_leaving_twice_and_removing_somebody_who_left(project: Project) -> None:
    amal = build.member(project)
    seat = _seat(project, amal)
    remove_member(actor=Actor(amal), membership=seat)
    for actor in (Actor(amal), build.owner_of(project)):
        with pytest.raises(Missing):
            remove_member(actor=actor, membership=_stale(seat, project, amal))
    with pytest.raises(Missing):
        project_for(actor=Actor(amal), project_id=project.pk)
    assert Activity.objects.filter(verb="member.removed").count() == 1


def _stale(seat: Membership, project: Project, person: User) -> Membership:
    return Membership(pk=seat.pk or 10**9, project=project, user=person, role=Role.ANNOTATOR)


def test_a_change_of_somebody_who_left_finds_nobody(project: Project) -> None:
    amal = build.member(project)
    seat = _seat(project, amal)
    gone = _stale(seat, project, amal)
    seat.delete()
    with pytest.raises(Missing):
        change_role(actor=build.owner_of(project), membership=gone, role="VIEWER")


def test_a_membership_of_another_project_does_not_exist(project: Project) -> None:
    elsewhere = build.project()
    foreign = _seat(elsewhere, build.owner_of(elsewhere).user)
    with pytest.raises(Missing):
        membership_for(actor=build.owner_of(project), project=project, membership_id=foreign.pk)
    with pytest.raises(Missing):
        remove_member(actor=build.owner_of(project), membership=foreign)


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_demote_each_other_at_once_leave_one() -> None:
    project = build.project()
    first = build.owner_of(project).user
    second = build.member(project, Role.OWNER)

    def demote(actor: User, whom: User) -> str:
        try:
            change_role(actor=Actor(actor), membership=_seat(project, whom), role=Role.VIEWER)
            return "done"
        except DomainError as refusal:
            return str(refusal.status)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = [f.result() for f in (pool.submit(demote, first, second), pool.submit(demote, second, first))]
    assert sorted(results) == ["403", "done"]
    assert Membership.objects.filter(project=project, role=Role.OWNER).count() == 1


def test_people_with_work_are_never_deleted_with_it(project: Project) -> None:
    article = build.document(project)
    amal = build.member(project)
    build.edit_first(article, amal)
    for thing in (amal, article, project):
        with pytest.raises((ProtectedError, IntegrityError)), transaction.atomic():
            thing.delete()


# -- invitations


def test_a_place_is_kept_for_an_address_and_taken_by_it_alone(project: Project) -> None:
    owner = build.owner_of(project)
    place = add_member(actor=owner, project=project, email="Late@Example.org", role="ANNOTATOR")
    assert isinstance(place, Invitation)
    thief = Actor(build.user("thief"))
    assert not invitations_for(actor=thief).exists()
    with pytest.raises(Missing):
        accept_invitation(actor=thief, invitation=place)
    late = User.objects.create_user("late@example.org", build.PASSWORD)
    assert list(invitations_for(actor=Actor(late))) == [place]
    token = _actor_with(late, [s.value for s in Scope])
    with pytest.raises(Missing):
        accept_invitation(actor=token, invitation=place)
    kept = Invitation.objects.get(pk=place.pk)
    assert accept_invitation(actor=Actor(late), invitation=kept).role == "ANNOTATOR"
    with pytest.raises(Missing):
        accept_invitation(actor=Actor(late), invitation=Invitation(pk=place.pk, project=project, email=late.email))
    assert Activity.objects.filter(verb="member.joined").count() == 1


def test_the_latest_invitation_counts_and_a_manager_cannot_touch_that_of_a_manager(project: Project) -> None:
    owner, manager = build.owner_of(project), Actor(build.member(project, Role.MANAGER))
    add_member(actor=owner, project=project, email="late@example.org", role="VIEWER")
    place = add_member(actor=owner, project=project, email="late@example.org", role="MANAGER")
    assert (Invitation.objects.get().role, isinstance(place, Invitation)) == ("MANAGER", True)
    with pytest.raises(Forbidden):
        add_member(actor=manager, project=project, email="late@example.org", role="VIEWER")
    with pytest.raises(Forbidden):
        withdraw_invitation(actor=manager, invitation=Invitation.objects.get())
    for _n in range(2):
        withdraw_invitation(actor=owner, invitation=place)
    assert Activity.objects.filter(verb="member.uninvited").count() == 1


def test_a_withdrawn_place_cannot_be_taken(project: Project) -> None:
    owner, late = build.owner_of(project), User.objects.create_user("late@example.org", build.PASSWORD, is_active=False)
    place = add_member(actor=owner, project=project, email=late.email, role="ANNOTATOR")
    assert isinstance(place, Invitation)
    stale = Invitation.objects.select_related("project").get(pk=place.pk)
    withdraw_invitation(actor=owner, invitation=place)
    with pytest.raises(Missing):
        accept_invitation(actor=Actor(late), invitation=stale)


# -- projects


def test_settings_change_what_is_given_and_log_only_changes(project: Project) -> None:
    owner = build.owner_of(project)
    changed = update_project(actor=owner, project=project, name=" أخبار  الخليج ", self_review=True)
    assert (changed.name, changed.self_review, changed.open_documents) == ("أخبار الخليج", True, False)
    logged = Activity.objects.count()
    update_project(actor=owner, project=project, name="أخبار الخليج", self_review=True)
    assert Activity.objects.count() == logged


def test_freezing_twice_is_the_same_as_once(project: Project) -> None:
    owner = build.owner_of(project)
    for frozen in (True, True, False, False):
        assert set_frozen(actor=owner, project=project, frozen=frozen).state == ("FROZEN" if frozen else "ACTIVE")
    assert list(Activity.objects.order_by("pk").values_list("verb", flat=True))[-2:] == [
        "project.frozen", "project.opened",
    ]  # fmt: skip


def test_the_list_shows_ones_own_role_and_costs_one_query(project: Project, django_assert_num_queries: object) -> None:
    amal = build.member(project, Role.VIEWER)
    mine = build.project(amal)
    build.member(mine, Role.MANAGER)
    build.document(mine)
    with django_assert_num_queries(1):  # type: ignore[operator]
        rows = [(p.pk, p.my_role, p.n_documents) for p in projects_of(actor=Actor(amal))]
    assert rows == [(mine.pk, "OWNER", 1), (project.pk, "VIEWER", 0)]
    assert not projects_of(actor=Actor(build.user())).exists()


# -- names


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "a\u202eb",
        "\u2066admin\u2069",
        "a\u200eb",
        "a\u200fb",
        "a\u061cb",
        "a\u200bb",
        "\ufeffadmin",
        "a\0b",
        "\u200d",
        "admin\u200c",
        "ad\u200c\u200cmin",
        "ad \u200d min",
        "\ud800",
        "a\u00adb",
        "x" * 121,
    ],
)
def test_names_that_deceive_or_cannot_be_stored_are_refused(name: str) -> None:
    with pytest.raises(Invalid):
        checked_name(name)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("  منظمة\u200cهای  ملی ", "منظمة\u200cهای ملی"),
        ("cafe\u0301", "café"),
        ("O’Neill & Söhne – 中文", "O’Neill & Söhne – 中文"),
        ("a\nb\tc", "a b c"),
        ("👩‍🔬", "👩‍🔬"),
    ],
)
def test_names_of_people_everywhere_are_kept(name: str, kept: str) -> None:
    assert checked_name(name) == kept


# -- tokens


def _actor_with(person: User, scopes: list[str]) -> Actor:
    actor = actor_for_key(create_token(actor=Actor(person), name="t", scopes=scopes)[1])
    assert actor is not None
    return actor


def test_only_the_hash_of_a_key_is_kept(project: Project) -> None:
    amal = build.member(project)
    token, key = create_token(actor=Actor(amal), name="laptop", scopes=["read", "read"], project=project)
    assert token.digest == hashlib.sha256(key.encode()).hexdigest()
    assert token.scopes == ["read"]
    shown = " ".join(str(v) for v in ApiToken.objects.values().get().values()) + repr(token) + str(token)
    assert key not in shown
    assert key.startswith(token.prefix)
    assert len(token.prefix) <= 10
    assert not Activity.objects.filter(data__icontains=key).exists()
    assert list(tokens_of(actor=Actor(amal))) == [token]
    assert not tokens_of(actor=build.owner_of(project)).exists()


@pytest.mark.parametrize("spoiled", ["revoked", "expired", "locked out", "unknown", "empty", "cut", "strange"])
def test_a_key_that_is_not_good_stands_for_nobody(spoiled: str) -> None:
    amal = build.user()
    token, key = create_token(actor=Actor(amal), name="t", scopes=["read"])
    assert actor_for_key(key) == Actor(amal, token)
    if spoiled == "revoked":
        for _n in range(2):
            revoke_token(actor=Actor(amal), token=token)
        assert Activity.objects.filter(verb="token.revoked").count() == 1
    elif spoiled == "expired":
        ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif spoiled == "locked out":
        User.objects.update(is_active=False)
    else:
        key = {"unknown": "dal_x", "empty": "", "cut": key[:-1], "strange": "\ud800"}[spoiled]
    assert actor_for_key(key) is None


def test_no_token_makes_or_revokes_tokens_and_nobody_revokes_those_of_others() -> None:
    amal = build.user()
    token, key = create_token(actor=Actor(amal), name="t", scopes=[s.value for s in Scope])
    program = actor_for_key(key)
    assert program is not None
    with pytest.raises(Forbidden):
        create_token(actor=program, name="more", scopes=["read"])
    for actor in (program, Actor(build.user())):
        with pytest.raises(Missing):
            revoke_token(actor=actor, token=token)
    assert ApiToken.objects.get().revoked_at is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["read", "everything"]}, "scopes"),
        ({"name": " "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"expires_at": timezone.now() - timedelta(days=1)}, "expires_at"),
    ],
)
def test_a_token_needs_a_name_known_scopes_and_a_future(change: dict[str, object], field: str) -> None:
    given: dict[str, object] = {"name": "t", "scopes": ["read"], **change}
    with pytest.raises(Invalid) as refusal:
        create_token(actor=Actor(build.user()), **given)  # type: ignore[arg-type]
    assert field in refusal.value.errors


def test_a_token_is_bound_only_to_a_project_its_maker_belongs_to(project: Project) -> None:
    with pytest.raises(Missing):
        create_token(actor=Actor(build.user()), name="t", scopes=["read"], project=project)


def test_using_a_token_is_noted_every_ten_minutes(django_assert_num_queries: object) -> None:
    _token, key = create_token(actor=Actor(build.user()), name="t", scopes=["read"])
    with django_assert_num_queries(2):  # type: ignore[operator]
        actor_for_key(key)
    first = ApiToken.objects.get().last_used_at
    with django_assert_num_queries(1):  # type: ignore[operator]
        actor_for_key(key)
    assert ApiToken.objects.get().last_used_at == first
