"""`python -m annotator.stack NAME`: run, prepare, web, worker, beat, translations."""

from __future__ import annotations

import os
import sys

from annotator.stack import env, processes, supervisor, translations
from annotator.stack.prepare import prepare


def main(name: str) -> int:
    match name:
        case "run":
            return supervisor.main()
        case "prepare":
            prepare(demo=os.environ.get("DALALA_DEMO") == "1")
        case "translations":
            translations.compile_stale()
        case "web":
            _become(processes.web(f"{os.environ.get('BIND') or '0.0.0.0'}:{os.environ.get('PORT') or 8000}"))  # noqa: S104
        case "worker":
            _become(processes.worker())
        case "beat":
            _become(processes.beat(env.default_run_dir() / "beat" / "schedule"))
        case _:
            sys.stderr.write(f"{__doc__}\n")
            return 2
    return 0


def _become(command: list[str]) -> None:
    os.execv(command[0], command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
