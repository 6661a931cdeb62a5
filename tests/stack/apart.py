"""A network of its own for a process of a test."""

from __future__ import annotations

import subprocess
from functools import cache
from typing import Final

from tests.stack.needed import command, missing

_WAYS: Final = (("unshare", "--net"), ("unshare", "--user", "--map-root-user", "--net"))
"""As root, and as anybody."""


@cache
def apart() -> tuple[str, ...]:
    """Return what starts a command in a network of its own; whoever may not skips the test or fails it."""
    for program in ("ip", "nsenter", "unshare"):
        command(program)
    for way in _WAYS:
        trial = [*way, "ip", "link", "add", "one", "type", "veth", "peer", "name", "other"]
        if subprocess.run(trial, check=False, capture_output=True).returncode == 0:
            break
    else:
        missing("the right to make network namespaces", "run as root, or allow user namespaces")
    return way
