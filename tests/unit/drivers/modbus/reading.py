"""What the tests of the bus ask, and how they judge the answer."""

from __future__ import annotations

import asyncio

import pytest

from drivers.modbus.bus import Bus
from drivers.modbus.endpoint import SerialEndpoint, transport_for
from drivers.modbus.errors import ModbusError, NoReply
from drivers.modbus.requests import Read, Write
from drivers.modbus.terms import Answer, Terms
from drivers.modbus.transport import SerialSettings
from tests.real_time import clock
from tests.unit.drivers.modbus.hostile import (
    RtuSlave,
    Script,
    Slave,
    honest_values,
    in_turn,
)

TIMEOUT_S = 0.3
READ = Read(unit=1, space="input", address=10, count=4)
PROBE = Read(unit=1, space="input", address=10, count=2)
TERMS = Terms(timeout_s=TIMEOUT_S, probe=PROBE)
WRITE = Write(unit=1, function=6, address=300, values=(16,))


def bus_at(rtu: RtuSlave, settings: SerialSettings) -> Bus:
    endpoint = SerialEndpoint(port=str(rtu.link), settings=settings)
    return Bus(transport_for(endpoint, clock, rtu.framing))


async def read_honestly(bus: Bus, slave: Slave, read: Read = READ, terms: Terms = TERMS) -> Answer:
    """Read, and check that the values answer this request, not an earlier one."""
    answer = await bus.perform(read, terms)
    assert answer.values == honest_values(slave.asked[-1].number, read.address, read.count)
    return answer


async def refusal_of(
    bus: Bus, slave: Slave, script: Script, wanted: type[ModbusError], tries: int = 5
) -> type[ModbusError]:
    """Return how a read ends that is answered by this script once; the next one is honest.

    A machine that stands still for the whole timeout makes any answer one that does not come: that is no
    property of the bus, and tried again.
    """
    for _ in range(tries):
        slave.script = in_turn(script)
        with pytest.raises(ModbusError) as caught:
            await bus.perform(READ, TERMS)
        await until_honest(bus, slave)
        if type(caught.value) is wanted or type(caught.value) is not NoReply:
            break
    return type(caught.value)


async def until_honest(bus: Bus, slave: Slave) -> None:
    """Read until the unit is read again."""
    async with asyncio.timeout(10):
        while True:
            try:
                await read_honestly(bus, slave)
            except ModbusError:
                await asyncio.sleep(0.05)
            else:
                return
