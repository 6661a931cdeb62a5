"""What stands in the log of the running agent."""

from __future__ import annotations

from pathlib import Path

from tests.conformance.kit import Csms
from tests.conformance.station import CARD, StationUnderTest


async def test_frames_without_tokens(tmp_path: Path) -> None:
    async with Csms() as csms:
        station = StationUnderTest(directory=tmp_path, url=csms.url, log_frames=True)
        station.agent._arguments.append("--hide-tokens")
        async with station:
            await csms.expect("StatusNotification")
            await station.tap(CARD)
            await csms.expect("Authorize")
            await csms.until(lambda: '"idToken":"***"' in station.log)
        assert '"Authorize"' in station.log
        assert CARD not in station.log
