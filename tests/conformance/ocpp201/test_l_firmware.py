"""L01 (secure update), L02 (non-secure update), L03 and L04 (a local controller's part)."""

from __future__ import annotations

import json
import random
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import md5
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp201.conftest import Start
from tests.conformance.ocpp201.sessions import charge, status_of, trigger, unplug
from tests.conformance.station import CARD, OTHER_CARD, StationUnderTest
from tests.unit.agent.firmware.machine import CERTIFICATE_PEM, ROOT, SIGNING_CERTIFICATE, signature_of
from tests.unit.agent.system.slots.images import image, prepare_slots, version
from tests.unit.agent.transfer.certificates import Authority
from tests.unit.agent.transfer.web import Web, web

IMAGE = image()
FETCHED = ["Downloading", "Downloaded", "SignatureVerified"]
INSTALLED = ["Installing", "InstallRebooting", "Installed"]
STATUS = "FirmwareStatusNotification"


@pytest.fixture
def server() -> Iterator[Web]:
    with web() as server:
        server.files["/fw"] = IMAGE
        yield server


@pytest.fixture
def slots(tmp_path: Path) -> Path:
    """Return the folder of the slots; the factory's version is 1."""
    root = tmp_path / "slots"
    prepare_slots(root)
    (tmp_path / "manufacturer.pem").write_text(ROOT.pem)
    return root


def sections(slots: Path, **more: str) -> str:
    """Return the station file's part about firmware."""
    values = {
        "slots": '"directory"',
        "directory": f'"{slots}"',
        "manufacturer_roots": f'"{slots.parent / "manufacturer.pem"}"',
        "reserve_mb": "0",
        "confirm_within_s": "8",
    } | more
    return "[firmware]\n" + "".join(f"{name} = {value}\n" for name, value in values.items())


def at(seconds: float) -> str:
    """Return a time so long from now as OCPP writes it."""
    moment = datetime.now(UTC) + timedelta(seconds=seconds)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def update(csms: Csms, location: str, request_id: int = 1, content: bytes = IMAGE, **more: Any) -> str:
    """Ask for an update, signed by the manufacturer unless told otherwise; return the answer's status."""
    firmware = {
        "location": location,
        "retrieveDateTime": at(-3600),
        "signingCertificate": CERTIFICATE_PEM,
        "signature": signature_of(content),
    } | more
    given = {name: value for name, value in firmware.items() if value is not None}
    answer = await csms.call("UpdateFirmware", {"requestId": request_id, "firmware": given})
    status: str = answer["status"]
    return status


async def statuses(csms: Csms, *wanted: str, request_id: int = 1) -> None:
    """Take the next statuses, which must be these, all of this request (L01.FR.10)."""
    for status in wanted:
        told = (await csms.expect(STATUS)).payload
        told.pop("statusInfo", None)  # 2.1 says why
        assert told == {"status": status, "requestId": request_id}


async def rebooted(csms: Csms, evses: int = 1) -> Payload:
    """Take what an agent says that has restarted."""
    boot = await csms.expect("BootNotification")
    for _ in range(evses):
        await csms.expect("StatusNotification", lambda payload: payload["connectorStatus"] != "Unavailable")
    return boot.payload


async def security_event(csms: Csms, kind: str) -> None:
    await csms.expect("SecurityEventNotification", lambda payload: payload["type"] == kind)


