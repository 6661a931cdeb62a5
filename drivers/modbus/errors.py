"""What can go wrong on a Modbus line.

DeviceError (drivers.ports)
  ModbusError             has .unit, .function, .address
    PortUnavailable       the serial port or TCP connection is not there
    NoReply               silence until the timeout
    GarbledReply          bytes came, but no whole frame with a good checksum
    MismatchedReply       a sound frame that does not answer the request (late, or from a broken device)
      WrongUnit  WrongTransaction  WrongFunction  WrongCount  WrongEcho
    ExceptionReply        the device refused; has .exception_code
    LineNeverQuiet        something talks without the pauses that separate frames
    UnitResting           the unit failed before and is left alone for a while; has .retry_in_s
    DeadlineMissed        the line was busy with more urgent requests
    BusClosed             nobody runs the bus (any more)
"""

from __future__ import annotations

from typing import Final

from drivers.modbus.requests import Request
from drivers.ports import DeviceError

EXCEPTION_NAMES: Final = {
    1: "illegal function",
    2: "illegal data address",
    3: "illegal data value",
    4: "server device failure",
    5: "acknowledge",
    6: "server device busy",
    8: "memory parity error",
    10: "gateway path unavailable",
    11: "gateway target device failed to respond",
}
"""Exception codes (Modbus application protocol V1.1b3, section 7)."""

SHOWN_BYTES: Final = 40
"""Of a reply that makes no sense."""


class ModbusError(DeviceError):
    """One request failed; nothing of it may be used."""

    def __init__(self, request: Request, problem: str) -> None:
        super().__init__(f"{request}: {problem}")
        self.problem = problem
        self.request = request
        self.unit = request.unit
        self.function = request.function
        self.address = request.address


class PortUnavailable(ModbusError):
    """The serial port or the TCP connection cannot be opened, or was lost."""


class NoReply(ModbusError):
    """Nothing was heard until the timeout."""


class GarbledReply(ModbusError):
    """Something was heard, but it is no whole frame with a good checksum."""

    def __init__(self, request: Request, heard: bytes) -> None:
        rest = f" ... ({len(heard)} bytes)" if len(heard) > SHOWN_BYTES else ""
        super().__init__(request, f"garbled reply {heard[:SHOWN_BYTES].hex(' ')}{rest}")
        self.heard = heard


class MismatchedReply(ModbusError):
    """A sound frame came that is no answer to this request."""


class WrongUnit(MismatchedReply):
    """The reply names another unit."""


class WrongTransaction(MismatchedReply):
    """The reply (Modbus TCP) belongs to another transaction."""


class WrongFunction(MismatchedReply):
    """The reply is to another function."""


class WrongCount(MismatchedReply):
    """The reply carries more or fewer values than were asked for."""


class WrongEcho(MismatchedReply):
    """The reply to a write repeats another address or value."""


class ExceptionReply(ModbusError):
    """The device answered that it will not do this."""

    def __init__(self, request: Request, exception_code: int) -> None:
        name = EXCEPTION_NAMES.get(exception_code, "unknown")
        super().__init__(request, f"refused with exception {exception_code} ({name})")
        self.exception_code = exception_code


class LineNeverQuiet(ModbusError):
    """There was no pause in which a request could be sent."""


class UnitResting(ModbusError):
    """The unit failed repeatedly and is left alone, so that the others on the line are served."""

    def __init__(self, request: Request, retry_in_s: float) -> None:
        super().__init__(request, f"not asked again for {retry_in_s:.1f} s after repeated failures")
        self.retry_in_s = retry_in_s


class DeadlineMissed(ModbusError):
    """The request waited longer than its caller allowed."""


class BusClosed(ModbusError):
    """The bus is not running."""
