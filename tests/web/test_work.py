"""What people do on the pages comes to pass, and can be undone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from annotator.activity.models import Activity, Job
from annotator.activity.services import claim
from annotator.coding.models import AnnotationSet, Assignment
from annotator.corpus.models import Document
from annotator.jobs import pretag, tagging
from annotator.registry.models import Entity, EntityName
from annotator.review.models import Thread
from annotator.web.templatetags.dalala import undo_ids
from annotator.web.words import ACTIONS, DIFFERENCES, TAGGERS, VERBS
from tests import build
from tests.web.site import Site


@pytest.fixture(autouse=True)
def _undone(site: Site) -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def act(site: Site, what: str, *documents: Document, who: str = "owner", **more: Any) -> Any:
    data = {"what": what, "documents": [d.pk for d in documents], **more}
    return site.go(who, "POST", reverse("documents_act", args=[site.project.pk]), data)


def read(site: Site, who: str, page_name: str, *args: Any, query: str = "") -> str:
    return str(site.go(who, "GET", reverse(page_name, args=args) + query).content.decode())


def test_several_documents_are_given_to_several_people_at_once(site: Site) -> None:
    people = [site.people["annotator"], site.people["reviewer"]]
    more = build.document(site.project)
    act(site, "assign", site.fresh, more, people=[p.pk for p in people])
    given = Assignment.objects.filter(document__in=[site.fresh, more])
    assert sorted(given.values_list("document_id", "user_id")) == sorted(
        (d.pk, p.pk) for d in (site.fresh, more) for p in people
    )


def test_who_sees_only_their_own_work_sees_only_their_own_state(site: Site) -> None:
    text = read(site, "annotator", "documents", site.project.pk)
    assert site.people["colleague"].name not in text
    assert "state-active" in text


def test_the_bin_is_undone_from_the_message(site: Site) -> None:
    read(site, "owner", "home")  # what other tests said is heard
    act(site, "archive", site.fresh)
    assert site.fresh not in Document.objects.present()
    text = read(site, "owner", "documents", site.project.pk)
    message = text[text.index('class="messages"') : text.index("<main")]
    assert re.findall(r'name="documents" value="(\d+)"', message) == [str(site.fresh.pk)]
    act(site, "restore", site.fresh)
    assert site.fresh in Document.objects.present()


def test_only_messages_about_the_bin_can_be_undone() -> None:
    assert undo_ids("undo:3,4") == ["3", "4"]
    assert undo_ids("") == undo_ids("submitted") == []


def test_one_comes_back_to_the_rows_one_was_looking_at(site: Site) -> None:
    here = reverse("documents", args=[site.project.pk]) + "?state=new"
    assert act(site, "archive", site.fresh, next=here)["Location"] == here
    assert act(site, "archive", site.fresh, next="//evil.example")["Location"].startswith("/projects/")


def test_ticking_nothing_says_so(site: Site) -> None:
    act(site, "archive")
    assert 'class="message warning"' in read(site, "owner", "documents", site.project.pk)


def test_documents_of_other_projects_are_left_alone(site: Site) -> None:
    foreign = build.document(site.elsewhere)
    act(site, "archive", foreign, who="manager")
    assert foreign in Document.objects.present()


def test_what_was_taken_back_can_be_given_again(site: Site) -> None:
    address = reverse("revoke", args=[site.ids["assignment"]])
    site.go("manager", "POST", address, {"next": "/account/"})
    assert Assignment.objects.get(pk=site.ids["assignment"]).state == "REVOKED"
    act(site, "assign", site.document, people=site.people["annotator"].pk)
    assert Assignment.objects.get(pk=site.ids["assignment"]).state != "REVOKED"


def test_what_a_pasted_article_says_about_itself_is_offered_and_corrected(site: Site) -> None:
    article = "قمة العُلا تنهي الخلاف\nبقلم سلمى يوسف\n5 يناير 2021\n\nوقّع القادة بيانًا في مدينة العُلا."
    address = reverse("import", args=[site.project.pk])
    offer = site.go("owner", "POST", address, {"text": article}).content.decode()
    assert 'value="قمة العُلا تنهي الخلاف"' in offer
    assert 'value="2021-01-05"' in offer
    assert Document.objects.filter(text=article).count() == 0
    start = re.search(r'name="body_start" value="(\d+)"', offer)
    assert start is not None
    corrected = {"text": article, "title": "قمة العُلا", "published_on": "2021-01-06", "body_start": start[1],
                 "language": "ar", "source": "وكالة", "store": "1"}  # fmt: skip
    answer = site.go("owner", "POST", address, corrected)
    stored = Document.objects.get(text=article)
    assert answer["Location"] == reverse("workspace", args=[stored.pk])
    assert (stored.title, str(stored.published_on), stored.source) == ("قمة العُلا", "2021-01-06", "وكالة")
    assert stored.text[stored.body_start :].startswith("وقّع")
    assert Job.objects.filter(kind="pretag", params__documents=[stored.pk]).exists()


def test_an_article_is_kept_even_when_too_many_runs_wait(site: Site) -> None:
    for number in range(20):
        Job.objects.create(
            project=site.project, kind="pretag", requested_by=site.people["owner"], dedupe_key=f"{number}"
        )
    data = {"text": "خبر جديد", "title": "خبر", "store": "1"}
    assert site.go("owner", "POST", reverse("import", args=[site.project.pk]), data).status_code == 302
    assert Document.objects.filter(text="خبر جديد").exists()


def test_the_progress_page_asks_again_until_the_job_is_over(site: Site) -> None:
    job = pretag.request(actor=build.owner_of(site.project), project=site.project, documents=[site.fresh.pk])
    address = reverse("job", args=[job.pk])
    assert 'hx-trigger="every 1s"' in site.go("owner", "GET", address).content.decode()
    piece = site.go("owner", "GET", address, HTTP_HX_REQUEST="true").content.decode()
    assert piece.strip().startswith("<section")
    lease = claim(job.pk)
    assert lease is not None
    tagging.work(lease)
    over = site.go("owner", "GET", address, HTTP_HX_REQUEST="true").content.decode()
    assert "hx-trigger" not in over
    assert reverse("documents", args=[site.project.pk]) in over


def test_accepting_makes_gold_and_shows_the_next_one(site: Site) -> None:
    address = reverse("submission", args=[site.ids["colleagues"]])
    answer = site.go("reviewer", "POST", address, {"what": "accept"})
    assert answer["Location"] == address
    assert AnnotationSet.objects.gold().get().author == site.people["colleague"]
    text = site.go("reviewer", "GET", address).content.decode()
    assert f'href="{reverse("submission", args=[site.ids["submission"]])}"' in text
    assert 'value="accept"' not in text


def test_what_a_reviewer_wrote_stands_on_the_persons_first_page(site: Site) -> None:
    address = reverse("submission", args=[site.ids["submission"]])
    note = "أعد النظر في حدود الفاعل <b>"
    site.go("reviewer", "POST", address, {"what": "return", "note": note})
    first = read(site, "annotator", "home")
    assert "أعد النظر" in first
    assert "<b>" not in first[first.index("أعد النظر") :][:60]
    assert f'href="{address}"' in first
    assert "أعد النظر" in site.go("annotator", "GET", address).content.decode()


def test_nobody_is_offered_to_review_their_own_work(site: Site) -> None:
    data = {"what": "assign", "documents": site.fresh.pk, "people": site.people["reviewer"].pk}
    site.go("owner", "POST", reverse("documents_act", args=[site.project.pk]), data)
    build.edit(site.people["reviewer"], site.fresh, build.add_span(site.fresh, 0, 3))
    site.go("reviewer", "POST", reverse("submit", args=[site.fresh.pk]))
    mine = Assignment.objects.get(document=site.fresh).submissions.get()
    address = reverse("submission", args=[mine.pk])
    assert 'value="accept"' not in site.go("reviewer", "GET", address).content.decode()
    assert site.go("reviewer", "POST", address, {"what": "accept"}).status_code == 403


def test_changing_an_actor_keeps_every_kind_of_name(site: Site) -> None:
    address = reverse("actor", args=[site.ids["actor"]])
    data = {"kind": "PERSON", "name_en": "Amal", "name_ar": "أمل", "title_en": "Minister\nEnvoy", "nisba_ar": "أملي"}
    site.go("owner", "POST", address, data)
    shown = site.go("owner", "GET", address).content.decode()
    fields = dict(re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>([^<]*)', shown))
    again = {**data, **{k: v for k, v in fields.items() if v}}
    site.go("owner", "POST", address, again)
    names = EntityName.objects.filter(entity=site.ids["actor"])
    assert sorted(names.values_list("role", "form")) == sorted(
        [("CANONICAL", "Amal"), ("CANONICAL", "أمل"), ("TITLE", "Minister"), ("TITLE", "Envoy"), ("NISBA", "أملي")]
    )


def test_the_one_to_merge_into_is_found_by_any_name_and_never_oneself(site: Site) -> None:
    address = reverse("actor_pick", args=[site.ids["actor"]])
    assert f'value="{site.ids["target_key"]}"' in site.go("owner", "GET", address + "?q=two").content.decode()
    assert "<input" not in site.go("owner", "GET", address + "?q=one").content.decode()


def test_a_key_is_found_as_an_import_spelled_it_and_ours_in_small_letters_too(site: Site) -> None:
    imported = Entity.objects.create(project=site.project, key="un-habitat", kind="IGO")
    for key, target in (("un-habitat", imported.pk), (site.ids["target_key"].lower(), site.target)):
        Entity.objects.filter(pk=site.ids["actor"]).update(merged_into=None)
        site.go("reviewer", "POST", reverse("actor_merge", args=[site.ids["actor"]]), {"into": key})
        assert Entity.objects.get(pk=site.ids["actor"]).merged_into_id == target


@pytest.mark.parametrize("name", ["documents", "actors"])
def test_a_browser_does_not_take_a_piece_for_the_page_at_the_same_address(site: Site, name: str) -> None:
    address = reverse(name, args=[site.project.pk]) + "?q=x"
    whole = site.go("owner", "GET", address)
    piece = site.browsers["owner"].get(address, headers={"HX-Request": "true"})
    assert b"<html" in whole.content
    assert b"<html" not in piece.content
    assert all("HX-Request" in answer["Vary"].split(", ") for answer in (whole, piece))


def test_freezing_stops_work_and_opening_lets_it_go_on(site: Site) -> None:
    address = reverse("settings", args=[site.project.pk])
    site.go("owner", "POST", address, {"frozen": "1"})
    assert 'class="banner"' in read(site, "viewer", "project", site.project.pk)
    assert act(site, "archive", site.fresh).status_code == 409
    site.go("owner", "POST", address, {"frozen": "0"})
    assert act(site, "archive", site.fresh).status_code == 302


def test_an_older_codebook_can_be_read(site: Site) -> None:
    assert 'id="label-actor"' in read(site, "viewer", "codebook", site.project.pk, query="?version=1")
    assert site.go("viewer", "GET", reverse("codebook", args=[site.project.pk]) + "?version=9").status_code == 404


def test_the_overview_does_not_count_what_is_in_the_bin(site: Site) -> None:
    def open_of_annotator() -> list[str]:
        text = read(site, "owner", "project", site.project.pk)
        row = text[text.index(f"?who={site.people['annotator'].pk}") :].split("</tr>")[0]
        return re.findall(r'<td class="n">(\d+)', row)

    before = open_of_annotator()
    act(site, "archive", site.document)
    assert open_of_annotator() == [str(int(before[0]) - 1), *before[1:]]


def test_everything_that_happens_has_words() -> None:
    from pathlib import Path

    from django.conf import settings

    code = "".join(path.read_text() for path in (Path(settings.BASE_DIR) / "annotator").rglob("*.py"))
    verbs = set(re.findall(r'verb="([a-z_]+\.[a-z_.]+)"', code))
    assert verbs
    assert verbs <= set(VERBS)


def test_every_right_tagger_and_class_has_words() -> None:
    from analysis.agreement.differences import KINDS
    from analysis.tagging.registry import NAMES
    from annotator.teams.access import Action

    assert set(ACTIONS) == set(Action)
    assert set(TAGGERS) == set(NAMES)
    assert set(DIFFERENCES) == set(KINDS)


def test_the_log_leads_to_what_it_speaks_of(site: Site) -> None:
    lines = Activity.objects.filter(project=site.project, target_type="document")
    text = read(site, "owner", "activity", site.project.pk)
    [said] = Thread.objects.filter(document__project=site.project)
    assert f'href="{reverse("workspace", args=[said.document_id])}#thread-{said.pk}"' in text
    assert f'href="{reverse("workspace", args=[lines.first().target_id])}"' in text  # type: ignore[union-attr]
