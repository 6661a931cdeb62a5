"""What a transport needs to know of a way to put requests on a line: serial frames or those of Modbus TCP."""

from __future__ import annotations

from typing import Protocol

from drivers.modbus.errors import ModbusError
from drivers.modbus.requests import Reply, Request
from drivers.readings import Instant


class Framing(Protocol):
    """How requests become bytes, and how the reply is found in what is heard. No IO."""

    @property
    def numbered(self) -> bool:
        """Whether a reply repeats its request's number, so that a late one is known."""

    def encode(self, request: Request, number: int) -> bytes:
        """Return the frame of a request; `number` (1 to 65535) goes with it if frames are numbered."""

    def find(self, heard: bytes, sent: bytes) -> bytes | None:
        """Return the frame that may answer the frame `sent`, or None if it has not come yet."""

    def decode(self, frame: bytes, arrived: Instant) -> Reply:
        """Return what a frame that was found says."""

    def explain(self, heard: bytes, sent: bytes, request: Request) -> ModbusError:
        """Say why what was heard until the timeout holds no answer."""
