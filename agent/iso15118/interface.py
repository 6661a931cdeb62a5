"""The network interface of a power line modem: there or not, and its link-local address.

SLAC, by which a vehicle's modem joins the charger's (ISO 15118-3), is the modem's own: once it is done, the
modem carries Ethernet frames. What is needed of the interface is its address; it goes and comes as the modem
is reset.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from ipaddress import IPv6Address
from pathlib import Path
from typing import Final, Protocol

_ADDRESSES: Final = Path("/proc/net/if_inet6")
_LINK_LOCAL: Final = 0x20
_LOOPBACK: Final = 0x10
_TENTATIVE: Final = 0x40
_DUPLICATE: Final = 0x08
_LOOK_AGAIN_S: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an interface can be reached on its link: its address, and its number in the kernel."""

    address: IPv6Address
    index: int


def find(name: str, table: str) -> Place | None:
    """Return the place of an interface in the kernel's table of addresses; None while it has none.

    That is a link-local address that may be used already, or the loopback's own, for trials at a desk.
    """
    for line in table.splitlines():
        address, index, _, scope, flags, interface = line.split()
        is_local = int(scope, 16) in {_LINK_LOCAL, _LOOPBACK}
        if interface == name and is_local and not int(flags, 16) & (_TENTATIVE | _DUPLICATE):
            return Place(address=IPv6Address(bytes.fromhex(address)), index=int(index, 16))
    return None


def place_of(name: str) -> Place | None:
    """Return the place of an interface now; None if it is not there, or the machine has no IPv6."""
    try:
        return find(name, _ADDRESSES.read_text("ascii"))
    except OSError:
        return None


class Modem(Protocol):
    """What has done SLAC with the vehicle's modem, if there is a vehicle, and has an interface for it."""

    name: str
    """As logs call it."""

    def place(self) -> Place | None:
        """Return where its interface can be reached now; None while there is none."""

    async def wait_for(self) -> Place:
        """Return where its interface can be reached, once it can."""

    async def wait_for_change(self, place: Place) -> None:
        """Return when it can no longer be reached there."""


class InterfaceModem:
    """A modem that does SLAC by itself, or by a program beside the agent: only its interface is seen."""

    def __init__(self, name: str) -> None:
        self.name = name

    def place(self) -> Place | None:
        """Return where the interface can be reached now."""
        return place_of(self.name)

    async def wait_for(self) -> Place:
        """Return where the interface can be reached, looking every second."""
        while True:
            place = self.place()
            if place is not None:
                return place
            await asyncio.sleep(_LOOK_AGAIN_S)

    async def wait_for_change(self, place: Place) -> None:
        """Return when it can no longer be reached there, looking every second."""
        while True:
            if self.place() != place:
                return
            await asyncio.sleep(_LOOK_AGAIN_S)
