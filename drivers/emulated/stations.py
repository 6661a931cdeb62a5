"""How a line finds the Modbus server (slave) that is addressed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from drivers.emulated.exchange import Message, Sending, Station
from drivers.emulated.rtu import BROADCAST

Stations = Mapping[int, Station]
"""The servers of one line by unit address."""


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
