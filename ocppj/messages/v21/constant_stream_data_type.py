"""Parts of messages of OCPP 2.1. Generated: do not edit."""

from __future__ import annotations

from ocppj.messages import v21
from ocppj.messages.fields import CustomDataType, Maybe, Payload
from ocppj.messages.v21.bounds import IntFrom0


class ConstantStreamDataType(Payload, frozen=True, kw_only=True):
    """Part of GetPeriodicEventStreamResponse, OpenPeriodicEventStreamRequest."""

    id: IntFrom0
    params: v21.PeriodicEventStreamParamsType
    variable_monitoring_id: IntFrom0
    custom_data: Maybe[CustomDataType] = None
