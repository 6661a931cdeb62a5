"""Which start and stop points this station can be set to: what every EVSE of it can observe."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Final

from agent.station.service import EvseService
from agent.transactions.points import CONDITIONS, Condition
from agent.variables.model import DeviceModel

log = logging.getLogger(__name__)

_POINTS: Final = ("TxCtrlr.TxStartPoint", "TxCtrlr.TxStopPoint")


def offer_points(settings: DeviceModel, evses: Iterable[EvseService]) -> None:
    """Let the points be set to what can come true at every EVSE; others never would (E01, E06)."""
    there = list(evses)
    offered = tuple(one for one in CONDITIONS if all(_observes(service, one) for service in there))
    for name in _POINTS:
        settings.narrow(name, tuple(one for one in settings.entry(name).variable.members if one in offered))
        idle = sorted(set(settings.members(name)) - set(offered))
        if idle:
            log.warning("%s: %s never comes true with this station's hardware", name, ", ".join(idle))


def _observes(service: EvseService, condition: Condition) -> bool:
    match condition:
        case "ParkingBayOccupancy":
            return service.bay is not None
        case "DataSigned":
            return service.signs_begin
        case _:
            return True
