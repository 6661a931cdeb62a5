"""N11 to N15: values of monitors told as streams, and what else 2.1 adds to monitoring."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp21.conftest import Start
from tests.conformance.ocpp201.sessions import plug_in
from tests.conformance.ocpp201.test_n_monitoring import (
    POWER,
    STATE,
    install,
    monitor,
    on,
    propose,
    report,
)

ACCEPTED = {"status": "Accepted"}
TEXT = "NotifyPeriodicEventStream"


def streamed(seconds: float = 1, **rate: int) -> Payload:
    return monitor("Periodic", seconds, POWER, periodicEventStream=rate)


async def open_stream(csms: Csms, **rate: int) -> int:
    """Set a monitor whose stream the station opens; return its number."""
    [number] = await install(csms, streamed(**rate))
    opened = (await csms.expect("OpenPeriodicEventStream")).payload["constantStreamData"]
    assert (opened["variableMonitoringId"], opened["params"]) == (number, rate)
    found: int = opened["id"]
    return found


async def values(csms: Csms, where: Callable[[Payload], bool] = lambda _: True) -> Payload:
    """Return the next message of a stream, its times added up."""
    told = (await csms.expect(TEXT, where)).payload
    base = datetime.fromisoformat(told["basetime"])
    return told | {"at": [base + timedelta(seconds=item["t"]) for item in told["data"]]}


def kinds(csms: Csms, action: str) -> set[int]:
    """Return the message types of an action of the station's."""
    messages = [frame.message for frame in csms.frames if frame.by_station]
    return {message[0] for message in messages if message[2] == action}


async def test_tc_n_105_cs_a_stream_tells_values_together(start: Start, csms: Csms) -> None:
    """N15.FR.04, N15.FR.07, N15.FR.08: as SEND frames, so many at a time; no events of the same besides."""
    csms.script["OpenPeriodicEventStream"] = ACCEPTED
    await start()
    number = await open_stream(csms, interval=60, values=2)
    first, second = await values(csms), await values(csms)
    assert {told["id"] for told in (first, second)} == {number}
    assert [(len(told["data"]), told["pending"]) for told in (first, second)] == [(2, 0), (2, 0)]
    times = [*first["at"], *second["at"]]
    assert all(a < b for a, b in pairwise(times))
    assert {item["v"] for item in first["data"]} == {"0"}
    assert kinds(csms, TEXT) == {6}
    assert not [
        event
        for call in csms.calls("NotifyEvent")
        for event in call.payload["eventData"]
        if event.get("variableMonitoringId") == number
    ]
    assert (await csms.call("GetPeriodicEventStream", {}))["constantStreamData"] == [
        {"id": number, "variableMonitoringId": number, "params": {"interval": 60, "values": 2}}
    ]


async def test_tc_n_108_109_cs_a_stream_is_adjusted_and_closed(start: Start, csms: Csms) -> None:
    """Another rate, then gone with its monitor; N12.FR.01: every open stream is listed, and no other."""
    csms.script["OpenPeriodicEventStream"] = ACCEPTED
    await start()
    number = await open_stream(csms, interval=3600)
    changed = {"id": number, "params": {"values": 1}}
    assert await csms.call("AdjustPeriodicEventStream", changed) == ACCEPTED
    assert len((await values(csms, lambda told: len(told["data"]) == 1))["data"]) == 1
    unknown = await csms.call("AdjustPeriodicEventStream", changed | {"id": number + 1})
    assert (unknown["status"], unknown["statusInfo"]["reasonCode"]) == ("Rejected", "NotFound")
    await csms.call("ClearVariableMonitoring", {"id": [number]})
    assert (await csms.expect("ClosePeriodicEventStream")).payload == {"id": number}
    assert await csms.call("GetPeriodicEventStream", {}) == {}
    csms.forget()
    await csms.nothing_more(1.5, TEXT)


