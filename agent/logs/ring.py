"""The agent's own log file, for systems without a journal: four files that go round, one of them written."""

from __future__ import annotations

import logging
import logging.handlers
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FILE_BYTES = 524_288
_OLD_FILES = 3


class _Formatter(logging.Formatter):
    default_msec_format = "%s.%03dZ"
    default_time_format = "%Y-%m-%dT%H:%M:%S"

    @staticmethod
    def converter(seconds: float | None) -> time.struct_time:
        """Count in UTC."""
        return time.gmtime(seconds)


@contextmanager
def ring(path: Path) -> Iterator[None]:
    """Keep what is logged inside; a disk that cannot be written is no reason to stop charging."""
    handler: logging.Handler
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            path, maxBytes=_FILE_BYTES, backupCount=_OLD_FILES, encoding="utf-8", delay=True
        )
    except OSError as error:
        logging.getLogger(__name__).error("there will be no log file: %s", error)
        yield
        return
    handler.setFormatter(_Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
        handler.close()


def files(path: Path) -> list[Path]:
    """Return the files that there are, the oldest first."""
    old = [path.with_name(f"{path.name}.{number}") for number in range(_OLD_FILES, 0, -1)]
    return [file for file in (*old, path) if file.exists()]
