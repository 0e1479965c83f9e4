"""The whole job on a running site: a real worker and broker, three people with their own browsers, an Arabic article.

Import by paste, pre-tagging, assignment, coding by mouse and keyboard, submission, acceptance, export; then the exported
file is held against the text.
"""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from annotator.stack import embedded
from tests.browser.conftest import Desk, watch
from tests.stack.helpers import PROJECT, clean_environment
from tests.stack.test_supervisor import free_port, site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ARTICLE = """مؤتمر بغداد للتعاون والشراكة: جوار يبحث عن حوار
السبت 28/أغسطس/2021 - 07:30 م
سامر الكيلاني
استضافت بغداد يوم السبت مؤتمر التعاون والشراكة بمشاركة قادة ووزراء من دول الجوار، وبحضور الرئيس الفرنسي إيمانويل ماكرون. \
وجلس وزير الخارجية السعودي ونظيره الإيراني حول طاولة واحدة، في مشهد لم يكن مألوفًا قبل عام.
ويعكس انعقاد المؤتمر رغبة العراق في الانتقال من ساحة للصراع إلى وسيط بين جيرانه، كما يهدف إلى جذب الاستثمارات إلى مشاريع الإعمار. \
وأكد رئيس الوزراء العراقي أن بلاده ترفض استخدام أراضيها منطلقًا لتهديد أحد.
وللأردن ومصر حضور لافت، بعد شهرين من قمة ثلاثية عُقدت في العاصمة العراقية. \
ومن شأن هذا التقارب أن يخفف اعتماد العراق على طرف واحد، وإن بقيت الخلافات القديمة بلا حل."""


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A site as `make run` starts it: its address and its run folder."""
    run_dir, port = tmp_path / "run", free_port()
    with site(run_dir, port):
        yield f"http://127.0.0.1:{port}", run_dir
    embedded.stop(run_dir)


class Person:
    """Somebody with a browser of their own, logged in through the form."""

    def __init__(self, chromium: Browser, url: str, name: str, password: str, wrong: list[str]) -> None:
        self.url = url
        self.context: BrowserContext = chromium.new_context(
            viewport={"width": 1280, "height": 860}, reduced_motion="reduce"
        )
        self.context.set_default_timeout(15_000)
        self.context.add_cookies([{"name": "language", "value": "ar", "url": url}])
        self.page: Page = self.context.new_page()
        watch(self.page, wrong)
        self.go("/")
        self.page.locator("main").get_by_role("link", name="تسجيل الدخول").click()
        self.page.fill("[name=login]", f"{name}@example.org")
        self.page.fill("[name=password]", password)
        self.page.locator("main form button[type=submit]").click()
        self.page.wait_for_url(f"{url}/")

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)


def call(url: str, token: str, path: str, body: object = None) -> Any:
    """One REST call; the answer as text for a stream, else as JSON."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(url + path, data, headers), timeout=30) as answer:
        text = answer.read().decode()
        return json.loads(text) if answer.headers["Content-Type"] == "application/json" else text


