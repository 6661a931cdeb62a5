"""ReportDERControl of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from typing import Annotated

from msgspec import field

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Integer, Maybe, Payload
from ocppj.messages.v21.bounds import ItemsFrom1To24, Str36


class DERCurveGetType(Payload, frozen=True, kw_only=True):
    """Part of ReportDERControlRequest."""

    curve: v21.DERCurveType
    id: Str36
    curve_type: v21.DERControlEnumType
    is_default: bool
    is_superseded: bool
    custom_data: Maybe[CustomDataType] = None


class EnterServiceGetType(Payload, frozen=True, kw_only=True):
    """Part of ReportDERControlRequest."""

    enter_service: v21.EnterServiceType
    id: Str36
    custom_data: Maybe[CustomDataType] = None


class FixedPFGetType(Payload, frozen=True, kw_only=True):
    """Part of ReportDERControlRequest."""

    fixed_pf: v21.FixedPFType = field(name="fixedPF")
    id: Str36
    is_default: bool
    is_superseded: bool
    custom_data: Maybe[CustomDataType] = None


class FixedVarGetType(Payload, frozen=True, kw_only=True):
    """Part of ReportDERControlRequest."""

    fixed_var: v21.FixedVarType
    id: Str36
    is_default: bool
    is_superseded: bool
    custom_data: Maybe[CustomDataType] = None


class FreqDroopGetType(Payload, frozen=True, kw_only=True):
    """Part of ReportDERControlRequest."""

    freq_droop: v21.FreqDroopType
    id: Str36
    is_default: bool
    is_superseded: bool
    custom_data: Maybe[CustomDataType] = None


class GradientGetType(Payload, frozen=True, kw_only=True):
    """Part of ReportDERControlRequest."""

    gradient: v21.GradientType
    id: Str36
    custom_data: Maybe[CustomDataType] = None


class LimitMaxDischargeGetType(Payload, frozen=True, kw_only=True):
    """Part of ReportDERControlRequest."""

    id: Str36
    is_default: bool
    is_superseded: bool
    limit_max_discharge: v21.LimitMaxDischargeType
    custom_data: Maybe[CustomDataType] = None


class ReportDERControlRequest(Payload, frozen=True, kw_only=True):
    """Request of the ReportDERControl action."""

    curve: Maybe[Annotated[tuple[DERCurveGetType, ...], ItemsFrom1To24]] = None
    enter_service: Maybe[Annotated[tuple[EnterServiceGetType, ...], ItemsFrom1To24]] = None
    fixed_pf_absorb: Maybe[Annotated[tuple[FixedPFGetType, ...], ItemsFrom1To24]] = field(
        default=None, name="fixedPFAbsorb"
    )
    fixed_pf_inject: Maybe[Annotated[tuple[FixedPFGetType, ...], ItemsFrom1To24]] = field(
        default=None, name="fixedPFInject"
    )
    fixed_var: Maybe[Annotated[tuple[FixedVarGetType, ...], ItemsFrom1To24]] = None
    freq_droop: Maybe[Annotated[tuple[FreqDroopGetType, ...], ItemsFrom1To24]] = None
    gradient: Maybe[Annotated[tuple[GradientGetType, ...], ItemsFrom1To24]] = None
    limit_max_discharge: Maybe[Annotated[tuple[LimitMaxDischargeGetType, ...], ItemsFrom1To24]] = None
    request_id: Integer
    tbc: Maybe[bool] = None
    custom_data: Maybe[CustomDataType] = None


class ReportDERControlResponse(Payload, frozen=True, kw_only=True):
    """Response of the ReportDERControl action."""

    custom_data: Maybe[CustomDataType] = None
