"""The meters' counters as text that Prometheus and people can read (text exposition format 0.0.4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agent.metering.problems import Break, MeterCounters, Problem

PREFIX = "chargehand_meter_"


def exposition(meters: Mapping[int, MeterCounters]) -> str:
    """Return the counters of the meters of these EVSEs; what has not happened yet is there as 0."""
    families = (
        _family("polls_total", "Polls of the meter.", _polls(meters)),
        _family("failed_polls_total", "Polls without a complete answer.", _failed(meters)),
        _family("suspect_polls_total", "Polls with values that were not believed.", _suspect(meters)),
        _family("register_breaks_total", "Registers that did not go on from before.", _breaks(meters)),
    )
    return "".join(line + "\n" for family in families for line in family)


def _family(name: str, help_: str, samples: Iterator[str]) -> Iterator[str]:
    yield f"# HELP {PREFIX}{name} {help_}"
    yield f"# TYPE {PREFIX}{name} counter"
    for sample in samples:
        yield f"{PREFIX}{name}{sample}"


def _polls(meters: Mapping[int, MeterCounters]) -> Iterator[str]:
    for evse_id, meter in meters.items():
        yield f'{{evse="{evse_id}"}} {meter.polls}'


def _failed(meters: Mapping[int, MeterCounters]) -> Iterator[str]:
    for evse_id, meter in meters.items():
        yield f'{{evse="{evse_id}"}} {meter.failed}'


def _suspect(meters: Mapping[int, MeterCounters]) -> Iterator[str]:
    for evse_id, meter in meters.items():
        for problem in Problem:
            yield f'{{evse="{evse_id}",problem="{problem.name.lower()}"}} {meter.suspect[problem]}'


def _breaks(meters: Mapping[int, MeterCounters]) -> Iterator[str]:
    for evse_id, meter in meters.items():
        for kind in Break:
            yield f'{{evse="{evse_id}",kind="{kind.name.lower()}"}} {meter.breaks[kind]}'
