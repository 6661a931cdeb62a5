"""B07 (get base report)."""

from __future__ import annotations

from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp201.conftest import Start


async def report(csms: Csms, base: str, request_id: int) -> list[Payload]:
    """Return what a base report contains; checks how it is divided (B07.FR.01, B07.FR.06, B07.FR.13)."""
    answer = await csms.call("GetBaseReport", {"requestId": request_id, "reportBase": base})
    assert answer["status"] == "Accepted"
    parts = [(await csms.expect("NotifyReport")).payload]
    while parts[-1].get("tbc"):
        parts.append((await csms.expect("NotifyReport")).payload)
    assert {part["requestId"] for part in parts} == {request_id}
    assert [part["seqNo"] for part in parts] == list(range(len(parts)))
    assert all(len(part["reportData"]) <= 64 for part in parts)
    return [item for part in parts for item in part["reportData"]]


def names(items: list[Payload]) -> list[tuple[str, ...]]:
    return [
        (
            item["component"]["name"] + item["component"].get("instance", ""),
            str(item["component"].get("evse")),
            item["variable"]["name"],
            item["variable"].get("instance", ""),
        )
        for item in items
    ]


async def test_tc_b_12_cs_configuration_inventory(csms: Csms, start: Start) -> None:
    """B07.FR.07: what can be written; and how every report is sent.

    B07.FR.01, B07.FR.03, B07.FR.04, B07.FR.05, B07.FR.06, B07.FR.10, B07.FR.11.
    """
    await start()
    items = await report(csms, "ConfigurationInventory", 1)
    assert {item["variableAttribute"][0]["mutability"] for item in items} <= {"ReadWrite", "WriteOnly"}
    assert ("OCPPCommCtrlr", "None", "HeartbeatInterval", "") in names(items)


async def test_tc_b_13_cs_full_inventory(csms: Csms, start: Start) -> None:
    """B07.FR.08: everything, with characteristics, and no secret."""
    await start(evses=2)
    items = await report(csms, "FullInventory", 2)
    found = names(items)
    assert len(found) == len(set(found))
    for component, number in (("EVSE", 1), ("EVSE", 2)):
        assert (component, str({"id": number}), "AvailabilityState", "") in found
    for number in (1, 2):
        assert ("Connector", str({"id": number, "connectorId": 1}), "ConnectorType", "") in found
    assert all("variableCharacteristics" in item for item in items)
    passwords = [item for item in items if item["variable"]["name"] == "BasicAuthPassword"]
    assert passwords
    assert all("value" not in password["variableAttribute"][0] for password in passwords)


async def test_tc_b_14_cs_summary_inventory(csms: Csms, start: Start) -> None:
    """B07.FR.09: availability and problems of station, EVSEs and connectors."""
    await start()
    items = await report(csms, "SummaryInventory", 3)
    found = {(item["component"]["name"], item["variable"]["name"]) for item in items}
    assert {
        ("ChargingStation", "AvailabilityState"),
        ("EVSE", "AvailabilityState"),
        ("Connector", "AvailabilityState"),
    } <= found


#: OCPP 2.0.1 Part 2 chapter 3.1: what every station has.
REQUIRED = {
    "OCPPCommCtrlr": {
        "MessageTimeout",
        "FileTransferProtocols",
        "NetworkConfigurationPriority",
        "NetworkProfileConnectionAttempts",
        "OfflineThreshold",
        "MessageAttempts",
        "MessageAttemptInterval",
        "UnlockOnEVSideDisconnect",
        "ResetRetries",
        "RetryBackOffRepeatTimes",
        "RetryBackOffRandomRange",
        "RetryBackOffWaitMinimum",
    },
    "ClockCtrlr": {"DateTime", "TimeSource"},
    "SecurityCtrlr": {"OrganizationName", "CertificateEntries", "SecurityProfile"},
    "AuthCtrlr": {"AuthorizeRemoteStart", "LocalAuthorizeOffline", "LocalPreAuthorize"},
    "TxCtrlr": {
        "EVConnectionTimeOut",
        "StopTxOnEVSideDisconnect",
        "StopTxOnInvalidId",
        "TxStartPoint",
        "TxStopPoint",
    },
    "DeviceDataCtrlr": {"ItemsPerMessage", "BytesPerMessage"},
    "SampledDataCtrlr": {
        "TxStartedMeasurands",
        "TxUpdatedMeasurands",
        "TxUpdatedInterval",
        "TxEndedMeasurands",
        "TxEndedInterval",
    },
    "AlignedDataCtrlr": {"Measurands", "Interval", "TxEndedMeasurands", "TxEndedInterval"},
    "LocalAuthListCtrlr": {"Entries", "ItemsPerMessage", "BytesPerMessage"},
    "SmartChargingCtrlr": {
        "ProfileStackLevel",
        "RateUnit",
        "PeriodsPerSchedule",
        "Entries",
        "LimitChangeSignificance",
    },
    "DisplayMessageCtrlr": {"DisplayMessages", "SupportedFormats", "SupportedPriorities"},
    "ChargingStation": {"AvailabilityState", "SupplyPhases"},
    "EVSE": {"AvailabilityState", "Available", "SupplyPhases", "Power"},
    "Connector": {"AvailabilityState", "Available", "ConnectorType", "SupplyPhases"},
}


async def test_tc_b_53_cs_required_variables(csms: Csms, start: Start) -> None:
    """B07.FR.08, B07.FR.12: every variable that the standard requires, of every component there is."""
    await start()
    found: dict[str, set[str]] = {}
    for item in await report(csms, "FullInventory", 4):
        found.setdefault(item["component"]["name"], set()).add(item["variable"]["name"])
    missing = {component: names - found.get(component, set()) for component, names in REQUIRED.items()}
    assert {component: names for component, names in missing.items() if names} == {}
