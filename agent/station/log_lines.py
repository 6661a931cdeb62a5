"""What the log says of an EVSE's change, and how it names a charging profile."""

from __future__ import annotations

import logging

from agent.smartcharging.external import from_outside
from agent.smartcharging.profiles import Profile
from agent.station.evse import EvseState
from agent.system.concerning import concerning
from agent.transactions.progress import Report

log = logging.getLogger(__name__)


def log_change(evse_id: int, before: EvseState, after: EvseState, report: Report | None) -> None:
    """Log what has changed from `before` to `after`, and what is told of it."""
    transaction = None if report is None else report.transaction_id
    with concerning(evse=evse_id, transaction=transaction):
        if after.phase is not before.phase or after.fault != before.fault:
            fault = f", fault: {after.fault}" if after.fault else ""
            log.info("EVSE %d: %s (pilot %s)%s", evse_id, after.phase.value, after.pilot.value, fault)
        if after.has_vehicle is not before.has_vehicle:
            log.info("EVSE %d: a vehicle has %s", evse_id, "come" if after.has_vehicle else "gone")
        if report is not None:
            log.info(
                "EVSE %d: transaction %s %s, seqNo %d, %s, %s",
                evse_id,
                report.transaction_id,
                report.kind,
                report.seq_no,
                report.trigger,
                report.charging_state,
            )


def named(profile: Profile) -> str:
    """Return how the log names a profile: the backend's by its number, one from outside by its source."""
    where = f"EVSE {profile.evse_id}" if profile.evse_id else "the station"
    if any(from_outside([profile])):
        return f"limit from outside ({profile.source}) for {where}"
    return f"charging profile {profile.id} for {where}"
