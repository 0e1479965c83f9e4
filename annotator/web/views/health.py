"""Is everything there that work needs? For load balancers and for `make run`; says nothing about versions or names."""

from __future__ import annotations

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from annotator.celery import app


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when database, broker and at least one worker answer, else 503 with what does not."""
    database, broker, workers = _database(), _broker(), 0
    if broker:
        workers = _workers()
    good = database and broker and workers > 0
    missing = [
        name for name, there in (("database", database), ("broker", broker), ("workers", workers > 0)) if not there
    ]
    status = "ok" if good else "unavailable"
    state: dict[str, object] = {"status": status, "database": database, "broker": broker, "workers": workers}
    if missing:
        state["missing"] = missing
    return JsonResponse(state, status=200 if good else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    except DatabaseError:
        return False


def _broker() -> bool:
    try:
        client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1)
        return bool(client.ping())
    except (redis.RedisError, OSError):
        return False


def _workers() -> int:
    try:
        # All that answer soon are counted; on a busy machine one late answer is enough.
        return len(app.control.ping(timeout=0.4) or app.control.ping(timeout=3, limit=1) or [])
    except Exception:
        return 0
