"""What network slots hold, as variables: the component NetworkConfiguration, one instance per slot (B09).

The slots are the network book's. What is in NetworkConfigurationPriority cannot be changed piece by piece: a
station that reconnects in between would take half of it. The others are written in any order, and looked at
as a whole when the order is to name them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, Protocol

from msgspec.structs import replace

from agent.network.profiles import (
    LEAST_PASSWORD_LENGTH,
    SLOTS,
    NetworkProfile,
    SecurityProfile,
    is_address,
)
from agent.variables.checks import ValueRefused
from agent.variables.model import DeviceModel, Place

_COMPONENT: Final = "NetworkConfiguration"


class Slots(Protocol):
    """What is needed of the network book."""

    @property
    def security(self) -> SecurityProfile:
        """The security profile in use."""

    def held(self, slot: int) -> NetworkProfile:
        """Return what a slot holds now."""

    def is_spoken_for(self, slot: int) -> bool:
        """Return whether a slot is in use, or may be when the station connects again."""

    def least_after(self, security: int) -> int:
        """Return the lowest security profile that may follow on one."""

    async def keep(self, slot: int, profile: NetworkProfile) -> None:
        """Store what a slot holds from the next start on."""


def show_slots(settings: DeviceModel, slots: Slots) -> None:
    """Let the device model say what the slots hold, and write to them."""
    for slot in SLOTS:
        place = Place(instance=slot)
        for name, read in _READ.items():
            settings.provide(f"{_COMPONENT}.{name}", partial(_read, slots, int(slot), read), place)
        for name, write in _WRITTEN.items():
            take = partial(_write, slots, int(slot), write)
            settings.hand_over(f"{_COMPONENT}.{name}", take, place)


def _read(slots: Slots, slot: int, read: Callable[[NetworkProfile], str]) -> str:
    return read(slots.held(slot))


Change = Callable[[NetworkProfile, str, Slots], NetworkProfile]


async def _write(slots: Slots, slot: int, change: Change, value: str) -> None:
    """Change one thing about a slot (B09.FR.22).

    Raises:
        ValueRefused: If it cannot be so.
        StoreError: If it cannot be stored; nothing has changed.
    """
    if slots.is_spoken_for(slot):
        why = f"network profile {slot} is in NetworkConfigurationPriority"
        raise ValueRefused(why, "PriorityNetworkConf")
    await slots.keep(slot, change(slots.held(slot), value, slots))


def _url(held: NetworkProfile, value: str, slots: Slots) -> NetworkProfile:
    if not is_address(value):
        raise ValueRefused("expected ws://host:port/path or wss://host:port/path", "InvalidURL")
    return replace(held, url=value)


def _security(held: NetworkProfile, value: str, slots: Slots) -> NetworkProfile:
    """Never go back to 1, nor from 3 to 2 unless that is allowed (B09.FR.32, B09.FR.35)."""
    least = slots.least_after(slots.security)
    if int(value) < least:
        raise ValueRefused(f"less secure than {least}, the lowest that is allowed now", "NoSecurityDowngrade")
    return replace(held, security=1 if value == "1" else 2 if value == "2" else 3)


def _timeout(held: NetworkProfile, value: str, slots: Slots) -> NetworkProfile:
    return replace(held, message_timeout_s=int(value) or None)


def _interface(held: NetworkProfile, value: str, slots: Slots) -> NetworkProfile:
    return replace(held, interface=value)


def _transport(held: NetworkProfile, value: str, slots: Slots) -> NetworkProfile:
    return held


def _identity(held: NetworkProfile, value: str, slots: Slots) -> NetworkProfile:
    return replace(held, identity=value)


def _password(held: NetworkProfile, value: str, slots: Slots) -> NetworkProfile:
    if value and len(value) < LEAST_PASSWORD_LENGTH:
        raise ValueRefused(f"a password has {LEAST_PASSWORD_LENGTH} characters or more")
    return replace(held, password=value)


_READ: Final[Mapping[str, Callable[[NetworkProfile], str]]] = {
    "OcppCsmsUrl": lambda held: held.url,
    "OcppInterface": lambda held: held.interface or "Any",
    "OcppTransport": lambda _: "JSON",
    "OcppVersion": lambda held: ",".join(f"ocpp{version}" for version in held.versions),
    "MessageTimeout": lambda held: str(held.message_timeout_s or 0),
    "SecurityProfile": lambda held: str(held.security),
    "Identity": lambda held: held.identity,
    "BasicAuthPassword": lambda held: held.password,
    "ApnEnabled": lambda _: "false",
    "VpnEnabled": lambda _: "false",
}
_WRITTEN: Final[Mapping[str, Change]] = {
    "OcppCsmsUrl": _url,
    "OcppInterface": _interface,
    "OcppTransport": _transport,
    "MessageTimeout": _timeout,
    "SecurityProfile": _security,
    "Identity": _identity,
    "BasicAuthPassword": _password,
}
