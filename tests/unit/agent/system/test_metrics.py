from __future__ import annotations

from agent.system.metrics import exposition
from drivers.modbus.errors import ExceptionReply, NoReply
from drivers.modbus.metrics import BusMetrics, Counters
from drivers.modbus.requests import Read

REQUEST = Read(unit=7, space="input", address=0, count=2)


def test_the_numbers_of_a_bus_are_a_text_for_prometheus() -> None:
    counters = Counters()
    for latency_s in (0.004, 0.02, 9.0):
        counters.answered(latency_s)
    counters.count(NoReply(REQUEST, ""))
    counters.count(ExceptionReply(REQUEST, 2))
    unit = counters.snapshot(7, failures_in_a_row=1, is_resting=True)
    text = exposition([BusMetrics(name="/dev/ttyX", is_open=True, opened=2, units=(unit,))])
    lines = text.splitlines()
    for line in (
        "# TYPE chargehand_modbus_requests_total counter",
        'chargehand_modbus_bus_open{bus="/dev/ttyX"} 1',
        'chargehand_modbus_opened_total{bus="/dev/ttyX"} 2',
        'chargehand_modbus_requests_total{bus="/dev/ttyX",unit="7",outcome="ok"} 3',
        'chargehand_modbus_requests_total{bus="/dev/ttyX",unit="7",outcome="timeout"} 1',
        'chargehand_modbus_requests_total{bus="/dev/ttyX",unit="7",outcome="refused"} 0',
        'chargehand_modbus_exceptions_total{bus="/dev/ttyX",unit="7",code="2"} 1',
        'chargehand_modbus_unit_resting{bus="/dev/ttyX",unit="7"} 1',
        'chargehand_modbus_latency_seconds_bucket{bus="/dev/ttyX",unit="7",le="0.005"} 1',
        'chargehand_modbus_latency_seconds_bucket{bus="/dev/ttyX",unit="7",le="0.025"} 2',
        'chargehand_modbus_latency_seconds_bucket{bus="/dev/ttyX",unit="7",le="+Inf"} 3',
        'chargehand_modbus_latency_seconds_sum{bus="/dev/ttyX",unit="7"} 9.024000',
        'chargehand_modbus_latency_seconds_count{bus="/dev/ttyX",unit="7"} 3',
    ):
        assert line in lines
    assert text.endswith("\n")
    families = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert len(families) == len(set(families)) == 6


def test_names_are_escaped() -> None:
    bus = BusMetrics(name='a"b\\c\nd', is_open=False, opened=0, units=())
    assert 'chargehand_modbus_bus_open{bus="a\\"b\\\\c\\nd"} 0' in exposition([bus])


def test_without_a_bus_there_are_only_headings() -> None:
    assert all(line.startswith("#") for line in exposition([]).splitlines())
