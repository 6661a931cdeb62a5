"""Keeps a second agent away from a state directory."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from agent.store.database import StoreError


@contextmanager
def only_one(directory: Path) -> Iterator[None]:
    """Hold the state directory's lock: two agents on one charger would fight over its contactors.

    Raises:
        StoreError: If another agent holds it, or the directory cannot be used.
    """
    path = directory / "agent.lock"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        file = path.open("a")
    except OSError as error:
        raise StoreError(
            f"{path}: {error.strerror}; the agent's user must own its state directory"
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StoreError(f"{path}: another agent runs with this state directory") from error
        yield
