"""A person's place at a document: may they write, into which set, under which codebook. One query, one lock."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
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
    """What an edit needs to know. `set` is None until the first edit makes it, `assignment` for who works unasked."""

    document: Document  # without its text
    project: Project
    assignment: Assignment | None
    set: AnnotationSet | None

    @property
    def state(self) -> str | None:
        return self.assignment.state if self.assignment else None


@lru_cache(maxsize=64)
def codebook(version_id: int) -> Codebook:
    """The frozen codebook with fast look-ups; a version never changes, so it may be kept."""
    return Codebook(CodebookVersion.objects.values_list("body", flat=True).get(pk=version_id))


def current_codebook_id(project_id: int) -> int:
    return CodebookVersion.objects.filter(project_id=project_id).order_by("-number").values_list("pk", flat=True)[0]


# The assignment is locked before the set, here and everywhere: `own` cannot be read before `task` was counted. Locked
# rows are read as they are once the lock is ours, so a submit that was ahead of us is seen.
_SEAT = """
WITH task AS MATERIALIZED (
    SELECT id, state, put_aside_at FROM coding_assignment
    WHERE document_id = %(document)s AND user_id = %(user)s
    FOR NO KEY UPDATE
), own AS MATERIALIZED (
    SELECT id, version, codebook_version_id FROM coding_annotationset
    WHERE document_id = %(document)s AND author_id = %(user)s AND origin = 'HUMAN'
      AND (SELECT count(*) FROM task) >= 0
    FOR NO KEY UPDATE
)
SELECT d.project_id, d.length, p.state, p.open_documents, m.role,
       task.id, task.state, own.id, own.version, own.codebook_version_id, task.put_aside_at
FROM corpus_document d
JOIN teams_project p ON p.id = d.project_id
JOIN teams_membership m ON m.project_id = d.project_id AND m.user_id = %(user)s
LEFT JOIN task ON true LEFT JOIN own ON true
WHERE d.id = %(document)s AND d.archived_at IS NULL
"""


def take_seat(actor: Actor, document_id: int) -> Desk:
    """The actor's place at the document, with the own set and assignment locked. Call inside a transaction.

    Raises Missing when the document is not the actor's to see, or in the bin.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SEAT, {"user": actor.user.pk, "document": document_id})
        row = cursor.fetchone()
    if row is None or actor.project_id not in (None, row[0]):
        raise Missing()
    project = Project(id=row[0], state=row[2], open_documents=row[3])
    role = Role(row[4])
    actor.knows_role(project.pk, role)
    assigned = row[5] is not None and row[6] not in ("REVOKED", "DECLINED")
    if not (assigned or project.open_documents or role in MATRIX[Action.VIEW_ALL_DOCUMENTS][0]):
        raise Missing()
    document = Document(id=document_id, project=project, length=row[1])
    assignment = own_set = None
    if row[5] is not None:
        assignment = Assignment(id=row[5], document=document, user=actor.user, state=row[6], put_aside_at=row[10])
    if row[7] is not None:
        own_set = AnnotationSet(
            id=row[7],
            project=project,
            document=document,
            author=actor.user,
            origin=AnnotationSet.Origin.HUMAN,
            version=row[8],
            codebook_version_id=row[9],
        )
    return Desk(document, project, assignment, own_set)


def sit_down(actor: Actor, desk: Desk) -> AnnotationSet:
    """The actor's own set, open for writing; assignment and set are made at the first edit.

    Raises Forbidden, or Conflict when nothing may be written now.
    """
    require(actor, Action.ANNOTATE, desk.project)
    if desk.assignment is None:
        desk.assignment = _assign_oneself(actor, desk)
    if not desk.assignment.is_writable:
        raise Conflict(
            _("This work is not open for changes: %(state)s.") % {"state": desk.assignment.get_state_display()},
            extra={"state": desk.assignment.state},
        )
    own_set = desk.set or _begin(actor, desk)
    desk.set = own_set
    if desk.assignment.state == Assignment.State.OPEN or desk.assignment.put_aside_at:
        state = Assignment.State.ACTIVE if desk.assignment.state == Assignment.State.OPEN else desk.assignment.state
        Assignment.objects.filter(pk=desk.assignment.pk).update(
            state=state, changed_at=timezone.now(), put_aside_at=None, reason=""
        )
        desk.assignment.state = state
    return own_set


def _assign_oneself(actor: Actor, desk: Desk) -> Assignment:
    role = actor.role_in(desk.project.pk)
    if not (desk.project.open_documents or role in MATRIX[Action.ASSIGN][0]):
        raise Conflict(_("You are not assigned to this document."), extra={"state": None})
    assignment, _new = Assignment.objects.select_for_update(no_key=True).get_or_create(
        document_id=desk.document.pk, user=actor.user, defaults={"assigned_by": actor.user}
    )
    return assignment


def own_set_of(actor: Actor, desk: Desk) -> AnnotationSet | None:
    """The own set as it is now, locked; for when another tab may have made it a moment ago."""
    own = AnnotationSet.objects.of_person(actor.user.pk).filter(document_id=desk.document.pk)
    return own.select_for_update(no_key=True).first()


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
    except IntegrityError:
        theirs = own_set_of(actor, desk)
        if theirs is None:
            raise
        return theirs
