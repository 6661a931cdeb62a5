"""NotifyEVChargingNeeds and NotifyEVChargingSchedule: what a vehicle needs, and its plan (K15 to K20)."""

from __future__ import annotations

from typing import cast

from msgspec.structs import replace

from agent.csms.v21 import charging_profile
from agent.csms.v21.carry import carry
from agent.csms.v201 import ev_needs
from agent.smartcharging.needs import Chosen, Dash20, Needs, NeedsAnswer
from ocppj.messages import v21


def needs_message(needs: Needs) -> v21.NotifyEVChargingNeedsRequest:
    """Return the message that tells what a vehicle needs; with what ISO 15118-20 adds, if it speaks that."""
    told = cast("v21.NotifyEVChargingNeedsRequest", carry(ev_needs.message(needs)))
    dash20 = needs.dash20
    if dash20 is None:
        return told
    return replace(
        told,
        charging_needs=replace(
            told.charging_needs,
            v2x_charging_parameters=_parameters(dash20),
            available_energy_transfer=dash20.available or None,
            control_mode=dash20.control,
            mobility_needs_mode=dash20.mobility,
        ),
    )


def read_needs(response: v21.NotifyEVChargingNeedsResponse) -> NeedsAnswer:
    """Return whether and when a schedule comes."""
    return response.status


def schedule_message(chosen: Chosen) -> v21.NotifyEVChargingScheduleRequest:
    """Return the message that tells how a vehicle is going to charge."""
    return v21.NotifyEVChargingScheduleRequest(
        evse_id=chosen.evse_id,
        time_base=chosen.start,
        charging_schedule=charging_profile.schedule_message(chosen.schedule),
        selected_charging_schedule_id=chosen.offer_id,
        power_tolerance_acceptance=chosen.is_tolerant,
    )


def read_schedule(response: v21.NotifyEVChargingScheduleResponse) -> bool:
    """Return whether the backend takes it."""
    return response.status == "Accepted"


def _parameters(dash20: Dash20) -> v21.V2XChargingParametersType:
    return v21.V2XChargingParametersType(
        min_charge_power=dash20.least_w,
        max_charge_power=dash20.most_w,
        ev_target_energy_request=dash20.target_wh,
        ev_min_energy_request=dash20.least_wh,
        ev_max_energy_request=dash20.most_wh,
        target_soc=dash20.target_soc,
    )
