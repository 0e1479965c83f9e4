"""The sample articles: five political articles written for Dalala, three in Arabic and two in English.

`articles.jsonl` holds one document a line in our own JSONL. Three articles carry a complete coding (`set.origin` is
GOLD): the GCC summit in AlUla (2021), the agreement of Beijing (2023) and Finland's accession to NATO (2023). The
Black Sea grain initiative (2022) and the enlargement of BRICS (2023) are left uncoded, to practise on.

The events happened as told; the desks in the bylines are invented. The coding follows the guidelines of the built-in
political codebook. Arabic: proclitics out, a fused لل whole. English: "the" stays outside a span.
Actors that the built-in registry does not have are described under `entities` of the line that needs them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

_ARTICLES = Path(__file__).parent / "articles.jsonl"


def path() -> Path:
    """The file itself, ready to be imported like any other JSONL."""
    return _ARTICLES


def load() -> list[dict[str, Any]]:
    """The articles, fresh copies, in the order of the file."""
    with _ARTICLES.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def entities() -> dict[str, dict[str, Any]]:
    """All actors the coding needs beyond the built-in registry, by key."""
    out: dict[str, dict[str, Any]] = {}
    for article in load():
        out |= article.get("entities", {})
    return out
