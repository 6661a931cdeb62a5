"""Hardware profiles for tests: a shipped one is read once for all tests of a process."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from drivers.profiles.load import load_profile
from drivers.profiles.model import Profile


@cache
def shipped_profile(name: str) -> Profile:
    """Return the shipped profile of this name."""
    assert not Path(name).suffix, "only what is shipped stays as it is"
    return load_profile(name)
