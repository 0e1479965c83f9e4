"""`python -m tests.bench [NAME …]`: measure and write `.run/bench/NAME.json`; without a name, all there are.

A benchmark is a module of this package with `measure(report)`: it notes figures with `report(key, number)`.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
from pathlib import Path
from typing import Any

from tests import bench
from tests.bench.machine import machine

HELPERS = {"__main__", "corpus", "machine"}
OUT = Path(__file__).resolve().parents[2] / ".run" / "bench"


class Report:
    """Collects the figures and shows each as it comes."""

    def __init__(self) -> None:
        self.figures: dict[str, float] = {}
        self.machine: dict[str, Any] = machine()

    def __call__(self, key: str, value: float) -> None:
        self.figures[key] = round(value, 2 if value < 100 else 0)
        sys.stdout.write(f"{key:>28} {self.figures[key]:>12}\n")
        sys.stdout.flush()


def main(wanted: list[str]) -> int:
    known = sorted(m.name for m in pkgutil.iter_modules(bench.__path__) if m.name not in HELPERS)
    if unknown := [name for name in wanted if name not in known]:
        sys.stderr.write(f"There is no benchmark {unknown[0]}. There are: {', '.join(known)}.\n")
        return 2
    OUT.mkdir(parents=True, exist_ok=True)
    for name in wanted or known:
        sys.stdout.write(f"{name}\n")
        report = Report()
        importlib.import_module(f"tests.bench.{name}").measure(report)
        path = OUT / f"{name}.json"
        found = {"name": name, "machine": report.machine, "figures": report.figures}
        path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        sys.stdout.write(f"  written to {path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
