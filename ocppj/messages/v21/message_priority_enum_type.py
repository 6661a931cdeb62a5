"""Parts of messages of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

MessagePriorityEnumType = Literal["AlwaysFront", "InFront", "NormalCycle"]
MessageStateEnumType = Literal["Charging", "Faulted", "Idle", "Unavailable", "Suspended", "Discharging"]
