"""What concerns nobody but the person: language, colours, name, tokens, invitations."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from annotator.activity.models import Activity
from annotator.errors import Forbidden
from annotator.teams.access import Actor
from annotator.teams.models import ApiToken, Invitation, Membership, User
from annotator.teams.preferences import update_me
from annotator.teams.services import add_member, create_token
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def amal() -> User:
    return build.user("amal")


def browser(person: User | None = None) -> Client:
    made = Client()
    if person is not None:
        made.force_login(person)
    return made


def test_the_language_is_kept_for_a_stranger_in_a_cookie_and_for_a_member_in_the_account(amal: User) -> None:
    stranger = browser()
    answer = stranger.post("/language/", {"language": "ar", "next": "/accounts/login/"})
    assert answer["Location"] == "/accounts/login/"
    assert 'dir="rtl"' in stranger.get("/").content.decode()
    browser(amal).post("/language/", {"language": "ar"})
    assert 'dir="rtl"' in browser(amal).get("/").content.decode()


def test_the_browser_decides_until_somebody_chooses() -> None:
    assert 'lang="ar"' in browser().get("/", HTTP_ACCEPT_LANGUAGE="ar-IQ,en;q=0.5").content.decode()
    assert 'lang="en"' in browser().get("/", HTTP_ACCEPT_LANGUAGE="fr").content.decode()


def test_the_colours_are_kept(amal: User) -> None:
    browser(amal).post("/theme/", {"theme": "dark"})
    assert 'data-theme="dark"' in browser(amal).get("/").content.decode()
    stranger = browser()
    stranger.post("/theme/", {"theme": "light"})
    assert 'data-theme="light"' in stranger.get("/").content.decode()


@pytest.mark.parametrize("data", [{"language": "xx"}, {"language": "en\0"}, {}, {"theme": "pink"}])
def test_a_choice_that_is_none_changes_nothing(amal: User, data: dict[str, str]) -> None:
    for address in ("/language/", "/theme/"):
        assert browser(amal).post(address, data).status_code == 302
    amal.refresh_from_db()
    assert (amal.language, amal.theme) == ("", "system")


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "evil",
        "http:///evil",
        " //x",
    ],
)
def test_it_never_leads_away_from_the_site(target: str) -> None:
    assert browser().post("/language/", {"language": "ar", "next": target})["Location"] == "/"


def test_only_posting_changes_a_preference() -> None:
    for address in ("/language/", "/theme/"):
        assert browser().get(address).status_code == 405


def test_the_account_page_changes_all_three_and_logs_the_name(amal: User) -> None:
    answer = browser(amal).post("/account/", {"name": " Amal  A. ", "language": "ar", "theme": "dark"}, follow=True)
    amal.refresh_from_db()
    assert (amal.name, amal.language, amal.theme) == ("Amal A.", "ar", "dark")
    assert 'dir="rtl"' in answer.content.decode()
    assert Activity.objects.get().verb == "user.renamed"


def test_a_token_changes_nobody(amal: User) -> None:
    token, _key = create_token(actor=Actor(amal), name="t", scopes=["admin"])
    with pytest.raises(Forbidden):
        update_me(actor=Actor(amal, token), name="Somebody else")


def test_a_key_is_shown_once_and_stops_when_it_is_revoked(amal: User) -> None:
    page = browser(amal)
    made = page.post("/account/", {"token_name": "script", "scopes": ["read", "export"]}).content.decode()
    token = ApiToken.objects.get()
    key = made[made.index("dal_") :].split("<")[0]
    assert token.scopes == ["export", "read"]
    assert key not in page.get("/account/").content.decode()
    asks = {"HTTP_AUTHORIZATION": f"Bearer {key}"}
    assert browser().get("/api/v1/projects/", **asks).status_code == 200
    for _twice in range(2):
        assert page.post(reverse("token_revoke", args=[token.pk])).status_code == 302
    assert browser().get("/api/v1/projects/", **asks).status_code == 401


def test_nobody_else_revokes_a_token(amal: User) -> None:
    token, _key = create_token(actor=Actor(amal), name="t", scopes=["read"])
    assert browser(build.user()).post(reverse("token_revoke", args=[token.pk])).status_code == 404
    token.refresh_from_db()
    assert token.revoked_at is None


def test_an_invitation_waits_on_the_first_page_of_whom_it_is_for(amal: User) -> None:
    project = build.project()
    invitation = Invitation.objects.create(
        project=project, email=amal.email, role="REVIEWER", invited_by=project.created_by
    )
    join = reverse("join", args=[invitation.pk])
    assert join in browser(amal).get("/").content.decode()
    assert browser(build.user()).post(join).status_code == 404
    assert browser(amal).post(join)["Location"] == reverse("project", args=[project.pk])
    assert Membership.objects.get(user=amal).role == "REVIEWER"
    assert browser(amal).post(join).status_code == 404


def test_who_is_taken_in_without_an_account_finds_the_project_after_signing_up(settings: object) -> None:
    project = build.project()
    add_member(actor=build.owner_of(project), project=project, email="New@Example.org", role="ANNOTATOR")
    page = browser()
    data = {"email": "new@example.org", "name": "New", "password1": build.PASSWORD, "password2": build.PASSWORD}
    assert page.post("/accounts/signup/", data).status_code == 302
    assert User.objects.get(email="new@example.org").name == "New"
    page.force_login(User.objects.get(email="new@example.org"))
    assert reverse("join", args=[project.invitations.get().pk]) in page.get("/").content.decode()


def test_a_member_may_leave_and_the_last_owner_may_not(amal: User) -> None:
    project = build.project(owner=amal)
    bader = build.member(project)

    def leave(person: User) -> int:
        mine = Membership.objects.get(project=project, user=person)
        return browser(person).post(reverse("member", args=[project.pk, mine.pk]), {"remove": "1"}).status_code

    assert leave(bader) == 302
    assert leave(amal) == 409
    assert [m.user for m in project.memberships.all()] == [amal]


@pytest.mark.parametrize(("has_one", "page"), [(True, "change"), (False, "set")])
def test_a_password_is_changed_or_set_where_its_page_says(client: Client, *, has_one: bool, page: str) -> None:
    person = build.user()
    if not has_one:
        person.set_unusable_password()
        person.save()
    client.force_login(person)
    answer = client.get(f"/accounts/password/{page}/")
    assert answer.status_code == 200
    assert f'action="/accounts/password/{page}/"' in answer.content.decode()


def test_how_one_likes_to_work_is_kept_for_oneself() -> None:
    person, client = build.user("A"), Client()
    client.force_login(person)
    address = reverse("preferences")

    def send(body: str) -> Any:
        return client.post(address, body, content_type="application/json")

    assert send('{"keys": {"accept": ["KeyQ"]}}').json() == {"keys": {"accept": ["KeyQ"]}}
    assert send('{"keys": {"accept": ["KeyQ"]}}').status_code == 200
    assert send('{"keys": 3}').status_code == send("[]").status_code == send("{").status_code == 422
    person.refresh_from_db()
    assert person.workspace == {"keys": {"accept": ["KeyQ"]}}
    assert Client().post(address, "{}", content_type="application/json").status_code == 302