@pytest.mark.parametrize("schedule", ["none", "install", "download"])
async def test_tc_l_01_tc_l_02_tc_l_03_cs_secure_update(
    csms: Csms, start: Start, server: Web, slots: Path, schedule: str
) -> None:
    """At once, with a time to install (TC_L_02_CS), with a time to fetch (TC_L_03_CS).

    L01.FR.01, L01.FR.05, L01.FR.10, L01.FR.13, L01.FR.15, L01.FR.16, L01.FR.20, L01.FR.25, L01.FR.28,
    L01.FR.31, L01.FR.32.
    """
    await start(sections=sections(slots))
    times: dict[str, Any] = {}
    if schedule == "install":
        times["installDateTime"] = at(2)
    elif schedule == "download":
        times["retrieveDateTime"] = at(1)
    asked = datetime.now(UTC)
    assert await update(csms, f"{server.url}/fw", 77, **times) == "Accepted"
    if schedule == "download":
        await statuses(csms, "DownloadScheduled", request_id=77)
    await statuses(csms, *FETCHED, request_id=77)
    if schedule == "install":
        await statuses(csms, "InstallScheduled", request_id=77)
    await statuses(csms, "Installing", "InstallRebooting", request_id=77)
    if schedule != "none":
        assert datetime.now(UTC) - asked >= timedelta(seconds=0.9)
    boot = await rebooted(csms)
    assert (boot["reason"], boot["chargingStation"]["firmwareVersion"]) == ("FirmwareUpdate", "2")
    await statuses(csms, "Installed", request_id=77)
    await security_event(csms, "FirmwareUpdated")
    assert version(slots) == "2"
    assert await trigger(csms, STATUS) == "Accepted"
    assert (await csms.expect(STATUS)).payload == {"status": "Idle"}


async def test_tc_l_05_tc_l_18_cs_invalid_certificate(
    csms: Csms, start: Start, server: Web, slots: Path
) -> None:
    """L01.FR.02, L01.FR.12, L01.FR.21, L01.FR.22; TC_L_18_CS: without any (L01.FR.09); TC_F_18."""
    revoked = slots.parent / "revoked.pem"
    await start(sections=sections(slots, revoked=f'"{revoked}"'))
    revoked.write_bytes(ROOT.revoking(ROOT.issue("Another", Authority().key)))
    url = f"{server.url}/fw"
    for pem in (Authority("Somebody else").pem, "no certificate"):
        assert await update(csms, url, signingCertificate=pem) == "InvalidCertificate"
        await security_event(csms, "InvalidFirmwareSigningCertificate")
    revoked.write_bytes(ROOT.revoking(SIGNING_CERTIFICATE))
    assert await update(csms, url) == "RevokedCertificate"
    await security_event(csms, "InvalidFirmwareSigningCertificate")
    assert await update(csms, url, signingCertificate=None, signature=None) == "Rejected"
    assert server.methods == []
    assert await trigger(csms, STATUS) == "Accepted"
    assert (await csms.expect(STATUS)).payload == {"status": "Idle"}


async def test_tc_f_19_cs_status_while_it_downloads(
    csms: Csms, start: Start, server: Web, slots: Path
) -> None:
    """A trigger is answered with the status and the number of the update that is under way."""
    server.answers.clear()
    await start(sections=sections(slots))
    assert await update(csms, f"{server.url}/fw", 19) == "Accepted"
    await statuses(csms, "Downloading", request_id=19)
    assert await trigger(csms, STATUS) == "Accepted"
    await statuses(csms, "Downloading", request_id=19)
    server.answers.set()
    await statuses(csms, "Downloaded", request_id=19)


async def test_tc_l_06_tc_l_07_tc_l_08_cs_updates_that_fail(
    csms: Csms, start: Start, server: Web, slots: Path
) -> None:
    """A wrong signature, no such file (TC_L_07_CS), a file that is no firmware (TC_L_08_CS).

    L01.FR.03, L01.FR.04, L01.FR.26, L01.FR.29, L01.FR.30.
    """
    await start(sections=sections(slots))
    wrong = signature_of(IMAGE[:-1])
    assert await update(csms, f"{server.url}/fw", 1, signature=wrong) == "Accepted"
    await statuses(csms, "Downloading", "Downloaded", "InvalidSignature")
    await security_event(csms, "InvalidFirmwareSignature")
    assert await trigger(csms, STATUS) == "Accepted"
    await statuses(csms, "InvalidSignature")

    assert await update(csms, f"{server.url}/fw_does_not_exist", 2) == "Accepted"
    await statuses(csms, "Downloading", "DownloadFailed", request_id=2)

    server.files["/broken"] = b"broken"
    assert await update(csms, f"{server.url}/broken", 3, b"broken") == "Accepted"
    await statuses(csms, *FETCHED, "Installing", "InstallVerificationFailed", request_id=3)
    await csms.nothing_more(0.3, "BootNotification", STATUS)
    assert version(slots) == "1"


