"""What of each service a vehicle may choose: the sets of parameters, by their numbers (-20, 8.4.3.2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, Final, Literal

from agent.iso15118.facts import Charger, Facts
from agent.iso15118.iso20.session import Control, Pricing, Selection
from agent.iso15118.iso20.states import Kind

AC, DC, AC_BPT, DC_BPT = 1, 2, 5, 6
"""ServiceIDs (-20, table 204)."""
_SERVICES: Final[Mapping[Kind, tuple[int, int]]] = {"AC": (AC, AC_BPT), "DC": (DC, DC_BPT)}
_BIDIRECTIONAL: Final = (AC_BPT, DC_BPT)

_CONTROLS: Final[tuple[tuple[Control, bool], ...]] = (
    ("Scheduled", False),
    ("Dynamic", False),
    ("Dynamic", True),
)
"""Who controls; and whether the EVSE, too, may say what the vehicle needs: where it controls (V2G20-2663)."""
_PRICINGS: Final[tuple[Pricing, ...]] = ("none", "absolute", "levels")
_CONNECTORS: Final[Mapping[int, int]] = {1: 1, 3: 2}
_EXTENDED: Final = 2
"""The connector of direct current: CCS with contacts of its own."""
_UNIFIED: Final = 1
"""The channel: charging and discharging take turns on the same path."""
_GRID_FOLLOWING: Final = 1
_PASSIVE_ISLANDING_DETECTION: Final = 2


@dataclass(frozen=True, slots=True)
class ParameterSet:
    """One set: what it stands for, and what the vehicle is told of it."""

    selection: Selection
    parameters: tuple[tuple[str, int], ...]

    @property
    def fields(self) -> dict[str, Any]:
        """Return ParameterSet."""
        return {
            "ParameterSetID": self.selection.parameter_set,
            "Parameter": [{"Name": name, "intValue": value} for name, value in self.parameters],
        }


def services(kind: Kind, charger: Charger, facts: Facts) -> tuple[int, ...]:
    """Return the services that there are: both ways only where the EVSE can take energy back."""
    limits = facts.ac if kind == "AC" else facts.dc
    one_way, both_ways = _SERVICES[kind]
    if limits is None:
        return ()
    return (one_way, both_ways) if charger.takes_back and limits.most_back_w > 0 else (one_way,)


def parameter_sets(service: int, facts: Facts) -> tuple[ParameterSet, ...]:
    """Return the sets of a service, in the order that the EVSE prefers."""
    return tuple(_sets(service, facts))


def _sets(service: int, facts: Facts) -> Iterator[ParameterSet]:
    is_bpt = service in _BIDIRECTIONAL
    every = product(_PRICINGS, _phases(facts), _CONTROLS)
    for number, (pricing, phases, (control, by_both)) in enumerate(every, 1):
        selection = Selection(
            service=service,
            parameter_set=number,
            is_bpt=is_bpt,
            control=control,
            mobility_by_both=by_both,
            pricing=pricing,
            phases=phases,
        )
        yield ParameterSet(selection, tuple(_parameters(selection, facts)))


def _phases(facts: Facts) -> tuple[Literal[1, 3], ...]:
    """Return on how many phases a vehicle may charge; one that has one alone is served, too."""
    return (3, 1) if facts.ac is not None and facts.ac.phases == 3 else (1,)


def _parameters(selection: Selection, facts: Facts) -> Iterator[tuple[str, int]]:
    yield "Connector", _EXTENDED if facts.ac is None else _CONNECTORS[selection.phases]
    yield "ControlMode", 1 if selection.control == "Scheduled" else 2
    if facts.ac is not None:
        yield "EVSENominalVoltage", int(facts.ac.voltage_v)
    yield "MobilityNeedsMode", 2 if selection.mobility_by_both else 1
    yield "Pricing", _PRICINGS.index(selection.pricing)
    if selection.is_bpt:
        yield "BPTChannel", _UNIFIED
        yield "GeneratorMode", _GRID_FOLLOWING
        if facts.ac is not None:
            yield "GridCodeIslandingDetectionMethod", _PASSIVE_ISLANDING_DETECTION
