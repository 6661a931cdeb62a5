"""A04: security events are told, in order, over power cuts and offline times."""

from __future__ import annotations

from datetime import timedelta

from tests.conformance.kit import Csms, Silence
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.security import event, told


async def test_a04_what_a_start_and_a_reset_are_told_as(csms: Csms, start: Start) -> None:
    """A04.FR.01, A04.FR.03: critical events are told."""
    await start()
    first = await event(csms, "StartupOfTheDevice")
    assert first["timestamp"]
    assert (await csms.call("Reset", {"type": "Immediate"}))["status"] == "Accepted"
    await csms.expect("BootNotification")
    await event(csms, "ResetOrReboot")
    await event(csms, "StartupOfTheDevice")
    assert told(csms) == ["StartupOfTheDevice", "ResetOrReboot", "StartupOfTheDevice"]


async def test_a04_what_happened_offline_is_told_in_order(csms: Csms, start: Start) -> None:
    """A04.FR.02: what was not confirmed waits, also while the power is gone."""
    csms.script["SecurityEventNotification"] = Silence()
    station = await start()
    await event(csms, "StartupOfTheDevice")
    port = csms.port
    await csms.drop()
    await csms.close()
    for _ in range(2):
        await station.cut_power()
        await station.power_on()
    csms.script.clear()
    await csms.listen(port)
    await csms.expect("BootNotification")
    times = [(await event(csms, "StartupOfTheDevice"))["timestamp"] for _ in range(3)]
    assert times == sorted(set(times))


async def test_a04_the_clock_is_set(csms: Csms, start: Start) -> None:
    """A04.FR.01."""
    csms.clock_offset = timedelta(hours=1)
    await start()
    moved = await event(csms, "SettingSystemTime")
    assert moved["techInfo"].startswith("by 3600.")


async def test_a04_frames_that_are_no_ocpp_are_told_once_a_connection(csms: Csms, start: Start) -> None:
    await start()
    for _ in range(3):
        await csms.send("[2]")
    await event(csms, "InvalidMessages")
    await csms.call("GetLocalListVersion", {})
    assert told(csms).count("InvalidMessages") == 1
