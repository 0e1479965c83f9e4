#!/usr/bin/env python
"""Django's commands, and `run`, which starts the whole site without loading Django into the supervisor."""

import os
import sys


def main() -> None:
    if sys.argv[1:2] == ["run"]:
        from annotator.stack import supervisor

        sys.exit(supervisor.main())

    from annotator.stack import env

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "annotator.settings")
    env.assume_laptop()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
