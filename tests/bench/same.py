"""Finding all the same: in a text of a million characters, in a project of 10,000 documents, marking them and back."""

from __future__ import annotations

import statistics
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import quote

from analysis.text.matching import Needle
from tests.bench import corpus
from tests.bench.server import database_version, timed
from tests.stack.site import Api, site

DOCUMENTS = 10_000
MARKED = 200  # documents
LONG = 1_000_000
EVERYWHERE, NOWHERE = "القمة", "زمبابوي"


def measure(report: Any) -> None:
    text = corpus.document(1, LONG, 0)["text"]
    for name, words in (("common", EVERYWHERE), ("rare", NOWHERE)):
        needle = Needle(words)
        report(f"find_1m_{name}_ms", statistics.median(timed(lambda needle=needle: needle.find(text), 5)))
    with tempfile.TemporaryDirectory(prefix="dalala-bench-") as folder, site(Path(folder) / "run") as running:
        api = running.api()
        report.machine["postgresql"] = database_version(running)
        project = api.must("POST", "projects/", {"name": "Bench"})["id"]
        api.must("PATCH", f"projects/{project}/", {"pretag_on_import": False})
        raw = b"".join(corpus.lines(DOCUMENTS, spans=0))
        job = api.must("POST", f"projects/{project}/imports/", files={"bench.jsonl": raw})
        assert api.wait_for(job["id"], seconds=600)["result"]["imported"] == DOCUMENTS
        address = f"projects/{project}/occurrences/?unassigned=yes&q="
        first = timed(lambda: api.must("GET", address + quote(EVERYWHERE)), 10)
        report("project_10k_first_page_ms", statistics.median(first))
        report(
            "project_10k_to_the_end_ms", statistics.median(timed(lambda: _to_the_end(api, address + quote(NOWHERE)), 3))
        )
        _mark(report, api, project, address + quote(EVERYWHERE))
        api.line.close()


def _to_the_end(api: Api, address: str) -> None:
    after, pages = 0, 0
    while after is not None:
        page = api.must("GET", f"{address}&after={after}")
        after, pages = page["after"], pages + 1
    assert page["read"] == page["total"] == DOCUMENTS


def _mark(report: Any, api: Api, project: int, address: str) -> None:
    """One act over some documents, from asking for it until it is done, and the same for taking it back."""
    places: list[dict[str, Any]] = []
    after = 0
    while len(places) < MARKED:
        page = api.must("GET", f"{address}&after={after}")
        after = page["after"]
        places += [
            {"document": found["document"], "starts": [one["start"] for one in found["occurrences"]]}
            for found in page["results"]
        ]
    places = places[:MARKED]
    marks = sum(len(place["starts"]) for place in places)
    body = {"id": str(uuid.uuid4()), "q": EVERYWHERE, "span": {"label": "EVENT"}, "documents": places}
    begun = time.perf_counter()
    job = api.must("POST", f"projects/{project}/occurrences/", body)
    assert api.wait_for(job["id"], seconds=300, every=0.05)["result"]["marks"] == marks
    report("marks_per_s", marks / (time.perf_counter() - begun))
    begun = time.perf_counter()
    back = api.must("POST", f"jobs/{job['id']}/undo/", {})
    assert api.wait_for(back["id"], seconds=300, every=0.05)["result"]["removed"] == marks
    report("undone_per_s", marks / (time.perf_counter() - begun))
