from __future__ import annotations

from agent.metering.metrics import exposition
from agent.metering.problems import Break, MeterCounters, Problem


def test_the_counters_are_a_text_for_prometheus() -> None:
    first, second = MeterCounters(polls=7, failed=2), MeterCounters()
    first.suspect.update([Problem.FROZEN, Problem.FROZEN])
    first.breaks[Break.RESET] += 1
    lines = exposition({1: first, 2: second}).splitlines()
    for line in (
        "# TYPE chargehand_meter_polls_total counter",
        'chargehand_meter_polls_total{evse="1"} 7',
        'chargehand_meter_failed_polls_total{evse="1"} 2',
        'chargehand_meter_suspect_polls_total{evse="1",problem="frozen"} 2',
        'chargehand_meter_suspect_polls_total{evse="1",problem="backwards"} 0',
        'chargehand_meter_register_breaks_total{evse="1",kind="reset"} 1',
        'chargehand_meter_register_breaks_total{evse="2",kind="reset"} 0',
    ):
        assert line in lines
    families = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(families) == len(set(families)) == 4


def test_asking_changes_nothing() -> None:
    counters = MeterCounters()
    exposition({1: counters})
    assert counters == MeterCounters()
