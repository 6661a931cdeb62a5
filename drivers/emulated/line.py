"""How long characters take on an asynchronous serial line."""

from __future__ import annotations

from dataclasses import dataclass

FIXED_SILENCE_ABOVE_BAUD = 19200
FIXED_SILENCE_S = 0.00175


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTiming:
    """Speed of a line; a character of 8N1 is 10 bits: start, eight data, stop."""

    baud: int = 9600
    bits_per_character: int = 10

    def __post_init__(self) -> None:
        """Refuse a line that never moves (ValueError)."""
        if self.baud <= 0:
            raise ValueError(f"baud: {self.baud} is not above 0")

    @property
    def character_s(self) -> float:
        """Time of one character on the wire (s)."""
        return self.bits_per_character / self.baud

    @property
    def silence_s(self) -> float:
        """The silence that ends a frame (s): 3.5 characters, or 1.75 ms above 19200 baud.

        (Modbus over serial line V1.02, 2.5.1.1.)
        """
        return FIXED_SILENCE_S if self.baud > FIXED_SILENCE_ABOVE_BAUD else 3.5 * self.character_s
