"""Comments, history, outcomes, time."""

from __future__ import annotations


def words() -> dict[str, str]:
    return {}
