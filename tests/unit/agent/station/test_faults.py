from __future__ import annotations

import pytest

from agent.station.faults import (
    CONTROLLER_SILENT,
    CURRENT_STAYS,
    METER_DOUBTED,
    METER_SILENT,
    POWER_STAYS,
    Observed,
    fault_of,
)
from drivers.readings import Pilot


@pytest.mark.parametrize(
    ("seen", "fault"),
    [
        (Observed(), None),
        (Observed(controller_silent_s=2.9), None),
        (Observed(controller_silent_s=3.1), CONTROLLER_SILENT),
        (Observed(controller_silent_s=2.1, controller_patience_s=2), CONTROLLER_SILENT),
        (Observed(power_stays_s=4.9), None),
        (Observed(power_stays_s=5.1), POWER_STAYS),
        (Observed(current_stays_s=9.9), None),
        (Observed(current_stays_s=10.1), CURRENT_STAYS),
        (Observed(pilot=Pilot.E), "control pilot E"),
        (Observed(pilot=Pilot.F), "control pilot F"),
        (Observed(pilot=Pilot.E, controller_fault="no ground"), "no ground"),
        (Observed(controller_silent_s=4, controller_fault="no ground"), CONTROLLER_SILENT),
        (Observed(count_age_s=14.9, meter_silent_s=14.9), None),
        (Observed(count_age_s=15.1, meter_silent_s=15.1), METER_SILENT),
        (Observed(count_age_s=15.1, meter_silent_s=1), METER_DOUBTED),
        (Observed(count_age_s=60, pilot=Pilot.F, current_stays_s=60), CURRENT_STAYS),
    ],
)
def test_what_puts_an_evse_out_of_order(seen: Observed, fault: str | None) -> None:
    assert fault_of(seen) == fault
