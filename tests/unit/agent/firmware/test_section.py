from __future__ import annotations

import pytest

from agent.firmware.section import (
    FirmwareSection,
    PublishSection,
    TransferSection,
    listen_address,
    problem_of,
)

KEY = "SHA256:" + "a" * 43
PUBLISH = PublishSection(listen="[::1]:8080", url="http://[::1]:8080")


@pytest.mark.parametrize(
    ("firmware", "transfer"),
    [
        (FirmwareSection(), TransferSection()),
        (FirmwareSection(slots="directory", directory="/slots"), TransferSection(sftp_keys={"host:22": KEY})),
        (FirmwareSection(slots="rauc", publish=PUBLISH), TransferSection(sftp_keys={"[::1]:22": KEY})),
    ],
)
def test_what_fits(firmware: FirmwareSection, transfer: TransferSection) -> None:
    assert problem_of(firmware, transfer) is None


@pytest.mark.parametrize(
    ("firmware", "transfer", "name"),
    [
        (FirmwareSection(slots="directory"), TransferSection(), "firmware.directory"),
        (FirmwareSection(directory="/slots"), TransferSection(), "firmware.directory"),
        (FirmwareSection(restart_command=()), TransferSection(), "firmware.restart_command"),
        (
            FirmwareSection(publish=PublishSection(listen="8080", url="http://x")),
            TransferSection(),
            "firmware.publish.listen",
        ),
        (
            FirmwareSection(publish=PublishSection(listen="::1:99999", url="http://x")),
            TransferSection(),
            "firmware.publish.listen",
        ),
        (
            FirmwareSection(publish=PublishSection(listen="0.0.0.0:80", url="ftp://x")),
            TransferSection(),
            "firmware.publish.url",
        ),
        (FirmwareSection(), TransferSection(sftp_keys={"host": KEY}), "transfer.sftp_keys"),
        (FirmwareSection(), TransferSection(sftp_keys={"host:22": "MD5:00"}), "transfer.sftp_keys"),
    ],
)
def test_what_does_not(firmware: FirmwareSection, transfer: TransferSection, name: str) -> None:
    found = problem_of(firmware, transfer)
    assert found is not None
    assert found[0] == name


def test_the_address_to_listen_at() -> None:
    assert listen_address(PUBLISH) == ("::1", 8080)
    assert listen_address(PublishSection(listen="0.0.0.0:80", url="http://x")) == ("0.0.0.0", 80)
