"""Says at the end what the crawl of the canaries has seen."""

from __future__ import annotations

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    rows = [
        value
        for reports in (terminalreporter.stats.get(key, []) for key in ("passed", "failed"))
        for report in reports
        for key, value in getattr(report, "user_properties", [])
        if key == "crawl"
    ]
    if rows:
        terminalreporter.section("canary crawl")
        for actor, routes, asked, read, seen, leaks in sorted(rows):
            line = f"{actor}: {routes} routes, {asked} requests, {read} answered, {seen} canaries read, {leaks} leaks"
            terminalreporter.write_line(line)
        terminalreporter.write_line(
            f"{len(rows)} actors, {sum(r[2] for r in rows)} requests, leaks = {sum(r[5] for r in rows)}"
        )
