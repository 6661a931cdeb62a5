"""Runs each test that is marked `wired` once more in a pytest of its own, in a network of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.interop.josev import environment
from tests.interop.turn import alone
from tests.stack.apart import apart

_APART: Final = "CHARGEHAND_TEST_APART"
"""Set where we are apart already, to the folder of the test."""
_PYTEST: Final = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q")
_TURN: Final = Path("build/wired.lock")
"""One at a time: each has a Java machine that computes, and vehicles that wait no longer than they wait."""
_LONGEST_S: Final = 370.0


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for the test; it has a short path, since sockets are in it."""
    given = os.environ.get(_APART)
    return tmp_path_factory.mktemp("wired") if given is None else Path(given)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that are marked: one after the other they take long, beside all others."""
    items.sort(key=lambda item: item.get_closest_marker("wired") is None)


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run the test apart, unless we are apart already or it does not ask for it."""
    if pyfuncitem.get_closest_marker("wired") is None or _APART in os.environ:
        return None
    way = apart()
    python = environment.needed()
    with alone(_TURN):
        ran = subprocess.run(
            [*way, *_PYTEST, pyfuncitem.nodeid],
            check=False,
            capture_output=True,
            text=True,
            timeout=_LONGEST_S,
            cwd=pyfuncitem.config.rootpath,
            env={
                **os.environ,
                _APART: str(pyfuncitem.funcargs["folder"]),
                environment.GIVEN: str(python.parents[1]),
            },
        )
    if ran.returncode != 0 or "1 passed" not in ran.stdout:
        pytest.fail(f"{ran.stdout}\n{ran.stderr}", pytrace=False)
    return True
