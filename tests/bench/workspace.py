"""The workspace in a real Chromium: a text of a million characters with 10,000 marks, and an ordinary article.

Each figure is the best of five, each in a tab of its own. "DOM start" is the moment the parser begins. Offsets and lost
ink are counted, not timed.
"""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import psutil
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.bench import corpus
from tests.bench.server import CHROMIUM, FLAGS, database_version, logged_in
from tests.browser.fuzz import wrong_offsets
from tests.browser.ink import lost_ink, own_words
from tests.stack.site import Api, Site, site

RUNS = 5
UNLOCKED = [
    "--disable-gpu-vsync",
    "--disable-frame-rate-limit",
]  # a frame takes what it takes, not what the screen waits
Report = Callable[[str, float], None]

# The canvas leaves marks in the timeline of the page ("painted" with the frame that shows the highlights). They are read
# when all is over: whoever asks a page while it opens takes one of two cores from it.
_TIMES = """
(() => {
  const t = performance.timing, since = (x) => x - t.navigationStart;
  const marks = performance.getEntriesByType("mark").filter(({ name }) => name.startsWith("canvas-"));
  const found = Object.fromEntries(marks.map(({ name, startTime }) => [name.slice(7), startTime]));
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  return paint && { ...found, origin: performance.timeOrigin, text: paint.startTime, parser: since(t.domLoading),
    whole: since(t.domInteractive), answer: since(t.responseStart) };
})()
"""
QUIET = 1.5  # seconds a page is left alone to open


def measure(report: Any) -> None:
    with tempfile.TemporaryDirectory(prefix="dalala-bench-") as folder, site(Path(folder) / "run") as running:
        size = sizes(running)
        report("canvas_js_gzip_kb", size["paint"] + size["core"])
        report("all_js_gzip_kb", sum(size.values()))
        api = running.api()
        report.machine["postgresql"] = database_version(running)
        project = api.must("POST", "projects/", {"name": "Bench"})["id"]
        api.must("PATCH", f"projects/{project}/", {"pretag_on_import": False})
        long = corpus.coded(running, api, project, 1_000_000, 10_000)
        short = [corpus.coded(running, api, project, 5_000 + n, 100) for n in range(3)]
        empty = api.must("POST", f"projects/{project}/documents/", {"title": "Empty", "text": "."})["id"]
        with sync_playwright() as playwright:
            bench = Bench(playwright, running)
            bench.open_long(report, long)
            bench.add_and_scroll(report, long)
            bench.weigh(report, long, empty)
            bench.click_to_usable(report, project, short)
            bench.release_to_paint(report, short[0])
            with bench.browser() as browser:
                page = bench.page(browser)
                show = partial(bench.shown, page, api, project)
                report("offset_errors", wrong_offsets(page, show, texts=10, ranges=20_000))
                files = Path(folder, "run", "static", "fonts").glob("noto-sans-arabic-?00.woff2")
                lost = [lost_ink(browser, font, own_words())[1] for font in files]
                assert len(lost) == 2
                report("ink_loss_boundaries", sum(map(len, lost)))
        api.line.close()


def sizes(running: Site) -> dict[str, float]:
    """KB of the packed files of each step, as a browser gets them."""
    steps = json.loads(Path("static/annotator/modules.json").read_text("utf-8"))
    static = running.run_dir / "static"
    collected = json.loads((static / "staticfiles.json").read_text("utf-8"))["paths"]
    found: dict[str, float] = {}
    for step, names in steps.items():
        one = f"annotator/step-{step}.js"
        files = [one] if one in collected else [f"annotator/{name}" for name in names]
        found[step] = sum((static / f"{collected[file]}.gz").stat().st_size for file in files) / 1024
    return found


@contextmanager
def bare(text: str) -> Iterator[str]:
    """The address of a page with the text and nothing else: what no page can be quicker than on this machine."""
    sheet = "section { content-visibility: auto; contain-intrinsic-block-size: auto 2600px }"
    page = f'<!doctype html><html dir="rtl"><meta charset="utf-8"><style>{sheet}</style>{text}'.encode()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()


