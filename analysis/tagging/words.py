"""Word lists of the taggers: small text files that a person can read and mend."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from analysis.text.normalise import normalise

DATA = Path(__file__).parent / "data"


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
