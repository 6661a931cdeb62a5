"""GetConfiguration: the backend reads configuration keys (OCPP 1.6, 5.8)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from agent.csms.v16.configuration import everything, find, told
from ocppj.errors import ErrorCode, OcppError
from ocppj.messages import v16

_LIMIT = "DeviceDataCtrlr.ItemsPerMessage[GetVariables]"


async def handle(request: v16.GetConfigurationRequest, context: Context) -> Reply:
    """Answer with the keys asked for, or with all; names that are no keys come back as unknown.

    Raises:
        OcppError: OccurrenceConstraintViolation for more keys than GetConfigurationMaxKeys.
    """
    station = context.station
    asked = tuple(name for name in request.key or () if name)
    most = station.settings.integer(_LIMIT)
    if len(request.key or ()) > most:
        raise OcppError(ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION, f"at most {most} keys at a time")
    known = [(name, find(name, station)) for name in asked]
    found = [key for _, key in known if key is not None] if asked else everything(station)
    return Reply(
        v16.GetConfigurationResponse(
            configuration_key=tuple(told(key, station) for key in found) or None,
            unknown_key=tuple(name for name, key in known if key is None) or None,
        )
    )
