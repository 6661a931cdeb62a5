from __future__ import annotations

from agent.store.facts import RunCounts
from agent.store.keeper import Figures
from agent.store.metrics import exposition, outbox_variables, state_exposition
from agent.variables.model import STATION
from tests.unit.agent.hardware import MemorySettings


def test_the_numbers_are_a_text_for_prometheus() -> None:
    lines = exposition(Figures(waiting=3, set_aside=1, delivered=7, failed=5, thinned=2)).splitlines()
    assert [line for line in lines if not line.startswith("#")] == [
        "chargehand_outbox_waiting 3",
        "chargehand_outbox_set_aside 1",
        "chargehand_outbox_delivered_total 7",
        "chargehand_outbox_failed_total 5",
        "chargehand_outbox_thinned_total 2",
    ]
    assert "# TYPE chargehand_outbox_waiting gauge" in lines
    assert "# TYPE chargehand_outbox_failed_total counter" in lines


def test_the_backend_can_read_and_monitor_them() -> None:
    settings, figures = MemorySettings(), Figures()
    outbox_variables(settings, figures)
    figures.set_aside = 4
    entry = settings.find("OutboxCtrlr", "SetAside", None, STATION)
    assert settings.value(entry) == "4"


def test_what_else_the_state_knows() -> None:
    lines = state_exposition(3, RunCounts(starts=7, boots=2)).splitlines()
    for line in (
        "# TYPE chargehand_notices_waiting gauge",
        "chargehand_notices_waiting 3",
        "chargehand_starts_total 7",
        "# TYPE chargehand_boots_total counter",
        "chargehand_boots_total 2",
    ):
        assert line in lines
