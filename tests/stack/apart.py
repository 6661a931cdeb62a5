"""A network of its own for a process of a test."""

from __future__ import annotations

import subprocess
from functools import cache
from typing import Final

import pytest

from tests.stack.needed import command

_WAYS: Final = (("unshare", "--net"), ("unshare", "--user", "--map-root-user", "--net"))
"""As root, and as anybody."""


@cache
def apart() -> tuple[str, ...]:
    """Return what starts a command in a network of its own.

    Who lacks the programs skips the test or fails it. Who may not have a network skips it: nothing that could
    be installed gives that right.
    """
    for program in ("ip", "nsenter", "unshare"):
        command(program)
    for way in _WAYS:
        trial = [*way, "ip", "link", "add", "one", "type", "veth", "peer", "name", "other"]
        if subprocess.run(trial, check=False, capture_output=True).returncode == 0:
            break
    else:
        pytest.skip(
            "this kernel lets nobody here make network namespaces; run as root, or allow them to users"
        )
    return way
