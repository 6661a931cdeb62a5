"""What the loops of both kinds of current have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from agent.iso15118.facts import Facts
from agent.iso15118.iso20.messages import Fields
from agent.iso15118.iso20.metering import meter_info
from agent.iso15118.iso20.notices import notify
from agent.iso15118.iso20.session import Session
from agent.iso15118.refused import Refused
from agent.iso15118.turns import Order, Request, TellSoc


def mode_of(session: Session, request: Request) -> tuple[str, Mapping[str, Any]]:
    """Return the name of the response's control mode, and what the request's holds.

    Raises:
        Refused: If it is not the one that was chosen with the service.
    """
    name = f"{session.chosen.prefix}{session.chosen.control}_{session.kind}_CL"
    mode = request.message.get(f"{name}ReqControlMode")
    if mode is None:
        raise Refused("FAILED", f"the loop is not in the mode that was chosen ({name}ReqControlMode)")
    return f"{name}ResControlMode", mode


def told_soc(session: Session, request: Request) -> tuple[Session, tuple[Order, ...]]:
    """Return the session with the battery's charge, and the order to pass it on if it is news."""
    soc = request.message.get("DisplayParameters", {}).get("PresentSOC")
    if soc is None or soc == session.soc:
        return session, ()
    return replace(session, soc=soc), (TellSoc(soc),)


def common_fields(
    session: Session, request: Request, facts: Facts, *, has_power: bool
) -> tuple[Session, Fields]:
    """Return the session after a loop, and what the EVSE wants and the meter shows."""
    session, fields = notify(session, facts, has_power=has_power)
    meter = session.receipt or facts.meter
    if meter is not None and (request.message["MeterInfoRequested"] or "EVSEStatus" in fields):
        fields["MeterInfo"] = meter_info(meter)
    return replace(session, is_met=True), fields