async def test_a_stream_outlives_a_connection_and_a_power_cut(start: Start, csms: Csms) -> None:
    """What was found meanwhile is told afterwards; after a restart the stream is opened anew."""
    csms.script["OpenPeriodicEventStream"] = ACCEPTED
    station = await start(MonitoringCtrlr__OfflineQueuingSeverity=9)
    number = await open_stream(csms, values=1)
    await values(csms)
    port = csms.port
    await csms.close()
    seen = len(csms.calls(TEXT))
    await csms.listen(port)
    await csms.expect("Heartbeat")
    csms.forget()
    told = await values(csms)
    assert told["id"] == number
    assert len(csms.calls(TEXT)) > seen
    assert len(csms.calls("OpenPeriodicEventStream")) == 1
    await station.cut_power()
    csms.forget()
    await station.power_on()
    again = (await csms.expect("OpenPeriodicEventStream")).payload["constantStreamData"]
    assert (again["id"], again["params"]) == (number, {"values": 1})
    await values(csms)


async def test_tc_n_106_cs_a_stream_that_is_not_opened_is_told_as_events(start: Start, csms: Csms) -> None:
    """With its severity, which 2.1 adds."""
    csms.script["OpenPeriodicEventStream"] = {"status": "Rejected"}
    await start()
    [number] = await install(csms, streamed(values=2))
    await csms.expect("OpenPeriodicEventStream")

    def is_ours(payload: Payload) -> bool:
        return any(event.get("variableMonitoringId") == number for event in payload["eventData"])

    [event] = (await csms.expect("NotifyEvent", is_ours)).payload["eventData"]
    assert (event["trigger"], event["severity"]) == ("Periodic", 4)
    assert await csms.call("GetPeriodicEventStream", {}) == {}
    assert csms.calls(TEXT) == []


async def test_what_makes_no_stream_is_refused(start: Start, csms: Csms) -> None:
    """Only periodic monitors, and not more than announced; nothing here has a target to differ from."""
    csms.script["OpenPeriodicEventStream"] = ACCEPTED
    await start()
    wrong: list[dict[str, Any]] = [
        monitor("Delta", 1, POWER, periodicEventStream={"values": 1}),
        monitor("TargetDelta", 1, POWER),
        monitor("TargetDeltaRelative", 1, POWER),
    ]
    assert [(one["status"], one["statusInfo"]["reasonCode"]) for one in await propose(csms, *wrong)] == [
        ("Rejected", "UnsupportedParam"),
        ("UnsupportedMonitorType", "UnsupportedParam"),
        ("UnsupportedMonitorType", "UnsupportedParam"),
    ]
    most = {"component": {"name": "MonitoringCtrlr"}, "variable": {"name": "MaxPeriodicEventStreams"}}
    [limit] = (await csms.call("GetVariables", {"getVariableData": [most]}))["getVariableResult"]
    data = [
        monitor("Periodic", 60, POWER, severity, periodicEventStream={"values": 9}) for severity in range(10)
    ]
    data += [
        monitor("PeriodicClockAligned", 60, STATE, severity, periodicEventStream={"values": 9})
        for severity in range(10)
    ]
    assert len(await install(csms, *data)) == int(limit["attributeValue"]) == 20
    [one] = await propose(csms, monitor("Periodic", 60, STATE, 9, periodicEventStream={"values": 9}))
    assert (one["status"], one["statusInfo"]["reasonCode"]) == ("Rejected", "TooManyElements")


async def test_who_set_a_monitor_is_reported(start: Start, csms: Csms) -> None:
    """GetMonitoringReport: hard-wired, preconfigured and custom ones; events have their severity."""
    station = await start()
    assert await csms.call("SetMonitoringBase", {"monitoringBase": "All"}) == ACCEPTED
    [number] = await install(csms, monitor("Delta", 1, on("Connector.AvailabilityState", 1, 1), 3))
    found = {one["id"]: one["eventNotificationType"] for one in await report(csms)}
    assert found[number] == "CustomMonitor"
    assert {"HardWiredMonitor", "PreconfiguredMonitor"} < set(found.values())
    await plug_in(station, csms)
    [event] = (await csms.expect("NotifyEvent")).payload["eventData"]
    assert (event["variableMonitoringId"], event["severity"]) == (number, 3)
