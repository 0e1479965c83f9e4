"""The steps of the canvas: what is put together, what cannot be, and what a page loads."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from annotator.web.bundles import SOURCES, STEPS, StepFinder, bundle, modules
from annotator.web.static_files import StaticFiles, lean
from tests import build

SHAPES = {
    "a.js": 'import { b } from "#annotator/b.js";\nconst SHOWN = 1;\nexport const a = () => b() + SHOWN;\n',
    "b.js": 'import { h } from "#annotator/dom.js";\n\nconst SHOWN = 2;\n\nexport function b() {\n  return h(SHOWN);\n}\n',
    "all.js": 'export { a } from "#annotator/a.js";\n',
}


def test_modules_stand_behind_what_they_import_each_in_its_own_scope() -> None:
    made = bundle(["all.js", "a.js", "b.js"], {"dom.js"}, SHAPES.__getitem__)
    assert made.startswith('import { h } from "#annotator/dom.js";\n')
    assert made.index("const { b } = (() => {") < made.index("const { a } = (() => {")
    assert made.count("SHOWN =") == 2
    assert made.endswith("export { b, a };\n")


@pytest.mark.parametrize(
    ("sources", "why"),
    [
        ({"a.js": 'import { x } from "#annotator/later.js";\n'}, "come later"),
        ({"a.js": 'import { b } from "#annotator/b.js";\nexport const a = 1;\n',
          "b.js": 'import { a } from "#annotator/a.js";\nexport const b = 1;\n'}, "circle"),
        ({"a.js": "export const x = 1;\n", "b.js": "export const x = 2;\n"}, "same name"),
        ({"a.js": "export default 1;\n"}, "export default"),
        ({"a.js": 'import * as all from "#annotator/dom.js";\n'}, "import *"),
    ],
)  # fmt: skip
def test_what_cannot_be_put_together_is_told(sources: dict[str, str], why: str) -> None:
    with pytest.raises(ValueError, match=r".*") as raised:
        bundle(list(sources), {"dom.js"}, sources.__getitem__)
    assert why in str(raised.value)


def test_each_module_is_listed_once_and_all_that_are_imported_are() -> None:
    listed = [name for names in modules().values() for name in names]
    assert len(listed) == len(set(listed))
    sources = [path.read_text(encoding="utf-8") for path in SOURCES.glob("*.js")]
    imported = {name for source in sources for name in re.findall(r'"#annotator/([\w-]+\.js)"', source)}
    assert imported <= set(listed) <= {path.name for path in SOURCES.glob("*.js")}


def test_lean_modules_lose_what_only_people_read_and_nothing_else() -> None:
    source = """
/**
 * Why.
 */

export const f = (a) => {
  // so
  const url = "https://x.org/* no */"; // an aside
  return `${a ? ` // ${a}` : "  "}` + url;
};
"""
    assert lean(source).lstrip() == (
        'export const f = (a) => {\nconst url = "https://x.org/* no */";\nreturn `${a ? ` // ${a}` : "  "}` + url;\n};\n'
    )
    with pytest.raises(ValueError, match="over several lines"):
        lean("const a = `\n  b`;\n")


@pytest.mark.parametrize("name", [name for names in modules().values() for name in names])
def test_each_module_can_be_made_lean(name: str) -> None:
    source = (SOURCES / name).read_text(encoding="utf-8")
    assert 0 < len(lean(source)) < len(source)


@pytest.mark.django_db
@pytest.mark.parametrize("bundled", [False, True])
def test_a_page_loads_one_file_a_step_or_each_module(settings: Any, bundled: bool) -> None:
    settings.CANVAS_BUNDLED = bundled
    of = build.project()
    document = build.document(of)
    client = Client()
    client.force_login(of.created_by)
    page, long = (
        client.get(reverse("workspace", args=[one.pk])).content.decode()
        for one in (document, build.document(of, text="نص طويل. " * 25_000))
    )
    assert page.count('rel="modulepreload"') == (len(STEPS) if bundled else sum(len(modules()[s]) for s in STEPS))
    assert long.count('rel="modulepreload"') == (1 if bundled else len(modules()["paint"]))  # the text comes first
    assert page.count('annotator/canvas.js" type="module"') == (not bundled)
    assert page.count('annotator/step-paint.js" type="module"') == bundled


def test_a_module_is_whole_under_its_fingerprint(tmp_path: Path) -> None:
    storage = StaticFiles(location=tmp_path, base_url="/static/")
    content = ContentFile(b"export const a = 1; // why\n")
    storage.hashed_name("annotator/a.js", content)  # reads it to the end
    storage._save("annotator/a.0123.js", content)
    assert (tmp_path / "annotator/a.0123.js").read_text() == "export const a = 1;\n"


def test_steps_that_are_asked_for_at_once_are_made_once(settings: Any, tmp_path: Path) -> None:
    settings.MADE_DIR = tmp_path
    names = [f"annotator/step-{step}.js" for step in STEPS] * 4
    finder = StepFinder()
    with ThreadPoolExecutor(len(names)) as pool:
        found = list(pool.map(finder.find, names))
    assert [Path(path).name for path in found] == [Path(name).name for name in names]
    assert {path.name for path in (tmp_path / "annotator").iterdir()} == {Path(name).name for name in names}
