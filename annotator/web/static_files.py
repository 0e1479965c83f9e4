"""Our modules as they are sent: without what only people read. What the browser runs is the same, word for word."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import brotli
import zopfli.gzip
from django.core.files.base import ContentFile
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

OWN = re.compile(r"/(?:annotator|css|js)/[^/]+\.(?:js|css)$")  # in the folder of the collected files

# By lines, as our modules are written; what stands in strings and templates of one line is never touched. Programs that
# shorten more were tried: one put declarations in another order, one took spaces out of templates.
_NOTES = re.compile(r"^[ \t]*(?:/\*(?s:.*?)\*/[ \t]*|//.*)\n", re.MULTILINE)
_ASIDES = re.compile(r"[ \t]+// [^\"'`\n]*$", re.MULTILINE)
_INDENTS = re.compile(r"^[ \t]+|\n(?=\n)", re.MULTILINE)


def lean(source: str) -> str:
    """A module without comments, indents and empty lines. Raises ValueError where the text of a template goes over lines."""
    for line in source.splitlines():
        code = _ASIDES.sub("", line).strip()
        is_open = (
            code.replace('"`"', "").count("`") % 2 and not code.endswith("${") and not code.startswith(("}", "*", "/"))
        )
        if is_open:
            raise ValueError(f"a template over several lines: {code}")
    for pattern in (_NOTES, _ASIDES, _INDENTS):
        source = pattern.sub("", source)
    return source


class Packer(Compressor):  # type: ignore[misc]  # whitenoise has no types
    """Packs our own files as small as they get. At their best, packers take a minute for what packages bring."""

    def compress(self, path: str) -> list[str]:
        if not OWN.search(path):
            return list(super().compress(path))
        file = Path(path)
        content, about = file.read_bytes(), file.stat()
        packed = {".br": brotli.compress(content), ".gz": zopfli.gzip.compress(content)}
        return [self.write_data(path, small, ending, about) for ending, small in packed.items()]


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Names with a fingerprint, packed, our modules made lean."""

    def create_compressor(self, **settings: Any) -> Packer:
        return Packer(use_brotli=False, **settings)

    def _save(self, name: str, content: Any) -> str:
        if name.startswith("annotator/") and name.endswith(".js"):
            content.seek(0)  # it has been read once for its fingerprint
            content = ContentFile(lean(content.read().decode()).encode())
        return str(super()._save(name, content))
