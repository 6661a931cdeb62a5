"""B11 (reset without a transaction), B12 (reset with one)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.sessions import charge, status_of, transaction_id
from tests.conformance.station import CARD, OTHER_CARD

BOOT = "BootNotification"
STATUS = "StatusNotification"


async def reset(csms: Csms, kind: str, evse: int | None = None) -> Payload:
    """Ask for a reset, and return the answer."""
    return await csms.call("Reset", {"type": kind, **({} if evse is None else {"evseId": evse})})


@pytest.mark.parametrize("kind", ["OnIdle", "Immediate"])
async def test_tc_b_20_cs_without_a_transaction(csms: Csms, start: Start, kind: str) -> None:
    """B11.FR.01, B11.FR.03, B11.FR.04, B01.FR.03, B01.FR.09: Unavailable, then a boot with its reason."""
    station = await start(evses=2)
    assert await reset(csms, kind) == {"status": "Accepted"}
    for evse in (1, 2):
        await csms.expect(STATUS, status_of(evse, "Unavailable"))
    assert (await csms.expect(BOOT)).payload["reason"] == "RemoteReset"
    for evse in (1, 2):
        await csms.expect(STATUS, status_of(evse, "Available"))
    assert station.restarts == 1
    await csms.nothing_more(0.2)


async def test_tc_b_21_cs_with_a_transaction_on_idle(csms: Csms, start: Start) -> None:
    """B12.FR.01, B12.FR.03: nobody else may start; the transaction ends as its driver wants."""
    station = await start(evses=2)
    await charge(station, csms)
    assert await reset(csms, "OnIdle") == {"status": "Scheduled"}
    await csms.expect(STATUS, status_of(2, "Unavailable"))
    assert await reset(csms, "OnIdle") == {"status": "Scheduled"}
    assert not (await station.tap(OTHER_CARD, 2))["accepted"]
    await csms.nothing_more(0.2)
    await station.accepted(CARD, 1)
    await csms.event(eventType="Ended", stoppedReason="Local")
    assert (await csms.expect(BOOT)).payload["reason"] == "ScheduledReset"
    assert station.restarts == 1


async def test_tc_b_22_cs_with_a_transaction_immediate(csms: Csms, start: Start) -> None:
    """B12.FR.02, B12.FR.04, B12.FR.06: told before the restart, also where an OnIdle was waiting."""
    station = await start()
    await charge(station, csms)
    assert await reset(csms, "OnIdle") == {"status": "Scheduled"}
    assert await reset(csms, "Immediate") == {"status": "Accepted"}
    await csms.event(eventType="Ended", triggerReason="ResetCommand", stoppedReason="ImmediateReset")
    await csms.expect(BOOT)
    await csms.expect(STATUS, status_of(1, "Occupied"))
    assert station.restarts == 1


async def test_tc_b_25_cs_an_evse_without_a_transaction(csms: Csms, start: Start) -> None:
    """B11.FR.01, B11.FR.08: only that EVSE, and no boot."""
    station = await start(evses=2)
    await charge(station, csms, evse=2)
    csms.forget()
    assert await reset(csms, "OnIdle", 1) == {"status": "Accepted"}
    await csms.expect(STATUS, status_of(1, "Unavailable"))
    await csms.expect(STATUS, status_of(1, "Available"))
    await csms.nothing_more(0.2)
    assert station.restarts == 0
    assert (await station.evse(2))["charging_state"] == "Charging"


async def test_tc_b_26_cs_an_evse_with_a_transaction_on_idle(csms: Csms, start: Start) -> None:
    """B12.FR.01, B12.FR.05, B12.FR.07: after its transaction; the other EVSE stays in service."""
    station = await start(evses=2)
    await charge(station, csms)
    assert await reset(csms, "OnIdle", 1) == {"status": "Scheduled"}
    await charge(station, csms, OTHER_CARD, 2)
    await station.accepted(CARD, 1)
    await csms.event(eventType="Ended", stoppedReason="Local")
    station.bay.unplug()
    await csms.expect(STATUS, status_of(1, "Available"))
    await charge(station, csms)
    assert station.restarts == 0


async def test_tc_b_27_cs_an_evse_with_a_transaction_immediate(csms: Csms, start: Start) -> None:
    """B12.FR.08."""
    station = await start(evses=2)
    transaction = await charge(station, csms)
    assert await reset(csms, "Immediate", 1) == {"status": "Accepted"}
    ended = await csms.event(eventType="Ended", triggerReason="ResetCommand", stoppedReason="ImmediateReset")
    assert transaction_id(ended) == transaction
    await charge(station, csms, OTHER_CARD, 2)
    assert station.restarts == 0


@pytest.mark.parametrize("is_busy", [False, True])
async def test_tc_b_28_and_tc_b_29_cs_an_evse_that_cannot_be_reset(
    csms: Csms, start: Start, is_busy: bool
) -> None:
    """B11.FR.09, B11.FR.10, B12.FR.09: AllowReset is false; and no EVSE of that number."""
    station = await start(EVSE__AllowReset=False)
    if is_busy:
        await charge(station, csms)
    for evse, code in ((1, "UnsupportedParam"), (7, "UnknownEvse")):
        answer = await reset(csms, "Immediate", evse)
        assert (answer["status"], answer["statusInfo"]["reasonCode"]) == ("Rejected", code)
    await csms.nothing_more(0.2)


async def test_tc_b_41_cs_several_transactions_on_idle(csms: Csms, start: Start) -> None:
    """B12.FR.01, B12.FR.03: after the last of them."""
    station = await start(evses=2)
    await charge(station, csms, CARD, 1)
    await charge(station, csms, OTHER_CARD, 2)
    assert await reset(csms, "OnIdle") == {"status": "Scheduled"}
    await station.accepted(CARD, 1)
    await csms.event(eventType="Ended")
    await csms.nothing_more(0.8, BOOT)
    await station.accepted(OTHER_CARD, 2)
    await csms.event(eventType="Ended")
    assert (await csms.expect(BOOT)).payload["reason"] == "ScheduledReset"


async def test_tc_b_23_cs_what_is_out_of_service_stays_so(csms: Csms, start: Start) -> None:
    """B01.FR.07, B11.FR.02, B11.FR.05; TC_B_24_CS with B01.FR.13: what is reserved stays reserved."""
    await start(evses=2)
    change = {"operationalStatus": "Inoperative", "evse": {"id": 1}}
    assert await csms.call("ChangeAvailability", change) == {"status": "Accepted"}
    await csms.expect(STATUS, status_of(1, "Unavailable"))
    reservation = {
        "id": 5,
        "evseId": 2,
        "expiryDateTime": (datetime.now(UTC) + timedelta(hours=1)).isoformat(),
        "idToken": {"idToken": CARD, "type": "ISO14443"},
    }
    assert await csms.call("ReserveNow", reservation) == {"status": "Accepted"}
    await csms.expect(STATUS, status_of(2, "Reserved"))
    assert await reset(csms, "Immediate") == {"status": "Accepted"}
    await csms.expect(BOOT)
    csms.forget()
    await csms.expect(STATUS, status_of(1, "Unavailable"))
    await csms.expect(STATUS, status_of(2, "Reserved"))
    await csms.nothing_more(0.2, STATUS)


async def test_b01_fr_09_a_crash_is_no_power_cut(csms: Csms, start: Start) -> None:
    """B01.FR.09: every start says why."""
    station = await start()
    await station.crash()
    await station.power_on()
    assert (await csms.expect(BOOT)).payload["reason"] == "ApplicationReset"
    await station.switch_off()
    await station.power_on()
    assert (await csms.expect(BOOT)).payload["reason"] == "LocalReset"
    await station.cut_power()
    await station.power_on()
    assert (await csms.expect(BOOT)).payload["reason"] == "PowerUp"
    await station.crash()
    (station.directory / "agent-state" / "last-result").write_text("watchdog")
    await station.power_on()
    assert (await csms.expect(BOOT)).payload["reason"] == "Watchdog"
