"""The running bill of one transaction: what was seen goes in, what it costs comes out. Pure and exact.

A bill knows up to when it counts (`at`), and what has been going on since then (`flow`). Whoever sees
something new calls `advanced`; the stretch in between is cut where a price changes: at whole minutes if
prices depend on the clock, at the very Wh and second where a bound on usage is passed. Energy is spread
evenly over the stretch. Every line is a sum of price times quantity in the smallest units, so nothing is
rounded before the amounts are told.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from agent.tariffs.conditions import (
    Circumstances,
    Flow,
    Usage,
    depends_on_calendar,
    energy_steps_mwh,
    first_that_holds,
    local_time,
    time_steps_ms,
)
from agent.tariffs.details import Part, Period
from agent.tariffs.tariff import Prices, Tariff, TaxRate
from agent.tariffs.taxes import EXACT, both, taxed

SCALES: Final[dict[Part, Decimal]] = {
    "energy": Decimal(1_000_000),
    "charging_time": Decimal(60_000),
    "idle_time": Decimal(60_000),
    "fixed": Decimal(1),
    "reservation_time": Decimal(60_000),
    "reservation_fixed": Decimal(1),
}
"""How many of the smallest unit (mWh, ms) a price is for."""
MOST_PERIODS: Final = 200
"""More are not told apart: the last one goes on. A message has to pass through any backend."""
_MINUTE_MS: Final = 60_000
_ZERO: Final = Decimal(0)


class Line(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was used of one kind under the same taxes, each unit times its price, without tax."""

    part: Part
    weighted: Decimal
    taxes: tuple[TaxRate, ...] = ()


