"""What must not stand in the source, whoever writes it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON = sorted(
    p for room in ("annotator", "analysis") for p in (ROOT / room).rglob("*.py") if "migrations" not in p.parts
)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static").rglob("*.js"))

# Each built from escaped pieces only, with a test of its own in tests/web or tests/browser.
MAY_MARK_SAFE = {
    "annotator/web/marked.py",
    "annotator/web/paper.py",
    "annotator/web/comparison.py",
    "annotator/web/views/workspace.py",
    "annotator/web/templatetags/dalala.py",
    "annotator/api/docs.py",
}
RULES: list[tuple[str, list[Path], str, set[str]]] = [
    (
        "mark_safe and friends only where pieces are escaped",
        PYTHON,
        r"\b(mark_safe|SafeString|SafeText)\b",
        MAY_MARK_SAFE,
    ),
    (
        "no look-ups made of what people send",
        PYTHON,
        r"\.(filter|exclude|get|order_by|values|annotate)\(\s*\*\*",
        set(),
    ),
    ("no order_by of what people send", PYTHON, r"\.order_by\([^)\"']*\b(request|params|query|body|GET|POST)\b", set()),
    ("no raw SQL with text pasted in", PYTHON, r"\.execute\(\s*f[\"']", set()),
    ("no extra() and RawSQL", PYTHON, r"\.extra\(|\bRawSQL\b", set()),
    (
        "no code from data",
        PYTHON,
        r"(?<![\w.])(eval|exec)\(|\b(pickle|marshal|shelve|dill)\b|yaml\.(unsafe_)?load\(",
        set(),
    ),
    ("no shell", PYTHON, r"shell\s*=\s*True|os\.system\(|os\.popen\(", set()),
    ("no exemption from CSRF", PYTHON, r"csrf_exempt", set()),
    (
        "no pages in a cache that others share",
        PYTHON,
        r"cache_page|UpdateCacheMiddleware|FetchFromCacheMiddleware",
        set(),
    ),
    ("no formsets, whose ids anybody can forge", PYTHON, r"formset", set()),
    ("no other XML parser", PYTHON, r"\b(lxml|xml\.(etree|sax|dom))\b", set()),
    ("nothing unescaped in templates", TEMPLATES, r"\|\s*safe\b|safeseq|autoescape\s+off", set()),
    ("no inline handlers and styles", TEMPLATES, r"<[^>]*\s(on[a-z]+|style)\s*=\s*[\"']", set()),
    ("no javascript: addresses", [*TEMPLATES, *SCRIPTS], r"javascript:", set()),
    ("no markup made of strings", SCRIPTS, r"\.(innerHTML|outerHTML)\s*=|insertAdjacentHTML|document\.write", set()),
    ("no code made of strings", SCRIPTS, r"(?<![\w.])eval\(|new Function\(|setTimeout\(\s*[\"'`]", set()),
    (
        "nothing from other hosts",
        [*TEMPLATES, *SCRIPTS],
        r"(src|href|url|from|import)\s*[=(]?\s*[\"'(]https?://",
        set(),
    ),
]


@pytest.mark.parametrize(("why", "files", "pattern", "allowed"), RULES, ids=[r[0] for r in RULES])
def test_the_source_keeps_the_rule(why: str, files: list[Path], pattern: str, allowed: set[str]) -> None:
    wanted = re.compile(pattern)
    found = []
    for path in files:
        name = path.relative_to(ROOT).as_posix()
        if name in allowed:
            continue
        text = path.read_text()
        found += [f"{name}:{text.count(chr(10), 0, m.start()) + 1}: {m.group(0)[:80]}" for m in wanted.finditer(text)]
    assert not found, why


def test_every_script_element_carries_the_nonce_and_every_form_that_posts_the_token() -> None:
    wrong = []
    for path in TEMPLATES:
        text = path.read_text()
        tags = re.findall(r"<(?:script|style)\b[^>]*>", text)
        wrong += [(path.name, tag) for tag in tags if "nonce=" not in tag and "application/json" not in tag]
        forms = re.findall(r"<form\b[^>]*method=\"post\".*?</form>", text, re.IGNORECASE | re.DOTALL)
        wrong += [(path.name, form[:80]) for form in forms if "csrf_token" not in form]
    assert not wrong


def test_there_is_something_to_read() -> None:
    assert min(len(PYTHON), len(TEMPLATES), len(SCRIPTS)) > 3
