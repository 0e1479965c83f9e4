"""Coding without suggestions first: for whom, until when, and the moment they were shown.

One rule for all doors: the workspace, its later requests, sweeps and REST. From whom they are kept hears nothing of them,
not even how many there are.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from annotator.activity.services import record
from annotator.coding.models import AnnotationSet, Assignment, SuggestionDecision, SuggestionReveal
from annotator.corpus.models import Document
from annotator.corpus.queries import document_for
from annotator.teams.access import MATRIX, Action, Actor
from annotator.teams.models import Project

# The same as `is_hidden` for many documents `d` at once, for one whose role codes.
HIDDEN = """(%(mode)s <> 'CORRECT'
    AND (%(mode)s = 'BLIND' OR EXISTS (SELECT 1 FROM coding_assignment o WHERE o.document_id = d.id
         AND o.user_id <> %(user)s AND o.state NOT IN ('REVOKED', 'DECLINED')))
    AND NOT EXISTS (SELECT 1 FROM coding_suggestionreveal r WHERE r.document_id = d.id AND r.user_id = %(user)s)
    AND NOT EXISTS (SELECT 1 FROM coding_suggestiondecision e JOIN coding_annotationset w ON w.id = e.set_id
         WHERE w.document_id = d.id AND w.author_id = %(user)s AND w.origin = 'HUMAN'))"""


def is_blind(actor: Actor, document: Document) -> bool:
    """Whether the project has the actor code the document without suggestions first."""
    mode = document.project.suggestions
    if mode == Project.Suggestions.CORRECT or actor.role_in(document.project_id) not in MATRIX[Action.ANNOTATE][0]:
        return False
    if mode == Project.Suggestions.BLIND:
        return True
    others = Assignment.objects.filter(document=document).exclude(user=actor.user)
    return others.exclude(state__in=["REVOKED", "DECLINED"]).exists()


def is_hidden(actor: Actor, document: Document) -> bool:
    """Whether suggestions are still kept from the actor: blind, shown never, and none ever decided.

    The role counts, not what may be done now: neither a token for reading nor a frozen project shows more.
    """
    if not is_blind(actor, document):
        return False
    decided = SuggestionDecision.objects.filter(set__document=document, set__author=actor.user, set__origin="HUMAN")
    shown = SuggestionReveal.objects.filter(document=document, user=actor.user)
    return not (shown.exists() or decided.exists())


@transaction.atomic
def reveal(*, actor: Actor, document_id: int) -> dict[str, Any]:
    """Show the actor the suggestions of a document, and keep when. Doing it twice is the same as once.

    Returns {"shown": whether they had been hidden}. Raises Missing for strangers, Forbidden for those who do not code,
    Conflict in a frozen project.
    """
    document = document_for(actor=actor, document_id=document_id, action=Action.ANNOTATE)
    if not is_hidden(actor, document):
        return {"shown": False}
    own = AnnotationSet.objects.of_person(actor.user.pk).filter(document=document).order_by("-round").first()
    made, new = SuggestionReveal.objects.get_or_create(
        document=document, user=actor.user, defaults={"version": own.version if own else 0}
    )
    if new:
        record(
            project=document.project, user=actor.user, verb="suggestions.shown", target=document, version=made.version
        )
    return {"shown": new}
