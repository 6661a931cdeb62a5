"""Every action that a charging station may call in OCPP 2.0.1 gets a proper answer."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from ocpp.v201 import call  # type: ignore[import-untyped] # the package ships no types
from sqlalchemy import Connection, select

from backend.db.tables import charging_stations, connectors, device_variables, meter_values, station_notices
from tests.unit.backend import seed
from tests.unit.backend.running import Backend, Charger, charger

AT = "2026-03-11T09:00:00Z"
COMPONENT = {"name": "EVSE", "evse": {"id": 1}}
VARIABLE = {"name": "Power"}

CALLS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "ClearedChargingLimit": ({"chargingLimitSource": "EMS"}, {}),
    "FirmwareStatusNotification": ({"status": "Downloading", "requestId": 1}, {}),
    "LogStatusNotification": ({"status": "Idle"}, {}),
    "NotifyChargingLimit": ({"chargingLimit": {"chargingLimitSource": "EMS"}}, {}),
    "NotifyCustomerInformation": ({"data": "x", "seqNo": 0, "generatedAt": AT, "requestId": 1}, {}),
    "NotifyDisplayMessages": ({"requestId": 1}, {}),
    "NotifyEvent": (
        {
            "generatedAt": AT,
            "seqNo": 0,
            "eventData": [
                {
                    "eventId": 1,
                    "timestamp": AT,
                    "trigger": "Alerting",
                    "actualValue": "1",
                    "eventNotificationType": "HardWiredNotification",
                    "component": COMPONENT,
                    "variable": VARIABLE,
                }
            ],
        },
        {},
    ),
    "NotifyMonitoringReport": ({"requestId": 1, "seqNo": 0, "generatedAt": AT}, {}),
    "PublishFirmwareStatusNotification": ({"status": "Idle"}, {}),
    "ReportChargingProfiles": (
        {
            "requestId": 1,
            "chargingLimitSource": "EMS",
            "evseId": 1,
            "chargingProfile": [
                {
                    "id": 1,
                    "stackLevel": 0,
                    "chargingProfilePurpose": "TxProfile",
                    "chargingProfileKind": "Relative",
                    "chargingSchedule": [
                        {
                            "id": 1,
                            "chargingRateUnit": "A",
                            "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 16.0}],
                        }
                    ],
                }
            ],
        },
        {},
    ),
    "ReservationStatusUpdate": ({"reservationId": 1, "reservationUpdateStatus": "Expired"}, {}),
    "SecurityEventNotification": ({"type": "StartupOfTheDevice", "timestamp": AT}, {}),
    "DataTransfer": ({"vendorId": "com.example"}, {"status": "UnknownVendorId"}),
    "Get15118EVCertificate": (
        {"iso15118SchemaVersion": "urn:iso:15118:2:2013:MsgDef", "action": "Install", "exiRequest": "gA=="},
        {"status": "Failed", "exiResponse": "", "statusInfo": {"reasonCode": "NotSupported"}},
    ),
    "GetCertificateStatus": (
        {
            "ocspRequestData": {
                "hashAlgorithm": "SHA256",
                "issuerNameHash": "a",
                "issuerKeyHash": "b",
                "serialNumber": "1",
                "responderURL": "http://ocsp.example",
            }
        },
        {"status": "Failed", "statusInfo": {"reasonCode": "NotSupported"}},
    ),
    "NotifyEVChargingNeeds": (
        {"evseId": 1, "chargingNeeds": {"requestedEnergyTransfer": "AC_three_phase"}},
        {"status": "Rejected", "statusInfo": {"reasonCode": "NotSupported"}},
    ),
    "NotifyEVChargingSchedule": (
        {
            "timeBase": AT,
            "evseId": 1,
            "chargingSchedule": {
                "id": 1,
                "chargingRateUnit": "A",
                "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 16.0}],
            },
        },
        {"status": "Rejected", "statusInfo": {"reasonCode": "NotSupported"}},
    ),
    "SignCertificate": ({"csr": "x"}, {"status": "Rejected", "statusInfo": {"reasonCode": "NotSupported"}}),
}
KEPT = sorted(action for action, (_, answer) in CALLS.items() if not answer)

STATION_CALLS = {
    "Authorize",
    "BootNotification",
    "Heartbeat",
    "MeterValues",
    "NotifyReport",
    "StatusNotification",
    "TransactionEvent",
    *CALLS,
}
"""What a charging station calls in OCPP 2.0.1; the rest is for the backend to call."""


@pytest.mark.parametrize("action", sorted(CALLS))
async def test_action_is_answered(station: Charger, action: str) -> None:
    payload, expected = CALLS[action]
    assert await station.call(action, payload) == expected


@pytest.mark.parametrize("action", KEPT)
async def test_information_that_nothing_works_with_yet_is_kept(
    station: Charger, on_sqlite: Backend, action: str
) -> None:
    payload, _ = CALLS[action]
    await station.call(action, payload)

    def kept(db: Connection) -> Any:
        query = select(station_notices.c.payload).where(station_notices.c.action == action)
        return json.loads(db.execute(query).scalar_one())

    assert await on_sqlite.database.read(kept) == payload


async def test_no_action_is_forgotten(station: Charger) -> None:
    """Each of the standard's actions is served or NotSupported, never NotImplemented."""
    known = sorted(name for name, kind in vars(call).items() if dataclasses.is_dataclass(kind))
    assert set(known) >= STATION_CALLS
    for action in known:
        await station.send([2, action[:36], action, {"noSuchMember": 1}])
        code = (await station.receive())[2]
        served = {"FormatViolation", "OccurrenceConstraintViolation"}
        assert code in (served if action in STATION_CALLS else {"NotSupported"}), action


