"""The buses' numbers as text that Prometheus and people can read (text exposition format 0.0.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import accumulate

from drivers.modbus.metrics import LATENCY_BOUNDS_S, BusMetrics, UnitMetrics

OUTCOMES = ("ok", "timeout", "garbled", "mismatched", "port", "refused")
PREFIX = "chargehand_modbus_"


def exposition(buses: Iterable[BusMetrics]) -> str:
    """Return the numbers of all buses, one family of lines after the other."""
    buses = tuple(buses)
    families = (
        _family("bus_open", "gauge", "Whether the port or connection is open.", _open(buses)),
        _family("opened_total", "counter", "How often it was opened.", _opened(buses)),
        _family("requests_total", "counter", "Requests by how they ended.", _requests(buses)),
        _family("exceptions_total", "counter", "Refusals by the device, by code.", _exceptions(buses)),
        _family("unit_resting", "gauge", "Whether a unit is left alone after failures.", _resting(buses)),
        _family("latency_seconds", "histogram", "Time from request to answer.", _latency(buses)),
    )
    return "".join(line + "\n" for family in families for line in family)


def _family(name: str, kind: str, help_: str, samples: Iterator[str]) -> Iterator[str]:
    yield f"# HELP {PREFIX}{name} {help_}"
    yield f"# TYPE {PREFIX}{name} {kind}"
    for sample in samples:
        yield f"{PREFIX}{sample}"


def _open(buses: tuple[BusMetrics, ...]) -> Iterator[str]:
    for bus in buses:
        yield f"bus_open{_labels(bus=bus.name)} {int(bus.is_open)}"


def _opened(buses: tuple[BusMetrics, ...]) -> Iterator[str]:
    for bus in buses:
        yield f"opened_total{_labels(bus=bus.name)} {bus.opened}"


def _requests(buses: tuple[BusMetrics, ...]) -> Iterator[str]:
    for bus, unit in _units(buses):
        for outcome in OUTCOMES:
            labels = _labels(bus=bus.name, unit=unit.unit, outcome=outcome)
            yield f"requests_total{labels} {getattr(unit, outcome)}"


def _exceptions(buses: tuple[BusMetrics, ...]) -> Iterator[str]:
    for bus, unit in _units(buses):
        for code, count in sorted(unit.exceptions.items()):
            yield f"exceptions_total{_labels(bus=bus.name, unit=unit.unit, code=code)} {count}"


def _resting(buses: tuple[BusMetrics, ...]) -> Iterator[str]:
    for bus, unit in _units(buses):
        yield f"unit_resting{_labels(bus=bus.name, unit=unit.unit)} {int(unit.is_resting)}"


def _latency(buses: tuple[BusMetrics, ...]) -> Iterator[str]:
    for bus, unit in _units(buses):
        bounds = (*map(str, LATENCY_BOUNDS_S), "+Inf")
        for bound, count in zip(bounds, accumulate(unit.latency_counts), strict=True):
            yield f"latency_seconds_bucket{_labels(bus=bus.name, unit=unit.unit, le=bound)} {count}"
        labels = _labels(bus=bus.name, unit=unit.unit)
        yield f"latency_seconds_sum{labels} {unit.latency_sum_s:.6f}"
        yield f"latency_seconds_count{labels} {sum(unit.latency_counts)}"


def _units(buses: tuple[BusMetrics, ...]) -> Iterator[tuple[BusMetrics, UnitMetrics]]:
    for bus in buses:
        for unit in bus.units:
            yield bus, unit


def _labels(**labels: object) -> str:
    return "{" + ",".join(f'{name}="{_escaped(str(value))}"' for name, value in labels.items()) + "}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
