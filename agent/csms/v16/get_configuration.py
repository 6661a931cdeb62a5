"""GetConfiguration: the backend reads configuration keys (OCPP 1.6, 5.8)."""

from __future__ import annotations

from agent.csms.dialect import Context, Reply
from agent.csms.v16.configuration import keys, told
from ocppj.errors import ErrorCode, OcppError
from ocppj.messages import v16

_LIMIT = "DeviceDataCtrlr.ItemsPerMessage[GetVariables]"


async def handle(request: v16.GetConfigurationRequest, context: Context) -> Reply:
    """Answer with the keys asked for, or with all; names that are no keys come back as unknown.

    Raises:
        OcppError: OccurrenceConstraintViolation for more keys than GetConfigurationMaxKeys.
    """
    station, known = context.station, keys()
    asked = [name for name in request.key or () if name] or [key.name for key in known.values()]
    most = station.settings.integer(_LIMIT)
    if request.key and len(request.key) > most:
        raise OcppError(ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION, f"at most {most} keys at a time")
    found = [known[name.casefold()] for name in asked if name.casefold() in known]
    unknown = tuple(name for name in asked if name.casefold() not in known)
    connectors = len(station.evses)
    return Reply(
        v16.GetConfigurationResponse(
            configuration_key=tuple(told(key, station.settings, connectors) for key in found) or None,
            unknown_key=unknown or None,
        )
    )
