"""RAPI as an OpenEVSE controller's firmware hears and says it. Shares nothing with the driver.

The firmware takes commands without a checksum too; one that does not fit its buffer vanishes without a word.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

BUFFER: Final = 32
MOST_WORDS: Final = 10


@dataclass(frozen=True, slots=True)
class Command:
    """The words of a command and the number it is to be answered with, "" if it has none."""

    words: tuple[str, ...]
    number: str = ""


class CommandHearing:
    """Gathers characters until a command is complete; None stands for one that could not be read."""

    def __init__(self) -> None:
        self._buffer = ""

    def hear(self, data: bytes) -> list[Command | None]:
        """Take characters and return the commands that end with them."""
        commands = []
        for character in data.decode("latin-1"):
            if character == "$":
                self._buffer = "$"
            elif self._buffer and character == "\r":
                commands.append(_read(self._buffer))
                self._buffer = ""
            elif self._buffer:
                self._buffer = self._buffer + character if len(self._buffer) < BUFFER - 1 else ""
        return commands


def say(words: str, number: str = "") -> bytes:
    """Return a reply or notice with its checksum."""
    text = f"${words}{' :' if number else ''}{number}"
    return f"{text}^{_parity(text):02X}\r".encode("latin-1")


def _read(text: str) -> Command | None:
    body, mark, digits = text.partition("^")
    if mark and f"{_parity(body):02X}" != digits.upper():
        return None
    words = body[1:].split(" ")
    if len(words) > MOST_WORDS:
        return None
    number = words.pop()[1:] if len(words) > 1 and words[-1].startswith(":") else ""
    return Command(tuple(words), number)


def _parity(text: str) -> int:
    parity = 0
    for character in text:
        parity ^= ord(character)
    return parity
