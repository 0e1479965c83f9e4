"""What must not be when the server starts. Run by every command, and in full by `manage.py check --deploy --database default`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError, connections

_HERE = {"", "localhost", "127.0.0.1", "::1"}


def _is_here(url: str) -> bool:
    """Whether an address is on this machine: a socket or the loopback."""
    return urlsplit(url).scheme == "unix" or (urlsplit(url).hostname or "") in _HERE


@register(Tags.security)
def unsafe_settings(app_configs: Sequence[AppConfig] | None, **_kwargs: Any) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    if settings.CELERY_ACCEPT_CONTENT != ["json"] or settings.CELERY_TASK_SERIALIZER != "json":
        found.append(Error("Celery must take nothing but JSON: other messages can carry code.", id="dalala.E001"))
    if settings.MEDIA_URL.strip("/"):
        found.append(Error("Files leave only through views that ask: MEDIA_URL must be empty.", id="dalala.E002"))
    if settings.STATIC_ROOT in (settings.MEDIA_ROOT, *settings.MEDIA_ROOT.parents):
        found.append(Error("MEDIA_ROOT lies under STATIC_ROOT, where everybody can fetch it.", id="dalala.E003"))
    if settings.DEBUG and not _is_here(settings.SITE_URL):
        found.append(Error("DEBUG shows the inside of the server; it is for this machine only.", id="dalala.E004"))
    redis = urlsplit(settings.REDIS_URL)
    if not _is_here(settings.REDIS_URL) and not redis.password:
        found.append(Warning("Redis on another machine has no password.", id="dalala.W001"))
    if not settings.HTTPS and not _is_here(settings.SITE_URL):
        found.append(Warning("SITE_URL is not https: passwords travel in the clear.", id="dalala.W002"))
    return found


@register(Tags.database)
def unsafe_database(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """What the database says about itself; asked only by `check --database`, `migrate` and the like."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        try:
            with connections[alias].cursor() as cursor:
                cursor.execute(
                    "SELECT current_setting('synchronous_commit'), current_setting('fsync'),"
                    " (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)"
                )
                commit, fsync, is_super = cursor.fetchone()
        except DatabaseError:
            continue  # the command that asked will say it better
        if commit == "off" or fsync == "off":
            found.append(
                Error("synchronous_commit or fsync is off: what was saved could be lost in a crash.", id="dalala.E005")
            )
        if is_super and not _is_here(f"//{connections[alias].settings_dict.get('HOST') or ''}") and not settings.DEMO:
            found.append(Warning("The database user is a superuser; a plain owner is enough.", id="dalala.W003"))
    return found
