from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from agent.firmware.progress import Stage, Update
from agent.firmware.records import FirmwareStatus, UpdateRequest
from agent.firmware.service import NoFirmware
from agent.store import facts
from tests.unit.agent.firmware.machine import (
    CERTIFICATE_PEM,
    ROOT,
    SIGNING_CERTIFICATE,
    CuttingDatabase,
    Machine,
    PowerCut,
    signed,
)
from tests.unit.agent.system.slots.images import image, version
from tests.unit.agent.transfer.certificates import Authority
from tests.unit.agent.transfer.web import Web, web

IMAGE = image()
ALL = ["Downloading", "Downloaded", "SignatureVerified", "Installing", "InstallRebooting", "Installed"]


@pytest.fixture
def server() -> Iterator[Web]:
    with web() as server:
        server.files["/fw"] = IMAGE
        yield server


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


async def ask(machine: Machine, request: UpdateRequest) -> str:
    async with machine.process() as process:
        return (await process.service.request(request)).verdict


async def test_from_the_request_to_the_new_firmware(machine: Machine, server: Web) -> None:
    """L01.FR.10: the request's id is in every status."""
    async with machine.process() as process:
        assert (
            await process.service.request(signed(f"{server.url}/fw", IMAGE, request_id=42))
        ).verdict == "Accepted"
        await process.seen("InstallRebooting")
        while not process.has_ended:
            await asyncio.sleep(0.01)
        assert process.service.last_status() == FirmwareStatus(status="InstallRebooting", request_id=42)
        assert machine.held
    async with machine.process() as process:
        await process.seen("Installed")
        await machine.released()
        assert process.service.last_status() is None, "L01.FR.25"
    assert [(record.status, record.request_id) for record in machine.told] == [(status, 42) for status in ALL]
    assert (version(machine.root), machine.alarms) == ("2", ["FirmwareUpdated"])
    assert (machine.starts, machine.restart_reasons) == (2, 1)
    assert not (machine.root / "trial").exists()
    assert list((machine.directory / "firmware").iterdir()) == []


@pytest.mark.parametrize("cut_at", [number / 2 for number in range(16)])
async def test_power_that_fails_anywhere(machine: Machine, server: Web, cut_at: float) -> None:
    """Before and after every write: the update goes on, nothing is left out, only the last told repeats."""
    CuttingDatabase.writes, CuttingDatabase.cut_at = 0, -1.0
    try:
        async with machine.process() as process:
            CuttingDatabase.writes, CuttingDatabase.cut_at = 0, cut_at
            try:
                await process.service.request(signed(f"{server.url}/fw", IMAGE))
            except PowerCut:
                CuttingDatabase.cut_at = -1.0
        is_requested = cut_at >= 0.5
        if not is_requested:
            assert await ask(machine, signed(f"{server.url}/fw", IMAGE)) == "Accepted"
        await machine.until(lambda: machine.statuses[-1:] == ["Installed"] and not machine.held)
    finally:
        CuttingDatabase.cut_at = -1.0
    assert [
        status
        for status, before in zip(machine.statuses, [None, *machine.statuses], strict=False)
        if status != before
    ] == ALL
    assert version(machine.root) == "2"


async def test_a_firmware_that_does_not_become_well(machine: Machine, server: Web) -> None:
    machine.is_well = False
    assert await ask(machine, signed(f"{server.url}/fw", IMAGE)) == "Accepted"
    await machine.until(lambda: "InstallationFailed" in machine.statuses)
    assert (machine.statuses, version(machine.root)) == ([*ALL[:-1], "InstallationFailed"], "1")
    assert machine.alarms == []


async def test_a_firmware_that_cannot_even_start(machine: Machine, server: Web) -> None:
    """The guard goes back to the old one, which tells of it."""
    assert await ask(machine, signed(f"{server.url}/fw", IMAGE)) == "Accepted"
    await machine.until(lambda: (machine.root / "trial").exists() and "InstallRebooting" in machine.statuses)
    (machine.root / "current").unlink()
    (machine.root / "current").symlink_to("a")
    (machine.root / "trial").unlink()
    await machine.until(lambda: "InstallationFailed" in machine.statuses)
    assert version(machine.root) == "1"


