"""The devices of a rig that speak protocols of their own: OpenEVSE boards, card readers, the LEM DCBM.

What they are made of looks at the clock, so it is made when the rig is entered and not before.
"""

from __future__ import annotations

from functools import cached_property
from typing import Final, Protocol

from drivers.emulated.behaviour import Behaviour, Inert, Surroundings
from drivers.emulated.counter import Counter
from drivers.emulated.device import EmulatedDevice
from drivers.emulated.faults.book import FaultBook
from drivers.emulated.lem_dcbm import LemDcbm
from drivers.emulated.lines import Line
from drivers.emulated.openevse import OpenEvse, Stored
from drivers.emulated.own_line import OwnSerialLine, Spoiler, WebLine, serial_only, tcp_only
from drivers.emulated.pn532 import Pn532
from drivers.emulated.rig_spec import LineSpec, RigError
from drivers.emulated.serial_device import Chatty
from drivers.emulated.signing.signer import KeyFileError, make_signer
from drivers.emulated.web import WebReply, WebRequest

MWH_PER_WH: Final = 1000


class ChattyBehaviour(Behaviour, Chatty, Protocol):
    """What a device on a serial line of its own does, and what it says."""


class OpenEvseBehaviour(Inert):
    """A board; from the first moment on it offers energy by itself."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings

    @cached_property
    def board(self) -> OpenEvse:
        """The board."""
        stored = Stored(total_wh=self._surroundings.start_mwh // MWH_PER_WH)
        return OpenEvse(self._surroundings.bay, clock_s=self._surroundings.clock_s, stored=stored)

    def hear(self, data: bytes) -> bytes:
        """Take characters and return what is said to them."""
        return self.board.hear(data)

    def speak(self) -> bytes:
        """Let the clockwork move on and return what the board says by itself."""
        return self.board.speak()

    def power_lost(self) -> None:
        """Open the relay."""
        self.board.lose_power()

    def power_returned(self) -> None:
        """Start with what is stored."""
        self.board.restart()


class ReaderBehaviour(Inert):
    """A card reader."""

    def __init__(self) -> None:
        self.chip = Pn532()

    def hear(self, data: bytes) -> bytes:
        """Take characters and return what is said to them."""
        return self.chip.hear(data)

    def speak(self) -> bytes:
        """Return what the chip says by itself."""
        return self.chip.speak()

    def power_lost(self) -> None:
        """Forget everything."""
        self.chip.lose_power()


class LemBehaviour(Inert):
    """A signing DC meter; it keeps its key in the rig's directory, as `<name>.key.pem`."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._counter = Counter(start_mwh=surroundings.start_mwh)
        directory = surroundings.directory
        path = None if directory is None else directory / f"{surroundings.name}.key.pem"
        try:
            self._signer = make_signer("secp256r1", path)
        except (KeyFileError, OSError) as error:
            raise RigError(f"device {surroundings.name}: {error}") from error

    @cached_property
    def meter(self) -> LemDcbm:
        """The meter."""
        return LemDcbm(
            self._surroundings.bay,
            signer=self._signer,
            now_s=self._surroundings.clock_s,
            counter=self._counter,
        )

    def answer(self, request: WebRequest) -> WebReply:
        """Return what the meter says to a request, which is about this very moment."""
        self._surroundings.bay.advance()
        return self.meter.answer(request)

    def power_lost(self) -> None:
        """Forget the time."""
        self.meter.lose_power()

    @property
    def counter(self) -> Counter | None:
        """The meter's total."""
        return self._counter


class OwnSerialDevice(EmulatedDevice):
    """A device with a serial line to itself."""

    def __init__(
        self, surroundings: Surroundings, behaviour: ChattyBehaviour, faults: FaultBook, says: str
    ) -> None:
        super().__init__(surroundings, behaviour)
        self._firmware = behaviour
        self._spoiler = Spoiler(self.name, faults, surroundings.clock_s)
        self._says = says

    def make_line(self, name: str, spec: LineSpec) -> Line:
        """Return its line; RigError if it is to be another than a serial one."""
        line = OwnSerialLine(self, self._firmware, serial_only(name, self, spec), self._says)
        line.spoil(self._spoiler)
        return line


class WebDevice(EmulatedDevice):
    """A device with a web address."""

    def __init__(self, surroundings: Surroundings, behaviour: LemBehaviour, faults: FaultBook) -> None:
        super().__init__(surroundings, behaviour)
        self._meter = behaviour
        self._spoiler = Spoiler(self.name, faults, surroundings.clock_s)

    def make_line(self, name: str, spec: LineSpec) -> Line:
        """Return its line; RigError if it is to be another than a TCP port."""
        line = WebLine(self, self._meter.answer, tcp_only(name, self, spec))
        line.spoil(self._spoiler)
        return line