class Bench:
    def __init__(self, playwright: Playwright, running: Site) -> None:
        self.playwright = playwright
        self.running = running
        with self.browser() as browser:
            self.cookies = logged_in(browser, running)

    @contextmanager
    def browser(self, *more: str) -> Iterator[Browser]:
        browser = self.playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *more])
        try:
            yield browser
        finally:
            browser.close()

    def page(self, browser: Browser) -> Page:
        """A window with nothing in its cache."""
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        context.add_cookies(self.cookies)
        return context.new_page()

    def address(self, document: int) -> str:
        return f"{self.running.address}/documents/{document}/"

    def open(self, page: Page, document: int) -> dict[str, float]:
        """Open a document; milliseconds since the start of the navigation by what had happened."""
        page.goto(self.address(document), wait_until="commit")
        return self.times(page)

    def times(self, page: Page) -> dict[str, float]:
        time.sleep(QUIET)
        self.until(page, "document.querySelector('annotation-canvas[data-ready]') !== null")
        found: dict[str, float] = self.until(page, _TIMES)
        return found

    @staticmethod
    def until(page: Page, script: str, seconds: float = 60) -> Any:
        end = time.monotonic() + seconds
        while not (found := page.evaluate(script)):  # the policy of the page forbids waiting inside it
            assert time.monotonic() < end, script
            time.sleep(0.02)
        return found

    def open_long(self, report: Report, document: int) -> None:
        found: list[dict[str, float]] = []
        with self.browser() as browser, bare(self.text_of(browser, document)) as address:
            floor: list[dict[str, float]] = []
            for _run in range(RUNS + 1):
                page = self.page(browser)
                found.append(self.open(page, document))
                page.context.close()
                page = self.page(browser)
                page.goto(address, wait_until="commit")
                time.sleep(QUIET)
                floor.append(self.until(page, _TIMES))
                page.context.close()
        found = found[1:]  # the first one warms the server
        report("first_text_ms_1m", min(t["text"] - t["parser"] for t in found))
        report("bare_text_ms_1m", min(t["text"] - t["parser"] for t in floor))
        report("highlights_ms_1m", min(t["painted"] - max(t["text"], t["whole"]) for t in found))
        report("page_ms_1m", min(t["painted"] for t in found))
        report("ready_ms_1m", min(t["ready"] for t in found))
        report("server_ms_1m", min(t["answer"] for t in found))

    def add_and_scroll(self, report: Report, document: int) -> None:
        runs = []
        with self.browser(*UNLOCKED) as browser:
            for _run in range(RUNS):
                page = self.page(browser)
                self.open(page, document)
                time.sleep(0.5)
                page.evaluate(_ADD)
                adds = self.until(page, "window.__adds")
                page.evaluate(_SCROLL)
                frames = self.until(page, "window.__frames")
                runs.append((adds, statistics.quantiles(frames, n=20)[18]))
                page.context.close()
        report("add_median_ms_1m", min(statistics.median(adds) for adds, _p95 in runs))
        report("add_worst_ms_1m", min(max(adds) for adds, _p95 in runs))
        report("scroll_p95_ms_1m", min(p95 for _adds, p95 in runs))

    def text_of(self, browser: Browser, document: int) -> str:
        """The text as the page has it, in sections of paragraphs."""
        page = self.page(browser)
        self.open(page, document)
        found: str = page.evaluate("document.querySelector('annotation-canvas').innerHTML")
        page.context.close()
        return found

    def weigh(self, report: Report, document: int, empty: int) -> None:
        """Private memory of the renderers, rubbish collected: the document above the page of an empty one, which is what
        its text and marks weigh; and all of the page above about:blank."""
        blank = min(self.weight(None) for _run in range(3))
        frame = min(self.weight(empty) for _run in range(3))
        whole = min(self.weight(document) for _run in range(3))
        report("memory_mb_1m", (whole - frame) / 2**20)
        report("memory_page_mb_1m", (whole - blank) / 2**20)

    def weight(self, document: int | None) -> int:
        with self.browser() as browser:
            page = self.page(browser)
            page.goto("about:blank")
            if document is not None:
                self.open(page, document)
                time.sleep(1)
            return self.private(browser, page)

    @staticmethod
    def private(browser: Browser, page: Page) -> int:
        line = page.context.new_cdp_session(page)
        for _time in range(3):
            line.send("HeapProfiler.collectGarbage")
            time.sleep(0.3)
        root = browser.new_browser_cdp_session()
        running = root.send("SystemInfo.getProcessInfo")["processInfo"]
        ids = [int(p["id"]) for p in running if p["type"] == "renderer"]
        return sum(psutil.Process(pid).memory_full_info().uss for pid in ids)

    def click_to_usable(self, report: Report, project: int, documents: list[int]) -> None:
        """From a click in the list of documents until a mark could be made: the first time, and with files in the cache."""
        times: list[dict[str, float]] = []
        with self.browser() as browser:
            page = self.page(browser)
            for run in range(RUNS + 1):
                page.goto(f"{self.running.address}/projects/{project}/documents/")
                link = page.locator(f'main a[href="/documents/{documents[run % len(documents)]}/"]').first
                page.evaluate(
                    """addEventListener("pointerup", (event) =>
                        sessionStorage.setItem("clicked", performance.timeOrigin + event.timeStamp), {capture: true})"""
                )
                link.click(no_wait_after=True)
                found = self.times(page)
                at = page.evaluate("Number(sessionStorage.getItem('clicked'))")
                times.append({name: found["origin"] + found[name] - at for name in ("live", "ready")})
                self.mark(page)
        report("usable_ms_5k", min(t["ready"] for t in times[1:]))
        report("usable_core_ms_5k", min(t["live"] for t in times[1:]))
        report("usable_cold_ms_5k", times[0]["ready"])

    def release_to_paint(self, report: Report, document: int) -> None:
        """From the release of the button over a selection, with a label armed, to the frame that shows the highlight."""
        runs = []
        with self.browser() as browser:
            page = self.page(browser)
            self.open(page, document)
            page.evaluate(_RELEASE)
            page.keyboard.press("1")
            for run in range(RUNS):
                for n in range(4):
                    self.mark(page, 3 + 4 * run + n)
            runs = self.until(page, "window.__released.length === 20 && window.__released")
        assert all(painted for _took, painted in runs), "painted in the frame that follows"
        report("release_to_paint_ms", min(took for took, _painted in runs))
        report("release_to_paint_median_ms", statistics.median(took for took, _painted in runs))

    def mark(self, page: Page, word: int = 2) -> None:
        """Drag over a word with the mouse; it must be selected or marked."""
        box = page.evaluate(
            """(n) => {
                const canvas = document.querySelector("annotation-canvas");
                const {paper} = canvas;
                const words = [...paper.text.slice(0, 2000).matchAll(/[^\\s.]{4,}/gu)];
                const at = words[n].index;
                const box = paper.range(at, at + words[n][0].length).getBoundingClientRect();
                return [box.left, box.right, (box.top + box.bottom) / 2, at];
            }""",
            word,
        )
        left, right, y, at = box
        mouse = page.mouse
        mouse.move(right - 1, y)
        mouse.down()
        mouse.move(left + 1, y, steps=3)
        mouse.up()
        self.until(
            page,
            f"""(() => {{ const c = document.querySelector("annotation-canvas");
                return c.selecting.from === {at} || c.store.spans.at({at}).some((s) => s.from === {at}); }})()""",
            5,
        )

    def shown(self, page: Page, api: Api, project: int, text: str) -> str:
        made = api.must("POST", f"projects/{project}/documents/", {"title": "T", "text": text})
        self.open(page, made["id"])
        return str(api.must("GET", f"documents/{made['id']}/")["text"])


