"""What cannot be taken is said in the page, with a status that fits; what was typed is still there."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import override_settings
from django.urls import reverse

from annotator.activity.models import Job
from annotator.corpus.models import Document
from tests.web.site import Site

BAD: list[tuple[str, str, str, dict[str, Any], int, str]] = [
    ("nothing pasted", "import", "project", {"text": ""}, 422, "problem"),
    ("only space pasted", "import", "project", {"text": " \n "}, 422, "problem"),
    ("NUL pasted", "import", "project", {"text": "a\0b"}, 422, "problem"),
    ("date that is none", "import", "project", {"text": "خبر", "store": "1", "published_on": "31/31"}, 422, "31/31"),
    ("address that is none", "import", "project", {"text": "خبر", "store": "1", "source_url": "javascript:x"}, 422,
     "javascript:x"),
    ("body beyond the text", "import", "project", {"text": "خبر", "store": "1", "body_start": "900"}, 422, "خبر"),
    ("title too long", "import", "project", {"text": "خبر", "store": "1", "title": "x" * 501}, 422, "خبر"),
    ("project without a name", "project_new", "", {"name": " ", "description": "About it"}, 422, "About it"),
    ("name with a direction mark", "settings", "project", {"name": "a\u202eb"}, 422, "problem"),
    ("token without a scope", "account", "", {"token_name": "mine"}, 422, "mine"),
    ("token for somebody else's project", "account", "", {"token_name": "mine", "scopes": "read", "project": "987"},
     422, "problem"),
    ("me without a name", "account", "", {"name": "\u200b"}, 422, "problem"),
    ("language that is none", "account", "", {"name": "Amal", "language": "xx"}, 422, "problem"),
    ("no e-mail address", "members", "project", {"email": "nobody", "role": "VIEWER"}, 422, "nobody"),
    ("role that is none", "members", "project", {"email": "a@example.org", "role": "KING"}, 422, "a@example.org"),
    ("actor without a name", "actor_new", "project", {"kind": "IGO", "note": "About it"}, 422, "About it"),
    ("kind that is none", "actor_new", "project", {"kind": "DOG", "name_en": "Rex"}, 422, "Rex"),
    ("country of two letters", "actor", "actor", {"kind": "IGO", "name_en": "Rex", "country": "IQ"}, 422, "Rex"),
    ("format that is none", "exports", "project", {"format": "doc"}, 422, "problem"),
    ("tagger that is none", "pretagging", "project", {"taggers": "magic"}, 422, "problem"),
    ("return without a note", "submission", "submission", {"what": "return", "note": " "}, 422, "problem"),
    ("verdict that is none", "submission", "submission", {"what": "burn"}, 422, "problem"),
    ("reopening what is not accepted", "submission", "submission", {"what": "reopen", "note": "x"}, 409, "problem"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("page_name", "args", "data", "status", "words"), [row[1:] for row in BAD], ids=[row[0] for row in BAD]
)
def test_it_is_said_in_the_page(
    site: Site, page_name: str, args: str, data: dict[str, Any], status: int, words: str
) -> None:
    documents = Document.objects.count()
    answer = site.go("owner", "POST", reverse(page_name, args=[site.ids[key] for key in args.split()]), data)
    text = answer.content.decode()
    assert answer.status_code == status
    assert 'role="alert"' in text
    assert words in text
    assert Document.objects.count() == documents


def test_a_text_that_is_there_already_is_shown_the_way_to(site: Site) -> None:
    data = {"text": site.document.text, "title": "again", "store": "1"}
    answer = site.go("owner", "POST", reverse("import", args=[site.project.pk]), data)
    assert answer.status_code == 409
    assert f'href="{reverse("workspace", args=[site.document.pk])}"' in answer.content.decode()


def _upload(site: Site, *files: SimpleUploadedFile) -> Any:
    return site.go("owner", "POST", reverse("import", args=[site.project.pk]), {"file": list(files)})


def test_a_file_of_fifty_megabytes_is_refused_with_its_name(site: Site) -> None:
    with override_settings(MAX_TEXT_BYTES=1 << 20):
        answer = _upload(site, SimpleUploadedFile("huge.txt", b"x" * ((1 << 20) + 1)))
    assert answer.status_code == 413
    assert "huge.txt" in answer.content.decode()
    assert settings.MAX_TEXT_BYTES < 50 << 20


def test_an_empty_file_is_refused_with_its_name(site: Site) -> None:
    with transaction.atomic():
        answer = _upload(site, SimpleUploadedFile("full.txt", b"News"), SimpleUploadedFile("empty.txt", b""))
        transaction.set_rollback(True)
    assert answer.status_code == 422
    assert "empty.txt" in answer.content.decode()


def test_too_much_in_one_form_is_said_in_a_page(site: Site) -> None:
    with override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=5000):
        answer = site.go("owner", "POST", reverse("import", args=[site.project.pk]), {"text": "ا" * 5000})
    assert answer.status_code == 413
    assert 'role="alert"' in answer.content.decode()


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\\b.txt", "\u202etxt.exe", "ن" * 300 + ".txt"])
def test_the_name_of_a_file_is_only_shown(site: Site, name: str) -> None:
    with transaction.atomic():
        answer = _upload(site, SimpleUploadedFile(name, b"News of the day"))
        assert answer.status_code == 302
        job = Job.objects.filter(kind="import").latest("created_at")
        shown = site.go("owner", "GET", reverse("job", args=[job.pk])).content.decode()
        transaction.set_rollback(True)
    assert "\u202e" not in shown
    assert "../" not in shown


def test_what_people_call_things_is_shown_and_never_run(site: Site) -> None:
    evil = "<script>alert(1)</script>"
    with transaction.atomic():
        address = reverse("settings", args=[site.project.pk])
        assert site.go("owner", "POST", address, {"name": evil, "description": evil}).status_code == 302
        site.go(
            "owner", "POST", reverse("import", args=[site.project.pk]), {"text": "خبر", "title": evil, "store": "1"}
        )
        for page_name in ("project", "documents", "settings"):
            text = site.go("owner", "GET", reverse(page_name, args=[site.project.pk])).content.decode()
            assert evil not in text
            assert "&lt;script&gt;" in text
        transaction.set_rollback(True)


def test_a_project_that_waits_for_many_runs_says_so(site: Site) -> None:
    with transaction.atomic():
        for number in range(20):
            Job.objects.create(
                project=site.project, kind="pretag", requested_by=site.people["owner"], dedupe_key=str(number)
            )
        answer = site.go("owner", "POST", reverse("pretagging", args=[site.project.pk]), {"taggers": "events"})
        transaction.set_rollback(True)
    assert answer.status_code == 429
    assert 'role="alert"' in answer.content.decode()
