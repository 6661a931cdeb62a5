"""What an EVSE gives to a vehicle that speaks, as far as alternating and direct current differ."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Protocol

from agent.iso15118.facts import AcLimits, DcLimits, DcPresent, Isolation
from agent.iso15118.turns import Order
from agent.station.service import EvseService
from agent.station.wiring import NOMINAL_V
from agent.vehicle.telling import ac_limits


class Output(Protocol):
    """One EVSE's way of giving energy."""

    @property
    def ac_limits(self) -> AcLimits | None:
        """What may be drawn now, on alternating current."""

    @property
    def dc_limits(self) -> DcLimits | None:
        """What may be drawn now, on direct current."""

    @property
    def dc_present(self) -> DcPresent | None:
        """What is delivered now, on direct current."""

    @property
    def isolation(self) -> Isolation:
        """What is known of the insulation of cable and vehicle."""

    def begin(self) -> None:
        """Know nothing of a vehicle yet: another conversation begins."""

    def order(self, order: Order) -> None:
        """Begin what concerns the current itself."""


class AcOutput:
    """Alternating current: the vehicle takes what it is let take."""

    dc_limits = None
    dc_present = None
    isolation: Isolation = "unknown"

    def __init__(self, service: EvseService, phases: int, takes_back_w: int = 0) -> None:
        self._service = service
        self._phases = phases
        self._takes_back_w = Decimal(takes_back_w)

    @property
    def ac_limits(self) -> AcLimits:
        """What may be drawn now."""
        service = self._service
        phases = self._phases if service.phases is None else service.phases.position
        limits = ac_limits(service.limit_a, service.cable_limit_a, phases, NOMINAL_V, service.state)
        return replace(limits, most_back_w=self._takes_back_w) if limits.most_a > 0 else limits

    def begin(self) -> None:
        """Have nothing to forget."""

    def order(self, order: Order) -> None:
        """Leave it at the limits: what the vehicle wants to draw at most is its own affair."""
