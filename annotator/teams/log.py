"""The log as the lowest room sees it. `activity` stands above `teams` and hands its `record` in at start."""

from __future__ import annotations

from typing import Any, Protocol

from django.db import models

from annotator.teams.models import Project, User


class Record(Protocol):
    def __call__(
        self, *, project: Project | None, user: User | None, verb: str, target: models.Model | None = None, **data: Any
    ) -> None: ...


_record: Record | None = None


def write_to(record: Record) -> None:
    """From now on `record` here means that function."""
    global _record
    _record = record


def record(
    *, project: Project | None, user: User | None, verb: str, target: models.Model | None = None, **data: Any
) -> None:
    """Add one line to the log. A change that cannot be logged must not happen: raises RuntimeError without a log."""
    if _record is None:
        raise RuntimeError("The activity room is not installed.")
    _record(project=project, user=user, verb=verb, target=target, **data)
