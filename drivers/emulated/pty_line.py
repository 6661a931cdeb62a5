"""A serial line on a pseudo terminal, with the wire's own speed and the stations that hang on it."""

from __future__ import annotations

from pathlib import Path

from drivers.emulated.line import LineTiming
from drivers.emulated.pty_port import PtyPort
from drivers.emulated.serial_wire import SerialWire
from drivers.emulated.stations import Stations


class PtyLine:
    """Serves stations on one half-duplex line, as `SerialWire` says; the master opens `path`."""

    def __init__(
        self,
        stations: Stations,
        *,
        timing: LineTiming,
        turn_around_s: float = 0.0,
        link: Path | None = None,
    ) -> None:
        self._port = PtyPort(self._receive, link=link)
        self._wire = SerialWire(stations, self._port.write, timing=timing, turn_around_s=turn_around_s)

    @property
    def path(self) -> str:
        """What a master opens: the link if there is one, else the pseudo terminal."""
        return self._port.path

    @property
    def port(self) -> str:
        """The pseudo terminal itself."""
        return self._port.port

    @property
    def is_open(self) -> bool:
        """Whether there is a pseudo terminal."""
        return self._port.is_open

    def open(self) -> None:
        """Make the pseudo terminal and listen, in the running event loop.

        Raises:
            LinkOccupied: If the link's path is something that is not ours to replace.
            OSError: If there is no pseudo terminal, or the link cannot be made.
        """
        self._port.open()

    def close(self) -> None:
        """Stop listening and leave no file behind; what is under way is lost."""
        if self._port.is_open:
            self._wire.stop()
            self._port.close()

    def _receive(self, data: bytes) -> None:
        self._wire.receive(data)
