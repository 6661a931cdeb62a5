"""Negotiations over the control socket: for a program that speaks ISO 15118 beside the agent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Protocol, TypeVar

import msgspec

from agent.smartcharging.needs import AcNeeds, Chosen, Dash20, DcNeeds, Needs, Offer, Transfer
from agent.smartcharging.profiles import Period, Schedule
from agent.station.negotiation import SCHEDULE_WITHIN_S, Negotiation
from agent.system.control import Command, ControlError, UnknownEvse


class Charged(Protocol):
    """An EVSE whose vehicle's battery somebody knows."""

    def tell_soc(self, soc: int) -> None:
        """Take note of its charge in percent."""


Aware = Annotated[datetime, msgspec.Meta(tz=True)]


class _NeedsRequest(msgspec.Struct, frozen=True, kw_only=True):
    evse: int
    transfer: Transfer
    departure: Aware | None = None
    most_schedules: Annotated[int, msgspec.Meta(ge=1)] | None = None
    ac: AcNeeds | None = None
    dc: DcNeeds | None = None
    dash20: Dash20 | None = None
    within_s: Annotated[float, msgspec.Meta(ge=0, le=SCHEDULE_WITHIN_S)] = SCHEDULE_WITHIN_S


class _ChosenRequest(msgspec.Struct, frozen=True, kw_only=True):
    evse: int
    offer: int
    start: Aware
    periods: Annotated[tuple[tuple[int, Decimal], ...], msgspec.Meta(max_length=1024)] = ()
    """None: the vehicle says no more than which offer it takes."""
    duration_s: int | None = None
    is_tolerant: bool | None = None


class _SocRequest(msgspec.Struct, frozen=True, kw_only=True):
    evse: int
    soc: Annotated[int, msgspec.Meta(ge=0, le=100)]


class _EvseRequest(msgspec.Struct, frozen=True, kw_only=True):
    evse: int


def needs_commands(negotiation: Negotiation, evses: Mapping[int, Charged]) -> dict[str, Command]:
    """Return `ev-needs`, `ev-offers`, `ev-schedule`, `ev-soc` and `ev-parted`."""
    evse_ids = evses.keys()

    async def needs(request: Mapping[str, Any]) -> Mapping[str, Any]:
        given = _read(request, _NeedsRequest, evse_ids)
        try:
            wanted = Needs(
                evse_id=given.evse,
                transfer=given.transfer,
                departure=given.departure,
                most_schedules=given.most_schedules,
                ac=given.ac,
                dc=given.dc,
                dash20=given.dash20,
            )
        except ValueError as error:
            raise ControlError(str(error)) from error
        return {"offers": _shown(await negotiation.needs(wanted, within_s=given.within_s))}

    async def offers(request: Mapping[str, Any]) -> Mapping[str, Any]:
        evse_id = _read(request, _EvseRequest, evse_ids).evse
        is_due = negotiation.is_due(evse_id)
        return {"is_due": is_due, "offers": _shown(negotiation.offered(evse_id)) if is_due else []}

    async def schedule(request: Mapping[str, Any]) -> Mapping[str, Any]:
        given = _read(request, _ChosenRequest, evse_ids)
        chosen = Schedule(
            id=given.offer,
            unit="W",
            start=given.start,
            duration_s=given.duration_s,
            periods=tuple(Period(start_s=start_s, limit=limit) for start_s, limit in given.periods),
        )
        plan = Chosen(evse_id=given.evse, start=given.start, schedule=chosen, is_tolerant=given.is_tolerant)
        return {"verdict": await negotiation.chosen(plan, given.offer)}

    async def parted(request: Mapping[str, Any]) -> Mapping[str, Any]:
        negotiation.parted(_read(request, _EvseRequest, evse_ids).evse)
        return {}

    async def soc(request: Mapping[str, Any]) -> Mapping[str, Any]:
        given = _read(request, _SocRequest, evse_ids)
        evses[given.evse].tell_soc(given.soc)
        return {}

    return {
        "ev-needs": needs,
        "ev-offers": offers,
        "ev-schedule": schedule,
        "ev-soc": soc,
        "ev-parted": parted,
    }


Request = TypeVar("Request", _NeedsRequest, _ChosenRequest, _SocRequest, _EvseRequest)


def _read(request: Mapping[str, Any], kind: type[Request], evse_ids: Collection[int]) -> Request:
    try:
        given = msgspec.convert({k: v for k, v in request.items() if k != "do"}, kind, strict=False)
    except msgspec.ValidationError as error:
        raise ControlError(str(error)) from error
    if given.evse not in evse_ids:
        raise UnknownEvse(given.evse, evse_ids)
    return given


def _shown(offers: tuple[Offer, ...]) -> list[Mapping[str, Any]]:
    return [
        {
            "id": offer.id,
            "start": offer.start.isoformat(),
            "duration_s": offer.duration_s,
            "unit": offer.unit,
            "periods": [[period.start_s, str(period.limit), period.phases] for period in offer.periods],
            "tariff": msgspec.to_builtins(offer.tariff),
            "priced": msgspec.to_builtins(offer.priced),
        }
        for offer in offers
    ]