# The work and the frame of one more mark, fifteen times, where one reads.
_ADD = """
(() => {
  const canvas = document.querySelector("annotation-canvas");
  const words = [...canvas.paper.text.slice(0, 4000).matchAll(/[^\\s.]{4,}/gu)].slice(5, 20);
  const times = [];
  const next = () => {
    const word = words[times.length];
    if (!word) return (window.__adds = times);
    requestAnimationFrame(() => {
      const begun = performance.now();
      canvas.selecting.set(word.index, word.index + word[0].length);
      canvas.acts.useLabel("ACTOR");
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        times.push(performance.now() - begun);
        setTimeout(next, 120);
      };
      channel.port2.postMessage(0);
    });
  };
  next();
})()
"""
_SCROLL = """
(() => {
  const scroller = document.querySelector("[data-scroller]");
  const frames = [];
  let last = 0;
  const step = (now) => {
    if (last) frames.push(now - last);
    last = now;
    if (frames.length === 400) return (window.__frames = frames);
    scroller.scrollTop += 150;
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})()
"""
_RELEASE = """
(() => {
  window.__released = [];
  const count = () => [...CSS.highlights].reduce((n, [name, all]) => n + (/-\\d$/.test(name) ? all.size : 0), 0);
  addEventListener("pointerup", (event) => {
    const before = count();
    requestAnimationFrame(() => {
      const painted = count() > before;
      const channel = new MessageChannel();
      channel.port1.onmessage = () => window.__released.push([performance.now() - event.timeStamp, painted]);
      channel.port2.postMessage(0);
    });
  }, { capture: true });
})()
"""
