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
    """A central system that speaks OCPP 1.6 and knows two cards."""
    known = {CARD: {"status": "Accepted"}, OTHER_CARD: {"status": "Accepted"}}
    async with Csms(version="1.6", subprotocol="ocpp1.6", tokens=known) as csms:
        yield csms


@pytest.fixture
async def start(csms: Csms, tmp_path: Path) -> AsyncIterator[Start]:
    """Start a charge point with these settings; it ends with the test."""
    async with AsyncExitStack() as stack:

        async def start(
            *,
            evses: int = 1,
            booted: bool = True,
            has_lock: bool = False,
            url: str | None = None,
            keys: Mapping[str, Setting] | None = None,
            sections: str = "",
            **variables: Any,
        ) -> StationUnderTest:
            station = StationUnderTest(
                directory=tmp_path,
                url=url or csms.url,
                evses=evses,
                has_lock=has_lock,
                csms=keys or {},
                sections=sections,
                variables={name.replace("__", "."): value for name, value in variables.items()},
            )
            await stack.enter_async_context(station)
            if booted:
                await csms.expect("BootNotification")
                for connector in range(1, evses + 1):
                    await csms.expect("StatusNotification", on(connector))
            return station

        yield start


def on(connector: int, status: str = "Available") -> Callable[[dict[str, Any]], bool]:
    """Return a condition for the status of a connector."""
    return lambda payload: (payload["connectorId"], payload["status"]) == (connector, status)
