"""An NXP PN532 as its firmware shows itself on the serial line, and the cards in front of its antenna.

Shares nothing with the driver. Until it was woken and set to its normal mode it hears nothing else; asked for
a card it looks for ever unless it was told how often.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

FOR_EVER: Final = 0xFF
UID_BYTES: Final = (4, 7, 10)
_UNDERSTOOD: Final = b"\x00\x00\xff\x00\xff\x00"
_NONSENSE: Final = b"\x00\x00\xff\x01\xff\x7f\x81\x00"
_SENS_RES: Final = {4: b"\x00\x04", 7: b"\x00\x44", 10: b"\x00\x84"}


@dataclass(frozen=True, slots=True)
class Card:
    """A card of ISO 14443 type A; with an ATS it also speaks part 4."""

    uid: bytes
    ats: bytes = b""

    def __post_init__(self) -> None:
        """Refuse cards that cannot exist (ValueError)."""
        if len(self.uid) not in UID_BYTES:
            raise ValueError(f"a card's number has 4, 7 or 10 bytes, not {len(self.uid)}")

    @property
    def listed(self) -> bytes:
        """What the chip lists of it."""
        selected = b"\x20" if self.ats else b"\x08"
        return _SENS_RES[len(self.uid)] + selected + bytes((len(self.uid),)) + self.uid + self.ats


class Pn532:
    """The chip. `card` is what lies in its field."""

    def __init__(self) -> None:
        self.looks = 0
        """How often it was asked to look for a card."""
        self._card: Card | None = None
        self._heard = bytearray()
        self._said = b""
        self._is_looking = False
        self.lose_power()

    def lose_power(self) -> None:
        """Forget everything, as after a power cut; the chip sleeps until it is woken."""
        self._heard.clear()
        self._said = b""
        self._is_awake = self._is_set_up = self._is_looking = False
        self._looks = FOR_EVER

    def put(self, card: Card) -> None:
        """Put a card into the field."""
        self._card = card

    def remove(self) -> None:
        """Take the card out of the field."""
        self._card = None

    def speak(self) -> bytes:
        """Answer a search that went on until now, if a card has come."""
        if not (self._is_looking and self._card):
            return b""
        self._is_looking = False
        return self._answer(0x4B, self._found())

    def hear(self, data: bytes) -> bytes:
        """Take characters and return what the chip says to them."""
        if 0x55 in data:
            self._is_awake = True
        if not self._is_awake:
            return b""
        self._heard += data
        said = bytearray()
        while (frame := self._next_frame()) is not None:
            said += self._react(frame)
        return bytes(said)

    def _next_frame(self) -> bytes | None:
        """Return the content of the next sound frame: b"+" and b"-" stand for yes and say-again."""
        while len(self._heard) >= 5:
            if self._heard[:2] != b"\x00\xff":
                del self._heard[0]
                continue
            length, complement = self._heard[2], self._heard[3]
            if (length, complement) in ((0x00, 0xFF), (0xFF, 0x00)):
                del self._heard[:4]
                return b"-" if length else b"+"
            if (length + complement) % 256:
                del self._heard[0]
                continue
            if len(self._heard) < 5 + length:
                return None
            content, check = bytes(self._heard[4 : 4 + length]), self._heard[4 + length]
            del self._heard[: 5 + length]
            if (sum(content) + check) % 256 == 0 and content[:1] == b"\xd4":
                return content[1:]
        return None

    def _react(self, frame: bytes) -> bytes:
        self._is_looking = False  # whatever it was doing, a frame of the host ends it
        if frame == b"+":
            return b""
        if frame == b"-":
            return self._said
        if not self._is_set_up and frame[:1] != b"\x14":
            return b""
        act = _COMMANDS.get(frame[:1])
        content = None if act is None else act(self, frame[1:])
        if act is None or (content is None and not self._is_looking):
            return _NONSENSE
        return _UNDERSTOOD + (b"" if content is None else self._answer(frame[0] + 1, content))

    def _answer(self, code: int, content: bytes) -> bytes:
        body = bytes((0xD5, code)) + content
        size = len(body)
        self._said = b"\x00\x00\xff%c%c%b%c\x00" % (size, -size % 256, body, -sum(body) % 256)
        return self._said

    def _version(self, parameters: bytes) -> bytes | None:
        return None if parameters else b"\x32\x01\x06\x07"

    def _set_up(self, parameters: bytes) -> bytes | None:
        if parameters[:1] != b"\x01":
            return None
        self._is_set_up = True
        return b""

    def _configure(self, parameters: bytes) -> bytes | None:
        """RFConfiguration; of its items only how often the chip looks for a card matters here."""
        if parameters[:1] == b"\x05" and len(parameters) == 4:
            self._looks = parameters[3]
        return b"" if parameters else None

    def _list(self, parameters: bytes) -> bytes | None:
        if parameters != b"\x01\x00":
            return None
        self.looks += 1
        if self._card is None and self._looks == FOR_EVER:
            self._is_looking = True
            return None
        return self._found()

    def _found(self) -> bytes:
        return b"\x00" if self._card is None else b"\x01\x01" + self._card.listed


_COMMANDS: Final[dict[bytes, Callable[[Pn532, bytes], bytes | None]]] = {
    b"\x02": Pn532._version,  # noqa: SLF001  its own methods
    b"\x14": Pn532._set_up,  # noqa: SLF001
    b"\x32": Pn532._configure,  # noqa: SLF001
    b"\x4a": Pn532._list,  # noqa: SLF001
}
