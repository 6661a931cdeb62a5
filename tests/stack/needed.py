"""What some tests need of the machine: without it they skip, or fail in continuous integration."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final, NoReturn

import pytest

REQUIRED: Final = "CHARGEHAND_REQUIRE_SERVICES"
NODE_PACKAGES: Final = "CHARGEHAND_TEST_NODE_MODULES"


def missing(what: str, remedy: str) -> NoReturn:
    """Skip the test, or fail it where CHARGEHAND_REQUIRE_SERVICES=1 says that everything must be there."""
    if os.environ.get(REQUIRED) == "1":
        pytest.fail(f"{what} is missing although {REQUIRED}=1; {remedy}")
    pytest.skip(f"{what} is missing; {remedy}")


def command(name: str) -> str:
    """Return the path of a program."""
    path = shutil.which(name)
    if path is None:
        missing(name, f"install the package that has {name}")
    return path


def node_packages(name: str) -> Path:
    """Return the folder in which Node.js finds this package."""
    folder = Path(os.environ.get(NODE_PACKAGES, "build/foreign/node_modules")).absolute()
    if not (folder / name).is_dir():
        remedy = f"npm install --prefix build/foreign --ignore-scripts {name}, or set {NODE_PACKAGES}"
        missing(f"the npm package {name}", remedy)
    return folder
