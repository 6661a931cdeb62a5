"""What a screen of the integrator's own does for a driver who reads a tariff, over the control socket."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.station.station import Station
from agent.store.database import StoreError
from agent.system.control import Command, ControlError, UnknownEvse


def tariff_commands(station: Station) -> dict[str, Command]:
    """Return the commands by name."""

    async def refuse(request: Mapping[str, Any]) -> Mapping[str, Any]:
        evse_id = request.get("evse")
        if not isinstance(evse_id, int) or evse_id not in station.evses:
            raise UnknownEvse(evse_id, station.evses)
        service = station.evses[evse_id]
        if not service.has_driver:
            raise ControlError(f"nobody is authorized at EVSE {evse_id}")
        try:
            outcome = await station.refuse_tariff(service)
        except StoreError as error:
            raise ControlError(str(error)) from error
        return {"accepted": outcome.is_accepted, "why": outcome.why}

    return {"tariff-refuse": refuse}
