"""Block N: monitors over the device model, and the events they find (TC_N_01 and following)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from tests.conformance.kit import Csms, Payload, Refused
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.sessions import charge, get_variables, plug_in, set_variables
from tests.conformance.station import CARD, StationUnderTest

HARD_WIRED_FROM = 100_001


def on(name: str, evse: int | None = None, connector: int | None = None) -> Payload:
    """Return component and variable of "Component.Variable" at an EVSE or a connector."""
    component, _, variable = name.partition(".")
    at = {} if evse is None else {"evse": {"id": evse} | ({"connectorId": connector} if connector else {})}
    return {"component": {"name": component, **at}, "variable": {"name": variable}}


def monitor(kind: str, value: float, target: Payload, severity: int = 4, **more: Any) -> Payload:
    return {"type": kind, "value": value, "severity": severity, **target, **more}


POWER = on("EVSE.Power", 1)
STATE = on("EVSE.AvailabilityState", 1)
STATION_STATE = on("ChargingStation.AvailabilityState")
LIMIT = {
    "component": {"name": "MonitoringCtrlr"},
    "variable": {"name": "ItemsPerMessage", "instance": "SetVariableMonitoring"},
}


async def propose(csms: Csms, *data: Payload) -> list[Payload]:
    """Propose monitors and return what the station says to each."""
    answer = await csms.call("SetVariableMonitoring", {"setMonitoringData": list(data)})
    results: list[Payload] = answer["setMonitoringResult"]
    assert len(results) == len(data)
    return results


async def install(csms: Csms, *data: Payload) -> list[int]:
    """Set monitors that must be accepted, and return their ids."""
    results = await propose(csms, *data)
    assert [result["status"] for result in results] == ["Accepted"] * len(data), results
    return [result["id"] for result in results]


async def report(csms: Csms, request_id: int = 1, **criteria: Any) -> list[Payload]:
    """Return the monitors that the station reports, each with its component and variable."""
    answer = await csms.call("GetMonitoringReport", {"requestId": request_id, **criteria})
    if answer["status"] == "EmptyResultSet":
        return []
    assert answer["status"] == "Accepted"
    found: list[Payload] = []
    seq_no, is_complete = 0, False
    while not is_complete:
        part = (await csms.expect("NotifyMonitoringReport")).payload
        assert (part["requestId"], part["seqNo"]) == (request_id, seq_no)
        for data in part["monitor"]:
            about = {"component": data["component"], "variable": data["variable"]}
            found += [{**about, **one} for one in data["variableMonitoring"]]
        seq_no, is_complete = seq_no + 1, not part.get("tbc", False)
    return found


class Events:
    """What the station has told by NotifyEvent, one event after the other."""

    def __init__(self, csms: Csms) -> None:
        self._csms = csms
        self._taken: set[int] = set()

    @property
    def all(self) -> list[Payload]:
        """Every event so far; each message is a report of its own."""
        calls = self._csms.calls("NotifyEvent")
        assert {call.payload["seqNo"] for call in calls} <= {0}
        return [one for call in calls for one in call.payload["eventData"]]

    async def next(self, variable: str, value: str | None = None, **members: Any) -> Payload:
        """Return the next event of this variable with this value and these members, passing over others."""
        try:
            await self._csms.until(lambda: self._find(variable, value, members) is not None)
        except TimeoutError:
            raise AssertionError(f"no event of {variable} {value} {members} in {self.all}") from None
        found = self._find(variable, value, members)
        assert found is not None
        self._taken.add(found["eventId"])
        return found

    def _find(self, variable: str, value: str | None, members: Mapping[str, Any]) -> Payload | None:
        for one in self.all:
            if one["eventId"] not in self._taken and _fits(one, variable, value, members):
                return one
        return None


def _fits(one: Payload, variable: str, value: str | None, members: Mapping[str, Any]) -> bool:
    is_named = f"{one['component']['name']}.{one['variable']['name']}" == variable
    return (
        is_named
        and value in (None, one["actualValue"])
        and all(one.get(name) == wanted for name, wanted in members.items())
    )


async def clear(csms: Csms, *ids: int) -> list[str]:
    answer = await csms.call("ClearVariableMonitoring", {"id": list(ids)})
    assert [result["id"] for result in answer["clearMonitoringResult"]] == list(ids)
    return [result["status"] for result in answer["clearMonitoringResult"]]


async def set_base(csms: Csms, base: str) -> str:
    status: str = (await csms.call("SetMonitoringBase", {"monitoringBase": base}))["status"]
    return status


async def set_level(csms: Csms, severity: int) -> str:
    status: str = (await csms.call("SetMonitoringLevel", {"severity": severity}))["status"]
    return status


def kinds(monitors: list[Payload]) -> set[str]:
    return {one["type"] for one in monitors}


# reports


async def test_tc_n_01_02_03_and_47_monitors_are_reported_by_kind_and_by_variable(
    csms: Csms, start: Start
) -> None:
    """N02.FR.01, N02.FR.03, N02.FR.04, N02.FR.05, N02.FR.06, N02.FR.08, N02.FR.09, N02.FR.10, N02.FR.11,
    N02.FR.12, N02.FR.13, N02.FR.14. TC_N_02, TC_N_03, TC_N_47.
    """
    await start()
    await install(
        csms,
        monitor("UpperThreshold", 1000, POWER),
        monitor("LowerThreshold", 10, POWER),
        monitor("Periodic", 600, POWER),
        monitor("PeriodicClockAligned", 900, STATE),
    )
    thresholds = await report(csms, 7, monitoringCriteria=["ThresholdMonitoring"])
    assert kinds(thresholds) == {"UpperThreshold", "LowerThreshold"}
    assert [(one["value"], one["severity"], one["transaction"]) for one in thresholds] == [
        (1000, 4, False),
        (10, 4, False),
    ]
    two = await report(csms, monitoringCriteria=["DeltaMonitoring", "PeriodicMonitoring"])
    assert kinds(two) == {"Delta", "Periodic", "PeriodicClockAligned"}
    everything = await report(csms, 8)
    assert len(everything) == len(thresholds) + len(two)
    of_states = await report(csms, componentVariable=[STATION_STATE, STATE])
    assert kinds(of_states) == {"Delta", "PeriodicClockAligned"}
    both: Payload = {"monitoringCriteria": ["DeltaMonitoring"], "componentVariable": [STATION_STATE, STATE]}
    assert [one["component"]["name"] for one in await report(csms, **both)] == ["ChargingStation", "EVSE"]
    none: Payload = {**both, "monitoringCriteria": ["ThresholdMonitoring"]}
    assert await report(csms, **none) == []


async def test_a_long_report_comes_in_parts(csms: Csms, start: Start) -> None:
    """N02.FR.07, N02.FR.09: numbered from 0; a request for more variables than announced is refused."""
    await start(**{"DeviceDataCtrlr__ItemsPerMessage[GetReport]": 2})
    everything = await report(csms)
    assert len(csms.calls("NotifyMonitoringReport")) == (len(everything) + 1) // 2 > 1
    with pytest.raises(Refused) as refused:
        await csms.call("GetMonitoringReport", {"requestId": 1, "componentVariable": [POWER] * 3})
    assert refused.value.code == "OccurrenceConstraintViolation"


async def get_variable(csms: Csms, component: str, variable: str, instance: str) -> str:
    data = {"component": {"name": component}, "variable": {"name": variable, "instance": instance}}
    (result,) = (await csms.call("GetVariables", {"getVariableData": [data]}))["getVariableResult"]
    value: str = result["attributeValue"]
    return value


async def test_tc_n_02_what_a_request_does_not_name_is_any(csms: Csms, start: Start) -> None:
    """N02.FR.15, N02.FR.16, N02.FR.17, N02.FR.18, N02.FR.19, N02.FR.20, N02.FR.21."""
    await start(evses=2)
    await install(csms, monitor("Delta", 1, LIMIT), monitor("UpperThreshold", 50, on("EVSE.Power", 2)))

    async def found(component: Payload, variable: Payload | None = None) -> set[tuple[Any, ...]]:
        wanted = {"component": component} | ({} if variable is None else {"variable": variable})
        return {_where(one) for one in await report(csms, componentVariable=[wanted])}

    everywhere = await found({"name": "EVSE"}, {"name": "Problem"})
    assert everywhere == {("EVSE", "Problem", 1, None), ("EVSE", "Problem", 2, None)}
    second = await found({"name": "EVSE", "evse": {"id": 2}})
    assert ("EVSE", "Power", 2, None) in second
    assert {evse for _, _, evse, _ in second} == {2}
    connectors = await found({"name": "Connector", "evse": {"id": 1}})
    assert ("Connector", "AvailabilityState", 1, 1) in connectors
    any_instance = await found({"name": "MonitoringCtrlr"}, {"name": "ItemsPerMessage"})
    assert any_instance == {("MonitoringCtrlr", "ItemsPerMessage", None, None)}
    assert await found({"name": "EVSE", "instance": "left"}) == set()


def _where(one: Payload) -> tuple[Any, ...]:
    evse = one["component"].get("evse", {})
    return one["component"]["name"], one["variable"]["name"], evse.get("id"), evse.get("connectorId")


async def test_tc_n_04_and_07_what_is_no_criterion_and_no_base_breaks_the_schema(
    csms: Csms, start: Start
) -> None:
    """TC_N_07."""
    await start()
    for action, payload in (
        ("GetMonitoringReport", {"requestId": 1, "monitoringCriteria": ["Unheard"]}),
        ("SetMonitoringBase", {"monitoringBase": "Unheard"}),
    ):
        answer = await csms.raw_call([2, f"of {action}", action, payload])
        assert answer[:3] == [4, f"of {action}", "PropertyConstraintViolation"]


# the base


async def test_tc_n_05_06_and_41_the_base_decides_which_monitors_there_are(csms: Csms, start: Start) -> None:
    """N03.FR.01, N03.FR.03, N03.FR.04, N03.FR.05, N04.FR.15: TC_N_06, TC_N_41."""
    await start()
    (before,) = await report(csms, componentVariable=[STATE])
    changed = monitor("Delta", 1, STATE, 7, id=before["id"])
    assert await install(csms, changed, monitor("UpperThreshold", 50, POWER))
    assert await set_base(csms, "All") == "Accepted"
    (after,) = await report(csms, componentVariable=[STATE])
    assert (after["id"], after["severity"]) == (before["id"], 7)
    assert len(await report(csms, componentVariable=[POWER])) == 1
    assert await set_base(csms, "FactoryDefault") == "Accepted"
    assert await report(csms, componentVariable=[STATE]) == [before]
    assert await report(csms, componentVariable=[POWER]) == []
    assert await report(csms, componentVariable=[STATION_STATE]) != []
    assert await set_base(csms, "HardWiredOnly") == "Accepted"
    assert await report(csms, componentVariable=[STATION_STATE]) == []
    assert {one["variable"]["name"] for one in await report(csms)} == {"Problem"}
    (base,) = await get_variables(csms, "MonitoringCtrlr.ActiveMonitoringBase")
    assert base["attributeValue"] == "HardWiredOnly"


# setting


async def test_tc_n_08_09_and_10_monitors_are_set_and_get_an_id(csms: Csms, start: Start) -> None:
    """N04.FR.01, N04.FR.02, N04.FR.08, N04.FR.11: TC_N_09, TC_N_10."""
    await start()
    data = [
        monitor("Delta", 1, STATE, 8),
        monitor("Delta", 1, STATION_STATE, 8),
        monitor("Delta", 1, STATE, 7),
    ]
    results = await propose(csms, *data)
    for item, result in zip(data, results, strict=True):
        expected = {name: item[name] for name in ("type", "severity", "component", "variable")}
        assert result == {"status": "Accepted", "id": result["id"], **expected}
    assert len({result["id"] for result in results}) == 3
    reported = {one["id"]: one for one in await report(csms, componentVariable=[STATE])}
    assert {results[0]["id"], results[2]["id"]} <= reported.keys()


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (monitor("Delta", 1, on("EVSE.AvailabilityState", 99)), "UnknownComponent"),  # N04.FR.03
        (monitor("UpperThreshold", 1, on("NonExistent.Power")), "UnknownComponent"),
        (monitor("Delta", 1, on("EVSE.NonExistent", 1)), "UnknownVariable"),  # N04.FR.04, TC_N_37
        (monitor("UpperThreshold", 1, STATE), "UnsupportedMonitorType"),  # N04.FR.05, TC_N_38
        (monitor("UpperThreshold", 99_999, POWER), "Rejected"),  # N04.FR.06, TC_N_13
        (monitor("LowerThreshold", -1, POWER), "Rejected"),
        (monitor("Delta", -1, STATE), "Rejected"),  # N04.FR.14, TC_N_12
        (monitor("Delta", 1, STATE, id=123_456), "Rejected"),  # N04.FR.13
        (monitor("Delta", 1, STATE, 10), "Rejected"),
        (monitor("Periodic", 0, STATE), "Rejected"),
    ],
)
async def test_tc_n_11_12_13_37_and_38_what_cannot_be_watched_is_refused(
    csms: Csms, start: Start, data: Payload, status: str
) -> None:
    await start()
    before = await report(csms)
    (result,) = await propose(csms, data)
    assert result["status"] == status
    assert "id" not in result
    assert result["statusInfo"]["reasonCode"]
    assert await report(csms) == before


async def test_tc_n_15_39_40_and_43_twins_replacements_and_mixtures(csms: Csms, start: Start) -> None:
    """N04.FR.10, N04.FR.12, N04.FR.16, N04.FR.18: one refusal is none of the others' business.

    TC_N_39, TC_N_40, TC_N_43.
    """
    await start()
    twin = monitor("Delta", 1, STATE, 5)
    first, second = await propose(csms, twin, twin)
    assert (first["status"], second["status"]) == ("Accepted", "Duplicate")
    (number,) = await install(csms, monitor("Delta", 1, STATE, 4, id=first["id"]))
    assert number == first["id"]
    severities = {one["id"]: one["severity"] for one in await report(csms, componentVariable=[STATE])}
    assert severities[number] == 4
    (moved,) = await propose(csms, monitor("Delta", 1, STATION_STATE, 4, id=number))
    (unheard,) = await propose(csms, monitor("UpperThreshold", 1, on("ChargingStation.Power"), id=number))
    hard_wired = on("EVSE.Problem", 1)
    (problem,) = await report(csms, componentVariable=[hard_wired])
    (overridden,) = await propose(csms, monitor("Delta", 1, hard_wired, 9, id=problem["id"]))
    assert {one["status"] for one in (moved, unheard, overridden)} == {"Rejected"}
    assert severities == {one["id"]: one["severity"] for one in await report(csms, componentVariable=[STATE])}
    assert await report(csms, componentVariable=[hard_wired]) == [problem]
    mixed = await propose(
        csms,
        monitor("UpperThreshold", 100, POWER),
        monitor("Delta", -1, POWER),
        monitor("LowerThreshold", 10, POWER),
    )
    assert [result["status"] for result in mixed] == ["Accepted", "Rejected", "Accepted"]


async def test_a_request_with_more_than_announced_is_refused(csms: Csms, start: Start) -> None:
    """N04.FR.09, N06.FR.06."""
    await start()
    for action, payload in (
        ("SetVariableMonitoring", lambda count: {"setMonitoringData": [monitor("Delta", 1, STATE)] * count}),
        ("ClearVariableMonitoring", lambda count: {"id": list(range(count))}),
    ):
        most = int(await get_variable(csms, "MonitoringCtrlr", "ItemsPerMessage", action))
        with pytest.raises(Refused) as refused:
            await csms.call(action, payload(most + 1))
        assert refused.value.code == "OccurrenceConstraintViolation"


async def test_a_request_with_more_bytes_than_announced_is_refused(csms: Csms, start: Start) -> None:
    """N04.FR.09, N06.FR.07."""
    await start(
        **{
            "MonitoringCtrlr__BytesPerMessage[SetVariableMonitoring]": 200,
            "MonitoringCtrlr__BytesPerMessage[ClearVariableMonitoring]": 200,
        }
    )
    many = {"setMonitoringData": [monitor("Delta", 1, STATE)] * 5}
    requests: tuple[tuple[str, Payload], ...] = (
        ("SetVariableMonitoring", many),
        ("ClearVariableMonitoring", {"id": [10**9] * 40}),
    )
    for action, payload in requests:
        with pytest.raises(Refused) as refused:
            await csms.call(action, payload)
        assert refused.value.code == "FormatViolation"


# the level


async def test_tc_n_16_and_17_nothing_milder_than_the_level_is_told(csms: Csms, start: Start) -> None:
    """N05.FR.01, N05.FR.02, N05.FR.03, N07.FR.15: TC_N_17."""
    station: StationUnderTest = await start()
    events = Events(csms)
    (mild, severe) = await install(
        csms, monitor("Delta", 1, STATE, 8), monitor("Delta", 1, on("Connector.AvailabilityState", 1, 1), 7)
    )
    assert await set_level(csms, 10) == "Rejected"
    if csms.version == "2.0.1":  # the schema of 2.1 has no room for it
        assert await set_level(csms, -1) == "Rejected"
    assert await set_level(csms, 7) == "Accepted"
    await plug_in(station, csms)
    told = await events.next("Connector.AvailabilityState", "Occupied")
    assert told["variableMonitoringId"] == severe
    csms.forget()
    await csms.nothing_more(0.8, "NotifyEvent")
    assert await set_level(csms, 8) == "Accepted"
    late = await events.next("EVSE.AvailabilityState", "Occupied")
    assert late["variableMonitoringId"] == mild


# clearing


async def test_tc_n_18_19_and_44_monitors_are_cleared(csms: Csms, start: Start) -> None:
    """N06.FR.01, N06.FR.02, N06.FR.03, N06.FR.05: TC_N_19, TC_N_44."""
    await start()
    await set_base(csms, "HardWiredOnly")
    ids = await install(csms, monitor("Delta", 1, STATE, 8), monitor("Delta", 1, STATION_STATE, 8))
    assert await clear(csms, *ids) == ["Accepted", "Accepted"]
    assert await report(csms, componentVariable=[STATE, STATION_STATE]) == []
    hard_wired = (await report(csms))[0]["id"]
    assert await clear(csms, ids[0], 123_456, hard_wired) == ["NotFound", "NotFound", "Rejected"]


# events


async def test_tc_n_20_a_threshold_that_is_exceeded_and_the_value_back_within(
    csms: Csms, start: Start
) -> None:
    """N07.FR.02, N07.FR.06, N07.FR.07, N07.FR.16, N07.FR.17."""
    station: StationUnderTest = await start()
    events = Events(csms)
    (upper,) = await install(csms, monitor("UpperThreshold", 100, POWER))
    transaction = await charge(station, csms)
    alert = await events.next("EVSE.Power", trigger="Alerting", variableMonitoringId=upper)
    assert float(alert["actualValue"]) > 100
    assert "cleared" not in alert
    assert (alert["transactionId"], alert["eventNotificationType"]) == (transaction, "CustomMonitor")
    assert alert["component"] == {"name": "EVSE", "evse": {"id": 1}}
    (lower,) = await install(csms, monitor("LowerThreshold", 10, POWER))
    await station.accepted(CARD)
    end = await events.next("EVSE.Power", cleared=True, variableMonitoringId=upper)
    assert float(end["actualValue"]) <= 100
    assert end["transactionId"] == transaction
    below = await events.next("EVSE.Power", variableMonitoringId=lower)
    assert float(below["actualValue"]) < 10
    assert "cleared" not in below


async def test_tc_n_45_and_56_differences_of_numbers_and_of_words(csms: Csms, start: Start) -> None:
    """N07.FR.06, N07.FR.07, N07.FR.18, N07.FR.19: TC_N_56."""
    station: StationUnderTest = await start()
    events = Events(csms)
    number, word = await install(csms, monitor("Delta", 500, POWER), monitor("Delta", 99, STATE, 5))
    transaction = await charge(station, csms)
    occupied = await events.next("EVSE.AvailabilityState", "Occupied")
    assert (occupied["trigger"], occupied["variableMonitoringId"]) == ("Delta", word)
    power = await events.next("EVSE.Power", trigger="Delta")
    assert (power["variableMonitoringId"], power["transactionId"]) == (number, transaction)
    assert float(power["actualValue"]) > 500


async def test_tc_n_24_periods_from_now_and_by_the_clock(csms: Csms, start: Start) -> None:
    """N08.FR.04, N08.FR.05, N08.FR.06, N08.FR.07."""
    await start()
    events = Events(csms)
    began_s = asyncio.get_running_loop().time()
    await install(csms, monitor("Periodic", 2, STATE), monitor("PeriodicClockAligned", 1, STATION_STATE))
    first = await events.next("EVSE.AvailabilityState", "Available", trigger="Periodic")
    assert asyncio.get_running_loop().time() - began_s > 1.9
    second = await events.next("EVSE.AvailabilityState", "Available", trigger="Periodic")
    assert second["eventId"] > first["eventId"]
    aligned = await events.next("ChargingStation.AvailabilityState", trigger="Periodic")
    assert float(f"0.{aligned['timestamp'].partition('.')[2].rstrip('Z') or 0}") < 0.9


async def test_tc_n_21_a_fault_is_told_by_a_hard_wired_monitor(csms: Csms, start: Start) -> None:
    """N07.FR.05, N07.FR.06: the station's event names the EVSE's as its cause."""
    station: StationUnderTest = await start()
    events = Events(csms)
    await set_base(csms, "HardWiredOnly")
    station.bay.silence_controller(True)
    whole = await events.next("ChargingStation.Problem", "true")
    evse = await events.next("EVSE.Problem", "true")
    assert (evse["eventNotificationType"], evse["trigger"]) == ("HardWiredMonitor", "Delta")
    assert (evse["techCode"], evse["techInfo"]) == (
        "ControllerSilent",
        "the charge controller does not answer",
    )
    assert evse["variableMonitoringId"] >= HARD_WIRED_FROM
    assert whole["cause"] == evse["eventId"]
    station.bay.silence_controller(False)
    end = await events.next("EVSE.Problem", "false")
    assert "techInfo" not in end


# offline


async def test_tc_n_22_and_23_offline_what_is_severe_waits_and_the_rest_is_judged_later(
    csms: Csms, start: Start
) -> None:
    """N07.FR.04, N08.FR.03: also over a power cut. TC_N_23."""
    station: StationUnderTest = await start(MonitoringCtrlr__OfflineQueuingSeverity=5)
    events = Events(csms)
    severe, mild, period = await install(
        csms,
        monitor("Delta", 1, STATE, 5),
        monitor("Delta", 1, on("Connector.AvailabilityState", 1, 1), 6),
        monitor("Periodic", 1, STATION_STATE, 5),
    )
    port = csms.port
    await csms.close()
    station.bay.plug_in()
    await station.until(status="Occupied")
    await asyncio.sleep(0.8)
    station.bay.unplug()
    await station.until(status="Available")
    await asyncio.sleep(0.8)
    await station.cut_power()
    await station.power_on()
    csms.forget()
    await csms.listen(port)
    for state in ("Occupied", "Available"):
        told = await events.next("EVSE.AvailabilityState", state)
        assert told["variableMonitoringId"] == severe
    await events.next("ChargingStation.AvailabilityState", variableMonitoringId=period)
    assert mild not in {one["variableMonitoringId"] for one in events.all}


# persistence


async def test_tc_n_52_and_53_monitors_and_what_they_found_survive_a_restart(
    csms: Csms, start: Start
) -> None:
    """N07.FR.12, N07.FR.13, N07.FR.14: an excess ends for the monitor that is there still (TC_N_53)."""
    station: StationUnderTest = await start()
    events = Events(csms)
    kept, gone = await install(
        csms, monitor("UpperThreshold", 100, POWER, 4), monitor("UpperThreshold", 100, POWER, 5)
    )
    transaction = await charge(station, csms)
    await events.next("EVSE.Power", variableMonitoringId=kept)
    await events.next("EVSE.Power", variableMonitoringId=gone)
    assert await clear(csms, gone) == ["Accepted"]
    await station.switch_off()
    station.bay.unplug()
    await station.power_on()
    await csms.expect("BootNotification")
    end = await events.next("EVSE.Power", cleared=True)
    assert (end["variableMonitoringId"], end["transactionId"]) == (kept, transaction)
    assert [one["id"] for one in await report(csms, componentVariable=[POWER])] == [kept]
    await csms.event(eventType="Ended")
    assert not any(one["variableMonitoringId"] == gone and one.get("cleared") for one in events.all)


async def test_tc_n_51_a_changed_threshold_is_looked_at_anew(csms: Csms, start: Start) -> None:
    """N07.FR.11."""
    station: StationUnderTest = await start()
    events = Events(csms)
    (number,) = await install(csms, monitor("UpperThreshold", 11_000, POWER))
    await charge(station, csms)
    await install(csms, monitor("UpperThreshold", 100, POWER, id=number))
    await events.next("EVSE.Power", variableMonitoringId=number)
    await install(csms, monitor("UpperThreshold", 11_040, POWER, id=number))
    await events.next("EVSE.Power", variableMonitoringId=number, cleared=True)


async def test_tc_n_48_what_nobody_may_read_is_watched_but_not_told(csms: Csms, start: Start) -> None:
    """N07.FR.10."""
    await start()
    events = Events(csms)
    await install(csms, monitor("Delta", 1, on("SecurityCtrlr.BasicAuthPassword")))
    assert await set_variables(csms, {"SecurityCtrlr.BasicAuthPassword": "another-password-16"}) == [
        "Accepted"
    ]
    told = await events.next("SecurityCtrlr.BasicAuthPassword")
    assert told["actualValue"] == ""


async def test_tc_n_61_a_setting_is_watched_as_any_number(csms: Csms, start: Start) -> None:
    """N07.FR.18: a difference of 1 is not more than 1."""
    await start(OCPPCommCtrlr__OfflineThreshold=60)
    events = Events(csms)
    threshold = on("OCPPCommCtrlr.OfflineThreshold")
    (number,) = await install(csms, monitor("Delta", 1, threshold))
    for value in (61, 62):
        assert await set_variables(csms, {"OCPPCommCtrlr.OfflineThreshold": str(value)}) == ["Accepted"]
        await asyncio.sleep(0.7)
    told = await events.next("OCPPCommCtrlr.OfflineThreshold")
    assert (told["actualValue"], told["variableMonitoringId"]) == ("62", number)
