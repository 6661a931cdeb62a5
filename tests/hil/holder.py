"""A process that holds an offer: the driver alone, without an agent. Ends when it is killed."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from drivers.open import DeviceAddress
from drivers.ports import DeviceError
from drivers.profiles.load import load_profile
from tests.hil.controlled import BAUD, hardware

LIMIT_A = 16
LIMIT_W = 50_000


async def hold(address: DeviceAddress) -> None:
    """Offer, watch, and offer again when the device may have forgotten, as an agent does."""
    driver = hardware()
    is_dc = load_profile(address.profile).kind == "dc-charger"
    charger = driver.dc_charger(address) if is_dc else None
    controller = None if is_dc else driver.charge_controller(address)
    offered = False
    async with driver.running():
        while True:
            try:
                if charger is not None:
                    await charger.read()
                    if not offered:
                        await charger.limit_power(LIMIT_W)
                if controller is not None:
                    await controller.read_pilot()
                    if not offered:
                        await controller.offer(LIMIT_A)
                if not offered:
                    print("offered", flush=True)
                offered = True
            except DeviceError as error:
                print(f"doubted: {error}", flush=True)
                offered = False
            await asyncio.sleep(0.2)


def place(profile: str, where: str) -> DeviceAddress:
    """Return the address of a port, or of a host and TCP port."""
    if ":" not in where:
        return DeviceAddress(profile=Path(profile), port=where, baud=BAUD, parity="N", stopbits=1)
    host, _, port = where.partition(":")
    return DeviceAddress(profile=Path(profile), host=host, tcp_port=int(port))


def main(arguments: list[str]) -> int:
    """Hold what the arguments name until somebody ends it."""
    asyncio.run(hold(place(*arguments)))
    return 0


if __name__ == "__main__":
    main(sys.argv[1:])
