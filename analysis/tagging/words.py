"""Word lists of the taggers: small text files that a person can read and mend; and what the version of a tagger is made of."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from analysis.text.normalise import normalise

_HERE = Path(__file__).parent
DATA = _HERE / "data"


def rows(name: str) -> Iterator[list[str]]:
    """The cells of each line that is neither empty nor a remark."""
    for line in (DATA / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.split("\t")


def cells(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


@lru_cache(maxsize=8)
def classes(name: str) -> dict[str, frozenset[str]]:
    """Normal forms by class, from lines `class<TAB>form;form;…`; a class may take several lines."""
    out: dict[str, set[str]] = {}
    for kind, forms, *_rest in rows(name):
        out.setdefault(kind, set()).update(normalise(form).text.lower() for form in cells(forms))
    return {kind: frozenset(forms) for kind, forms in out.items()}


@lru_cache(maxsize=8)
def fingerprint(*files: str) -> str:
    """A short hash of these files of the tagging room and of all of the text room: it changes when code or words do."""
    digest = hashlib.sha256()
    for path in (
        *(DATA / name if name.endswith(".tsv") else _HERE / name for name in sorted(files)),
        *sorted(_HERE.parent.glob("text/*.py")),
    ):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:10]


SHARED = ("base.py", "words.py", "names.py", "lexicon.py", "events_ar.tsv", "events_en.tsv")
