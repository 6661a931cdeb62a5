"""Small things that OCPP 2.1 adds, and how a station without them answers."""

from __future__ import annotations

from tests.conformance.kit import Csms
from tests.conformance.ocpp21.conftest import Start
from tests.conformance.ocpp201.sessions import trigger


async def test_a_trigger_that_nobody_knows_is_not_implemented(start: Start, csms: Csms) -> None:
    """F06: this station announces no CustomTriggers."""
    await start()
    assert await trigger(csms, "CustomTrigger", customTrigger="Sing") == "NotImplemented"


async def test_a_log_that_there_is_not_is_refused_and_a_failure_is_explained(
    start: Start, csms: Csms
) -> None:
    """N01: this station collects no data besides its logs; statusInfo says why an upload failed."""
    await start()
    where = {"remoteLocation": "http://127.0.0.1:9/logs"}
    collector = await csms.call("GetLog", {"logType": "DataCollectorLog", "requestId": 1, "log": where})
    assert (collector["status"], collector["statusInfo"]["reasonCode"]) == ("Rejected", "NotFound")
    ours = await csms.call("GetLog", {"logType": "DiagnosticsLog", "requestId": 2, "log": where})
    assert ours["status"] == "Accepted"
    failed = await csms.expect("LogStatusNotification", lambda told: told["status"] == "UploadFailure")
    assert failed.payload["statusInfo"]["additionalInfo"]
