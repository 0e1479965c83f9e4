"""Makes a site ready to serve: translations, tables, static files, and the demo. Every step may be repeated.

One process does all of it, because loading Django costs more than most of the steps.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from annotator.stack import translations


def prepare(*, demo: bool) -> None:
    translations.compile_stale()

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "annotator.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    collect_static()
    if demo:
        call_command("load_demo", verbosity=0)


def collect_static() -> bool:
    """Collect and compress when a source changed since the last time; says whether it did."""
    from django.conf import settings
    from django.core.management import call_command

    mark = Path(settings.STATIC_ROOT) / ".collected"
    now = _fingerprint()
    if mark.exists() and mark.read_text(encoding="ascii") == now:
        return False
    unused = ["redoc"]  # the other reader of the API's schema, three megabytes that no page of ours asks for
    call_command("collectstatic", interactive=False, verbosity=0, clear=mark.parent.exists(), ignore_patterns=unused)
    mark.write_text(now, encoding="ascii")
    return True


def _fingerprint() -> str:
    """Changes with the name, size or time of any static file, ours or a package's."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = os.stat(storage.path(name))
            digest.update(f"{name}\0{found.st_size}\0{found.st_mtime_ns}\0".encode())
    return digest.hexdigest()
