from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from agent.csms.v16 import status_notification
from agent.station import faults, warnings
from agent.station.connector import ConnectorView
from agent.station.evse import ConnectorStatus
from agent.transactions.records import ChargingState
from drivers.serial.rapi_answers import FAULTS

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def view(
    status: ConnectorStatus = "Occupied",
    charging_state: ChargingState = "EVConnected",
    *,
    has_driver: bool = False,
    has_finished: bool = False,
    fault: str | None = None,
    is_loose: bool = False,
    warning: str | None = None,
) -> ConnectorView:
    return ConnectorView(
        evse_id=2,
        connector_id=1,
        status=status,
        charging_state=charging_state,
        has_driver=has_driver,
        has_finished=has_finished,
        fault=fault,
        is_loose=is_loose,
        warning=warning,
    )


@pytest.mark.parametrize(
    ("seen", "word"),
    [
        (view("Available", "Idle"), "Available"),
        (view("Available", "Idle", has_driver=True), "Preparing"),
        (view("Reserved", "Idle"), "Reserved"),
        (view("Unavailable", "Idle"), "Unavailable"),
        (view("Faulted", "Charging", fault=faults.POWER_STAYS), "Faulted"),
        (view(), "Preparing"),
        (view(charging_state="Idle", has_driver=True), "Preparing"),
        (view(has_driver=True), "Preparing"),
        (view(charging_state="Charging", has_driver=True), "Charging"),
        (view(charging_state="SuspendedEV", has_driver=True), "SuspendedEV"),
        (view(charging_state="SuspendedEVSE", has_driver=True), "SuspendedEVSE"),
        (view(has_finished=True), "Finishing"),
        (view(has_finished=True, has_driver=True), "Preparing"),
    ],
)
def test_every_word(seen: ConnectorView, word: str) -> None:
    message = status_notification.message(seen, AT)
    assert (message.connector_id, message.status, message.timestamp) == (2, word, AT)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (faults.METER_SILENT, "PowerMeterFailure"),
        (faults.POWER_STAYS, "PowerSwitchFailure"),
        ("control pilot F", "EVCommunicationError"),
        ("something that has no word of its own, and rather many letters", "OtherError"),
    ],
)
def test_a_fault_has_a_code_and_our_words(fault: str, code: str) -> None:
    message = status_notification.message(view("Faulted", fault=fault), AT)
    assert message.error_code == code
    assert message.info == fault[:50]


def test_every_fault_of_an_openevse_controller_has_a_code() -> None:
    found = {
        fault: status_notification.message(view("Faulted", fault=fault), AT).error_code
        for fault in FAULTS.values()
    }
    without = {fault for fault, code in found.items() if code == "OtherError"}
    assert without == {"proximity pin shorted", "proximity resistor missing"}
    assert found["over temperature"] == "HighTemperature"
    assert found["ground fault interrupter tripped"] == "GroundFailure"
    assert set(found.values()) == {
        "EVCommunicationError",
        "GroundFailure",
        "HighTemperature",
        "InternalError",
        "OtherError",
        "OverCurrentFailure",
        "PowerSwitchFailure",
    }


def test_a_controllers_own_word_is_the_vendors_code() -> None:
    own = status_notification.message(view("Faulted", fault=faults.METER_SILENT), AT)
    controllers = status_notification.message(view("Faulted", fault="over temperature"), AT)
    assert (own.vendor_error_code, controllers.vendor_error_code) == (None, "over temperature")


def test_a_plug_that_is_not_held_is_a_lock_failure_until_there_is_a_worse_fault() -> None:
    """TC_024."""
    loose = status_notification.message(view("Occupied", has_driver=True, is_loose=True), AT)
    assert (loose.status, loose.error_code) == ("Faulted", "ConnectorLockFailure")
    worse = status_notification.message(view("Faulted", fault="no ground", is_loose=True), AT)
    assert (worse.status, worse.error_code) == ("Faulted", "GroundFailure")


def test_a_transaction_that_waits_for_its_vehicle_is_suspended() -> None:
    """TC_005_3."""
    left = replace(view("Available", "Idle", has_driver=True), is_left=True)
    assert status_notification.message(left, AT).status == "SuspendedEV"


@pytest.mark.parametrize(
    ("warning", "code"),
    [(warnings.READER_SILENT, "ReaderFailure"), (warnings.LIST_CONFLICTS, "LocalListConflict")],
)
def test_a_warning_leaves_the_status_alone(warning: str, code: str) -> None:
    message = status_notification.message(view("Available", "Idle", warning=warning), AT)
    assert (message.status, message.error_code, message.info) == ("Available", code, warning[:50])
    station = status_notification.whole_station(AT, is_available=True, warning=warning)
    assert (station.status, station.error_code) == ("Available", code)


def test_nothing_is_wrong() -> None:
    message = status_notification.message(view(), AT)
    assert (message.error_code, message.info) == ("NoError", None)


def test_the_whole_station_is_connector_0() -> None:
    assert status_notification.whole_station(AT, is_available=True).status == "Available"
    message = status_notification.whole_station(AT, is_available=False)
    assert (message.connector_id, message.status) == (0, "Unavailable")
