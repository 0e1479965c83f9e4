"""Reading jobs."""

from __future__ import annotations

import uuid

from annotator.activity.models import Job
from annotator.errors import Missing
from annotator.teams.access import Action, Actor, require


def job_for(*, actor: Actor, job_id: uuid.UUID) -> Job:
    """The job with its project, if the actor may see it. Raises Missing for strangers."""
    found = Job.objects.visible_to(actor).select_related("project", "requested_by").filter(pk=job_id).first()
    if found is None:
        raise Missing()
    require(actor, Action.VIEW, found.project)
    return found
