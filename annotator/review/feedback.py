"""What reviewers said about a person's own work."""

from __future__ import annotations

from django.db.models import QuerySet

from annotator.review.models import Review
from annotator.teams.access import Actor
from annotator.teams.models import Project


def feedback_for(*, actor: Actor) -> QuerySet[Review]:
    """Verdicts on the actor's submissions, the newest first, without snapshots and texts."""
    return (
        Review.objects.filter(
            submission__assignment__user=actor.user,
            submission__assignment__document__archived_at=None,
            submission__assignment__document__project__in=Project.objects.visible_to(actor),
        )
        .select_related("reviewer", "submission__assignment__document")
        .defer(
            "submission__snapshot",
            "submission__assignment__document__text",
            "submission__assignment__document__metadata",
        )
        .order_by("-id")
    )
