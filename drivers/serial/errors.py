"""What can go wrong with a device on a serial line of its own.

DeviceError (drivers.ports)
  SerialError             has .port
    PortUnavailable       the serial port is not there, is somebody else's, or was lost
    NoAnswer              nothing that answers came in time
    Refused               the device answered that it will not; has .command and .answer
    UnexpectedAnswer      the device answered something that makes no sense here
"""

from __future__ import annotations

from drivers.ports import DeviceError


class SerialError(DeviceError):
    """The device on a serial port did not do what was asked."""

    def __init__(self, port: str, problem: str) -> None:
        super().__init__(f"{port}: {problem}")
        self.port = port


class PortUnavailable(SerialError):
    """The serial port cannot be opened, or was lost."""


class NoAnswer(SerialError):
    """Nothing that answers came in time."""


class Refused(SerialError):
    """The device answered that it will not do this."""

    def __init__(self, port: str, command: str, answer: str) -> None:
        super().__init__(port, f"{command} was refused" + (f": {answer}" if answer else ""))
        self.command = command
        self.answer = answer


class UnexpectedAnswer(SerialError):
    """The device answered, but nothing that makes sense."""
