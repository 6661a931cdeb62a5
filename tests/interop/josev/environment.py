"""Josev's vehicle in an environment of its own: `python -m tests.interop.josev.environment` makes it.

Its pins contradict ours (cryptography, pydantic), and its EXI codec is Java; so it is never imported, but
driven as a program, by `driver.py`. The environment lies in `build`, one per list of pins.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from typing import Final

from tests.interop.turn import alone
from tests.stack.needed import command, missing

GIVEN: Final = "CHARGEHAND_TEST_JOSEV"
"""Names an environment that is there already, if somebody wants that."""

DRIVER: Final = Path(__file__).with_name("driver.py")
_PINS: Final = Path(__file__).with_name("requirements.txt")
_FOLDER: Final = Path("build/josev")


class NotMade(Exception):
    """The environment could not be made; the message says why."""


def needed() -> Path:
    """Return the interpreter that has Josev; whoever lacks it, or Java, skips the test or fails it."""
    command("java")
    try:
        return interpreter()
    except NotMade as error:
        missing("Josev's vehicle", str(error))


def interpreter() -> Path:
    """Return the interpreter that has Josev, made now if it is not there.

    Raises:
        NotMade: If its packages cannot be installed.
    """
    if (given := os.environ.get(GIVEN)) is not None:
        return Path(given).absolute() / "bin" / "python"
    folder = (_FOLDER / hashlib.sha256(_PINS.read_bytes()).hexdigest()[:16]).absolute()
    with alone(folder.with_suffix(".lock")):
        if not (folder / "ready").exists():
            _make(folder)
    return folder / "bin" / "python"


def _make(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    venv.create(folder, with_pip=True)
    options = ["--disable-pip-version-check", "--quiet", "--no-deps", "--require-hashes", "--retries", "1"]
    made = subprocess.run(
        [folder / "bin" / "python", "-m", "pip", "install", *options, "--requirement", _PINS],
        check=False,
        capture_output=True,
        text=True,
    )
    if made.returncode != 0:
        raise NotMade(f"pip could not install {_PINS}: {made.stderr.strip()}")
    (folder / "ready").touch()


if __name__ == "__main__":
    try:
        print(interpreter())
    except NotMade as error:
        sys.exit(str(error))
