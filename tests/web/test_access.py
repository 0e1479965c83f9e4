"""Every page and every form, asked by everybody who may and may not."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.urls import URLPattern

from annotator.teams.models import Project
from annotator.web.urls import urlpatterns
from tests.api.world import MEMBERS
from tests.web.site import DEEDS, OWN, PAGES, WITHOUT_ROLES, Deed, Page, Site

each_page = pytest.mark.parametrize("seen", PAGES, ids=str)
each_deed = pytest.mark.parametrize("deed", DEEDS, ids=str)
EVERYBODY = (*MEMBERS, "outsider", "nobody")


def test_no_address_is_forgotten() -> None:
    known = {one.name for one in PAGES} | {deed.name for deed in DEEDS} | {*OWN, *WITHOUT_ROLES}
    assert {pattern.name for pattern in urlpatterns if isinstance(pattern, URLPattern)} == known


@each_page
def test_each_sees_what_the_table_says(site: Site, seen: Page) -> None:
    got = {who: site.go(who, "GET", seen.address(site.ids)).status_code for who in EVERYBODY}
    assert got == {who: seen.expected(who) for who in EVERYBODY}


@pytest.mark.parametrize("seen", [one for one in PAGES if one.args], ids=str)
def test_a_stranger_sees_the_same_as_for_what_does_not_exist(site: Site, seen: Page) -> None:
    missing = {**site.missing, "version": 99}
    there = site.go("outsider", "GET", seen.address(site.ids))
    nowhere = site.go(seen.somebody(), "GET", seen.address(missing))
    assert there.status_code == nowhere.status_code == 404
    assert site.project.name.encode() not in there.content


@each_page
def test_who_is_not_logged_in_is_asked_to_and_comes_back(site: Site, seen: Page) -> None:
    if "nobody" in seen.may:
        return
    address = seen.address(site.ids)
    answer = site.go("nobody", "GET", address)
    assert answer["Location"].startswith("/accounts/login/?next=")


@each_deed
def test_each_may_do_what_the_table_says(site: Site, deed: Deed) -> None:
    got = {}
    for who in (*MEMBERS, "outsider"):
        with transaction.atomic():
            got[who] = deed.on(site, who).status_code
            transaction.set_rollback(True)
    assert got == {who: deed.expected(who) for who in (*MEMBERS, "outsider")}


@each_deed
def test_doing_it_twice_breaks_nothing(site: Site, deed: Deed) -> None:
    if not deed.may:
        return
    who = "annotator" if "annotator" in deed.may.split() else deed.may.split()[-1]
    with transaction.atomic():
        assert deed.on(site, who).status_code == deed.ok
        assert deed.on(site, who).status_code == deed.again
        transaction.set_rollback(True)


@each_deed
def test_a_frozen_project_stays_as_it_is(site: Site, deed: Deed) -> None:
    if deed.what == "submit" or not deed.may:
        return  # says why on the workspace instead
    who = "annotator" if deed.may == "annotator" else deed.may.split()[0]
    with transaction.atomic():
        Project.objects.filter(pk=site.project.pk).update(state=Project.State.FROZEN)
        assert deed.on(site, who).status_code == deed.frozen
        transaction.set_rollback(True)


@each_deed
def test_nothing_is_done_for_who_is_not_logged_in(site: Site, deed: Deed) -> None:
    answer = deed.on(site, "nobody")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("deed", [deed for deed in DEEDS if deed.name not in {p.name for p in PAGES}], ids=str)
def test_reading_an_address_that_only_does_something_does_nothing(site: Site, deed: Deed) -> None:
    assert site.go("owner", "GET", deed.address(site.ids)).status_code == 405