async def test_tc_l_10_cs_accepted_canceled(csms: Csms, start: Start, server: Web, slots: Path) -> None:
    """L01.FR.24: the one that waits makes room, and nothing more is said of it."""
    await start(sections=sections(slots))
    assert await update(csms, f"{server.url}/fw", 1, retrieveDateTime=at(3600)) == "Accepted"
    await statuses(csms, "DownloadScheduled")
    assert await update(csms, f"{server.url}/fw", 2, installDateTime=at(3600)) == "AcceptedCanceled"
    await statuses(csms, *FETCHED, "InstallScheduled", request_id=2)
    assert await update(csms, f"{server.url}/nothing", 3) == "AcceptedCanceled"
    await statuses(csms, "Downloading", "DownloadFailed", request_id=3)


async def test_tc_l_15_cs_ongoing_transaction_and_no_new_sessions(
    csms: Csms, start: Start, server: Web, slots: Path
) -> None:
    """L01.FR.06, L01.FR.07: fetched while a vehicle charges, installed once it has gone."""
    station: StationUnderTest = await start(evses=2, sections=sections(slots))
    await charge(station, csms)
    assert await update(csms, f"{server.url}/fw") == "Accepted"
    await statuses(csms, *FETCHED, "InstallScheduled")
    await csms.expect("StatusNotification", status_of(2, "Unavailable"))
    assert not (await station.tap(OTHER_CARD, 2))["accepted"]
    await csms.nothing_more(0.4, STATUS)
    await station.accepted(CARD, 1)
    await csms.event(eventType="Ended")
    await statuses(csms, "Installing", "InstallRebooting")
    await rebooted(csms, evses=2)
    await statuses(csms, "Installed")


async def test_tc_l_14_cs_ongoing_transaction_and_new_sessions(
    csms: Csms, start: Start, server: Web, slots: Path
) -> None:
    """L01.FR.06: with AllowNewSessionsPendingFirmwareUpdate a second driver may come, and is waited for."""
    station: StationUnderTest = await start(
        evses=2, sections=sections(slots), ChargingStation__AllowNewSessionsPendingFirmwareUpdate=True
    )
    await charge(station, csms)
    assert await update(csms, f"{server.url}/fw") == "Accepted"
    await statuses(csms, *FETCHED, "InstallScheduled")
    await charge(station, csms, OTHER_CARD, evse=2)
    await station.accepted(CARD, 1)
    await unplug(station, csms, 1)
    await csms.nothing_more(0.4, STATUS)
    await station.accepted(OTHER_CARD, 2)
    station.bays[1].unplug()
    await statuses(csms, "Installing", "InstallRebooting")
    await rebooted(csms, evses=2)
    await statuses(csms, "Installed")


async def test_l_02_unsigned_update(csms: Csms, start: Start, server: Web, slots: Path) -> None:
    """A station that may take it.

    L02.FR.01, L02.FR.02, L02.FR.06, L02.FR.07, L02.FR.09, L02.FR.10, L02.FR.14, L02.FR.15, L02.FR.16,
    L02.FR.17, L02.FR.19, L02.FR.20, L02.FR.21.
    """
    await start(sections=sections(slots, takes_unsigned="true"))
    unsigned: dict[str, Any] = {"signingCertificate": None, "signature": None}
    assert await update(csms, f"{server.url}/nothing", 1, **unsigned) == "Accepted"
    await statuses(csms, "Downloading", "DownloadFailed")
    assert await trigger(csms, STATUS) == "Accepted"
    await statuses(csms, "DownloadFailed")
    assert await update(csms, f"{server.url}/fw", 2, retrieveDateTime=at(3600), **unsigned) == "Accepted"
    await statuses(csms, "DownloadScheduled", request_id=2)
    soon = at(1)
    answer = await update(csms, f"{server.url}/fw", 3, installDateTime=soon, **unsigned)
    assert answer == "AcceptedCanceled"
    await statuses(csms, "Downloading", "Downloaded", "InstallScheduled", request_id=3)
    await statuses(csms, "Installing", "InstallRebooting", request_id=3)
    await rebooted(csms)
    await statuses(csms, "Installed", request_id=3)
    assert await trigger(csms, STATUS) == "Accepted"
    assert (await csms.expect(STATUS)).payload == {"status": "Idle"}


