"""The Arabic face of the pages, made for the browser out of the package that carries it: smaller, and under a name of ours.

The package holds one variable font for every width and weight (845 KB). A page needs two weights of one width, in the
scripts that Arabic texts are written with: 39 KB each. They are made once and kept in MADE_DIR.
"""

from __future__ import annotations

from importlib import metadata
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

FAMILY = "fontpkg-noto-sans-arabic"
SOURCE = "NotoSansArabic[wdth,wght].ttf"
WEIGHTS = (400, 700)
# Letters of Arabic, Persian, Urdu and Kurdish with their marks; Latin ones and signs beside them, so that a word between
# two scripts is one face; ligatures that texts carry as one character (ﷺ, ﻻ). Written forms of single letters are left out.
CHARACTERS = [
    *range(0x20, 0x180),
    *range(0x600, 0x700),
    *range(0x2000, 0x2070),
    *range(0xFD3E, 0xFD40),
    *range(0xFDF0, 0xFE00),
    *range(0xFEF5, 0xFEFD),
]
RECIPE = 2  # of `_make`; a change makes the files anew


class FontFinder(BaseFinder):
    """Gives `fonts/noto-sans-arabic-400.woff2` and `-700` to the static files."""

    storage = FileSystemStorage(location=settings.MADE_DIR)

    def find(self, path: str, find_all: bool = False, **_more: Any) -> Any:  # noqa: FBT001, FBT002  Django's signature
        found = [str(_font(weight)) for weight in WEIGHTS if path == _name(weight)]
        if find_all or not found:
            return found
        return found[0]

    def check(self, **_more: Any) -> Any:
        return []

    def list(self, ignore_patterns: Any) -> Any:
        for weight in WEIGHTS:
            _font(weight)
            yield _name(weight), self.storage


def _name(weight: int) -> str:
    return f"fonts/noto-sans-arabic-{weight}.woff2"


def _font(weight: int) -> Path:
    """The file of a weight, made when it is missing or its package is another."""
    kept = Path(FontFinder.storage.path(_name(weight)))
    made_of = kept.with_suffix(f".{metadata.version(FAMILY)}-{metadata.version('fonttools')}-{RECIPE}")
    if not (kept.exists() and made_of.exists()):
        kept.parent.mkdir(parents=True, exist_ok=True)
        _make(weight, kept)
        made_of.touch()
    return kept


def _make(weight: int, path: Path) -> None:
    from fontTools import subset  # half a second; only who makes the files pays it
    from fontTools.ttLib import TTFont
    from fontTools.varLib import instancer

    with as_file(files("fontpkg_noto_sans_arabic") / "files" / SOURCE) as source:
        font = TTFont(source, lazy=False)
    options = subset.Options(hinting=False, notdef_outline=True, name_IDs=[*range(7), 13, 14])  # 13, 14: the licence
    chosen = subset.Subsetter(options)
    chosen.populate(unicodes=CHARACTERS)
    chosen.subset(font)
    font = instancer.instantiateVariableFont(font, {"wdth": 100, "wght": weight})
    font.flavor = "woff2"
    with NamedTemporaryFile(dir=path.parent, delete=False) as written:
        font.save(written)
    Path(written.name).replace(path)  # whole, also when two make it at once
