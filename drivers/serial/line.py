"""A serial port in the event loop, without threads: characters come by callback, and a lost port comes back.

The port is opened when it is first needed. After it could not be opened, or was lost, it is left alone for a
while that grows, so that a device that is not plugged in costs nothing.
"""

from __future__ import annotations

import asyncio
import os
import termios
from collections.abc import Callable
from contextlib import suppress
from typing import Final

import serial

from drivers.modbus.transport import SerialSettings
from drivers.serial.errors import PortUnavailable
from drivers.serial_errors import why_not_opened

READ_BYTES: Final = 4096
REST_S: Final = (0.5, 1.0, 2.0, 5.0)
"""How long a port is left alone, at each failure in a row."""


class SerialLine:
    """One serial port, held exclusively while it is open."""

    def __init__(self, port: str, settings: SerialSettings, received: Callable[[bytes], None]) -> None:
        self.port = port
        self.settings = settings
        self._received = received
        self._serial: serial.Serial | None = None
        self._failures = 0
        self._rests_until_s = 0.0
        self._problem = ""

    @property
    def is_open(self) -> bool:
        """Whether characters can be sent and heard now."""
        return self._serial is not None

    def open(self) -> None:
        """Open the port unless it is open; what it heard before is forgotten.

        Raises:
            PortUnavailable: If it cannot be opened, or could not a moment ago.
        """
        if self._serial is not None:
            return
        if self._now_s() < self._rests_until_s:
            raise PortUnavailable(self.port, f"{self._problem}; it is tried again soon")
        try:
            opened = serial.Serial(
                self.port,
                self.settings.baud,
                parity=self.settings.parity,
                stopbits=self.settings.stop_bits,
                timeout=0,
                exclusive=True,
            )
        except (OSError, ValueError, termios.error) as error:  # pyserial's own error is an OSError
            raise self._unavailable(f"cannot be opened: {why_not_opened(error)}") from error
        self._serial = opened
        self._failures = 0
        asyncio.get_running_loop().add_reader(opened.fileno(), self._read)

    def write(self, data: bytes) -> None:
        """Send characters.

        Raises:
            PortUnavailable: If the port is not open, is lost, or does not take them all.
        """
        if self._serial is None:
            raise PortUnavailable(self.port, self._problem or "is not open")
        try:
            taken = os.write(self._serial.fileno(), data)
        except BlockingIOError:
            taken = 0
        except OSError as error:
            self._lose(str(error))
            raise PortUnavailable(self.port, self._problem) from error
        if taken < len(data):
            self._lose("it takes no more characters")
            raise PortUnavailable(self.port, self._problem)

    def close(self) -> None:
        """Give the port back; it may be opened again."""
        opened, self._serial = self._serial, None
        if opened is None:
            return
        asyncio.get_running_loop().remove_reader(opened.fileno())
        with suppress(OSError, termios.error):
            termios.tcflush(opened.fileno(), termios.TCOFLUSH)  # closing must not wait for a deaf device
        with suppress(OSError, termios.error):
            opened.close()

    def _read(self) -> None:
        if self._serial is None:
            return
        try:
            data = os.read(self._serial.fileno(), READ_BYTES)
        except BlockingIOError:
            return
        except OSError as error:
            self._lose(str(error))
            return
        if data:
            self._received(data)
        else:
            self._lose("it was unplugged")

    def _lose(self, reason: str) -> None:
        self.close()
        self._unavailable(f"was lost: {reason}")

    def _unavailable(self, problem: str) -> PortUnavailable:
        rest_s = REST_S[min(self._failures, len(REST_S) - 1)]
        self._failures += 1
        self._rests_until_s = self._now_s() + rest_s
        self._problem = problem
        return PortUnavailable(self.port, problem)

    @staticmethod
    def _now_s() -> float:
        return asyncio.get_running_loop().time()
