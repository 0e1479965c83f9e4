"""The main job under load, on a site of its own: import, export, lists, edits, opening the workspace, and memory."""

from __future__ import annotations

import http.client
import json
import statistics
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg
from playwright.sync_api import Browser, sync_playwright

from annotator.stack import embedded
from tests.bench import corpus
from tests.stack.site import Api, Site, site

DOCUMENTS = 10_000
WRITERS = 16
SECONDS = 20.0
SIZES = {"2k": (2_000, 10), "20k": (20_000, 100), "200k": (200_000, 1_000), "1m": (1_000_000, 5_000)}
OWNER = "owner@example.org"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
]
Report = Callable[[str, float], None]

_WRITERS = """
import json
from annotator.coding.assignments import assign
from annotator.corpus.models import Document
from annotator.teams.access import Actor, Scope
from annotator.teams.models import Membership, Project, Role, User
from annotator.teams.services import create_token
project = Project.objects.get(pk={project})
owner, out = Actor(User.objects.get(email="owner@example.org")), []
for n, document in enumerate(Document.objects.filter(project=project).order_by("id")[:{count}]):
    person, _new = User.objects.get_or_create(email=f"writer{{n}}@example.org")
    Membership.objects.get_or_create(project=project, user=person, defaults={{"role": Role.ANNOTATOR}})
    assign(actor=owner, document=document, email=person.email)
    key = create_token(actor=Actor(person), name="bench", scopes=[s.value for s in Scope])[1]
    out.append((document.pk, document.text, key))
print("WRITERS" + json.dumps(out))
"""


def measure(report: Any) -> None:
    with tempfile.TemporaryDirectory(prefix="dalala-bench-") as folder, site(Path(folder) / "run") as running:
        api = running.api()
        report.machine["postgresql"] = database_version(running)
        project = api.must("POST", "projects/", {"name": "Bench"})["id"]
        api.must("PATCH", f"projects/{project}/", {"pretag_on_import": False})
        bring_in(report, running, api, project)
        take_out(report, running, api, project)
        show_lists(report, api, project)
        edit(report, running, project)
        open_workspaces(report, running, api)
        weigh(report, running)
        api.line.close()


def database_version(running: Site) -> str:
    addresses = embedded.running(running.run_dir)
    assert addresses is not None
    with psycopg.connect(addresses.database_url) as connection:
        row = connection.execute("SHOW server_version").fetchone()
    return str(row[0]) if row else ""


def processor_seconds(running: Site, *kinds: str) -> float:
    total = 0.0
    processes = running.processes()
    for process in (p for kind in kinds for p in processes[kind]):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total


def bring_in(report: Report, running: Site, api: Api, project: int) -> None:
    """From the first byte of the upload until the job is done."""
    raw = b"".join(corpus.lines(DOCUMENTS))
    busy = processor_seconds(running, "web", "worker", "postgres")
    begun = time.perf_counter()
    job = api.must("POST", f"projects/{project}/imports/", files={"bench.jsonl": raw})
    done = api.wait_for(job["id"], seconds=600, every=0.05)
    took = time.perf_counter() - begun
    assert done["result"]["imported"] == DOCUMENTS, done
    report("import_docs_per_s", DOCUMENTS / took)
    report("import_cpu_ms_per_doc", (processor_seconds(running, "web", "worker", "postgres") - busy) / DOCUMENTS * 1000)


def take_out(report: Report, running: Site, api: Api, project: int) -> None:
    """The direct stream, read as it comes; the memory is that of the process that streams, at its highest."""
    web = running.processes()["web"]
    times: list[float] = []
    with highest(web) as peak:
        for _run in range(3):
            line = http.client.HTTPConnection("127.0.0.1", running.port, timeout=120)
            begun = time.perf_counter()
            line.request(
                "GET",
                f"/api/v1/projects/{project}/export/?format=jsonl",
                headers={"Authorization": f"Bearer {api.token}"},
            )
            answer = line.getresponse()
            count = 0
            while piece := answer.read(1 << 18):
                count += piece.count(b"\n")
            times.append(time.perf_counter() - begun)
            line.close()
            assert (answer.status, count) == (200, DOCUMENTS)
    report("export_10k_s", statistics.median(times))
    report("export_rss_mb", peak[0] / 2**20)


@contextmanager
def highest(processes: list[psutil.Process]) -> Iterator[list[int]]:
    """The most bytes that one of the processes had resident, sampled a hundred times a second."""
    peak, over = [0], threading.Event()

    def look() -> None:
        while not over.wait(0.01):
            for process in processes:
                try:
                    peak[0] = max(peak[0], process.memory_info().rss)
                except psutil.NoSuchProcess:
                    continue

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()


