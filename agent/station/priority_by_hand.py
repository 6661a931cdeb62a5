"""Priority charging over the control socket: for a button, or the program of a screen (K22)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.station.priority import PriorityCharging
from agent.store.database import StoreError
from agent.system.control import Command, ControlError


def priority_commands(priority: PriorityCharging) -> dict[str, Command]:
    """Return `priority`: the driver at an EVSE wants all that can be given, or no longer."""

    async def use(request: Mapping[str, Any]) -> Mapping[str, Any]:
        evse_id, is_wanted = request.get("evse"), request.get("wanted", True)
        if not isinstance(evse_id, int) or not isinstance(is_wanted, bool):
            raise ControlError("evse is the number of an EVSE, wanted is true or false")
        transaction_id = priority.transaction_at(evse_id)
        if transaction_id is None:
            raise ControlError(f"nobody charges at EVSE {evse_id}")
        try:
            answer = await priority.use(transaction_id, is_wanted=is_wanted)
        except StoreError as error:
            raise ControlError(str(error)) from error
        if answer == "NoProfile":  # K22.FR.01
            raise ControlError("the backend has set no profile for priority charging here")
        return {"has_priority": is_wanted}

    return {"priority": use}
