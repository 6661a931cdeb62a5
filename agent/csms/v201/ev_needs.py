"""NotifyEVChargingNeeds and NotifyEVChargingSchedule: what a vehicle needs, and its plan (K15 to K17)."""

from __future__ import annotations

from agent.csms.dialect import CannotBeTold
from agent.csms.v201 import charging_profile
from agent.smartcharging.needs import Chosen, Needs, NeedsAnswer
from ocppj.messages import v201


def needs_message(needs: Needs) -> v201.NotifyEVChargingNeedsRequest:
    """Return the message that tells what a vehicle needs.

    Raises:
        CannotBeTold: If the vehicle said it by ISO 15118-20 alone.
    """
    if needs.ac is None and needs.dc is None:
        raise CannotBeTold("needs by ISO 15118-20 take OCPP 2.1")
    return message(needs)


def message(needs: Needs) -> v201.NotifyEVChargingNeedsRequest:
    """Return as much of the message as this version has words for."""
    ac, dc = needs.ac, needs.dc
    return v201.NotifyEVChargingNeedsRequest(
        evse_id=needs.evse_id,
        max_schedule_tuples=needs.most_schedules,
        charging_needs=v201.ChargingNeedsType(
            requested_energy_transfer=needs.transfer,
            departure_time=needs.departure,
            ac_charging_parameters=None
            if ac is None
            else v201.ACChargingParametersType(
                energy_amount=ac.energy_wh,
                ev_min_current=ac.least_a,
                ev_max_current=ac.most_a,
                ev_max_voltage=ac.most_v,
            ),
            dc_charging_parameters=None
            if dc is None
            else v201.DCChargingParametersType(
                ev_max_current=dc.most_a,
                ev_max_voltage=dc.most_v,
                energy_amount=dc.energy_wh,
                ev_max_power=dc.most_w,
                state_of_charge=dc.soc,
                ev_energy_capacity=dc.capacity_wh,
                full_soc=dc.full_soc,
                bulk_soc=dc.bulk_soc,
            ),
        ),
    )


def read_needs(response: v201.NotifyEVChargingNeedsResponse) -> NeedsAnswer:
    """Return whether and when a schedule comes.

    In this version the backend can refuse a schedule, but no energy: for that 2.1 has the word.
    """
    return "NoChargingProfile" if response.status == "Rejected" else response.status


def schedule_message(chosen: Chosen) -> v201.NotifyEVChargingScheduleRequest:
    """Return the message that tells how a vehicle is going to charge."""
    return v201.NotifyEVChargingScheduleRequest(
        evse_id=chosen.evse_id,
        time_base=chosen.start,
        charging_schedule=charging_profile.schedule_message(chosen.schedule),
    )


def read_schedule(response: v201.NotifyEVChargingScheduleResponse) -> bool:
    """Return whether the backend takes it."""
    return response.status == "Accepted"
