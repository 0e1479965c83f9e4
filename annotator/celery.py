"""The Celery app. A message is only a bell: what is to be done stands in the row of `activity.Job`.

Only the processes that do the work load Django. Celery's own fix-up would load it into the parent of the pool and into
beat as well, 50 MB each, where it is never used.
"""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.signals import worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "annotator.settings")

app = Celery("annotator", fixups=[])
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.worker_proc_alive_timeout = 60.0  # seconds: loading Django may take long on a busy machine
# A process that a large file has blown up gives way to a fresh one after its job.
app.conf.worker_max_memory_per_child = 160_000  # kB
app.autodiscover_tasks(["annotator.jobs"])


@worker_process_init.connect
def load_django(**_: Any) -> None:
    import django

    django.setup()
