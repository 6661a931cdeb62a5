from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from drivers.devices.sunspec import NotSunSpec, find_model
from drivers.modbus.errors import ExceptionReply
from drivers.modbus.requests import Read


class Map:
    """Registers of a device that refuses to read where it has none."""

    def __init__(self, registers: Mapping[int, int]) -> None:
        self.registers = registers
        self.asked: list[int] = []

    async def pair(self, address: int) -> Sequence[int]:
        self.asked.append(address)
        if address not in self.registers:
            raise ExceptionReply(Read(unit=1, space="holding", address=address, count=2), 2)
        return self.registers[address], self.registers.get(address + 1, 0)


def chain(base: int, *models: tuple[int, int]) -> dict[int, int]:
    registers = {base: 0x5375, base + 1: 0x6E53}
    at = base + 2
    for number, length in (*models, (0xFFFF, 0)):
        registers |= {at: number, at + 1: length}
        at += 2 + length
    return registers


async def test_the_chain_is_walked_to_the_model() -> None:
    device = Map(chain(40000, (1, 66), (203, 105), (64900, 10)))
    assert await find_model(device.pair, (40000,), 203) == 40002 + 68
    assert device.asked == [40000, 40002, 40070]


async def test_bases_are_tried_in_order() -> None:
    device = Map({0: 7} | chain(50000, (213, 124)))
    assert await find_model(device.pair, (0, 40000, 50000), 213) == 50002
    assert device.asked == [0, 40000, 50000, 50002]


async def test_a_map_without_the_model_says_what_there_is() -> None:
    device = Map(chain(40000, (1, 66), (120, 26)))
    with pytest.raises(NotSunSpec, match="no model 203, only 1, 120"):
        await find_model(device.pair, (40000,), 203)


async def test_a_device_without_a_map_is_none() -> None:
    with pytest.raises(NotSunSpec, match="no SunSpec map begins at 0 or 40000"):
        await find_model(Map({0: 1}).pair, (0, 40000), 203)


async def test_a_chain_that_never_ends_is_given_up() -> None:
    device = Map({0: 0x5375, 1: 0x6E53} | {at: 5 * (at % 2 == 0) for at in range(2, 60000)})
    with pytest.raises(NotSunSpec):
        await find_model(device.pair, (0,), 203)
    assert len(device.asked) <= 101
