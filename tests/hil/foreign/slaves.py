"""Modbus slaves that share no code with chargehand."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pyModbusTCP.server import DataBank, ModbusServer

from tests.hil.foreign.null_modem import NullModem
from tests.stack.needed import command, node_packages

SLAVE_JS = Path(__file__).with_name("slave.js")
PATIENCE_S = 30.0
BAUD = 19200


@dataclass(frozen=True, slots=True, kw_only=True)
class Registers:
    """What a slave holds, by table and address."""

    unit: int
    input: Mapping[int, int] = field(default_factory=dict)
    holding: Mapping[int, int] = field(default_factory=dict)
    coil: Mapping[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class ForeignSlave:
    """A running slave: where it listens, and what was written to it as (table, address, value)."""

    path: str = ""
    port: int = 0
    writes: list[tuple[str, int, int]] = field(default_factory=list)


@asynccontextmanager
async def modbus_serial_on_a_line(registers: Registers) -> AsyncIterator[ForeignSlave]:
    """The npm package modbus-serial at the other end of a serial line."""
    async with (
        NullModem() as modem,
        _node({"link": "rtu", "path": modem.far, "baud": BAUD}, registers) as slave,
    ):
        slave.path = modem.near
        yield slave


@asynccontextmanager
async def modbus_serial_on_tcp(registers: Registers) -> AsyncIterator[ForeignSlave]:
    """The npm package modbus-serial on a TCP port."""
    async with _node({"link": "tcp"}, registers) as slave:
        yield slave


@asynccontextmanager
async def pymodbustcp_server(registers: Registers) -> AsyncIterator[ForeignSlave]:
    """The Python package pyModbusTCP, in threads of its own."""
    slave = ForeignSlave()
    bank = _Recording(slave)
    for address, word in registers.input.items():
        bank.set_input_registers(address, [word])
    for address, word in registers.holding.items():
        bank.set_holding_registers(address, [word])
    for address, bit in registers.coil.items():
        bank.set_coils(address, [bool(bit)])
    server = ModbusServer(host="127.0.0.1", port=0, no_block=True, data_bank=bank)
    await asyncio.to_thread(server.start)
    slave.port = server._service.socket.getsockname()[1]
    try:
        yield slave
    finally:
        await asyncio.to_thread(server.stop)


class _Recording(DataBank):  # type: ignore[misc] # the package has no types
    """Registers that note what masters write."""

    def __init__(self, slave: ForeignSlave) -> None:
        super().__init__()
        self._slave = slave

    def on_coils_change(self, address: int, from_value: bool, to_value: bool, srv_info: object) -> None:
        self._slave.writes.append(("coil", address, int(to_value)))

    def on_holding_registers_change(
        self, address: int, from_value: int, to_value: int, srv_info: object
    ) -> None:
        self._slave.writes.append(("holding", address, to_value))


@asynccontextmanager
async def _node(job: Mapping[str, object], registers: Registers) -> AsyncIterator[ForeignSlave]:
    packages = node_packages("modbus-serial")
    tables = {"input": registers.input, "holding": registers.holding, "coil": registers.coil}
    child = await asyncio.create_subprocess_exec(
        command("node"),
        str(SLAVE_JS),
        json.dumps({**job, **tables, "unit": registers.unit}),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"NODE_PATH": str(packages)},
    )
    assert child.stdout is not None
    assert child.stdin is not None
    listening: asyncio.Task[None] | None = None
    try:
        async with asyncio.timeout(PATIENCE_S):
            ready = (await child.stdout.readline()).decode()
        assert ready.startswith("ready "), ready
        slave = ForeignSlave(port=int(ready.split()[1]))
        listening = asyncio.create_task(_note_writes(child.stdout, slave))
        yield slave
    finally:
        child.stdin.close()
        await child.wait()
        if listening is not None:
            await listening


async def _note_writes(output: asyncio.StreamReader, slave: ForeignSlave) -> None:
    async for line in output:
        table, address, value = json.loads(line)
        slave.writes.append((table, address, value))
