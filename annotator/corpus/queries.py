"""Reading documents. Lists never load texts."""

from __future__ import annotations

from django.db.models import Count, Exists, F, OuterRef, Q

from annotator.corpus.models import CodebookVersion, Document, DocumentQuerySet
from annotator.errors import Missing
from annotator.teams.access import Action, Actor, may, require
from annotator.teams.models import Project


def document_for(*, actor: Actor, document_id: int, with_text: bool = False, action: Action = Action.VIEW) -> Document:
    """The document with its project, if the actor may see it and do `action`. Raises Missing, Forbidden or Conflict.

    What is in the bin is there only for those who may bring it back.
    """
    rows = Document.objects.visible_to(actor).select_related("project")
    if not with_text:
        rows = rows.defer("text", "metadata")
    document = rows.filter(pk=document_id).first()
    if document is None:
        raise Missing()
    require(actor, action, document.project)
    if document.archived_at is not None and not may(actor, Action.ARCHIVE_DOCUMENT, document.project):
        raise Missing()
    return document


def documents_page(
    *,
    actor: Actor,
    project: Project,
    q: str = "",
    state: str = "",
    language: str = "",
    assigned_to: int | None = None,
    archived: bool = False,
) -> DocumentQuerySet:
    """Documents of the project the actor may see, newest first, with counts, without texts.

    `state` is one of new, annotating, submitted, gold, irrelevant, or empty for all. A document is irrelevant when all who
    have it say so.
    """
    sets = Document._meta.get_field("sets").related_model
    gold = Exists(sets._default_manager.filter(document=OuterRef("pk"), origin="GOLD"))
    rows = (
        Document.objects.visible_to(actor)
        .filter(project=project, archived_at__isnull=not archived)
        .defer("text", "metadata")
        .annotate(
            n_assigned=Count("assignments", filter=~Q(assignments__state__in=["REVOKED", "DECLINED"])),
            n_submitted=Count("assignments", filter=Q(assignments__state__in=["SUBMITTED", "ACCEPTED"])),
            n_accepted=Count("assignments", filter=Q(assignments__state="ACCEPTED")),
            n_irrelevant=Count("assignments", filter=Q(assignments__state="IRRELEVANT")),
            has_gold=gold,
        )
    )
    if q:
        rows = rows.filter(Q(title__icontains=q) | Q(external_id=q) | Q(author__icontains=q) | Q(source__icontains=q))
    if language:
        rows = rows.filter(language=language)
    if assigned_to is not None:
        assignment = Document._meta.get_field("assignments").related_model
        mine = assignment._default_manager.filter(document=OuterRef("pk"), user_id=assigned_to).exclude(
            state__in=["REVOKED", "DECLINED"]
        )
        rows = rows.filter(Exists(mine))
    if state == "gold":
        rows = rows.filter(has_gold=True)
    elif state == "submitted":
        rows = rows.filter(n_submitted__gt=0, has_gold=False)
    elif state == "annotating":
        rows = rows.filter(n_assigned__gt=F("n_irrelevant"), n_submitted=0, has_gold=False)
    elif state == "irrelevant":
        rows = rows.filter(n_assigned__gt=0, n_assigned=F("n_irrelevant"), has_gold=False)
    elif state == "new":
        rows = rows.filter(n_assigned=0, has_gold=False)
    return rows.order_by("-id")


def document_rows(
    *, actor: Actor, project: Project, q: str = "", language: str = "", external_id: str = ""
) -> DocumentQuerySet:
    """The present documents the actor may see, without texts and counts."""
    rows = Document.objects.visible_to(actor).present().filter(project=project).defer("text", "metadata")
    if q:
        rows = rows.filter(title__icontains=q)
    if language:
        rows = rows.filter(language=language)
    if external_id:
        rows = rows.filter(external_id=external_id)
    return rows.order_by("-id")


def codebook_of(*, project: Project) -> CodebookVersion:
    """The version in force."""
    return CodebookVersion.objects.filter(project=project).latest("number")


def codebook_for(*, actor: Actor, project: Project) -> CodebookVersion:
    require(actor, Action.VIEW, project)
    return codebook_of(project=project)
