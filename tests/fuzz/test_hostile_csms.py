"""A hostile CSMS: the agent never dies, never charges unasked, never exceeds a limit, answers each call once.

`make soak ARGS=--csms` is the long run of the same.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.hostile_calls import script
from tests.fuzz.hostile_csms import Trial


@pytest.mark.timeout(240)
async def test_whatever_a_csms_does(tmp_path: Path) -> None:
    """No sequence of calls, cards and plugs breaks the station."""
    async with Trial(directory=tmp_path) as trial:
        await trial.run(script(1, 150))
        assert trial.findings == []
        assert trial.steps == 150
        assert trial.capped > 0
