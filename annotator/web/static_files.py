"""Our modules as they are sent: without what only people read. What the browser runs are the same modules, file by file."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage


def lean(source: str) -> str:
    """A module without comments and with short local names. Raises MinifyError for what is no JavaScript."""
    import minify  # here: it brings a runtime of its own, which no process needs that only serves

    return str(minify.string("application/javascript", source))


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Names with a fingerprint, packed, our modules made lean."""

    def _save(self, name: str, content: Any) -> str:
        if name.startswith("annotator/") and name.endswith(".js"):
            content.seek(0)  # the fingerprint was taken of it just now
            content = ContentFile(lean(content.read().decode()).encode())
        return str(super()._save(name, content))
