"""Which servers to use: those the environment names, else the embedded ones. Called by `settings.py`."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

from annotator.stack import embedded
from annotator.stack.embedded import Addresses


def default_run_dir() -> Path:
    """RUN_DIR, else `.run` beside manage.py."""
    given = os.environ.get("RUN_DIR")
    return Path(given).resolve() if given else Path(__file__).resolve().parent.parent.parent / ".run"


def resolve(run_dir: Path | None = None) -> Addresses:
    """The addresses of the database and the broker.

    Embedded servers that do not run are started and end with the last process that uses them.
    DALALA_NO_EMBEDDED=1 never starts any (type checks, image builds); DALALA_FORGETFUL=1 starts those for tests.
    """
    database_url, redis_url = os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", "")
    if database_url and redis_url:
        return Addresses(database_url, redis_url)
    run_dir = run_dir or default_run_dir()
    if os.environ.get("DALALA_NO_EMBEDDED") == "1":
        found = embedded.expected(run_dir)
    else:
        found = embedded.ensure(run_dir, durable=os.environ.get("DALALA_FORGETFUL") != "1")
    return Addresses(database_url or found.database_url, redis_url or found.redis_url)


def demo_secret_key(run_dir: Path) -> str:
    """The key of a demo, made once and kept in the run folder for its owner's eyes."""
    embedded.make_run_dir(run_dir)
    return embedded.secret_file(run_dir / "secret_key")


def demo_password(run_dir: Path) -> str:
    """The password of all the demo's people: DALALA_DEMO_PASSWORD, else one made once and kept."""
    given = os.environ.get("DALALA_DEMO_PASSWORD")
    if given:
        return given
    embedded.make_run_dir(run_dir)
    return embedded.secret_file(run_dir / "demo_password", 12)


def for_tests() -> None:
    """Before the settings of the tests load: servers of this test run alone, in a folder of its own.

    Its helper processes inherit the choice. Folders that killed runs left are removed.
    """
    if os.environ.get("DALALA_FORGETFUL") == "1":
        return
    home = default_run_dir() / "test"
    for left in home.glob("*"):
        if not _lives(left.name) and embedded.keeper_pid(left) is None:
            shutil.rmtree(left, ignore_errors=True)
    mine = home / str(os.getpid())
    embedded.make_run_dir(mine)
    os.environ |= {"DALALA_FORGETFUL": "1", "RUN_DIR": str(mine), "DALALA_DEMO": "1"}


def _lives(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        pass
    return True


def assume_laptop() -> None:
    """For `manage.py` only: without any word about keys and servers the command is about the demo of this folder.

    A web server never comes through here, so that it still refuses to start without a SECRET_KEY.
    """
    if any(os.environ.get(name) for name in ("SECRET_KEY", "DATABASE_URL", "DALALA_DEMO")):
        return
    os.environ["DALALA_DEMO"] = "1"
    try:
        running = json.loads((default_run_dir() / "run.json").read_text(encoding="utf-8"))
        os.environ.setdefault("SITE_URL", running["site_url"])
    except (FileNotFoundError, ValueError, KeyError):
        pass
