"""Firmware Management, and the logs of the security extension."""

from __future__ import annotations

from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar

from tests.conformance.kit import Csms
from tests.conformance.ocpp16.conftest import Start
from tests.conformance.ocpp16.sessions import asked


class _Sink(BaseHTTPRequestHandler):
    bodies: ClassVar[list[bytes]] = []

    def do_PUT(self) -> None:
        self.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(201)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        return


class Sink:
    """Takes whatever is sent to it."""

    def __enter__(self) -> str:
        _Sink.bodies.clear()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Sink)
        Thread(target=self._server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self._server.server_address[1]}/"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


async def test_tc_045_1_diagnostics_are_sent(csms: Csms, start: Start) -> None:
    await start()
    with Sink() as url:
        answer = await csms.call("GetDiagnostics", {"location": url})
        assert answer["fileName"]
        for status in ("Uploading", "Uploaded"):
            told = (await csms.expect("DiagnosticsStatusNotification")).payload
            assert told == {"status": status}
        assert len(_Sink.bodies) == 1


async def test_tc_045_2_an_upload_that_fails(csms: Csms, start: Start) -> None:
    await start()
    await csms.call("GetDiagnostics", {"location": "http://127.0.0.1:9/", "retries": 0})
    await csms.expect("DiagnosticsStatusNotification", lambda told: told["status"] == "UploadFailed")


async def test_tc_079_the_security_log_has_its_number(csms: Csms, start: Start) -> None:
    await start()
    with Sink() as url:
        log = {"log": {"remoteLocation": url}, "logType": "SecurityLog", "requestId": 12}
        assert await asked(csms, "GetLog", **log) == "Accepted"
        for status in ("Uploading", "Uploaded"):
            told = (await csms.expect("LogStatusNotification")).payload
            assert told == {"status": status, "requestId": 12}


async def test_tc_044_firmware_that_this_station_has_no_slots_for(csms: Csms, start: Start) -> None:
    """UpdateFirmware.conf says nothing: what became of it is told."""
    await start()
    now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    assert await csms.call("UpdateFirmware", {"location": "http://127.0.0.1:9/x", "retrieveDate": now}) == {}
    told = (await csms.expect("FirmwareStatusNotification")).payload
    assert told == {"status": "DownloadFailed"}


async def test_tc_054_what_a_trigger_tells_of_files(csms: Csms, start: Start) -> None:
    await start()
    for message in ("DiagnosticsStatusNotification", "FirmwareStatusNotification"):
        assert await asked(csms, "TriggerMessage", requestedMessage=message) == "Accepted"
        assert (await csms.expect(message)).payload == {"status": "Idle"}
    assert await asked(csms, "ExtendedTriggerMessage", requestedMessage="LogStatusNotification") == "Accepted"
    assert (await csms.expect("LogStatusNotification")).payload == {"status": "Idle"}


async def test_a_security_event_and_a_new_certificate_are_told(csms: Csms, start: Start) -> None:
    csms.script["SignCertificate"] = {"status": "Accepted"}
    await start()
    event = (await csms.expect("SecurityEventNotification")).payload
    assert event["type"]
    wanted = {"requestedMessage": "SignChargePointCertificate"}
    assert await asked(csms, "ExtendedTriggerMessage", **wanted) == "Accepted"
    assert "CERTIFICATE REQUEST" in (await csms.expect("SignCertificate")).payload["csr"]


async def test_a_vendor_that_nobody_knows(csms: Csms, start: Start) -> None:
    await start()
    assert await asked(csms, "DataTransfer", vendorId="org.example", data="x") == "UnknownVendorId"
