"""What an EVSE gives to a vehicle that speaks, as far as alternating and direct current differ."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Final, Protocol

from agent.iso15118.facts import AcLimits, DcLimits, DcPresent, Isolation
from agent.iso15118.turns import Deliver, Order
from agent.station.service import EvseService
from agent.station.wiring import NOMINAL_V
from agent.vehicle.path import DcPath
from agent.vehicle.sequence import Stage
from agent.vehicle.telling import ac_limits

_RIPPLE_A: Final = Decimal(1)
"""Peak to peak, as supplies for vehicles promise it."""


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

    @property
    def is_ready(self) -> bool:
        """Whether energy can flow as soon as power is on."""

    def begin(self) -> None:
        """Know nothing of a vehicle yet: another conversation begins."""

    def check(self, voltage_v: Decimal) -> None:
        """Test the insulation of cable and output at this voltage, once power is let through."""

    def energise(self, *, is_on: bool) -> None:
        """Let the vehicle have what it asks for, or no more than the voltage that comes before."""

    def order(self, order: Order) -> None:
        """Begin what concerns the current itself."""


class AcOutput:
    """Alternating current: the vehicle takes what it is let take."""

    dc_limits = None
    dc_present = None
    isolation: Isolation = "unknown"
    is_ready = True

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

    def check(self, voltage_v: Decimal) -> None:
        """Have nothing to test: alternating current is protected otherwise."""

    def energise(self, *, is_on: bool) -> None:
        """Leave it at the contactor."""

    def order(self, order: Order) -> None:
        """Leave it at the limits: what the vehicle wants to draw at most is its own affair."""


class DcOutput:
    """Direct current: the vehicle is given what it asks for within the limits."""

    ac_limits = None

    def __init__(self, service: EvseService, path: DcPath, least_v: Decimal, takes_back_w: int = 0) -> None:
        self._service = service
        self._path = path
        self._least_v = least_v
        self._takes_back_w = Decimal(takes_back_w)

    @property
    def dc_limits(self) -> DcLimits | None:
        """What may be drawn now; None until the supply has said what it can."""
        found = self._path.limits
        if found is None or found.voltage_v is None or found.current_a is None:
            return None
        most_w = found.voltage_v * found.current_a if found.power_w is None else found.power_w
        is_nothing = self._service.state.is_limited or self._service.state.is_held
        return DcLimits(
            most_v=found.voltage_v,
            least_v=min(self._least_v, found.voltage_v),
            most_a=found.current_a,
            least_a=Decimal(0),
            most_w=Decimal(0) if is_nothing else min(most_w, self._path.watts(self._service.limit_a)),
            ripple_a=_RIPPLE_A,
            most_back_a=Decimal(0) if is_nothing else self._takes_back_w / found.voltage_v,
            most_back_w=Decimal(0) if is_nothing else self._takes_back_w,
        )

    @property
    def dc_present(self) -> DcPresent:
        """What is delivered now."""
        return self._path.present

    @property
    def isolation(self) -> Isolation:
        """What the last test, and the monitor since, found."""
        return self._path.path.isolation

    @property
    def is_ready(self) -> bool:
        """Whether the cable is tested and the contactor closed."""
        return self._path.path.stage in (Stage.READY, Stage.GIVING)

    def begin(self) -> None:
        """Forget the vehicle before."""
        self._path.begin()

    def check(self, voltage_v: Decimal) -> None:
        """Test the insulation."""
        self._path.check(voltage_v)

    def energise(self, *, is_on: bool) -> None:
        """Let more than the current of a pre-charge flow, or not."""
        self._path.is_energised = is_on

    def order(self, order: Order) -> None:
        """Deliver what the vehicle asks for."""
        if isinstance(order, Deliver):
            self._path.deliver(order)
