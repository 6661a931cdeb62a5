"""Small things that OCPP 2.1 adds, and how a station without them answers."""

from __future__ import annotations

import socket
from hashlib import md5

from tests.conformance.kit import Csms
from tests.conformance.ocpp21.conftest import Start
from tests.conformance.ocpp201.sessions import get_variables, trigger
from tests.conformance.ocpp201.test_l_firmware import controller, publish, published
from tests.unit.agent.transfer.web import web

CHECKSUM = md5(b"firmware").hexdigest()


async def test_a_trigger_of_the_stations_own_is_announced_and_sends_what_it_says(
    start: Start, csms: Csms
) -> None:
    """F06: by its name, if there is anything to tell; others are not implemented."""
    station = await start()
    [announced] = await get_variables(csms, "CustomizationCtrlr.CustomTriggers")
    assert announced["attributeValue"] == "NotifyChargingLimit"
    assert await trigger(csms, "CustomTrigger", customTrigger="Sing") == "NotImplemented"
    assert await trigger(csms, "CustomTrigger") == "NotImplemented"
    assert await trigger(csms, "CustomTrigger", customTrigger="NotifyChargingLimit") == "Rejected"
    await station.ask(do="limit-set", source="SO", periods=[[0, 10]])
    told = (await csms.expect("NotifyChargingLimit")).payload
    assert await trigger(csms, "CustomTrigger", customTrigger="NotifyChargingLimit") == "Accepted"
    assert (await csms.expect("NotifyChargingLimit")).payload == told


async def test_a_log_that_there_is_not_is_refused_and_a_failure_is_explained(
    start: Start, csms: Csms
) -> None:
    """N01: this station collects no data besides its logs; statusInfo says why an upload failed."""
    await start()
    where = {"remoteLocation": "http://127.0.0.1:9/logs"}
    collector = await csms.call("GetLog", {"logType": "DataCollectorLog", "requestId": 1, "log": where})
    assert (collector["status"], collector["statusInfo"]["reasonCode"]) == ("Rejected", "NotFound")
    assert collector["statusInfo"]["additionalInfo"] == "this station keeps no DataCollectorLog"
    ours = await csms.call("GetLog", {"logType": "DiagnosticsLog", "requestId": 2, "log": where})
    assert ours["status"] == "Accepted"
    failed = await csms.expect("LogStatusNotification", lambda told: told["status"] == "UploadFailure")
    assert failed.payload["statusInfo"]["additionalInfo"]


async def test_it_is_explained_why_a_file_is_not_published(start: Start, csms: Csms) -> None:
    """L03: statusInfo of PublishFirmwareStatusNotification, for each way to fail."""
    with socket.create_server(("127.0.0.1", 0)) as taken, web() as server:
        server.files["/fw"] = b"firmware"
        await start(sections=controller(taken.getsockname()[1]))
        assert await publish(csms, f"{server.url}/nothing", "0" * 32, 1) == "Accepted"
        failed = await published(csms, "Downloading", "DownloadFailed", request_id=1)
        assert "404" in failed["statusInfo"]["additionalInfo"]
        assert await publish(csms, f"{server.url}/fw", "0" * 32, 2) == "Accepted"
        failed = await published(csms, "Downloading", "Downloaded", "InvalidChecksum", request_id=2)
        assert failed["statusInfo"]["additionalInfo"] == f"the file's MD5 checksum is {CHECKSUM}"
        assert await publish(csms, f"{server.url}/fw", CHECKSUM, 3) == "Accepted"
        steps = ("Downloading", "Downloaded", "ChecksumVerified", "PublishFailed")
        failed = await published(csms, *steps, request_id=3)
        assert "cannot be listened on" in failed["statusInfo"]["additionalInfo"]
