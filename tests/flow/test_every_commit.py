"""The agent is killed right after each thing that it writes down, with and without its backend.

Versions differ in the last step only, the translation: of 1.6 and 2.1 every fourth commit is tried here, and
all of them by `make soak ARGS=--commits`.
"""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest

from tests.conformance.versions import VERSIONS
from tests.soak.commits import kill_after

SHARDS = 4
ENOUGH = 14
"""Commits that a session has at the least: its events, and for each that the backend has it."""
ALL = [pytest.param("2.0.1", shard, id=f"2.0.1-{shard}") for shard in range(SHARDS)]
SOME = [
    pytest.param(version, number % SHARDS, id=version)
    for number, version in enumerate(VERSIONS, start=1)
    if version != "2.0.1"
]


@pytest.mark.timeout(280)
@pytest.mark.parametrize(("version", "shard"), ALL + SOME)
@pytest.mark.parametrize("is_offline", [False, True], ids=["online", "offline"])
async def test_killed_after_every_commit_of_a_session(
    tmp_path: Path, version: str, shard: int, is_offline: bool
) -> None:
    """E01.FR.08, E04.FR.03, E12.FR.01: one transaction, every event once and in order, the meter's energy."""
    commits = await kill_after(tmp_path, version, count(shard + 1, SHARDS), is_offline=is_offline)
    assert commits > ENOUGH
