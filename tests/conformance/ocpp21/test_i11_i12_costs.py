"""I11 and I12: a transaction's tariff is changed, and what it costs is told to the last digit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from tests.conformance.kit import Csms, Payload
from tests.conformance.ocpp21.conftest import Start
from tests.conformance.ocpp21.tariffs import (
    VAT,
    change,
    costs,
    ended,
    energy_wh,
    excl,
    fee,
    incl,
    per_minute,
    prices,
    set_default,
    tariff,
    tell_running_cost,
    until_charged,
    until_read,
    volumes,
)
from tests.conformance.ocpp201.sessions import charge, info
from tests.conformance.station import CARD, StationUnderTest


async def test_tc_i_113_115_116_117_another_tariff_for_a_transaction(csms: Csms, start: Start) -> None:
    """I11.FR.02, I11.FR.04, I11.FR.05, I11.FR.06, I11.FR.07, I11.FR.08, I12.FR.36.

    TC_I_113, TC_I_115, TC_I_116, TC_I_117. It counts from then on, in a period of its own.
    """
    station: StationUnderTest = await start()
    assert await set_default(csms, tariff()) == "Accepted"
    transaction = await charge(station, csms)
    await until_charged(station)
    assert await change(csms, "none such", tariff("T-99")) == "TxNotFound"
    assert await change(csms, transaction, tariff("T-99", energy=prices(*[1] * 11))) == "TooManyElements"
    assert await change(csms, transaction, tariff("T-99") | {"currency": "ALL"}) == "NoCurrencyChange"
    always = {"startTimeOfDay": "00:00", "endTimeOfDay": "00:00", "evseKind": "AC"}
    assert await change(csms, transaction, tariff("T-99", energy=prices((5, always)))) == "Accepted"
    changed = await csms.event(triggerReason="TariffChanged")
    assert changed["transactionInfo"]["tariffId"] == "T-99"
    await until_charged(station)
    last = await ended(station, csms)
    first, second = costs(last)["chargingPeriods"]
    assert (first["tariffId"], second["tariffId"]) == ("TestSystem1", "T-99")
    kwh = [
        sum(one["volume"] for one in period["dimensions"] if one["type"] == "Energy") / 1000
        for period in (first, second)
    ]
    assert min(kwh) > 0.1
    assert abs(incl(costs(last)["totalCost"]["total"]) - Decimal(2 * kwh[0] + 5 * kwh[1])) < Decimal("0.0001")


async def test_a_transaction_without_a_tariff_gets_none(csms: Csms, start: Start) -> None:
    """Nothing that went before could be priced by it."""
    station: StationUnderTest = await start()
    transaction = await charge(station, csms)
    assert await change(csms, transaction, tariff()) == "Rejected"
    last = await ended(station, csms)
    assert "costDetails" not in last


async def test_tc_i_118_running_cost_and_total(csms: Csms, start: Start) -> None:
    """I12.FR.01, I12.FR.02, I12.FR.10, I12.FR.11, I12.FR.13. TC_I_118.

    Running costs have no periods; the driver sees them grow; taxes are on top, in stacks.
    """
    station: StationUnderTest = await start()
    await tell_running_cost(csms)
    stacked = [*VAT, {"type": "city", "tax": 50, "stack": 1}]
    timed = tariff(chargingTime=per_minute(6, taxRates=stacked), idleTime=per_minute(12), energy=prices(0))
    assert await set_default(csms, timed) == "Accepted"
    transaction = await charge(station, csms)
    assert "costDetails" in csms.events(transaction)[0]
    running = [costs(await csms.event(triggerReason="RunningCost")) for _ in range(2)]
    first, second = (one["totalUsage"]["chargingTime"] for one in running)
    assert 0 <= first < second
    assert not any("chargingPeriods" in one for one in running)
    station.bay.pause()
    await csms.event(chargingState="SuspendedEV")
    await csms.event(triggerReason="RunningCost")
    last = await ended(station, csms)
    total = costs(last)["totalCost"]
    assert total["chargingTime"]["taxRates"] == [
        {"type": "VAT", "tax": 20, "stack": 0},
        {"type": "city", "tax": 50, "stack": 1},
    ]
    charging, idle = total["chargingTime"], total["idleTime"]
    assert abs(incl(charging) - excl(charging) * Decimal("1.8")) < Decimal("0.00001")
    assert incl(idle) == excl(idle)
    assert incl(total["total"]) == incl(charging) + incl(idle)
    assert excl(total["total"]) == excl(charging) + excl(idle)
    usage = costs(last)["totalUsage"]
    assert 0 <= excl(charging) * 10 - usage["chargingTime"] < 1
    assert 0 <= excl(idle) * 5 - usage["idleTime"] < 1
    assert abs(volumes(last, "ChargingTime") - usage["chargingTime"]) <= 1
    await until_read(station, f"{incl(total['total']):.2f} EUR")


async def test_tc_i_101_119_prices_with_conditions(csms: Csms, start: Start) -> None:
    """I07.FR.17, I12.FR.31, I12.FR.34, I12.FR.35. TC_I_101, TC_I_119.

    The first 300 Wh at 1, the rest at 5, cut at the very Wh; a price of tomorrow or of DC does not count.
    """
    station: StationUnderTest = await start()
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    conditioned = tariff(
        energy=prices(
            (9, {"validFromDate": tomorrow}),
            (8, {"evseKind": "DC"}),
            (7, {"minPower": 10_000_000}),
            (1, {"maxEnergy": 300}),
            5,
        ),
        idleTime=per_minute((60, {"minIdleTime": 3600}), 0),
    )
    assert await set_default(csms, conditioned) == "Accepted"
    await charge(station, csms)
    await until_charged(station, 600)
    last = await ended(station, csms)
    cheap, dear = costs(last)["chargingPeriods"]
    assert next(one["volume"] for one in cheap["dimensions"] if one["type"] == "Energy") == 300
    assert cheap["startPeriod"] < dear["startPeriod"]
    expected = Decimal("0.3") + (Decimal(str(costs(last)["totalUsage"]["energy"])) - 300) / 200
    assert abs(incl(costs(last)["totalCost"]["energy"]) - expected) < Decimal("0.000001")
    assert abs(costs(last)["totalUsage"]["energy"] - energy_wh(last)) <= 2
    assert volumes(last, "MaxPower") > 0


async def test_tc_i_120_a_reservation_costs(csms: Csms, start: Start) -> None:
    """I12.FR.06, I12.FR.07, I12.FR.08. TC_I_120."""
    station: StationUnderTest = await start()
    reserving = tariff(
        energy=prices(1), reservationTime=per_minute(60), reservationFixed=fee(4, taxRates=list(VAT))
    )
    assert await set_default(csms, reserving) == "Accepted"
    until = (datetime.now(UTC) + timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    reserved = {
        "id": 5,
        "expiryDateTime": until,
        "evseId": 1,
        "idToken": {"idToken": CARD, "type": "ISO14443"},
    }
    assert (await csms.call("ReserveNow", reserved))["status"] == "Accepted"
    await csms.expect("StatusNotification")
    await plug_in_reserved(station)
    await csms.event(eventType="Started")
    await csms.event(chargingState="Charging")
    await until_charged(station)
    station.bay.unplug()
    last = await csms.event(eventType="Ended")
    total, usage = costs(last)["totalCost"], costs(last)["totalUsage"]
    assert (excl(total["reservationFixed"]), incl(total["reservationFixed"])) == (Decimal(4), Decimal("4.8"))
    assert 0 <= excl(total["reservationTime"]) - usage["reservationTime"] < 1


async def plug_in_reserved(station: StationUnderTest) -> None:
    station.bay.plug_in()
    await station.until(pilot="B")
    await station.accepted()


async def test_tc_i_121_the_least_and_the_most(csms: Csms, start: Start) -> None:
    """I12.FR.38, I12.FR.39, I12.FR.40. TC_I_121: usage goes on beyond the most."""
    station: StationUnderTest = await start()
    least = tariff("least", energy=prices(0.01), minCost={"exclTax": 3, "taxRates": list(VAT)})
    assert await set_default(csms, least) == "Accepted"
    await charge(station, csms)
    await until_charged(station, 100)
    total = costs(await ended(station, csms))["totalCost"]
    assert (total["typeOfCost"], excl(total["total"]), incl(total["total"])) == (
        "MinCost",
        Decimal(3),
        Decimal("3.6"),
    )
    assert total.keys() == {"currency", "typeOfCost", "total", "fixed"}

    most = tariff("most", energy=prices(100), maxCost={"inclTax": 10})
    assert await set_default(csms, most) == "Accepted"
    await charge(station, csms)
    await until_charged(station, 200)
    last = await ended(station, csms)
    total = costs(last)["totalCost"]
    assert (total["typeOfCost"], incl(total["total"]), incl(total["energy"])) == (
        "MaxCost",
        Decimal(10),
        Decimal(10),
    )
    assert costs(last)["totalUsage"]["energy"] >= 200


async def test_a_session_offline_and_over_a_power_cut_is_priced(csms: Csms, start: Start) -> None:
    """Bill and tariff survive; no energy is lost, no time is charged for the cut."""
    station: StationUnderTest = await start(AuthCtrlr__OfflineTxForUnknownIdEnabled=True)
    assert await set_default(csms, tariff(energy=prices(2), chargingTime=per_minute(0))) == "Accepted"
    port = csms.port
    await csms.close()
    await csms.until(lambda: not csms.is_connected)
    station.bay.plug_in()
    await station.until(status="Occupied")
    await station.accepted()
    await station.until(charging_state="Charging")
    await until_charged(station)
    await station.cut_power()
    await station.power_on()
    await station.until(charging_state="Charging")
    await until_charged(station)
    station.bay.unplug()
    await station.until(transaction=None)
    await csms.listen(port)
    last: Payload = await csms.event(eventType="Ended")
    assert info(last, "tariffId") == ("TestSystem1",)
    assert abs(incl(costs(last)["totalCost"]["energy"]) * 500 - energy_wh(last)) <= 4
    assert energy_wh(last) >= 400
