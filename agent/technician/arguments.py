"""Arguments on the command line that must make sense before anything is opened."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Final

LEAST_S: Final = 0.01
MOST_S: Final = 3600.0


def seconds(text: str) -> float:
    """Return a time.

    Raises:
        ArgumentTypeError: If it is none that anything can be waited for.
    """
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not LEAST_S <= value <= MOST_S:
        raise argparse.ArgumentTypeError(f"{text!r} is no time; expected {LEAST_S} to {MOST_S:g} seconds")
    return value


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """Return what takes a whole number between these two."""

    def parse(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and least <= int(text) <= most):
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} to {most}")
        return int(text)

    return parse


def directory(text: str) -> Path:
    """Return a directory that is there.

    Raises:
        ArgumentTypeError: If it is not, which would otherwise look like one without profiles.
    """
    path = Path(text)
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"{text!r} is no directory")
    return path
