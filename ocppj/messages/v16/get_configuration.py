"""GetConfiguration of OCPP 1.6 and its security extension. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages.fields import Maybe, Payload
from ocppj.messages.v16.bounds import Str50, Str500


class KeyValue(Payload, frozen=True, kw_only=True):
    """Part of GetConfigurationResponse."""

    key: Str50
    readonly: bool
    value: Maybe[Str500] = None


class GetConfigurationRequest(Payload, frozen=True, kw_only=True):
    """Request of the GetConfiguration action."""

    key: Maybe[tuple[Str50, ...]] = None


class GetConfigurationResponse(Payload, frozen=True, kw_only=True):
    """Response of the GetConfiguration action."""

    configuration_key: Maybe[tuple[KeyValue, ...]] = None
    unknown_key: Maybe[tuple[Str50, ...]] = None
