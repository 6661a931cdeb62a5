"""Direct current by ISO 15118-2 and a card: what the backend hears of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.dc_station import dc_station
from tests.conformance.kit import Csms
from tests.conformance.speaking import NO_SCHEDULE, DcVehicle, loopback_modem, speaking
from tests.conformance.station import CARD
from tests.unit.agent.iso15118.iso2.vehicle import DEMAND


@pytest.fixture(autouse=True)
def modem(csms: Csms) -> Iterator[None]:
    csms.script["NotifyEVChargingNeeds"] = {"status": NO_SCHEDULE}
    csms.script["NotifyEVChargingSchedule"] = {"status": "Accepted"}
    with loopback_modem():
        yield


async def test_a_session_on_direct_current(csms: Csms, tmp_path: Path) -> None:
    async with dc_station(tmp_path, csms.url, TxCtrlr__TxStopPoint="EVConnected,PowerPathClosed") as station:
        await csms.expect("BootNotification")
        station.place.bay.plug_in()
        await csms.expect("StatusNotification", lambda told: told["connectorStatus"] == "Occupied")
        await station.accepted(CARD)
        async with speaking(DcVehicle) as vehicle:
            await vehicle.until_checked()
            needs = (await csms.expect("NotifyEVChargingNeeds")).payload["chargingNeeds"]
            assert needs["requestedEnergyTransfer"] == "DC"
            assert all(event["transactionInfo"]["chargingState"] != "Charging" for event in csms.events())
            assert station.place.bay.state.contactor_closed
        ended = await csms.event(eventType="Started")
        assert ended["transactionInfo"]["chargingState"] == "EVConnected"
        await csms.until(lambda: not station.place.bay.state.contactor_closed)
        async with speaking(DcVehicle) as vehicle:
            await vehicle.until_charging()
            await csms.event(chargingState="Charging")
            async with asyncio.timeout(10):
                while station.place.bay.state.passed_mwh < 100_000:
                    await vehicle.demand()
                    await asyncio.sleep(0.05)
            await vehicle.leave()
        assert (station.place.supply.is_on, station.place.bay.state.contactor_closed) == (False, False)
        ended = await csms.event(eventType="Ended")
        assert ended["transactionInfo"]["stoppedReason"] == "StoppedByEV"


async def test_a_vehicle_that_is_lost_loses_the_current(csms: Csms, tmp_path: Path) -> None:
    async with dc_station(tmp_path, csms.url) as station:
        await csms.expect("BootNotification")
        station.place.bay.plug_in()
        await station.accepted(CARD)
        async with speaking(DcVehicle) as vehicle:
            await vehicle.until_charging()
            assert station.place.current_a > 0
            vehicle.writer.transport.abort()
        await csms.until(lambda: not station.place.bay.state.contactor_closed)
        assert not station.place.supply.is_on


async def test_an_earth_fault_is_told_to_both_sides(csms: Csms, tmp_path: Path) -> None:
    async with dc_station(tmp_path, csms.url) as station:
        await csms.expect("BootNotification")
        station.place.bay.plug_in()
        await station.accepted(CARD)
        async with speaking(DcVehicle) as vehicle:
            await vehicle.until_charging()
            station.place.bay.break_down("earth-fault", broken=True)
            async with asyncio.timeout(10):
                while (answer := await vehicle.ask("CurrentDemandReq", DEMAND))["ResponseCode"] == "OK":
                    await asyncio.sleep(0.05)
            assert answer["ResponseCode"] == "FAILED"
        assert not station.place.supply.is_on
        await csms.expect("StatusNotification", lambda told: told["connectorStatus"] == "Faulted")
