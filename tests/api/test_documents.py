"""Documents and imports over REST."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from annotator.activity.models import Job
from annotator.activity.services import claim
from annotator.corpus.models import Document
from annotator.jobs import ingest
from tests import build
from tests.api.world import BASE, World, problem, say

ARTICLE = "قمة العلا تنهي الخلاف\n5 يناير 2021\n\nوقّع قادة دول الخليج بيانًا أنهى الخلاف. 🕊"


def add(world: World, **body: Any) -> Any:
    return world.ask("owner", "POST", f"projects/{world.project.pk}/documents/", body)


def test_a_document_is_stored_as_it_was_sent(world: World) -> None:
    answer = add(
        world, title="قمة", text=ARTICLE, language="ar", source_url="https://example.org/1", published_at="2021-01-05",
        author="أمل", source="Wire", external_id="w-1", metadata={"section": ["politics"], "n": 3}, body_start=0,
    )  # fmt: skip
    assert answer.status_code == 201
    made = say(answer)
    assert answer["Location"] == f"http://testserver{BASE}documents/{made['id']}/"
    assert made == say(world.ask("owner", "GET", answer["Location"]))
    assert (made["text"], made["length"], made["direction"]) == (ARTICLE, len(ARTICLE), "rtl")
    assert (made["published_on"], made["author"], made["source"]) == ("2021-01-05", "أمل", "Wire")
    assert made["metadata"] == {"section": ["politics"], "n": 3}
    assert made["project"] == world.project.pk
    etag = world.ask("owner", "GET", answer["Location"])["ETag"]
    assert etag == f'"{made["text_sha256"]}"'


def test_what_is_left_out_is_read_from_the_text(world: World) -> None:
    made = say(add(world, text=ARTICLE))
    assert made["title"] == "قمة العلا تنهي الخلاف"
    assert made["published_on"] == "2021-01-05"
    assert made["language"] == "ar"
    assert made["body_start"] > 0


def test_line_ends_and_byte_order_marks_are_made_one(world: World) -> None:
    made = say(add(world, text="\ufeffOne\r\nTwo", title="x"))
    assert made["text"] == "One\nTwo"


def test_the_same_text_twice_is_told_apart(world: World) -> None:
    first = say(add(world, text=ARTICLE))
    refused = problem(add(world, text=ARTICLE, title="Another"), 409, "duplicate")
    assert refused["document"] == first["id"]
    assert Document.objects.filter(project=world.project, text=ARTICLE).count() == 1


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        ({}, 422, "invalid", "text"),
        ({"text": ""}, 422, "text_empty", "text"),
        ({"text": " \n\t"}, 422, "text_empty", "text"),
        ({"text": None}, 422, "invalid", "text"),
        ({"text": 3}, 422, "invalid", "text"),
        ({"text": "a", "title": "t" * 501}, 422, "invalid", "title"),
        ({"text": "a", "language": "x" * 13}, 422, "invalid", "language"),
        ({"text": "a", "source_url": "javascript:alert(1)"}, 422, "invalid", "source_url"),
        ({"text": "a", "published_at": "yesterday"}, 422, "invalid", "published_at"),
        ({"text": "a", "published_at": "2021-02-30"}, 422, "invalid", "published_at"),
        ({"text": "a", "published_at": 20210101}, 422, "invalid", "published_at"),
        ({"text": "a", "body_start": 1}, 422, "invalid", "body_start"),
        ({"text": "a", "body_start": "0"}, 422, "invalid", "body_start"),
        ({"text": "a", "metadata": []}, 422, "invalid", "metadata"),
        ({"text": "a", "project": 1}, 422, "invalid", "project"),
        ({"text": "a", "created_by": 1}, 422, "invalid", "created_by"),
        ({"text": "a", "id": 1}, 422, "invalid", "id"),
        ({"text": "a", "text_sha256": "0"}, 422, "invalid", "text_sha256"),
        ({"text": "ب" * (5 * 1024 * 1024 + 1)}, 413, "too_large", None),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_wrong_document_is_refused_by_field(
    world: World, body: dict[str, Any], status: int, code: str, field: str | None
) -> None:
    before = Document.objects.count()
    refused = problem(add(world, **body), status, code)
    if field:
        assert list(refused["errors"]) == [field]
    assert Document.objects.count() == before


@pytest.mark.parametrize("moment", ["2021-01-05T22:00:00Z", "2021-01-05T22:00:00+03:00", "2021-01-05T22:00:00.5+00:00"])
def test_of_a_moment_the_day_is_taken(world: World, moment: str) -> None:
    assert say(add(world, text="a text", title="t", published_at=moment))["published_on"] == "2021-01-05"


def test_a_document_in_the_bin_is_not_listed(world: World) -> None:
    from annotator.corpus.services import archive_document

    gone = build.document(world.project)
    archive_document(actor=build.owner_of(world.project), document=gone)
    listed = say(world.ask("owner", "GET", f"projects/{world.project.pk}/documents/"))["results"]
    assert gone.pk not in [row["id"] for row in listed]


# -- imports


def bring(world: World, *files: tuple[str, bytes], **fields: Any) -> Any:
    uploads = [SimpleUploadedFile(name, raw) for name, raw in files]
    return world.ask("owner", "POST", f"projects/{world.project.pk}/imports/", {"file": uploads, **fields})


def finish(answer: Any) -> None:
    lease = claim(say(answer)["id"])
    assert lease is not None
    ingest.work(lease)


def test_files_are_imported_by_a_job_that_tells_what_was_wrong(world: World) -> None:
    answer = bring(
        world,
        ("خبر.txt", "بيان القمة في العلا".encode("windows-1256") * 20),
        ("two.txt", "Second text".encode("utf-16")),
        ("empty.txt", b"  "),
        ("binary.txt", bytes(range(256)) * 8),
        ("again.txt", b"Second text"),
    )
    assert answer.status_code == 202
    queued = say(answer)
    assert answer["Location"] == f"http://testserver{BASE}jobs/{queued['id']}/"
    assert (queued["state"], queued["progress"], queued["kind"]) == ("queued", {"done": 0, "total": 5}, "import")
    finish(answer)
    done = say(world.ask("owner", "GET", answer["Location"]))
    assert done["state"] == "done"
    assert done["progress"] == {"done": 5, "total": 5}
    assert {key: done["result"][key] for key in ("imported", "duplicates", "failed")} == {
        "imported": 2, "duplicates": 1, "failed": 2,
    }  # fmt: skip
    told = {error["item"]: error for error in done["errors"]}
    assert told.keys() == {"empty.txt", "binary.txt", "again.txt"}
    assert told["empty.txt"]["code"] == "text_empty"
    assert told["again.txt"]["code"] == "duplicate"
    assert all(error.keys() == {"item", "line", "field", "code", "detail"} for error in done["errors"])
    assert Document.objects.filter(project=world.project, text="بيان القمة في العلا" * 20).exists()


def test_lines_are_imported_as_documents(world: World) -> None:
    answer = bring(world, ("all.jsonl", b'{"text": "One line"}\n{"text": ""}\n{broken\n{"text": "Two lines"}\n'))
    finish(answer)
    done = say(world.ask("owner", "GET", answer["Location"]))
    assert done["result"]["imported"] == 2
    assert sorted(error["line"] for error in done["errors"]) == [2, 3]


@pytest.mark.parametrize(
    ("files", "fields", "status", "field"),
    [
        ([], {}, 422, "file"),
        ([("a.txt", b"")], {}, 422, "file"),
        ([("a.txt", b"x")], {"format": "docx"}, 422, "format"),
        ([("a.txt", b"x")], {"annotations": "mine"}, 422, "annotations"),
        ([("a.txt", b"x")], {"project": "1"}, 422, "project"),
        ([("a.txt", b"x" * (50 << 20))], {}, 413, "file"),
    ],
    ids=["no file", "empty file", "format", "annotations", "unknown field", "50 MB"],
)
def test_a_wrong_import_is_refused_before_anything_is_kept(
    world: World, files: list[tuple[str, bytes]], fields: dict[str, Any], status: int, field: str
) -> None:
    before = Job.objects.count()
    refused = problem(bring(world, *files, **fields), status, "too_large" if status == 413 else "invalid")
    assert list(refused["errors"]) == [field]
    assert Job.objects.count() == before


def test_an_import_that_is_no_form_is_refused(world: World) -> None:
    path = f"projects/{world.project.pk}/imports/"
    problem(world.ask("owner", "POST", path, {"file": "a"}), 415, "media_type")
    problem(world.ask("owner", "POST", path, b"x", content_type="multipart/form-data"), 400, "malformed")
    cut = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nabc'
    answer = world.ask("owner", "POST", path, cut, content_type="multipart/form-data; boundary=x")
    assert answer.status_code in (202, 400, 422)


def test_a_huge_upload_is_refused_by_its_announced_length(world: World) -> None:
    path = f"projects/{world.project.pk}/imports/"
    answer = world.ask(
        "owner", "POST", path, b"--x--", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(2 << 30)
    )
    problem(answer, 413, "too_large")


def test_a_hostile_file_name_is_only_a_name(world: World) -> None:
    answer = bring(world, ("../../etc/pass\u202ewd.txt", b""), ("ok.txt", b"Some words"))
    refused = problem(answer, 422, "invalid")
    assert "/" not in refused["errors"]["file"][0]
