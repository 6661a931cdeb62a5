"""NotifyAllowedEnergyTransfer of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated, Literal

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import ItemsFrom1, Str36

NotifyAllowedEnergyTransferStatusEnumType = Literal["Accepted", "Rejected"]


class NotifyAllowedEnergyTransferRequest(Payload, frozen=True, kw_only=True):
    """Request of the NotifyAllowedEnergyTransfer action."""

    transaction_id: Str36
    allowed_energy_transfer: Annotated[tuple[v21.EnergyTransferModeEnumType, ...], ItemsFrom1]
    custom_data: Maybe[CustomDataType] = None


class NotifyAllowedEnergyTransferResponse(Payload, frozen=True, kw_only=True):
    """Response of the NotifyAllowedEnergyTransfer action."""

    status: NotifyAllowedEnergyTransferStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    custom_data: Maybe[CustomDataType] = None
