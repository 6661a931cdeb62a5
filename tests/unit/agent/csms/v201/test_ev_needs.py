from __future__ import annotations

from agent.csms.v201 import ev_needs
from agent.smartcharging.needs import DcNeeds, Needs
from ocppj import codec
from ocppj.messages import v201
from tests.unit.agent.smartcharging.charging import NOON


def test_what_a_vehicle_on_direct_current_needs() -> None:
    """K15.FR.06."""
    dc = DcNeeds(most_a=200, most_v=800, soc=35, full_soc=100, bulk_soc=80)
    told = ev_needs.needs_message(Needs(evse_id=1, transfer="DC", departure=NOON, dc=dc))
    assert codec.encode(told) == (
        b'{"chargingNeeds":{"dcChargingParameters":{"evMaxCurrent":200,"evMaxVoltage":800,"stateOfCharge":35,'
        b'"fullSoC":100,"bulkSoC":80},"requestedEnergyTransfer":"DC","departureTime":"2026-03-10T12:00:00Z"},'
        b'"evseId":1}'
    )


def test_answers() -> None:
    assert ev_needs.read_needs(v201.NotifyEVChargingNeedsResponse(status="Processing")) == "Processing"
    refused = v201.NotifyEVChargingNeedsResponse(status="Rejected")
    assert ev_needs.read_needs(refused) == "NoChargingProfile"
    assert ev_needs.read_schedule(v201.NotifyEVChargingScheduleResponse(status="Accepted"))
    assert not ev_needs.read_schedule(v201.NotifyEVChargingScheduleResponse(status="Rejected"))
