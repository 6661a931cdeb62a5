"""Modbus masters that share no code with chargehand, behind one small protocol."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

import minimalmodbus
from pyModbusTCP.client import ModbusClient

from drivers.modbus.requests import Space
from tests.stack.needed import command, node_packages

MASTER_JS = Path(__file__).with_name("master.js")
PATIENCE_S = 30.0

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Serial:
    """A serial line, 8N1."""

    path: str
    baud: int
    unit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tcp:
    """A Modbus TCP server, or an RTU line behind a TCP port."""

    host: str
    port: int
    unit: int
    framed_as_rtu: bool = False


class Master(Protocol):
    """What the tests ask of a foreign master. Any failure of its own is an AssertionError."""

    async def read(self, space: Space, address: int, count: int) -> list[int]:
        """Return registers or bits."""

    async def write_coil(self, address: int, value: bool) -> None:
        """Function 5."""

    async def write_register(self, address: int, value: int) -> None:
        """Function 6."""


async def run(*arguments: str, **environment: str) -> str:
    """Run a command to its end and return what it printed."""
    child = await asyncio.create_subprocess_exec(
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=os.environ | environment,
    )
    try:
        async with asyncio.timeout(PATIENCE_S):
            output, _ = await child.communicate()
    except TimeoutError:
        child.kill()
        await child.wait()
        raise
    text = output.decode(errors="replace")
    assert child.returncode == 0, text
    return text


@dataclass(frozen=True, slots=True)
class Mbpoll:
    """Debian's mbpoll, which is libmodbus."""

    link: Serial | Tcp

    async def read(self, space: Space, address: int, count: int) -> list[int]:
        """Return registers or bits."""
        kind = {"coil": "0", "discrete": "1", "input": "3:hex", "holding": "4:hex"}[space]
        output = await self._run("-t", kind, "-r", str(address), "-c", str(count))
        found = re.findall(r"^\[\d+\]:\s+(\S+)", output, flags=re.MULTILINE)
        assert len(found) == count, output
        return [int(value, 0) for value in found]

    async def write_coil(self, address: int, value: bool) -> None:
        """Function 5."""
        await self._run("-t", "0", "-r", str(address), values=[int(value)])

    async def write_register(self, address: int, value: int) -> None:
        """Function 6."""
        await self._run("-t", "4", "-r", str(address), values=[value])

    async def _run(self, *what: str, values: Sequence[int] = ()) -> str:
        link = self.link
        if isinstance(link, Serial):
            way, target = ["-m", "rtu", "-b", str(link.baud), "-P", "none"], link.path
        else:
            way, target = ["-m", "tcp", "-p", str(link.port)], link.host
        once = [] if values else ["-1"]
        written = [str(value) for value in values]
        return await run(
            command("mbpoll"), *way, "-a", str(link.unit), "-0", *once, "-o", "2", *what, target, *written
        )


@dataclass(frozen=True, slots=True)
class ModbusSerial:
    """The npm package modbus-serial."""

    link: Serial | Tcp

    async def read(self, space: Space, address: int, count: int) -> list[int]:
        """Return registers or bits."""
        values: list[int] = await self._run([space, address, count])
        return values

    async def write_coil(self, address: int, value: bool) -> None:
        """Function 5."""
        await self._run(["write_coil", address, value])

    async def write_register(self, address: int, value: int) -> None:
        """Function 6."""
        await self._run(["write_register", address, value])

    async def _run(self, step: list[object]) -> list[int]:
        link = self.link
        job: dict[str, object] = {"unit": link.unit, "do": [step]}
        if isinstance(link, Serial):
            job |= {"link": "rtu", "path": link.path, "baud": link.baud}
        else:
            kind = "rtu-over-tcp" if link.framed_as_rtu else "tcp"
            job |= {"link": kind, "host": link.host, "port": link.port}
        packages = node_packages("modbus-serial")
        output = await run(command("node"), str(MASTER_JS), json.dumps(job), NODE_PATH=str(packages))
        (result,) = json.loads(output)
        return result  # type: ignore[no-any-return] # JSON


@dataclass(frozen=True, slots=True)
class MinimalModbus:
    """The Python package minimalmodbus: serial lines only."""

    link: Serial

    async def read(self, space: Space, address: int, count: int) -> list[int]:
        """Return registers or bits."""
        code = {"coil": 1, "discrete": 2, "holding": 3, "input": 4}[space]

        def ask(instrument: minimalmodbus.Instrument) -> list[int]:
            if code <= 2:
                return [int(bit) for bit in instrument.read_bits(address, count, functioncode=code)]
            return list(instrument.read_registers(address, count, functioncode=code))

        return await asyncio.to_thread(self._with, ask)

    async def write_coil(self, address: int, value: bool) -> None:
        """Function 5."""
        await asyncio.to_thread(self._with, lambda line: line.write_bit(address, int(value)))

    async def write_register(self, address: int, value: int) -> None:
        """Function 6."""
        await asyncio.to_thread(self._with, lambda line: line.write_register(address, value, functioncode=6))

    def _with(self, work: Callable[[minimalmodbus.Instrument], Result]) -> Result:
        instrument = minimalmodbus.Instrument(self.link.path, self.link.unit)
        instrument.serial.baudrate = self.link.baud
        instrument.serial.timeout = 2
        try:
            return work(instrument)
        finally:
            instrument.serial.close()


@dataclass(frozen=True, slots=True)
class PyModbusTcp:
    """The Python package pyModbusTCP."""

    link: Tcp

    async def read(self, space: Space, address: int, count: int) -> list[int]:
        """Return registers or bits."""
        name = {
            "coil": "read_coils",
            "discrete": "read_discrete_inputs",
            "holding": "read_holding_registers",
            "input": "read_input_registers",
        }[space]
        answer = await self._call(name, address, count)
        return [int(value) for value in answer]

    async def write_coil(self, address: int, value: bool) -> None:
        """Function 5."""
        await self._call("write_single_coil", address, value)

    async def write_register(self, address: int, value: int) -> None:
        """Function 6."""
        await self._call("write_single_register", address, value)

    async def _call(self, name: str, *arguments: object) -> list[int]:
        client = ModbusClient(self.link.host, self.link.port, unit_id=self.link.unit, auto_close=True)
        answer = await asyncio.to_thread(getattr(client, name), *arguments)
        assert answer, client.last_error_as_txt
        return answer  # type: ignore[no-any-return] # the package has no types
