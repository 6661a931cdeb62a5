r"""RAPI, the serial protocol of OpenEVSE controllers, without IO: characters in, messages out.

A frame is `$`, words separated by spaces, `^`, two hexadecimal digits and a carriage return. The digits are
the exclusive or of all characters before `^`. A command may carry a number as its last word (`:01` to `:FF`),
which the reply repeats; so a late reply cannot pass for another command's. Besides replies the device sends
notices when its state changes and when it starts.

The checksum does not notice when two equal characters are lost, so what is billed, and what ends a charge, is
not believed from one reply alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import reduce
from operator import xor
from typing import Final

LONGEST_COMMAND: Final = 31
"""Characters of a frame without the carriage return that fit the device's buffer of 32."""
LONGEST_FRAME: Final = 128
"""Characters after which what was heard is no frame; no device sends more than half of that."""
LAST_SEQUENCE: Final = 0xFF

_START, _END = 0x24, 0x0D
_FRAME = re.compile(
    rb"\$(?P<word>[A-Z]{2})(?P<params>(?: +[!-9;-\]_-~][!-\]_-~]*)*)(?: :(?P<sequence>[0-9A-Fa-f]{2}))?"
    rb"\^(?P<checksum>[0-9A-Fa-f]{2})"
)
_TEXT = re.compile(r"[ -~\x11]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The device has carried a command out (OK) or not (NK). `sequence` is None if it gave no number."""

    accepted: bool
    params: tuple[str, ...] = ()
    sequence: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChanged:
    """The device's state, pilot, flags or current limit changed."""

    state: int
    pilot: int
    limit_a: int
    flags: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Booted:
    """The device has started: whatever was set and not stored is lost. 0 as code means no fault."""

    post_code: int
    firmware: str


Notice = StateChanged | Booted
Message = Reply | Notice


def checksum(characters: bytes) -> int:
    """Return the exclusive or of all characters."""
    return reduce(xor, characters, 0)


def encode(command: str, sequence: int) -> bytes:
    """Return the frame of a command.

    Raises:
        ValueError: If the command has a character that RAPI cannot carry, or is too long for the device.
    """
    if not _TEXT.fullmatch(command) or set(command) & set("$^*"):
        raise ValueError(f"{command!r} cannot be sent as a RAPI command")
    body = f"${command} :{sequence:02X}".encode("ascii")
    frame = body + b"^%02X" % checksum(body)
    if len(frame) > LONGEST_COMMAND:
        raise ValueError(f"{command!r} is too long: the device takes {LONGEST_COMMAND} characters")
    return frame + b"\r"


def decode(frame: bytes) -> Message | None:
    """Return the message of one frame (without carriage return), or None if it is not a sound one."""
    match = _FRAME.fullmatch(frame)
    if match is None or checksum(frame[: match.start("checksum") - 1]) != int(match["checksum"], 16):
        return None
    params = tuple(match["params"].decode("ascii").split())
    word = match["word"]
    if word in (b"OK", b"NK"):
        number = match["sequence"]
        sequence = None if number is None else int(number, 16)
        return Reply(accepted=word == b"OK", params=params, sequence=sequence)
    try:
        return _notice(word, params)
    except ValueError:
        return None


def _notice(word: bytes, params: tuple[str, ...]) -> Notice | None:
    match word, params:
        case b"AT", (state, pilot, limit_a, flags):
            return StateChanged(
                state=hexadecimal(state, 2),
                pilot=hexadecimal(pilot, 2),
                limit_a=whole(limit_a),
                flags=hexadecimal(flags, 4),
            )
        case b"AB", (post_code, firmware):
            return Booted(post_code=hexadecimal(post_code, 2), firmware=firmware)
    return None


def whole(text: str) -> int:
    """Return a whole number; ValueError if the text is anything else."""
    if not re.fullmatch(r"-?[0-9]{1,10}", text):
        raise ValueError(f"{text!r} is no number")
    return int(text)


def hexadecimal(text: str, digits: int) -> int:
    """Return a number of so many hexadecimal digits, as the device always writes it; else ValueError."""
    if len(text) != digits or not re.fullmatch(r"[0-9A-Fa-f]+", text):
        raise ValueError(f"{text!r} is no number of {digits} hexadecimal digits")
    return int(text, 16)


class RapiReceiver:
    """Cuts a stream of characters into frames; noise and damaged frames are counted and dropped."""

    def __init__(self) -> None:
        self.dropped = 0
        self._frame: bytearray | None = None

    def receive(self, data: bytes) -> list[Message]:
        """Take characters and return the messages that they complete."""
        messages = []
        for character in data:
            if character == _START:
                self._drop()
                self._frame = bytearray((character,))
            elif self._frame is None:
                continue
            elif character == _END:
                message, self._frame = decode(bytes(self._frame)), None
                if message is None:
                    self.dropped += 1
                else:
                    messages.append(message)
            else:
                self._frame.append(character)
                if len(self._frame) > LONGEST_FRAME:
                    self._drop()
        return messages

    def _drop(self) -> None:
        if self._frame is not None:
            self.dropped += 1
            self._frame = None


class RapiSession:
    """Gives commands their numbers and finds their replies; one command at a time."""

    def __init__(self) -> None:
        self._receiver = RapiReceiver()
        self._sequence = 0
        self._is_waiting = False
        self.stale = 0
        """Replies that came when nobody waited for them any more."""

    @property
    def dropped(self) -> int:
        """Damaged frames so far."""
        return self._receiver.dropped

    def ask(self, command: str) -> bytes:
        """Return the characters to send; from now on only the reply to this command counts.

        Raises:
            ValueError: If the command cannot be sent.
        """
        sequence = self._sequence % LAST_SEQUENCE + 1
        frame = encode(command, sequence)
        self._sequence, self._is_waiting = sequence, True
        return frame

    def receive(self, data: bytes) -> list[Message]:
        """Return the notices and the reply that is waited for; other replies are dropped.

        A device that could not read a command refuses it without a number: such a refusal answers too.
        """
        return [message for message in self._receiver.receive(data) if self._is_wanted(message)]

    def _is_wanted(self, message: Message) -> bool:
        if not isinstance(message, Reply):
            return True
        misheard = message.sequence is None and not message.accepted
        if self._is_waiting and (misheard or message.sequence == self._sequence):
            self._is_waiting = False
            return True
        self.stale += 1
        return False
