"""One Modbus server (slave) that always behaves, and how a line finds the one that is addressed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from drivers.emulated import pdu
from drivers.emulated.exchange import Message, Sending, Station
from drivers.emulated.pdu import Registers
from drivers.emulated.rtu import BROADCAST

Stations = Mapping[int, Station]
"""The servers of one line by unit address."""


@dataclass(slots=True)
class Slave:
    """A server that answers from its registers, or is silent as if it had no power."""

    registers: Registers
    silent: bool = False

    def serve(self, request: Message) -> Sequence[Sending]:
        """Return the one reply, or nothing while silent."""
        if self.silent:
            return ()
        reply = request.saying(pdu.answer(request.pdu, self.registers))
        return (Sending(data=reply.encode()),)


def serve_on_serial_line(stations: Stations, request: Message) -> Sequence[Sending]:
    """Return the addressed station's reply; a broadcast is carried out by all and answered by nobody."""
    if request.unit == BROADCAST:
        for station in stations.values():
            station.serve(request)
        return ()
    return serve_on_tcp(stations, request)


def serve_on_tcp(stations: Stations, request: Message) -> Sequence[Sending]:
    """Return the addressed station's reply, or nothing if nobody has that unit address."""
    station = stations.get(request.unit)
    return () if station is None else station.serve(request)