@pytest.mark.parametrize("changes", [{"signature": "AAAA"}, {"signature": None}])
async def test_a_signature_that_is_wrong_or_missing(
    machine: Machine, server: Web, changes: dict[str, Any]
) -> None:
    """L01.FR.03."""
    assert await ask(machine, signed(f"{server.url}/fw", IMAGE, **changes)) == "Accepted"
    await machine.until(lambda: "InvalidSignature" in machine.statuses)
    assert machine.statuses == ["Downloading", "Downloaded", "InvalidSignature"]
    assert (machine.alarms, version(machine.root)) == (["InvalidFirmwareSignature"], "1")
    async with machine.process() as process:
        async with asyncio.timeout(5):
            while (last := process.service.last_status()) is None:
                await asyncio.sleep(0.01)
    assert last.status == "InvalidSignature", "L01.FR.26"


async def test_certificates_that_are_refused(machine: Machine, server: Web, tmp_path: Path) -> None:
    """L01.FR.02, L01.FR.21, L01.FR.22: nothing begins, and what goes on is not disturbed."""
    other = Authority("Somebody else")
    machine.revoked = tmp_path / "revoked.pem"
    machine.revoked.write_bytes(ROOT.revoking(SIGNING_CERTIFICATE))
    url = f"{server.url}/fw"
    async with machine.process() as process:
        revoked = await process.service.request(signed(url, IMAGE))
        not_ours = await process.service.request(signed(url, IMAGE, signing_certificate=other.pem))
        missing = await process.service.request(signed(url, IMAGE, signing_certificate=None))
    verdicts = [answer.verdict for answer in (revoked, not_ours, missing)]
    assert verdicts == ["RevokedCertificate", "InvalidCertificate", "InvalidCertificate"]
    assert machine.alarms == ["InvalidFirmwareSigningCertificate"] * 3
    assert machine.told == []


async def test_unsigned_firmware_where_it_is_allowed(machine: Machine, server: Web) -> None:
    """L02.FR.01, L02.FR.06."""
    unsigned = signed(f"{server.url}/fw", IMAGE, signing_certificate=None, signature=None)
    assert await ask(machine, unsigned) == "Rejected"
    assert machine.alarms == []
    machine.takes_unsigned = True
    assert await ask(machine, unsigned) == "Accepted"
    await machine.until(lambda: "Installed" in machine.statuses)
    assert machine.statuses == [status for status in ALL if status != "SignatureVerified"]


async def test_retries(machine: Machine, server: Web) -> None:
    """L01.FR.30, L02.FR.19."""
    server.statuses["GET"] = 503
    assert await ask(machine, signed(f"{server.url}/fw", IMAGE, retries=2)) == "Accepted"
    await machine.until(lambda: "DownloadFailed" in machine.statuses)
    assert (machine.statuses, server.methods) == (["Downloading", "DownloadFailed"], ["GET"] * 3)
    server.methods.clear()
    assert await ask(machine, signed("gopher://host/fw", IMAGE, retries=2)) == "Accepted"
    await machine.until(lambda: machine.statuses[-2:] == ["Downloading", "DownloadFailed"])


async def test_a_truncated_image_is_resumed(machine: Machine, server: Web) -> None:
    server.cut_after = 50
    assert await ask(machine, signed(f"{server.url}/fw", IMAGE, retries=1)) == "Accepted"
    await machine.until(lambda: "Installed" in machine.statuses)
    assert server.ranges == [None, "bytes=50-"]


async def test_an_image_that_is_none(machine: Machine, server: Web) -> None:
    """L01.FR.29."""
    server.files["/fw"] = b"signed, and no firmware"
    assert await ask(machine, signed(f"{server.url}/fw", server.files["/fw"])) == "Accepted"
    await machine.until(lambda: "InstallVerificationFailed" in machine.statuses and not machine.held)
    assert (machine.statuses, version(machine.root)) == ([*ALL[:4], "InstallVerificationFailed"], "1")


async def test_slots_that_cannot_be_written(machine: Machine, server: Web) -> None:
    (machine.root / "b").write_text("in the way")
    assert await ask(machine, signed(f"{server.url}/fw", IMAGE)) == "Accepted"
    await machine.until(lambda: "InstallationFailed" in machine.statuses)
    assert machine.statuses == [*ALL[:4], "InstallationFailed"]


