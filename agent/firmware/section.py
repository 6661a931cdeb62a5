"""[firmware] and [transfer] of the station file."""

from __future__ import annotations

import re
from typing import Annotated, Literal

import msgspec

_ADDRESS = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):(\d{1,5})")
_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")

Seconds = Annotated[int, msgspec.Meta(ge=1, le=86_400)]
Megabytes = Annotated[int, msgspec.Meta(ge=1, le=16_384)]


class PublishSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[firmware.publish]: this station is a local controller. `url` is how the others reach `listen`."""

    listen: str
    url: str


class FirmwareSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[firmware]: how this station's firmware is replaced. Without `slots` it is not."""

    slots: Literal["directory", "rauc"] | None = None
    directory: str = ""
    """Of slots that are folders."""
    rauc_command: tuple[str, ...] = ("rauc",)
    restart_command: tuple[str, ...] = ("systemctl", "reboot")
    """What boots the machine, with RAUC."""
    manufacturer_roots: str = ""
    """PEM file of the manufacturer's roots, beside those that the backend installs."""
    revoked: str = ""
    """PEM file of the manufacturer's revocation list."""
    takes_unsigned: bool = False
    max_size_mb: Megabytes = 512
    reserve_mb: Annotated[int, msgspec.Meta(ge=0, le=16_384)] = 32
    """What must stay free on the disk that firmware is fetched to."""
    confirm_within_s: Seconds = 900
    """How long a new firmware may take until everything works, the link to the backend included."""
    publish: PublishSection | None = None


class TransferSection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[transfer]: fetching firmware and sending logs."""

    sftp_keys: dict[str, str] = {}
    """host:port to the fingerprint of its key."""
    sftp_unknown: Literal["remember", "refuse"] = "remember"
    """What is done with a server that is not among them."""
    stall_s: Annotated[int, msgspec.Meta(ge=1, le=3600)] = 30


def listen_address(publish: PublishSection) -> tuple[str, int]:
    """Return host and port of `listen`; `problem_of` has checked it."""
    host, _, port = publish.listen.rpartition(":")
    return host.strip("[]"), int(port)


def problem_of(firmware: FirmwareSection, transfer: TransferSection) -> tuple[str, str] | None:
    """Return what is wrong between several values, by the name of one of them, or None."""
    if (firmware.slots == "directory") != bool(firmware.directory):
        return "firmware.directory", 'give it with slots = "directory", and only then'
    if not firmware.rauc_command or not firmware.restart_command:
        return "firmware.restart_command", "a command has at least a name"
    if firmware.publish is not None:
        found = _ADDRESS.fullmatch(firmware.publish.listen)
        if found is None or not 0 < int(found[2]) <= 65_535:
            return "firmware.publish.listen", 'expected an address and a port, such as "0.0.0.0:8080"'
        if not firmware.publish.url.startswith(("http://", "https://")):
            return "firmware.publish.url", 'expected an address such as "http://192.0.2.1:8080"'
    for place, key in transfer.sftp_keys.items():
        if _ADDRESS.fullmatch(place) is None or _FINGERPRINT.fullmatch(key) is None:
            wanted = 'expected "host:port" = "SHA256:..." as ssh-keygen -lf shows it'
            return "transfer.sftp_keys", wanted
    return None