def token_for(run_dir: Path, email: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", "create_token", "--user", email],
        cwd=PROJECT, env=clean_environment(RUN_DIR=str(run_dir)), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.split()[-1]


@pytest.mark.timeout(240)
def test_three_people_take_an_article_from_import_to_export(running: tuple[str, Path], chromium: Browser) -> None:
    url, run_dir = running
    password = (run_dir / "demo_password").read_text().strip()
    wrong: list[str] = []
    manager, annotator, reviewer = (
        Person(chromium, url, name, password, wrong) for name in ("manager", "annotator", "reviewer")
    )
    try:
        project = bring_in(manager)
        document = article_of(manager, run_dir, url)
        give_out(manager, project, document)
        made = code(annotator, document)
        review(reviewer, project, made)
        lines = export(manager, project)
        check(lines, document, made)
        check_rest(url, token_for(run_dir, "manager@example.org"), project, lines)
        assert not wrong, wrong
    finally:
        for person in (manager, annotator, reviewer):
            person.context.close()


def bring_in(manager: Person) -> int:
    """The manager pastes the article; what was recognised of its head is right; it is stored."""
    page = manager.page
    page.locator("main .cover").first.click()
    found = re.search(r"/projects/(\d+)/", page.url)
    assert found is not None
    project = int(found.group(1))
    manager.go(f"/projects/{project}/import/")
    page.fill("textarea[name=text]", ARTICLE)
    page.locator("form:has(textarea) button.primary").click()
    expect(page.locator("[name=title]")).to_have_value("مؤتمر بغداد للتعاون والشراكة: جوار يبحث عن حوار")
    expect(page.locator("[name=published_on]")).to_have_value("2021-08-28")
    expect(page.locator("[name=author]")).to_have_value("سامر الكيلاني")
    page.fill("[name=source]", "قسم الشؤون العربية")
    page.locator("button[name=store]").click()
    page.wait_for_selector("annotation-canvas[data-ready]")
    return project


def article_of(manager: Person, run_dir: Path, url: str) -> Any:
    """What the server stores, and that the worker's suggestions have come into the open page by themselves."""
    page = manager.page
    expect(page.locator('[data-part="count-suggestions"]')).not_to_have_text("0", timeout=30_000)
    number = int(page.url.rstrip("/").split("/")[-1])
    stored = call(url, token_for(run_dir, "manager@example.org"), f"/api/v1/documents/{number}/")
    assert stored["text"] == ARTICLE
    assert (stored["language"], stored["direction"]) == ("ar", "rtl")
    return SimpleNamespace(pk=number, text=stored["text"])


def give_out(manager: Person, project: int, document: Any) -> None:
    page = manager.page
    manager.go(f"/projects/{project}/documents/")
    page.locator(f'input[name=documents][value="{document.pk}"]').check()
    page.locator("details:has(input[name=people]) > summary").click()
    page.locator("label:has(input[name=people])", has_text="نور الخطيب").locator("input").check()
    page.locator("button[name=what][value=assign]").click()
    expect(page.locator(".message.success")).to_be_visible()


def code(annotator: Person, document: Any) -> list[tuple[str, str]]:
    """The annotator's work. Returns (label, quote) of what must be in the export."""
    page = annotator.page
    annotator.go("/")
    page.locator("main").get_by_role("link", name="مؤتمر بغداد للتعاون والشراكة").first.click()
    page.wait_for_selector("annotation-canvas[data-ready]")
    desk = Desk(page, None, document, annotator.url)  # type: ignore[arg-type]
    made: list[tuple[str, str]] = []

    # By mouse and click: an implication; by mouse and key: an actor nested in it, with an Arabic layout.
    desk.select("رغبة العراق في الانتقال من ساحة للصراع إلى وسيط بين جيرانه")
    desk.label("IMPLICATION")
    choose(desk, "SIGNIFICANCE")
    made.append(("IMPLICATION", "رغبة العراق في الانتقال من ساحة للصراع إلى وسيط بين جيرانه"))
    desk.select("جيرانه")
    desk.press("Digit1", "١")
    made.append(("ACTOR", "جيرانه"))
    # Into words: behind a conjunction, and from inside a lam-alef.
    for quote, label in (("مصر", "ACTOR"), ("لأردن", "ACTOR"), ("تهديد", "EVENT")):
        desk.select(quote, alt=True)
        desk.label(label)
        if label == "EVENT":
            choose(desk, "THREATEN")
        made.append((label, quote))
    # By keyboard alone: from the first word of a paragraph to the next.
    page.locator("annotation-canvas").focus()
    desk.run("canvas.selecting.caret = x", document.text.index("وجلس وزير"))
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowLeft")
    assert (
        desk.run("return String(canvas.paper.quote(canvas.selecting.from, canvas.selecting.to))") == "جلس وزير"
    )  # without the attached letter
    page.keyboard.press("Escape")
    # Undo by key, with nothing lost on the way.
    desk.select("طاولة")
    desk.label("PLACE")
    desk.saved()
    page.keyboard.press("Control+z")
    desk.saved()
    # Suggestions: one accepted, one rejected by key.
    page.locator('[data-tab="suggestions"]').click()
    page.keyboard.press("n")
    accepted = desk.run(
        "const s = canvas.store.suggestions.get(canvas.picking.current); return [s.label, canvas.store.quote(s)]"
    )
    page.keyboard.press("a")
    made.append((accepted[0], accepted[1]))
    page.keyboard.press("n")
    page.keyboard.press("x")
    desk.saved()
    # A reload shows the same; then it is handed in.
    page.reload()
    page.wait_for_selector("annotation-canvas[data-ready]")
    for label, count in Counter(label for label, _quote in made).items():
        expect(page.locator(f'[data-label="{label}"] [data-count]')).to_have_text(str(count))
    page.locator("form[action$='/submit/'] button").click()
    expect(page.locator(".message.success form button")).to_be_visible()  # there is a way back
    annotator.go(f"/documents/{document.pk}/")
    expect(page.locator(".rail .state-submitted")).to_be_visible()
    return made


def choose(desk: Desk, code_: str) -> None:
    """Set the first required attribute of the mark that is shown, in its form, unless a suggestion brought it along."""
    desk.page.locator('[data-part="details"] .field').first.wait_for()
    field = desk.page.locator('[data-part="details"] .field[data-missing]').first
    if not field.count():
        return
    searched = field.locator("input[role=combobox]")
    if searched.count():
        searched.fill(code_)
        searched.press("Enter")
    else:
        field.locator("select").select_option(code_)


def review(reviewer: Person, project: int, made: list[tuple[str, str]]) -> None:
    page = reviewer.page
    reviewer.go(f"/projects/{project}/review/")
    page.get_by_role("link", name="مؤتمر بغداد للتعاون والشراكة").first.click()
    page.wait_for_selector("annotation-canvas[data-ready]")
    shown = page.evaluate(
        """() => { const canvas = document.querySelector("annotation-canvas");
            return [...canvas.store.spans.byId.values()].map((s) => [s.label, canvas.store.quote(s)]) }"""
    )
    assert sorted(map(tuple, shown)) == sorted(made)
    page.locator("button[name=what][value=accept]").click()
    expect(page.locator(".message.success")).to_be_visible()


def export(manager: Person, project: int) -> list[dict[str, Any]]:
    page = manager.page
    manager.go(f"/projects/{project}/exports/")
    page.select_option("[name=format]", "jsonl")
    page.select_option("[name=set]", "gold")
    page.locator("form:has([name=format]) button.primary").click()
    link = page.locator("main a[download]")
    link.wait_for(timeout=30_000)
    with page.expect_download() as waiting:
        link.click()
    text = Path(waiting.value.path()).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def check(lines: list[dict[str, Any]], document: Any, made: list[tuple[str, str]]) -> None:
    (line,) = [one for one in lines if one["id"] == document.pk]
    assert line["text"] == ARTICLE
    assert line["set"]["origin"] == "GOLD"
    for one in lines:
        assert all(one["text"][s["start"] : s["end"]] == s["quote"] for s in one["spans"])
    assert sorted((s["label"], s["quote"]) for s in line["spans"]) == sorted(made)
    # What was marked by hand over an open suggestion of the same label corrects it; both kinds say whose proposal it was.
    suggested = [s["provenance"] for s in line["spans"] if s["provenance"]["origin"] != "MANUAL"]
    assert 0 < len(suggested) < len(made)
    assert {p["origin"] for p in suggested} in ({"ACCEPTED"}, {"ACCEPTED", "CORRECTED"})
    assert all(p["tagger"] and 0 < p["score"] <= 1 for p in suggested)


def check_rest(url: str, token: str, project: int, lines: list[dict[str, Any]]) -> None:
    """The direct stream says what the file says, and the span table has a row for each span."""
    stream = call(url, token, f"/api/v1/projects/{project}/export/?format=jsonl&set=gold")
    assert [json.loads(line) for line in stream.splitlines()] == lines
    table = call(url, token, f"/api/v1/projects/{project}/export/?format=spans_csv&set=gold")
    rows = list(csv.DictReader(io.StringIO(table.lstrip("\ufeff"))))
    assert len(rows) == sum(len(line["spans"]) for line in lines)
    job = call(url, token, f"/api/v1/projects/{project}/exports/", {"format": "events_csv", "set": "gold"})
    until = time.monotonic() + 30
    while job["state"] in ("queued", "running"):
        assert time.monotonic() < until
        time.sleep(0.2)
        job = call(url, token, f"/api/v1/jobs/{job['id']}/")
    assert (job["state"], job["errors"]) == ("done", [])