async def test_l_02_ongoing_transaction(csms: Csms, start: Start, server: Web, slots: Path) -> None:
    """L02.FR.03, L02.FR.04."""
    station: StationUnderTest = await start(evses=2, sections=sections(slots, takes_unsigned="true"))
    await charge(station, csms)
    unsigned: dict[str, Any] = {"signingCertificate": None, "signature": None}
    assert await update(csms, f"{server.url}/fw", **unsigned) == "Accepted"
    await statuses(csms, "Downloading", "Downloaded", "InstallScheduled")
    await csms.expect("StatusNotification", status_of(2, "Unavailable"))
    await csms.nothing_more(0.4, STATUS)
    await station.accepted(CARD, 1)
    station.bay.unplug()
    await statuses(csms, "Installing")


async def test_l_01_power_fails_in_mid_download(csms: Csms, start: Start, server: Web, slots: Path) -> None:
    """The update goes on by itself, with what has come already."""
    server.files["/fw"] = content = image({"chargehand/ballast": random.Random(1).randbytes(6_000_000)})
    server.stall_after = 5_000_000
    station: StationUnderTest = await start(sections=sections(slots))
    assert await update(csms, f"{server.url}/fw", 1, content) == "Accepted"
    await statuses(csms, "Downloading")
    mark = station.directory / "agent-state" / "firmware" / "firmware.image.part.json"
    await csms.until(mark.exists)
    marked = mark.read_bytes()
    await station.cut_power()
    server.stall_after = None
    csms.forget()
    await station.power_on()
    await csms.expect("BootNotification")
    await csms.expect(STATUS, lambda payload: payload["status"] == "Downloaded")
    await statuses(csms, "SignatureVerified", "Installing", "InstallRebooting")
    await csms.expect("BootNotification")
    await statuses(csms, "Installed")
    [first, second] = server.ranges
    assert (first, second) == (None, f"bytes={json.loads(marked)['durable_bytes']}-")


async def test_l_01_a_firmware_that_never_reaches_the_backend_is_taken_back(
    csms: Csms, start: Start, server: Web, slots: Path
) -> None:
    """The new one does not become well: the old one runs again, and tells of it."""
    await start(sections=sections(slots, confirm_within_s="1"))
    csms.script["BootNotification"] = csms.boot("Pending", 300)
    assert await update(csms, f"{server.url}/fw") == "Accepted"
    await statuses(csms, *FETCHED, "Installing", "InstallRebooting")
    for _ in range(2):  # the new one, then the old one again
        await csms.expect("BootNotification")
    del csms.script["BootNotification"]
    assert await trigger(csms, "BootNotification") == "Accepted"
    boot = await csms.expect("BootNotification")
    assert boot.payload["chargingStation"]["firmwareVersion"] == "1"
    await statuses(csms, "InstallationFailed")
    assert version(slots) == "1"


async def test_a_station_without_slots_refuses(csms: Csms, start: Start, server: Web) -> None:
    """Neither firmware nor the local controller's role is there unless the station file says so."""
    await start()
    assert await update(csms, f"{server.url}/fw") == "Rejected"
    request = {"requestId": 1, "location": f"{server.url}/fw", "checksum": md5(IMAGE).hexdigest()}
    assert (await csms.call("PublishFirmware", request))["status"] == "Rejected"
    withdrawn = await csms.call("UnpublishFirmware", {"checksum": request["checksum"]})
    assert withdrawn["status"] == "NoFirmware"
    assert await trigger(csms, "PublishFirmwareStatusNotification") == "NotImplemented"


