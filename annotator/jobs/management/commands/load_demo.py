"""Fill an empty site with people and a sample project to try things on. Running it again changes nothing."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from analysis.events.codebook import missing
from annotator.activity.models import Job
from annotator.activity.services import claim
from annotator.coding.assignments import assign, submit
from annotator.coding.desk import codebook, current_codebook_id
from annotator.coding.edits import apply_edits
from annotator.coding.models import AnnotationSet, Span
from annotator.coding.payload import MAX_EDITS, read_edits
from annotator.corpus.models import Document, ImportBatch
from annotator.jobs import pretag, sample, tagging
from annotator.jobs.bulk import Bulk
from annotator.registry.services import create_project
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
            password = settings.DEMO_PASSWORD
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
            actor=owner,
            name=PROJECT,
            description="مقالات نموذجية عن أحداث معروفة، ثلاثة بالعربية واثنان بالإنجليزية.\n"
            "Sample articles on well-known events, three in Arabic, two in English.",
        )
        for name, _shown, role in PEOPLE[1:]:
            Membership.objects.create(project=project, user=people[name], role=role)
        job = Job.objects.create(
            project=project, kind="import", state=Job.State.DONE, requested_by=owner.user, result={"imported": 5}
        )
        batch = ImportBatch.objects.create(project=project, job=job, format="jsonl", created_by=owner.user)
        bulk = Bulk(actor=owner, batch=batch)
        bulk.store(
            [bulk.reader.read(number, json.dumps(line).encode()) for number, line in enumerate(sample.load(), start=1)]
        )
        run = pretag.plan(actor=owner, project=project)
        lease = claim(run.pk)
        if lease is not None:
            tagging.work(lease)
        self._practice(owner, project, people)
        return project

    def _practice(self, owner: Actor, project: Project, people: dict[str, User]) -> None:
        """The uncoded articles go to both annotators; one has handed in the first of them, for the reviewer to look at."""
        coded = AnnotationSet.objects.gold().filter(project=project).values("document_id")
        uncoded = list(Document.objects.filter(project=project).exclude(pk__in=coded).order_by("id").defer("text"))
        for document in uncoded:
            for name in ("annotator", "annotator2"):
                assign(actor=owner, document=document, email=people[name].email)
        submitter = Actor(people["annotator2"])
        suggested = Span.objects.filter(set__in=AnnotationSet.objects.suggesting().filter(document=uncoded[0]))
        book = codebook(current_codebook_id(project.pk))
        edits = [
            {
                "id": str(uuid.uuid4()),
                "op": "accept_suggestion",
                "suggestion": str(suggestion.pk),
                "span": {"id": str(uuid.uuid4())},
            }
            for suggestion in suggested.order_by("start", "end", "label")
            if not missing(book, suggestion.label, suggestion.attributes)
        ]
        apply_edits(actor=submitter, document_id=uncoded[0].pk, edits=read_edits({"edits": edits[:MAX_EDITS]}))
        submit(actor=submitter, document_id=uncoded[0].pk)
