"""Serial and TCP lines over pymodbus's clients, with its own retries and reconnecting switched off.

An alternative to `line_transport`: a second opinion when a device and the agent do not understand each other.
pymodbus drops its whole buffer over one byte of noise, and lets some malformed frames raise inside the event
loop; so it is only ever shown whole, sound frames from the unit that was asked.

pymodbus does not retry a first connection that failed, backs off to 300 s after a lost one, and blocks its
client for all retries of one request; the bus decides all that. Parity on a pseudo-terminal is refused by
the C library with `termios.error`, which is no OSError.
"""

from __future__ import annotations

import asyncio
import logging
import termios
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import Final

from pymodbus import FramerType, ModbusException
from pymodbus.client import AsyncModbusSerialClient, AsyncModbusTcpClient
from pymodbus.client.base import ModbusBaseClient
from pymodbus.exceptions import ConnectionException
from pymodbus.pdu import ExceptionResponse, ModbusPDU

from drivers.modbus.errors import PortUnavailable
from drivers.modbus.framing import Framing
from drivers.modbus.mbap import MbapFraming
from drivers.modbus.requests import BIT_READS, Read, Reply, Request, Write
from drivers.modbus.rtu import RtuFraming
from drivers.modbus.transport import SerialSettings
from drivers.readings import Instant

Clock = Callable[[], Instant]

NEVER: Final = 1_000_000_000
"""Failed requests until pymodbus would close a TCP connection by itself."""


class PymodbusTransport(ABC):
    """What both kinds of line share: the client, and a record of what was heard."""

    def __init__(self, name: str, framing: Framing, serial: SerialSettings | None, clock: Clock) -> None:
        logging.getLogger("pymodbus").setLevel(logging.CRITICAL + 1)
        self.name = name
        self.serial = serial
        self.quiet_since_s = 0.0
        self._framing = framing
        self._clock = clock
        self._client: ModbusBaseClient | None = None
        self._sent = b""
        self._heard = b""
        self._arrived: Instant | None = None

    @property
    def numbered(self) -> bool:
        """Whether replies carry the number of their request."""
        return self._framing.numbered

    @property
    def connected(self) -> bool:
        """Whether a request can be sent now."""
        return self._client is not None and self._client.connected

    async def connect(self, timeout_s: float) -> str | None:
        """Open the line; return None, or why it cannot be opened."""
        self.drop()
        client = self._open(timeout_s)
        client.set_max_no_responses(NEVER)
        try:
            opened = await client.connect()
        except (termios.error, ValueError) as error:
            return f"{self.name} cannot be set to {self.serial}: {error}"
        if not opened:
            client.close()
            return f"{self.name} cannot be opened"
        self._client = client
        self.quiet_since_s = asyncio.get_running_loop().time()
        return None

    async def exchange(self, request: Request, timeout_s: float) -> Reply:
        """Send a request and return the next sound frame from its unit, whatever it answers."""
        client = self._client
        if client is None:
            raise PortUnavailable(request, f"{self.name} is not open")
        client.ctx.comm_params.timeout_connect = timeout_s
        self._sent = self._heard = b""
        self._arrived = None
        try:
            response = await _call(client, request)
        except ConnectionException as error:
            raise PortUnavailable(request, f"{self.name} was lost") from error
        except ModbusException as error:
            if not client.connected:
                raise PortUnavailable(request, f"{self.name} was lost") from error
            raise self._framing.explain(self._heard, self._sent, request) from error
        finally:
            self._sent = b""
        return _reply(response, self._arrived or self._clock())

    def drop(self) -> None:
        """Close the line; it may be opened again."""
        if self._client is not None:
            self._client.close()
            self._client = None

    close = drop

    @abstractmethod
    def _open(self, timeout_s: float) -> ModbusBaseClient:
        """Return a client for the line, not connected yet."""

    def _on_packet(self, sending: bool, data: bytes) -> bytes:
        """Hand pymodbus only the frame that may be an answer; called for each burst with all heard so far."""
        self.quiet_since_s = asyncio.get_running_loop().time()
        if sending:
            self._sent, self._heard, self._arrived = data, b"", None
            return data
        self._heard = data
        frame = self._framing.find(data, self._sent) if self._sent and self._arrived is None else None
        if frame is None:
            return b""
        self._arrived = self._clock()
        return frame


class PymodbusTcp(PymodbusTransport):
    """A TCP connection, with the frames of Modbus TCP or serial ones."""

    def __init__(self, host: str, port: int, clock: Clock, *, rtu: bool = False) -> None:
        super().__init__(f"{host}:{port}", RtuFraming() if rtu else MbapFraming(), None, clock)
        self._address = (host, port)
        self._framer = FramerType.RTU if rtu else FramerType.SOCKET

    def _open(self, timeout_s: float) -> ModbusBaseClient:
        host, port = self._address
        return AsyncModbusTcpClient(
            host,
            port=port,
            framer=self._framer,
            timeout=timeout_s,
            retries=0,
            reconnect_delay=0,
            trace_packet=self._on_packet,
        )


class PymodbusSerial(PymodbusTransport):
    """A Modbus RTU line."""

    def __init__(self, port: str, settings: SerialSettings, clock: Clock) -> None:
        super().__init__(port, RtuFraming(), settings, clock)
        self._settings = settings

    def _open(self, timeout_s: float) -> ModbusBaseClient:
        return AsyncModbusSerialClient(
            self.name,
            baudrate=self._settings.baud,
            parity=self._settings.parity,
            stopbits=self._settings.stop_bits,
            timeout=timeout_s,
            retries=0,
            reconnect_delay=0,
            trace_packet=self._on_packet,
        )


def _call(client: ModbusBaseClient, request: Request) -> Awaitable[ModbusPDU]:
    if isinstance(request, Read):
        read = {
            "coil": client.read_coils,
            "discrete": client.read_discrete_inputs,
            "holding": client.read_holding_registers,
            "input": client.read_input_registers,
        }[request.space]
        return read(request.address, count=request.count, device_id=request.unit)
    return _write(client, request)


def _write(client: ModbusBaseClient, request: Write) -> Awaitable[ModbusPDU]:
    unit, address = request.unit, request.address
    if request.function == 5:
        return client.write_coil(address, bool(request.values[0]), device_id=unit)
    if request.function == 6:
        return client.write_register(address, request.values[0], device_id=unit)
    if request.function == 15:
        return client.write_coils(address, [bool(value) for value in request.values], device_id=unit)
    return client.write_registers(address, list(request.values), device_id=unit)


def _reply(response: ModbusPDU, arrived: Instant) -> Reply:
    function = response.function_code
    if isinstance(response, ExceptionResponse):
        return Reply(
            unit=response.dev_id,
            function=function,
            values=(),
            arrived=arrived,
            exception_code=response.exception_code,
        )
    return Reply(
        unit=response.dev_id,
        function=function,
        values=_values(response),
        arrived=arrived,
        address=response.address,
    )


def _values(response: ModbusPDU) -> tuple[int, ...]:
    if response.function_code in {*BIT_READS, 5}:
        return tuple(int(bit) for bit in response.bits)
    if response.function_code in {15, 16}:
        return (response.count,)
    return tuple(response.registers)