async def test_boot_notification(running: Backend) -> None:
    """B01.FR.01, B01.FR.02, TC_B_01."""
    async with charger(running, boots=False) as station:
        answer = await station.boot()
        assert answer["status"] == "Accepted"
        assert answer["interval"] == 300
        assert "currentTime" in answer
    row = await running.database.read(lambda db: db.execute(select(charging_stations)).one())
    assert (row.vendor, row.model, row.serial_number, row.firmware_version) == ("V", "M", "S-1", "1.0")
    assert row.boot_reason == "PowerUp"
    assert row.booted_at is not None


async def test_an_empty_boot_notification_is_refused(on_sqlite: Backend) -> None:
    async with charger(on_sqlite, boots=False) as station:
        await station.send([2, "a", "BootNotification", {}])
        assert (await station.receive())[2] == "OccurrenceConstraintViolation"
        assert (await station.boot())["status"] == "Accepted"


async def test_status_notification_keeps_the_last_of_each_connector(running: Backend) -> None:
    """G01.FR.01."""
    async with charger(running) as station:
        for status, evse_id, at in (
            ("Available", 1, "2026-03-11T12:00:00Z"),
            ("Occupied", 1, "2026-03-11T09:00:00Z"),
            ("Faulted", 2, AT),
        ):
            payload = {"timestamp": at, "connectorStatus": status, "evseId": evse_id, "connectorId": 1}
            assert await station.call("StatusNotification", payload) == {}
    rows = await running.database.read(
        lambda db: db.execute(
            select(connectors.c.evse_id, connectors.c.status).order_by(connectors.c.evse_id)
        ).all()
    )
    assert [tuple(row) for row in rows] == [(1, "Occupied"), (2, "Faulted")]


async def test_security_event_is_shown_in_the_log(station: Charger, caplog: pytest.LogCaptureFixture) -> None:
    """A04."""
    await station.call("SecurityEventNotification", {"type": "TamperDetectionActivated", "timestamp": AT})
    assert "CS-1: security event 'TamperDetectionActivated'" in caplog.text


async def test_firmware_status_is_kept_with_the_station(station: Charger, on_sqlite: Backend) -> None:
    await station.call("FirmwareStatusNotification", {"status": "Installing", "requestId": 4})
    status = await on_sqlite.database.read(
        lambda db: db.execute(select(charging_stations.c.firmware_status)).scalar_one()
    )
    assert status == "Installing"


