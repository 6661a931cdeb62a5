"""What the bus needs of a line: open it, one request at a time, close it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from drivers.modbus.requests import Reply, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialSettings:
    """How a serial line is driven; eight data bits always."""

    baud: int
    parity: Literal["N", "E", "O"]
    stop_bits: Literal[1, 2]
    rs485: bool = False
    """The kernel switches the transmitter on and off (UARTs whose adapter does not do it by itself)."""

    @property
    def character_s(self) -> float:
        """Seconds one character takes: start bit, eight data bits, parity, stop bits."""
        return (9 + (self.parity != "N") + self.stop_bits) / self.baud

    @property
    def silence_s(self) -> float:
        """Silence between frames: 3.5 characters, fixed at 1.75 ms above 19200 baud.

        Modbus over serial line V1.02, 2.5.1.1.
        """
        return 0.00175 if self.baud > 19200 else 3.5 * self.character_s

    def __str__(self) -> str:
        return f"{self.baud} 8{self.parity}{self.stop_bits}{' with RS-485 switching' if self.rs485 else ''}"


class Transport(Protocol):
    """One serial port or TCP connection; used by one task only."""

    @property
    def name(self) -> str:
        """The port or host:port, for people."""

    @property
    def serial(self) -> SerialSettings | None:
        """The line settings, or None where we do not drive the line ourselves and owe it no silence."""

    @property
    def numbered(self) -> bool:
        """Whether replies carry the number of their request, so that a late one is known."""

    @property
    def connected(self) -> bool:
        """Whether a request can be sent now."""

    @property
    def quiet_since_s(self) -> float:
        """Loop time of the last byte sent or heard."""

    async def connect(self, timeout_s: float) -> str | None:
        """Open the line; return None, or why it cannot be opened."""

    async def exchange(self, request: Request, timeout_s: float) -> Reply:
        """Send a request and return the next sound frame from its unit, whatever it answers.

        Raises:
            PortUnavailable: If the line was lost.
            NoReply, GarbledReply, MismatchedReply: If no such frame came in `timeout_s`.
        """

    def drop(self) -> None:
        """Give the port or the connection up; `connect` makes another."""

    def close(self) -> None:
        """Give up everything, also what waits for connections; it may be opened again."""
