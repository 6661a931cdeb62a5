"""N01: logs are sent where the CSMS wants them."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.sessions import trigger
from tests.conformance.station import PASSWORD, STATION_ID
from tests.unit.agent.transfer.certificates import Authority
from tests.unit.agent.transfer.web import Web, web

STATUS = "LogStatusNotification"


@pytest.fixture
def server() -> Iterator[Web]:
    with web() as server:
        yield server


@pytest.fixture(autouse=True)
def no_journal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The agent keeps its own log, whatever started the tests."""
    monkeypatch.delenv("JOURNAL_STREAM", raising=False)


async def get_log(
    csms: Csms, location: str, request_id: int = 1, kind: str = "DiagnosticsLog", **more: Any
) -> Payload:
    log = {"remoteLocation": location} | more.pop("log", {})
    return await csms.call("GetLog", {"log": log, "logType": kind, "requestId": request_id, **more})


async def statuses(csms: Csms, *wanted: str, request_id: int = 1) -> None:
    """Take the next statuses, which must be these, all of this request (N01.FR.07)."""
    for status in wanted:
        told = (await csms.expect(STATUS)).payload
        told.pop("statusInfo", None)  # 2.1 says why
        assert told == {"status": status, "requestId": request_id}


async def test_tc_n_25_cs_diagnostics_log(csms: Csms, start: Start, server: Web) -> None:
    """N01.FR.01, N01.FR.02, N01.FR.04, N01.FR.07, N01.FR.08, N01.FR.09, N01.FR.13, N01.FR.14; TC_F_15."""
    server.login = "station:log-password"
    await start()
    url = f"http://station:log-password@127.0.0.1:{server.server_port}/logs/"
    answer = await get_log(csms, url, 11)
    assert answer["status"] == "Accepted"
    assert answer["filename"].startswith(f"{STATION_ID}_DiagnosticsLog_")
    await statuses(csms, "Uploading", "Uploaded", request_id=11)
    text = gzip.decompress(server.uploads[f"/logs/{answer['filename']}"]).decode()
    assert " INFO agent.app: started: PowerUp\n" in text
    assert PASSWORD not in text
    assert await trigger(csms, STATUS) == "Accepted"
    assert (await csms.expect(STATUS)).payload == {"status": "Idle"}


async def test_tc_n_35_cs_security_log_over_https(csms: Csms, start: Start, tmp_path: Path) -> None:
    """N01.FR.03, N01.FR.15, N01.FR.19: to a server that only the CSMS's root vouches for, as a form."""
    root = Authority("CSMS root")
    await start()
    installed = await csms.call(
        "InstallCertificate", {"certificateType": "CSMSRootCertificate", "certificate": root.pem}
    )
    assert installed["status"] == "Accepted"
    with web(root.write_server(tmp_path)) as server:
        server.statuses["PUT"] = 405
        answer = await get_log(csms, f"{server.url}/logs", kind="SecurityLog")
        assert answer["status"] == "Accepted"
        await statuses(csms, "Uploading", "Uploaded")
        body = server.uploads["/logs"]
    head, _, rest = body.partition(b"\r\n\r\n")
    assert f'name="uploadedfile"; filename="{answer["filename"]}"'.encode() in head
    text = gzip.decompress(rest[: rest.rindex(b"\r\n--")]).decode()
    assert "StartupOfTheDevice PowerUp" in text


async def test_tc_n_26_cs_uploads_that_fail(csms: Csms, start: Start, server: Web) -> None:
    """N01.FR.10: the status says why."""
    await start()
    assert (await get_log(csms, "http://127.0.0.1:1/logs/", 1))["status"] == "Accepted"
    await statuses(csms, "Uploading", "UploadFailure")
    await get_log(csms, "no address", 2)
    await statuses(csms, "Uploading", "BadMessage", request_id=2)
    await get_log(csms, "gopher://host/logs", 3)
    await statuses(csms, "Uploading", "NotSupportedOperation", request_id=3)
    server.statuses["PUT"] = 403
    await get_log(csms, f"{server.url}/logs/", 4, retries=1, retryInterval=0)
    await statuses(csms, "Uploading", "PermissionDenied", request_id=4)
    assert server.methods == ["PUT", "PUT"]


async def test_tc_n_36_cs_second_request(csms: Csms, start: Start, server: Web) -> None:
    """N01.FR.12, N01.FR.13, N01.FR.20, F06.FR.14; TC_F_16."""
    server.answers.clear()
    await start()
    await get_log(csms, f"{server.url}/logs/", 1)
    await statuses(csms, "Uploading")
    assert await trigger(csms, STATUS) == "Accepted"
    await statuses(csms, "Uploading")
    second = await get_log(csms, f"{server.url}/logs/", 2)
    assert second["status"] == "AcceptedCanceled"
    server.answers.set()
    await statuses(csms, "AcceptedCanceled")
    await statuses(csms, "Uploading", "Uploaded", request_id=2)


async def test_tc_n_34_cs_no_log_there(csms: Csms, start: Start, server: Web) -> None:
    """N01.FR.05."""
    await start()
    long_ago = {"latestTimestamp": "2020-01-01T00:00:00Z"}
    for kind in ("DiagnosticsLog", "SecurityLog"):
        answer = await get_log(csms, f"{server.url}/logs/", kind=kind, log=long_ago)
        assert answer["status"] == "Rejected"
    await csms.nothing_more(0.3, STATUS)


async def test_n_01_an_upload_that_a_power_cut_ended(csms: Csms, start: Start, server: Web) -> None:
    """N01.FR.10: the CSMS does not wait for ever."""
    server.answers.clear()
    station = await start()
    await get_log(csms, f"{server.url}/logs/", 9)
    await statuses(csms, "Uploading", request_id=9)
    await station.cut_power()
    csms.forget()
    await station.power_on()
    failed = await csms.expect(STATUS, lambda payload: payload["status"] != "Uploading")
    assert failed.payload == {"status": "UploadFailure", "requestId": 9}