async def test_times_to_fetch_and_to_install(machine: Machine, server: Web) -> None:
    """L01.FR.05, L01.FR.13, L01.FR.16, L02.FR.07, L02.FR.10."""
    now = datetime.now(UTC)
    request = signed(
        f"{server.url}/fw",
        IMAGE,
        retrieve_at=now + timedelta(seconds=0.4),
        install_at=now + timedelta(seconds=1),
    )
    async with machine.process() as process:
        assert (await process.service.request(request)).verdict == "Accepted"
        assert machine.statuses == ["DownloadScheduled"]
        await process.seen("Downloaded", "SignatureVerified", "InstallScheduled")
        assert datetime.now(UTC) >= request.retrieve_at
        assert not machine.held, "drivers may come until it is time"
        await process.seen("Installing", "InstallRebooting")
        assert request.install_at is not None
        assert datetime.now(UTC) >= request.install_at


@pytest.mark.parametrize("allows_new_sessions", [False, True])
async def test_it_waits_until_nobody_charges(
    machine: Machine, server: Web, allows_new_sessions: bool
) -> None:
    """L01.FR.06, L01.FR.07, L02.FR.03, L02.FR.04."""
    machine.is_idle_now, machine.allows_new_sessions = False, allows_new_sessions
    async with machine.process() as process:
        await process.service.request(signed(f"{server.url}/fw", IMAGE))
        await process.seen("InstallScheduled")
        assert machine.held is not allows_new_sessions
        assert process.service.hindrance is None
        machine.is_idle_now = True
        await process.seen("Installing", "InstallRebooting")
        assert machine.held


async def test_another_request_takes_the_place_of_one_that_waits(machine: Machine, server: Web) -> None:
    """L01.FR.24, L02.FR.15: cancelled, whatever becomes of the new one."""
    machine.is_idle_now = False
    async with machine.process() as process:
        await process.service.request(signed(f"{server.url}/fw", IMAGE, request_id=1))
        await process.seen("InstallScheduled")
        second = signed(f"{server.url}/nothing", IMAGE, request_id=2)
        assert (await process.service.request(second)).verdict == "AcceptedCanceled"
        await process.seen("Downloading", "DownloadFailed")
        assert not machine.held
    assert {record.request_id for record in machine.told[-2:]} == {2}


async def test_a_download_is_cancelled_in_the_middle(machine: Machine, server: Web) -> None:
    server.stall_after = 30
    async with machine.process() as process:
        await process.service.request(signed(f"{server.url}/fw", IMAGE, request_id=1))
        while not server.ranges:
            await asyncio.sleep(0.01)
        server.stall_after = None
        second = signed(f"{server.url}/fw", IMAGE, request_id=2)
        assert (await process.service.request(second)).verdict == "AcceptedCanceled"
        await process.seen("InstallRebooting")
    assert server.ranges == [None, None], "nothing of the first is used for the second"
    assert [record.status for record in machine.told if record.request_id == 1] == ["Downloading"]


async def test_what_is_installed_is_not_cancelled(machine: Machine, server: Web) -> None:
    """L01.FR.27, L02.FR.18."""
    async with machine.process() as process:
        await process.service.request(signed(f"{server.url}/fw", IMAGE, request_id=1))
        await process.seen("InstallRebooting")
        second = await process.service.request(signed(f"{server.url}/fw", IMAGE, request_id=2))
        assert second.verdict == "Rejected"


async def test_a_station_without_slots() -> None:
    answer = await NoFirmware().request(signed("https://host/fw", IMAGE))
    assert answer.verdict == "Rejected"
    assert NoFirmware().last_status() is None
    assert CERTIFICATE_PEM


async def test_power_that_fails_when_the_slot_was_written_and_chosen_already(
    machine: Machine, server: Web
) -> None:
    """RAUC may have chosen the new slot by itself: it runs, and the old one is not written over."""
    async with machine.process() as process:
        await process.service.request(signed(f"{server.url}/fw", IMAGE))
        while not process.has_ended:
            await asyncio.sleep(0.01)
    stored = facts_of(machine)
    assert (version(machine.root), stored.slot) == ("2", "b")
    before = msgspec.structs.replace(stored, stage=Stage.INSTALLING, slot="a", status="Installing")
    with sqlite3.connect(machine.directory / "agent.db") as database:
        facts.save(database, "firmware-update", msgspec.json.encode(before).decode())
    (machine.root / "a" / "VERSION").write_text("must stay")
    await machine.until(lambda: "Installed" in machine.statuses)
    assert (machine.root / "a" / "VERSION").read_text() == "must stay"


def facts_of(machine: Machine) -> Update:
    """Return the update as it is on flash."""
    with sqlite3.connect(machine.directory / "agent.db") as database:
        stored = facts.load(database, "firmware-update")
    assert stored is not None
    return msgspec.json.decode(stored, type=Update)