# L03, L04

PUBLISHED = "PublishFirmwareStatusNotification"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def controller(port: int) -> str:
    return (
        "[firmware]\nreserve_mb = 0\n"
        f'[firmware.publish]\nlisten = "127.0.0.1:{port}"\nurl = "http://127.0.0.1:{port}"\n'
    )


async def publish(csms: Csms, location: str, checksum: str, request_id: int = 1) -> str:
    request = {"requestId": request_id, "location": location, "checksum": checksum}
    status: str = (await csms.call("PublishFirmware", request))["status"]
    return status


async def published(csms: Csms, *wanted: str, request_id: int = 1) -> Payload:
    """Take the next statuses, which must be these; return the last."""
    payload: Payload = {}
    for status in wanted:
        payload = (await csms.expect(PUBLISHED)).payload
        assert (payload["status"], payload["requestId"]) == (status, request_id)
    return payload


async def unpublish(csms: Csms, checksum: str) -> str:
    status: str = (await csms.call("UnpublishFirmware", {"checksum": checksum}))["status"]
    return status


async def test_tc_l_17_tc_l_21_tc_l_22_published_and_unpublished(
    csms: Csms, start: Start, server: Web
) -> None:
    """A file is offered, and no more.

    L03.FR.01, L03.FR.02, L03.FR.03, L03.FR.04, L03.FR.05, L03.FR.09, L03.FR.10, L04.FR.01, L04.FR.02,
    L04.FR.03.
    """
    await start(sections=controller(free_port()))
    checksum = md5(IMAGE).hexdigest()
    assert await publish(csms, f"{server.url}/fw", checksum, 5) == "Accepted"
    last = await published(csms, "Downloading", "Downloaded", "ChecksumVerified", "Published", request_id=5)
    [location] = last["location"]
    assert await trigger(csms, PUBLISHED) == "Accepted"
    assert (await csms.expect(PUBLISHED)).payload == {"status": "Idle"}
    async with httpx.AsyncClient() as client:
        assert (await client.get(location)).content == IMAGE
        assert await unpublish(csms, checksum) == "Unpublished"
        assert (await client.get(location)).status_code == 404
    assert await unpublish(csms, checksum) == "NoFirmware"


async def test_tc_l_19_tc_l_23_tc_l_24_publishing_that_fails(csms: Csms, start: Start, server: Web) -> None:
    """L03.FR.06, L03.FR.07, L03.FR.11, L04.FR.04."""
    await start(sections=controller(free_port()))
    checksum = md5(IMAGE).hexdigest()
    assert await publish(csms, f"{server.url}/nothing", checksum, 1) == "Accepted"
    await published(csms, "Downloading", "DownloadFailed")
    assert await trigger(csms, PUBLISHED) == "Accepted"
    await published(csms, "DownloadFailed")
    assert await publish(csms, f"{server.url}/fw", "0" * 32, 2) == "Accepted"
    await published(csms, "Downloading", "Downloaded", "InvalidChecksum", request_id=2)
    server.stall_after = 10
    assert await publish(csms, f"{server.url}/fw", checksum, 3) == "Accepted"
    await published(csms, "Downloading", request_id=3)
    assert await unpublish(csms, checksum) == "DownloadOngoing"
    server.released.set()


async def test_tc_l_20_publish_failed(csms: Csms, start: Start, server: Web) -> None:
    """L03.FR.08: somebody else has the address."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        await start(sections=controller(taken.getsockname()[1]))
        assert await publish(csms, f"{server.url}/fw", md5(IMAGE).hexdigest()) == "Accepted"
        await published(csms, "Downloading", "Downloaded", "ChecksumVerified", "PublishFailed")
