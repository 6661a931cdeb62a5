"""Blocks Q, R and S: how a station answers that has no inverter, feeds nothing back and swaps nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.kit import Csms, Refused
from tests.conformance.ocpp21.conftest import Start
from tests.conformance.ocpp201.profiles import in_s

TOKEN = {"idToken": "04A2B3C4D5", "type": "ISO14443"}
ASKED: list[tuple[str, dict[str, Any], str]] = [
    ("AFRRSignal", {"timestamp": in_s(0), "signal": 5}, "Rejected"),
    (
        "NotifyAllowedEnergyTransfer",
        {"transactionId": "T-1", "allowedEnergyTransfer": ["DC_BPT"]},
        "Rejected",
    ),
    ("SetDERControl", {"isDefault": True, "controlId": "c", "controlType": "VoltWatt"}, "NotSupported"),
    ("GetDERControl", {"requestId": 1}, "NotSupported"),
    ("ClearDERControl", {"isDefault": True}, "NotSupported"),
]


async def test_what_takes_another_station_is_answered_so(start: Start, csms: Csms) -> None:
    """Q08.FR.11: a signal for which no period has a curve."""
    await start()
    for action, payload, status in ASKED:
        answer = await csms.call(action, payload)
        assert answer["status"] == status, action
        assert answer["statusInfo"]["reasonCode"], action
        if action == "AFRRSignal":
            assert answer["statusInfo"]["reasonCode"] == "NoSignalWattCurve"
    with pytest.raises(Refused) as refusal:
        await csms.call("RequestBatterySwap", {"idToken": TOKEN, "requestId": 1})
    assert refusal.value.code == "NotSupported"
    await csms.nothing_more(0.1, "ReportDERControl", "NotifyEVChargingNeeds", "BatterySwap")
