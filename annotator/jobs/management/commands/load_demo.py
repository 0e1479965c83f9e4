"""Fill an empty site with people and a sample project to try things on. Running it again changes nothing."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from annotator.activity.models import Job
from annotator.activity.services import claim
from annotator.coding.assignments import assign
from annotator.coding.models import AnnotationSet, Assignment
from annotator.corpus.models import Document, ImportBatch
from annotator.jobs import pretag, sample
from annotator.jobs.bulk import Bulk
from annotator.registry.services import create_project
from annotator.stack import env as stack_env
from annotator.teams.access import Actor
from annotator.teams.models import Membership, Project, Role, User

PEOPLE = (
    ("owner", "أمل عبد الله", Role.OWNER),
    ("manager", "Karim Haddad", Role.MANAGER),
    ("reviewer", "سلمى يوسف", Role.REVIEWER),
    ("annotator", "نور الخطيب", Role.ANNOTATOR),
    ("annotator2", "Daniel Reyes", Role.ANNOTATOR),
    ("viewer", "Mona Saleh", Role.VIEWER),
)
PROJECT = "الخليج والعالم · Gulf and the world"


class Command(BaseCommand):
    help = "Load the demo: six people and a sample project. Only in demo mode."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo is loaded only with DALALA_DEMO=1: it has people with a known password.")
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(4242001)")
            password = stack_env.demo_password(settings.RUN_DIR)
            people = {name: self._person(name, shown, password) for name, shown, _role in PEOPLE}
            if Project.objects.filter(created_by=people["owner"]).exists():
                return
            project = self._project(people)
        self.stdout.write(f"Loaded the demo project {project.pk}.")

    def _person(self, name: str, shown: str, password: str) -> User:
        email = f"{name}@example.org"
        found = User.objects.filter(email=email).first()
        if found is None:
            return User.objects.create_user(email, password, name=shown)
        if not found.check_password(password):
            found.set_password(password)
            found.save(update_fields=["password"])
        return found

    def _project(self, people: dict[str, User]) -> Project:
        owner = Actor(people["owner"])
        project = create_project(
            actor=owner, name=PROJECT, description="Sample articles on well-known events, three in Arabic, two in English."
        )
        for name, _shown, role in PEOPLE[1:]:
            Membership.objects.create(project=project, user=people[name], role=role)
        job = Job.objects.create(
            project=project, kind="import", state=Job.State.DONE, requested_by=owner.user, result={"imported": 5}
        )
        batch = ImportBatch.objects.create(project=project, job=job, format="jsonl", created_by=owner.user)
        bulk = Bulk(actor=owner, batch=batch)
        for number, line in enumerate(sample.load(), start=1):
            bulk.add(number, json.dumps(line).encode())
        bulk.store()
        documents = list(Document.objects.filter(project=project).order_by("id").only("id", "project"))
        without_gold = [d for d in documents if not AnnotationSet.objects.filter(document=d, origin="GOLD").exists()]
        for document in without_gold or documents[-1:]:
            document.project = project
            assign(actor=owner, document=document, email=people["annotator"].email)
            assign(actor=owner, document=document, email=people["annotator2"].email)
        assert Assignment.objects.filter(document__project=project).exists()
        run = pretag.plan(actor=owner, project=project)
        lease = claim(run.pk)
        if lease is not None:
            pretag.work(lease)
        return project
