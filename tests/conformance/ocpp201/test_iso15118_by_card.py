"""A vehicle that speaks ISO 15118-2, and a card: what the backend hears of it (K15, E02, E06)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from drivers.readings import Pilot
from tests.conformance.kit import Csms
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.sessions import plug_in, unplug
from tests.conformance.speaking import EVCC_ID, LINK, NO_SCHEDULE, Vehicle, loopback_modem, speaking
from tests.conformance.station import CARD

BY_CONTROLLER = LINK + 'pilot = "controller"\nbasic_after_s = 5\n'


@pytest.fixture(autouse=True)
def modem(csms: Csms) -> Iterator[None]:
    csms.script["NotifyEVChargingNeeds"] = {"status": NO_SCHEDULE}
    csms.script["NotifyEVChargingSchedule"] = {"status": "Accepted"}
    with loopback_modem():
        yield


async def test_a_session_from_discovery_to_the_end(csms: Csms, start: Start) -> None:
    station = await start(sections=BY_CONTROLLER, TxCtrlr__TxStopPoint="EVConnected,PowerPathClosed")
    await plug_in(station, csms)
    assert station.bay.truth().offered_ma == 0
    async with speaking(Vehicle) as vehicle:
        authorizing = asyncio.create_task(vehicle.until_authorized())
        await station.accepted(CARD, 1)
        await authorizing
        started = await csms.event(eventType="Started")
        assert started["transactionInfo"]["chargingState"] == "EVConnected"
        assert (station.bay.pilot, station.bay.contactor_closed) == (Pilot.B, False)
        await vehicle.until_parameters()
        needs = (await csms.expect("NotifyEVChargingNeeds")).payload
        assert needs["evseId"] == 1
        assert needs["chargingNeeds"]["requestedEnergyTransfer"] == "AC_three_phase"
        await vehicle.expect("PowerDeliveryReq", {"ChargeProgress": "Start", "SAScheduleTupleID": 1})
        assert station.bay.contactor_closed
        await csms.expect("NotifyEVChargingSchedule")
        await csms.event(chargingState="Charging")
        answer = await vehicle.status()
        assert answer["EVSEMaxCurrent"] == {"Multiplier": 0, "Unit": "A", "Value": 16}
        reported = await station.ask(do="variables", name="ConnectedEV.VehicleId")
        assert EVCC_ID.hex().upper() in str(reported)
        await vehicle.leave()
    assert not station.bay.contactor_closed
    ended = await csms.event(eventType="Ended")
    assert ended["transactionInfo"]["stoppedReason"] == "StoppedByEV"
    await unplug(station, csms)


async def test_a_card_and_the_backend_end_charging_through_the_vehicle(csms: Csms, start: Start) -> None:
    station = await start(sections=BY_CONTROLLER)
    await plug_in(station, csms)
    await station.accepted(CARD, 1)
    async with speaking(Vehicle) as vehicle:
        await vehicle.until_charging()
        await csms.event(chargingState="Charging")
        await station.accepted(CARD, 1)
        await vehicle.until_notified("StopCharging")
        await vehicle.leave()
    assert (await csms.event(eventType="Ended"))["transactionInfo"]["stoppedReason"] == "Local"


async def test_a_vehicle_that_never_speaks_charges_by_the_pilot(csms: Csms, start: Start) -> None:
    station = await start(sections=BY_CONTROLLER)
    await plug_in(station, csms)
    await station.accepted(CARD, 1)
    await csms.event(chargingState="Charging")
    assert station.bay.truth().offered_ma > 15_000


async def test_a_pause_is_suspended_by_the_vehicle_and_goes_on(csms: Csms, start: Start) -> None:
    station = await start(sections=BY_CONTROLLER)
    await plug_in(station, csms)
    await station.accepted(CARD, 1)
    async with speaking(Vehicle) as vehicle:
        await vehicle.until_charging()
        await csms.event(chargingState="Charging")
        await vehicle.status()
        await vehicle.leave("Pause")
        session_id = vehicle.session_id
    await csms.event(chargingState="SuspendedEV")
    assert not station.bay.contactor_closed
    async with speaking(Vehicle) as vehicle:
        vehicle.session_id = session_id
        await vehicle.until_charging()
        assert vehicle.session_id == session_id
        await csms.event(chargingState="Charging")
        await vehicle.status()
        await vehicle.leave()
    await unplug(station, csms)
    ended = await csms.event(eventType="Ended")
    assert ended["transactionInfo"]["stoppedReason"] == "EVDisconnected"
    assert len({event["transactionInfo"]["transactionId"] for event in csms.events()}) == 1


async def test_a_plug_that_is_pulled_and_a_link_that_breaks_take_the_power(csms: Csms, start: Start) -> None:
    station = await start(sections=BY_CONTROLLER)
    await plug_in(station, csms)
    await station.accepted(CARD, 1)
    async with speaking(Vehicle) as vehicle:
        await vehicle.until_charging()
        vehicle.writer.transport.abort()
    await csms.until(lambda: not station.bay.contactor_closed)
    async with speaking(Vehicle) as vehicle:
        await vehicle.until_charging()
        await unplug(station, csms)
        assert await vehicle.heard_the_end() == b""
    assert (await csms.event(eventType="Ended"))["transactionInfo"]["stoppedReason"] == "EVDisconnected"


async def test_after_a_power_cut_the_vehicle_has_to_speak_anew(csms: Csms, start: Start) -> None:
    station = await start(sections=LINK + 'pilot = "controller"\n')
    await plug_in(station, csms)
    await station.accepted(CARD, 1)
    async with speaking(Vehicle) as vehicle:
        await vehicle.until_charging()
        await csms.event(chargingState="Charging")
        before = station.bay.contactor_closed
        await station.cut_power()
    await station.power_on()
    await csms.until(lambda: not station.bay.contactor_closed)
    async with speaking(Vehicle) as vehicle:
        await vehicle.until_charging()
        await csms.until(lambda: station.bay.contactor_closed)
    assert before
    assert len({event["transactionInfo"]["transactionId"] for event in csms.events()}) == 1


async def test_new_limits_are_negotiated_with_the_vehicle(csms: Csms, start: Start) -> None:
    """K16: the vehicle is asked to choose anew, and told what it may choose from."""
    station = await start(sections=BY_CONTROLLER)
    await plug_in(station, csms)
    await station.accepted(CARD, 1)
    async with speaking(Vehicle) as vehicle:
        await vehicle.until_charging()
        transaction = (await csms.event(chargingState="Charging"))["transactionInfo"]["transactionId"]
        profile = {
            "id": 5,
            "stackLevel": 1,
            "chargingProfilePurpose": "TxProfile",
            "chargingProfileKind": "Absolute",
            "transactionId": transaction,
            "chargingSchedule": [
                {
                    "id": 1,
                    "startSchedule": datetime.now(UTC).isoformat(timespec="seconds"),
                    "chargingRateUnit": "W",
                    "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 6000.0}],
                }
            ],
        }
        answer = await csms.call("SetChargingProfile", {"evseId": 1, "chargingProfile": profile})
        assert answer["status"] == "Accepted"
        await vehicle.until_notified("ReNegotiation")
        await vehicle.expect("PowerDeliveryReq", {"ChargeProgress": "Renegotiate", "SAScheduleTupleID": 1})
        offered = await vehicle.until_parameters()
        (choice,) = offered["SAScheduleList"]["SAScheduleTuple"]
        first = choice["PMaxSchedule"]["PMaxScheduleEntry"][0]["PMax"]
        assert first["Value"] * 10 ** first["Multiplier"] == 8 * 3 * 230, "whole amperes of each phase"
        chosen = {"ChargeProgress": "Start", "SAScheduleTupleID": choice["SAScheduleTupleID"]}
        await vehicle.expect("PowerDeliveryReq", chosen)
        assert (await vehicle.status())["AC_EVSEStatus"]["EVSENotification"] == "None"
        await vehicle.leave()
