from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.kit import Csms
from tests.conformance.station import CARD, OTHER_CARD, Setting, StationUnderTest

Start = Callable[..., Any]


@pytest.fixture
async def csms() -> AsyncIterator[Csms]:
    """A CSMS that knows two cards."""
    async with Csms(tokens={CARD: {"status": "Accepted"}, OTHER_CARD: {"status": "Accepted"}}) as csms:
        yield csms


@pytest.fixture
async def start(csms: Csms, tmp_path: Path) -> AsyncIterator[Start]:
    """Start a station with these settings, as TxCtrlr__TxStartPoint="EVConnected"; it ends with the test."""
    async with AsyncExitStack() as stack:

        async def start(
            *,
            evses: int = 1,
            booted: bool = True,
            socket_outlet: bool = False,
            has_lock: bool = False,
            has_sensor: bool = False,
            has_phase_switch: bool = False,
            signing_meter: str | None = None,
            log_frames: bool = False,
            url: str | None = None,
            keys: Mapping[str, Setting] | None = None,
            sections: str = "",
            **variables: Any,
        ) -> StationUnderTest:
            station = StationUnderTest(
                directory=tmp_path,
                url=url or csms.url,
                evses=evses,
                socket_outlet=socket_outlet,
                has_lock=has_lock,
                has_sensor=has_sensor,
                has_phase_switch=has_phase_switch,
                signing_meter=signing_meter,
                log_frames=log_frames,
                csms=keys or {},
                sections=sections,
                variables={name.replace("__", "."): value for name, value in variables.items()},
            )
            await stack.enter_async_context(station)
            if booted:
                await csms.expect("BootNotification")
                for _ in range(evses):
                    await csms.expect("StatusNotification")
            return station

        yield start
