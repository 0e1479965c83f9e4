"""The modules of the canvas as a site sends them: one file for each step of static/annotator/modules.json.

The sources are plain modules that a browser runs as they are, and so do the tests. Sent one by one they are sixty requests
and half as large again, because each is packed for itself. Here each module keeps a scope of its own and gives out what it
exports; the import map says for every name which file it is in.
"""

from __future__ import annotations

import json
import os
import re
import threading
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

SOURCES = Path(settings.BASE_DIR) / "static" / "annotator"
STEPS = ("paint", "core", "desk")  # the others are wanted rarely and go one by one
_IMPORT = re.compile(r'^import \{ ([\w, ]+) \} from "#annotator/([\w-]+\.js)";\n', re.MULTILINE)
_PASSED_ON = re.compile(r'^export \{ [\w, ]+ \} from "#annotator/([\w-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:const|class|function\*?) (\w+))", re.MULTILINE)
_OTHER = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def modules() -> dict[str, list[str]]:
    """The modules by the step they are wanted in: those that paint a text, that act on it, that furnish the desk around it,
    and those that few ever need."""
    found: dict[str, list[str]] = json.loads((SOURCES / "modules.json").read_text(encoding="utf-8"))
    return found


def file_of(module: str, step: str, *, bundled: bool) -> str:
    """The static file that a module is in."""
    return f"annotator/step-{step}.js" if bundled and step in STEPS else f"annotator/{module}"


def bundle(names: list[str], earlier: set[str], read: Any = None) -> str:
    """Modules as one. They may import each other and `earlier` ones. Raises ValueError for what cannot be put together."""
    read = read or (lambda name: (SOURCES / name).read_text(encoding="utf-8"))
    sources = {name: read(name) for name in names}
    needs: dict[str, set[str]] = {}
    outside: dict[str, set[str]] = {}
    for name, source in sources.items():
        wanted = {(found[2], what) for found in _IMPORT.finditer(source) for what in found[1].split(", ")}
        if strange := {module for module, _what in wanted} - sources.keys() - earlier:
            raise ValueError(f"{name} imports {sorted(strange)}, which come later")
        for module, what in wanted:
            if module not in sources:
                outside.setdefault(module, set()).add(what)
        passed_on = set(_PASSED_ON.findall(source))
        needs[name] = ({module for module, _what in wanted} | passed_on) & sources.keys()
    try:
        order = list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        raise ValueError(f"modules import each other in a circle: {error.args[1]}") from error
    parts = [
        f'import {{ {", ".join(sorted(what))} }} from "#annotator/{module}";\n'
        for module, what in sorted(outside.items())
    ]
    taken = [what for found in outside.values() for what in found]
    given: list[str] = []
    for name in order:
        part, exports = _scoped(name, sources[name])
        parts.append(part)
        given += exports
    if len(set(taken + given)) < len(taken) + len(given):
        raise ValueError("two modules give out the same name")
    return "".join(parts) + f"export {{ {', '.join(given)} }};\n"


def _scoped(name: str, source: str) -> tuple[str, list[str]]:
    """A module in a scope of its own, and the names it gives out."""
    body = _PASSED_ON.sub("", _IMPORT.sub("", source))
    exports = [what for _declaration, what in _EXPORT.findall(body)]
    body = _EXPORT.sub(r"\1", body)
    if other := _OTHER.search(body):
        raise ValueError(f"{name}: {other[0]}")
    if not exports:
        return f"(() => {{\n{body}}})();\n", []
    names = ", ".join(exports)
    return f"const {{ {names} }} = (() => {{\n{body}return {{ {names} }};\n}})();\n", exports


class StepFinder(BaseFinder):
    """Gives the steps to the static files, made anew when a module is another."""

    storage = FileSystemStorage(location=settings.MADE_DIR)
    made_of: tuple[float, ...] = ()  # when the sources of what lies there were written
    making = threading.Lock()  # a page asks for all steps at once

    def find(self, path: str, find_all: bool = False, **_more: Any) -> Any:  # noqa: FBT001, FBT002  Django's signature
        found = [str(made) for name, made in self._made() if name == path] if path.startswith("annotator/step-") else []
        if find_all or not found:
            return found
        return found[0]

    def check(self, **_more: Any) -> Any:
        return []

    def list(self, ignore_patterns: Any) -> Any:
        for name, _made in self._made():
            yield name, self.storage

    def _made(self) -> Any:
        now = tuple(path.stat().st_mtime for path in sorted(SOURCES.iterdir()))
        with self.making:
            if now != self.made_of:
                self._make()
                self.made_of = now
        for step in STEPS:
            name = file_of("", step, bundled=True)
            yield name, Path(settings.MADE_DIR) / name

    def _make(self) -> None:
        earlier: set[str] = set()
        for step in STEPS:
            names = modules()[step]
            path = Path(settings.MADE_DIR) / file_of("", step, bundled=True)
            text = bundle(names, earlier)
            earlier |= set(names)
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                path.parent.mkdir(parents=True, exist_ok=True)
                fresh = path.with_name(f".{path.name}.{os.getpid()}")  # several workers of a test run make them at once
                fresh.write_text(text, encoding="utf-8")
                fresh.replace(path)
