"""Bills of known sessions. The numbers of the first are those of published examples of tariffs."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import msgspec
import pytest

from agent.tariffs.account import details, failed
from agent.tariffs.bill import MOST_PERIODS, Bill, Seen, advanced, changed, moved, resumed
from agent.tariffs.conditions import Circumstances, Flow
from agent.tariffs.tariff import Bound, Conditions, TaxRate
from tests.unit.agent.tariffs.sessions import (
    AWAY,
    CHARGING,
    IDLE,
    MONDAY,
    Session,
    prices,
    tariff,
    total,
    vat,
)

BERLIN = ZoneInfo("Europe/Berlin")


def test_energy_alone() -> None:
    """I12.FR.09: 20 kWh at 0.25 with 10 % VAT."""
    found = Session(tariff(energy=prices("0.25", taxes=vat("10")))).goes_on(60, "20").ended()
    assert total(found) == ("5", "5.5")
    assert (found.kind, found.currency, found.energy_wh) == ("NormalCost", "EUR", Decimal(20_000))
    assert (found.charging_s, found.idle_s, found.reservation_s) == (3600, 0, None)


def test_parts_with_taxes_of_their_own() -> None:
    """I12.FR.05, I12.FR.09: a fee of 0.50 with 20 %, 20 kWh at 0.25 with 10 %."""
    both = tariff(energy=prices("0.25", taxes=vat("10")), fixed_fee=prices("0.50", taxes=vat("20")))
    found = Session(both).goes_on(60, "20").ended()
    assert total(found) == ("5.5", "6.1")
    assert (found.parts["fixed"].incl_tax, found.parts["energy"].incl_tax) == (Decimal("0.6"), Decimal("5.5"))


def test_the_time_of_charging_and_the_time_after_it() -> None:
    """I12.FR.10, I12.FR.11: 2.5 h at 0.05 a minute, then 45 min at 0.10, with VAT of their own."""
    timed = tariff(charging_time=prices("0.05", taxes=vat("10")), idle_time=prices("0.10", taxes=vat("20")))
    session = Session(timed).goes_on(150, "30", then=IDLE).goes_on(45)
    found = session.ended()
    assert total(found) == ("12", "13.65")
    assert (found.charging_s, found.idle_s) == (9000, 2700)
    assert len(found.periods) == 1


def test_without_a_vehicle_time_is_free() -> None:
    session = (
        Session(tariff(idle_time=prices("1.00")), flow=AWAY).goes_on(30, then=IDLE).goes_on(2, then=AWAY)
    )
    assert total(session.goes_on(30).ended()) == ("2", "2")


def test_seconds_are_exact() -> None:
    """A third of a minute thrice is a minute, however often it is looked at."""
    session = Session(tariff(charging_time=prices("0.1")))
    for _ in range(3000):
        session.goes_on(0.02)
    assert total(session.ended()) == ("6", "6")


def test_stacked_taxes() -> None:
    """I12.FR.13: 5 % and 7.5 % on the price, 20 % on all of that."""
    taxes = (
        TaxRate(kind="state", percent=Decimal(5)),
        TaxRate(kind="city", percent=Decimal("7.5")),
        TaxRate(kind="VAT", percent=Decimal(20), stack=1),
    )
    found = Session(tariff(energy=prices("1", taxes=taxes))).goes_on(60, "10").ended()
    assert total(found) == ("10", "13.5")
    assert found.parts["energy"].taxes == taxes


def test_another_price_from_a_time_of_day_on() -> None:
    """I12.FR.31, I12.FR.35: 10 kWh from 17:30 to 18:20, 0.40 by day from 8:00 to 18:00, else 0.25."""
    by_day = Conditions(from_time=time(8), to_time=time(18))
    session = Session(tariff(energy=prices(("0.40", by_day), "0.25")), MONDAY.replace(hour=17, minute=30))
    found = session.goes_on(50, "10").ended()
    assert total(found) == ("3.4", "3.4")
    assert [(period.start.hour, period.energy_mwh) for period in found.periods] == [
        (17, 6_000_000),
        (18, 4_000_000),
    ]


@pytest.mark.parametrize(
    ("begin", "kwh_cheap"),
    [
        (datetime(2026, 3, 29, 0, 0, tzinfo=UTC), 1),  # 1:00 local; the clock goes from 2:00 to 3:00
        (datetime(2026, 10, 24, 23, 0, tzinfo=UTC), 3),  # 1:00 local; the clock goes back from 3:00 to 2:00
        (datetime(2026, 6, 9, 23, 0, tzinfo=UTC), 2),
    ],
)
def test_times_of_day_are_local_also_when_the_clock_is_changed(begin: datetime, kwh_cheap: int) -> None:
    """I07.FR.17: 4 kWh in the four hours from 1:00, cheap until 3:00."""
    until_three = Conditions(to_time=time(3))
    session = Session(tariff(energy=prices(("0", until_three), "1")), begin, BERLIN).goes_on(240, "4")
    assert total(session.ended()) == (f"{4 - kwh_cheap}", f"{4 - kwh_cheap}")


def test_days_and_dates() -> None:
    """A window past midnight, a day of the week and dates; the end of a date is not of it."""
    sunday = datetime(2026, 3, 8, 22, 0, tzinfo=UTC)
    at_night = Conditions(from_time=time(23), to_time=time(1))
    assert total(Session(tariff(energy=prices(("1", at_night))), sunday).goes_on(240, "4").ended()) == (
        "2",
        "2",
    )
    on_mondays = Conditions(days=("Monday",))
    assert (
        total(Session(tariff(energy=prices(("1", on_mondays))), sunday).goes_on(240, "4").ended())[0] == "2"
    )
    dated = Conditions(from_date=date(2026, 3, 8), to_date=date(2026, 3, 9))
    assert total(Session(tariff(energy=prices(("1", dated))), sunday).goes_on(240, "4").ended())[0] == "2"


def test_bounds_on_usage_are_exact_however_rarely_it_is_looked() -> None:
    """I12.FR.33, I12.FR.34: the first 5 kWh at 0.10, the rest at 0.50; idle is free for 10 minutes."""
    stepped = tariff(
        energy=prices(("0.10", Conditions(max_energy=Decimal(5000))), "0.50"),
        idle_time=prices(("0.20", Conditions(min_idle_time=600)), "0"),
    )
    session = Session(stepped).goes_on(60, "10", then=IDLE).goes_on(25)
    found = session.ended()
    assert total(found) == ("6", "6")
    assert [period.energy_mwh for period in found.periods] == [5_000_000, 5_000_000, 0]
    assert [period.start - MONDAY for period in found.periods] == [
        timedelta(),
        timedelta(minutes=30),
        timedelta(minutes=70),
    ]


def test_bounds_on_time() -> None:
    """The first 20 minutes of charging at 1, of the whole at 2 until 30 minutes, then 3."""
    timed = prices(("1", Conditions(max_charging_time=1200)), ("2", Conditions(max_time=1800)), "3")
    session = Session(tariff(charging_time=timed), flow=IDLE).goes_on(5, then=CHARGING).goes_on(35)
    assert total(session.ended()) == ("60", "60")  # 20 min at 1, 5 at 2, 10 at 3


def test_power_and_current_count_from_when_they_are_seen() -> None:
    by_power = prices(("0.40", Conditions(min_power=Decimal(16_000))), "0.20")
    session = Session(tariff(energy=by_power), flow=Flow(is_charging=True, power_w=Decimal(22_000)))
    session.goes_on(10, "3", then=Flow(is_charging=True, power_w=Decimal(11_000), current_a=Decimal(48)))
    found = session.goes_on(10, "2").ended()
    assert total(found) == ("1.6", "1.6")
    assert [(one.min_power_w, one.max_power_w, one.max_current_a) for one in found.periods] == [
        (Decimal(22_000), Decimal(22_000), None),
        (Decimal(11_000), Decimal(11_000), Decimal(48)),
    ]


def test_what_nobody_measures_holds_for_no_bound() -> None:
    unknown = prices(("9", Conditions(min_power=Decimal(1))), ("8", Conditions(max_current=Decimal(99))), "1")
    assert total(Session(tariff(energy=unknown)).goes_on(60, "2").ended()) == ("2", "2")


def test_negative_bounds_count_away_from_zero() -> None:
    discharging = Conditions(min_power=Decimal(-10), max_power=Decimal(-50))
    for power, price in ((-10, "1"), (-49, "1"), (-50, "2"), (-9, "2"), (20, "2")):
        flow = Flow(is_charging=True, power_w=Decimal(power))
        session = Session(tariff(charging_time=prices(("1", discharging), "2")), flow=flow)
        assert total(session.goes_on(1).ended())[0] == price


def test_fixed_prices_depend_on_the_start_alone() -> None:
    """I12.FR.30: by kind of EVSE, brand of card and way of paying, in any capitals."""
    fee = prices(
        ("9", Conditions(evse_kind="DC")),
        ("2", Conditions(payment_brand="VISA", payment_recognition="CC")),
        ("1", Conditions(to_time=time(9, 30))),
    )
    card = Circumstances(payment_brand="visa", payment_recognition="CC")
    assert total(Session(tariff(fixed_fee=fee), about=card).goes_on(60).ended())[0] == "2"
    assert total(Session(tariff(fixed_fee=fee)).goes_on(60).ended())[0] == "1"
    late = Session(tariff(fixed_fee=fee), MONDAY.replace(hour=10)).goes_on(1)
    assert (total(late.ended())[0], late.ended().parts) == ("0", {})


def test_a_reservation_that_was_used() -> None:
    """I12.FR.07, I12.FR.08: a fee of 4 and 30 minutes at 0.05, with tax; 20 kWh at 0.25 besides."""
    reserving = tariff(
        energy=prices("0.25"),
        reservation_fixed=prices("4", taxes=vat("20")),
        reservation_time=prices("0.05", taxes=vat("20")),
    )
    found = Session(reserving, reserved=timedelta(minutes=30)).goes_on(60, "20").ended()
    assert total(found) == ("10.5", "11.6")
    assert (found.reservation_s, found.parts["reservation_time"].excl_tax) == (1800, Decimal("1.5"))
    without = Session(reserving).goes_on(60, "20").ended()
    assert (total(without), without.reservation_s) == (("5", "5"), None)


def test_the_most_that_it_costs() -> None:
    """I12.FR.39, I12.FR.40: 50 kWh at 0.25 with 10 %, at most 10; usage goes on."""
    capped = tariff(
        energy=prices("0.25", taxes=vat("10")), max_cost=Bound(excl_tax=Decimal(10), incl_tax=Decimal(11))
    )
    session = Session(capped).goes_on(60, "30")
    assert (total(session.ended()), session.ended().kind) == (("7.5", "8.25"), "NormalCost")
    found = session.goes_on(60, "20").ended()
    assert (total(found), found.kind, found.energy_wh) == (("10", "11"), "MaxCost", Decimal(50_000))
    assert found.parts["energy"].incl_tax == Decimal(11)


def test_the_least_that_it_costs() -> None:
    """I12.FR.38: 1 kWh at 0.25 costs 0.50 at the end, as one fixed amount; nothing used costs nothing."""
    least = tariff(
        energy=prices("0.25", taxes=vat("10")), min_cost=Bound(excl_tax=Decimal("0.50"), taxes=vat("10"))
    )
    session = Session(least).goes_on(10, "1")
    assert total(details(session.bill, is_final=False)) == ("0.25", "0.275")
    found = session.ended()
    assert (total(found), found.kind) == (("0.5", "0.55"), "MinCost")
    assert list(found.parts) == ["fixed"]
    assert total(Session(least).goes_on(60, "20").ended()) == ("5", "5.5")
    assert total(Session(least, flow=AWAY).goes_on(10).ended()) == ("0", "0")


def test_a_least_that_names_one_half_says_nothing_of_the_other() -> None:
    session = Session(tariff(energy=prices("0.25"), min_cost=Bound(incl_tax=Decimal(3))))
    found = session.goes_on(10, "1").ended()
    assert (found.total.excl_tax, found.total.incl_tax, found.payable) == (None, Decimal(3), Decimal(3))


def test_a_tariff_that_is_changed_counts_from_then_on() -> None:
    """I11.FR.08, I12.FR.36: half an hour of each; the fee of the new one is not due any more."""
    session = Session(tariff(energy=prices("1", taxes=vat("10")))).goes_on(30, "2")
    other = tariff(id="T-2", energy=prices("2", taxes=vat("20")), fixed_fee=prices("7"))
    session.bill = changed(session.bill, other, UTC)
    found = session.goes_on(30, "2").ended()
    assert total(found) == ("6", "7")
    assert [(period.tariff_id, period.energy_mwh) for period in found.periods] == [
        ("T-1", 2_000_000),
        ("T-2", 2_000_000),
    ]
    assert (found.tariff_id, found.parts["energy"].taxes) == ("T-2", ())


def test_a_power_cut_costs_no_time_and_loses_no_energy() -> None:
    both = tariff(energy=prices("1"), charging_time=prices("1"))
    session = Session(both).goes_on(10, "1")
    stored = msgspec.json.decode(msgspec.json.encode(session.bill), type=Bill)
    assert stored == session.bill
    later = Seen(at=session.at + timedelta(hours=3), count_mwh=session.count_mwh + 500_000, flow=IDLE)
    session.bill = resumed(stored, later, UTC)
    assert total(session.ended()) == ("11.5", "11.5")


def test_a_clock_that_is_set_costs_nothing() -> None:
    session = Session(tariff(charging_time=prices("1"))).goes_on(10)
    step = timedelta(hours=-2)
    session.bill, session.at = moved(session.bill, step), session.at + step
    found = session.goes_on(5).ended()
    assert (total(found)[0], found.periods[0].start) == ("15", MONDAY + step)
    back = advanced(session.bill, Seen(at=MONDAY - timedelta(days=1), count_mwh=None, flow=CHARGING), UTC)
    assert total(details(back, is_final=True))[0] == "15"


def test_energy_counts_from_the_first_count_on() -> None:
    session = Session(tariff(energy=prices("1")))
    silent = msgspec.structs.replace(session.bill, count_mwh=None)
    at = MONDAY + timedelta(minutes=5)
    first = advanced(silent, Seen(at=at, count_mwh=9_000_000, flow=CHARGING), UTC)
    second = advanced(first, Seen(at=at, count_mwh=10_000_000, flow=CHARGING), UTC)
    third = advanced(second, Seen(at=at, count_mwh=None, flow=CHARGING), UTC)
    assert (total(details(third, is_final=True))[0], third.count_mwh) == ("1", 10_000_000)


def test_periods_without_end_become_one() -> None:
    hourly = tuple(
        ("1", Conditions(from_time=time(hour), to_time=time((hour + 1) % 24))) for hour in range(0, 24, 2)
    )
    found = Session(tariff(energy=prices(*hourly, "1"))).goes_on(60 * 24 * 9, "300").ended()
    assert len(found.periods) == MOST_PERIODS
    assert total(found)[0] == "300"
    assert sum(period.energy_mwh for period in found.periods) == 300_000_000


def test_what_cannot_be_calculated_says_why() -> None:
    found = failed("T-1", "EUR", "the meter is broken")
    assert (total(found), found.failure) == (("0", "0"), "the meter is broken")