class Used(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Which price of each list holds; None is none."""

    energy: int | None = None
    charging_time: int | None = None
    idle_time: int | None = None


class Bill(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One transaction's bill. Stored as JSON: add members with a default only."""

    tariff: Tariff
    at: datetime
    count_mwh: int | None = None
    about: Circumstances = Circumstances()
    flow: Flow = Flow()
    usage: Usage = Usage()
    reserved_ms: int | None = None
    used: Used | None = None
    lines: tuple[Line, ...] = ()
    periods: tuple[Period, ...] = ()
    is_capped: bool = False
    is_of_driver: bool = False
    """Whether the tariff is the driver's own, not the EVSE's default."""


class Seen(Struct, frozen=True, kw_only=True):
    """What the station sees at one moment: the meter's count, if it says one, and what goes on from now."""

    at: datetime
    count_mwh: int | None
    flow: Flow


def begun(
    tariff: Tariff,
    seen: Seen,
    about: Circumstances,
    zone: tzinfo,
    *,
    reserved: timedelta | None = None,
    is_of_driver: bool = False,
) -> Bill:
    """Return the bill of a transaction that begins now, with what is due at once (I12.FR.07, I12.FR.30).

    `reserved` is how long the EVSE was kept for this driver, None if it was not.
    """
    bill = Bill(
        tariff=tariff,
        at=seen.at,
        count_mwh=seen.count_mwh,
        about=about,
        flow=seen.flow,
        reserved_ms=None if reserved is None else reserved // timedelta(milliseconds=1),
        periods=(Period(start=seen.at, tariff_id=tariff.id),),
        is_of_driver=is_of_driver,
    )
    local = local_time(seen.at, zone)
    due: list[Line] = [*_due("fixed", tariff.fixed_fee, local, about, 1)]
    if bill.reserved_ms is not None:
        due += _due("reservation_fixed", tariff.reservation_fixed, local, about, 1)
        due += _due("reservation_time", tariff.reservation_time, local, about, bill.reserved_ms)
    return _noted(_settled(_added(bill, due), zone))


def _due(
    part: Part, prices: Prices | None, local: datetime, about: Circumstances, quantity: int
) -> Iterator[Line]:
    number = first_that_holds(prices, local, about)
    if prices is not None and number is not None:
        weighted = EXACT.multiply(prices.elements[number].price, Decimal(quantity))
        yield Line(part=part, weighted=weighted, taxes=prices.taxes)


def advanced(bill: Bill, seen: Seen, zone: tzinfo) -> Bill:
    """Return the bill up to now. What is told late, of a time that is counted already, costs nothing."""
    bill = _with_count(bill, seen.count_mwh)
    ms = max(0, (seen.at - bill.at) // timedelta(milliseconds=1))
    mwh = _flowed(bill, seen.count_mwh)
    bill = _charged(bill, ms, mwh, zone)
    bill = replace(bill, at=max(bill.at, seen.at), flow=seen.flow, count_mwh=seen.count_mwh or bill.count_mwh)
    return _noted(_settled(bill, zone))


def resumed(bill: Bill, seen: Seen, zone: tzinfo) -> Bill:
    """Return the bill after a time in which nobody counted: a power cut.

    What the meter counted meanwhile costs what it cost when that time began; the time itself is free.
    """
    bill = _with_count(bill, seen.count_mwh)
    bill = _charged(bill, 0, _flowed(bill, seen.count_mwh), zone)
    bill = replace(bill, at=max(bill.at, seen.at), flow=seen.flow, count_mwh=seen.count_mwh or bill.count_mwh)
    return _noted(_settled(bill, zone))


def changed(bill: Bill, tariff: Tariff, zone: tzinfo) -> Bill:
    """Return the bill under another tariff from where it is on; nothing is counted anew (I11.FR.08).

    A fixed fee is due at the start of a transaction only.
    """
    period = Period(start=bill.at, tariff_id=tariff.id)
    bill = replace(
        bill,
        tariff=tariff,
        used=None,
        is_capped=False,
        is_of_driver=True,
        periods=_with_period(bill.periods, period),
    )
    return _noted(_settled(bill, zone))


def moved(bill: Bill, step: timedelta) -> Bill:
    """Return the bill after the clock was set."""
    periods = tuple(replace(period, start=period.start + step) for period in bill.periods)
    return replace(bill, at=bill.at + step, periods=periods)


def sum_of(bill: Bill, *parts: Part) -> tuple[Decimal, Decimal]:
    """Return what these parts cost so far, or all of it: without and with tax, exactly."""
    excl = incl = _ZERO
    for line in bill.lines:
        if line.part in parts or not parts:
            net = EXACT.divide(line.weighted, SCALES[line.part])
            excl = EXACT.add(excl, net)
            incl = EXACT.add(incl, taxed(net, line.taxes))
    return excl, incl


def _with_count(bill: Bill, count_mwh: int | None) -> Bill:
    """Return the bill with a first count, if it had none: energy counts from there."""
    return replace(bill, count_mwh=count_mwh) if bill.count_mwh is None else bill


def _flowed(bill: Bill, count_mwh: int | None) -> int:
    return 0 if count_mwh is None or bill.count_mwh is None else max(0, count_mwh - bill.count_mwh)


def _charged(bill: Bill, ms: int, mwh: int, zone: tzinfo) -> Bill:
    """Return the bill with so much time and energy more, piece by piece of unchanged prices."""
    by_clock, steps = depends_on_calendar(bill.tariff), energy_steps_mwh(bill.tariff)
    left = _Left(ms=ms, mwh=mwh)
    while left.past_ms < ms or left.past_mwh < mwh:
        bill = _settled(bill, zone)
        ends_ms = list(time_steps_ms(bill.tariff, bill.usage, bill.flow))
        if by_clock:
            ends_ms.append(_MINUTE_MS - round(bill.at.timestamp() * 1000) % _MINUTE_MS)
        steps_mwh = [step - bill.usage.energy_mwh for step in steps]
        piece_ms, piece_mwh = _piece(left, ends_ms, steps_mwh)
        bill = _with_usage(bill, piece_ms, piece_mwh)
        left = replace(left, past_ms=left.past_ms + piece_ms, past_mwh=left.past_mwh + piece_mwh)
    return bill


class _Left(Struct, frozen=True, kw_only=True):
    """A stretch of time with the energy that flowed in it, and what of both is counted already."""

    ms: int
    mwh: int
    past_ms: int = 0
    past_mwh: int = 0


def _piece(left: _Left, ends_ms: list[int], steps_mwh: list[int]) -> tuple[int, int]:
    """Return how much of a stretch goes by until the first of these: all that is left, if none comes."""
    rest_ms, rest_mwh = left.ms - left.past_ms, left.mwh - left.past_mwh
    ms = min((end_ms for end_ms in ends_ms if 0 < end_ms < rest_ms), default=rest_ms)
    mwh = rest_mwh if ms == rest_ms else left.mwh * (left.past_ms + ms) // left.ms - left.past_mwh
    step_mwh = min((step for step in steps_mwh if 0 < step < rest_mwh), default=rest_mwh)
    if step_mwh < mwh:
        return -(-left.ms * (left.past_mwh + step_mwh) // left.mwh) - left.past_ms, step_mwh
    return ms, mwh


def _with_usage(bill: Bill, ms: int, mwh: int) -> Bill:
    """Return the bill with a piece in which the prices that hold now held."""
    tariff, used, flow = bill.tariff, bill.used or Used(), bill.flow
    lines = [*_used("energy", tariff.energy, used.energy, mwh)]
    usage, period = bill.usage, bill.periods[-1]
    usage = replace(usage, energy_mwh=usage.energy_mwh + mwh)
    period = replace(period, energy_mwh=period.energy_mwh + mwh)
    if flow.is_charging:
        lines += _used("charging_time", tariff.charging_time, used.charging_time, ms)
        usage = replace(usage, charging_ms=usage.charging_ms + ms)
        period = replace(period, charging_ms=period.charging_ms + ms)
    elif flow.is_charging is not None:
        lines += _used("idle_time", tariff.idle_time, used.idle_time, ms)
        usage = replace(usage, idle_ms=usage.idle_ms + ms)
        period = replace(period, idle_ms=period.idle_ms + ms)
    bill = replace(
        bill, at=bill.at + timedelta(milliseconds=ms), usage=usage, periods=(*bill.periods[:-1], period)
    )
    return _added(bill, lines)


def _used(part: Part, prices: Prices | None, number: int | None, quantity: int) -> Iterator[Line]:
    if prices is not None and number is not None and quantity:
        weighted = EXACT.multiply(prices.elements[number].price, Decimal(quantity))
        yield Line(part=part, weighted=weighted, taxes=prices.taxes)


def _added(bill: Bill, more: list[Line]) -> Bill:
    """Return the bill with these lines, or as much of them as the most that it may cost leaves room for.

    Once it is reached nothing more is added (I12.FR.39), while usage goes on (I12.FR.40).
    """
    if bill.is_capped or not more:
        return bill
    after = replace(bill, lines=_merged(bill.lines, more))
    share = _share(bill, after)
    if share is None:
        return after
    part = [replace(line, weighted=EXACT.multiply(line.weighted, share)) for line in more]
    return replace(bill, lines=_merged(bill.lines, part), is_capped=True)


def _share(before: Bill, after: Bill) -> Decimal | None:
    """Return which share of what is added reaches the most that the transaction costs; None if none does."""
    if before.tariff.max_cost is None:
        return None
    shares = [
        EXACT.divide(bound - old, new - old)
        for bound, old, new in zip(both(before.tariff.max_cost), sum_of(before), sum_of(after), strict=True)
        if bound is not None and new >= bound and new > old
    ]
    return max(_ZERO, min(shares)) if shares else None


def _merged(lines: tuple[Line, ...], more: list[Line]) -> tuple[Line, ...]:
    merged = list(lines)
    for line in more:
        for number, known in enumerate(merged):
            if (known.part, known.taxes) == (line.part, line.taxes):
                merged[number] = replace(known, weighted=EXACT.add(known.weighted, line.weighted))
                break
        else:
            merged.append(line)
    return tuple(merged)


def _settled(bill: Bill, zone: tzinfo) -> Bill:
    """Return the bill with the prices that hold now; where they are others than before, a period begins."""
    tariff, local = bill.tariff, local_time(bill.at, zone)
    holding = (bill.about, bill.usage, bill.flow)
    used = Used(
        energy=first_that_holds(tariff.energy, local, *holding),
        charging_time=first_that_holds(tariff.charging_time, local, *holding),
        idle_time=first_that_holds(tariff.idle_time, local, *holding),
    )
    if used == bill.used:
        return bill
    periods = bill.periods
    if bill.used is not None:
        period = _seen_in(Period(start=bill.at, tariff_id=tariff.id), bill.flow)
        periods = _with_period(periods, period)
    return replace(bill, used=used, periods=periods)


def _with_period(periods: tuple[Period, ...], period: Period) -> tuple[Period, ...]:
    """Return the periods with one more (I12.FR.35, I12.FR.36); one in which nothing was is replaced."""
    last = periods[-1]
    if last.start == period.start and not (last.energy_mwh or last.charging_ms or last.idle_ms):
        return (*periods[:-1], period)
    if len(periods) >= MOST_PERIODS and last.tariff_id == period.tariff_id:
        return periods
    return (*periods, period)


def _noted(bill: Bill) -> Bill:
    """Return the bill whose last period knows what is measured now."""
    return replace(bill, periods=(*bill.periods[:-1], _seen_in(bill.periods[-1], bill.flow)))


def _seen_in(period: Period, flow: Flow) -> Period:
    if flow.power_w is not None:
        period = replace(
            period,
            min_power_w=min(flow.power_w, flow.power_w if period.min_power_w is None else period.min_power_w),
            max_power_w=max(flow.power_w, flow.power_w if period.max_power_w is None else period.max_power_w),
        )
    if flow.current_a is not None:
        lowest, highest = period.min_current_a, period.max_current_a
        period = replace(
            period,
            min_current_a=min(flow.current_a, flow.current_a if lowest is None else lowest),
            max_current_a=max(flow.current_a, flow.current_a if highest is None else highest),
        )
    return period