def timed(action: Callable[[], object], times: int) -> list[float]:
    out = []
    for _n in range(times):
        begun = time.perf_counter()
        action()
        out.append((time.perf_counter() - begun) * 1000)
    return out


def show_lists(report: Report, api: Api, project: int) -> None:
    for size in (10, 100):
        address = f"projects/{project}/documents/?page_size={size}"
        assert len(api.must("GET", address)["results"]) == size
        report(f"list_{size}_ms", statistics.median(timed(lambda address=address: api.must("GET", address), 60)))


class Writer:
    """One person who marks words of one document, one after the other."""

    def __init__(self, port: int, document: int, text: str, key: str) -> None:
        self.api = Api(port, key)
        self.address = f"documents/{document}/edits/"
        self.text = text
        self.at = 0
        self.count = 0

    def mark(self) -> None:
        start = self.at % (len(self.text) - 8)
        self.at += 7
        span = {"id": str(uuid.uuid4()), "label": "ACTOR", "start": start, "end": start + 5}
        edit = {"id": str(uuid.uuid4()), "op": "add_span", "span": {**span, "quote": self.text[start : start + 5]}}
        self.api.must("POST", self.address, {"edits": [edit]})
        self.count += 1


def edit(report: Report, running: Site, project: int) -> None:
    said = running.manage("shell", "-c", _WRITERS.format(project=project, count=WRITERS))
    writers = [Writer(running.port, *row) for row in json.loads(said.partition("WRITERS")[2].strip())]
    for writer in writers:
        writer.mark()
    alone = timed(writers[0].mark, 300)
    report("edit_p50_ms", statistics.median(alone))
    report("edit_p95_ms", statistics.quantiles(alone, n=20)[18])

    for writer in writers:
        writer.count = 0
    until = time.perf_counter() + SECONDS

    def write(writer: Writer) -> None:
        while time.perf_counter() < until:
            writer.mark()

    threads = [threading.Thread(target=write, args=[writer]) for writer in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    total = sum(writer.count for writer in writers)
    report("edits_per_s_16", total / SECONDS)
    for writer in writers:
        writer.api.line.close()


# The time from the start of the navigation until the frame after the one in which the canvas says that it has painted.
_WATCH = """
(() => {
  const look = () => {
    if (document.querySelector("annotation-canvas[data-painted]")) {
      requestAnimationFrame(() => requestAnimationFrame(() => { window.__painted = performance.now(); }));
    } else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
"""


def open_workspaces(report: Report, running: Site, api: Api) -> None:
    project = api.must("POST", "projects/", {"name": "Long texts"})["id"]
    api.must("PATCH", f"projects/{project}/", {"pretag_on_import": False})
    documents = {name: coded_document(api, project, *size) for name, size in SIZES.items()}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        cookies = logged_in(browser, running)
        for name, document in documents.items():
            times = [opened(browser, cookies, f"{running.address}/documents/{document}/") for _run in range(6)][1:]
            report(f"open_{name}_ms", statistics.median(times))
        browser.close()


def coded_document(api: Api, project: int, length: int, spans: int) -> int:
    """A document with the owner's own spans, made by edits as a person's are."""
    record = corpus.document(length, length, spans)
    made = api.must("POST", f"projects/{project}/documents/", {"title": record["title"], "text": record["text"]})
    edits = [{"id": str(uuid.uuid4()), "op": "add_span", "span": span} for span in record["spans"]]
    for first in range(0, len(edits), 200):
        api.must("POST", f"documents/{made['id']}/edits/", {"edits": edits[first : first + 200]})
    return int(made["id"])


def logged_in(browser: Browser, running: Site) -> list[Any]:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{running.address}/accounts/login/")
    page.fill("input[name=login]", OWNER)
    page.fill("input[name=password]", running.password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login/" not in url)
    cookies = context.cookies()
    context.close()
    return cookies


def opened(browser: Browser, cookies: list[Any], address: str) -> float:
    """Milliseconds in a new tab with nothing in its cache."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.add_cookies(cookies)
    page = context.new_page()
    page.add_init_script(_WATCH)
    page.goto(address, wait_until="commit")
    until = time.monotonic() + 60
    while (painted := page.evaluate("window.__painted ?? 0")) == 0:  # the policy of the page forbids waiting inside it
        assert time.monotonic() < until, address
        time.sleep(0.05)
    context.close()
    return float(painted)


def weigh(report: Report, running: Site) -> None:
    """Resident memory of all our processes after all that work, PostgreSQL left out; shared pages count for each."""
    total = pss = 0.0
    for kind, processes in running.processes().items():
        if kind != "postgres":
            rss = sum(p.memory_info().rss for p in processes)
            report(f"rss_{kind}_mb", rss / 2**20)
            total += rss
            pss += sum(p.memory_full_info().pss for p in processes)
    report("rss_mb", total / 2**20)
    report("pss_mb", pss / 2**20)
