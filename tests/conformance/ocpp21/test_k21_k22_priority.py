"""K21 and K22: priority charging, asked for by the backend or at the station."""

from __future__ import annotations

import pytest

from agent.system.control import ControlError
from tests.conformance.kit import Csms
from tests.conformance.ocpp21.conftest import Start
from tests.conformance.ocpp201.profiles import (
    STATION,
    TX,
    clear,
    composite,
    draws,
    install,
    limits,
    profile,
)
from tests.conformance.ocpp201.sessions import charge, unplug

PRIORITY = "PriorityCharging"


async def use(csms: Csms, transaction: str, *, activate: bool) -> str:
    """Ask for priority charging, or for its end, and return the status of the answer."""
    answer = await csms.call("UsePriorityCharging", {"transactionId": transaction, "activate": activate})
    status: str = answer["status"]
    return status


async def told(csms: Csms) -> tuple[str, bool]:
    """Return what the station tells of priority charging."""
    payload = (await csms.expect("NotifyPriorityCharging")).payload
    return payload["transactionId"], payload["activated"]


async def test_tc_k_118_priority_by_the_backend(start: Start, csms: Csms) -> None:
    """TC_K_118. K21.FR.01, K21.FR.02, K21.FR.03, K21.FR.04: it overrules TxProfile and default, no other.

    It holds over a power cut, until it is taken back, the profile is cleared, or the transaction ends.
    """
    station = await start()
    transaction = await charge(station, csms)
    await install(csms, 1, profile(8, id=1))
    await install(csms, 1, profile(7, id=2, purpose=TX, transactionId=transaction))
    await draws(station, 7)
    assert await use(csms, "T-unknown", activate=True) == "Rejected"
    assert await use(csms, transaction, activate=True) == "NoProfile"
    await csms.nothing_more(0.1, "NotifyPriorityCharging")
    await install(csms, 0, profile(15, id=3, purpose=PRIORITY))
    assert limits(await composite(csms, 1, 60)) == [7]  # installed is not used
    assert await use(csms, transaction, activate=True) == "Accepted"
    assert await told(csms) == (transaction, True)
    await draws(station, 15)
    await install(csms, 0, profile(12, id=4, purpose=STATION))
    await draws(station, 12)
    await station.cut_power()
    await station.power_on()
    await csms.expect("BootNotification")
    assert await told(csms) == (transaction, True)  # it may have been lost
    await draws(station, 12)
    assert await use(csms, transaction, activate=False) == "Accepted"
    assert await told(csms) == (transaction, False)
    await draws(station, 7)
    assert await use(csms, transaction, activate=True) == "Accepted"
    assert await told(csms) == (transaction, True)
    assert await clear(csms, 3) == "Accepted"
    assert await told(csms) == (transaction, False)
    await draws(station, 7)


async def test_tc_k_119_priority_by_the_driver(start: Start, csms: Csms) -> None:
    """TC_K_119. K22.FR.01: without a profile the driver learns so; else it is as by the backend.

    Offline it is obeyed at once, and told when the backend is back; the next driver has none of it.
    """
    station = await start()
    transaction = await charge(station, csms)
    await install(csms, 1, profile(7, id=1))
    with pytest.raises(ControlError, match="no profile for priority charging"):
        await station.ask(do="priority", evse=1)
    await install(csms, 1, profile(14, id=2, purpose=PRIORITY))
    port = csms.port
    await csms.close()
    assert (await station.ask(do="priority", evse=1))["has_priority"]
    await draws(station, 14)
    await csms.listen(port)
    assert await told(csms) == (transaction, True)
    csms.forget()
    await unplug(station, csms)
    await csms.event(eventType="Ended")
    with pytest.raises(ControlError, match="nobody charges"):
        await station.ask(do="priority", evse=1)
    await charge(station, csms)
    await draws(station, 7)
