"""What a screen of the integrator's own does for a driver who reads a tariff, over the control socket."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.station.station import Station
from agent.store.database import StoreError
from agent.system.control import Command, ControlError


def tariff_commands(station: Station) -> dict[str, Command]:
    """Return the commands by name."""

    async def refuse(request: Mapping[str, Any]) -> Mapping[str, Any]:
        service = station.evses.get(request.get("evse") or 0)
        if service is None:
            raise ControlError(f"name the EVSE: one of {sorted(station.evses)}")
        try:
            outcome = await station.refuse_tariff(service)
        except StoreError as error:
            raise ControlError(str(error)) from error
        return {"accepted": outcome.is_accepted, "why": outcome.why}

    return {"tariff-refuse": refuse}
