"""Power cuts and lost links in the middle of charging sessions; `make soak` is the long run of the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.soak.session import SoakedStack, Victim


@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    ("seed", "victims"),
    [
        pytest.param(11, ("agent",), id="agent"),
        pytest.param(12, ("backend",), id="backend"),
        pytest.param(13, ("link",), id="link"),
        pytest.param(14, ("agent", "backend", "link"), id="all"),
    ],
)
async def test_nothing_is_lost_doubled_or_invented(
    tmp_path: Path, seed: int, victims: tuple[Victim, ...]
) -> None:
    """E01.FR.08, E12.FR.01, E13.FR.01: one transaction, each event once, no gap, the meter's energy."""
    async with SoakedStack(tmp_path, seed) as stack:
        await stack.session(victims, max_cuts=4)
        assert stack.tally.findings == []
        assert stack.tally.total_cuts > 0
