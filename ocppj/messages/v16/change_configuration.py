"""ChangeConfiguration of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from typing import Literal

from ocppj.messages.fields import Payload
from ocppj.messages.v16.bounds import Str50, Str500

ConfigurationStatus = Literal["Accepted", "Rejected", "RebootRequired", "NotSupported"]


class ChangeConfigurationRequest(Payload, frozen=True, kw_only=True):
    """Request of the ChangeConfiguration action."""

    key: Str50
    value: Str500


class ChangeConfigurationResponse(Payload, frozen=True, kw_only=True):
    """Response of the ChangeConfiguration action."""

    status: ConfigurationStatus
