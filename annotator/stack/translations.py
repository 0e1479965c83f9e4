"""Compiled translations: `.mo` beside each `.po`, made with Babel so that no gettext program is needed."""

from __future__ import annotations

import os
import re
from pathlib import Path

# Babel takes a string without its closing quote and cuts off a letter, so that the shape is checked here.
_GOOD_LINE = re.compile(r'\s*(?:#.*|(?:(?:msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?)\s+)?"(?:[^"\\]|\\.)*"\s*)?')

ROOT = Path(__file__).resolve().parent.parent / "locale"


def stale(root: Path = ROOT) -> list[Path]:
    """The catalogues whose compiled form is missing or older."""
    return [
        po
        for po in sorted(root.glob("*/LC_MESSAGES/*.po"))
        if not (mo := po.with_suffix(".mo")).exists() or mo.stat().st_mtime < po.stat().st_mtime
    ]


def compile_stale(root: Path = ROOT) -> list[Path]:
    """Compile what is stale and name it; readers see the old file or the new one, never half of one."""
    done = stale(root)
    if not done:
        return []
    # Late, because Babel is big and mostly there is nothing to do.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for po in done:
        for number, line in enumerate(po.read_text(encoding="utf-8").splitlines(), start=1):
            if not _GOOD_LINE.fullmatch(line):
                raise ValueError(f"{po}: line {number} is not that of a catalogue: {line.strip()[:80]}")
        with po.open("rb") as source:
            catalogue = read_po(source, locale=po.parent.parent.name, domain=po.stem, abort_invalid=True)
        fresh = po.with_name(f".{po.stem}.{os.getpid()}.mo")
        with fresh.open("wb") as target:
            write_mo(target, catalogue)
        fresh.replace(po.with_suffix(".mo"))
    return done
