"""SetDERControl of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated

from msgspec import field

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import ItemsFrom1To24, Str36


class SetDERControlRequest(Payload, frozen=True, kw_only=True):
    """Request of the SetDERControl action."""

    is_default: bool
    control_id: Str36
    control_type: v21.DERControlEnumType
    curve: Maybe[v21.DERCurveType] = None
    enter_service: Maybe[v21.EnterServiceType] = None
    fixed_pf_absorb: Maybe[v21.FixedPFType] = field(default=None, name="fixedPFAbsorb")
    fixed_pf_inject: Maybe[v21.FixedPFType] = field(default=None, name="fixedPFInject")
    fixed_var: Maybe[v21.FixedVarType] = None
    freq_droop: Maybe[v21.FreqDroopType] = None
    gradient: Maybe[v21.GradientType] = None
    limit_max_discharge: Maybe[v21.LimitMaxDischargeType] = None
    custom_data: Maybe[CustomDataType] = None


class SetDERControlResponse(Payload, frozen=True, kw_only=True):
    """Response of the SetDERControl action."""

    status: v21.DERControlStatusEnumType
    status_info: Maybe[v21.StatusInfoType] = None
    superseded_ids: Maybe[Annotated[tuple[Str36, ...], ItemsFrom1To24]] = None
    custom_data: Maybe[CustomDataType] = None
