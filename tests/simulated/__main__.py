"""`python -m tests.simulated DIRECTORY (cut SECONDS | tell VERSION)`: a part of a day."""

from __future__ import annotations

import json
import logging
import os
import sys

from agent.system.journal import fields
from tests.simulated.day import spend


class Entries(logging.Handler):
    """Writes each line as the journal would have it, as JSON."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record to standard error."""
        sys.stderr.write(json.dumps(dict(fields(record, self.format(record)))) + "\n")


def main(arguments: list[str]) -> int:
    """Live through it; a cut kills the process."""
    directory, what, which = arguments
    os.chdir(directory)
    logging.basicConfig(level=logging.INFO, handlers=[Entries()])
    spend(cut_s=float(which) if what == "cut" else None, version=which)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
