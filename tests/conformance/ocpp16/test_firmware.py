"""Firmware: section 19 of the OCA's test cases, and the signed updates of section 25."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.kit import Csms
from tests.conformance.ocpp16.conftest import Start
from tests.conformance.ocpp16.sessions import asked
from tests.conformance.ocpp201.test_l_firmware import IMAGE, at, sections
from tests.unit.agent.firmware.machine import CERTIFICATE_PEM, ROOT, signature_of
from tests.unit.agent.system.slots.images import prepare_slots
from tests.unit.agent.transfer.web import Web, web


@pytest.fixture
def server() -> Iterator[Web]:
    with web() as server:
        server.files["/fw"] = IMAGE
        server.files["/broken"] = IMAGE[: len(IMAGE) // 2]
        yield server


@pytest.fixture
def slots(tmp_path: Path) -> Path:
    root = tmp_path / "slots"
    prepare_slots(root)
    (tmp_path / "manufacturer.pem").write_text(ROOT.pem)
    return root


async def told(csms: Csms, action: str, *statuses: str, **more: Any) -> None:
    """Take the next statuses, which must be these."""
    for status in statuses:
        assert (await csms.expect(action)).payload == {"status": status, **more}


async def test_tc_044_1_fetched_and_installed(csms: Csms, start: Start, server: Web, slots: Path) -> None:
    await start(sections=sections(slots, takes_unsigned="true"))
    request = {"location": f"{server.url}/fw", "retrieveDate": at(-5)}
    assert await csms.call("UpdateFirmware", request) == {}
    plain = "FirmwareStatusNotification"
    await told(csms, plain, "Downloading", "Downloaded", "Installing")
    boot = (await csms.expect("BootNotification")).payload
    assert boot["firmwareVersion"] == "2"
    await told(csms, plain, "Installed")


@pytest.mark.parametrize(
    ("path", "statuses"),
    [
        ("/none", ["Downloading", "DownloadFailed"]),
        ("/broken", ["Downloading", "Downloaded", "Installing", "InstallationFailed"]),
    ],
)
async def test_tc_044_2_044_3_what_goes_wrong(
    csms: Csms, start: Start, server: Web, slots: Path, path: str, statuses: list[str]
) -> None:
    """TC_044_2: the download; TC_044_3: the installation."""
    await start(sections=sections(slots, takes_unsigned="true"))
    request = {"location": f"{server.url}{path}", "retrieveDate": at(-5), "retries": 0}
    assert await csms.call("UpdateFirmware", request) == {}
    await told(csms, "FirmwareStatusNotification", *statuses)


@pytest.mark.parametrize("is_genuine", [True, False])
async def test_tc_080_081_signed_firmware(
    csms: Csms, start: Start, server: Web, slots: Path, is_genuine: bool
) -> None:
    """TC_080: installed; TC_081: a signature of something else, which is a security event."""
    await start(sections=sections(slots))
    firmware = {
        "location": f"{server.url}/fw",
        "retrieveDateTime": at(-5),
        "signingCertificate": CERTIFICATE_PEM,
        "signature": signature_of(IMAGE if is_genuine else b"something else"),
    }
    assert await asked(csms, "SignedUpdateFirmware", requestId=7, firmware=firmware) == "Accepted"
    signed = "SignedFirmwareStatusNotification"
    await told(csms, signed, "Downloading", "Downloaded", requestId=7)
    if not is_genuine:
        await told(csms, signed, "InvalidSignature", requestId=7)
        await csms.expect(
            "SecurityEventNotification", lambda event: event["type"] == "InvalidFirmwareSignature"
        )
        return
    await told(csms, signed, "SignatureVerified", "Installing", "InstallRebooting", requestId=7)
    await csms.expect("BootNotification")
    await told(csms, signed, "Installed", requestId=7)
