"""A person's place at a document: may they write, into which set, under which codebook. One query, one lock."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from analysis.events.codebook import Codebook
from annotator.activity.services import record
from annotator.coding.models import AnnotationSet, Assignment
from annotator.corpus.models import CodebookVersion, Document
from annotator.errors import Conflict, Missing
from annotator.teams.access import MATRIX, Action, Actor, require
from annotator.teams.models import Project, Role


@dataclass
class Desk:
    """What an edit needs to know. `set` is None until the first edit makes it."""

    document: Document  # without its text
    project: Project
    assignment: Assignment | None
    set: AnnotationSet | None

    @property
    def is_writable(self) -> bool:
        return self.assignment is not None and self.assignment.is_writable


@lru_cache(maxsize=64)
def codebook(version_id: int) -> Codebook:
    """The frozen codebook with fast look-ups; a version never changes, so it may be kept."""
    return Codebook(CodebookVersion.objects.values_list("body", flat=True).get(pk=version_id))


def current_codebook_id(project_id: int) -> int:
    return CodebookVersion.objects.filter(project_id=project_id).order_by("-number").values_list("pk", flat=True)[0]


_SEAT = """
SELECT d.id, d.project_id, d.length, d.archived_at,
       p.state, p.open_documents, m.role,
       a.id, a.state, a.user_id
FROM corpus_document d
JOIN teams_project p ON p.id = d.project_id
JOIN teams_membership m ON m.project_id = d.project_id AND m.user_id = %(user)s
LEFT JOIN coding_assignment a ON a.document_id = d.id AND a.user_id = %(user)s
WHERE d.id = %(document)s
"""


def seat(actor: Actor, document_id: int) -> Desk:
    """The actor's place at the document, without locking. Raises Missing when the document is not the actor's to see."""
    with connection.cursor() as cursor:
        cursor.execute(_SEAT, {"user": actor.user.pk, "document": document_id})
        row = cursor.fetchone()
    if row is None or row[3] is not None or actor.project_id not in (None, row[1]):
        raise Missing()
    role = Role(row[6])
    actor.knows_role(row[1], role)
    assigned = row[7] is not None and row[8] not in ("REVOKED", "DECLINED")
    if not (assigned or row[5] or role in MATRIX[Action.VIEW_ALL_DOCUMENTS][0]):
        raise Missing()
    project = Project(id=row[1], state=row[4], open_documents=row[5])
    document = Document(id=row[0], project=project, length=row[2])
    assignment = Assignment(id=row[7], document=document, user=actor.user, state=row[8]) if row[7] else None
    return Desk(document, project, assignment, None)


def sit_down(actor: Actor, document_id: int) -> Desk:
    """Lock the actor's own set for writing, making assignment and set at the first edit.

    Call inside a transaction. Raises Missing, Forbidden, or Conflict when nothing may be written now.
    """
    desk = seat(actor, document_id)
    require(actor, Action.ANNOTATE, desk.project)
    own = AnnotationSet.objects.of_person(actor.user.pk).filter(document_id=document_id)
    desk.set = own.select_for_update(no_key=True).first()
    if desk.assignment is None:
        desk.assignment = _assign_oneself(actor, desk)
    else:
        # Read again under the lock: a submit may have been ahead of us.
        locked = Assignment.objects.select_for_update(no_key=True).get(pk=desk.assignment.pk)
        desk.assignment.state = locked.state
    if not desk.assignment.is_writable:
        raise Conflict(
            _("This work is not open for changes: %(state)s.") % {"state": desk.assignment.get_state_display()},
            extra={"state": desk.assignment.state},
        )
    if desk.set is None:
        desk.set = _begin(actor, desk)
    if desk.assignment.state == Assignment.State.OPEN:
        Assignment.objects.filter(pk=desk.assignment.pk).update(state=Assignment.State.ACTIVE)
        desk.assignment.state = Assignment.State.ACTIVE
    return desk


def _assign_oneself(actor: Actor, desk: Desk) -> Assignment:
    role = actor.role_in(desk.project.pk)
    if not (desk.project.open_documents or role in MATRIX[Action.ASSIGN][0]):
        raise Conflict(_("You are not assigned to this document."), extra={"state": None})
    assignment, _new = Assignment.objects.get_or_create(
        document_id=desk.document.pk, user=actor.user, defaults={"assigned_by": actor.user}
    )
    return assignment


def _begin(actor: Actor, desk: Desk) -> AnnotationSet:
    try:
        with transaction.atomic():
            made = AnnotationSet.objects.create(
                project_id=desk.project.pk,
                document_id=desk.document.pk,
                codebook_version_id=current_codebook_id(desk.project.pk),
                origin=AnnotationSet.Origin.HUMAN,
                author=actor.user,
            )
            record(project=desk.project, user=actor.user, verb="set.started", target=made, document=desk.document.pk)
            return made
    except IntegrityError:  # the other tab was first
        own = AnnotationSet.objects.of_person(actor.user.pk).filter(document_id=desk.document.pk)
        return own.select_for_update(no_key=True).get()
