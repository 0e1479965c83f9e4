"""What is made before the site serves: translations and static files, each only when something changed."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

import pytest
from pytest_django import Settings

from annotator.stack import prepare, processes, translations

CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=1; plural=0;\\n"

msgid "Documents"
msgstr "الوثائق"

#, fuzzy
msgid "Actors"
msgstr "تخمين"
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    po = tmp_path / "ar" / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True)
    po.write_text(CATALOGUE, encoding="utf-8")
    return po


def test_a_catalogue_is_compiled_once_and_again_after_a_change(catalogue: Path, tmp_path: Path) -> None:
    assert translations.compile_stale(tmp_path) == [catalogue]
    assert translations.compile_stale(tmp_path) == []
    with catalogue.with_suffix(".mo").open("rb") as compiled:
        words = gettext.GNUTranslations(compiled)
    assert words.gettext("Documents") == "الوثائق"
    assert words.gettext("Actors") == "Actors"  # a fuzzy entry is a guess and is not shown
    later = catalogue.with_suffix(".mo").stat().st_mtime + 10
    os.utime(catalogue, (later, later))
    assert translations.stale(tmp_path) == [catalogue]


def test_a_broken_catalogue_stops_the_start_and_leaves_no_half_file(catalogue: Path, tmp_path: Path) -> None:
    catalogue.write_text(CATALOGUE + 'msgid "Open\nmsgstr nothing\n', encoding="utf-8")
    with pytest.raises(Exception, match=r"(?i)line|unterminated|quote|invalid"):
        translations.compile_stale(tmp_path)
    assert list(catalogue.parent.iterdir()) == [catalogue]


def test_static_files_are_collected_again_only_after_a_change(tmp_path: Path, settings: Settings) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "site.css").write_text("a { color: red }")
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    assert prepare.collect_static() is True
    assert (tmp_path / "collected" / "site.css").read_text() == "a { color: red }"
    assert prepare.collect_static() is False
    (source / "more.css").write_text("b { color: blue }")
    assert prepare.collect_static() is True
    assert (tmp_path / "collected" / "more.css").exists()


def test_the_sizes_of_the_processes_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEB_WORKERS", "3")
    monkeypatch.setenv("WORKER_CONCURRENCY", "4")
    web, worker = processes.web("127.0.0.1:8000"), processes.worker()
    assert web[web.index("--workers") + 1] == "3"
    assert worker[worker.index("--concurrency") + 1] == "4"
    monkeypatch.setenv("WEB_WORKERS", "many")
    with pytest.raises(ValueError, match="many"):
        processes.web("127.0.0.1:8000")
