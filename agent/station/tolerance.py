"""How far a driver may go whom the backend does not accept: MaxEnergyOnInvalidId (E05.FR.03, C15.FR.03)."""

from __future__ import annotations

from datetime import datetime

from agent.station.events import Held, Withdrawn
from agent.station.evse import EvseState
from agent.variables.model import DeviceModel

_MWH_PER_WH = 1000


def tolerance(state: EvseState, counted_mwh: int | None, settings: DeviceModel, now: datetime) -> Held | None:
    """Return what lets the driver go on for a while; None if that is over, or there is none.

    What was granted once is not granted again, however often the backend says no.
    """
    most_wh = settings.integer("TxCtrlr.MaxEnergyOnInvalidId")
    if most_wh == 0 or counted_mwh is None or state.is_held:
        return None
    return Held(at=now, to_mwh=state.tolerated_to_mwh or counted_mwh + most_wh * _MWH_PER_WH)


def tolerance_end(
    state: EvseState, counted_mwh: int | None, settings: DeviceModel, now: datetime
) -> Withdrawn | Held | None:
    """Return the end of what was tolerated once the meter has reached it, else None."""
    if state.tolerated_to_mwh is None or counted_mwh is None or counted_mwh < state.tolerated_to_mwh:
        return None
    if settings.flag("TxCtrlr.StopTxOnInvalidId"):
        return Withdrawn(at=now, trigger="Deauthorized", reason="DeAuthorized")
    return Held(at=now)
