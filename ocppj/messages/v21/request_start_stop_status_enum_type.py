"""Parts of messages of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

RequestStartStopStatusEnumType = Literal["Accepted", "Rejected"]
