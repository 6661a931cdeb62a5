"""What OCPP 2.1 adds to smart charging, and its answers about what this station lacks (K, Q, R, S)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from agent.csms.dialect import Handler
from agent.csms.late import late
from agent.smartcharging.dynamic import UpdateWanted
from agent.smartcharging.external import LimitCleared, LimitSet
from agent.smartcharging.needs import Chosen, Needs
from agent.station.priority import PriorityChanged
from ocppj.messages.fields import Payload

HANDLERS: Final[Mapping[str, Handler]] = {
    "AFRRSignal": late("v21.without.frequency_signal"),
    "ClearDERControl": late("v21.without.clear_der_control"),
    "GetChargingProfiles": late("v21.get_charging_profiles.handle"),
    "GetDERControl": late("v21.without.get_der_control"),
    "NotifyAllowedEnergyTransfer": late("v21.without.allowed_energy_transfer"),
    "RequestBatterySwap": late("v21.without.battery_swap"),
    "RequestStartTransaction": late("v21.request_start_transaction.handle"),
    "SetChargingProfile": late("v21.set_charging_profile.handle"),
    "SetDERControl": late("v21.without.set_der_control"),
    "UpdateDynamicSchedule": late("v21.dynamic_schedule.handle"),
    "UsePriorityCharging": late("v21.priority_charging.handle"),
}
NOTICES: Final[Mapping[type[Any], Callable[[Any], Payload | None]]] = {
    LimitCleared: late("v21.charging_limit.limit_cleared"),
    LimitSet: late("v21.charging_limit.limit_set"),
    PriorityChanged: late("v21.priority_charging.changed"),
}
QUESTIONS: Final[Mapping[type[Any], tuple[Callable[[Any], Payload], Callable[[Any], Any]]]] = {
    Chosen: (late("v21.ev_needs.schedule_message"), late("v21.ev_needs.read_schedule")),
    Needs: (late("v21.ev_needs.needs_message"), late("v21.ev_needs.read_needs")),
    UpdateWanted: (late("v21.dynamic_schedule.question"), late("v21.dynamic_schedule.read_answer")),
}
