"""Parts of messages of OCPP 2.0.1. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

GenericDeviceModelStatusEnumType = Literal["Accepted", "Rejected", "NotSupported", "EmptyResultSet"]
