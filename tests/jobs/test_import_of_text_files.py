"""Text files: whatever they are encoded in comes out as the text, and what cannot be read is told in one's language."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

from annotator.activity.models import Activity, Job
from annotator.corpus.models import Document, ImportFile
from annotator.corpus.services import archive_document
from annotator.errors import Conflict, Forbidden, Invalid, Missing, TooLarge
from annotator.teams.access import Actor
from annotator.teams.models import Project, Role
from tests import build
from tests.jobs.helpers import errors_of, imported, perform, upload

pytestmark = pytest.mark.django_db

ARTICLE = "أعلنت الحكومة في بغداد اليوم أنها ستوقع الاتفاق مع طهران.\nوقال الوزير إن المفاوضات انتهت بعد أسبوع."


@pytest.fixture
def project() -> Project:
    return build.project(pretag_on_import=False)


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (ARTICLE.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + ARTICLE.encode(), "utf-8"),
        (b"\xff\xfe" + ARTICLE.encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + ARTICLE.encode("utf-16-be"), "utf-16-be"),
        (ARTICLE.encode("cp1256"), "windows-1256"),
        (ARTICLE.replace("\n", "\r\n").encode(), "utf-8"),
        (ARTICLE.replace("\n", "\r").encode("cp1256"), "windows-1256"),
    ],
    ids=["utf-8", "utf-8 with BOM", "utf-16 LE", "utf-16 BE", "windows-1256", "CRLF", "windows-1256 with CR"],
)
def test_the_text_comes_out_the_same_and_the_bytes_are_kept(project: Project, raw: bytes, encoding: str) -> None:
    job = imported(project, ("خبر.txt", raw))
    assert (job.state, job.errors) == ("DONE", [])
    document = Document.objects.select_related("origin").get(project=project)
    assert document.text == ARTICLE
    assert (document.language, document.direction, document.length) == ("ar", "rtl", len(ARTICLE))
    assert document.text_sha256 == hashlib.sha256(ARTICLE.encode()).hexdigest()
    source = document.origin
    assert source.encoding == encoding
    assert (bytes(source.raw) if source.raw is not None else document.text.encode()) == raw
    assert source.raw_sha256 == hashlib.sha256(raw).hexdigest()
    assert source.filename == "خبر.txt"


def test_an_english_article_is_known_as_such(project: Project) -> None:
    imported(
        project, ("a.txt", b"The minister said that the talks with the union are over and that it was time to go.")
    )
    document = Document.objects.get()
    assert (document.language, document.direction) == ("en", "ltr")


def test_a_hundred_files_at_once(project: Project) -> None:
    job = imported(project, *((f"{n}.txt", f"{ARTICLE} {n}".encode()) for n in range(100)))
    assert job.result["imported"] == 100
    assert Document.objects.filter(project=project).count() == 100
    assert (job.done, job.total) == (100, 100)


BAD = {
    "binary.txt": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\xff\xfe" * 3, "text_binary"),
    "blank.txt": (b" \n\t ", "text_empty"),
    "nul.txt": (b"abc\0def and so on", "text_nul"),
    "broken.txt": ("The word café in ".encode() + b"\xc3\x28 and \xff here", "text_undecodable"),
    "half.txt": (b"\xff\xfe" + "abc \ud800 def".encode("utf-16-le", "surrogatepass"), "text_undecodable"),
}


def test_bad_files_are_told_by_name_and_the_good_one_comes_in(project: Project) -> None:
    job = imported(project, *((name, raw) for name, (raw, _code) in BAD.items()), ("good.txt", ARTICLE.encode()))
    assert job.state == "DONE"
    assert errors_of(job) == [(name, None, "text", code) for name, (_raw, code) in BAD.items()]
    assert {key: job.result[key] for key in ("imported", "failed", "duplicates")} == {
        "imported": 1, "failed": len(BAD), "duplicates": 0,
    }  # fmt: skip
    assert Document.objects.get(project=project).text == ARTICLE
    states = dict(ImportFile.objects.values_list("name", "state"))
    assert states == {**dict.fromkeys(BAD, "FAILED"), "good.txt": "DONE"}


def test_errors_are_told_in_the_language_in_which_the_import_was_asked_for(project: Project) -> None:
    with override("ar"):
        arabic = upload(project, ("blank.txt", b" \n"))
    english = upload(project, ("blank.txt", b" \n"))
    perform(arabic), perform(english)
    said = [job.errors[0]["detail"] for job in (arabic, english)]
    assert said[1] == "The text is empty."
    assert any("\u0600" <= letter <= "\u06ff" for letter in said[0])


def test_a_text_comes_in_once_within_a_batch_and_over_batches(project: Project) -> None:
    first = imported(project, ("a.txt", ARTICLE.encode()), ("b.txt", ARTICLE.encode("cp1256")))
    second = imported(project, ("c.txt", ARTICLE.replace("\n", "\r\n").encode()))
    assert errors_of(first) == [("b.txt", None, "", "duplicate")]
    assert errors_of(second) == [("c.txt", None, "", "duplicate")]
    assert (first.result["duplicates"], second.result["imported"]) == (1, 0)
    assert Document.objects.filter(project=project).count() == 1


def test_a_text_in_the_bin_is_told_as_such(project: Project) -> None:
    imported(project, ("a.txt", ARTICLE.encode()))
    archive_document(actor=build.owner_of(project), document=Document.objects.select_related("project").get())
    job = imported(project, ("a.txt", ARTICLE.encode()))
    assert "bin" in job.errors[0]["detail"]


def test_the_same_text_in_another_project_is_no_duplicate(project: Project) -> None:
    other = build.project(pretag_on_import=False)
    assert imported(project, ("a.txt", ARTICLE.encode())).result["imported"] == 1
    assert imported(other, ("a.txt", ARTICLE.encode())).result["imported"] == 1


def test_the_header_of_an_arabic_article_is_read(project: Project) -> None:
    text = f"قمة في بغداد تبحث أمن الحدود\nالخميس 7 يناير 2021، 11:30 صباحًا\nإعداد: سلمى يوسف\n\n{ARTICLE}"
    imported(project, ("a.txt", text.encode()))
    document = Document.objects.get()
    assert document.title == "قمة في بغداد تبحث أمن الحدود"
    assert str(document.published_on) == "2021-01-07"
    assert document.author == "سلمى يوسف"
    assert document.text[document.body_start :] == ARTICLE


def test_names_of_files_are_only_names(project: Project, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path  # numbers of batches come again where another test has emptied the tables
    job = imported(project, ("../../etc/pass\u202ewd\n.txt", ARTICLE.encode()))
    file = ImportFile.objects.get(batch__job=job)
    assert file.name == "passwd.txt"
    assert file.file.name == f"imports/{file.batch_id}/1"


def test_what_is_refused_at_once(project: Project) -> None:
    with pytest.raises(Invalid) as empty:
        upload(project, ("a.txt", b""))
    assert "file" in empty.value.errors
    with pytest.raises(Invalid) as none:
        upload(project)
    assert "file" in none.value.errors
    with pytest.raises(Invalid) as form:
        upload(project, ("a.txt", b"x"), format="docx")
    assert "format" in form.value.errors
    with pytest.raises(Invalid) as choice:
        upload(project, ("a.txt", b"x"), annotations="maybe")
    assert "annotations" in choice.value.errors
    with pytest.raises(TooLarge) as large:
        upload(project, ("big.txt", b"x" * (10 * 1024 * 1024 + 1)))
    assert "big.txt" in str(large.value)
    assert not Job.objects.exists()


@pytest.mark.parametrize("role", list(Role))
def test_who_may_import(project: Project, role: Role) -> None:
    person = project.created_by if role == Role.OWNER else build.member(project, role)
    if role in (Role.OWNER, Role.MANAGER):
        assert perform(upload(project, ("a.txt", ARTICLE.encode()), actor=Actor(person))).state == "DONE"
    else:
        with pytest.raises(Forbidden):
            upload(project, ("a.txt", ARTICLE.encode()), actor=Actor(person))


def test_strangers_and_frozen_projects(project: Project) -> None:
    with pytest.raises(Missing):
        upload(project, ("a.txt", ARTICLE.encode()), actor=build.actor())
    project.state = Project.State.FROZEN
    project.save()
    with pytest.raises(Conflict):
        upload(project, ("a.txt", ARTICLE.encode()))


def test_whoever_lost_the_role_before_the_worker_came_imports_nothing(project: Project) -> None:
    manager = build.member(project, Role.MANAGER)
    job = upload(project, ("a.txt", ARTICLE.encode()), actor=Actor(manager))
    manager.memberships.update(role=Role.VIEWER)
    perform(job)
    assert job.state == "FAILED"
    assert job.failure
    assert not Document.objects.exists()


def test_the_log_tells_of_the_import_once(project: Project) -> None:
    job = imported(project, ("a.txt", ARTICLE.encode()))
    perform(job)  # the bell rings once more
    verbs = list(Activity.objects.filter(project=project, verb__startswith="import.").values_list("verb", flat=True))
    assert verbs == ["import.requested", "import.done"]


def test_suggestions_follow_by_themselves(project: Project) -> None:
    Project.objects.filter(pk=project.pk).update(pretag_on_import=True)
    job = imported(project, ("a.txt", ARTICLE.encode()))
    follow = Job.objects.get(pk=job.result["pretag_job"])
    assert (follow.kind, follow.state) == ("pretag", "QUEUED")
    assert follow.params["documents"] == [Document.objects.get().pk]


def test_an_import_is_done_even_when_too_many_runs_wait() -> None:
    project = build.project()
    for n in range(20):
        Job.objects.create(project=project, kind="pretag", dedupe_key=str(n), requested_by=project.created_by)
    job = imported(project, ("a.txt", ARTICLE.encode()))
    assert (job.state, job.result["imported"], job.result["pretag_job"]) == ("DONE", 1, None)
    assert Document.objects.filter(project=project).count() == 1
