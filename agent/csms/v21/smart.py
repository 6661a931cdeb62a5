"""What OCPP 2.1 adds to smart charging, and its answers about what this station lacks (K, Q, R, S)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from agent.csms.dialect import Handler
from agent.csms.v21 import (
    charging_limit,
    dynamic_schedule,
    ev_needs,
    get_charging_profiles,
    priority_charging,
    request_start_transaction,
    set_charging_profile,
    without,
)
from agent.smartcharging.dynamic import UpdateWanted
from agent.smartcharging.external import LimitCleared, LimitSet
from agent.smartcharging.needs import Chosen, Needs
from agent.station.priority import PriorityChanged
from ocppj.messages.fields import Payload

HANDLERS: Final[Mapping[str, Handler]] = {
    "AFRRSignal": without.frequency_signal,
    "ClearDERControl": without.clear_der_control,
    "GetChargingProfiles": get_charging_profiles.handle,
    "GetDERControl": without.get_der_control,
    "NotifyAllowedEnergyTransfer": without.allowed_energy_transfer,
    "RequestBatterySwap": without.battery_swap,
    "RequestStartTransaction": request_start_transaction.handle,
    "SetChargingProfile": set_charging_profile.handle,
    "SetDERControl": without.set_der_control,
    "UpdateDynamicSchedule": dynamic_schedule.handle,
    "UsePriorityCharging": priority_charging.handle,
}
NOTICES: Final[Mapping[type[Any], Callable[[Any], Payload | None]]] = {
    LimitCleared: charging_limit.limit_cleared,
    LimitSet: charging_limit.limit_set,
    PriorityChanged: priority_charging.changed,
}
QUESTIONS: Final[Mapping[type[Any], tuple[Callable[[Any], Payload], Callable[[Any], Any]]]] = {
    Chosen: (ev_needs.schedule_message, ev_needs.read_schedule),
    Needs: (ev_needs.needs_message, ev_needs.read_needs),
    UpdateWanted: (dynamic_schedule.question, dynamic_schedule.read_answer),
}
