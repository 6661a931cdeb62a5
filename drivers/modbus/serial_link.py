"""A serial port in the event loop, without threads.

A pseudo terminal has no parity: the C library says so with `termios.error`, which is no OSError, or not at
all if another setting could be made. The port is locked: for programs that lock it as well, and on a real
port for all others too.
"""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import termios
from contextlib import suppress
from typing import Final

import serial
from serial.rs485 import RS485Settings

from drivers.modbus.link import Ear, LinkError
from drivers.modbus.transport import SerialSettings
from drivers.serial_errors import WHY, why_not_opened

READ_BYTES: Final = 4096
PSEUDO_TERMINALS: Final = "/dev/pts/"


class SerialLink:
    """One serial port, held exclusively while it is open."""

    def __init__(self, port: str, settings: SerialSettings) -> None:
        self.name = port
        self._settings = settings
        self._port: serial.Serial | None = None
        self._ear: Ear

    @property
    def is_open(self) -> bool:
        """Whether bytes can be sent now."""
        return self._port is not None

    async def open(self, ear: Ear, timeout_s: float) -> None:
        """Open the port, which takes no time; what came before is forgotten."""
        self.drop()
        port = open_port(self.name, self._settings)
        self._port, self._ear = port, ear
        asyncio.get_running_loop().add_reader(port.fileno(), self._read)

    def send(self, data: bytes) -> None:
        """Hand the bytes to the kernel, which always has room for one request."""
        if self._port is None:
            raise LinkError(f"{self.name} is not open")
        try:
            taken = os.write(self._port.fileno(), data)
        except BlockingIOError:
            taken = 0
        except OSError as error:
            self.drop()
            raise LinkError(f"{self.name} was lost: {why_not_opened(error)}") from error
        if taken < len(data):
            self.drop()
            raise LinkError(f"{self.name} takes no more characters; does its adapter wait for a handshake?")

    def drop(self) -> None:
        """Give the port back."""
        port, self._port = self._port, None
        if port is None:
            return
        asyncio.get_running_loop().remove_reader(port.fileno())
        with suppress(OSError, termios.error):
            termios.tcflush(port.fileno(), termios.TCOFLUSH)  # closing must not wait for what nobody takes
            fcntl.ioctl(port.fileno(), termios.TIOCNXCL)
        with suppress(OSError, termios.error):
            port.close()

    close = drop

    def _read(self) -> None:
        if self._port is None:
            return
        try:
            data = os.read(self._port.fileno(), READ_BYTES)
        except BlockingIOError:
            return
        except OSError as error:
            self._lose(why_not_opened(error))
            return
        if data:
            self._ear.heard(data)
        else:
            self._lose("the adapter was unplugged")

    def _lose(self, why: str) -> None:
        self.drop()
        self._ear.lost(f"{self.name} was lost: {why}")


def open_port(name: str, settings: SerialSettings) -> serial.Serial:
    """Open a serial port for reading without waiting, and lock it.

    Raises:
        LinkError: If it is not there, is somebody else's, or cannot be set like that.
    """
    try:
        port = serial.Serial(
            name,
            settings.baud,
            parity=settings.parity,
            stopbits=settings.stop_bits,
            timeout=0,
            exclusive=True,
        )
    except OSError as error:  # pyserial's own error is one
        raise LinkError(f"{name} cannot be opened: {why_not_opened(error)}") from error
    except (ValueError, termios.error) as error:
        raise LinkError(_unsettable(name, settings, error)) from error
    if settings.parity != "N" and not _has_parity(port):
        port.close()
        raise LinkError(_unsettable(name, settings, "it ignores the parity"))
    try:
        _lock(port, name)
        if settings.rs485:
            port.rs485_mode = RS485Settings()
    except (OSError, ValueError) as error:
        port.close()
        if isinstance(error, OSError) and error.errno == errno.EBUSY:
            raise LinkError(f"{name} cannot be opened: {WHY[errno.EBUSY]}") from error
        raise LinkError(
            f"{name}: its driver does not switch RS-485 transmitters ({error}); leave rs485 out if the "
            "adapter does that by itself"
        ) from error
    return port


def _lock(port: serial.Serial, name: str) -> None:
    """Keep out programs that do not look for locks; a pseudo terminal would stay locked after our death."""
    if not os.path.realpath(name).startswith(PSEUDO_TERMINALS):
        fcntl.ioctl(port.fileno(), termios.TIOCEXCL)


def _has_parity(port: serial.Serial) -> bool:
    flags: int = termios.tcgetattr(port.fileno())[2]
    return bool(flags & termios.PARENB)


def _unsettable(name: str, settings: SerialSettings, error: object) -> str:
    hint = ""
    if settings.parity != "N" and os.path.realpath(name).startswith(PSEUDO_TERMINALS):
        hint = '; a pseudo terminal has no parity: use parity = "N" on emulated hardware'
    return f"{name} cannot be set to {settings}: {error}{hint}"
