"""A network profile: where a backend is, and how it is reached."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal, get_args
from urllib.parse import urlsplit

import msgspec

SecurityProfile = Literal[1, 2, 3]

SLOTS = ("1", "2", "3", "4", "5")
"""The slots there are; slot 1 is the station file's [csms] until the backend writes to it."""
LONGEST_TIMEOUT_S = 600
LEAST_PASSWORD_LENGTH = 16
_URL = re.compile(r"wss?://[A-Za-z0-9.:\[\]-]+(/[!-~]*)?")
_LABEL_LENGTH = 63
_URL_LENGTH = 512


OcppVersion = Literal["2.1", "2.0.1", "1.6"]
VERSIONS: tuple[OcppVersion, ...] = get_args(OcppVersion)
"""What this station speaks, in the order in which it is offered."""


class NetworkProfile(msgspec.Struct, frozen=True, kw_only=True):
    """Where a backend is. `message_timeout_s` None leaves it to the MessageTimeout variable.

    `identity` and `password` are the station's at this backend, "" where it has none of its own there. One
    without `url` is being written, variable by variable, and cannot be used yet.

    `versions` are offered to the backend, which chooses; the first is what the station would rather speak.
    `instead_of` is the station file's address that a profile in slot 1 replaced: a station file that names
    another one since then was changed by somebody on site, and counts again.
    """

    url: str
    security: SecurityProfile
    versions: tuple[OcppVersion, ...] = VERSIONS
    message_timeout_s: int | None = None
    interface: str = ""
    identity: str = ""
    password: str = ""
    instead_of: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a profile cannot be taken: a code as OCPP names such reasons, and words."""

    code: str
    why: str


def is_address(url: str) -> bool:
    """Return whether a WebSocket can be opened to it: a host, perhaps a port and a path, nothing else."""
    if not _URL.fullmatch(url) or "?" in url or "#" in url:
        return False
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or port == 0:
        return False
    return ":" in host or all(1 <= len(label) <= _LABEL_LENGTH for label in host.rstrip(".").split("."))


UNSET: Final = NetworkProfile(url="", security=1)
"""What a slot holds that nothing was written to."""


def least_allowed(security: int, *, may_downgrade: bool) -> int:
    """Return the lowest security profile that may follow on one (A00.FR.005): 2 on 3 if that is allowed."""
    return 2 if may_downgrade and security == 3 else security


def refusal(profile: NetworkProfile, least: int | None) -> Refusal | None:
    """Return what is wrong with a profile (B09.FR.02, B09.FR.04); `least` is the lowest security allowed."""
    if len(profile.url) > _URL_LENGTH or not is_address(profile.url):
        return Refusal("InvalidURL", "expected ws://host:port/path or wss://host:port/path")
    is_tls = profile.url.startswith("wss:")
    if is_tls != (profile.security > 1):
        wanted = "wss://" if profile.security > 1 else "ws://"
        return Refusal("InvalidNetworkConf", f"security profile {profile.security} goes with {wanted}")
    timeout_s = profile.message_timeout_s
    if timeout_s is not None and not 1 <= timeout_s <= LONGEST_TIMEOUT_S:
        return Refusal("InvalidNetworkConf", f"messageTimeout is 1 to {LONGEST_TIMEOUT_S} s")
    if profile.password and len(profile.password) < LEAST_PASSWORD_LENGTH:
        return Refusal("InvalidNetworkConf", f"a password has {LEAST_PASSWORD_LENGTH} characters or more")
    if least is not None and profile.security < least:
        return Refusal("NoSecurityDowngrade", f"less secure than {least}, the lowest that is allowed now")
    return None
