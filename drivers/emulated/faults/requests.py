"""Faults by which a device does not do what it is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from drivers.emulated.exchange import Message
from drivers.emulated.faults.fault import RequestFault, WriteFault

EXCEPTION_CODES: Final = (1, 2, 3, 4, 5, 6, 8, 10, 11)
"""All that the standard defines (Modbus application protocol V1.1b3, 7)."""


@dataclass(frozen=True, slots=True)
class Silence(RequestFault):
    """The device does not react, and carries nothing out."""

    name: ClassVar[str] = "silence"

    def refuse(self, request: Message) -> bytes | None:
        """Give no answer."""
        return None


@dataclass(frozen=True, slots=True)
class ExceptionReply(RequestFault):
    """The device refuses with an exception: 6 is busy, 10 and 11 are a gateway's."""

    code: int = 4
    name: ClassVar[str] = "exception"

    def __post_init__(self) -> None:
        """Refuse codes that do not exist (ValueError)."""
        if self.code not in EXCEPTION_CODES:
            raise ValueError(f"exception {self.code} is none of {', '.join(map(str, EXCEPTION_CODES))}")

    def refuse(self, request: Message) -> bytes | None:
        """Return the exception's PDU."""
        return bytes((request.pdu[0] | 0x80, self.code))


@dataclass(frozen=True, slots=True)
class WriteIgnored(WriteFault):
    """A write is confirmed, and nothing changes."""

    name: ClassVar[str] = "write-ignored"

    def delay_s(self) -> float | None:
        """Never."""
        return None


@dataclass(frozen=True, slots=True)
class WriteLate(WriteFault):
    """A write is confirmed at once and carried out later."""

    seconds: float = 2.0
    name: ClassVar[str] = "write-late"

    def __post_init__(self) -> None:
        """Refuse a time that is none (ValueError)."""
        if not 0 < self.seconds <= 3600:
            raise ValueError(f"{self.seconds} s is not between 0 and 3600")

    def delay_s(self) -> float | None:
        """In its time."""
        return self.seconds
