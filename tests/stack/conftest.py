from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.stack import embedded
from tests.stack.helpers import REMOVED


@pytest.fixture
def run_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A run folder whose servers are down when the test is over."""
    for name in REMOVED:
        monkeypatch.delenv(name, raising=False)
    place = tmp_path / "run"
    yield place
    embedded.stop(place)
