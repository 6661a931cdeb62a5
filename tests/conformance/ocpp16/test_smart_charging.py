"""Smart charging: section 23 of the OCA's test cases."""

from __future__ import annotations

from typing import Any

from tests.conformance.kit import Csms
from tests.conformance.ocpp16.conftest import Start
from tests.conformance.ocpp16.sessions import asked, charge, plug_in
from tests.conformance.ocpp16.test_availability import soon
from tests.conformance.ocpp16.test_lists_limits_triggers import profile
from tests.conformance.station import CARD, StationUnderTest


async def limit(csms: Csms, purpose: str, amperes: int, connector: int = 1, **more: Any) -> str:
    wanted = profile(purpose, amperes, **more)
    return await asked(csms, "SetChargingProfile", connectorId=connector, csChargingProfiles=wanted)


async def test_tc_057_058_1_058_2_a_limit_for_one_transaction(csms: Csms, start: Start) -> None:
    """TC_058_1: without a transaction; TC_058_2: of another one; TC_057: taken, and over with its own."""
    station: StationUnderTest = await start()
    assert await limit(csms, "TxProfile", 8, transactionId=1) == "Rejected"
    assert await limit(csms, "TxProfile", 8) == "Rejected"
    await charge(station, csms)
    assert await limit(csms, "TxProfile", 8, transactionId=2) == "Rejected"
    assert await limit(csms, "TxProfile", 8, transactionId=1) == "Accepted"
    await station.until(limit_a=8)
    await station.accepted(CARD)
    await csms.expect("StopTransaction")
    assert await asked(csms, "ClearChargingProfile", id=1) == "Unknown"


async def test_tc_060_a_remote_start_whose_limit_cannot_be(csms: Csms, start: Start) -> None:
    """Only a TxProfile may come with it."""
    station: StationUnderTest = await start()
    await plug_in(station, csms)
    wrong = {"idTag": CARD, "connectorId": 1, "chargingProfile": profile("TxDefaultProfile", 9)}
    assert await asked(csms, "RemoteStartTransaction", **wrong) == "Rejected"
    await csms.nothing_more(0.3, "StartTransaction")


async def test_tc_066_067_what_holds_is_told_and_cleared(csms: Csms, start: Start) -> None:
    """TC_066: the least of all purposes; TC_067: by id, then by purpose."""
    await start()
    assert await limit(csms, "ChargePointMaxProfile", 14, connector=0, **from_now()) == "Accepted"
    assert await limit(csms, "TxDefaultProfile", 12, chargingProfileId=2) == "Accepted"
    assert await limits(csms) == [12]
    assert await asked(csms, "ClearChargingProfile", id=2) == "Accepted"
    assert await limits(csms) == [14]
    by_purpose = {"chargingProfilePurpose": "ChargePointMaxProfile", "connectorId": 0}
    assert await asked(csms, "ClearChargingProfile", **by_purpose) == "Accepted"
    assert await asked(csms, "ClearChargingProfile", **by_purpose) == "Unknown"
    assert await asked(csms, "GetCompositeSchedule", connectorId=9, duration=60) == "Rejected"


def from_now() -> dict[str, Any]:
    """Return what makes a profile that belongs to no transaction begin."""
    schedule = profile("", 14)["chargingSchedule"] | {"startSchedule": soon(-60)}
    return {"chargingProfileKind": "Absolute", "chargingSchedule": schedule}


async def limits(csms: Csms) -> list[float]:
    """Return the limits (A) of the next minute at connector 1."""
    asked_for = {"connectorId": 1, "duration": 60, "chargingRateUnit": "A"}
    answer = await csms.call("GetCompositeSchedule", asked_for)
    assert answer["status"] == "Accepted"
    return [period["limit"] for period in answer["chargingSchedule"]["chargingSchedulePeriod"]]


async def test_tc_072_the_higher_level_holds(csms: Csms, start: Start) -> None:
    """Also if it allows more; when it is gone, the one below does."""
    station: StationUnderTest = await start()
    assert await limit(csms, "TxDefaultProfile", 7, stackLevel=0) == "Accepted"
    assert await limit(csms, "TxDefaultProfile", 11, stackLevel=1, chargingProfileId=2) == "Accepted"
    await charge(station, csms)
    await station.until(limit_a=11)
    assert await asked(csms, "ClearChargingProfile", id=2) == "Accepted"
    await station.until(limit_a=7)


async def test_tc_082_a_default_in_the_middle_of_a_transaction(csms: Csms, start: Start) -> None:
    """It holds at once, but does not overrule the transaction's own."""
    station: StationUnderTest = await start()
    await charge(station, csms)
    assert await limit(csms, "TxDefaultProfile", 9) == "Accepted"
    await station.until(limit_a=9)
    assert await limit(csms, "TxProfile", 13, chargingProfileId=2, transactionId=1) == "Accepted"
    await station.until(limit_a=13)
