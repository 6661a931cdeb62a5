"""Sequences that many test cases begin with."""

from __future__ import annotations

from typing import Any

from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp16.conftest import on
from tests.conformance.station import CARD, StationUnderTest


async def plug_in(station: StationUnderTest, csms: Csms, connector: int = 1) -> None:
    """Plug the vehicle in and take the status that tells it."""
    station.bays[connector - 1].plug_in()
    await csms.expect("StatusNotification", on(connector, "Preparing"))


async def charge(station: StationUnderTest, csms: Csms, connector: int = 1) -> Payload:
    """Plug in, present a card, wait until energy flows; return StartTransaction."""
    await plug_in(station, csms, connector)
    await station.accepted(CARD, connector)
    started = (await csms.expect("StartTransaction")).payload
    await csms.expect("StatusNotification", on(connector, "Charging"))
    return started


async def asked(csms: Csms, action: str, **payload: Any) -> str:
    """Call the charge point and return the status it answers with."""
    status: str = (await csms.call(action, payload))["status"]
    return status


async def configuration(csms: Csms, *keys: str) -> dict[str, Any]:
    """Return the configuration keys asked for, or all, by name."""
    answer = await csms.call("GetConfiguration", {"key": list(keys)} if keys else {})
    return {one["key"]: one for one in answer.get("configurationKey", [])}