async def test_meter_values(running: Backend) -> None:
    """J01: one row for every time at which the meter was read."""
    sampled = [
        {"value": 12.5, "unitOfMeasure": {"unit": "kWh"}},
        {"value": 7.4, "measurand": "Power.Active.Import", "unitOfMeasure": {"unit": "kW"}},
        {"value": 3.1, "measurand": "Power.Active.Import", "phase": "L1", "unitOfMeasure": {"unit": "kW"}},
        {"value": 230.0, "measurand": "Voltage", "phase": "L1-N"},
    ]
    values = [{"timestamp": AT, "sampledValue": sampled}, {"timestamp": AT, "sampledValue": [{"value": 7}]}]
    async with charger(running) as station:
        assert await station.call("MeterValues", {"evseId": 1, "meterValue": values}) == {}
    rows = await running.database.read(
        lambda db: db.execute(select(meter_values).order_by(meter_values.c.id)).all()
    )
    assert [(row.energy_wh, row.power_w) for row in rows] == [(12_500, 7400), (7, None)]
    assert json.loads(rows[0].sampled_values)["sampledValue"] == sampled


async def test_notify_report_keeps_the_device_model(running: Backend) -> None:
    """B07: the last value of every attribute."""

    def report(value: str) -> dict[str, Any]:
        return {
            "requestId": 1,
            "generatedAt": AT,
            "seqNo": 0,
            "reportData": [
                {
                    "component": COMPONENT,
                    "variable": VARIABLE,
                    "variableAttribute": [{"value": value, "mutability": "ReadOnly"}],
                    "variableCharacteristics": {
                        "dataType": "decimal",
                        "supportsMonitoring": True,
                        "unit": "W",
                    },
                },
                {
                    "component": {"name": "ChargingStation"},
                    "variable": {"name": "Model"},
                    "variableAttribute": [{"value": "M"}],
                },
            ],
        }

    async with charger(running) as station:
        for value in ("11000", "22000"):
            assert await station.call("NotifyReport", report(value)) == {}
        assert await station.call("NotifyReport", {"requestId": 1, "generatedAt": AT, "seqNo": 1}) == {}
    rows = await running.database.read(
        lambda db: db.execute(select(device_variables).order_by(device_variables.c.component.desc())).all()
    )
    assert [(row.component, row.evse_id, row.variable, row.attribute, row.value) for row in rows] == [
        ("EVSE", 1, "Power", "Actual", "22000"),
        ("ChargingStation", 0, "Model", "Actual", "M"),
    ]
    assert json.loads(rows[0].characteristics)["unit"] == "W"


async def test_authorize(running: Backend) -> None:
    """C01.FR.07, TC_C_02: every reason for a refusal has its own status."""
    await running.database.write(cards)
    async with charger(running) as station:
        said = {}
        for uid in ("good", "BLOCKED", "EXPIRED", "INVALID", "NOBODY"):
            answer = await station.call("Authorize", {"idToken": {"idToken": uid, "type": "ISO14443"}})
            said[uid] = answer["idTokenInfo"]
    assert {uid: info["status"] for uid, info in said.items()} == {
        "good": "Accepted",
        "BLOCKED": "Blocked",
        "EXPIRED": "Expired",
        "INVALID": "Invalid",
        "NOBODY": "Unknown",
    }
    assert said["good"]["groupIdToken"] == {"idToken": "FLEET", "type": "Central"}
    assert said["good"]["cacheExpiryDateTime"].endswith("Z")
    assert "cacheExpiryDateTime" not in said["BLOCKED"]


def cards(db: Connection) -> None:
    seed.token(db, "GOOD", group_id="FLEET")
    seed.token(db, "BLOCKED", blocked=True)
    seed.token(db, "EXPIRED", expires_at=seed.NOW)
    seed.token(db, "INVALID", valid=False)


async def test_a_contract_certificate_that_cannot_be_checked_is_not_accepted(
    station: Charger, on_sqlite: Backend
) -> None:
    """C07."""
    await on_sqlite.database.write(lambda db: seed.token(db, "DE-ABC-1", type="EMAID"))
    token = {"idToken": "DE-ABC-1", "type": "eMAID"}
    answer = await station.call("Authorize", {"idToken": token, "certificate": "x"})
    assert answer["idTokenInfo"]["status"] == "Invalid"
    assert answer["certificateStatus"] == "NoCertificateAvailable"
    plain = await station.call("Authorize", {"idToken": token})
    assert plain["idTokenInfo"]["status"] == "Accepted"
