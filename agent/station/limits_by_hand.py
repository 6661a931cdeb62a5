"""Limits from outside over the control socket: for technicians, and for programs of an energy management."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, get_args

from agent.smartcharging.external import SOURCES, OutsideLimit, OutsideSource
from agent.smartcharging.profiles import WHOLE_STATION, Period, Profile, RateUnit
from agent.station.external import ExternalLimits, Refused
from agent.store.database import StoreError
from agent.system.control import Command, ControlError

LONGEST_S = 366 * 86_400


def limit_commands(external: ExternalLimits) -> dict[str, Command]:
    """Return the commands that show, set and clear limits from outside."""

    async def show(_: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"limits": [_shown(profile) for profile in external.in_force.values()]}

    async def put(request: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            await external.set(_limit(request))
        except (Refused, StoreError) as error:
            raise ControlError(str(error)) from error
        return await show(request)

    async def clear(request: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            was_there = await external.clear(
                _source(request), _evse(request), is_generation=_is_generation(request)
            )
        except StoreError as error:
            raise ControlError(str(error)) from error
        return {**await show(request), "cleared": was_there}

    return {"limits": show, "limit-set": put, "limit-clear": clear}


def _limit(request: Mapping[str, Any]) -> OutsideLimit:
    for_s, is_critical = request.get("for_s"), request.get("grid_critical")
    if for_s is not None and (not isinstance(for_s, int) or not 1 <= for_s <= LONGEST_S):
        raise ControlError(f"for_s is 1 to {LONGEST_S} seconds")
    if is_critical not in (None, True, False):
        raise ControlError("grid_critical is true or false")
    unit = next((one for one in get_args(RateUnit) if one == request.get("unit", "A")), None)
    if unit is None:
        raise ControlError("unit is A (per phase) or W (in all)")
    return OutsideLimit(
        source=_source(request),
        evse_id=_evse(request),
        unit=unit,
        periods=_periods(request.get("periods")),
        lasts_s=for_s,
        is_grid_critical=is_critical,
        is_generation=_is_generation(request),
    )


def _periods(given: object) -> tuple[Period, ...]:
    """Return the periods of a request: each [start in s, limit], or with phases as the third."""
    wanted = "periods is a list of [start in s, limit], each perhaps with the number of phases"
    if not isinstance(given, list) or not given:
        raise ControlError(wanted)
    periods = []
    for one in given:
        match one:
            case [int(start_s), (int() | float() | str()) as limit]:
                phases = None
            case [int(start_s), (int() | float() | str()) as limit, int(phases)]:
                pass
            case _:
                raise ControlError(wanted)
        try:
            periods.append(Period(start_s=start_s, limit=Decimal(str(limit)), phases=phases))
        except InvalidOperation:
            raise ControlError(f"{limit!r} is no number") from None
    return tuple(periods)


def _source(request: Mapping[str, Any]) -> OutsideSource:
    wanted = request.get("source", "EMS")
    for source in SOURCES:
        if source == wanted:
            return source
    raise ControlError("source is EMS (energy management), SO (system operator) or Other")


def _is_generation(request: Mapping[str, Any]) -> bool:
    """Return whether it is no limit, but what is generated on the spot: to be drawn on top of all limits."""
    wanted = request.get("generation", False)
    if not isinstance(wanted, bool):
        raise ControlError("generation is true or false")
    return wanted


def _evse(request: Mapping[str, Any]) -> int:
    evse_id = request.get("evse")
    if evse_id is None:
        return WHOLE_STATION
    if not isinstance(evse_id, int) or evse_id < WHOLE_STATION:
        raise ControlError("evse is the number of an EVSE, or 0 or nothing for the whole station")
    return evse_id


def _shown(profile: Profile) -> Mapping[str, Any]:
    schedule = profile.schedule
    return {
        "source": profile.source,
        "evse": profile.evse_id,
        "generation": profile.purpose == "LocalGeneration",
        "unit": schedule.unit,
        "since": None if schedule.start is None else schedule.start.isoformat(),
        "until": None if profile.valid_to is None else profile.valid_to.isoformat(),
        "periods": [[period.start_s, str(period.limit), period.phases] for period in schedule.periods],
    }
