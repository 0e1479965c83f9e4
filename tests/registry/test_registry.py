"""The registry of a project: full from the first day, found in either language, changed by those who may, never losing a link."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from analysis.events.actors import seed_entities, seed_places
from annotator.activity.models import Activity
from annotator.coding.models import Span
from annotator.errors import Conflict, DomainError, Forbidden, Invalid, Missing
from annotator.registry import queries, services
from annotator.registry.models import Entity, EntityName
from annotator.teams.access import Actor
from annotator.teams.models import Project, Role
from tests import build

pytestmark = pytest.mark.django_db

NAMES = [
    {"lang": "ar", "form": "حركة النجمة", "role": "CANONICAL"},
    {"lang": "en", "form": "Star Movement", "role": "CANONICAL"},
    {"lang": "en", "form": "SM", "role": "ABBREV"},
]


@pytest.fixture
def project() -> Project:
    return build.project()


def of(project: Project, role: Role) -> Actor:
    return Actor(build.member(project, role))


def by_key(project: Project, key: str) -> Entity:
    return Entity.objects.prefetch_related("names").get(project=project, key=key)


def star(project: Project, **more: Any) -> Entity:
    return services.add_entity(actor=build.owner_of(project), project=project, kind="GROUP", names=NAMES, **more)


# -- the seed


def test_a_new_project_knows_every_actor_and_place_of_the_seed(project: Project):
    seeded = [*seed_entities(), *seed_places()]
    assert Entity.objects.filter(project=project, seeded=True).count() == len(seeded)
    assert EntityName.objects.filter(project=project).count() == sum(len(e.names) for e in seeded)
    russia = by_key(project, "RUS")
    assert (russia.kind, russia.country, russia.name("ar"), russia.name("en")) == ("STATE", "RUS", "روسيا", "Russia")
    assert {n.form for n in russia.names.all()} >= {"موسكو", "روسية", "Moscow", "Russian"}
    assert by_key(project, "IRGC").sectors == ["MIL"]


def test_the_csto_and_all_its_members_are_there(project: Project):
    csto = by_key(project, "CSTO")
    assert csto.name("ar") == "منظمة معاهدة الأمن الجماعي"
    members = csto.note.split("Members: ")[1].split(" (")[0].rstrip(".").split(", ")
    assert Entity.objects.filter(project=project, key__in=members, kind="STATE").count() == len(members) == 6


def test_a_project_is_made_in_well_under_a_second():
    build.project()  # the seed is read once a process
    started = time.perf_counter()
    build.project()
    assert time.perf_counter() - started < 1


def test_seeding_twice_adds_nothing_and_gives_back_what_is_missing(project: Project):
    assert services.seed_registry(project) == 0
    nato = Entity.objects.get(project=project, key="NATO")
    EntityName.objects.filter(
        entity=nato
    ).delete()  # by the id: without statistics a join here takes PostgreSQL minutes
    nato.delete()
    assert services.seed_registry(project) == 1
    assert by_key(project, "NATO").name("en") == "North Atlantic Treaty Organization"


def test_projects_have_registries_of_their_own(project: Project):
    star(project)
    other = build.project()
    assert queries.search(project=other, q="Star Movement") == []


# -- finding


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("روسيا", "RUS"), ("الروسية", "RUS"), ("موسكو", "RUS"), ("russia", "RUS"), ("RUSSIAN", "RUS"), ("rus", "RUS"),
        ("الأمم المتحدة", "UN"), ("امم متحده", "UN"), ("un", "UN"), ("U.N.", "UN"), ("عمان", "OMN"), ("عُمان", "OMN"),
        ("قرغيزستان", "KGZ"), ("الولايات المتحده الامريكيه", "USA"), ("CSTO", "CSTO"), ("الأمن الجماعي", "CSTO"), ("العُلا", "P-ALULA"),
        ("Turkiye", "TUR"), ("Elysée", "ELYSEE"), ("north atl", "NATO"),
    ],
)  # fmt: skip
def test_whatever_is_typed_the_best_entry_comes_first(project: Project, typed: str, key: str):
    assert queries.search(project=project, q=typed)[0].key == key


def test_whole_names_come_before_beginnings_and_these_before_words_inside(project: Project):
    found = [e.key for e in queries.search(project=project, q="إيران", limit=20)]
    assert found[0] == "IRN"
    inside = [e.key for e in queries.search(project=project, q="التعاون", limit=20)]
    assert {"GCC"} <= set(inside)


@pytest.mark.parametrize("typed", ["", "  ", "ـ", "...", "لا يوجد اسم كهذا", "%", "_", "\\"])
def test_what_names_nobody_finds_nobody(project: Project, typed: str):
    assert queries.search(project=project, q=typed) == []


def test_merged_and_archived_entries_are_not_suggested(project: Project):
    made = star(project)
    assert queries.search(project=project, q="النجمة")[0] == made
    services.archive_entity(actor=build.owner_of(project), entity=made)
    assert queries.search(project=project, q="النجمة") == []


def test_a_search_costs_two_queries_however_much_it_finds(project: Project):
    for limit in (3, 30):
        with CaptureQueriesContext(connection) as asked:
            found = queries.search(project=project, q="ا", limit=limit)
            [e.name("ar") for e in found]
        assert len(asked) == 3
        assert len(found) == limit


def test_names_are_looked_up_by_their_index(project: Project):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        sql = "EXPLAIN SELECT id FROM registry_entityname WHERE project_id = %s AND norm_key LIKE 'روسي%%'"
        cursor.execute(sql, [project.pk])
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "entity_name_norm" in plan
    assert "Index Cond" in plan
    assert "norm_key" in plan.split("Index Cond")[1].split("\n")[0]


def test_the_page_lists_the_teams_entries_first_and_filters(project: Project):
    owner = build.owner_of(project)
    made = star(project)
    page = queries.entities_page(actor=owner, project=project)
    assert page[0] == made
    assert {e.kind for e in queries.entities_page(actor=owner, project=project, kind="BLOC")} == {"BLOC"}
    assert made in queries.entities_page(actor=owner, project=project, q="نجمة")
    assert not queries.entities_page(actor=owner, project=project, q="...").exists()


def test_a_page_of_20_costs_as_many_queries_as_one_of_10(project: Project):
    owner = build.owner_of(project)
    owner.role_in(project.pk)
    counts = []
    for most in (10, 20):
        with CaptureQueriesContext(connection) as asked:
            rows = [queries.entity_data(e) for e in queries.entities_page(actor=owner, project=project)[:most]]
        assert len(rows) == most
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 4


def test_a_stranger_sees_no_entry(project: Project):
    stranger = build.actor()
    with pytest.raises(Missing):
        queries.entity_for(actor=stranger, entity_id=by_key(project, "RUS").pk)
    with pytest.raises(Missing):
        queries.entities_page(actor=stranger, project=project)
    with pytest.raises(Missing):
        queries.entity_for(actor=stranger, entity_id=0)


# -- names


def test_an_entry_is_called_by_its_name_in_the_language_of_the_page(project: Project):
    made = star(project)
    assert (made.name("ar"), made.name("en")) == ("حركة النجمة", "Star Movement")
    only = services.add_entity(
        actor=build.owner_of(project), project=project, kind="ORG",
        names=[{"lang": "ar", "form": "لجنة الماء", "role": "CANONICAL"}],
    )  # fmt: skip
    assert only.name("en") == "لجنة الماء"


@pytest.mark.parametrize(
    ("names", "field"),
    [
        ([], "names"),
        ([{"lang": "ar", "form": "اسم", "role": "ALIAS"}], "names"),
        ([{"lang": "fr", "form": "nom", "role": "CANONICAL"}], "names.0.lang"),
        ([{"lang": "ar", "form": "", "role": "CANONICAL"}], "names.0.form"),
        ([{"lang": "ar", "form": "x" * 201, "role": "CANONICAL"}], "names.0.form"),
        ([{"lang": "ar", "form": "اسم", "role": "KING"}], "names.0.role"),
        ([{"lang": "ar", "form": f"اسم {n}", "role": "ALIAS"} for n in range(20_000)], "names"),  # and at once
        ([{"lang": "ar", "form": "اسم", "role": "CANONICAL"}, {"lang": "ar", "form": "آخر", "role": "CANONICAL"}], "names.1.role"),
    ],
)  # fmt: skip
def test_names_that_are_not_right_are_refused_by_field(project: Project, names: list[dict[str, str]], field: str):
    with pytest.raises(Invalid) as refused:
        services.add_entity(actor=build.owner_of(project), project=project, kind="ORG", names=names)
    assert field in refused.value.errors


@pytest.mark.parametrize(
    ("about", "field"),
    [
        ({"kind": "HERO"}, "kind"),
        ({"kind": "ORG", "country": "rus"}, "country"),
        ({"kind": "ORG", "sectors": ["gov"]}, "sectors"),
    ],
)
def test_codes_that_are_not_right_are_refused_by_field(project: Project, about: dict[str, Any], field: str):
    with pytest.raises(Invalid) as refused:
        services.add_entity(actor=build.owner_of(project), project=project, names=NAMES, **about)
    assert field in refused.value.errors


def test_the_same_name_twice_is_a_conflict_that_names_the_first(project: Project):
    made = star(project)
    with pytest.raises(Conflict) as refused:
        star(project)
    assert (refused.value.code, refused.value.extra) == ("exists", {"entity": made.pk})
    assert Entity.objects.filter(project=project, seeded=False).count() == 1


def test_changing_names_replaces_them_and_the_log_keeps_the_old(project: Project):
    made = star(project)
    fresh = [{"lang": "en", "form": "Green Star", "role": "CANONICAL"}]
    services.update_entity(actor=build.owner_of(project), entity=made, names=fresh, kind="ORG", sectors=["OPP", "OPP"])
    made.refresh_from_db()
    assert (made.kind, made.sectors, made.name("ar")) == ("ORG", ["OPP"], "Green Star")
    assert queries.search(project=project, q="green star")[0] == made
    assert queries.search(project=project, q="حركة النجمة") == []
    renamed = Activity.objects.get(verb="entity.renamed")
    assert "حركة النجمة" in str(renamed.data["old"])


# -- merging


def test_a_merge_keeps_the_mentions_and_leaves_a_redirect(project: Project):
    article = build.document(project)
    amal = build.member(project)
    build.assignment(article, amal)
    made, russia = star(project), by_key(project, "RUS")
    build.edit(amal, article, build.add_span(article, 11, 18, entity=made.pk))
    services.merge_entities(actor=build.owner_of(project), source=made, target=russia)
    made.refresh_from_db()
    assert made.merged_into == russia
    assert Span.objects.get().entity_id == made.pk, "the mention is read through the redirect"
    assert queries.search(project=project, q="Star Movement") == []


def test_merging_twice_is_merging_once(project: Project):
    owner, made, russia = build.owner_of(project), star(project), by_key(project, "RUS")
    assert services.merge_entities(actor=owner, source=made, target=russia) == russia
    assert services.merge_entities(actor=owner, source=made, target=russia) == russia
    assert Activity.objects.filter(verb="entity.merged").count() == 1


def test_redirects_follow_when_their_target_is_merged(project: Project):
    owner, made = build.owner_of(project), star(project)
    russia, soviet = by_key(project, "RUS"), by_key(project, "SUN")
    services.merge_entities(actor=owner, source=made, target=soviet)
    services.merge_entities(actor=owner, source=soviet, target=russia)
    made.refresh_from_db()
    assert made.merged_into == russia


def test_no_merge_into_itself_into_a_merged_one_or_across_projects(project: Project):
    owner, made = build.owner_of(project), star(project)
    russia, belarus = by_key(project, "RUS"), by_key(project, "BLR")
    with pytest.raises(Invalid):
        services.merge_entities(actor=owner, source=made, target=made)
    mine = build.project(owner.user)
    with pytest.raises(Invalid):
        services.merge_entities(actor=owner, source=made, target=by_key(mine, "RUS"))
    with pytest.raises(Missing):
        services.merge_entities(actor=owner, source=made, target=by_key(build.project(), "RUS"))
    services.merge_entities(actor=owner, source=russia, target=belarus)
    with pytest.raises(Conflict):
        services.merge_entities(actor=owner, source=made, target=russia)
    with pytest.raises(Conflict):
        services.merge_entities(actor=owner, source=russia, target=made)


def test_a_merged_entry_is_not_changed(project: Project):
    owner, made = build.owner_of(project), star(project)
    services.merge_entities(actor=owner, source=made, target=by_key(project, "RUS"))
    with pytest.raises(Conflict):
        services.update_entity(actor=owner, entity=made, note="x")


# -- who may

ADD = {Role.OWNER, Role.MANAGER, Role.REVIEWER, Role.ANNOTATOR}
EDIT = {Role.OWNER, Role.MANAGER, Role.REVIEWER}


def _allowed(call: Any) -> bool:
    try:
        call()
    except Forbidden:
        return False
    return True


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_what_the_table_says(project: Project, role: Role):
    person = of(project, role)
    made = star(project)
    fresh = [{"lang": "en", "form": "Moon", "role": "CANONICAL"}]
    assert _allowed(lambda: services.add_entity(actor=person, project=project, kind="ORG", names=fresh)) == (
        role in ADD
    )
    assert _allowed(lambda: services.update_entity(actor=person, entity=made, note="n")) == (role in EDIT)
    assert _allowed(lambda: services.merge_entities(actor=person, source=made, target=by_key(project, "RUS"))) == (
        role in EDIT
    )
    assert _allowed(lambda: services.archive_entity(actor=person, entity=by_key(project, "BLR"))) == (role in EDIT)
    assert _allowed(lambda: queries.entities_page(actor=person, project=project))


def test_to_a_stranger_none_of_it_exists(project: Project):
    stranger, made = build.actor(), star(project)
    calls = [
        lambda: services.add_entity(actor=stranger, project=project, kind="ORG", names=NAMES),
        lambda: services.update_entity(actor=stranger, entity=made, note="x"),
        lambda: services.merge_entities(actor=stranger, source=made, target=by_key(project, "RUS")),
        lambda: services.archive_entity(actor=stranger, entity=made),
    ]
    for call in calls:
        with pytest.raises(Missing):
            call()
    made.refresh_from_db()
    assert (made.note, made.merged_into, made.archived_at) == ("", None, None)


def test_archiving_twice_is_archiving_once(project: Project):
    owner, made = build.owner_of(project), star(project)
    services.archive_entity(actor=owner, entity=made)
    services.archive_entity(actor=owner, entity=made)
    assert Activity.objects.filter(verb="entity.archived").count() == 1


# -- projects


def test_a_project_has_its_maker_as_owner_and_the_political_codebook(project: Project):
    assert build.owner_of(project).role_in(project.pk) == Role.OWNER
    assert project.codebook_versions.count() == 1


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "a\x00b"])
def test_a_project_needs_a_name(name: str):
    with pytest.raises(DomainError):
        services.create_project(actor=build.actor(), name=name)
