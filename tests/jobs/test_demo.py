"""The demo: people, a project with work in every state, and none of it outside demo mode or twice."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from annotator.activity.models import Job
from annotator.coding.models import AnnotationSet, Assignment, Span
from annotator.corpus.models import Document
from annotator.review.queries import queue
from annotator.teams.access import Actor
from annotator.teams.models import Membership, Project, User
from tests.stack.helpers import PROJECT


@pytest.mark.django_db
def test_the_demo_has_work_for_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DEMO_PASSWORD", "first-password")
    call_command("load_demo", verbosity=0)
    project = Project.objects.get()
    roles = dict(Membership.objects.filter(project=project).values_list("user__email", "role"))
    assert roles == {
        "owner@example.org": "OWNER", "manager@example.org": "MANAGER", "reviewer@example.org": "REVIEWER",
        "annotator@example.org": "ANNOTATOR", "annotator2@example.org": "ANNOTATOR", "viewer@example.org": "VIEWER",
    }  # fmt: skip
    assert all(user.check_password("first-password") for user in User.objects.all())

    assert Counter(Document.objects.values_list("language", flat=True)) == {"ar": 3, "en": 2}
    gold = AnnotationSet.objects.gold()
    assert gold.count() == 3
    assert all(s.spans.count() >= 60 for s in gold)
    assert AnnotationSet.objects.suggesting().values("document_id").distinct().count() == 5
    assert Span.objects.filter(set__origin="MODEL").count() > 100

    tasks = Assignment.objects.values_list("user__email", "state")
    assert Counter(tasks) == {
        ("annotator@example.org", "OPEN"): 2,
        ("annotator2@example.org", "OPEN"): 1,
        ("annotator2@example.org", "SUBMITTED"): 1,
    }
    assert not Assignment.objects.filter(document__in=gold.values("document_id")).exists()
    reviewer = Actor(User.objects.get(email="reviewer@example.org"))
    (waiting,) = queue(actor=reviewer, project=project)
    assert len(waiting.snapshot["spans"]) >= 20
    assert not Job.objects.exclude(state="DONE").exists()

    # The next start: nothing is added, and a new password of the demo is everybody's.
    before = (Document.objects.count(), Span.objects.count(), Job.objects.count())
    monkeypatch.setattr(settings, "DEMO_PASSWORD", "second-password")
    call_command("load_demo", verbosity=0)
    assert (Document.objects.count(), Span.objects.count(), Job.objects.count()) == before
    assert all(user.check_password("second-password") for user in User.objects.all())


@pytest.mark.django_db
def test_there_is_no_demo_on_a_real_site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DEMO", False)
    with pytest.raises(CommandError):
        call_command("load_demo", verbosity=0)
    assert not User.objects.exists()


def loaded(program: str) -> list[str]:
    """The modules that a fresh process has after the program."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; {program}; print(*sys.modules)"],
        cwd=PROJECT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.split()


def test_the_web_never_loads_a_tagger() -> None:
    modules = loaded(
        "import annotator.wsgi; from django.urls import get_resolver; get_resolver().url_patterns;"
        "import annotator.web.views.projects, annotator.api.urls"
    )
    assert "annotator.jobs.pretag" in modules
    assert [m for m in modules if m.startswith("analysis.tagging.")] == []


def test_the_parent_of_the_workers_and_beat_load_no_models() -> None:
    modules = loaded("from annotator.celery import app; app.loader.import_default_modules(); app.tasks")
    assert "annotator.jobs.tasks" in modules
    assert "annotator.teams.models" not in modules
