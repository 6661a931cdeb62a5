"""K11 to K13: limits that others than the backend set, over the control socket."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from agent.cli import main
from tests.conformance.kit import Csms
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.profiles import (
    LIMIT_A,
    OUTSIDE,
    clear,
    composite,
    draws,
    install,
    limits,
    profile,
    reported,
)
from tests.conformance.ocpp201.sessions import charge, set_variables, transaction_id
from tests.conformance.station import StationUnderTest

SIGNIFICANCE = "SmartChargingCtrlr.LimitChangeSignificance"
WITH_SCHEDULES = "SmartChargingCtrlr.NotifyChargingLimitWithSchedules"


async def allow(station: StationUnderTest, limit: float, **more: Any) -> None:
    """Set a limit as an energy management would."""
    await station.ask(do="limit-set", periods=[[0, limit]], **more)


async def test_tc_k_48_51_52_a_limit_during_a_charge(csms: Csms, start: Start) -> None:
    """K11.FR.01, K11.FR.02, K11.FR.03, K11.FR.04, K11.FR.05, K11.FR.06, K13.FR.01, K13.FR.02, K13.FR.03.

    It is obeyed and told, and so is the rate; reports and composite schedule show it, and the backend cannot
    take it back (K10.FR.09, K10.FR.08, K01.FR.05); then whoever set it does (TC_K_52).
    """
    station: StationUnderTest = await start()
    transaction = await charge(station, csms)
    await draws(station, LIMIT_A)
    await allow(station, 9, evse=1, source="SO", grid_critical=True)
    told = (await csms.expect("NotifyChargingLimit")).payload
    assert {"chargingLimitSource": "SO", "isGridCritical": True}.items() <= told["chargingLimit"].items()
    assert told["evseId"] == 1
    (schedule,) = told["chargingSchedule"]
    assert [period["limit"] for period in schedule["chargingSchedulePeriod"]] == [9]
    await draws(station, 9)
    changed = await csms.event(triggerReason="ChargingRateChanged")
    assert transaction_id(changed) == transaction

    assert limits(await composite(csms, 1, 60)) == [9]
    (report,) = await reported(csms, chargingProfilePurpose=OUTSIDE)
    assert (report["evseId"], report["chargingLimitSource"]) == (1, "SO")
    (shown,) = report["chargingProfile"]
    assert shown["chargingProfilePurpose"] == OUTSIDE
    assert await clear(csms, shown["id"]) == "Unknown"
    assert await clear(csms, evseId=1) == "Unknown"
    assert await install(csms, 1, profile(16, id=shown["id"])) == "Rejected"

    await station.ask(do="limit-clear", evse=1, source="SO")
    cleared = (await csms.expect("ClearedChargingLimit")).payload
    assert cleared == {"chargingLimitSource": "SO", "evseId": 1}
    await draws(station, LIMIT_A)
    await csms.event(triggerReason="ChargingRateChanged")


async def test_tc_k_49_50_a_limit_while_nobody_charges(csms: Csms, start: Start) -> None:
    """K12.FR.01, K12.FR.02, K12.FR.04: on the grid connection.

    Without a schedule if that is not wanted; nothing is told of small changes; what happens while the backend
    is away is told once it is back.
    """
    station: StationUnderTest = await start()
    assert await set_variables(csms, {SIGNIFICANCE: "20", WITH_SCHEDULES: "false"}) == ["Accepted"] * 2
    await allow(station, 10)
    told = (await csms.expect("NotifyChargingLimit")).payload
    assert told == {"chargingLimit": {"chargingLimitSource": "EMS"}}
    await allow(station, 9)
    assert limits(await composite(csms, 1, 60)) == [9]
    await allow(station, 6)
    await csms.expect("NotifyChargingLimit")
    assert len(csms.calls("NotifyChargingLimit")) == 2

    port = csms.port
    await csms.close()
    await station.ask(do="limit-clear")
    await csms.listen(port)
    cleared = (await csms.expect("ClearedChargingLimit")).payload
    assert cleared == {"chargingLimitSource": "EMS"}
    await charge(station, csms)
    await draws(station, LIMIT_A)
    assert not csms.calls("TransactionEvent")[0].payload["triggerReason"].startswith("ChargingRate")


async def test_a_technician_sets_them_by_hand(
    csms: Csms, start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    """K12.FR.03, K12.FR.05: the backend is told what it is, and can ask for it."""
    station: StationUnderTest = await start()
    config = ["--config", str(station.directory / "station.toml")]

    async def limit(*arguments: str) -> tuple[int, list[str]]:
        code = await asyncio.to_thread(main, ["limit", *arguments, *config])
        return code, capsys.readouterr().out.splitlines()

    assert await limit("list") == (0, ["no limits from outside"])
    code, (line,) = await limit("set", "0:12,3600:8", "--evse", "1", "--for", "7200")
    assert code == 0
    assert line.startswith("EVSE 1: 12 A, 8 A from 3600 s on (EMS, since 20")
    assert ", until 20" in line
    assert (await csms.expect("NotifyChargingLimit")).payload["evseId"] == 1
    code, lines = await limit("set", "6900", "--unit", "W", "--source", "SO", "--grid-critical")
    assert (code, len(lines)) == (0, 2)
    assert [line for line in lines if line.startswith("station: 6900 W (SO, since 20")]
    told = (await csms.expect("NotifyChargingLimit")).payload
    assert told["chargingLimit"]["isGridCritical"] is True
    assert told["chargingSchedule"][0]["chargingSchedulePeriod"][0]["limit"] == 6900
    reports = await reported(csms, evse=0, chargingProfilePurpose=OUTSIDE)
    assert [report["chargingLimitSource"] for report in reports] == ["SO"]
    assert limits(await composite(csms, 1, 60)) == [10]
    code, lines = await limit("clear", "--evse", "1")
    assert (code, len(lines)) == (0, 1)
    assert (await limit("clear", "--evse", "1"))[1][0] == "there was none of this source there"
    assert (await limit("set", "much"))[0] == 2
    assert (await limit("set", "6", "--evse", "7"))[0] == 1
